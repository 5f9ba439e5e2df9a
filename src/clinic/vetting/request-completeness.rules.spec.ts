import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Temporal } from '../../platform/time/index.js';
import {
  type CompletenessFacts,
  isPeriodAsked,
  missingItems,
  type RequestItem,
} from './request-completeness.rules.js';

const day = (text: string) => Temporal.PlainDate.from(text);
const ON = day('2026-11-23');

/** A request of which nothing is missing, of somebody of 30. */
const COMPLETE: CompletenessFacts = {
  patient: {
    familyName: 'Baker',
    givenName: 'Ann',
    dateOfBirth: day('1996-03-01'),
    nhsNumber: '9990000018',
    localNumber: 'F0000001',
    hasAddress: true,
  },
  referrer: {
    kind: 'REFERRAL',
    name: 'Dr Amrit Patel',
    registration: '1234567',
    hasContact: true,
    isEntitled: true,
  },
  content: {
    clinicalQuestion: 'Which facet joint?',
    history: 'Two years of pain.',
    earlierImaging: 'NONE',
    earlierImagingText: null,
    recentStudies: 'NONE',
    studiesCount: 0,
    weightKg: 72.5,
    weightOn: day('2026-11-01'),
    mobility: 'WALKS',
    pregnancy: 'NOT_PREGNANT',
    lastMenstrualPeriodOn: day('2026-11-10'),
    breastFeeding: 'NO',
    signedOn: day('2026-11-20'),
  },
  policy: {
    periodAskedFromYears: 12,
    periodAskedToYears: 55,
    weightHoldsDays: 183,
    needsReferrerEntitlement: true,
  },
  requestedOn: ON,
};

type Parts = { readonly [Name in 'patient' | 'referrer' | 'content' | 'policy']?: object };

const items = (parts: Parts = {}): readonly RequestItem[] =>
  missingItems({
    ...COMPLETE,
    patient: { ...COMPLETE.patient, ...parts.patient },
    referrer: { ...COMPLETE.referrer, ...parts.referrer },
    content: { ...COMPLETE.content, ...parts.content },
    policy: { ...COMPLETE.policy, ...parts.policy },
  }).map(({ item }) => item);

describe('a request', () => {
  it('is complete when nothing is missing', () => {
    expect(items()).toEqual([]);
  });

  it.each<readonly [RequestItem, Parts]>([
    ['REFERRER_NAME', { referrer: { name: null } }],
    ['REFERRER_REGISTRATION', { referrer: { registration: null } }],
    ['REFERRER_CONTACT', { referrer: { hasContact: false } }],
    ['REFERRER_ENTITLEMENT', { referrer: { isEntitled: false } }],
    ['REFERRER_SIGNATURE', { content: { signedOn: null } }],
    ['CLINICAL_QUESTION', { content: { clinicalQuestion: null } }],
    ['HISTORY', { content: { history: null } }],
    ['EARLIER_IMAGING', { content: { earlierImaging: null } }],
    ['EARLIER_IMAGING', { content: { earlierImaging: 'YES' } }],
    ['RECENT_STUDIES', { content: { recentStudies: null } }],
    ['RECENT_STUDIES', { content: { recentStudies: 'YES' } }],
    ['WEIGHT', { content: { weightKg: null, weightOn: null } }],
    ['WEIGHT', { content: { weightOn: ON.subtract({ days: 184 }) } }],
    ['MOBILITY', { content: { mobility: null } }],
    ['PREGNANCY', { content: { pregnancy: null } }],
    ['LAST_MENSTRUAL_PERIOD', { content: { lastMenstrualPeriodOn: null } }],
    ['BREAST_FEEDING', { content: { breastFeeding: null } }],
  ])('says that %s is missing, and what to do: %j', (item, parts) => {
    expect(items(parts)).toEqual([item]);
  });

  it('says each in a sentence, in the order of a form', () => {
    const nothing = missingItems({
      ...COMPLETE,
      patient: {
        ...COMPLETE.patient,
        ...{ familyName: '', nhsNumber: null, localNumber: null, hasAddress: false },
      },
      referrer: {
        ...COMPLETE.referrer,
        name: null,
        registration: null,
        hasContact: false,
        isEntitled: false,
      },
      content: Object.fromEntries(
        Object.keys(COMPLETE.content).map((name) => [name, name === 'studiesCount' ? 0 : null]),
      ) as unknown as CompletenessFacts['content'],
    });
    expect(nothing.map(({ item }) => item)).toEqual([
      ...['PATIENT_IDENTIFIERS', 'REFERRER_NAME', 'REFERRER_REGISTRATION', 'REFERRER_CONTACT'],
      ...['REFERRER_ENTITLEMENT', 'REFERRER_SIGNATURE', 'CLINICAL_QUESTION', 'HISTORY', 'EARLIER_IMAGING'],
      ...['RECENT_STUDIES', 'WEIGHT', 'MOBILITY', 'PREGNANCY', 'BREAST_FEEDING'],
    ]);
    for (const { sentence } of nothing) expect(sentence).toMatch(/^[A-Z].*\.$/);
  });

  it('identifies the patient by three of name, birth date, number and address', () => {
    const of = (patient: object) => items({ patient }).includes('PATIENT_IDENTIFIERS');
    expect(of({ nhsNumber: null, localNumber: null })).toBe(false);
    expect(of({ hasAddress: false })).toBe(false);
    expect(of({ nhsNumber: null, hasAddress: false })).toBe(false);
    expect(of({ nhsNumber: null, localNumber: null, hasAddress: false })).toBe(true);
    expect(of({ givenName: '', hasAddress: false })).toBe(true);
  });

  it('asks nothing of the registration of a member of staff, and all of their entitlement', () => {
    const staff = { kind: 'STAFF', registration: null, hasContact: false };
    expect(items({ referrer: staff })).toEqual([]);
    expect(items({ referrer: { ...staff, isEntitled: false } })).toEqual(['REFERRER_ENTITLEMENT']);
    const policy = { needsReferrerEntitlement: false };
    expect(items({ referrer: { isEntitled: false }, policy })).toEqual([]);
  });

  it('asks for no last period of somebody who is pregnant, or of whom the question does not apply', () => {
    const none = { lastMenstrualPeriodOn: null };
    expect(items({ content: { ...none, pregnancy: 'PREGNANT' } })).toEqual([]);
    expect(items({ content: { ...none, pregnancy: 'DOES_NOT_APPLY' } })).toEqual([]);
    const unsure = { ...none, pregnancy: 'CANNOT_BE_EXCLUDED' };
    expect(items({ content: unsure })).toEqual(['LAST_MENSTRUAL_PERIOD']);
  });
});

describe('the ages at which it is asked', () => {
  const { policy } = COMPLETE;

  it.each([
    ['the day before the 12th birthday', '2014-11-24', false],
    ['the 12th birthday', '2014-11-23', true],
    ['the day before the 56th birthday', '1970-11-24', true],
    ['the 56th birthday', '1970-11-23', false],
  ])('%s', (_name, born, isAsked) => {
    expect(isPeriodAsked(day(born), ON, policy)).toBe(isAsked);
    const nothing = { pregnancy: null, lastMenstrualPeriodOn: null, breastFeeding: null };
    const missing = items({ patient: { dateOfBirth: day(born) }, content: nothing });
    expect(missing).toEqual(isAsked ? ['PREGNANCY', 'BREAST_FEEDING'] : []);
  });

  it('are those of the policy, both included, whatever the day of birth', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 40_000 }),
        fc.integer({ min: 0, max: 60 }),
        fc.integer({ min: 0, max: 60 }),
        (days, from, more) => {
          const born = ON.subtract({ days });
          const asked = isPeriodAsked(born, ON, {
            ...policy,
            periodAskedFromYears: from,
            periodAskedToYears: from + more,
          });
          const hasHadFirst = Temporal.PlainDate.compare(born.add({ years: from }), ON) <= 0;
          const isBeforeNext = Temporal.PlainDate.compare(born.add({ years: from + more + 1 }), ON) > 0;
          // 29 February has its birthday on 1 March of common years, where adding years says 28 February.
          fc.pre(!(born.month === 2 && born.day === 29));
          expect(asked).toBe(hasHadFirst && isBeforeNext);
        },
      ),
    );
  });

  it('are asked of somebody whose birth date is not known', () => {
    expect(isPeriodAsked(null, ON, policy)).toBe(true);
  });
});
