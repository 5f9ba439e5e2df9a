// PS3.4 Annex F: where performed steps are kept is not the protocol's question. Somebody else answers it here.
import type { AssociationFacts, Peer } from '../association/index.js';
import type { DataSet, TransferSyntax } from '../dataset/index.js';
import type { StepProblem } from './performed-step-rules.js';

/** A step that a scanner says it has begun. */
export interface StepCreation {
  /** A well-formed UID: the scanner's, or one of ours (`2.25.…`) when it sent none. */
  readonly sopInstanceUID: string;
  /** Already found sound by `judgeCreate`. */
  readonly dataSet: DataSet;
  /** The data set as it came over the wire, to be kept as evidence. */
  readonly bytes: Buffer;
  readonly transferSyntax: TransferSyntax;
}

/** What a scanner says has changed since. */
export interface StepChange {
  /** A well-formed UID. */
  readonly sopInstanceUID: string;
  /**
   * Only what changes. Whether it may is a question of what is stored: ask `judgeSet` under the lock that `applySet`
   * is then used under, so that of two changes which both end the step one is refused.
   */
  readonly modifications: DataSet;
  readonly bytes: Buffer;
  readonly transferSyntax: TransferSyntax;
}

export type CreateOutcome = { readonly kind: 'created' } | { readonly kind: 'duplicate' };

export type SetOutcome =
  | { readonly kind: 'changed' }
  /** No step has this UID. */
  | { readonly kind: 'unknown' }
  /** It is COMPLETED or DISCONTINUED. */
  | { readonly kind: 'already-final' }
  | { readonly kind: 'invalid'; readonly problem: StepProblem };

/** The scanner hears of success only after a promise has resolved; what rejects is answered 0110 and observed. */
export interface PerformedStepPort {
  /** Resolves after the step is kept for good: after COMMIT. */
  create(step: StepCreation, peer: Peer, association: AssociationFacts): Promise<CreateOutcome>;
  /** Resolves after the change is kept for good: after COMMIT. */
  set(change: StepChange, peer: Peer, association: AssociationFacts): Promise<SetOutcome>;
  /** The step as it stands, with every change applied; null when there is none that this peer may read. */
  get(sopInstanceUID: string, peer: Peer): Promise<DataSet | null>;
}
