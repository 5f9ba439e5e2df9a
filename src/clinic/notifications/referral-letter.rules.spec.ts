import { describe, expect, it } from 'vitest';
import { Temporal } from '../../platform/time/index.js';
import {
  decideReferralLetter,
  type TellingFacts,
  toReferralLetterVariables,
} from './referral-letter.rules.js';
import { newsWords } from './referral-words.rules.js';

const day = (text: string) => Temporal.PlainDate.from(text);
const facts = (changes: Partial<TellingFacts> = {}): TellingFacts => ({
  reference: 'R0001234',
  to: 'REFERRER',
  isByPost: false,
  news: 'ACCEPTED',
  isStraightToTest: false,
  receivedOn: day('2026-03-02'),
  patient: {
    familyName: 'Ng',
    givenName: 'Zoë',
    namePrefix: null,
    dateOfBirth: day('1971-02-03'),
    email: 'zoe@example.org',
  },
  referrer: { name: 'Dr Jürgen Weiß', email: 'weiss@practice.example' },
  words: null,
  answerBy: null,
  ...changes,
});
const setting = {
  clinicName: 'Facet',
  clinicAddressLines: [],
  ring: 'ring reception',
  timeZone: 'Europe/London',
  wordingVersion: '1',
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

describe('whether news of a referral is sent', () => {
  it('is, to whom it is told', () => {
    expect(decideReferralLetter('REFERRAL_TOLD_REFERRER', facts())).toEqual({
      verdict: 'SEND',
      address: 'weiss@practice.example',
    });
    expect(decideReferralLetter('REFERRAL_TOLD_PATIENT', facts({ to: 'PATIENT' }))).toEqual({
      verdict: 'SEND',
      address: 'zoe@example.org',
    });
  });

  it('goes by post to a referrer without an address, also when post was chosen', () => {
    for (const isByPost of [true, false]) {
      const referrer = { name: 'Dr Weiß', email: null };
      expect(decideReferralLetter('REFERRAL_TOLD_REFERRER', facts({ referrer, isByPost }))).toMatchObject({
        code: 'NO_EMAIL_ADDRESS',
      });
    }
  });

  it('waits for an address of a patient who was to be told by e-mail', () => {
    const patient = { ...facts().patient, email: null };
    expect(decideReferralLetter('REFERRAL_TOLD_PATIENT', facts({ to: 'PATIENT', patient }))).toMatchObject({
      code: 'NO_EMAIL_ADDRESS',
    });
    const posted = facts({ to: 'PATIENT', patient, isByPost: true });
    expect(decideReferralLetter('REFERRAL_TOLD_PATIENT', posted)).toMatchObject({ code: 'TO_BE_POSTED' });
  });

  it('goes by post when staff have chosen so', () => {
    for (const to of ['REFERRER', 'PATIENT'] as const) {
      expect(decideReferralLetter(`REFERRAL_TOLD_${to}`, facts({ to, isByPost: true }))).toEqual({
        verdict: 'SUPPRESSED',
        code: 'TO_BE_POSTED',
      });
    }
  });

  it.each([
    ['it no longer holds', null],
    ['it is told to the other party', facts({ to: 'PATIENT' })],
    ['the patient referred themselves', facts({ referrer: null })],
  ])('is not, when %s', (_, of) => {
    expect(decideReferralLetter('REFERRAL_TOLD_REFERRER', of)).toEqual({
      verdict: 'SUPERSEDED',
      code: 'MATTER_MOVED_ON',
    });
  });
});

describe('the words', () => {
  it('differ for each piece of news and each party', () => {
    const told = NEWS.flatMap((news) =>
      (['REFERRER', 'PATIENT'] as const).map((to) => newsWords(to, news, false)),
    );
    expect(new Set(told.map((words) => words.told)).size).toBe(told.length);
    for (const { told: sentence, next } of told) expect(`${sentence}${next}`).not.toMatch(/pain|spine|scan/i);
  });

  it('say of a scan first what comes next, and only of a yes', () => {
    expect(newsWords('PATIENT', 'ACCEPTED', true).next).toContain('a scan first');
    expect(newsWords('REFERRER', 'ACCEPTED', true).next).toContain('a scan first');
    expect(newsWords('PATIENT', 'DECLINED', true)).toEqual(newsWords('PATIENT', 'DECLINED', false));
  });

  it('ask until when only when something is asked', () => {
    const answerBy = day('2026-03-27');
    const of = (news: TellingFacts['news']) =>
      toReferralLetterVariables(facts({ news, answerBy }), setting).answerBy;
    expect(of('INFORMATION_REQUESTED')).toBe('Friday 27 March 2026');
    expect(of('ACCEPTED')).toBe('');
  });

  it('do not say twice what the usual words of a yes say', () => {
    const said = (words: string) =>
      (['REFERRER', 'PATIENT'] as const).map(
        (to) => toReferralLetterVariables(facts({ to, words }), setting).paragraphs.length,
      );
    expect(said('We have accepted the referral.')).toEqual([0, 0]);
    expect(said('We have accepted the referral. Please send the films.')).toEqual([1, 1]);
  });

  it('greet each party by its name', () => {
    expect(toReferralLetterVariables(facts(), setting).greetingName).toBe('Dr Jürgen Weiß');
    expect(toReferralLetterVariables(facts({ to: 'PATIENT' }), setting).greetingName).toBe('Zoë Ng');
  });
});
