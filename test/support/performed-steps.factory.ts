import { randomUUID } from 'node:crypto';
import { AuditService } from '../../src/clinic/audit/audit.service.js';
import { PerformedStepDoor } from '../../src/clinic/imaging/performed-step.dicom.js';
import { PerformedStepWatch } from '../../src/clinic/imaging/performed-step.jobs.js';
import { PerformedStepService } from '../../src/clinic/imaging/performed-step.service.js';
import type { PerformedStep } from '../../src/clinic/imaging/performed-step.type.js';
import { PerformedStepAttachmentService } from '../../src/clinic/imaging/performed-step-attachment.service.js';
import { PerformedStepMatchService } from '../../src/clinic/imaging/performed-step-match.service.js';
import { PerformedStepRecordService } from '../../src/clinic/imaging/performed-step-record.service.js';
import type { ScanBooking } from '../../src/clinic/imaging/scan-booking.type.js';
import { ScanClosingService } from '../../src/clinic/imaging/scan-closing.service.js';
import { ScanProgressService } from '../../src/clinic/imaging/scan-progress.service.js';
import {
  type AssociationFacts,
  type CreateOutcome,
  type DataSet,
  type DataSetInput,
  dataSet,
  type SetOutcome,
  uidFromUuid,
  writeDataSet,
} from '../../src/dicom/index.js';
import { readConfig } from '../../src/platform/config/index.js';
import { isRefusal, type Refusal } from '../../src/platform/refusal/refusal.js';
import type { Imaging } from './imaging.factory.js';
import { aStaffActor } from './patients.factory.js';

export const RADIOGRAPHER = aStaffActor();

/** What the clinic does with performed steps, built by hand on what {@link imagingOn} has built. */
export function performedStepsOn({ database, clock, records, worklist, visitsRoom, doses }: Imaging) {
  const config = readConfig({}, '/tmp');
  const audit = new AuditService(database, clock);
  const progress = new ScanProgressService(clock, records, worklist, audit, visitsRoom.settle, doses);
  const matches = new PerformedStepMatchService(clock);
  const steps = new PerformedStepService(database, clock, config, matches, progress, audit);
  const list = new PerformedStepRecordService(database, config, audit);
  return {
    progress,
    steps,
    list,
    door: new PerformedStepDoor(steps),
    watch: new PerformedStepWatch(steps),
    closing: new ScanClosingService(database, clock, config, records, progress),
    attachments: new PerformedStepAttachmentService(database, list, matches, progress, audit),
  };
}

export type PerformedSteps = ReturnType<typeof performedStepsOn>;

/** The steps that a scanner is to name as its own doing; a step id is one of the booking's. */
export interface Told {
  readonly booking?: ScanBooking;
  readonly stepIds?: readonly string[];
  readonly patientId?: string;
  readonly over?: DataSetInput;
}

/** What a console sends when it begins: the scheduled steps that it was given, or none when it was given none. */
export function aBeginning({ booking, stepIds, patientId = '', over = {} }: Told): DataSet {
  const ids = stepIds ?? (booking ? [`${booking.accessionNumber}.1`] : ['']);
  return dataSet({
    ScheduledStepAttributesSequence: ids.map((id) => ({
      AccessionNumber: booking?.accessionNumber ?? '',
      StudyInstanceUID: booking?.studyInstanceUID ?? uidFromUuid(randomUUID()),
      RequestedProcedureID: booking?.accessionNumber ?? '',
      ScheduledProcedureStepID: id,
    })),
    PatientName: 'Told^By the scanner',
    PatientID: patientId,
    PatientBirthDate: '',
    PatientSex: '',
    PerformedProcedureStepID: 'PPS1',
    PerformedStationAETitle: 'SPECTCT1',
    PerformedProcedureStepStartDate: '20260310',
    PerformedProcedureStepStartTime: '121700',
    PerformedProcedureStepStatus: 'IN PROGRESS',
    Modality: 'NM',
    PerformedSeriesSequence: null,
    ...over,
  });
}

/** What a console sends when it ends. */
export function anEnd(status: 'COMPLETED' | 'DISCONTINUED', over: DataSetInput = {}): DataSet {
  return dataSet({
    PerformedProcedureStepStatus: status,
    PerformedProcedureStepEndDate: '20260310',
    PerformedProcedureStepEndTime: '131000',
    PerformedSeriesSequence: [{ SeriesInstanceUID: uidFromUuid(randomUUID()), ProtocolName: 'Bone SPECT' }],
    ...over,
  });
}

/** A scanner that has an association. */
export class Console {
  private readonly association: AssociationFacts;

  constructor(
    private readonly clinic: PerformedSteps,
    readonly scannerId: string,
    callingAETitle = 'SPECTCT1',
  ) {
    this.association = {
      associationId: 1,
      remoteAddress: '192.0.2.7',
      callingAETitle,
      calledAETitle: 'FACET',
      secured: false,
    };
  }

  private get peer() {
    return { id: this.scannerId, responseCharacterSet: [], maxAnswers: 500 };
  }

  create(sopInstanceUID: string, told: DataSet): Promise<CreateOutcome> {
    const bytes = writeDataSet(told, 'implicit-vr-little-endian');
    const step = {
      sopInstanceUID,
      dataSet: told,
      bytes,
      transferSyntax: 'implicit-vr-little-endian' as const,
    };
    return this.clinic.door.create(step, this.peer, this.association);
  }

  set(sopInstanceUID: string, modifications: DataSet): Promise<SetOutcome> {
    const bytes = writeDataSet(modifications, 'implicit-vr-little-endian');
    const change = {
      sopInstanceUID,
      modifications,
      bytes,
      transferSyntax: 'implicit-vr-little-endian' as const,
    };
    return this.clinic.door.set(change, this.peer, this.association);
  }

  get(sopInstanceUID: string): Promise<DataSet | null> {
    return this.clinic.door.get(sopInstanceUID, this.peer);
  }

  /** Begins a step; its UID. */
  async begin(told: Told): Promise<string> {
    const sopInstanceUID = uidFromUuid(randomUUID());
    const outcome = await this.create(sopInstanceUID, aBeginning(told));
    if (outcome.kind !== 'created') throw new Error(`not created: ${outcome.kind}`);
    return sopInstanceUID;
  }

  async end(
    sopInstanceUID: string,
    status: 'COMPLETED' | 'DISCONTINUED',
    over: DataSetInput = {},
  ): Promise<void> {
    const outcome = await this.set(sopInstanceUID, anEnd(status, over));
    if (outcome.kind !== 'changed') throw new Error(`not changed: ${outcome.kind}`);
  }
}

/** The step that a scanner calls so. */
export async function stepCalled(imaging: Imaging, sopInstanceUID: string) {
  return imaging.database.client.performedStep.findUniqueOrThrow({
    where: { sopInstanceUID },
    include: { links: true, messages: { orderBy: { id: 'asc' } } },
  });
}

export function mustBeStep(result: PerformedStep | Refusal): PerformedStep {
  if (isRefusal(result)) throw new Error(`${result.code}: ${result.message}`);
  return result;
}
