// PS3.8 §9.1: who is connected at this moment, and whether there is a place for one more.
import type { Socket } from 'node:net';
import type { Connection } from './connection.js';
import type { AssociationLimits } from './limits.js';

export type RosterLimits = Pick<
  AssociationLimits,
  | 'associationCountMax'
  | 'associationsPerAddressMax'
  | 'connectionCountMax'
  | 'connectionsPerAddressMax'
  | 'heldBytesMax'
>;

/** Everything that is open on every port, counted together. */
export class Roster {
  /** Sockets whose TLS handshake is under way, with the address of the other end. */
  private readonly handshakes = new Map<Socket, string>();
  private readonly connections = new Map<Connection, string>();

  constructor(private readonly limits: RosterLimits) {}

  get connectionCount(): number {
    return this.connections.size + this.handshakes.size;
  }

  get associationCount(): number {
    return this.countAssociations(null);
  }

  /** Is there a place for one more socket from here? A handshake takes one as a connection does. */
  hasPlace(remoteAddress: string): boolean {
    const { connectionCountMax, connectionsPerAddressMax } = this.limits;
    if (this.connectionCount >= connectionCountMax) return false;
    return (
      countOf(this.connections, remoteAddress) + countOf(this.handshakes, remoteAddress) <
      connectionsPerAddressMax
    );
  }

  /** Is there a place for one more association from here? */
  hasRoom(remoteAddress: string): boolean {
    const { associationCountMax, associationsPerAddressMax } = this.limits;
    return (
      this.countAssociations(null) < associationCountMax &&
      this.countAssociations(remoteAddress) < associationsPerAddressMax
    );
  }

  /**
   * May a connection go on to hold this many bytes of unfinished messages? Its share always; more than that only
   * while all of them together stay within the limit.
   */
  mayHold(bytes: number): boolean {
    const { heldBytesMax, associationCountMax } = this.limits;
    if (bytes <= heldBytesMax / associationCountMax) return true;
    let total = 0;
    for (const connection of this.connections.keys()) total += connection.heldBytes;
    return total <= heldBytesMax;
  }

  addHandshake(socket: Socket, remoteAddress: string): void {
    this.handshakes.set(socket, remoteAddress);
  }

  endHandshake(socket: Socket): void {
    this.handshakes.delete(socket);
  }

  add(connection: Connection, remoteAddress: string): void {
    this.connections.set(connection, remoteAddress);
  }

  remove(connection: Connection): void {
    this.connections.delete(connection);
  }

  /** Lets running operations finish; whoever is still shaking hands or asks for nothing is closed. */
  shutDown(): void {
    for (const socket of this.handshakes.keys()) socket.destroy();
    for (const connection of this.connections.keys()) connection.shutDown();
  }

  destroy(): void {
    for (const connection of this.connections.keys()) connection.destroy();
  }

  private countAssociations(remoteAddress: string | null): number {
    let count = 0;
    for (const [connection, address] of this.connections) {
      if (connection.isAssociation && (remoteAddress === null || address === remoteAddress)) count += 1;
    }
    return count;
  }
}

function countOf(places: ReadonlyMap<unknown, string>, remoteAddress: string): number {
  let count = 0;
  for (const address of places.values()) if (address === remoteAddress) count += 1;
  return count;
}
