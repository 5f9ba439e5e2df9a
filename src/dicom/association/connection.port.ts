// PS3.8 §9.2: what one connection needs from the rest of the house.
import type { AssemblerLimits, Exchange } from '../dimse/index.js';
import type { AssociationAdmission, Peer, Transport } from './admission.port.js';
import type { AssociationLimits } from './limits.js';
import type { Offer } from './negotiation.js';
import type { AssociationFacts, DicomObserver } from './observer.port.js';

export interface ConnectionOptions {
  readonly associationId: number;
  readonly remoteAddress: string;
  readonly transport: Transport;
  readonly offer: Offer;
  readonly admission: AssociationAdmission;
  readonly limits: AssociationLimits & AssemblerLimits;
  /** Is there a place left among the associations? */
  hasRoom(): boolean;
  /** May it hold this many bytes of what is not finished? */
  mayHold(bytes: number): boolean;
  perform(exchange: Exchange, peer: Peer, association: AssociationFacts): Promise<void>;
  readonly observe: DicomObserver;
  onClosed(): void;
}
