import type { Temporal } from '../../platform/time/index.js';

/** What this room tells. The subject is the check; of each it is told once. */
export const CHECK_TOPICS = { decisionAwaited: 'check.decision-awaited' } as const;

/** What the clinic is told of a check on which a practitioner has to decide. */
export interface DecisionAwaitedMatter {
  readonly visitId: string;
  readonly patientId: string;
  readonly madeAt: Temporal.Instant;
}
