import { describe, expect, it } from 'vitest';
import {
  expectWholeLetter,
  HOSTILE_NAME,
  HOSTILE_NAME_ON_ONE_LINE,
  letterheadWith,
} from '../../../test/support/whole-letter.js';
import { Database } from '../../platform/database/database.service.js';
import { Temporal } from '../../platform/time/index.js';
import type { EnquiryMatter, EnquiryReplyMatter } from '../enquiries/enquiry-letter.type.js';
import { EnquiryLetterService } from './enquiry-letter.service.js';

const at = (text: string) => Temporal.Instant.from(text);
const enquiry: EnquiryMatter = {
  enquiryId: '0f9b1c1e-0000-7000-8000-000000000001',
  reference: 'E7KX3M2PA',
  receivedAt: at('2026-03-30T08:30:00Z'),
  patientId: null,
  enquirer: { name: 'Zoë Ng', email: 'zoe@example.org' },
  preferredWay: null,
  isAutomatic: false,
  answerBy: at('2026-03-31T16:00:00Z'),
  hasRedFlag: false,
  emergencyAdvice: 'Call 999 or go to A&E at once.\n\nCall 111 if you are not sure.',
  emailMessageId: null,
};
const reply: EnquiryReplyMatter = {
  enquiryId: enquiry.enquiryId,
  reference: enquiry.reference,
  patientId: null,
  enquirer: enquiry.enquirer,
  text: 'Dear Zoë,\n\nyes, we can see you.\nPlease ring us.\n\nAnna, reception',
  emailMessageId: '<reply-1@facet.example>',
  references: ['<first@example.org>', '<second@facet.example>'],
  emergencyAdvice: enquiry.emergencyAdvice,
};
// Nothing is read: each letter is composed from the facts above.
const nothing = { matter: async () => null, replyMatter: async () => null };
const service = new EnquiryLetterService(new Database('postgresql://nowhere'), letterheadWith(), nothing);
const line = { messageId: '<1@facet.example>', createdAt: new Date(0) };
const acknowledge = (changes: Partial<EnquiryMatter> = {}) =>
  service.compose(line, { kind: 'ENQUIRY_RECEIVED', facts: { ...enquiry, ...changes } }, 'zoe@example.org');
const answer = (changes: Partial<EnquiryReplyMatter> = {}) =>
  service.compose(line, { kind: 'ENQUIRY_REPLY', facts: { ...reply, ...changes } }, 'zoe@example.org');

describe('the acknowledgement of an enquiry', () => {
  it('says what happens next, until when, and what to do in an emergency', () => {
    expect(acknowledge().text).toMatchInlineSnapshot(`
      "Dear Zoë Ng,

      Thank you for your message to Facet Pain Clinic. We received it on
      Monday 30 March 2026 at 09:30.

        Your reference: E7KX3M2PA

      Please have it at hand when you ring us.

      WHAT HAPPENS NEXT

      Somebody at the clinic reads your message, and rings or writes to you by
      Tuesday 31 March 2026 at 17:00
      at the latest. If you want to add something, reply to this e-mail or
      ring 020 7946 0000.

      Yours sincerely,
      Facet Pain Clinic

      IN AN EMERGENCY

      Call 999 or go to A&E at once.

      Call 111 if you are not sure.

      Please do not use e-mail for anything urgent: we might read it too late.

      --
      This letter was written by our system (wording 2026-11-24).
      If it is not for you, please tell us and delete it.
      "
    `);
  });

  it.each([
    ['somebody', {}],
    ['nobody', { enquirer: { name: null, email: 'zoe@example.org' } }],
    ['somebody in danger', { hasRedFlag: true }],
    ['somebody hostile', { enquirer: { name: HOSTILE_NAME, email: 'zoe@example.org' } }],
  ])('is whole for %s, and ends with the advice for an emergency', (_, changes) => {
    const letter = acknowledge(changes);
    expectWholeLetter(letter);
    const advice = letter.text.indexOf('IN AN EMERGENCY');
    expect(advice).toBeGreaterThan(letter.text.indexOf('Yours sincerely'));
    expect(letter.text.slice(advice)).toContain('Call 999 or go to A&E at once.\n\nCall 111');
    expect(letter.html).toContain('<p>Call 999 or go to A&amp;E at once.</p>\n<p>Call 111');
  });

  it('greets by the name as it was given, and makes nothing else of it', () => {
    const { text, html, to } = acknowledge({ enquirer: { name: HOSTILE_NAME, email: 'zoe@example.org' } });
    expect(text).toContain(`Dear ${HOSTILE_NAME_ON_ONE_LINE},\n`);
    expect(html).toContain('Dear &lt;img src&#x3D;x onerror&#x3D;alert(1)&gt; Bcc: all@example.org');
    expect(to.name).toBe(HOSTILE_NAME_ON_ONE_LINE);
    expect(acknowledge({ enquirer: { name: null, email: 'a@example.org' } }).text).toMatch(/^Hello,\n/);
  });

  it('tells somebody in danger first that they must not wait', () => {
    const { text } = acknowledge({ hasRedFlag: true });
    expect(text.indexOf('PLEASE DO NOT WAIT')).toBeLessThan(text.indexOf('Thank you'));
    expect(acknowledge().text).not.toContain('DO NOT WAIT');
  });

  it('is known as an automatic answer, to the e-mail that it answers if it was one', () => {
    expect(acknowledge()).toMatchObject({
      writtenBy: 'PROGRAM_IN_ANSWER',
      references: [],
      replyTo: 'enquiries@facet.example',
      messageId: '<1@facet.example>',
    });
    expect(acknowledge({ emailMessageId: '<their@example.org>' }).references).toEqual([
      '<their@example.org>',
    ]);
  });
});

describe('a reply to an enquiry', () => {
  it('is what staff wrote, in its thread, and from a person', () => {
    const letter = answer();
    expectWholeLetter(letter);
    expect(letter.text).toMatch(
      /^Dear Zoë,\n\nyes, we can see you\.\nPlease ring us\.\n\nAnna, reception\n\n/,
    );
    expect(letter.html).toContain('<p dir="auto">yes, we can see you.<br>Please ring us.</p>');
    expect(letter).toMatchObject({
      subject: 'Re: Your message to us (E7KX3M2PA)',
      writtenBy: 'PERSON',
      references: reply.references,
      replyTo: 'enquiries@facet.example',
    });
  });

  it('makes nothing of mark-up, headers and template marks', () => {
    const letter = answer({ text: `${HOSTILE_NAME}\n\n<script>alert(1)</script>{{clinicName}}` });
    expect(letter.html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;{{clinicName}}');
    expect(letter.html).not.toMatch(/<script|<img/);
    expect(letter.text).toContain('<script>alert(1)</script>{{clinicName}}');
  });

  it('does not end without the advice for an emergency', () => {
    expect(answer().text).toContain('IN AN EMERGENCY\n\nCall 999');
  });
});
