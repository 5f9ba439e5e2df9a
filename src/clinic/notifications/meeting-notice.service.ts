import { Inject, Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.service.js';
import type { MailMessage } from '../../platform/mail/index.js';
import { MeetingLetterService } from '../meetings/meeting-letter.service.js';
import type { MeetingMatter } from '../meetings/meeting-letter.type.js';
import type { LetterAtHand, LetterMatter, Tidings, Written } from './letter-matter.type.js';
import { type LetterOpening, toStaff } from './letter-opening.rules.js';
import { MOVED_ON } from './letter-verdict.rules.js';
import { LetterheadService, type Wording, wording } from './letterhead.service.js';
import {
  type MeetingNoticeKind,
  type MeetingNoticeVariables,
  tellsOf,
  toMeetingNoticeVariables,
} from './meeting-notice.rules.js';

/** Which team meets, and about what, the subject leaves out. */
const WORDINGS: Record<MeetingNoticeKind, Wording<MeetingNoticeVariables>> = {
  MEETING_LIST_CLOSED: wording('meeting-list-closed', ({ day, times }) => `Our meeting on ${day}, ${times}`),
  MEETING_CANCELLED: wording(
    'meeting-cancelled',
    ({ day, times }) => `Cancelled: our meeting on ${day}, ${times}`,
  ),
};

/** Notices to each member of the team who is to come to a meeting. They name no patient. */
@Injectable()
export class MeetingNoticeService implements LetterMatter<MeetingNoticeKind> {
  readonly kinds = ['MEETING_LIST_CLOSED', 'MEETING_CANCELLED'] as const;

  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(LetterheadService) private readonly letterhead: LetterheadService,
    @Inject(MeetingLetterService) private readonly meetings: Pick<MeetingLetterService, 'matter'>,
  ) {}

  async opening(tidings: Tidings<MeetingNoticeKind>): Promise<LetterOpening | null> {
    const facts = await this.#read(tidings);
    if (facts === null) return null;
    return toStaff(facts.staff.staffId, null, { aboutType: 'MEETING', aboutId: facts.meetingId });
  }

  async write(letter: LetterAtHand<MeetingNoticeKind>): Promise<Written> {
    const message = await this.wording(letter);
    return message === null ? MOVED_ON : { verdict: 'SEND', message };
  }

  async wording(letter: LetterAtHand<MeetingNoticeKind>): Promise<MailMessage | null> {
    const facts = await this.#read(letter);
    return facts === null ? null : this.compose(letter, facts);
  }

  /** Puts it into words. */
  compose(
    letter: Pick<LetterAtHand<MeetingNoticeKind>, 'kind' | 'messageId' | 'createdAt'>,
    facts: MeetingMatter,
  ): MailMessage {
    const variables = toMeetingNoticeVariables(facts, this.letterhead.setting);
    const to = { name: facts.staff.name, address: facts.staff.email };
    return this.letterhead.toMessage(letter, WORDINGS[letter.kind], variables, to, null);
  }

  async #read({
    kind,
    subjectId,
    subjectVersion,
  }: Tidings<MeetingNoticeKind>): Promise<MeetingMatter | null> {
    const facts = await this.meetings.matter(this.database.client, subjectId, subjectVersion);
    return facts !== null && tellsOf(kind, facts) ? facts : null;
  }
}
