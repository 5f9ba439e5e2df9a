import { describe, expect, it } from 'vitest';
import { expectWholeLetter, HOSTILE_NAME, letterheadWith } from '../../../test/support/whole-letter.js';
import { Database } from '../../platform/database/database.service.js';
import { Temporal } from '../../platform/time/index.js';
import type { AdviceMatter } from '../referrals/advice-letter.type.js';
import { decideAdviceLetter } from './advice-letter.rules.js';
import { AdviceLetterService } from './advice-letter.service.js';

const facts: AdviceMatter = {
  threadId: '0f9b1c1e-0000-7000-8000-000000000001',
  reference: 'A7KX3M2PA',
  askedOn: Temporal.PlainDate.from('2026-03-02'),
  patientId: null,
  referrer: { referrerId: null, name: 'Dr Weiß', email: 'weiss@practice.example' },
  text: 'Try this first.\n\nThen that.',
};
const service = new AdviceLetterService(new Database('postgresql://nowhere'), letterheadWith(), {
  matter: async () => null,
});
const compose = (changes: Partial<AdviceMatter> = {}) =>
  service.compose(
    { messageId: '<1@facet.example>', createdAt: new Date(0) },
    { ...facts, ...changes },
    'weiss@practice.example',
  );

describe('an answer to a referrer', () => {
  it('is whole, in the clinician’s words, and from a person', () => {
    const letter = compose();
    expectWholeLetter(letter);
    expect(letter.text).toContain('OUR ANSWER\n\nTry this first.\n\nThen that.\n\nIt rests on');
    expect(letter.html).toContain('<p dir="auto">Try this first.</p>\n<p dir="auto">Then that.</p>');
    expect(letter).toMatchObject({
      subject: 'Our answer to your question (A7KX3M2PA)',
      writtenBy: 'PERSON',
      replyTo: 'enquiries@facet.example',
    });
  });

  it('makes nothing of hostile names', () => {
    const letter = compose({ referrer: { ...facts.referrer, name: HOSTILE_NAME } });
    expectWholeLetter(letter);
    expect(letter.html).not.toContain('<img');
  });

  it.each([
    ['weiss@practice.example', 'SEND'],
    [null, 'SUPPRESSED'],
    ['enquiries@facet.example', 'SUPPRESSED'],
  ])('to %s: %s', (email, verdict) => {
    const own = letterheadWith().ownAddresses();
    expect(decideAdviceLetter({ referrer: { name: 'Dr Weiß', email } }, own).verdict).toBe(verdict);
    expect(decideAdviceLetter(null, own).verdict).toBe('SUPERSEDED');
  });
});
