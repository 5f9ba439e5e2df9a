import { Inject, Injectable, Logger } from '@nestjs/common';
import {
  type AdmissionDecision,
  type AdmissionRequest,
  type AssociationFacts,
  createDicomServer,
  type DataSet,
  type DicomEvent,
  type DicomServer,
  type WorklistQuery,
} from '../../dicom/index.js';
import { Config, StartupError } from '../../platform/config/index.js';
import { ResponseCharacterSet } from '../../platform/database/generated/enums.js';
import { Clock } from '../../platform/time/index.js';
import { ScannerService } from './scanner.service.js';
import { toDataSet, toSearch } from './worklist.dicom.js';
import { WorklistService } from './worklist.service.js';

const CHARACTER_SETS = {
  [ResponseCharacterSet.ISO_IR_100]: 'ISO_IR 100',
  [ResponseCharacterSet.ISO_IR_192]: 'ISO_IR 192',
} as const satisfies Record<ResponseCharacterSet, string>;

// A machine that knocks without end must not fill the audit record; the log still holds every knock.
const REJECTIONS_AUDITED_PER_MINUTE_MAX = 60;
// An association that is answering gets this long to finish when the process is told to stop.
const CLOSE_GRACE_MS = 3_000;

/** The scanner's door: lets known scanners in and answers them from the worklist. */
@Injectable()
export class ScannerDoor {
  private readonly log = new Logger('dicom');
  private server: DicomServer | null = null;
  private readonly recording = new Set<Promise<void>>();
  private rejections = { minute: 0, count: 0 };

  constructor(
    @Inject(Config) private readonly config: Config,
    @Inject(ScannerService) private readonly scanners: ScannerService,
    @Inject(WorklistService) private readonly worklist: WorklistService,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  get isOpen(): boolean {
    return this.server !== null;
  }

  async open(): Promise<{ host: string; port: number }> {
    const { host, dicomPort: port, dicomAeTitle: aeTitle } = this.config;
    const server = createDicomServer({
      host,
      port,
      aeTitle,
      admission: { admit: (request) => this.admit(request) },
      worklist: { find: (query, _peer, signal) => this.candidates(query, signal) },
      observer: (event) => this.observe(event),
    });
    const address = await server.listen().catch((error: unknown) => {
      throw cannotListen(error, host, port);
    });
    this.server = server;
    return address;
  }

  async close(): Promise<void> {
    await this.server?.close(CLOSE_GRACE_MS);
    this.server = null;
    await Promise.all(this.recording);
  }

  private async *candidates(query: WorklistQuery, signal: AbortSignal): AsyncGenerator<DataSet> {
    const { clinicTimeZone } = this.config;
    for await (const item of this.worklist.find(toSearch(query, this.clock.now(), clinicTimeZone), signal)) {
      yield toDataSet(item, clinicTimeZone);
    }
  }

  private async admit(request: AdmissionRequest): Promise<AdmissionDecision> {
    if (request.calledAETitle !== this.config.dicomAeTitle) {
      return { accepted: false, reason: 'called-ae-title-not-recognised' };
    }
    const scanner = await this.scanners.recognise(request.callingAETitle, request.remoteAddress);
    if (scanner === null) return { accepted: false, reason: 'calling-ae-title-not-recognised' };
    return {
      accepted: true,
      peer: {
        id: scanner.id,
        responseCharacterSet: CHARACTER_SETS[scanner.responseCharacterSet],
        ...(scanner.ownStationByDefault ? { defaultStationAETitle: scanner.stationAETitle } : {}),
        maxAnswers: scanner.answersMax,
      },
    };
  }

  /** Everything is logged; what a patient's record or its safety is about is also written into the audit record. */
  private observe(event: DicomEvent): void {
    switch (event.type) {
      case 'find-answered':
        this.log.log({
          ...aboutOf(event),
          keys: event.keys,
          status: event.status,
          answers: event.answerCount,
        });
        this.record(
          this.scanners.recordLook({
            scannerId: event.peerId,
            callingAETitle: event.association.callingAETitle,
            remoteAddress: event.association.remoteAddress,
            stepIds: event.answeredStepIds,
            status: event.status,
          }),
        );
        return;
      case 'association-rejected':
        this.log.warn({ ...aboutOf(event), reason: event.reason });
        this.recordRejection(event.association, event.reason);
        return;
      case 'association-aborted':
      case 'protocol-error':
      case 'operation-refused':
      case 'answer-incomplete':
        this.log.warn(aboutOf(event));
        return;
      case 'connection-refused':
        this.log.warn({ event: event.type, remoteAddress: event.remoteAddress, reason: event.reason });
        return;
      case 'fault':
      case 'listener-fault':
        this.log.error({ event: event.type, error: event.error });
        return;
      case 'association-accepted':
      case 'association-released':
      case 'connection-closed':
      case 'echo-answered':
        this.log.debug?.(aboutOf(event));
    }
  }

  private recordRejection(association: AssociationFacts, reason: string): void {
    const minute = Math.floor(this.clock.now().epochMilliseconds / 60_000);
    if (minute !== this.rejections.minute) this.rejections = { minute, count: 0 };
    this.rejections.count += 1;
    if (this.rejections.count > REJECTIONS_AUDITED_PER_MINUTE_MAX) return;
    this.record(this.scanners.recordRejection(association.callingAETitle, association.remoteAddress, reason));
  }

  /** The scanner has its answer by now, so a failure here is for the log; closing waits for what is under way. */
  private record(writing: Promise<void>): void {
    const settled = writing
      .catch((error: unknown) => this.log.error({ event: 'audit-failed', error }))
      .finally(() => this.recording.delete(settled));
    this.recording.add(settled);
  }
}

type AssociationEvent = Extract<DicomEvent, { readonly association: AssociationFacts }>;

function aboutOf({ type, association }: AssociationEvent): object {
  const { associationId, remoteAddress, callingAETitle, calledAETitle } = association;
  return { event: type, associationId, remoteAddress, callingAETitle, calledAETitle };
}

function cannotListen(error: unknown, host: string, port: number): unknown {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE') {
    return new StartupError(
      `The DICOM port ${port} on ${host} is taken by another program. Stop that program, or set DICOM_PORT to a free port.`,
    );
  }
  if (code === 'EACCES') {
    return new StartupError(
      `This user may not listen on the DICOM port ${port}. Set DICOM_PORT to a port above 1023.`,
    );
  }
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return new StartupError(`This machine has no address ${host}. Set HOST to one of its own addresses.`);
  }
  return error;
}
