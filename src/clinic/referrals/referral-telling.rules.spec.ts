import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ReferralAction, ReferralSource } from '../../platform/database/generated/enums.js';
import {
  plannedTellings,
  type TellingFacts,
  tellingProblem,
  usualTellings,
} from './referral-telling.rules.js';

const facts: TellingFacts = {
  action: 'DECLINE',
  source: 'GP',
  hasReferrer: true,
  reason: { code: 'WRONG_PROVIDER', tellsReferrer: true, tellsPatient: true, words: 'For another provider.' },
  detail: null,
  referrerEmail: null,
  patientEmail: 'ada@example.org',
  patientPrefersEmail: true,
};
const reason = { code: 'X', tellsReferrer: true, tellsPatient: false, words: 'Because.' };
const asked = {
  audience: 'PATIENT',
  method: 'LETTER',
  words: null,
  email: null,
  addressLines: [],
  postcode: null,
} as const;
const ways = (wish: Partial<TellingFacts>) =>
  usualTellings({ ...facts, ...wish }).map(({ audience, method }) => `${audience} ${method}`);

describe('whom a reason tells', () => {
  it.each<[string, Partial<TellingFacts>, readonly string[]]>([
    ['both', {}, ['REFERRER LETTER', 'PATIENT EMAIL']],
    [
      'a referrer with an address by e-mail',
      { referrerEmail: 'gp@example.org' },
      ['REFERRER EMAIL', 'PATIENT EMAIL'],
    ],
    [
      'a patient who would rather have letters',
      { patientPrefersEmail: false },
      ['REFERRER LETTER', 'PATIENT LETTER'],
    ],
    ['a patient without an address', { patientEmail: null }, ['REFERRER LETTER', 'PATIENT LETTER']],
    ['the referrer alone', { reason }, ['REFERRER LETTER']],
    ['who referred themselves, once', { source: 'SELF', hasReferrer: false, reason }, ['PATIENT EMAIL']],
    ['nobody without a reason', { reason: null }, []],
    ['nobody of what no letter is about', { action: 'REOPEN' }, []],
    [
      'no patient who has died',
      { reason: { ...reason, code: 'PATIENT_DIED', tellsPatient: true } },
      ['REFERRER LETTER'],
    ],
  ])('%s', (_name, wish, told) => expect(ways(wish)).toEqual(told));

  it('never a patient who has died, whatever the rest', () => {
    const wish = fc.record({
      action: fc.constantFrom(...Object.values(ReferralAction)),
      source: fc.constantFrom(...Object.values(ReferralSource)),
      hasReferrer: fc.boolean(),
      tellsPatient: fc.boolean(),
    });
    fc.assert(
      fc.property(wish, ({ tellsPatient, ...rest }) => {
        const died = { ...reason, code: 'PATIENT_DIED', tellsPatient };
        expect(ways({ ...rest, reason: died }).join()).not.toContain('PATIENT');
      }),
    );
  });
});

describe('in which words', () => {
  const words = (wish: Partial<TellingFacts>) =>
    usualTellings({ ...facts, ...wish }).map((plan) => plan.words);

  it('are those of the reason, with what belongs to the move', () => {
    expect(words({})).toEqual(['For another provider.', 'For another provider.']);
    expect(words({ action: 'REQUEST_INFORMATION', reason, detail: 'The MRI.' })).toEqual([
      'Because.\n\nThe MRI.',
    ]);
    const passedOn = words({ action: 'REDIRECT', detail: 'Surgery' });
    expect(passedOn.every((text) => text.endsWith('passed on to: Surgery'))).toBe(true);
    expect(words({ action: 'RETURN_WITH_ADVICE', detail: 'Walk.' })).toEqual([
      'For another provider.\n\nWalk.',
      'For another provider.',
    ]);
  });

  it('are those that are said, where they are', () => {
    expect(plannedTellings([{ ...asked, words: 'Hello.' }, asked], facts).map((plan) => plan.words)).toEqual([
      'Hello.',
      'For another provider.',
    ]);
  });
});

describe('what is asked for', () => {
  it.each<[string, Partial<TellingFacts>, object]>([
    ['an e-mail without an address', {}, { audience: 'REFERRER', method: 'EMAIL' }],
    ['a referrer that there is not', { hasReferrer: false }, { audience: 'REFERRER' }],
    ['a patient who has died', { reason: { ...reason, code: 'PATIENT_DIED' } }, {}],
    ['a letter about what none is written about', { action: 'TAKE_UP' }, { words: 'x' }],
    ['no words where there are no usual ones', { action: 'TAKE_UP', reason: null }, { method: 'TELEPHONE' }],
  ])('is refused for %s', (_name, wish, telling) => {
    expect(tellingProblem([{ ...asked, ...telling }], { ...facts, ...wish })).toMatch(/^tell: /);
  });

  it('is taken, but not the same twice', () => {
    expect(tellingProblem([asked], facts)).toBeNull();
    expect(tellingProblem([asked, { ...asked, method: 'TELEPHONE' }], facts)).toBeNull();
    expect(tellingProblem([asked, asked], facts)).toMatch(/^tell: /);
  });
});
