import { connect, createServer, type Server, type Socket } from 'node:net';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { DirectConnection } from '../../src/platform/database/direct-connection.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

/** Bytes of the short question for the snapshot: a FunctionCall. */
const FUNCTION_CALL = 0x46;
const READY = Buffer.from([0x5a, 0, 0, 0, 5, 0x49]);

let db: TestDatabase;
const connections: DirectConnection[] = [];
const relays: Relay[] = [];

/** What stands between Facet and its server, and how it treats the short question. */
class Relay {
  questionCount = 0;
  private target = 0;
  private readonly sockets = new Set<Socket>();
  private readonly server: Server;

  constructor(
    /** Gives the bytes to answer with, or null to let the question pass. */
    private readonly treat: (count: number, client: Socket) => Buffer | null,
    /** Replies are handed on in pieces of so many bytes. */
    private readonly pieceBytes = Number.POSITIVE_INFINITY,
  ) {
    this.server = createServer((client) => this.join(client));
    relays.push(this);
  }

  /** The address of the database behind it; on this port, or any. */
  async urlTo(url: string, port = 0): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(port, '127.0.0.1', resolve));
    const address = this.server.address();
    const through = new URL(url);
    this.target = Number(through.port);
    if (typeof address === 'object' && address !== null) through.port = String(address.port);
    return through.href;
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private join(client: Socket): void {
    const server = connect(this.target, '127.0.0.1');
    for (const [one, other] of [
      [client, server],
      [server, client],
    ] as const) {
      this.sockets.add(one);
      one.setNoDelay(true);
      one.on('error', () => other.destroy());
      one.on('close', () => other.destroy());
    }
    client.on('data', (chunk: Buffer) => {
      if (chunk[0] !== FUNCTION_CALL) {
        server.write(chunk);
        return;
      }
      this.questionCount += 1;
      const instead = this.treat(this.questionCount, client);
      if (instead === null) server.write(chunk);
      else if (instead.length > 0) client.write(instead);
    });
    server.on('data', (chunk: Buffer) => {
      for (let at = 0; at < chunk.length; at += this.pieceBytes)
        client.write(chunk.subarray(at, Math.min(chunk.length, at + this.pieceBytes)));
    });
  }
}

function connectionTo(url: string): DirectConnection {
  const connection = new DirectConnection(url);
  connections.push(connection);
  return connection;
}

async function through(
  treat: (count: number, client: Socket) => Buffer | null,
  pieceBytes?: number,
): Promise<{ connection: DirectConnection; relay: Relay }> {
  const relay = new Relay(treat, pieceBytes);
  return { connection: connectionTo(await relay.urlTo(db.url)), relay };
}

/** One transaction, by somebody else. */
async function commit(): Promise<void> {
  const client = new pg.Client({ connectionString: db.url });
  await client.connect();
  await client.query('INSERT INTO direct_connection_spec VALUES (1)');
  await client.end();
}

/** A snapshot is of the whole server, and other spec files commit beside this one: looks until nobody did in between. */
const LOOKS_MAX = 200;

/** What two looks say of the same moment; undefined: somebody committed between them each time. */
async function atOneMoment(
  connection: DirectConnection,
  look: () => Promise<string | undefined>,
): Promise<readonly [string | undefined, string] | undefined> {
  for (let looks = 0; looks < LOOKS_MAX; looks += 1) {
    const before = await look();
    const seen = await connection.snapshot();
    if ((await look()) === before) return [before, seen];
  }
  return undefined;
}

/** Each commit is seen by the next look, and nothing else changes the snapshot. */
async function mustBeFresh(connection: DirectConnection): Promise<void> {
  for (let round = 0; round < 3; round += 1) {
    const [before, seen] = (await atOneMoment(connection, () => connection.snapshot())) ?? [];
    expect(before).toBeDefined();
    expect(seen).toBe(before);
    await commit();
    expect(await connection.snapshot()).not.toBe(before);
  }
}

const ask = { name: 'spec', text: 'SELECT $1::int AS value' };

beforeAll(async () => {
  db = await createTestDatabase();
  const client = new pg.Client({ connectionString: db.url });
  await client.connect();
  await client.query('CREATE TABLE direct_connection_spec (value int)');
  await client.end();
});

afterEach(async () => {
  for (const connection of connections.splice(0)) await connection.onApplicationShutdown();
  for (const relay of relays.splice(0)) await relay.close();
});

afterAll(async () => {
  await db.drop();
});

describe('the question for the snapshot', () => {
  it('is answered as the statement is, and sees each commit', async () => {
    const { connection, relay } = await through(() => null);
    const statement = async () => {
      const text = 'SELECT pg_current_snapshot()::text AS snapshot';
      const [found] = await connection.query<{ snapshot: string }>({ name: 'snapshot', text });
      return found?.snapshot;
    };
    const [found, seen] = (await atOneMoment(connection, statement)) ?? [];
    expect(found).toBeDefined();
    expect(seen).toBe(found);
    await mustBeFresh(connection);
    expect(relay.questionCount).toBeGreaterThan(9);
    expect(connection.generation).toBe(1);
  });

  it('is answered byte for byte', async () => {
    const { connection } = await through(() => null, 1);
    await mustBeFresh(connection);
    expect(connection.generation).toBe(1);
  });

  it('takes no answer from statements and gives none to them', async () => {
    const connection = connectionTo(db.url);
    await Promise.all(
      Array.from({ length: 200 }, async (_, value) => {
        if (value % 3 === 0) expect(await connection.snapshot()).toMatch(/^\d+:\d+:[\d,]*$/);
        else expect(await connection.query(ask, [value])).toEqual([{ value }]);
      }),
    );
    expect(connection.generation).toBe(1);
  });

  it('is asked as a statement where the short way is refused', async () => {
    const refusal = Buffer.from('SERROR\0C0A000\0Mnot here\0\0');
    const header = Buffer.from([0x45, 0, 0, 0, refusal.length + 4]);
    const { connection, relay } = await through(() => Buffer.concat([header, refusal, READY]));
    await mustBeFresh(connection);
    expect(relay.questionCount).toBe(1);
    expect(connection.generation).toBe(1);
  });

  it('is asked as a statement where the short way costs the connection', async () => {
    const { connection, relay } = await through((_, client) => {
      client.destroy();
      return Buffer.alloc(0);
    });
    await mustBeFresh(connection);
    expect(relay.questionCount).toBe(1);
  });

  it.each<[string, (client: Socket) => Buffer]>([
    [
      'the connection is lost under way',
      (client) => {
        client.destroy();
        return Buffer.alloc(0);
      },
    ],
    [
      'half a reply is followed by the end',
      (client) => {
        client.write(Buffer.from([0x56, 0, 0, 0, 20, 0]), () => client.destroy());
        return Buffer.alloc(0);
      },
    ],
    ['the reply is in no known form', () => Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n')],
    [
      'the reply is no snapshot',
      () => Buffer.concat([Buffer.from([0x56, 0, 0, 0, 9, 0, 0, 0, 1, 0x74]), READY]),
    ],
  ])('is answered by a new connection, which is said, when %s', async (_, treat) => {
    // The first question is the one that proves the way; the third goes wrong.
    const { connection } = await through((count, client) => (count === 3 ? treat(client) : null));
    const before = await connection.snapshot();
    await commit();
    expect(connection.generation).toBe(1);
    expect(await connection.snapshot()).not.toBe(before);
    expect(connection.generation).toBe(2);
    await mustBeFresh(connection);
    expect(await connection.query(ask, [7])).toEqual([{ value: 7 }]);
  });

  it('rejects when the server is away, and is answered when it is back', async () => {
    const relay = new Relay(() => null);
    const url = await relay.urlTo(db.url);
    const connection = connectionTo(url);
    await connection.snapshot();
    await relay.close();
    await expect(connection.snapshot()).rejects.toThrow();
    const back = new Relay(() => null);
    await back.urlTo(db.url, Number(new URL(url).port));
    expect(await connection.snapshot()).toMatch(/^\d+:/);
  });
});
