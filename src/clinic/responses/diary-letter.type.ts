import { type ContactPreference, DiaryPoint } from '../../platform/database/generated/enums.js';
import type { Temporal } from '../../platform/time/index.js';

/** Topics about pain diaries that call for a letter. Subject: the entry. Version: how often it came on the list of those to ask. */
export const DIARY_LETTER_TOPICS = { asked: 'diary.asked' } as const;

/** Points at which the patient is written to. Before these they are still here, or are rung. */
export const POINTS_ASKED_BY_LETTER: readonly DiaryPoint[] = [
  DiaryPoint.W1,
  DiaryPoint.MO1,
  DiaryPoint.MO3,
  DiaryPoint.MO6,
];

export interface DiaryLetterPatient {
  readonly familyName: string;
  readonly givenName: string;
  readonly namePrefix: string | null;
  readonly email: string | null;
  readonly contactPreference: ContactPreference;
}

/** `DiaryLetterService.matter(tx, entryId, version)`; null once there is a figure, or there will be none. */
export interface DiaryPointMatter {
  readonly treatmentId: string;
  readonly patientId: string;
  readonly patient: DiaryLetterPatient;
  readonly hasDied: boolean;
  readonly treatedOn: Temporal.PlainDate;
  /** Until when an answer is on time; null: that is over, and a late one is better than none. */
  readonly answerBy: Temporal.PlainDate | null;
  /** Lines of the address that it is posted to when it goes by post; empty: none is known. */
  readonly postTo: readonly string[];
}
