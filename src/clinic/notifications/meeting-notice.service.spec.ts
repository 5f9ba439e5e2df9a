import { describe, expect, it } from 'vitest';
import { aMeetingTold } from '../../../test/support/team-matters.factory.js';
import {
  expectWholeLetter,
  HOSTILE_NAME,
  HOSTILE_NAME_ON_ONE_LINE,
  letterheadWith,
} from '../../../test/support/whole-letter.js';
import { Database } from '../../platform/database/database.service.js';
import type { MeetingMatter } from '../meetings/meeting-letter.type.js';
import { toMeetingNoticeVariables } from './meeting-notice.rules.js';
import { MeetingNoticeService } from './meeting-notice.service.js';

const nowhere = new Database('postgresql://nowhere');
const closed = aMeetingTold('LIST_CLOSED');
const cancelled = aMeetingTold('CANCELLED');
const serviceOf = (found: MeetingMatter | null) =>
  new MeetingNoticeService(nowhere, letterheadWith(), {
    matter: async () => found,
  });
const letter = (kind: 'MEETING_LIST_CLOSED' | 'MEETING_CANCELLED') => ({
  kind,
  subjectId: '0f9b1c1e-0000-7000-8000-000000000001',
  subjectVersion: 1,
  messageId: '<1@facet.example>',
  createdAt: new Date(0),
});
const LIST = letter('MEETING_LIST_CLOSED');
const CANCELLED = letter('MEETING_CANCELLED');

describe('notices of a meeting', () => {
  it('say when, where and how many, on the clinic’s clock', () => {
    const message = serviceOf(closed).compose(LIST, closed);
    expectWholeLetter(message);
    expect(message.subject).toBe('Our meeting on Monday 30 March 2026, 13:00 to 14:30');
    expect(message.text.split('\n\n')).toEqual([
      'Dear Sam Okafor,',
      'The list of this meeting has closed. 4 cases are on its list.\n' +
        'You present one of them, and you are to be there as somebody who knows 2 of those whom it is about.',
      '  Meeting: Spine team\n  When: Monday 30 March 2026, 13:00 to 14:30\n' +
        '  Where: In person or by video: Seminar room 2',
      'Open it in Facet, under meetings, to read what has been prepared. Whoever\nis added now needs a reason.',
      expect.stringContaining('It names nobody on purpose'),
    ]);
  });

  it('say that it is not held', () => {
    const message = serviceOf(cancelled).compose(CANCELLED, cancelled);
    expectWholeLetter(message);
    expect(message.subject).toBe('Cancelled: our meeting on Monday 30 March 2026, 13:00 to 14:30');
    for (const part of [message.html, message.text]) expect(part).toContain('This meeting is not held.');
  });

  it('go to the member, each kind with its own news, and to nobody once it has moved on', async () => {
    expect(await serviceOf(closed).opening(LIST)).toMatchObject({
      ...{ recipient: 'STAFF', recipientId: closed.staff.staffId, patientId: null },
      ...{ aboutType: 'MEETING', aboutId: closed.meetingId },
    });
    expect(await serviceOf(closed).write(LIST)).toMatchObject({
      message: { to: { name: 'Sam Okafor', address: 'sam@clinic.example' } },
    });
    for (const [found, at] of [
      [null, LIST],
      [closed, CANCELLED],
      [cancelled, LIST],
    ] as const) {
      expect(await serviceOf(found).opening(at)).toBeNull();
      expect(await serviceOf(found).write(at)).toMatchObject({ code: 'MATTER_MOVED_ON' });
      expect(await serviceOf(found).wording(at)).toBeNull();
    }
  });

  it('take names for what they are', () => {
    const hostile = { ...closed, name: HOSTILE_NAME, place: HOSTILE_NAME };
    const message = serviceOf(hostile).compose(LIST, hostile);
    expectWholeLetter(message);
    expect(message.text).toContain(`Meeting: ${HOSTILE_NAME_ON_ONE_LINE}`);
  });

  it.each([
    [0, 0, 0, 'Nobody is on its list so far.', ''],
    [1, 0, 0, 'One case is on its list.', ''],
    [2, 2, 0, '2 cases are on its list.', 'You present 2 of them.'],
    [
      1,
      0,
      1,
      'One case is on its list.',
      'You are to be there as somebody who knows one of those whom it is about.',
    ],
  ])('%i cases, %i presented, %i known', (casesCount, presentsCount, knowsCount, list, yours) => {
    const facts = { ...closed, casesCount, presentsCount, knowsCount };
    expect(toMeetingNoticeVariables(facts, letterheadWith().setting)).toMatchObject({ list, yours });
  });
});
