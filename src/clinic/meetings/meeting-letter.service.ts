import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import type { Prisma } from '../../platform/database/generated/client.js';
import { Clock, instantFromDate, Temporal } from '../../platform/time/index.js';
import { MEETING_NEWS_VERSIONS, type MeetingMatter, type MeetingNews } from './meeting-letter.type.js';

const WHOLE = {
  meeting: {
    include: {
      cases: { where: { status: 'LISTED' }, select: { presenterId: true, knowsPatientId: true } },
    },
  },
} as const satisfies Prisma.MeetingTellingInclude;
type MeetingRow = Prisma.MeetingTellingGetPayload<{ include: typeof WHOLE }>['meeting'];

/** What members of the team are told of a meeting, as it stands when it is written. */
@Injectable()
export class MeetingLetterService {
  constructor(@Inject(Clock) private readonly clock: Clock) {}

  /** Null once it does not hold any more: it has begun or is cancelled since, or the member's account is closed. */
  async matter(tx: Tx, tellingId: string, version: number): Promise<MeetingMatter | null> {
    const telling = await tx.meetingTelling.findUnique({ where: { id: tellingId }, include: WHOLE });
    const news = newsOf(version);
    if (telling === null || news === null || !this.#holds(telling.meeting, news)) return null;
    const { staffId, meeting } = telling;
    const account = await tx.staffAccount.findUnique({
      where: { id: staffId },
      select: { displayName: true, email: true, disabledAt: true },
    });
    if (account === null || account.disabledAt !== null) return null;
    const { id: meetingId, name, mode, place, cases } = meeting;
    return {
      ...{ meetingId, news, name, mode, place },
      staff: { staffId, name: account.displayName, email: account.email },
      startsAt: instantFromDate(meeting.startsAt),
      endsAt: instantFromDate(meeting.endsAt),
      casesCount: cases.length,
      presentsCount: cases.filter(({ presenterId }) => presenterId === staffId).length,
      knowsCount: cases.filter(({ knowsPatientId }) => knowsPatientId === staffId).length,
    };
  }

  #holds({ status, startsAt }: MeetingRow, news: MeetingNews): boolean {
    if (news === 'CANCELLED') return status === 'CANCELLED';
    const isAhead = Temporal.Instant.compare(this.clock.now(), instantFromDate(startsAt)) < 0;
    return isAhead && (status === 'PLANNED' || status === 'AGENDA_CLOSED');
  }
}

function newsOf(version: number): MeetingNews | null {
  if (version === MEETING_NEWS_VERSIONS.LIST_CLOSED) return 'LIST_CLOSED';
  return version === MEETING_NEWS_VERSIONS.CANCELLED ? 'CANCELLED' : null;
}
