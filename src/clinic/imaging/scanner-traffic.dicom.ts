import { setTimeout as sleep } from 'node:timers/promises';
import { Inject, Injectable, Logger } from '@nestjs/common';
import type { AssociationFacts, DicomEvent } from '../../dicom/index.js';
import { Clock } from '../../platform/time/index.js';
import { ScannerProbe } from './scanner-probe.dicom.js';
import { singlesOf, type Traffic, TrafficBuffer, writesOf } from './scanner-traffic.rules.js';
import { type KeptQuery, ScannerTrafficService } from './scanner-traffic.service.js';
import { type Asked, toLook, veilNewest } from './scanner-traffic-asked.dicom.js';

// Short enough that the audit record is of this moment, long enough that a busy scanner costs ten transactions a second.
const WRITE_EVERY_MS = 100;
// With so many places taken the batch is written at once.
const WRITE_AT_PLACES = 500;
// Over a restart of the database; what comes meanwhile is gathered, and merged where it is alike.
const RETRY_AFTER_MS = [200, 1_000, 5_000] as const;
// A batch that is refused may hold a thousand looks; when the database is away each try waits for it, and new looks
// wait meanwhile.
const ONE_BY_ONE_MAX_MS = 30_000;

/**
 * Watches what scanners do. Everything is logged; what a patient's record or its safety is about is written into the
 * audit record, and a little is kept to explain and to watch over the scanners. Nobody waits for it: a scanner has its
 * answer by then.
 */
@Injectable()
export class ScannerTraffic {
  private readonly log = new Logger('dicom');
  private readonly buffer = new TrafficBuffer<Asked>();
  private timer: NodeJS.Timeout | null = null;
  private writing: Promise<void> | null = null;
  private isClosing = false;

  constructor(
    @Inject(ScannerTrafficService) private readonly traffic: ScannerTrafficService,
    @Inject(ScannerProbe) private readonly probe: ScannerProbe,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  observe(event: DicomEvent): void {
    // What Facet asks itself is nobody's look at a patient.
    const isOurs = 'association' in event && this.probe.isOwn(event.association.callingAETitle);
    if (isOurs && event.type !== 'fault') return;
    this.tell(event);
    this.gather(event);
  }

  /** Writes what is left. */
  async close(): Promise<void> {
    this.isClosing = true;
    await this.writing;
    await this.flush();
  }

  private tell(event: DicomEvent): void {
    switch (event.type) {
      case 'find-answered': {
        const { keys, status, answerCount: answers, problem } = event;
        this.log.log({ ...aboutOf(event), keys, status, answers, problem });
        return;
      }
      case 'association-rejected':
        this.log.warn({ ...aboutOf(event), reason: event.reason, explanation: event.explanation });
        return;
      case 'association-aborted':
        this.log.warn({ ...aboutOf(event), by: event.by, reason: event.reason });
        return;
      case 'protocol-error':
        this.log.warn({ ...aboutOf(event), problem: event.problem });
        return;
      case 'operation-refused':
        this.log.warn({ ...aboutOf(event), commandField: event.commandField, status: event.status });
        return;
      case 'answer-incomplete':
        this.log.warn({ ...aboutOf(event), missing: event.missing });
        return;
      case 'step-created':
      case 'step-changed':
      case 'step-read':
        this.log.log({ ...aboutOf(event), status: event.status, problem: event.problem });
        return;
      case 'connection-refused':
        this.log.warn({ event: event.type, remoteAddress: event.remoteAddress, reason: event.reason });
        return;
      case 'tls-failed':
        this.log.warn({ event: event.type, remoteAddress: event.remoteAddress, code: event.code });
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

  private gather(event: DicomEvent): void {
    const atMs = this.clock.nowMs();
    switch (event.type) {
      case 'find-answered':
        this.buffer.addLook(toLook(event), atMs);
        break;
      case 'echo-answered':
        this.buffer.addContact(event.peerId, 'echo', atMs);
        break;
      case 'step-created':
      case 'step-changed':
        this.buffer.addContact(event.peerId, 'step', atMs);
        break;
      case 'association-rejected':
        this.buffer.addRejection(
          { ...callerOf(event.association), reason: event.reason, explanation: event.explanation },
          atMs,
        );
        break;
      case 'tls-failed':
        this.buffer.addRejection(
          {
            callingAETitle: '',
            calledAETitle: '',
            remoteAddress: event.remoteAddress,
            secured: true,
            reason: 'tls-failed',
            explanation: `no TLS could be agreed: ${event.code}`,
          },
          atMs,
        );
        break;
      default:
        return;
    }
    this.schedule();
  }

  private schedule(): void {
    if (this.writing !== null) return;
    if (this.buffer.size >= WRITE_AT_PLACES) {
      this.startWriting();
      return;
    }
    const endsAtMs = this.buffer.beyondEndsAtMs;
    if (this.timer !== null || (this.buffer.size === 0 && endsAtMs === null)) return;
    const waitMs =
      this.buffer.size > 0 || endsAtMs === null
        ? WRITE_EVERY_MS
        : Math.max(WRITE_EVERY_MS, endsAtMs - this.clock.nowMs());
    this.timer = setTimeout(() => this.startWriting(), waitMs);
    this.timer.unref();
  }

  private startWriting(): void {
    this.writing = this.flush().finally(() => {
      this.writing = null;
      if (!this.isClosing) this.schedule();
    });
  }

  private async flush(): Promise<void> {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    const taken = this.buffer.take(this.clock.nowMs(), this.isClosing);
    if (Object.values(taken).every((list) => list.length === 0)) return;
    for (const write of writesOf({ ...taken, looks: veilNewest(taken.looks) })) await this.write(write);
  }

  private async write(traffic: Traffic<KeptQuery | null>): Promise<void> {
    for (let tries = 0; ; tries += 1) {
      try {
        await this.traffic.write(traffic);
        return;
      } catch (error) {
        const retryAfterMs = RETRY_AFTER_MS[tries];
        if (retryAfterMs === undefined) {
          await this.writeOneByOne(traffic, error);
          return;
        }
        this.log.warn({ event: 'audit-delayed', retryAfterMs, error });
        await sleep(retryAfterMs);
      }
    }
  }

  /** One look that cannot be written must not cost the others. */
  private async writeOneByOne(traffic: Traffic<KeptQuery | null>, cause: unknown): Promise<void> {
    const untilMs = this.clock.nowMs() + ONE_BY_ONE_MAX_MS;
    const lost: Traffic<KeptQuery | null>[] = [];
    let error = cause;
    for (const single of singlesOf(traffic)) {
      if (this.clock.nowMs() > untilMs) {
        lost.push(single);
        continue;
      }
      try {
        await this.traffic.write(single);
      } catch (failure) {
        error = failure;
        lost.push(single);
      }
    }
    if (lost.length > 0) this.log.error({ event: 'audit-failed', ...countsOf(lost), error });
  }
}

type AssociationEvent = Extract<DicomEvent, { readonly association: AssociationFacts }>;

function aboutOf({ type, association }: AssociationEvent): object {
  const { associationId, remoteAddress, callingAETitle, calledAETitle, secured } = association;
  return { event: type, associationId, remoteAddress, callingAETitle, calledAETitle, secured };
}

function callerOf({ callingAETitle, calledAETitle, remoteAddress, secured }: AssociationFacts) {
  return { callingAETitle, calledAETitle, remoteAddress, secured };
}

function countsOf(lost: readonly Traffic<unknown>[]): object {
  const count = (list: readonly { readonly times: number }[]): number =>
    list.reduce((sum, { times }) => sum + times, 0);
  return {
    looksLost: count(lost.flatMap(({ looks }) => looks)),
    rejectionsLost: count(lost.flatMap(({ rejections, beyond }) => [...rejections, ...beyond])),
  };
}
