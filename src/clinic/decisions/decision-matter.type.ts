import type { ContactPreference, LetterAudience } from '../../platform/database/generated/enums.js';
import type { Temporal } from '../../platform/time/index.js';
import { ACTION_TOPICS } from './decision-action.type.js';
import { LETTER_APPROVED } from './decision-letter.type.js';

/** Topics about decisions that call for a letter. Subject: the letter that was approved. Version: its own, as approved. */
export const DECISION_LETTER_TOPICS = { approved: LETTER_APPROVED } as const;

/** Topics about actions, both notices to the owner. Subject: the action. Version: how often somebody was told of it. */
export const DECISION_ACTION_TOPICS = ACTION_TOPICS;

export interface DecisionLetterPatient {
  readonly familyName: string;
  readonly givenName: string;
  readonly namePrefix: string | null;
  readonly dateOfBirth: Temporal.PlainDate;
  readonly email: string | null;
  readonly contactPreference: ContactPreference;
}

/** `DecisionMatterService.letterMatter(tx, letterId, version)`; null once there is nothing to send. */
export interface DecisionLetterMatter {
  readonly decisionId: string;
  readonly to: LetterAudience;
  readonly patientId: string;
  readonly patient: DecisionLetterPatient;
  /** Null: it is for the patient. */
  readonly recipient: {
    readonly referrerId: string | null;
    readonly name: string;
    readonly email: string | null;
    /** Their entry in the directory is: nothing is sent there any more. */
    readonly isRetired: boolean;
  } | null;
  /** Of the referral that the case belongs to; null: it belongs to none. */
  readonly reference: string | null;
  /** As it was approved, to the last character. */
  readonly text: string;
  readonly approvedByName: string;
  readonly approvedOn: Temporal.PlainDate;
  /** Lines of the address that it is posted to when it goes by post; empty: none is known here. */
  readonly postTo: readonly string[];
}

/** `DecisionMatterService.actionMatter(tx, actionId, version)`; null once it is settled or changed, or was told of again since. */
export interface ActionMatter {
  readonly actionId: string;
  readonly decisionId: string;
  readonly patientId: string;
  readonly dueOn: Temporal.PlainDate;
  /** Who sees to it; `email` null: the account is closed. */
  readonly owner: { readonly staffId: string; readonly name: string; readonly email: string | null };
}
