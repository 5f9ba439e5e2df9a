import { GateCode, GateStage, GateStrictness } from '../../platform/database/generated/enums.js';
import { Temporal } from '../../platform/time/index.js';

/** A row that says how strictly a gate stands at a stage, from a day on. */
export interface GatePolicyFacts {
  readonly gate: GateCode;
  readonly stage: GateStage;
  readonly strictness: GateStrictness;
  readonly effectiveFrom: Temporal.PlainDate;
}

export interface StrictnessAtStage {
  readonly stage: GateStage;
  readonly strictness: GateStrictness;
}

const FROM_PUBLICATION = [
  GateStage.PUBLICATION,
  GateStage.ARRIVAL,
  GateStage.INJECTION,
  GateStage.ACQUISITION,
] as const;
const FROM_INJECTION = [GateStage.INJECTION, GateStage.ACQUISITION] as const;

/**
 * Where a gate is hard whatever anybody sets: what IR(ME)R 2017 asks before an exposure, and the patient's own yes, from the
 * stage on at which it can be known. The database keeps the same floor (gate_policies_floor).
 */
const FLOOR: Readonly<Record<GateCode, readonly GateStage[]>> = {
  REFERRER_ENTITLED: [],
  REQUEST_COMPLETE: [],
  JUSTIFIED: FROM_PUBLICATION,
  AUTHORISED: FROM_PUBLICATION,
  EMPLOYER_LICENCE: FROM_PUBLICATION,
  PRACTITIONER_LICENCE: FROM_PUBLICATION,
  CONSENT_IN_FORCE: [GateStage.BOOKING, ...FROM_PUBLICATION],
  NO_RECENT_EXPOSURE: [],
  IDENTITY_CHECKED: FROM_INJECTION,
  PREGNANCY_ENQUIRED: FROM_INJECTION,
  BREAST_FEEDING_ENQUIRED: [],
  SAFETY_CHECKED: [],
  OPERATOR_ENTITLED: [],
  BATCH_VALID: [GateStage.INJECTION],
  ACTIVITY_WITHIN_PROTOCOL: [],
  UPTAKE_IN_WINDOW: [],
  EVALUATED: [],
  REPORT_ACKNOWLEDGED: [],
};

/** Whether a gate is hard at a stage whatever is set. */
export function isAtFloor(gate: GateCode, stage: GateStage): boolean {
  return FLOOR[gate].includes(stage);
}

/** Stages at which a gate is hard whatever is set. */
export function floorOf(gate: GateCode): readonly GateStage[] {
  return FLOOR[gate];
}

/** How strictly a gate stands at a stage on a day: by the latest row that has begun, never below the floor. Null: not at all. */
export function strictnessOn(
  rows: readonly GatePolicyFacts[],
  gate: GateCode,
  stage: GateStage,
  on: Temporal.PlainDate,
): GateStrictness | null {
  if (isAtFloor(gate, stage)) return GateStrictness.HARD;
  const begun = rows.filter(
    (row) =>
      row.gate === gate && row.stage === stage && Temporal.PlainDate.compare(row.effectiveFrom, on) <= 0,
  );
  const latest = begun.reduce<GatePolicyFacts | null>(
    (best, next) =>
      best === null || Temporal.PlainDate.compare(best.effectiveFrom, next.effectiveFrom) < 0 ? next : best,
    null,
  );
  return latest?.strictness ?? null;
}

/** The gates that stand at a stage on a day, in their order. */
export function standingAt(
  rows: readonly GatePolicyFacts[],
  stage: GateStage,
  on: Temporal.PlainDate,
): readonly { readonly code: GateCode; readonly strictness: GateStrictness }[] {
  return Object.values(GateCode).flatMap((code) => {
    const strictness = strictnessOn(rows, code, stage, on);
    return strictness === null ? [] : [{ code, strictness }];
  });
}

/** The stages at which a gate stands on a day, in their order. */
export function stagesOf(
  rows: readonly GatePolicyFacts[],
  gate: GateCode,
  on: Temporal.PlainDate,
): readonly StrictnessAtStage[] {
  return Object.values(GateStage).flatMap((stage) => {
    const strictness = strictnessOn(rows, gate, stage, on);
    return strictness === null ? [] : [{ stage, strictness }];
  });
}
