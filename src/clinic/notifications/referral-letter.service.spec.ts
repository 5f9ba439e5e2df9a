import { describe, expect, it } from 'vitest';
import {
  expectWholeLetter,
  HOSTILE_NAME,
  HOSTILE_NAME_ON_ONE_LINE,
  letterheadWith,
} from '../../../test/support/whole-letter.js';
import { Database } from '../../platform/database/database.service.js';
import { Temporal } from '../../platform/time/index.js';
import type { ReferralTellingMatter } from '../referrals/referral-letter.type.js';
import { ReferralLetterService } from './referral-letter.service.js';

const day = (text: string) => Temporal.PlainDate.from(text);
const facts: ReferralTellingMatter = {
  referralId: '0f9b1c1e-0000-7000-8000-000000000001',
  reference: 'R7KX3M2PA',
  to: 'REFERRER',
  isByPost: false,
  news: 'ACCEPTED',
  isStraightToTest: false,
  receivedOn: day('2026-03-02'),
  patientId: '0f9b1c1e-0000-7000-8000-000000000002',
  patient: {
    familyName: 'O’Brien <b>',
    givenName: 'Zoë',
    namePrefix: 'Ms',
    dateOfBirth: day('1971-02-03'),
    email: 'zoe@example.org',
    contactPreference: 'EMAIL',
  },
  referrer: {
    referrerId: null,
    name: 'Dr Jürgen Weiß',
    organisation: 'Harbour Practice',
    email: 'weiss@practice.example',
  },
  words: null,
  postTo: [],
  answerBy: null,
};
const service = new ReferralLetterService(new Database('postgresql://nowhere'), letterheadWith(), {
  matter: async () => null,
});
const compose = (changes: Partial<ReferralTellingMatter> = {}) => {
  const of = { ...facts, ...changes };
  const kind = of.to === 'PATIENT' ? 'REFERRAL_TOLD_PATIENT' : 'REFERRAL_TOLD_REFERRER';
  return service.compose(
    { kind, messageId: '<1@facet.example>', createdAt: new Date(0) },
    of,
    'a@example.org',
  );
};
const NEWS = [
  'INFORMATION_REQUESTED',
  'ACCEPTED',
  'REDIRECTED',
  'DECLINED',
  'RETURNED_WITH_ADVICE',
  'WITHDRAWN',
  'COMPLETED',
] as const;
const all = NEWS.flatMap((news) => (['REFERRER', 'PATIENT'] as const).map((to) => [news, to] as const));

describe('letters about what has become of a referral', () => {
  it.each(all)('%s to the %s are whole, with and without words of staff', (news, to) => {
    const answerBy = day('2026-03-27');
    for (const words of [null, 'First line\nsecond line\n\nA new paragraph.']) {
      const letter = compose({ news, to, words, answerBy });
      expectWholeLetter(letter);
      for (const part of [letter.html, letter.text]) {
        expect(part).toContain('R7KX3M2PA');
        expect(part).toContain('Monday 2 March 2026');
        expect(part.includes('First line')).toBe(words !== null);
        expect(part.includes('Friday 27 March 2026')).toBe(news === 'INFORMATION_REQUESTED');
      }
    }
  });

  it('tell the referrer whom they are about, and the patient who writes', () => {
    expect(compose().text).toContain('  Patient: Zoë O’Brien <b>, born on Wednesday 3 February 1971\n');
    expect(compose().html).toContain('<dd>Zoë O’Brien &lt;b&gt;, born on');
    expect(compose().text).toMatch(/^Dear Dr Jürgen Weiß,\n/);
    expect(compose({ to: 'PATIENT' }).text).toMatch(/^Dear Ms O’Brien <b>,\n/);
    expect(compose({ to: 'PATIENT' }).text).not.toContain('1971');
  });

  it('ask for what is missing, with its date in the subject', () => {
    const letter = compose({
      news: 'INFORMATION_REQUESTED',
      answerBy: day('2026-03-27'),
      words: 'The report of the earlier examination.',
    });
    expect(letter.subject).toBe('Your referral R7KX3M2PA: please answer by Friday 27 March 2026');
    expect(letter.text).toMatchInlineSnapshot(`
      "Dear Dr Jürgen Weiß,

        Patient: Zoë O’Brien <b>, born on Wednesday 3 February 1971
        Our reference: R7KX3M2PA, received on Monday 2 March 2026

      Thank you for referring this patient. We cannot decide yet, and need some more information from you.

      Please answer by Friday 27 March 2026,
      by replying to this e-mail with our reference. We go on as soon as we have it.

      WHAT WE ASK FOR

      The report of the earlier examination.

      The referral stays with us in the meantime, and does not lose its place.
      If you have a question, reply to this e-mail or ring 020 7946 0000.

      Yours sincerely,
      Facet Pain Clinic

      --
      This letter was written by our system (wording 2026-11-24).
      If it is not for you, please tell us and delete it.
      "
    `);
    expect(compose().subject).toBe('Your referral R7KX3M2PA');
  });

  it('make nothing of hostile names and words', () => {
    const patient = { ...facts.patient, familyName: HOSTILE_NAME };
    const letter = compose({ patient, words: `${HOSTILE_NAME}<script>`, referrer: null });
    expect(letter.html).not.toMatch(/<script|<img/);
    expect(letter.text).toContain(HOSTILE_NAME_ON_ONE_LINE);
    expect(letter.text).not.toContain('\r');
  });
});
