import { describe, expect, it } from 'vitest';
import { type DataSetInput, dataSet } from '../../dicom/index.js';
import { toStepReport } from './performed-step.dicom.js';

const TOLD: DataSetInput = {
  ScheduledStepAttributesSequence: [
    { StudyInstanceUID: '1.2.3', ScheduledProcedureStepID: 'A000000001.1', AccessionNumber: 'A000000001' },
    { StudyInstanceUID: '1.2.3', ScheduledProcedureStepID: 'A000000001.2' },
  ],
  PatientName: 'Ng^Zoë',
  PatientID: 'F0000001 ',
  PatientBirthDate: '19710228',
  PerformedProcedureStepID: 'PPS7',
  PerformedStationAETitle: 'SPECTCT1',
  PerformedProcedureStepStartDate: '20260703',
  PerformedProcedureStepStartTime: '121705.25',
  PerformedProcedureStepStatus: 'IN PROGRESS',
  Modality: 'NM',
};

const report = (over: DataSetInput = {}, zone = 'Europe/London') =>
  toStepReport(dataSet({ ...TOLD, ...over }), zone);

describe('a step as the clinic understands it', () => {
  it('is what the scanner said', () => {
    expect(report()).toMatchObject({
      status: 'IN_PROGRESS',
      performedProcedureStepId: 'PPS7',
      performedStationAETitle: 'SPECTCT1',
      modality: 'NM',
      endedAt: null,
      patientId: 'F0000001',
      patientName: 'Ng^Zoë',
      patientBirthDate: '19710228',
      description: '',
      discontinuationReason: null,
      seriesCount: 0,
      references: [
        {
          scheduledProcedureStepId: 'A000000001.1',
          accessionNumber: 'A000000001',
          requestedProcedureId: '',
          studyInstanceUID: '1.2.3',
        },
        { scheduledProcedureStepId: 'A000000001.2', accessionNumber: '' },
      ],
    });
  });

  it.each([
    [{}, 'Europe/London', '2026-07-03T11:17:05.25Z'],
    [{}, 'America/New_York', '2026-07-03T16:17:05.25Z'],
    [{ TimezoneOffsetFromUTC: '+0200' }, 'Europe/London', '2026-07-03T10:17:05.25Z'],
    [{ TimezoneOffsetFromUTC: '-0330' }, 'Europe/London', '2026-07-03T15:47:05.25Z'],
    [{ TimezoneOffsetFromUTC: '+9900' }, 'Europe/London', '2026-07-03T11:17:05.25Z'],
    [{ PerformedProcedureStepStartTime: '12' }, 'UTC', '2026-07-03T12:00:00Z'],
    [{ PerformedProcedureStepStartTime: '12:17' }, 'UTC', '2026-07-03T12:17:00Z'],
    [{ PerformedProcedureStepStartTime: '235960' }, 'UTC', '2026-07-03T23:59:59Z'],
    [
      { PerformedProcedureStepStartDate: '2026.07.03', PerformedProcedureStepStartTime: '00' },
      'UTC',
      '2026-07-03T00:00:00Z',
    ],
    // There is no such time on that night: the clocks go forward.
    [
      { PerformedProcedureStepStartDate: '20260329', PerformedProcedureStepStartTime: '0130' },
      'Europe/London',
      '2026-03-29T01:30:00Z',
    ],
  ])('begins, with %j in %s, at %s', (over, zone, instant) => {
    expect(report(over, zone).startedAt.toString()).toBe(instant);
  });

  it('has an end only when it is over', () => {
    const end = { PerformedProcedureStepEndDate: '20260703', PerformedProcedureStepEndTime: '131000' };
    expect(report(end).endedAt).toBeNull();
    expect(report({ ...end, PerformedProcedureStepStatus: 'DISCONTINUED' })).toMatchObject({
      status: 'DISCONTINUED',
      endedAt: expect.objectContaining({ epochMilliseconds: Date.UTC(2026, 6, 3, 12, 10) }),
    });
  });

  // 25 October 2026: at 02:00 BST the clocks in London go back to 01:00 GMT.
  it.each([
    ['0150', '0110', 'Europe/London', '2026-10-25T00:50:00Z', '2026-10-25T01:10:00Z'],
    ['0110', '0150', 'Europe/London', '2026-10-25T00:10:00Z', '2026-10-25T00:50:00Z'],
    ['0050', '0210', 'Europe/London', '2026-10-24T23:50:00Z', '2026-10-25T02:10:00Z'],
    // Elsewhere that night has no hour twice: it is as the scanner says.
    ['0150', '0110', 'UTC', '2026-10-25T01:50:00Z', '2026-10-25T01:10:00Z'],
  ])('began at %s and ended at %s in %s: from %s until %s', (from, until, zone, startedAt, endedAt) => {
    const day = {
      PerformedProcedureStepStartDate: '20261025',
      PerformedProcedureStepStartTime: from,
      PerformedProcedureStepEndDate: '20261025',
      PerformedProcedureStepEndTime: until,
      PerformedProcedureStepStatus: 'COMPLETED',
    };
    const told = report(day, zone);
    expect([told.startedAt.toString(), told.endedAt?.toString()]).toEqual([startedAt, endedAt]);
  });

  it('says why it was broken off, by the meaning of the code or else the code', () => {
    const because = (item: DataSetInput) =>
      report({ PerformedProcedureStepDiscontinuationReasonCodeSequence: [item] }).discontinuationReason;
    expect(because({ CodeValue: '110514', CodeMeaning: 'Incorrect worklist entry selected' })).toBe(
      'Incorrect worklist entry selected',
    );
    expect(because({ CodeValue: '110514' })).toBe('110514');
    expect(because({ CodingSchemeDesignator: 'DCM' })).toBeNull();
  });

  it('is bounded, and has no halves of characters', () => {
    const long = report({ PatientName: '😀'.repeat(300) }).patientName;
    expect([...long]).toHaveLength(200);
    expect(Buffer.from(long, 'utf8').toString('utf8')).toBe(long);
    const many = Array.from({ length: 100 }, () => ({ StudyInstanceUID: '1.2.3' }));
    expect(report({ ScheduledStepAttributesSequence: many }).references).toHaveLength(32);
  });
});
