import { describe, expect, it } from 'vitest';
import { Temporal } from '../../platform/time/index.js';
import {
  breastFeedingStanding,
  identityStanding,
  type PregnancyFacts,
  pregnancyStanding,
  type SafetyFacts,
  safetyStanding,
} from './check-standing.rules.js';

const at = Temporal.Instant.from('2026-12-03T09:00Z');
const by = { byId: 'sam', byName: 'Sam Asker', at };
const decided = (verdict: 'PROCEED' | 'DO_NOT_PROCEED') => ({
  verdict,
  byId: 'pat',
  byName: 'Dr Decider',
  at: at.add({ minutes: 5 }),
});

describe('identity', () => {
  const three = {
    matched: ['NAME', 'DATE_OF_BIRTH', 'ADDRESS'],
    differing: [],
    askedOpenly: true,
    ...by,
  } as const;

  it.each([
    ['nothing', null, 'WAITING', 'IDENTITY_NOT_CHECKED'],
    ['three points', three, 'PASSED', 'IDENTITY_AGREES'],
    ['two points', { ...three, matched: ['NAME', 'ADDRESS'] }, 'FAILED', 'TOO_FEW_POINTS'],
    ['one point three times', { ...three, matched: ['NAME', 'NAME', 'NAME'] }, 'FAILED', 'TOO_FEW_POINTS'],
    [
      'three that agree and one that differs',
      { ...three, differing: ['NHS_NUMBER'] },
      'FAILED',
      'IDENTITY_DIFFERS',
    ],
    ['three that were read out', { ...three, askedOpenly: false }, 'FAILED', 'IDENTITY_READ_OUT'],
  ] as const)('with %s', (_what, found, state, reasonCode) => {
    expect(identityStanding(found)).toMatchObject({ state, reasonCode });
  });

  it('names who asked, and when', () => {
    expect(identityStanding(three)).toMatchObject(by);
  });
});

describe('pregnancy', () => {
  const asked = { isAsked: true, age: 30 };
  const notAsked = { isAsked: false, age: 56 };
  const said = (more: Partial<PregnancyFacts>): PregnancyFacts => ({
    answer: 'NO',
    needsWitness: true,
    witness: { byId: 'kim', byName: 'Kim Witness', at },
    decision: null,
    ...by,
    ...more,
  });

  it.each([
    ['nobody asked', null, 'WAITING', 'NOT_ASKED'],
    ['no, and witnessed', said({}), 'PASSED', 'NOT_PREGNANT'],
    ['no, and nobody beside', said({ witness: null }), 'WAITING', 'NOT_WITNESSED'],
    [
      'no, where no witness is needed',
      said({ witness: null, needsWitness: false }),
      'PASSED',
      'NOT_PREGNANT',
    ],
    ['does not apply', said({ answer: 'NOT_APPLICABLE' }), 'PASSED', 'DOES_NOT_APPLY'],
    ['yes', said({ answer: 'YES' }), 'WAITING', 'PRACTITIONER_TO_DECIDE'],
    ['cannot be excluded', said({ answer: 'CANNOT_BE_EXCLUDED' }), 'WAITING', 'PRACTITIONER_TO_DECIDE'],
    [
      'yes, decided against',
      said({ answer: 'YES', decision: decided('DO_NOT_PROCEED') }),
      'FAILED',
      'PRACTITIONER_SAID_NO',
    ],
    [
      'yes, decided for',
      said({ answer: 'YES', decision: decided('PROCEED') }),
      'PASSED',
      'PRACTITIONER_SAID_YES',
    ],
    [
      'yes, decided for, and nobody beside',
      said({ answer: 'YES', decision: decided('PROCEED'), witness: null }),
      'WAITING',
      'NOT_WITNESSED',
    ],
  ] as const)('%s', (_what, found, state, reasonCode) => {
    expect(pregnancyStanding(found, asked)).toMatchObject({ state, reasonCode });
  });

  it('does not apply outside of the ages, unless somebody asked and was answered otherwise', () => {
    expect(pregnancyStanding(null, notAsked)).toMatchObject({
      state: 'NOT_APPLICABLE',
      reasonCode: 'OUTSIDE_AGES',
    });
    expect(pregnancyStanding(said({ answer: 'YES' }), notAsked).state).toBe('WAITING');
  });

  it('is answered for by who decided', () => {
    const standing = pregnancyStanding(said({ answer: 'YES', decision: decided('PROCEED') }), asked);
    expect(standing.byName).toBe('Dr Decider');
  });
});

describe('breast-feeding', () => {
  it('is passed with its answer, and waits without', () => {
    const asked = { isAsked: true, age: 30 };
    expect(breastFeedingStanding(null, asked).state).toBe('WAITING');
    expect(breastFeedingStanding(null, { isAsked: false, age: 60 }).state).toBe('NOT_APPLICABLE');
    expect(breastFeedingStanding({ ...by, isYes: false, interruptionHours: null }, asked).state).toBe(
      'PASSED',
    );
    expect(breastFeedingStanding({ ...by, isYes: true, interruptionHours: 4 }, asked)).toMatchObject({
      state: 'PASSED',
      reason: expect.stringContaining('4 hours'),
    });
  });
});

describe('safety', () => {
  const found = (more: Partial<SafetyFacts>): SafetyFacts => ({
    concerns: ['CLAUSTROPHOBIA'],
    decidedBy: 'OPERATOR',
    decision: null,
    ...by,
    ...more,
  });

  it.each([
    ['nobody went through it', null, 'WAITING', 'NOT_GONE_THROUGH'],
    ['all as it should be', found({ concerns: [], decidedBy: null }), 'PASSED', 'SAFE'],
    ['a concern', found({}), 'WAITING', 'SAFETY_TO_BE_DECIDED'],
    ['a concern, decided for', found({ decision: decided('PROCEED') }), 'PASSED', 'SAFETY_DECIDED'],
    [
      'a concern, decided against',
      found({ decision: decided('DO_NOT_PROCEED') }),
      'FAILED',
      'SAFETY_SAID_NO',
    ],
    [
      'what nobody may overrule',
      found({ decidedBy: 'NOBODY', decision: decided('PROCEED') }),
      'FAILED',
      'SAFETY_IMPOSSIBLE',
    ],
  ] as const)('%s', (_what, facts, state, reasonCode) => {
    expect(safetyStanding(facts)).toMatchObject({ state, reasonCode });
  });
});
