import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { VisitStatus } from '../../platform/database/generated/enums.js';
import { instantOfLocal, localTime, Temporal } from '../../platform/time/index.js';
import { CheckNotOnTheDay, VisitNotToBeChecked } from './check.refusals.js';
import {
  answererProblem,
  breastFeedingProblem,
  canRecord,
  identityProblem,
  pregnancyProblem,
  resumeAt,
} from './check-entry.rules.js';

const ZONE = 'Europe/London';
const day = (text: string) => Temporal.PlainDate.from(text);
const on = day('2026-12-03');

describe('recording of a visit', () => {
  it.each([
    [VisitStatus.BOOKED, null],
    [VisitStatus.ARRIVED, null],
    [VisitStatus.IN_PROGRESS, null],
    [VisitStatus.COMPLETED, null],
    [VisitStatus.DISCONTINUED, null],
    [VisitStatus.HELD, VisitNotToBeChecked],
    [VisitStatus.LAPSED, VisitNotToBeChecked],
    [VisitStatus.CANCELLED, VisitNotToBeChecked],
    [VisitStatus.NO_SHOW, VisitNotToBeChecked],
  ])('that is %s', (status, refusal) => {
    const answer = canRecord({ status, on }, on);
    if (refusal === null) expect(answer).toBeNull();
    else expect(answer).toBeInstanceOf(refusal);
  });

  it('is refused on any other day, with the day to come back on', () => {
    for (const other of [on.subtract({ days: 1 }), on.add({ days: 1 })]) {
      const refusal = canRecord({ status: VisitStatus.BOOKED, on }, other);
      expect(refusal).toBeInstanceOf(CheckNotOnTheDay);
      expect(refusal).toMatchObject({
        visitOn: '2026-12-03',
        message: expect.stringContaining('3 December 2026'),
      });
    }
  });
});

describe('who answered', () => {
  it('is named when it was not the patient alone, and only then', () => {
    expect(answererProblem({ answeredBy: 'PATIENT' })).toBeNull();
    expect(answererProblem({ answeredBy: 'PATIENT', answererName: ' ' })).toBeNull();
    expect(answererProblem({ answeredBy: 'RELATIVE', answererName: 'Ada Hart' })).toBeNull();
    expect(answererProblem({ answeredBy: 'PATIENT', answererName: 'Ada Hart' })).toMatch('answererName');
    expect(answererProblem({ answeredBy: 'INTERPRETER', answererName: ' ' })).toMatch('answererName');
  });
});

describe('points of identity', () => {
  it('are asked for, and agree or differ', () => {
    expect(identityProblem({ matched: ['NAME'], differing: ['ADDRESS'] })).toBeNull();
    expect(identityProblem({ matched: [], differing: [] })).toMatch('matched');
    expect(identityProblem({ matched: ['NAME'], differing: ['NAME'] })).toMatch('NAME');
  });
});

describe('the answer about pregnancy', () => {
  const facts = { born: day('1990-01-01'), today: on };
  const no = { potential: 'YES', answer: 'NO', lastPeriodOn: '2026-11-20' } as const;

  it.each([
    ['a no with the last period', no, null],
    [
      'a no without a period, and why',
      { potential: 'NOT_SAID', answer: 'NO', lastPeriodUnknownWhy: 'Coil' },
      null,
    ],
    ['a yes', { ...no, answer: 'YES' }, null],
    ['that cannot be excluded', { ...no, answer: 'CANNOT_BE_EXCLUDED' }, null],
    [
      'that does not apply',
      { potential: 'NO', answer: 'NOT_APPLICABLE', notApplicableReason: 'No womb' },
      null,
    ],
    [
      'that does not apply, unexplained',
      { potential: 'NO', answer: 'NOT_APPLICABLE' },
      'notApplicableReason',
    ],
    ['that does not apply, with a potential', { ...no, answer: 'NOT_APPLICABLE' }, 'answer'],
    ['a no without potential', { ...no, potential: 'NO' }, 'answer'],
    ['explained though it applies', { ...no, notApplicableReason: 'x' }, 'notApplicableReason'],
    ['without any period', { potential: 'YES', answer: 'NO' }, 'lastPeriodOn'],
    ['with a period and why there is none', { ...no, lastPeriodUnknownWhy: 'x' }, 'lastPeriodOn'],
    ['with a period tomorrow', { ...no, lastPeriodOn: '2026-12-04' }, 'future'],
    ['with a period before birth', { ...no, lastPeriodOn: '1989-12-31' }, 'born'],
    [
      'that does not apply, with a period',
      { potential: 'NO', answer: 'NOT_APPLICABLE', notApplicableReason: 'x', lastPeriodOn: '2026-11-20' },
      'lastPeriodOn',
    ],
  ] as const)('%s', (_what, entry, problem) => {
    const found = pregnancyProblem(entry, facts);
    if (problem === null) expect(found).toBeNull();
    else expect(found).toMatch(problem);
  });
});

describe('the answer about breast-feeding', () => {
  it('has advice with a yes, and a reason where it does not apply', () => {
    expect(breastFeedingProblem({ answer: 'NO' })).toBeNull();
    expect(breastFeedingProblem({ answer: 'YES', advice: 'Stop for four hours.' })).toBeNull();
    expect(breastFeedingProblem({ answer: 'NOT_APPLICABLE', notApplicableReason: 'x' })).toBeNull();
    expect(breastFeedingProblem({ answer: 'YES', advice: ' ' })).toMatch('advice');
    expect(breastFeedingProblem({ answer: 'NO', advice: 'x' })).toMatch('advice');
    expect(breastFeedingProblem({ answer: 'NOT_APPLICABLE' })).toMatch('notApplicableReason');
    expect(breastFeedingProblem({ answer: 'NO', notApplicableReason: 'x' })).toMatch('notApplicableReason');
  });
});

describe('when feeding may go on', () => {
  const at = (text: string) => instantOfLocal(Temporal.PlainDateTime.from(text), ZONE);

  it('counts hours as they pass: a night whose clocks go forward reads an hour later', () => {
    expect(localTime(resumeAt(at('2027-03-27T23:00'), 4), ZONE).toString()).toBe('04:00:00');
  });

  it('and a night whose clocks go back reads an hour earlier', () => {
    expect(localTime(resumeAt(at('2027-10-30T23:00'), 4), ZONE).toString()).toBe('02:00:00');
  });

  it('is always exactly as long as was said', () => {
    const start = Temporal.Instant.from('2027-01-01T00:00Z').epochMilliseconds;
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 525_600 }),
        fc.integer({ min: 0, max: 240 }),
        (minutes, hours) => {
          const injected = Temporal.Instant.fromEpochMilliseconds(start + minutes * 60_000);
          return resumeAt(injected, hours).since(injected).total('hours') === hours;
        },
      ),
    );
  });
});
