import { describe, expect, it } from 'vitest';
import { ScheduledStepStatus, SexForClinicalUse } from '../../platform/database/generated/enums.js';
import { Temporal } from '../../platform/time/index.js';
import { patientNameOf, patientSexOf, personNameOf, toDataSet } from './worklist.dicom.js';
import type { WorklistItem } from './worklist.type.js';

const ITEM: WorklistItem = {
  scheduledProcedureStepId: 'A000000001.1',
  bookingId: 'b',
  scannerId: 's',
  status: ScheduledStepStatus.SCHEDULED,
  closedGate: null,
  closedBecause: null,
  timeZone: 'Europe/London',
  modality: 'NM',
  stationAETitle: 'SPECTCT1',
  stationName: 'SPECTCT1',
  startsAt: Temporal.Instant.from('2026-07-03T08:30:00Z'),
  accessionNumber: 'A000000001',
  studyInstanceUID: '2.25.1',
  procedureDescription: 'Bone SPECT-CT',
  referrerName: 'Dr Amelia Hart',
  priority: 'URGENT',
  cameraName: 'SPECT-CT 1 on the ground floor',
  patientId: 'id',
  localNumber: 'F0000001',
  familyName: 'Brontë-Hale',
  givenName: 'Zoë',
  middleNames: null,
  namePrefix: 'Ms',
  dateOfBirth: '1974-05-18',
  sexForClinicalUse: SexForClinicalUse.FEMALE,
  care: {
    pregnancy: null,
    weightKg: null,
    allergies: [],
    alerts: [],
    needs: [],
    injection: null,
  },
};

function stepTimeAt(instant: string): readonly (string | undefined)[] {
  const set = toDataSet({ ...ITEM, startsAt: Temporal.Instant.from(instant) });
  const [step] = set.items('ScheduledProcedureStepSequence');
  return [step?.text('ScheduledProcedureStepStartDate'), step?.text('ScheduledProcedureStepStartTime')];
}

describe('a worklist item on its way to the scanner', () => {
  it('carries the names as DICOM writes them', () => {
    expect(patientNameOf(ITEM)).toBe('Brontë-Hale^Zoë^^Ms');
    expect(patientNameOf({ ...ITEM, namePrefix: null })).toBe('Brontë-Hale^Zoë');
    expect(personNameOf('Dr Amelia Jane Hart')).toBe('Hart^Amelia^Jane^Dr');
    expect(personNameOf('Hart')).toBe('Hart');
    expect(personNameOf('Dr')).toBe('Dr');
    expect(personNameOf('A\\B^C=D')).toBe('D^A^B C');
    expect(personNameOf(`Dr ${'x'.repeat(200)}`).length).toBeLessThanOrEqual(64);
  });

  it('says the wall-clock time beside the scanner, in winter and in summer', () => {
    expect(stepTimeAt('2026-07-03T08:30:00Z')).toEqual(['20260703', '093000']);
    expect(stepTimeAt('2026-12-03T09:30:00Z')).toEqual(['20261203', '093000']);
  });

  it('says the right time on both sides of both clock changes of 2026', () => {
    expect(stepTimeAt('2026-03-28T12:00:00Z')).toEqual(['20260328', '120000']);
    expect(stepTimeAt('2026-03-29T12:00:00Z')).toEqual(['20260329', '130000']);
    expect(stepTimeAt('2026-10-24T12:00:00Z')).toEqual(['20261024', '130000']);
    expect(stepTimeAt('2026-10-25T12:00:00Z')).toEqual(['20261025', '120000']);
  });

  it('makes a location of any name that a camera may have', () => {
    const named = { ...ITEM, cameraName: 'Cam\\era\t😀'.padEnd(40, '😀') };
    const [step] = toDataSet(named).items('ScheduledProcedureStepSequence');
    expect([...(step?.text('ScheduledProcedureStepLocation') ?? '')]).toHaveLength(16);
    expect(step?.texts('ScheduledProcedureStepLocation')).toHaveLength(1);
  });

  it('says what whoever scans should know, and leaves out what is not known', () => {
    const empty = toDataSet(ITEM);
    for (const keyword of ['PregnancyStatus', 'PatientWeight', 'Allergies', 'MedicalAlerts', 'SpecialNeeds'])
      expect(empty.has(keyword)).toBe(false);
    expect(empty.has('RadiopharmaceuticalInformationSequence')).toBe(false);
    const told = toDataSet({
      ...ITEM,
      care: {
        pregnancy: 'POSSIBLY_PREGNANT',
        weightKg: 71.5,
        allergies: ['Latex', 'Iodine'],
        alerts: ['Implant: Pacemaker'],
        needs: ['Wheelchair', 'Speaks: Polish'],
        injection: null,
      },
    });
    expect(told.numbers('PregnancyStatus')).toEqual([2]);
    expect(told.text('PatientWeight')).toBe('71.5');
    expect(told.texts('Allergies')).toEqual(['Latex', 'Iodine']);
    expect(told.texts('MedicalAlerts')).toEqual(['Implant: Pacemaker']);
    expect(told.text('SpecialNeeds')).toBe('Wheelchair; Speaks: Polish');
  });

  it('says what was injected when, in MBq and with the offset from UTC, on both sides of a clock change', () => {
    const injected = (at: string) => {
      const injection = {
        injectedAt: Temporal.Instant.from(at),
        netActivityMbq: 776.94,
        tracerName: 'Tc-99m oxidronate',
        halfLifeHours: 6.0067,
      };
      return toDataSet({ ...ITEM, care: { ...ITEM.care, injection } });
    };
    const told = injected('2026-10-24T08:00:00Z');
    const [sequence] = told.items('RadiopharmaceuticalInformationSequence');
    expect(sequence?.text('RadionuclideTotalDose')).toBe('776.94');
    expect(sequence?.text('RadionuclideHalfLife')).toBe('21624.12');
    expect(sequence?.text('Radiopharmaceutical')).toBe('Tc-99m oxidronate');
    const startOf = (set: typeof told) =>
      set.items('RadiopharmaceuticalInformationSequence')[0]?.text('RadiopharmaceuticalStartDateTime');
    expect(startOf(told)).toBe('20261024090000+0100');
    expect(startOf(injected('2026-10-25T08:00:00Z'))).toBe('20261025080000+0000');
    const [step] = told.items('ScheduledProcedureStepSequence');
    expect(step?.text('CommentsOnTheScheduledProcedureStep')).toBe(
      'Injected 776.9 MBq net of Tc-99m oxidronate on Saturday 24 October 2026 at 09:00.',
    );
  });

  it('keeps a location inside DICOM SH and a sex inside its codes', () => {
    const [step] = toDataSet(ITEM).items('ScheduledProcedureStepSequence');
    expect(step?.text('ScheduledProcedureStepLocation')?.length).toBeLessThanOrEqual(16);
    expect(Object.values(SexForClinicalUse).map(patientSexOf).toSorted()).toEqual(['', 'F', 'M', 'O']);
  });
});
