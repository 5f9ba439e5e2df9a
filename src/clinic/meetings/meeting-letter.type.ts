import type { Temporal } from '../../platform/time/index.js';

/**
 * Topics about meetings that call for a letter. Subject: the telling, which is to one member of the team. Version: which of
 * the two it is, so that the later one stands in the place of the earlier.
 */
export const MEETING_TOPICS = {
  listClosed: 'meeting.agenda-closed',
  cancelled: 'meeting.cancelled',
} as const;

/** Versions of a telling, in the order in which a member may hear of them. */
export const MEETING_NEWS_VERSIONS = { LIST_CLOSED: 1, CANCELLED: 2 } as const;
export type MeetingNews = keyof typeof MEETING_NEWS_VERSIONS;

/** `MeetingLetterService.matter(tx, tellingId, version)`; null once it does not hold any more. Names no patient. */
export interface MeetingMatter {
  readonly meetingId: string;
  readonly news: MeetingNews;
  readonly staff: { readonly staffId: string; readonly name: string; readonly email: string };
  readonly name: string;
  readonly startsAt: Temporal.Instant;
  readonly endsAt: Temporal.Instant;
  readonly mode: 'IN_PERSON' | 'VIRTUAL' | 'HYBRID';
  /** Where, or the link. */
  readonly place: string;
  /** How many cases are on its list; of these, how many the member presents, and of how many they know the patient. */
  readonly casesCount: number;
  readonly presentsCount: number;
  readonly knowsCount: number;
}
