import type { LetterKind } from '../../platform/database/generated/enums.js';
import { formatLocalDate, formatLocalTime, type Temporal } from '../../platform/time/index.js';
import {
  type LetterSetting,
  type LetterVariables,
  plainLine,
  toNamedLetterVariables,
} from './letter-words.rules.js';

export type MeetingNoticeKind = Extract<LetterKind, `MEETING_${string}`>;

/** What a member of the team is told of a meeting. It names no patient, since mail is passed on. */
export interface MeetingNoticeFacts {
  readonly news: 'LIST_CLOSED' | 'CANCELLED';
  readonly staff: { readonly name: string };
  readonly name: string;
  readonly startsAt: Temporal.Instant;
  readonly endsAt: Temporal.Instant;
  readonly mode: 'IN_PERSON' | 'VIRTUAL' | 'HYBRID';
  readonly place: string;
  readonly casesCount: number;
  readonly presentsCount: number;
  readonly knowsCount: number;
}

const NEWS: Record<MeetingNoticeKind, MeetingNoticeFacts['news']> = {
  MEETING_LIST_CLOSED: 'LIST_CLOSED',
  MEETING_CANCELLED: 'CANCELLED',
};

/** Whether a letter of this kind tells this. */
export function tellsOf(kind: MeetingNoticeKind, { news }: Pick<MeetingNoticeFacts, 'news'>): boolean {
  return NEWS[kind] === news;
}

const MODES = {
  IN_PERSON: 'In person',
  VIRTUAL: 'By video',
  HYBRID: 'In person or by video',
} as const satisfies Record<MeetingNoticeFacts['mode'], string>;

/** Everything that the templates may name. All of it is text for people. */
export interface MeetingNoticeVariables extends LetterVariables {
  readonly name: string;
  /** Thursday 26 November 2026. */
  readonly day: string;
  /** 13:00 to 14:30, on the clinic's clock. */
  readonly times: string;
  readonly mode: string;
  readonly place: string;
  readonly list: string;
  /** What falls to the reader; empty: nothing. */
  readonly yours: string;
}

export function toMeetingNoticeVariables(
  facts: MeetingNoticeFacts,
  setting: LetterSetting,
): MeetingNoticeVariables {
  const { startsAt, endsAt } = facts;
  const { timeZone } = setting;
  return {
    ...toNamedLetterVariables(facts.staff.name, setting),
    name: plainLine(facts.name),
    day: formatLocalDate(startsAt, timeZone),
    times: `${formatLocalTime(startsAt, timeZone)} to ${formatLocalTime(endsAt, timeZone)}`,
    mode: MODES[facts.mode],
    place: plainLine(facts.place),
    list: listInWords(facts.casesCount),
    yours: yoursInWords(facts),
  };
}

function listInWords(count: number): string {
  if (count === 0) return 'Nobody is on its list so far.';
  return count === 1 ? 'One case is on its list.' : `${count} cases are on its list.`;
}

function yoursInWords({
  presentsCount,
  knowsCount,
}: Pick<MeetingNoticeFacts, 'presentsCount' | 'knowsCount'>) {
  const parts = [
    ...(presentsCount === 0 ? [] : [`you present ${cases(presentsCount)}`]),
    ...(knowsCount === 0 ? [] : [`you are to be there as somebody who knows ${whom(knowsCount)}`]),
  ];
  const sentence = parts.join(', and ');
  return sentence === '' ? '' : `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.`;
}

const cases = (count: number): string => (count === 1 ? 'one of them' : `${count} of them`);
const whom = (count: number): string =>
  count === 1 ? 'one of those whom it is about' : `${count} of those whom it is about`;
