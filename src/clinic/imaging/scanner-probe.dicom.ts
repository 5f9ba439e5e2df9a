import { randomBytes } from 'node:crypto';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { type DicomAddress, dataSet, Requestor, statuses } from '../../dicom/index.js';
import { Config } from '../../platform/config/index.js';
import { canonicalAddress } from './scanner.rules.js';
import { problemOfProbe } from './scanner-health.rules.js';
import { type ProbedScanner, type ProbeResult, ScannerProbeService } from './scanner-probe.service.js';
import { ScannerTrafficService } from './scanner-traffic.service.js';
import { dayText } from './worklist.rules.js';

// Often enough to be told within a minute or two, seldom enough to be nothing beside the scanners' own queries.
const PROBE_EVERY_MS = 60_000;
// A query of one day takes milliseconds; a console would wait longer than this, and a person not.
const PROBE_TIMEOUT_MS = 10_000;
// `PROBE` and eleven characters are the sixteen that an AE title may have: 44 bits nobody can guess in a minute.
const TITLE_PREFIX = 'PROBE';
const TITLE_RANDOM_CHARACTERS = 11;
// Of two rounds of the largest department: events of an association come a moment after its end.
const TITLES_REMEMBERED_MAX = 256;

/**
 * Asks the scanner port what it would tell each scanner, through the port itself, so that "up" is not taken for "well".
 * It calls itself by a name that only this process knows and that is good for one association, from this machine only.
 */
@Injectable()
export class ScannerProbe {
  private readonly log = new Logger('probe');
  private timer: NodeJS.Timeout | null = null;
  private running: Promise<void> = Promise.resolve();
  private isRunning = false;
  private door: DicomAddress | null = null;
  /** Who is played under which name now. */
  private readonly playing = new Map<string, string>();
  /** Names of ours, the oldest first. */
  private readonly ours = new Set<string>();

  constructor(
    @Inject(Config) private readonly config: Config,
    @Inject(ScannerProbeService) private readonly probes: ScannerProbeService,
    @Inject(ScannerTrafficService) private readonly traffic: ScannerTrafficService,
  ) {}

  /** `door`: where the plain port listens. */
  start(door: DicomAddress): void {
    this.door = door;
    this.timer = setInterval(() => this.begin(), PROBE_EVERY_MS);
    this.timer.unref();
    this.begin();
  }

  async stop(): Promise<void> {
    if (this.timer !== null) clearInterval(this.timer);
    this.timer = null;
    this.door = null;
    await this.running;
  }

  /** The scanner that Facet plays under this name, from this address; null when it is nobody or comes from elsewhere. */
  peerFor(callingAETitle: string, remoteAddress: string): string | null {
    const isHere = isLoopback(remoteAddress) || canonicalAddress(remoteAddress) === this.host;
    return isHere ? (this.playing.get(callingAETitle) ?? null) : null;
  }

  /** Is this a name that Facet gave itself a moment ago? */
  isOwn(callingAETitle: string): boolean {
    return this.ours.has(callingAETitle);
  }

  /** One round through all scanners. */
  async probeAll(): Promise<void> {
    await this.traffic.forgetOldQueries();
    for (const scanner of await this.probes.scanners()) {
      if (this.door === null) return;
      const result = await this.probe(scanner, this.door);
      await this.probes.noteProbe(scanner.id, result);
      if (result.problem !== null)
        this.log.warn({ event: 'probe-failed', scannerId: scanner.id, problem: result.problem });
    }
  }

  private begin(): void {
    // A round that is still under way is not joined by a second.
    if (this.isRunning) return;
    this.isRunning = true;
    this.running = this.probeAll()
      .catch((error: unknown) => this.log.error({ event: 'probe-fault', error }))
      .finally(() => {
        this.isRunning = false;
      });
  }

  private async probe(scanner: ProbedScanner, door: DicomAddress): Promise<ProbeResult> {
    const before = await this.probes.expectedToday(scanner.id);
    if (before === null) return { problem: null, answers: null };
    try {
      const { status, answers } = await this.ask(scanner, door);
      const after = await this.probes.expectedToday(scanner.id);
      const isWhole = status === statuses.success || status === statuses.outOfResources;
      if (!isWhole) {
        const problem = `the scanner port answered with the DICOM status ${status.toString(16).toUpperCase()}`;
        return { problem, answers };
      }
      const expected = { before, after: after ?? before };
      return { problem: problemOfProbe(answers, expected, scanner.answersMax), answers };
    } catch (error) {
      const why = error instanceof Error ? error.message : 'unknown';
      return { problem: `the scanner port did not answer as it should: ${why}`, answers: null };
    }
  }

  /** Nothing about a patient is asked for. */
  private async ask(
    scanner: ProbedScanner,
    door: DicomAddress,
  ): Promise<{ status: number; answers: number }> {
    const callingAETitle = this.nameFor(scanner.id);
    try {
      const requestor = await Requestor.open({
        host: this.host,
        port: door.port,
        callingAETitle,
        calledAETitle: this.config.dicomAeTitle,
        timeoutMs: PROBE_TIMEOUT_MS,
        answersMax: scanner.answersMax,
      });
      try {
        const identifier = dataSet({
          ScheduledProcedureStepSequence: [
            {
              ScheduledStationAETitle: scanner.stationAETitle,
              ScheduledProcedureStepStartDate: dayText(scanner.today),
              ScheduledProcedureStepID: '',
            },
          ],
        });
        const reply = await requestor.find(identifier);
        await requestor.release();
        return { status: reply.status, answers: reply.answers.length };
      } finally {
        requestor.destroy();
      }
    } finally {
      this.playing.delete(callingAETitle);
    }
  }

  private nameFor(scannerId: string): string {
    const name = `${TITLE_PREFIX}${randomBytes(8).toString('hex').slice(0, TITLE_RANDOM_CHARACTERS).toUpperCase()}`;
    this.playing.set(name, scannerId);
    this.ours.add(name);
    const [oldest] = this.ours;
    if (this.ours.size > TITLES_REMEMBERED_MAX && oldest !== undefined) this.ours.delete(oldest);
    return name;
  }

  /** A door that is open to every address is asked over the loopback. */
  private get host(): string {
    const host = this.door?.host ?? '';
    if (host === '0.0.0.0' || host === '') return '127.0.0.1';
    return host === '::' ? '::1' : canonicalAddress(host);
  }
}

function isLoopback(address: string): boolean {
  const plain = canonicalAddress(address);
  return plain === '::1' || plain.startsWith('127.');
}
