import 'reflect-metadata';
import { describe, expect, it } from 'vitest';
import { EnquiryService } from '../../src/clinic/enquiries/enquiry.service.js';
import type { EnquiryEntry } from '../../src/clinic/enquiries/enquiry-entry.type.js';
import { acknowledgedEnquiry } from '../../src/clinic/enquiries/enquiry-letter.type.js';
import { EnquiryMessageService } from '../../src/clinic/enquiries/enquiry-message.service.js';
import { RedFlagQuestionnaireService } from '../../src/clinic/enquiries/red-flag-questionnaire.service.js';
import { LetterMatterService } from '../../src/clinic/notifications/letter-matter.service.js';
import { LetterKind } from '../../src/platform/database/generated/enums.js';
import { anEntry, QUESTIONS, redFlagAnswers } from '../support/enquiries.factory.js';
import { LetterHouse } from '../support/letters.house.js';

// The whole service with its worker and a mail server: from what somebody wrote to our answer in their mailbox.

const INBOX = { kind: 'SYSTEM', id: null, label: 'inbox', requestId: null, source: null } as const;
const house = LetterHouse.use('RECEPTION');
const ask = <Data>(query: string, variables: object = {}) => house.ask<Data>(query, variables);
const quiet = () => house.quiet();
const to = (address: string) => house.to(address);

async function receive(entry: Partial<EnquiryEntry>) {
  const enquiry = await house.database.transaction((tx) =>
    house.app.get(EnquiryService).receiveIn(tx, INBOX, anEntry(entry)),
  );
  await quiet();
  return enquiry;
}

const REPLY = `mutation ($input: EnquiryTextInput!) { replyToEnquiry(input: $input) {
  ... on Enquiry { id status } ... on Refusal { code } } }`;

interface Shown {
  readonly kind: string;
  readonly status: string;
  readonly recipient: string;
  readonly outcomeCode: string | null;
}

async function lettersOf(id: string): Promise<readonly Shown[]> {
  const LETTERS = `query ($id: ID!) { enquiry(id: $id) { letters { kind status recipient outcomeCode } } }`;
  return (await ask<{ enquiry: { letters: Shown[] } }>(LETTERS, { id })).enquiry.letters;
}

describe('the room of letters', () => {
  it('knows what letters of every kind are about', () => {
    const known = house.app.get(LetterMatterService, { strict: false }).kinds();
    expect([...known].toSorted()).toEqual(Object.values(LetterKind).toSorted());
  });
});

describe('an enquiry by e-mail', () => {
  it('is acknowledged, noticed, answered in its thread, and its answers find the way back', async () => {
    const theirs = '<first@example.org>';
    const enquiry = await receive({
      email: 'zoe@example.org',
      name: 'Zoë Ng',
      message: 'My back has hurt since spring.',
      mail: { subject: 'My back', emailMessageId: theirs, inReplyTo: null },
    });
    const [acknowledgement] = to('zoe@example.org');
    expect(acknowledgement?.headers.get('auto-submitted')).toBe('auto-replied');
    expect(acknowledgement?.inReplyTo).toBe(theirs);
    expect(acknowledgement?.subject).toBe(`We have received your message (${enquiry.reference})`);
    expect(acknowledgement?.text).toContain(QUESTIONS.emergencyAdvice);
    expect(acknowledgement?.text).toContain('Dear Zoë Ng,');
    expect(acknowledgedEnquiry(acknowledgement?.messageId ?? '')).toBe(enquiry.id);
    const [notice] = to('desk@facet.example');
    expect(notice?.subject).toBe(`New enquiry ${enquiry.reference}`);
    expect(`${notice?.text}${notice?.html}`).not.toMatch(/Zoë|zoe@|back has hurt/);

    const answered = await ask<{ replyToEnquiry: object }>(REPLY, {
      input: { enquiryId: enquiry.id, text: 'Dear Zoë,\n\nyes, we can see you.' },
    });
    expect(answered.replyToEnquiry).toEqual({ id: enquiry.id, status: 'ANSWERED' });
    await quiet();
    const [, reply, ...others] = to('zoe@example.org');
    expect(others).toEqual([]);
    expect(reply?.text).toMatch(/^Dear Zoë,\n\nyes, we can see you\.\n/);
    expect(reply?.inReplyTo).toBe(theirs);
    expect(reply?.replyTo?.text).toBe('ask@facet.example');
    expect(reply?.headers.has('auto-submitted')).toBe(false);

    const thread = house.app.get(EnquiryMessageService, { strict: false });
    expect(await thread.enquiryOfEmails(house.database.client, [reply?.messageId ?? ''])).toBe(enquiry.id);
    await house.database.transaction((tx) =>
      thread.receiveIn(tx, INBOX, enquiry.id, {
        channel: 'EMAIL',
        text: 'Thank you!',
        mail: {
          subject: 'Re: My back',
          emailMessageId: '<second@example.org>',
          inReplyTo: reply?.messageId ?? null,
        },
      }),
    );
    await ask(REPLY, { input: { enquiryId: enquiry.id, text: 'You are welcome.' } });
    await quiet();
    const last = to('zoe@example.org').at(-1);
    expect(last?.inReplyTo).toBe('<second@example.org>');
    expect(last?.references).toEqual([theirs, reply?.messageId, '<second@example.org>']);

    const sent = { status: 'SENT', outcomeCode: null };
    expect(await lettersOf(enquiry.id)).toEqual([
      { ...sent, kind: 'ENQUIRY_RECEIVED', recipient: 'ENQUIRER' },
      { ...sent, kind: 'ENQUIRY_NOTICE', recipient: 'CLINIC' },
      { ...sent, kind: 'ENQUIRY_REPLY', recipient: 'ENQUIRER' },
      { ...sent, kind: 'ENQUIRY_REPLY', recipient: 'ENQUIRER' },
    ]);
  });

  it('that a machine wrote is answered by nobody', async () => {
    const enquiry = await receive({ email: 'robot@example.org', isAutomatic: true });
    expect(await lettersOf(enquiry.id)).toMatchObject([
      { kind: 'ENQUIRY_RECEIVED', status: 'SUPPRESSED', outcomeCode: 'AUTOMATIC_MAIL' },
      { kind: 'ENQUIRY_NOTICE', status: 'SUPPRESSED', outcomeCode: 'AUTOMATIC_MAIL' },
    ]);
    expect(house.smtp.accepted).toEqual([]);
  });

  it('that is spam gets nothing at all', async () => {
    const enquiry = await receive({ email: 'spam@example.org', spamReason: 'HIDDEN_FIELD_FILLED' });
    expect(await lettersOf(enquiry.id)).toEqual([]);
    expect(house.smtp.accepted).toEqual([]);
  });
});

describe('a reply that the mail server refuses', () => {
  it('is shown with what to do, can be printed, and is sent again when the address is right', async () => {
    const enquiry = await receive({ email: 'gone@example.org' });
    house.smtp.refused.add('gone@example.org');
    await ask(REPLY, { input: { enquiryId: enquiry.id, text: 'We can see you.' } });
    await quiet();
    const LIST = `query ($filter: LetterFilterInput!) { letters(filter: $filter) { items {
      id kind status task taskInWords aboutType aboutId patientId recipientId allowedActions } } }`;
    const filter = { aboutId: enquiry.id, hasTask: true, recipient: 'ENQUIRER' };
    const { letters } = await ask<{ letters: { items: { id: string }[] } }>(LIST, { filter });
    expect(letters.items).toEqual([
      {
        id: expect.any(String),
        kind: 'ENQUIRY_REPLY',
        status: 'FAILED',
        task: 'REACH_ENQUIRER',
        taskInWords:
          'Whoever enquired could not be reached at the address that we have: ring, and check the address.',
        aboutType: 'ENQUIRY',
        aboutId: enquiry.id,
        patientId: null,
        recipientId: null,
        allowedActions: ['resend'],
      },
    ]);
    const letterId = letters.items[0]?.id;
    const VIEW = `query ($letterId: ID!) { letterView(letterId: $letterId) {
      ... on LetterView { subject text } ... on Refusal { code } } }`;
    const seen = await ask<{ letterView: { subject: string; text: string } }>(VIEW, { letterId });
    expect(seen.letterView.subject).toBe(`Re: Your message to us (${enquiry.reference})`);
    expect(seen.letterView.text).toContain('We can see you.');
    house.smtp.refused.delete('gone@example.org');
    const RESEND = `mutation ($input: ResendLetterInput!) { resendLetter(input: $input) {
      ... on Letter { status } ... on Refusal { code } } }`;
    const again = { input: { letterId, reason: 'the mailbox was full' } };
    expect(await ask(RESEND, again)).toEqual({ resendLetter: { status: 'DUE' } });
    await quiet();
    expect(to('gone@example.org').at(-1)?.text).toContain('We can see you.');
    expect((await ask<{ letters: { items: object[] } }>(LIST, { filter })).letters.items).toEqual([]);
  });
});

describe('a sign of danger', () => {
  it('is told to the clinic at once, as urgent, and to whoever named it', async () => {
    const questionnaire = await house.app
      .get(RedFlagQuestionnaireService)
      .mustBeInForce(house.database.client);
    const enquiry = await receive({
      channel: 'TELEPHONE',
      phone: '07700 900123',
      email: 'urgent@example.org',
      redFlags: { questionnaireId: questionnaire.id, answers: redFlagAnswers({ SADDLE: 'YES' }) },
    });
    const urgent = to('desk@facet.example').filter((message) => message.subject?.startsWith('URGENT'));
    expect(urgent).toHaveLength(1);
    expect(urgent[0]?.subject).toBe(`URGENT: open ${enquiry.reference} now`);
    expect(urgent[0]?.headers.get('priority')).toBe('high');
    expect(`${urgent[0]?.text}${urgent[0]?.html}`).not.toMatch(/numb|saddle|legs|urgent@example/i);
    expect(to('urgent@example.org')[0]?.text).toContain('PLEASE DO NOT WAIT FOR OUR ANSWER');
    expect((await lettersOf(enquiry.id)).map(({ kind, status }) => [kind, status]).toSorted()).toEqual([
      ['ENQUIRY_NOTICE', 'SENT'],
      ['ENQUIRY_RECEIVED', 'SENT'],
      ['RED_FLAG_RAISED', 'SENT'],
    ]);
  });
});
