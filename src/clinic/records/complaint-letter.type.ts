import type { ContactPreference } from '../../platform/database/generated/enums.js';
import type { Temporal } from '../../platform/time/index.js';

/** Topics about complaints that call for a letter. */
export const COMPLAINT_TOPICS = {
  /** Subject: the complaint. An acknowledgement to the patient. */
  received: 'records.complaint-received',
} as const;

/** A complaint. `ComplaintLetterService.matter(tx, complaintId, version)`; null once nothing is to be said any more. */
export interface ComplaintMatter {
  readonly complaintId: string;
  /** What staff and the patient find it by. */
  readonly reference: string;
  readonly receivedOn: Temporal.PlainDate;
  /** Until when the patient hears the outcome, or how far it is. */
  readonly answerBy: Temporal.PlainDate;
  readonly patientId: string;
  readonly patient: {
    readonly familyName: string;
    readonly givenName: string;
    readonly namePrefix: string | null;
    readonly email: string | null;
    readonly contactPreference: ContactPreference;
  };
}
