import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { acknowledgedEnquiry } from '../../src/clinic/enquiries/enquiry-letter.type.js';
import { LetterOvertaken } from '../../src/clinic/notifications/letter.refusals.js';
import { SENDING_LEASE_MS } from '../../src/clinic/notifications/letter.rules.js';
import type { Letter } from '../../src/clinic/notifications/letter.type.js';
import type { LetterKind } from '../../src/platform/database/generated/enums.js';
import { isRefusal } from '../../src/platform/refusal/refusal.js';
import type { Facts } from '../support/facts.js';
import type { Neighbours } from '../support/letter-matters.factory.js';
import { Grave, LetterBench, RECEPTION } from '../support/letters.factory.js';
import { readMailbox } from '../support/mailbox.js';
import { until } from '../support/until.js';

const NOTICES_TO = ['desk@facet.example', 'nurse@facet.example'];
const bench = LetterBench.use({
  CLINIC_NOTICES_TO: NOTICES_TO.join(),
  MAIL_REPLY_TO: 'ask@facet.example',
});
const PAGE = { size: 25 };

/** Each kind, with the facts that it is about and who gets it. */
const KINDS = [
  ['ENQUIRY_RECEIVED', 'enquiries', 'ENQUIRER', 'ENQUIRY'],
  ['ENQUIRY_NOTICE', 'enquiries', 'CLINIC', 'ENQUIRY'],
  ['ENQUIRY_REPLY', 'replies', 'ENQUIRER', 'ENQUIRY'],
  ['RED_FLAG_RAISED', 'alerts', 'CLINIC', 'ENQUIRY'],
  ['RED_FLAG_OVERDUE', 'alerts', 'CLINIC', 'ENQUIRY'],
  ['CALL_BACK_OVERDUE', 'callBacks', 'CLINIC', 'CALL_BACK'],
  ['REFERRAL_TOLD_REFERRER', 'tellings', 'REFERRER', 'REFERRAL'],
  ['REFERRAL_OVERDUE', 'overdueReferrals', 'CLINIC', 'REFERRAL'],
  ['ADVICE_ANSWERED', 'advice', 'REFERRER', 'ADVICE_THREAD'],
  ['SCAN_CONSENT_WITHDRAWN', 'withdrawnConsents', 'CLINIC', 'SCAN_BOOKING'],
  ['VISIT_CONSENT_WITHDRAWN', 'withdrawnFromVisits', 'CLINIC', 'VISIT'],
  ['IMAGING_REQUEST_OVERDUE', 'overdueRequests', 'CLINIC', 'REFERRAL'],
  ['CHECK_AWAITS_DECISION', 'decisions', 'CLINIC', 'SCAN_BOOKING'],
  ['ADVICE_OVERDUE', 'overdueAdvice', 'CLINIC', 'ADVICE_THREAD'],
  ['COMPLAINT_RECEIVED', 'complaints', 'PATIENT', 'COMPLAINT'],
  ['LICENCE_RENEWAL_DUE', 'licences', 'CLINIC', 'LICENCE'],
  ['ENTITLEMENT_REVIEW_DUE', 'entitlements', 'CLINIC', 'ENTITLEMENT'],
  ['INCIDENT_NOTIFICATION_DUE', 'incidents', 'CLINIC', 'INCIDENT'],
  ['DIARY_POINT_DUE', 'diaryPoints', 'PATIENT', 'TREATMENT'],
  ['MEETING_LIST_CLOSED', 'closedLists', 'STAFF', 'MEETING'],
  ['MEETING_CANCELLED', 'cancelledMeetings', 'STAFF', 'MEETING'],
  ['DECISION_TOLD_PATIENT', 'decisionLetters', 'PATIENT', 'CASE_DECISION'],
  ['DECISION_ACTION_DUE', 'actions', 'STAFF', 'CASE_DECISION'],
  ['DECISION_ACTION_OVERDUE', 'actions', 'STAFF', 'CASE_DECISION'],
] as const satisfies readonly (readonly [LetterKind, keyof Neighbours, string, string])[];

const factsOf = (of: (typeof KINDS)[number][1]): Facts<object> => bench.neighbours[of];

async function rowOf(subjectId: string) {
  const [row] = await bench.rowsOf(subjectId);
  if (row === undefined) throw new Error('no letter was opened');
  return row;
}

describe.each(KINDS)('%s', (kind, of, recipient, aboutType) => {
  it('is sent once, however often it is asked for, and kept with what it is about', async () => {
    const made = bench.room();
    const subjectId = factsOf(of).add();
    await Promise.all(Array.from({ length: 4 }, () => made.letters.open(kind, subjectId, 0)));
    const { id } = await rowOf(subjectId);
    await Promise.allSettled([made.delivery.deliver(id), made.delivery.deliver(id)]);
    await made.delivery.deliver(id);
    expect(await bench.rowsOf(subjectId)).toMatchObject([{ kind, status: 'SENT', recipient, aboutType }]);
    expect(bench.smtp.accepted).toHaveLength(1);
    const [message] = bench.smtp.accepted;
    const isToClinic = recipient === 'CLINIC';
    const addressed = [message?.to].flat().flatMap((to) => to?.value.map(({ address }) => address) ?? []);
    expect(addressed.length).toBe(isToClinic ? 2 : 1);
    if (isToClinic) expect(addressed).toEqual(NOTICES_TO);
    expect(message?.replyTo?.text).toBe('ask@facet.example');
    expect(await bench.database.client.outboxMessage.count({ where: { topic: 'letter.due' } })).toBe(1);
    const audited = await bench.database.client.auditEntry.findMany({ where: { subjectId: id } });
    expect(audited.map(({ action }) => action)).toEqual(['letter.sent']);
  });

  it('is not opened when it is over, and superseded when it is over before it is sent', async () => {
    const made = bench.room();
    await made.letters.open(kind, randomUUID(), 0);
    expect(await bench.database.client.letter.count()).toBe(0);
    const subjectId = factsOf(of).add();
    const id = await bench.open(made, kind, subjectId);
    factsOf(of).over(subjectId);
    await made.delivery.deliver(id);
    expect(await bench.statesOf(subjectId)).toEqual([[kind, 'SUPERSEDED', 'MATTER_MOVED_ON']]);
    expect(bench.smtp.received).toHaveLength(0);
    expect(await made.print.letterView(RECEPTION, id)).toBeInstanceOf(LetterOvertaken);
  });

  it('is not repeated when its worker dies while sending it; staff decide', async () => {
    const grave = new Grave();
    const dead = bench.room(grave);
    const subjectId = factsOf(of).add();
    const id = await bench.open(dead, kind, subjectId);
    dead.delivery.deliver(id).catch(() => undefined);
    await until(() => grave.sent === 1);
    bench.clock.advance({ milliseconds: SENDING_LEASE_MS });
    const made = bench.room();
    await made.delivery.deliver(id);
    expect(await bench.statesOf(subjectId)).toEqual([[kind, 'AMBIGUOUS', 'WORKER_LOST']]);
    expect(bench.smtp.received).toHaveLength(0);
    const again = await made.letters.resendLetter(RECEPTION, { letterId: id, reason: 'it never came' });
    expect(isRefusal(again)).toBe(false);
    await made.delivery.deliver(id);
    expect(await bench.statesOf(subjectId)).toEqual([[kind, 'SENT', null]]);
    expect(bench.smtp.accepted).toHaveLength(1);
  });
});

describe('news of a referral', () => {
  it('opens one letter, to the party that it is for', async () => {
    const made = bench.room();
    const tellings = { REFERRER: 'REFERRAL_TOLD_REFERRER', PATIENT: 'REFERRAL_TOLD_PATIENT' } as const;
    for (const to of ['REFERRER', 'PATIENT'] as const) {
      const subjectId = bench.neighbours.tellings.add({ to });
      for (const kind of Object.values(tellings)) await made.letters.open(kind, subjectId, 0);
      expect(await bench.statesOf(subjectId)).toEqual([[tellings[to], 'DUE', null]]);
      await made.delivery.deliver((await rowOf(subjectId)).id);
    }
    expect(bench.smtp.accepted.map(({ subject }) => subject)).toEqual([
      'Your referral R7KX3M2PA',
      'Your referral R7KX3M2PA',
    ]);
  });

  it('goes by post to a referrer without an address, in the words of the letter', async () => {
    const made = bench.room();
    const referrer = { referrerId: randomUUID(), name: 'Dr Weiß', organisation: null, email: null };
    const subjectId = bench.neighbours.tellings.add({ referrer, words: 'As you wished.' });
    const id = await bench.open(made, 'REFERRAL_TOLD_REFERRER', subjectId);
    await made.delivery.deliver(id);
    const { items } = await made.letters.letters(RECEPTION, { hasTask: true, recipient: 'REFERRER' }, PAGE);
    expect(items).toMatchObject([
      {
        id,
        status: 'SUPPRESSED',
        outcomeCode: 'NO_EMAIL_ADDRESS',
        task: 'POST_IT',
        taskInWords: 'The referrer has no e-mail address: print the letter and send it by post.',
        recipientId: referrer.referrerId,
        allowedActions: ['resend'],
      },
    ]);
    expect(await made.print.letterView(RECEPTION, id)).toMatchObject({
      letterId: id,
      toName: 'Dr Weiß',
      toAddressLines: ['1 Quay', 'Leeds', 'LS1 4DY'],
      subject: 'Your referral R7KX3M2PA',
      text: expect.stringContaining('FOR YOUR INFORMATION\n\nAs you wished.\n'),
      html: expect.stringContaining('<p dir="auto">As you wished.</p>'),
    });
    const look = await bench.database.client.auditEntry.findFirst({ where: { action: 'letter.viewed' } });
    expect(look).toMatchObject({ subjectId: id, actorId: RECEPTION.id });
  });

  it('shows at the referrer when their address is missing or refuses, until one arrives', async () => {
    const made = bench.room();
    const [gone, fine] = [randomUUID(), randomUUID()];
    const tell = async (referrerId: string, email: string | null, isByPost = false) => {
      const referrer = { referrerId, name: 'Dr Weiß', organisation: null, email };
      const subjectId = bench.neighbours.tellings.add({ referrer, isByPost });
      await made.delivery.deliver(await bench.open(made, 'REFERRAL_TOLD_REFERRER', subjectId));
      bench.clock.advance({ seconds: 1 });
    };
    bench.smtp.refused.add('gone@practice.example');
    await tell(gone, 'gone@practice.example');
    await tell(fine, null);
    await tell(fine, 'fine@practice.example');
    await tell(gone, 'gone@practice.example', true);
    const trouble = await made.letters.withTaskTo([gone, fine, randomUUID()]);
    expect([...trouble.keys()]).toEqual([gone]);
    expect(trouble.get(gone)).toMatchObject({
      status: 'FAILED',
      outcomeCode: 'SMTP_550',
      task: 'REACH_REFERRER',
    });
    await tell(gone, 'new@practice.example');
    expect(await made.letters.withTaskTo([gone])).toEqual(new Map());
  });
});

describe('letters about an enquiry', () => {
  it('acknowledge it as an automatic answer to its e-mail', async () => {
    const made = bench.room();
    const subjectId = bench.neighbours.enquiries.add({ emailMessageId: '<theirs@example.org>' });
    await made.delivery.deliver(await bench.open(made, 'ENQUIRY_RECEIVED', subjectId));
    const [message] = bench.smtp.accepted;
    expect(message?.headers.get('auto-submitted')).toBe('auto-replied');
    expect(message?.inReplyTo).toBe('<theirs@example.org>');
    expect(message?.text).toContain('Tuesday 3 March 2026 at 17:00');
    expect(message?.text?.trimEnd()).toContain('Call 999 or go to A&E at once.');
  });

  it.each([
    ['a machine', { isAutomatic: true }, 'AUTOMATIC_MAIL', 'NONE'],
    [
      'nobody, when there is no address',
      { enquirer: { name: 'Zoë', email: null } },
      'ANSWERED_OTHERWISE',
      'NONE',
    ],
    ['nobody who wants to be rung', { preferredWay: 'TELEPHONE' }, 'ANSWERED_OTHERWISE', 'NONE'],
    [
      'not our own address',
      { enquirer: { name: null, email: 'Ask@facet.example' } },
      'OWN_ADDRESS',
      'ASK_FOR_ADDRESS',
    ],
  ] as const)('never acknowledge it to %s', async (_, changes, code, task) => {
    const made = bench.room();
    const subjectId = bench.neighbours.enquiries.add(changes);
    await made.delivery.deliver(await bench.open(made, 'ENQUIRY_RECEIVED', subjectId));
    expect(await bench.statesOf(subjectId)).toEqual([['ENQUIRY_RECEIVED', 'SUPPRESSED', code]]);
    expect((await made.letters.ofSubjects([subjectId])).get(subjectId)).toMatchObject([{ task }]);
    expect(bench.smtp.received).toHaveLength(0);
  });

  it('disturb nobody at the clinic with what a machine wrote, least of all with a notice that came back', async () => {
    const made = bench.room();
    const subjectId = bench.neighbours.enquiries.add({ isAutomatic: true });
    await made.delivery.deliver(await bench.open(made, 'ENQUIRY_NOTICE', subjectId));
    expect(await bench.statesOf(subjectId)).toEqual([['ENQUIRY_NOTICE', 'SUPPRESSED', 'AUTOMATIC_MAIL']]);
    expect(bench.smtp.received).toHaveLength(0);
  });

  it('acknowledge it under a Message-ID that leads back to it', async () => {
    const made = bench.room();
    const subjectId = bench.neighbours.enquiries.add();
    await made.delivery.deliver(await bench.open(made, 'ENQUIRY_RECEIVED', subjectId));
    const messageId = bench.smtp.accepted[0]?.messageId ?? '';
    expect(messageId).toBe(`<acknowledgement-${subjectId}-0@facet.example>`);
    expect(acknowledgedEnquiry(messageId)).toBe(subjectId);
    expect(acknowledgedEnquiry(`<x${messageId.slice(1)}`)).toBeNull();
  });

  it('reply under the Message-ID that the thread keeps, and in the thread', async () => {
    const made = bench.room();
    const enquiryId = bench.neighbours.enquiries.add();
    const subjectId = bench.neighbours.replies.add({ enquiryId });
    await made.delivery.deliver(await bench.open(made, 'ENQUIRY_REPLY', subjectId));
    const [message] = bench.smtp.accepted;
    expect(message?.messageId).toBe(`<reply-${subjectId}@facet.example>`);
    expect(message?.inReplyTo).toBe('<last@example.org>');
    expect(message?.references).toEqual(['<first@example.org>', '<last@example.org>']);
    expect(message?.headers.has('auto-submitted')).toBe(false);
    await bench.open(made, 'ENQUIRY_NOTICE', enquiryId);
    const letters = (await made.letters.ofSubjects([enquiryId])).get(enquiryId);
    expect(letters?.map(({ kind, aboutId }: Letter) => [kind, aboutId])).toEqual([
      ['ENQUIRY_REPLY', enquiryId],
      ['ENQUIRY_NOTICE', enquiryId],
    ]);
    const { items } = await made.letters.letters(RECEPTION, { aboutId: enquiryId }, PAGE);
    expect(items).toHaveLength(2);
  });

  it('of an alert that is still open take the place of one that has not left', async () => {
    const made = bench.room();
    const alertId = bench.neighbours.alerts.add();
    const raised = await bench.open(made, 'RED_FLAG_RAISED', alertId, 0);
    const overdue = await bench.open(made, 'RED_FLAG_OVERDUE', alertId, 1);
    for (const id of [raised, overdue]) await made.delivery.deliver(id);
    expect(await bench.statesOf(alertId)).toEqual([
      ['RED_FLAG_RAISED', 'SUPERSEDED', 'MATTER_MOVED_ON'],
      ['RED_FLAG_OVERDUE', 'SENT', null],
    ]);
    expect(bench.smtp.accepted[0]?.headers.get('priority')).toBe('high');
    expect(await made.letters.resendLetter(RECEPTION, { letterId: raised, reason: 'why not' })).toMatchObject(
      {
        code: 'LetterNotResendable',
      },
    );
  });

  it('are written to the same file when a worker dies where mail is captured', async () => {
    const grave = new Grave();
    const dead = bench.room(grave);
    const subjectId = bench.neighbours.enquiries.add();
    const id = await bench.open(dead, 'ENQUIRY_RECEIVED', subjectId);
    dead.delivery.deliver(id).catch(() => undefined);
    await until(() => grave.sent === 1);
    bench.clock.advance({ milliseconds: SENDING_LEASE_MS });
    const made = bench.room(bench.captureMail());
    await made.delivery.deliver(id);
    const [letter, ...others] = await readMailbox(join(bench.home, 'mail'));
    expect(others).toEqual([]);
    expect(letter?.fileName).toMatch(/^20260302T090000Z-enquiry-received-[0-9a-f]{12}\.eml$/);
  });
});

describe('notices', () => {
  it('of which the server refuses one address are sent, and say so', async () => {
    const made = bench.room();
    bench.smtp.refused.add('nurse@facet.example');
    const subjectId = bench.neighbours.callBacks.add();
    await made.delivery.deliver(await bench.open(made, 'CALL_BACK_OVERDUE', subjectId));
    expect(await bench.statesOf(subjectId)).toEqual([
      ['CALL_BACK_OVERDUE', 'SENT', 'SOME_ADDRESSES_REFUSED'],
    ]);
    bench.smtp.refused.add('desk@facet.example');
    const other = bench.neighbours.callBacks.add();
    await made.delivery.deliver(await bench.open(made, 'CALL_BACK_OVERDUE', other));
    const { items } = await made.letters.letters(RECEPTION, { hasTask: true }, PAGE);
    expect(items).toMatchObject([{ subjectId: other, status: 'FAILED', task: 'SEE_TO_IT', patientId: null }]);
    const look = await bench.database.client.auditEntry.findFirstOrThrow({
      where: { action: 'letters.viewed' },
      orderBy: { id: 'desc' },
    });
    expect(look.patientIds).toEqual([]);
  });
});
