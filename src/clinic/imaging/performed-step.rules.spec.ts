import { describe, expect, it } from 'vitest';
import { Temporal } from '../../platform/time/index.js';
import {
  type Candidate,
  canAttach,
  contradictsClosing,
  identifiersOf,
  isSamePatient,
  matchStep,
  type ScheduledReference,
  scheduledStepsOf,
} from './performed-step.rules.js';

const BOOKING: Candidate = {
  bookingId: 'b1',
  accessionNumber: 'A000000001',
  studyInstanceUID: '1.2.840.1',
  status: 'BOOKED',
  modalities: ['NM', 'CT'],
  localNumber: 'F0000001',
  dateOfBirth: '1971-02-28',
};
const nothing: ScheduledReference = {
  scheduledProcedureStepId: '',
  accessionNumber: '',
  requestedProcedureId: '',
  studyInstanceUID: '1.2.3',
};
const named: ScheduledReference = { ...nothing, scheduledProcedureStepId: 'A000000001.2' };
const nobody = { patientId: '', patientBirthDate: '' };
const told = { ...nobody, patientId: 'F0000001' };
const ownStudy: ScheduledReference = { ...nothing, studyInstanceUID: '1.2.840.1' };

describe('what to look a booking up by', () => {
  it('is every number that the scanner names, each once', () => {
    const other = { ...nothing, accessionNumber: ' A000000001 ', requestedProcedureId: 'A000000007' };
    expect(identifiersOf([named, other])).toEqual({
      accessionNumbers: ['A000000001', 'A000000007'],
      studyInstanceUIDs: ['1.2.3'],
    });
  });
});

describe('which booking a step belongs to', () => {
  it('is the one that is named, with the scheduled steps that are named', () => {
    expect(matchStep([named], 'NM', told, [BOOKING])).toEqual({
      bookingId: 'b1',
      scheduledStepIds: ['A000000001.2'],
    });
  });

  it.each([
    ['NO_IDENTIFIERS', [nothing], nobody, []],
    ['UNKNOWN_IDENTIFIERS', [named], nobody, []],
    ['IDENTIFIERS_DISAGREE', [named], nobody, [BOOKING, { ...BOOKING, bookingId: 'b2' }]],
    ['PATIENT_DIFFERS', [named], { ...nobody, patientId: 'F0000002' }, [BOOKING]],
    ['BOOKING_CANCELLED', [named], told, [{ ...BOOKING, status: 'CANCELLED' }]],
    ['BOOKING_CANCELLED', [named], nobody, [{ ...BOOKING, status: 'CANCELLED' }]],
    ['PATIENT_NOT_NAMED', [named], nobody, [BOOKING]],
    ['PATIENT_NOT_NAMED', [named], { patientId: ' ', patientBirthDate: ' ' }, [BOOKING]],
    ['PATIENT_NOT_NAMED', [{ ...named, studyInstanceUID: '' }], nobody, [BOOKING]],
    // Whom it was done to matters more than what became of the booking.
    ['PATIENT_DIFFERS', [named], { ...nobody, patientId: 'X' }, [{ ...BOOKING, status: 'CANCELLED' }]],
  ] as const)('is for a person to say: %s', (reason, references, told, candidates) => {
    expect(matchStep(references, 'NM', told, candidates)).toEqual({ bookingId: null, reason });
  });

  it('is known by the study that only its worklist item has, when no patient is named', () => {
    const linked = { bookingId: 'b1', scheduledStepIds: ['A000000001.2'] };
    expect(matchStep([named, ownStudy], 'NM', nobody, [BOOKING])).toEqual(linked);
    const born = { ...nobody, patientBirthDate: '19710228' };
    expect(matchStep([named], 'NM', born, [BOOKING])).toEqual(linked);
  });

  it.each([
    [['A000000001.1', 'A000000001.2'], 'OT', ['A000000001.1', 'A000000001.2']],
    [['A000000001.2', 'A000000001.2'], 'NM', ['A000000001.2']],
    [['A000000001.9'], 'CT', ['A000000001.2']],
    [[''], 'NM', ['A000000001.1']],
    [[''], 'OT', ['A000000001.1', 'A000000001.2']],
  ])('steps %j of modality %s are %j', (ids, modality, expected) => {
    const references = ids.map((scheduledProcedureStepId) => ({ scheduledProcedureStepId }));
    expect(scheduledStepsOf(references, modality, BOOKING)).toEqual(expected);
  });

  it('has a step to belong to even when its camera has no scanner any more', () => {
    expect(scheduledStepsOf([], 'NM', { ...BOOKING, modalities: [] })).toEqual(['A000000001.1']);
  });
});

describe('the patient whom the scanner names', () => {
  it.each([
    ['F0000001', '', true],
    [' f0000001 ', '19000101', true],
    ['F0000002', '19710228', false],
    ['', '19710228', true],
    ['', '1971.02.28', true],
    ['', '19710227', false],
    ['', '', true],
  ])('Patient ID "%s", born "%s": the same is %s', (patientId, patientBirthDate, same) => {
    expect(isSamePatient({ patientId, patientBirthDate }, BOOKING)).toBe(same);
  });

  it('knows the number of a record that was merged into the patient’s', () => {
    const told = { ...nobody, patientId: ' f0000002 ' };
    const merged = { ...BOOKING, formerLocalNumbers: ['F0000003', 'F0000002'] };
    expect([isSamePatient(told, BOOKING), isSamePatient(told, merged)]).toEqual([false, true]);
    expect(canAttach(told, true, merged)).toBeNull();
  });

  it('keeps a person from attaching the scan of one registered patient to another’s booking', () => {
    const told = { ...nobody, patientId: 'F0000002' };
    expect(canAttach(told, true, BOOKING)?.code).toBe('PerformedStepOfSomebodyElse');
    expect(canAttach(told, false, BOOKING)).toBeNull();
    expect(canAttach({ ...nobody, patientId: 'F0000001' }, true, BOOKING)).toBeNull();
    // Whom the scanner did not name a person may name.
    expect(canAttach(nobody, false, BOOKING)).toBeNull();
  });
});

describe('a scanner that contradicts a person', () => {
  const closedAt = Temporal.Instant.from('2026-12-03T18:00:00Z');
  const after = closedAt.add({ seconds: 1 });

  it.each([
    ['COMPLETED', 'DISCONTINUED', after, true],
    ['COMPLETED', 'IN_PROGRESS', after, true],
    ['COMPLETED', 'COMPLETED', after, false],
    // That person knew it.
    ['COMPLETED', 'DISCONTINUED', closedAt, false],
    [null, 'DISCONTINUED', after, false],
  ] as const)('closed as %s, then %s: %#', (closedAs, status, changedAt, expected) => {
    const closing = { closedAs, closedAt: closedAs === null ? null : closedAt };
    expect(contradictsClosing({ status, changedAt }, closing)).toBe(expected);
  });
});
