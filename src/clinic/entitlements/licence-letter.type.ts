import type { Temporal } from '../../platform/time/index.js';

/** Work of this room's own: a licence is to be looked at. */
export const LICENCE_WORK = { watched: 'licence.watched' } as const;

/** What this room tells. The subject is the licence, the version the number of the reminder. */
export const LICENCE_TOPICS = { renewalDue: 'licence.renewal-due' } as const;

/** What the clinic is told of a licence that runs out. */
export interface LicenceRenewalMatter {
  readonly licenceId: string;
  readonly number: string;
  readonly lastDay: Temporal.PlainDate;
  readonly applyBy: Temporal.PlainDate;
}
