// PS3.4 Annex K: where the worklist comes from is not the protocol's question. Somebody else answers it here.
import type { Peer } from '../association/index.js';
import type { DataSet, Range } from '../dataset/index.js';

/**
 * One query, already understood. The fields narrow: a port may use any of them in its own search, or none, since the
 * service matches every candidate against all keys afterwards. Null means "do not narrow by this".
 */
export interface WorklistQuery {
  /** Any of these station AE titles; already holds the peer's default when the query names none. */
  readonly stationAETitles: readonly string[] | null;
  /** Days as YYYYMMDD, both ends included, null open. Days in the clinic's own time zone, as the scanner shows them. */
  readonly startDate: Range<string> | null;
  /** Any of these modalities (`NM`, `CT`). */
  readonly modalities: readonly string[] | null;
  /** Exactly this Patient ID. */
  readonly patientId: string | null;
  /** Exactly this Accession Number. */
  readonly accessionNumber: string | null;
  /** Exactly this Scheduled Procedure Step ID. */
  readonly scheduledProcedureStepId: string | null;
  /** Exactly this Requested Procedure ID. */
  readonly requestedProcedureId: string | null;
  /** One more than this many matches will never be asked for. */
  readonly answerCountMax: number;
  /** The identifier as the scanner sent it, with the peer's default station filled in when it names none. */
  readonly identifier: DataSet;
}

export interface WorklistPort {
  /**
   * The candidates, each a whole worklist item with one item in its Scheduled Procedure Step Sequence, in the order in
   * which the scanner should show them. Stop when `signal` is aborted: nobody waits any more.
   */
  find(query: WorklistQuery, peer: Peer, signal: AbortSignal): AsyncIterable<DataSet>;
}
