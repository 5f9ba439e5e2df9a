import { randomUUID } from 'node:crypto';
import {
  type ActionMatter,
  DECISION_ACTION_TOPICS,
  DECISION_LETTER_TOPICS,
  type DecisionLetterMatter,
} from '../../src/clinic/decisions/decision-matter.type.js';
import { MEETING_TOPICS, type MeetingMatter } from '../../src/clinic/meetings/meeting-letter.type.js';
import { ActionNoticeService } from '../../src/clinic/notifications/action-notice.service.js';
import type { ClinicNoticeService } from '../../src/clinic/notifications/clinic-notice.service.js';
import { DecisionLetterService } from '../../src/clinic/notifications/decision-letter.service.js';
import { DiaryLetterService } from '../../src/clinic/notifications/diary-letter.service.js';
import type { LetterMatter } from '../../src/clinic/notifications/letter-matter.type.js';
import type { LetterheadService } from '../../src/clinic/notifications/letterhead.service.js';
import { MeetingNoticeService } from '../../src/clinic/notifications/meeting-notice.service.js';
import { DIARY_LETTER_TOPICS, type DiaryPointMatter } from '../../src/clinic/responses/diary-letter.type.js';
import type { Database } from '../../src/platform/database/database.service.js';
import { Temporal } from '../../src/platform/time/index.js';
import { Facts } from './facts.js';

/** What the rooms of the team and of treatments post that calls for a letter. */
export const TEAM_TOPICS = [
  DIARY_LETTER_TOPICS,
  MEETING_TOPICS,
  DECISION_LETTER_TOPICS,
  DECISION_ACTION_TOPICS,
];

const at = (text: string) => Temporal.Instant.from(text);
const day = (text: string) => Temporal.PlainDate.from(text);

const ZOE = {
  familyName: 'Ng',
  givenName: 'Zoë',
  namePrefix: null,
  email: 'zoe@example.org',
  contactPreference: 'EMAIL',
} as const;

export const aDiaryPoint = (treatmentId: string = randomUUID()): DiaryPointMatter => ({
  ...{ treatmentId, patientId: randomUUID(), patient: ZOE, hasDied: false },
  treatedOn: day('2026-03-02'),
  answerBy: day('2026-03-11'),
  postTo: ['1 Quay', 'Leeds', 'LS1 4DY'],
});

export const aMeetingTold = (news: MeetingMatter['news'], email = 'sam@clinic.example'): MeetingMatter => ({
  ...{ meetingId: randomUUID(), news, name: 'Spine team', mode: 'HYBRID', place: 'Seminar room 2' },
  staff: { staffId: randomUUID(), name: 'Sam Okafor', email },
  startsAt: at('2026-03-30T12:00:00Z'),
  endsAt: at('2026-03-30T13:30:00Z'),
  ...{ casesCount: 4, presentsCount: 1, knowsCount: 2 },
});

export const aDecisionLetter = (): DecisionLetterMatter => ({
  ...{ decisionId: randomUUID(), to: 'PATIENT', patientId: randomUUID(), recipient: null },
  patient: { ...ZOE, dateOfBirth: day('1971-02-03') },
  reference: 'R-C0FFEE12',
  text: 'Our team met and talked about you.\n\nWhat we advise:\n- Walk every day.',
  approvedByName: 'Dr Ada Reed',
  approvedOn: day('2026-03-03'),
  postTo: ['1 Quay', 'Leeds', 'LS1 4DY'],
});

export const anAction = (actionId: string = randomUUID()): ActionMatter => ({
  ...{ actionId, decisionId: randomUUID(), patientId: randomUUID(), dueOn: day('2026-03-04') },
  owner: { staffId: randomUUID(), name: 'Sam Okafor', email: 'sam@clinic.example' },
});

/** The rooms of the team and of treatments that letters ask, answered for by hand. */
export class TeamNeighbours {
  readonly diaryPoints = new Facts<DiaryPointMatter>(() => aDiaryPoint());
  readonly closedLists = new Facts<MeetingMatter>(() => aMeetingTold('LIST_CLOSED'));
  readonly cancelledMeetings = new Facts<MeetingMatter>(() => aMeetingTold('CANCELLED'));
  readonly decisionLetters = new Facts<DecisionLetterMatter>(aDecisionLetter);
  readonly actions = new Facts<ActionMatter>((id) => anAction(id));

  /** The parts of this room that ask them. */
  protected teamMatters(
    database: Database,
    letterhead: LetterheadService,
    notices: ClinicNoticeService,
  ): readonly LetterMatter[] {
    const diaries = { matter: (_: unknown, id: string) => this.diaryPoints.of(id) };
    const meetings = {
      matter: async (_: unknown, id: string) =>
        (await this.closedLists.of(id)) ?? (await this.cancelledMeetings.of(id)),
    };
    const decisions = {
      letterMatter: (_: unknown, id: string) => this.decisionLetters.of(id),
      actionMatter: (_: unknown, id: string) => this.actions.of(id),
    };
    return [
      new DiaryLetterService(database, letterhead, diaries),
      new MeetingNoticeService(database, letterhead, meetings),
      new DecisionLetterService(database, letterhead, decisions),
      new ActionNoticeService(database, notices, decisions),
    ];
  }
}
