import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { VisitStatus } from '../../platform/database/generated/enums.js';
import { Temporal } from '../../platform/time/index.js';
import {
  canAdd,
  canAdministerAgain,
  canInject,
  canRecordResidual,
  compareActivity,
  departureProblem,
  measurementProblem,
  residualProblem,
  type StandingAdministration,
  unitProblem,
} from './administration.rules.js';

const LONDON = 'Europe/London';
const at = (text: string) => Temporal.Instant.from(text);
const PLANNED_AT = at('2026-03-10T09:00:00Z');
const NOW = at('2026-03-10T09:10:00Z');
const PLAN = {
  plannedMbq: 800,
  drl: { mbq: 900, citation: 'for a test' },
  tolerancePercent: 10,
  unitMistakeFactor: 6,
};
const visit = (status: VisitStatus) => ({ status, injectionPlannedAt: PLANNED_AT });

describe('an injection', () => {
  it.each(['ARRIVED', 'IN_PROGRESS', 'COMPLETED', 'DISCONTINUED'] as const)(
    'can be recorded while the visit is %s',
    (status) => {
      expect(canInject(visit(status), at('2026-03-10T09:07:00Z'), NOW, LONDON)).toBeNull();
    },
  );

  it.each(['HELD', 'BOOKED', 'NO_SHOW', 'CANCELLED', 'LAPSED'] as const)(
    'cannot while the visit is %s',
    (status) => {
      expect(canInject(visit(status), NOW, NOW, LONDON)).toMatchObject({ code: 'PatientNotHere', status });
    },
  );

  it('is neither ahead nor on another local day', () => {
    const judge = (text: string) => canInject(visit('ARRIVED'), at(text), NOW, LONDON);
    expect(judge('2026-03-10T09:10:00Z')).toBeNull();
    expect(judge('2026-03-10T09:10:00.001Z')).toMatchObject({ code: 'InjectionTimeImplausible' });
    expect(judge('2026-03-09T23:59:59Z')).toMatchObject({ code: 'InjectionTimeImplausible' });
    expect(judge('2026-03-10T00:00:00Z')).toBeNull();
  });

  it('belongs to the day on the wall, also when the clocks change', () => {
    const summer = { status: VisitStatus.ARRIVED, injectionPlannedAt: at('2027-03-28T09:00:00Z') };
    const judge = (text: string) => canInject(summer, at(text), at('2027-03-29T12:00:00Z'), LONDON);
    expect(judge('2027-03-28T22:59:59Z')).toBeNull();
    expect(judge('2027-03-28T23:00:00Z')).toMatchObject({ code: 'InjectionTimeImplausible' });
    const autumn = { status: VisitStatus.ARRIVED, injectionPlannedAt: at('2027-10-31T09:00:00Z') };
    const late = (text: string) => canInject(autumn, at(text), at('2027-11-01T12:00:00Z'), LONDON);
    expect(late('2027-10-30T23:00:00Z')).toBeNull();
    expect(late('2027-10-31T23:59:59Z')).toBeNull();
  });
});

describe('the measurements', () => {
  const judge = (measured: string, residual: string | null, now = NOW) =>
    measurementProblem(
      {
        measuredAt: at(measured),
        injectedAt: at('2026-03-10T09:00:00Z'),
        residualMeasuredAt: residual === null ? null : at(residual),
      },
      now,
      LONDON,
    );

  it('are of the day of the injection, on the wall', () => {
    const later = at('2026-03-12T09:00:00Z');
    expect(judge('2026-03-10T08:40:00Z', '2026-03-10T23:59:00Z', later)).toBeNull();
    expect(judge('2026-03-10T08:40:00Z', '2026-03-11T09:05:00Z', later)).toMatchObject({
      code: 'MeasurementOutOfOrder',
      measurement: 'residualMeasuredAt',
    });
  });

  it('lie on both sides of the injection', () => {
    expect(judge('2026-03-10T08:40:00Z', '2026-03-10T09:05:00Z')).toBeNull();
    expect(judge('2026-03-10T09:00:00Z', '2026-03-10T09:00:00Z')).toBeNull();
  });

  it.each([
    ['2026-03-10T09:00:01Z', null, 'measuredAt'],
    ['2026-03-09T08:40:00Z', null, 'measuredAt'],
    ['2026-03-10T08:40:00Z', '2026-03-10T08:59:59Z', 'residualMeasuredAt'],
    ['2026-03-10T08:40:00Z', '2026-03-10T09:10:01Z', 'residualMeasuredAt'],
  ])('are refused at %s and %s', (measured, residual, measurement) => {
    expect(judge(measured, residual)).toMatchObject({ code: 'MeasurementOutOfOrder', measurement });
  });
});

describe('the activity', () => {
  it('leaves something in the patient: what stayed in the syringe is less than what was in it', () => {
    expect(residualProblem({ drawnMbq: 12, residualMbq: 12 })).toMatchObject({ code: 'ResidualExceedsDose' });
    expect(residualProblem({ drawnMbq: 12, residualMbq: 0 })).toBeNull();
  });

  it.each([
    [719.9, 'BELOW_PLAN'],
    [720, 'AS_PLANNED'],
    [880, 'AS_PLANNED'],
    [880.1, 'ABOVE_PLAN'],
    [900, 'ABOVE_PLAN'],
    [900.1, 'ABOVE_DRL'],
  ])('of %f MBq is %s', (mbq, comparison) => {
    expect(compareActivity(mbq, PLAN)).toBe(comparison);
  });

  it('above the plan asks for a reason, and above the reference level names it', () => {
    expect(departureProblem(880, PLAN, false)).toBeNull();
    expect(departureProblem(890, PLAN, false)).toMatchObject({ exceededDrlMbq: null });
    expect(departureProblem(901, PLAN, false)).toMatchObject({
      code: 'DepartureNeedsReason',
      exceededDrlMbq: 900,
      message: expect.stringContaining('for a test'),
    });
    expect(departureProblem(901, PLAN, true)).toBeNull();
  });

  it('in another unit does not pass, whatever the plan', () => {
    const planned = fc.double({ min: 20, max: 1_000, noNaN: true });
    const nearly = fc.double({ min: 0.5, max: 2, noNaN: true });
    fc.assert(
      fc.property(
        planned,
        nearly,
        fc.constantFrom(37, 1 / 37, 1_000, 0.001),
        (plannedMbq, scatter, mistake) => {
          const plan = { ...PLAN, plannedMbq };
          expect(unitProblem(plannedMbq * scatter, plan)).toBeNull();
          expect(unitProblem(plannedMbq * scatter * mistake, plan)).toMatchObject({
            code: 'ActivityImplausible',
          });
        },
      ),
    );
  });
});

describe('a record that stands', () => {
  const standing: StandingAdministration = {
    id: 'one',
    ordinal: 1,
    version: 2,
    entry: 'RESIDUAL_MEASURED',
    injectedAt: at('2026-03-10T09:00:00Z'),
    hasExtravasated: false,
    residualActivityMbq: 12,
  };
  const voided = { ...standing, entry: 'VOIDED' as const };
  const extravasated = { ...standing, hasExtravasated: true };

  it('keeps another injection away, unless it was void or ran beside the vein and somebody decided', () => {
    expect(canAdministerAgain([], false)).toBeNull();
    expect(canAdministerAgain([standing], false)).toMatchObject({ code: 'AlreadyAdministered' });
    expect(canAdministerAgain([standing], true)).toMatchObject({ code: 'AlreadyAdministered' });
    expect(canAdministerAgain([voided], false)).toBeNull();
    expect(canAdministerAgain([extravasated], false)).toMatchObject({
      message: expect.stringMatching(/beside the vein/),
    });
    expect(canAdministerAgain([extravasated], true)).toBeNull();
    expect(canAdministerAgain([extravasated, standing], true)).toMatchObject({ code: 'AlreadyAdministered' });
  });

  it('is added to by whoever has seen its latest entry, until it is void', () => {
    expect(canAdd(standing, 2)).toBeNull();
    expect(canAdd(standing, 1)).toMatchObject({ code: 'AdministrationChangedMeanwhile', currentVersion: 2 });
    expect(canAdd(voided, 2)).toMatchObject({ code: 'AdministrationVoid' });
    expect(canRecordResidual(standing, 2)).toMatchObject({ code: 'ResidualAlreadyRecorded' });
    expect(canRecordResidual({ ...standing, residualActivityMbq: null }, 2)).toBeNull();
    expect(canRecordResidual(voided, 2)).toMatchObject({ code: 'AdministrationVoid' });
  });
});
