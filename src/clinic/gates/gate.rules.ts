import { GateCode, GateStage, GateStrictness } from '../../platform/database/generated/enums.js';
import { Temporal } from '../../platform/time/index.js';
import { GateState } from './gate.refusals.js';
import type { StrictnessAtStage } from './gate-policy.rules.js';

/** What is judged: a booking of a scan. Its ids lead to everything that is asked. */
export interface GateSubject {
  readonly visitId: string;
  readonly patientId: string;
  readonly referralId: string;
  /** Code of the visit's kind. */
  readonly procedureCode: string;
  readonly siteCode: string;
  /** When the tracer was injected, or is planned to be. Licences are judged on its local day. */
  readonly injectionAt: Temporal.Instant;
  readonly scanAt: Temporal.Instant;
}

/** What somebody is about to do, for the gates that judge an act. */
export interface GateAct {
  /** Whoever does it. */
  readonly operatorId: string;
  /** Of an injection: the batch that it is drawn from, and what was measured, in MBq. */
  readonly batchId?: string | null;
  readonly activityMbq?: number | null;
  /** Why it is done although an advisory gate says otherwise. */
  readonly reason?: string | null;
}

/** How one gate is found for one subject. */
export interface GateVerdict {
  readonly state: GateState;
  /** In capitals: CONSENT_WITHDRAWN. */
  readonly reasonCode: string;
  /** A sentence. Where the gate is closed it says what to do. */
  readonly reason: string;
  /** Staff account that did what it asks for; null or left out: nobody yet, nobody in particular, or nobody of the staff. */
  readonly byId?: string | null;
  /** The name of who did, and when; null: nobody yet, or nobody in particular. */
  readonly byName: string | null;
  readonly at: Temporal.Instant | null;
  /** Of one that is open: when it shuts by itself, without anybody doing anything. Null or left out: as far as is known, never. */
  readonly holdsUntil?: Temporal.Instant | null;
}

/** A verdict with where it stands. */
export interface JudgedFacts extends GateVerdict {
  readonly code: GateCode;
  readonly stage: GateStage;
  readonly strictness: GateStrictness;
}

const CODES = Object.values(GateCode);
const STAGES = Object.values(GateStage);

/** A verdict; `by` left out: it names nobody. */
export function verdict(
  state: GateState,
  reasonCode: string,
  reason: string,
  { byId = null, byName, at }: Pick<GateVerdict, 'byId' | 'byName' | 'at'> = { byName: null, at: null },
): GateVerdict {
  return { state, reasonCode, reason, byId, byName, at };
}

/** Whether somebody can go on: what is waited for keeps shut as well as what says no. */
export function isOpen({ state }: Pick<GateVerdict, 'state'>): boolean {
  return state === GateState.PASSED || state === GateState.NOT_APPLICABLE;
}

/** The first hard gate that is shut, in the order of the stages and of the list of gates; null: none is. */
export function firstClosed<Judged extends JudgedFacts>(judged: readonly Judged[]): Judged | null {
  const closed = judged.filter((gate) => gate.strictness === GateStrictness.HARD && !isOpen(gate));
  return closed.toSorted(inOrder)[0] ?? null;
}

/** When the first hard gate that is open shuts by itself; null: none does. */
export function firstLapse(judged: readonly JudgedFacts[]): Temporal.Instant | null {
  const lapses = judged.flatMap(({ strictness, holdsUntil }) =>
    strictness === GateStrictness.HARD && holdsUntil ? [holdsUntil] : [],
  );
  return lapses.toSorted(Temporal.Instant.compare)[0] ?? null;
}

/** By stage, then as the gates are listed. */
export function inOrder(
  a: Pick<JudgedFacts, 'code' | 'stage'>,
  b: Pick<JudgedFacts, 'code' | 'stage'>,
): number {
  return STAGES.indexOf(a.stage) - STAGES.indexOf(b.stage) || CODES.indexOf(a.code) - CODES.indexOf(b.code);
}

/** Of the stages at which a gate stands: the first at which it is hard, else the first. */
export function leadingStage(stands: readonly StrictnessAtStage[]): StrictnessAtStage | null {
  const ordered = stands.toSorted((a, b) => STAGES.indexOf(a.stage) - STAGES.indexOf(b.stage));
  return ordered.find(({ strictness }) => strictness === GateStrictness.HARD) ?? ordered[0] ?? null;
}
