import { ActivityComparison } from '../../platform/database/generated/enums.js';
import { formatLocalDate, formatLocalTimeToSecond, Temporal } from '../../platform/time/index.js';
import { outsideUptake, type UptakeWindow } from './uptake.rules.js';

/** What a gate of this room comes to. */
export interface Finding {
  readonly state: 'PASSED' | 'WAITING' | 'FAILED';
  readonly reasonCode: string;
  readonly reason: string;
}

/** Of an injection that is on record. */
export interface GivenDose {
  readonly batchNumber: string;
  readonly comparison: ActivityComparison;
  readonly netActivityMbq: number;
  readonly plannedActivityMbq: number;
  /** Its batch could not be used any more at that time. */
  readonly wasBatchClosed: boolean;
}

/** Of a gate for which something was done only after the injection. */
export const ONLY_AFTER_INJECTION = 'ONLY_AFTER_INJECTION';

/** Of something that opens a gate by now: it does not count for an injection before it. Null: it was there. */
export function onlyAfterInjection(
  doneAt: Temporal.Instant,
  injectedAt: Temporal.Instant,
  timeZone: string,
): Finding | null {
  if (Temporal.Instant.compare(doneAt, injectedAt) <= 0) return null;
  const [doneOn, injectedOn] = [doneAt, injectedAt].map((at) => formatLocalDate(at, timeZone));
  const [done, injected] = [doneAt, injectedAt].map((at) => formatLocalTimeToSecond(at, timeZone));
  const onItsDay = doneOn === injectedOn ? '' : ` on ${doneOn}`;
  const onThatDay = doneOn === injectedOn ? '' : ` on ${injectedOn}`;
  return {
    state: 'FAILED',
    reasonCode: ONLY_AFTER_INJECTION,
    reason:
      `This was recorded at ${done}${onItsDay}, and the injection is said to be at ${injected}${onThatDay}: it was not there ` +
      'before it. Look at the time of the injection; if it is right, report the injection as one outside of the gates.',
  };
}

const NOT_GIVEN: Finding = {
  state: 'WAITING',
  reasonCode: 'NOT_INJECTED',
  reason:
    'No injection is recorded. It is judged when the injection is recorded, with its batch and its activity.',
};

/** The batch of an injection that is about to be recorded. `no`: what the batch itself has against it. */
export function batchFinding(
  batch: { readonly batchNumber: string; readonly siteCode: string },
  siteCode: string,
  no: { readonly code: string; readonly message: string } | null,
): Finding {
  if (no !== null) return { state: 'FAILED', reasonCode: toReasonCode(no.code), reason: no.message };
  if (batch.siteCode === siteCode) {
    return {
      state: 'PASSED',
      reasonCode: 'BATCH_VALID',
      reason: `Batch ${batch.batchNumber} may be used at that time.`,
    };
  }
  const reason = `Batch ${batch.batchNumber} is at site ${batch.siteCode}, and the injection is at ${siteCode}. Look at the number on the label.`;
  return { state: 'FAILED', reasonCode: 'BATCH_AT_OTHER_SITE', reason };
}

/** The batch of what was given. */
export function givenBatchFinding(given: GivenDose | null): Finding {
  if (given === null) return NOT_GIVEN;
  return given.wasBatchClosed
    ? {
        state: 'FAILED',
        reasonCode: 'BATCH_WAS_NOT_VALID',
        reason: `Batch ${given.batchNumber} was given although it could not be used any more. Raise an incident, and tell the practitioner.`,
      }
    : {
        state: 'PASSED',
        reasonCode: 'BATCH_VALID',
        reason: `Batch ${given.batchNumber} was valid at the injection.`,
      };
}

/** An activity beside the plan. Above it goes on with a reason; below it may be of no use. */
export function activityFinding(
  comparison: ActivityComparison,
  activityMbq: number,
  plannedMbq: number,
  hasReason: boolean,
): Finding {
  const [given, planned] = [activityMbq, plannedMbq].map((mbq) => `${Math.round(mbq * 10) / 10} MBq`);
  switch (comparison) {
    case ActivityComparison.AS_PLANNED:
      return { state: 'PASSED', reasonCode: 'AS_PLANNED', reason: `${given}, as planned (${planned}).` };
    case ActivityComparison.BELOW_PLAN: {
      const reason = `${given} are less than the ${planned} that are planned. Ask the practitioner whether the scan will still be of use.`;
      return { state: 'FAILED', reasonCode: comparison, reason };
    }
    case ActivityComparison.ABOVE_PLAN:
    case ActivityComparison.ABOVE_DRL: {
      const above =
        comparison === ActivityComparison.ABOVE_DRL ? 'the diagnostic reference level' : 'the plan';
      return hasReason
        ? {
            state: 'PASSED',
            reasonCode: `${comparison}_WITH_REASON`,
            reason: `${given} are above ${above} (planned: ${planned}), with a reason.`,
          }
        : {
            state: 'FAILED',
            reasonCode: comparison,
            reason: `${given} are above ${above} (planned: ${planned}). Say why, and who agreed.`,
          };
    }
  }
}

export function givenActivityFinding(given: GivenDose | null): Finding {
  if (given === null) return NOT_GIVEN;
  return activityFinding(given.comparison, given.netActivityMbq, given.plannedActivityMbq, true);
}

/** The injection that counts, and what became of the scan. */
export interface SettlingTracer {
  readonly injectedAt: Temporal.Instant;
  readonly window: UptakeWindow;
  readonly scanStartedAt: Temporal.Instant | null;
  readonly explanation: string | null;
}

/** Whether the scan begins, or began, inside of the uptake window. `at`: when it would begin. */
export function uptakeFinding(
  uptake: SettlingTracer | null,
  at: Temporal.Instant,
  timeZone: string,
): Finding {
  if (uptake === null) {
    const reason =
      'No injection is recorded, so nobody knows when the scan may begin. Record the injection first.';
    return { state: 'WAITING', reasonCode: 'NOT_INJECTED', reason };
  }
  const { injectedAt, window, scanStartedAt, explanation } = uptake;
  const outside = outsideUptake(injectedAt, window, scanStartedAt ?? at, timeZone);
  if (outside === null) {
    return { state: 'PASSED', reasonCode: 'IN_WINDOW', reason: 'Inside of the uptake window.' };
  }
  if (scanStartedAt === null) {
    return outside.isTooSoon
      ? { state: 'WAITING', reasonCode: 'TOO_SOON', reason: outside.sentence }
      : { state: 'FAILED', reasonCode: 'PASSED', reason: outside.sentence };
  }
  if (explanation !== null) {
    const reason = 'The scan began outside of the uptake window, and somebody has said why.';
    return { state: 'PASSED', reasonCode: 'OUTSIDE_WITH_REASON', reason };
  }
  const reason = `The scan began ${outside.isTooSoon ? 'before' : 'after'} the uptake window. Say why.`;
  return { state: 'FAILED', reasonCode: outside.isTooSoon ? 'BEGAN_TOO_SOON' : 'BEGAN_TOO_LATE', reason };
}

/** BatchExpired: BATCH_EXPIRED. */
function toReasonCode(code: string): string {
  return code.replaceAll(/(?<=[a-z])(?=[A-Z])/g, '_').toUpperCase();
}
