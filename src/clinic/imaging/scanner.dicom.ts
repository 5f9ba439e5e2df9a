import { Inject, Injectable, Logger } from '@nestjs/common';
import {
  type AdmissionDecision,
  type AdmissionRequest,
  createDicomServer,
  type DicomServer,
  type Peer,
  type PerformedStepPort,
  type WorklistPort,
} from '../../dicom/index.js';
import { Config, loadDicomTls, StartupError } from '../../platform/config/index.js';
import { Clock } from '../../platform/time/index.js';
import { PerformedStepDoor } from './performed-step.dicom.js';
import { whyMayNotCall } from './scanner.rules.js';
import { ScannerProbe } from './scanner-probe.dicom.js';
import { ScannerTraffic } from './scanner-traffic.dicom.js';
import { WorklistMirror } from './worklist-mirror.service.js';
import { toPeer, WorklistWindow } from './worklist-view.dicom.js';

// An association that is answering gets this long to finish when the process is told to stop.
const CLOSE_GRACE_MS = 3_000;
// How old may be what an association is accepted by. A second saves a console that opens one for each query a question to
// the database; a scanner whose profile was changed a moment ago may still say C-ECHO, and nothing else is answered until
// it is known that it may call so.
const ADMISSION_AGE_MS = 1_000;
// A renewed certificate is taken up within this time, without a restart.
const CERTIFICATE_LOOK_MS = 60 * 60 * 1000;

interface OpenDoor {
  readonly host: string;
  readonly port: number;
  /** Where it speaks TLS; null when that is not set up. */
  readonly tlsPort: number | null;
}

/** What stands behind the door. */
@Injectable()
export class ScannerServices {
  constructor(
    @Inject(WorklistWindow) readonly worklist: WorklistWindow,
    @Inject(PerformedStepDoor) readonly performedSteps: PerformedStepDoor,
    @Inject(ScannerTraffic) readonly traffic: ScannerTraffic,
    @Inject(ScannerProbe) readonly probe: ScannerProbe,
  ) {}
}

/** The scanner's door: lets known scanners in, answers them from the worklist and takes in what they did. */
@Injectable()
export class ScannerDoor {
  private readonly log = new Logger('dicom');
  private server: DicomServer | null = null;
  private renewal: NodeJS.Timeout | null = null;
  /** How those called who were let in by what was known a moment ago, until it is known to be so still. */
  private readonly unconfirmed = new WeakMap<Peer, AdmissionRequest>();

  constructor(
    @Inject(Config) private readonly config: Config,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(WorklistMirror) private readonly mirror: WorklistMirror,
    @Inject(ScannerServices) private readonly services: ScannerServices,
  ) {}

  get isOpen(): boolean {
    return this.server !== null;
  }

  async open(): Promise<OpenDoor> {
    const { host, dicomPort: port, dicomAeTitle: aeTitle } = this.config;
    const { traffic, probe } = this.services;
    const tls = loadDicomTls(this.config, this.clock.now());
    // The first scanner does not wait for the first reading.
    await this.mirror.refresh();
    const server = createDicomServer({
      host,
      port,
      aeTitle,
      ...(tls === null ? {} : { tls }),
      admission: { admit: (request) => this.admit(request) },
      worklist: this.worklist(),
      performedSteps: this.performedSteps(),
      limits: {
        associationCountMax: this.config.dicomAssociationsMax,
        associationsPerAddressMax: this.config.dicomAssociationsPerAddressMax,
      },
      observer: (event) => traffic.observe(event),
    });
    const address = await server.listen().catch((error: unknown) => {
      throw cannotListen(error, this.config);
    });
    this.server = server;
    if (tls !== null) this.renewal = setInterval(() => this.renewCertificate(), CERTIFICATE_LOOK_MS).unref();
    probe.start(address);
    return { ...address, tlsPort: server.tlsAddress?.port ?? null };
  }

  async close(): Promise<void> {
    const { traffic, probe } = this.services;
    if (this.renewal !== null) clearInterval(this.renewal);
    await probe.stop();
    await this.server?.close(CLOSE_GRACE_MS);
    this.server = null;
    await traffic.close();
  }

  /**
   * A scanner that was let in by what was known a second ago is let in: each of its queries looks afresh. Nobody is
   * turned away by what is not known to be so now.
   */
  private async admit(request: AdmissionRequest): Promise<AdmissionDecision> {
    if (this.mirror.isAsOf(ADMISSION_AGE_MS)) {
      const decision = this.decide(request);
      if (decision.accepted) {
        this.unconfirmed.set(decision.peer, request);
        return decision;
      }
    }
    await this.mirror.refresh();
    return this.decide(request);
  }

  private worklist(): WorklistPort {
    const { worklist } = this.services;
    return {
      lastSeen: (peer) => worklist.lastSeen(peer),
      current: async (peer) => {
        // It looks afresh; so does this with it, and asks nothing more.
        const view = await worklist.current(peer);
        return this.mayCall(peer) ? view : null;
      },
    };
  }

  /** To a caller that may not call so there are no steps. */
  private performedSteps(): PerformedStepPort {
    const { performedSteps } = this.services;
    const confirmed = async (peer: Peer): Promise<boolean> => {
      if (this.unconfirmed.has(peer)) await this.mirror.refresh();
      return this.mayCall(peer);
    };
    return {
      create: async (step, peer, association) => {
        if (await confirmed(peer)) return performedSteps.create(step, peer, association);
        throw new Error('a scanner that may not call so began a step');
      },
      set: async (change, peer, association) =>
        (await confirmed(peer)) ? performedSteps.set(change, peer, association) : { kind: 'unknown' },
      get: async (sopInstanceUID, peer) =>
        (await confirmed(peer)) ? performedSteps.get(sopInstanceUID, peer) : null,
    };
  }

  /** After a look that is younger than the association: may it still call as it did? Asked once of each. */
  private mayCall(peer: Peer): boolean {
    const request = this.unconfirmed.get(peer);
    if (request === undefined) return true;
    const decision = this.decide(request);
    const isSo = decision.accepted && decision.peer.id === peer.id;
    if (isSo) this.unconfirmed.delete(peer);
    return isSo;
  }

  private decide(request: AdmissionRequest): AdmissionDecision {
    const { callingAETitle, remoteAddress, transport } = request;
    const probed = this.services.probe.peerFor(callingAETitle, remoteAddress);
    const played = probed === null ? undefined : this.mirror.profileOf(probed);
    if (played !== undefined) return { accepted: true, peer: toPeer(played) };
    const named = this.mirror.callersNamed(callingAETitle);
    const reasons: string[] = [];
    for (const scanner of named) {
      const reason = whyMayNotCall(scanner, { remoteAddress, ...transport });
      if (reason === null) return { accepted: true, peer: toPeer(scanner) };
      reasons.push(reason);
    }
    return {
      accepted: false,
      reason: 'calling-ae-title-not-recognised',
      explanation: reasons[0] ?? 'no scanner has this AE title',
    };
  }

  /** Files that cannot be used leave the certificate as it is; the log says so while there is time to mend them. */
  private renewCertificate(): void {
    try {
      const tls = loadDicomTls(this.config, this.clock.now());
      if (tls !== null) this.server?.renewCertificate(tls);
    } catch (error) {
      this.log.error({ event: 'certificate-not-renewed', error });
    }
  }
}

function cannotListen(error: unknown, { host, dicomPort, dicomTlsPort }: Config): unknown {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  const atFault = typeof error === 'object' && error !== null && 'port' in error ? error.port : dicomPort;
  const [port, variable] =
    atFault === dicomTlsPort ? [dicomTlsPort, 'DICOM_TLS_PORT'] : [dicomPort, 'DICOM_PORT'];
  if (code === 'EADDRINUSE') {
    return new StartupError(
      `The DICOM port ${port} on ${host} is taken by another program. Stop that program, or set ${variable} to a free port.`,
    );
  }
  if (code === 'EACCES') {
    return new StartupError(
      `This user may not listen on the DICOM port ${port}. Set ${variable} to a port above 1023.`,
    );
  }
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return new StartupError(`This machine has no address ${host}. Set HOST to one of its own addresses.`);
  }
  return error;
}
