import { describe, expect, it } from 'vitest';
import { TreatmentStatus } from '../../platform/database/generated/enums.js';
import { Temporal } from '../../platform/time/index.js';
import { TreatmentChanged, TreatmentStandsOtherwise } from './treatment.refusals.js';
import {
  allowedTreatmentActions,
  aspectsAskedOf,
  canTreatment,
  doesPauseHold,
  steroidOf,
  steroidPlanned,
  TREATMENT_MOVES,
} from './treatment.rules.js';

const ACTIONS = [
  ...([
    'plan',
    'book',
    'decline',
    'cancel',
    'pause',
    'start',
    'record',
    'correct',
    'addComplication',
  ] as const),
];
/** By hand: what may be done where. */
const ALLOWED: Readonly<Record<TreatmentStatus, readonly string[]>> = {
  REQUESTED: ['plan', 'book', 'decline', 'cancel'],
  PLANNED: ['plan', 'book', 'decline', 'cancel', 'pause', 'start'],
  IN_PROGRESS: ['record', 'addComplication'],
  DONE: ['correct', 'addComplication'],
  DECLINED: [],
  CANCELLED: [],
  ABANDONED: ['correct', 'addComplication'],
};

describe('a treatment', () => {
  it.each(Object.values(TreatmentStatus))('that is %s lets through what it lets through', (status) => {
    expect(allowedTreatmentActions(status)).toEqual(ALLOWED[status]);
    for (const action of ACTIONS) {
      const refusal = canTreatment({ status, version: 3 }, action, 3);
      if (ALLOWED[status].includes(action)) expect(refusal).toBeNull();
      else expect(refusal).toBeInstanceOf(TreatmentStandsOtherwise);
    }
  });

  it('can get everywhere but to ABANDONED by its moves, and there by its record', () => {
    const reached = new Set(Object.values(TREATMENT_MOVES).flatMap((moves) => Object.values(moves)));
    expect([...reached].toSorted()).toEqual(Object.values(TreatmentStatus).toSorted());
  });

  it('that has changed since it was seen is refused', () => {
    expect(canTreatment({ status: 'PLANNED', version: 4 }, 'start', 3)).toBeInstanceOf(TreatmentChanged);
  });
});

describe('what is asked', () => {
  it('grows with needles that burn, steroids and X-rays', () => {
    const bare = { kind: 'MEDIAL_BRANCH_BLOCK', guidance: 'ULTRASOUND', hasSteroid: false } as const;
    expect(aspectsAskedOf(bare)).toEqual(['ANTICOAGULANT', 'ALLERGY', 'INFECTION']);
    expect(
      aspectsAskedOf({ kind: 'RADIOFREQUENCY_DENERVATION', guidance: 'FLUOROSCOPY', hasSteroid: true }),
    ).toEqual(['ANTICOAGULANT', 'ALLERGY', 'INFECTION', 'CARDIAC_IMPLANT', 'DIABETES', 'PREGNANCY']);
    expect(aspectsAskedOf({ ...bare, guidance: 'CT' })).toContain('PREGNANCY');
  });
});

describe('a pause', () => {
  const at = Temporal.Instant.from('2027-10-31T00:50:00Z');
  it('holds a quarter of an hour, also when the clocks change', () => {
    expect(doesPauseHold(at, at)).toBe(true);
    expect(doesPauseHold(at, at.add({ minutes: 15 }))).toBe(true);
    expect(doesPauseHold(at, at.add({ minutes: 15, seconds: 1 }))).toBe(false);
    expect(doesPauseHold(at, at.subtract({ seconds: 1 }))).toBe(false);
  });
});

describe('steroid', () => {
  it('is counted as methylprednisolone', () => {
    expect(steroidOf(40, 1)).toBe(40);
    expect(steroidOf(8, 5.333)).toBe(42.66);
    expect(steroidOf(null, 1)).toBeNull();
    expect(steroidOf(10, null)).toBeNull();
  });

  it('of a plan is not known while somebody has to say how much', () => {
    const local = { agentKind: 'LOCAL_ANAESTHETIC', steroidMg: null } as const;
    expect(steroidPlanned([])).toBe(0);
    expect(steroidPlanned([local, { agentKind: 'STEROID', steroidMg: 40 }])).toBe(40);
    expect(steroidPlanned([local, { agentKind: 'STEROID', steroidMg: null }])).toBeNull();
  });
});
