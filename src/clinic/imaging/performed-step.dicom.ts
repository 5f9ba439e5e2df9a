import { Inject, Injectable } from '@nestjs/common';
import {
  type AssociationFacts,
  applySet,
  type CreateOutcome,
  type DataSet,
  judgeSet,
  type Peer,
  type PerformedStepPort,
  performedStepStatus,
  readDataSet,
  type SetOutcome,
  type StepChange,
  type StepCreation,
  type StepProblem,
  writeDataSet,
} from '../../dicom/index.js';
import { PerformedStepStatus } from '../../platform/database/generated/enums.js';
import { instantOfLocal, Temporal } from '../../platform/time/index.js';
import type { ScheduledReference } from './performed-step.rules.js';
import { PerformedStepService } from './performed-step.service.js';
import type { JudgedChange, StepCaller, StepReport, WrittenStep } from './performed-step-report.type.js';

// The border for performed steps: on one side the clinic's words, on the other DICOM's. PS3.4 Annex F, PS3.3 §C.4.13 to
// §C.4.15.

/** How steps are kept: every value with its VR, whatever the scanner spoke. */
const STORED_AS = 'explicit-vr-little-endian';

// A visit has two steps at most; a message that names more than this is not about one.
const REFERENCES_MAX = 32;
// PS3.5 allows 64 characters (LO, PN: 64 for each component group); some scanners send more, and a list shows less.
const TEXT_MAX_CHARACTERS = 200;

const STATUSES = {
  'IN PROGRESS': PerformedStepStatus.IN_PROGRESS,
  COMPLETED: PerformedStepStatus.COMPLETED,
  DISCONTINUED: PerformedStepStatus.DISCONTINUED,
} as const;

/** Answers a scanner only after what it said is committed. */
@Injectable()
export class PerformedStepDoor implements PerformedStepPort {
  constructor(@Inject(PerformedStepService) private readonly steps: PerformedStepService) {}

  create(step: StepCreation, peer: Peer, association: AssociationFacts): Promise<CreateOutcome> {
    const read = (timeZone: string) => toWrittenStep(step.dataSet, timeZone);
    return this.steps.recordCreate(step, read, callerOf(peer, association));
  }

  set(change: StepChange, peer: Peer, association: AssociationFacts): Promise<SetOutcome> {
    const judge = (stored: Uint8Array, timeZone: string) =>
      judgeChange(stored, change.modifications, timeZone);
    return this.steps.recordSet(change, judge, callerOf(peer, association));
  }

  async get(sopInstanceUID: string, peer: Peer): Promise<DataSet | null> {
    const stored = await this.steps.dataSetFor(sopInstanceUID, peer.id);
    return stored === null ? null : readStored(stored);
  }
}

function callerOf(peer: Peer, { callingAETitle, remoteAddress }: AssociationFacts): StepCaller {
  return { scannerId: peer.id, callingAETitle, source: remoteAddress };
}

/** PS3.4 §F.7.2.2 on the step as it is stored. Asked under its lock. */
function judgeChange(
  stored: Uint8Array,
  modifications: DataSet,
  timeZone: string,
): JudgedChange<StepProblem> {
  const current = readStored(stored);
  const problem = judgeSet(current, modifications);
  if (problem === 'already-final') return { kind: 'already-final' };
  if (problem !== null) return { kind: 'invalid', problem };
  return { kind: 'changed', step: toWrittenStep(applySet(current, modifications), timeZone) };
}

function readStored(stored: Uint8Array): DataSet {
  return readDataSet(Buffer.from(stored.buffer, stored.byteOffset, stored.byteLength), STORED_AS);
}

function toWrittenStep(dataSet: DataSet, timeZone: string): WrittenStep {
  return { dataSet: writeDataSet(dataSet, STORED_AS), report: toStepReport(dataSet, timeZone) };
}

/** A data set that was judged sound, as facts. Its times are on the clock beside the scanner unless it names an offset. */
export function toStepReport(step: DataSet, timeZone: string): StepReport {
  const zone = offsetOf(step) ?? timeZone;
  const status = STATUSES[performedStepStatus(step) ?? 'IN PROGRESS'];
  const isOver = status !== PerformedStepStatus.IN_PROGRESS;
  const startedAt = instantOfLocal(localOf(step, 'Start'), zone);
  return {
    status,
    performedProcedureStepId: textOf(step, 'PerformedProcedureStepID'),
    performedStationAETitle: textOf(step, 'PerformedStationAETitle'),
    modality: textOf(step, 'Modality'),
    startedAt,
    endedAt: isOver ? endOf(step, startedAt, zone) : null,
    patientId: textOf(step, 'PatientID'),
    patientName: textOf(step, 'PatientName'),
    patientBirthDate: textOf(step, 'PatientBirthDate'),
    references: step.items('ScheduledStepAttributesSequence').slice(0, REFERENCES_MAX).map(toReference),
    description: textOf(step, 'PerformedProcedureStepDescription'),
    discontinuationReason: discontinuationReasonOf(step),
    seriesCount: step.items('PerformedSeriesSequence').length,
  };
}

function toReference(item: DataSet): ScheduledReference {
  return {
    scheduledProcedureStepId: textOf(item, 'ScheduledProcedureStepID'),
    accessionNumber: textOf(item, 'AccessionNumber'),
    requestedProcedureId: textOf(item, 'RequestedProcedureID'),
    studyInstanceUID: textOf(item, 'StudyInstanceUID'),
  };
}

function discontinuationReasonOf(step: DataSet): string | null {
  const [item] = step.items('PerformedProcedureStepDiscontinuationReasonCodeSequence');
  if (item === undefined) return null;
  return textOf(item, 'CodeMeaning') || textOf(item, 'CodeValue') || null;
}

/** Without halves of characters, which the database cannot keep. */
function textOf(dataSet: DataSet, keyword: string): string {
  const text = dataSet
    .text(keyword)
    .replace(/\p{Cs}/gu, '\uFFFD')
    .trim();
  return [...text].slice(0, TEXT_MAX_CHARACTERS).join('');
}

/** Timezone Offset From UTC (0008,0201): `&ZZXX`, from -1200 to +1400. */
function offsetOf(step: DataSet): string | null {
  const match = /^([+-])(\d{2})(\d{2})$/.exec(step.text('TimezoneOffsetFromUTC').trim());
  if (match === null) return null;
  const [, sign = '+', hours = '', minutes = ''] = match;
  if (Number(hours) > 14 || Number(minutes) > 59) return null;
  return `${sign}${hours}:${minutes}`;
}

/** In the hour that comes twice when the clocks go back an end before the beginning is one of the second time. */
function endOf(step: DataSet, startedAt: Temporal.Instant, timeZone: string): Temporal.Instant {
  const local = localOf(step, 'End');
  const endedAt = instantOfLocal(local, timeZone);
  if (Temporal.Instant.compare(endedAt, startedAt) >= 0) return endedAt;
  return local.toZonedDateTime(timeZone, { disambiguation: 'later' }).toInstant();
}

/** DA and TM as PS3.5 has them and as ACR-NEMA had: 20261203, 2026.12.03; 0930, 093000.5, 09:30:00. */
function localOf(step: DataSet, which: 'Start' | 'End'): Temporal.PlainDateTime {
  const day = step.text(`PerformedProcedureStep${which}Date`).replace(/\D/g, '');
  const [time = '', fraction = ''] = step
    .text(`PerformedProcedureStep${which}Time`)
    .replaceAll(':', '')
    .split('.');
  const part = (from: number) => Number(time.slice(from, from + 2) || 0);
  return Temporal.PlainDateTime.from({
    year: Number(day.slice(0, 4)),
    month: Number(day.slice(4, 6)),
    day: Number(day.slice(6, 8)),
    hour: part(0),
    minute: part(2),
    // 60 is a leap second.
    second: Math.min(part(4), 59),
    millisecond: Number(fraction.slice(0, 3).padEnd(3, '0')),
  });
}
