import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import {
  BreastFeedingAnswer,
  type CheckKind,
  type PregnancyAnswer,
} from '../../platform/database/generated/enums.js';
import { plainDateFromDate, Temporal } from '../../platform/time/index.js';
import { type CheckJson, STANDING_CHECKS, type StandingRow } from './check.queries.js';
import { CheckState } from './check.refusals.js';
import { type AgeRange, ageOn, isAsked } from './check-age.rules.js';
import { type DatedFacts, inForceFor, inForceOn } from './check-policy.rules.js';
import {
  type AskedFacts,
  breastFeedingStanding,
  identityStanding,
  type MadeBy,
  type OneStanding,
  pregnancyStanding,
  safetyStanding,
} from './check-standing.rules.js';

export type { OneStanding } from './check-standing.rules.js';

/** How the checks of a visit stand on a day. */
export interface CheckStanding {
  readonly visitId: string;
  /** The local day that is judged. */
  readonly on: Temporal.PlainDate;
  readonly identity: OneStanding;
  readonly pregnancy: OneStanding & { readonly needed: boolean; readonly answer: PregnancyAnswer | null };
  readonly breastFeeding: OneStanding & {
    readonly needed: boolean;
    readonly answer: BreastFeedingAnswer | null;
    /** Of a yes: hours after the injection, as the patient was told. */
    readonly interruptionHours: number | null;
  };
  readonly safety: OneStanding & { readonly needed: boolean };
  /** As weighed on the day, in kilograms; null: was not. */
  readonly weightKg: number | null;
}

/** A visit, and the local day on which its checks have to be. */
export interface StandingWant {
  readonly visitId: string;
  readonly on: Temporal.PlainDate;
  /** What was recorded after this moment does not count; left out: everything does. */
  readonly asOf?: Temporal.Instant | undefined;
}

interface Ages {
  readonly pregnancy: readonly (AgeRange & DatedFacts)[];
  readonly breastFeeding: readonly (AgeRange & DatedFacts & { readonly procedureCode: string })[];
}

/** For later rooms: how the checks of visits stand. Always three statements. Does not record a look: whoever shows it does. */
@Injectable()
export class CheckService {
  /** By visit id, each on a local day of its own: at most one day for each visit. Visits that there are not are left out. */
  async standingsOn(tx: Tx, wants: readonly StandingWant[]): Promise<ReadonlyMap<string, CheckStanding>> {
    if (wants.length === 0) return new Map();
    const rows = await tx.$queryRawUnsafe<readonly StandingRow[]>(
      STANDING_CHECKS,
      wants.map(({ visitId }) => visitId),
      wants.map(({ on }) => on.toString()),
      wants.map(({ asOf }) => asOf?.toString() ?? 'infinity'),
    );
    const ages = await readAges(tx);
    return new Map(rows.map((row) => [row.visitId, toStanding(row, ages)]));
  }
}

async function readAges(tx: Tx): Promise<Ages> {
  const select = { ageFrom: true, ageTo: true, effectiveFrom: true } as const;
  const pregnancy = await tx.pregnancyPolicy.findMany({ select });
  const breastFeeding = await tx.breastFeedingPolicy.findMany({ select: { ...select, procedureCode: true } });
  return { pregnancy: pregnancy.map(dated), breastFeeding: breastFeeding.map(dated) };
}

function dated<Row extends { readonly effectiveFrom: Date }>(row: Row) {
  return { ...row, effectiveFrom: plainDateFromDate(row.effectiveFrom) };
}

function toStanding(row: StandingRow, ages: Ages): CheckStanding {
  const on = Temporal.PlainDate.from(row.on);
  const born = Temporal.PlainDate.from(row.dateOfBirth);
  const found = (kind: CheckKind) => row.checks.find((check) => check.kind === kind) ?? null;
  const asked = (policy: AgeRange | null): AskedFacts => ({
    // Where nobody has said who is asked, everybody is.
    isAsked: policy === null || isAsked(policy, born, on),
    age: ageOn(born, on),
  });
  const pregnancy = pregnancyOf(found('PREGNANCY'), asked(inForceOn(ages.pregnancy, on)));
  const feedingPolicy = inForceFor(ages.breastFeeding, row.procedureCode, on);
  const breastFeeding = breastFeedingOf(found('BREAST_FEEDING'), asked(feedingPolicy));
  const safety = found('SAFETY');
  const identity = found('IDENTITY');
  return {
    visitId: row.visitId,
    on,
    identity: identityStanding(identity?.identity ? { ...identity.identity, ...madeBy(identity) } : null),
    pregnancy,
    breastFeeding,
    safety: {
      ...safetyStanding(
        safety?.safety ? { ...safety.safety, ...madeBy(safety), decision: decisionOf(safety) } : null,
      ),
      needed: true,
    },
    weightKg: safety?.safety?.weightKg ?? null,
  };
}

function pregnancyOf(check: CheckJson | null, asked: AskedFacts): CheckStanding['pregnancy'] {
  const facts = check?.pregnancy
    ? {
        ...check.pregnancy,
        ...madeBy(check),
        witness: check.witness === null ? null : madeBy(check.witness),
        decision: decisionOf(check),
      }
    : null;
  const judged = pregnancyStanding(facts, asked);
  return { ...judged, needed: judged.state !== CheckState.NOT_APPLICABLE, answer: facts?.answer ?? null };
}

function breastFeedingOf(check: CheckJson | null, asked: AskedFacts): CheckStanding['breastFeeding'] {
  const facts = check?.breastFeeding ? { ...check.breastFeeding, ...madeBy(check) } : null;
  const judged = breastFeedingStanding(
    facts === null ? null : { ...facts, isYes: facts.answer === BreastFeedingAnswer.YES },
    asked,
  );
  return {
    ...judged,
    needed: judged.state !== CheckState.NOT_APPLICABLE,
    answer: facts?.answer ?? null,
    interruptionHours: facts?.interruptionHours ?? null,
  };
}

function decisionOf({ decision }: CheckJson) {
  return decision === null ? null : { verdict: decision.verdict, ...madeBy(decision) };
}

function madeBy({ byId, byName, atMs }: Pick<CheckJson, 'byId' | 'byName' | 'atMs'>): MadeBy {
  return { byId, byName, at: Temporal.Instant.fromEpochMilliseconds(atMs) };
}
