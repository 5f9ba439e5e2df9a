import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Temporal } from '../../platform/time/index.js';
import {
  awaitsConfirmation,
  type ConsentGround,
  type DatedPolicy,
  type DatedWording,
  endOf,
  policyAt,
  validUntil,
  wordingAt,
  wordingFor,
} from './consent-policy.rules.js';
import { policyProblem } from './consent-policy-entry.rules.js';

const LONDON = 'Europe/London';
const at = (text: string) => Temporal.Instant.from(text);
/** Instants as text: two of them compare as objects without anything in them. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
const day = (text: string) => Temporal.PlainDate.from(text);
const policy = (from: string, parts: Partial<DatedPolicy> = {}): DatedPolicy => ({
  procedureCode: null,
  effectiveFrom: day(from),
  newWordingAsks: false,
  validFor: null,
  validForUnit: null,
  confirmation: 'NOT_NEEDED',
  confirmAfterDays: null,
  needsDiscussion: false,
  needsEvidence: false,
  ...parts,
});
const wording = (id: string, from: string, parts: Partial<DatedWording> = {}): DatedWording => ({
  id,
  locale: 'en-GB',
  procedureCode: null,
  effectiveFrom: at(from),
  ...parts,
});
const ground = (policies: DatedPolicy[], wordings: DatedWording[] = []): ConsentGround => ({
  policies,
  wordings,
  timeZone: LONDON,
});
const yes = (decided: string, wordingId = 'w1', procedureCode: string | null = null) => ({
  wordingId,
  procedureCode,
  decidedAt: at(decided),
});

describe('the wording in force', () => {
  const wordings = [wording('2', '2026-01-20T00:00:00Z'), wording('1', '2026-01-10T00:00:00Z')];
  it.each([
    ['2026-01-09T23:59:59Z', undefined],
    ['2026-01-10T00:00:00Z', '1'],
    ['2026-01-19T23:59:59Z', '1'],
    ['2026-01-20T00:00:00Z', '2'],
    ['2030-01-01T00:00:00Z', '2'],
  ])('at %s is %s', (when, id) => {
    expect(wordingAt(wordings, at(when))?.id).toBe(id);
  });

  it('is the procedure’s own before the one for every procedure, and of its language', () => {
    const all = [
      wording('any', '2026-01-01T00:00:00Z'),
      wording('facet', '2026-02-01T00:00:00Z', { procedureCode: 'FACET' }),
      wording('cymraeg', '2026-01-01T00:00:00Z', { locale: 'cy-GB' }),
    ];
    const find = (procedureCode: string | null, when: string, locale = 'en-GB') =>
      wordingFor(all, { locale, procedureCode }, at(when))?.id;
    expect(find('FACET', '2026-01-15T00:00:00Z')).toBe('any');
    expect(find('FACET', '2026-02-01T00:00:00Z')).toBe('facet');
    expect(find('OTHER', '2026-02-01T00:00:00Z')).toBe('any');
    expect(find('FACET', '2026-02-01T00:00:00Z', 'cy-GB')).toBe('cymraeg');
    expect(find(null, '2026-02-01T00:00:00Z', 'fr-FR')).toBeUndefined();
  });
});

describe('the rules in force', () => {
  it('are the procedure’s before everybody’s, the latest first, by the clinic’s calendar', () => {
    const rows = ground([
      policy('2026-01-01', { validFor: 1, validForUnit: 'DAYS' }),
      policy('2026-07-01', { validFor: 2, validForUnit: 'DAYS' }),
      policy('2026-03-01', { validFor: 3, validForUnit: 'DAYS', procedureCode: 'FACET' }),
    ]);
    const days = (code: string | null, when: string) => policyAt(rows, code, at(when))?.validFor;
    expect(days(null, '2025-12-31T23:59:59Z')).toBeUndefined();
    expect(days(null, '2026-01-01T00:00:00Z')).toBe(1);
    // 30 June 2026, 23:30 UTC is already 1 July in London.
    expect(days(null, '2026-06-30T22:59:59Z')).toBe(1);
    expect(days(null, '2026-06-30T23:00:00Z')).toBe(2);
    expect(days('FACET', '2026-02-28T12:00:00Z')).toBe(1);
    expect(days('FACET', '2026-08-01T12:00:00Z')).toBe(3);
  });
});

describe('validity', () => {
  it.each([
    ['DAYS', 30, '2026-03-01T09:00:00Z', '2026-03-31T23:00:00Z'],
    ['MONTHS', 1, '2026-08-31T09:00:00Z', '2026-09-30T23:00:00Z'],
    ['MONTHS', 6, '2026-08-31T09:00:00Z', '2027-03-01T00:00:00Z'],
    // Both clock changes: the day ends at local midnight.
    ['DAYS', 1, '2027-03-27T12:00:00Z', '2027-03-28T23:00:00Z'],
    ['DAYS', 1, '2027-10-30T12:00:00Z', '2027-11-01T00:00:00Z'],
  ] as const)('%s %i from %s ends %s', (validForUnit, validFor, decided, ends) => {
    const rule = policy('2020-01-01', { validFor, validForUnit });
    expect(validUntil(yes(decided), rule, LONDON)?.toString()).toBe(ends);
    const rules = ground([rule]);
    expect(endOf(yes(decided), rules, at(ends).subtract({ milliseconds: 1 }))).toBeNull();
    expect(plain(endOf(yes(decided), rules, at(ends)))).toEqual({ at: ends, because: 'VALIDITY_OVER' });
  });

  it('that is made shorter ends a consent on the day of the new rule, and one made longer revives nothing', () => {
    const shorter = ground([
      policy('2020-01-01', { validFor: 12, validForUnit: 'MONTHS' }),
      policy('2026-09-01', { validFor: 1, validForUnit: 'MONTHS' }),
    ]);
    const given = yes('2026-03-01T09:00:00Z');
    expect(endOf(given, shorter, at('2026-08-31T22:59:59Z'))).toBeNull();
    expect(endOf(given, shorter, at('2027-01-01T00:00:00Z'))?.at.toString()).toBe('2026-08-31T23:00:00Z');
    const longer = ground([
      policy('2020-01-01', { validFor: 1, validForUnit: 'MONTHS' }),
      policy('2026-06-01', { validFor: 60, validForUnit: 'MONTHS' }),
    ]);
    expect(endOf(given, longer, at('2026-07-01T00:00:00Z'))?.at.toString()).toBe('2026-04-01T23:00:00Z');
  });
});

describe('a newer wording', () => {
  const wordings = [
    wording('w1', '2020-01-01T00:00:00Z'),
    wording('w2', '2026-06-01T00:00:00Z'),
    wording('cy2', '2026-05-01T00:00:00Z', { locale: 'cy-GB' }),
  ];
  it('ends a consent where the rules say so, and only one of its own language', () => {
    const asks = ground([policy('2020-01-01', { newWordingAsks: true })], wordings);
    const given = yes('2026-03-01T09:00:00Z');
    expect(endOf(given, asks, at('2026-05-31T23:59:59Z'))).toBeNull();
    expect(endOf(given, asks, at('2026-06-01T00:00:00Z'))).toMatchObject({ because: 'WORDING_REPLACED' });
    expect(endOf(given, ground([policy('2020-01-01')], wordings), at('2027-01-01T00:00:00Z'))).toBeNull();
    expect(endOf(yes('2026-06-02T00:00:00Z', 'w2'), asks, at('2027-01-01T00:00:00Z'))).toBeNull();
  });

  it('ends it when the rule comes after the wording, on the day of the rule', () => {
    const later = ground([policy('2020-01-01'), policy('2026-09-01', { newWordingAsks: true })], wordings);
    expect(endOf(yes('2026-03-01T09:00:00Z'), later, at('2027-01-01T00:00:00Z'))?.at.toString()).toBe(
      '2026-08-31T23:00:00Z',
    );
  });
});

describe('laws', () => {
  const rows = fc.array(
    fc.record({
      from: fc.integer({ min: 0, max: 400 }),
      validFor: fc.option(fc.integer({ min: 1, max: 200 })),
      newWordingAsks: fc.boolean(),
    }),
    { maxLength: 4 },
  );
  const starts = fc.array(fc.integer({ min: 0, max: 400 }), { maxLength: 4 });
  it('what has ended stays ended, from the moment at which it ended', () => {
    fc.assert(
      fc.property(rows, starts, fc.nat(500), fc.nat(500), (policies, wordings, first, more) => {
        const rules = ground(
          policies.map(({ from, validFor, newWordingAsks }) =>
            policy(day('2026-01-01').add({ days: from }).toString(), {
              validFor,
              validForUnit: validFor === null ? null : 'DAYS',
              newWordingAsks,
            }),
          ),
          [
            wording('w1', '2020-01-01T00:00:00Z'),
            ...wordings.map((days, i) => ({
              ...wording(`later-${i}`, '2026-01-01T00:00:00Z'),
              effectiveFrom: at('2026-01-01T00:00:00Z').add({ hours: 24 * days + 1 }),
            })),
          ],
        );
        const given = yes('2026-01-01T12:00:00Z');
        const early = given.decidedAt.add({ hours: 24 * first });
        const ended = endOf(given, rules, early);
        const later = endOf(given, rules, early.add({ hours: 24 * more }));
        if (ended !== null) {
          expect(plain(later)).toEqual(plain(ended));
          expect(plain(endOf(given, rules, ended.at))).toEqual(plain(ended));
          if (Temporal.Instant.compare(ended.at, given.decidedAt) > 0) {
            expect(endOf(given, rules, ended.at.subtract({ milliseconds: 1 }))).toBeNull();
          }
        }
      }),
    );
  });
});

describe('confirming', () => {
  const given = yes('2026-03-01T09:00:00Z');
  const onTheDay = ground([policy('2020-01-01', { confirmation: 'ON_THE_DAY' })]);
  it('on the day means the clinic’s day, also when the clocks change', () => {
    const waits = (confirmed: string, when: string) =>
      awaitsConfirmation(given, [at(confirmed)], onTheDay, at(when));
    expect(awaitsConfirmation(given, [], onTheDay, at('2026-03-01T10:00:00Z'))).toBe(true);
    expect(waits('2026-03-10T08:00:00Z', '2026-03-10T09:00:00Z')).toBe(false);
    expect(waits('2026-03-10T08:00:00Z', '2026-03-11T09:00:00Z')).toBe(true);
    expect(waits('2026-03-10T10:00:00Z', '2026-03-10T09:00:00Z')).toBe(true);
    // Summer time: 23:30 UTC is half past midnight of the next day.
    expect(waits('2026-07-01T22:30:00Z', '2026-07-01T23:30:00Z')).toBe(true);
    expect(waits('2026-07-01T23:05:00Z', '2026-07-02T10:00:00Z')).toBe(false);
    // The day on which an hour comes twice is one day.
    expect(waits('2027-10-31T00:30:00Z', '2027-10-31T23:30:00Z')).toBe(false);
  });

  it('after so many days counts from the consent or its last confirmation', () => {
    const after = ground([policy('2020-01-01', { confirmation: 'AFTER_DAYS', confirmAfterDays: 30 })]);
    const waits = (when: string, confirmed: string[] = []) =>
      awaitsConfirmation(given, confirmed.map(at), after, at(when));
    expect(waits('2026-03-31T09:00:00Z')).toBe(false);
    expect(waits('2026-04-01T09:00:00Z')).toBe(true);
    expect(waits('2026-04-30T09:00:00Z', ['2026-04-01T09:00:00Z'])).toBe(false);
    expect(waits('2026-05-02T09:00:00Z', ['2026-04-01T09:00:00Z'])).toBe(true);
  });

  it('is not asked where nothing is set', () => {
    expect(awaitsConfirmation(given, [], ground([]), at('2030-01-01T00:00:00Z'))).toBe(false);
  });
});

describe('new rules', () => {
  const { effectiveFrom: _, procedureCode: __, ...plain } = policy('2026-01-01');
  it.each([
    ['MARKETING', {}, null],
    ['MARKETING', { procedureCode: 'FACET' }, 'procedureCode'],
    ['MARKETING', { validFor: 3 }, 'validForUnit'],
    ['MARKETING', { validForUnit: 'DAYS' }, 'validFor'],
    ['MARKETING', { confirmation: 'ON_THE_DAY' }, 'confirmation'],
    ['MARKETING', { needsDiscussion: true }, 'needsDiscussion'],
    ['IMAGING_TRACER_AND_XRAYS', { confirmation: 'AFTER_DAYS' }, 'confirmAfterDays'],
    ['IMAGING_TRACER_AND_XRAYS', { confirmAfterDays: 3 }, 'confirmAfterDays'],
    [
      'IMAGING_TRACER_AND_XRAYS',
      { needsDiscussion: true, confirmation: 'AFTER_DAYS', confirmAfterDays: 3 },
      null,
    ],
    ['PROCEDURE', { needsDiscussion: false }, 'needsDiscussion'],
    ['PROCEDURE', { needsDiscussion: true, procedureCode: 'FACET' }, null],
  ] as const)('%s %j: %s', (purpose, parts, field) => {
    const problem = policyProblem({ ...plain, purpose, procedureCode: '', ...parts });
    expect(problem === null ? null : problem.split(':')[0]).toBe(field);
  });
});
