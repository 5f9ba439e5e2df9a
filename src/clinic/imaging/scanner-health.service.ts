import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import { Database } from '../../platform/database/database.service.js';
import type { Prisma } from '../../platform/database/generated/client.js';
import { ScanBookingStatus } from '../../platform/database/generated/enums.js';
import { notFound } from '../../platform/refusal/refusal.js';
import {
  Clock,
  dateFromInstant,
  formatDate,
  formatLocalDateTime,
  instantFromDate,
  type Temporal,
} from '../../platform/time/index.js';
import { type BookedScan, isSilent, type Silence, wordsOfStatus } from './scanner-health.rules.js';
import type { ScannerHealth, ScannerRejection } from './scanner-health.type.js';
import { toScanner } from './scanner-profile.queries.js';
import type { Scanner } from './scanner-profile.type.js';
import { adviceOn, isLikelyThis, reasonInWords } from './scanner-rejection.rules.js';
import { REJECTIONS_KEPT_MAX } from './scanner-traffic.queries.js';

// The last working day is looked for so far back: over the longest closing of a clinic.
const LOOK_BACK_DAYS = 31;
// What a person reads; the rest is in the audit record.
const REJECTIONS_SHOWN_MAX = 20;

const WITH_CONTACT = { contact: true } as const satisfies Prisma.ScannerInclude;
type ScannerRow = Prisma.ScannerGetPayload<{ include: typeof WITH_CONTACT }>;
type RejectionRow = Prisma.ScannerRejectionGetPayload<object>;

/** Health is told by traffic and not by state: what was last heard of each scanner, and what our own query found. */
@Injectable()
export class ScannerHealthService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Config) private readonly config: Config,
  ) {}

  /** Of the scanners that may call, or of one of them; by name. */
  async scannerHealth(scannerId: string | null): Promise<ScannerHealth[]> {
    const rows = await this.scannersWithContact(scannerId);
    if (scannerId !== null && rows.length === 0) throw notFound('scanner');
    const rejections = await this.rejections();
    const scans = await this.scansByCamera(rows);
    return rows.map((row) => this.toHealth(row, scans.get(row.resourceId) ?? [], rejections));
  }

  /** How many are silent: a figure that a person should look at when it is not 0. */
  async scannersSilent(): Promise<number> {
    const rows = await this.scannersWithContact(null);
    const scans = await this.scansByCamera(rows);
    return rows.filter((row) => this.silenceOf(row, scans.get(row.resourceId) ?? []).isSilent).length;
  }

  /** Callers that were turned away and are likely this scanner, newest first. */
  async likelyRejections(scanner: Scanner, addressesSeen: readonly string[]): Promise<ScannerRejection[]> {
    return this.toLikely(await this.rejections(), scanner, addressesSeen);
  }

  /** Callers that no other scanner is known for and that may be this one, newest first. */
  async strangers(others: readonly Scanner[], scanner: Scanner): Promise<ScannerRejection[]> {
    const rows = await this.rejections();
    const unknown = rows.filter((row) => others.every((other) => !isLikelyThis(row, other, [])));
    return unknown.slice(0, REJECTIONS_SHOWN_MAX).map((row) => this.toRejection(row, scanner));
  }

  private scannersWithContact(scannerId: string | null): Promise<ScannerRow[]> {
    return this.database.client.scanner.findMany({
      where: { retiredAt: null, ...(scannerId === null ? {} : { id: scannerId }) },
      include: WITH_CONTACT,
      orderBy: { name: 'asc' },
    });
  }

  private rejections(): Promise<RejectionRow[]> {
    return this.database.client.scannerRejection.findMany({
      orderBy: [{ rejectedAt: 'desc' }, { id: 'desc' }],
      take: REJECTIONS_KEPT_MAX,
    });
  }

  /** In one statement, however many scanners there are. */
  private async scansByCamera(rows: readonly ScannerRow[]): Promise<ReadonlyMap<string, BookedScan[]>> {
    const now = this.clock.now();
    const bookings = await this.database.client.scanBooking.findMany({
      where: {
        cameraId: { in: rows.map((row) => row.resourceId) },
        status: { notIn: [ScanBookingStatus.CANCELLED, ScanBookingStatus.NO_SHOW] },
        scanStartsAt: {
          gte: dateFromInstant(now.subtract({ hours: 24 * LOOK_BACK_DAYS })),
          // To the end of today on any clock: today counts only when its last scan is over.
          lt: dateFromInstant(now.add({ hours: 48 })),
        },
      },
      select: { cameraId: true, scanStartsAt: true, scanEndsAt: true },
    });
    const scans = new Map<string, BookedScan[]>();
    for (const { cameraId, scanStartsAt, scanEndsAt } of bookings) {
      const scan = { scanStartsAt: instantFromDate(scanStartsAt), scanEndsAt: instantFromDate(scanEndsAt) };
      scans.set(cameraId, [...(scans.get(cameraId) ?? []), scan]);
    }
    return scans;
  }

  private silenceOf(row: ScannerRow, scans: readonly BookedScan[]): Silence {
    const heard = {
      echoedAt: instantOrNull(row.contact?.echoedAt),
      queriedAt: instantOrNull(row.contact?.queriedAt),
      steppedAt: instantOrNull(row.contact?.steppedAt),
    };
    return isSilent(heard, scans, instantFromDate(row.connectedAt), this.clock.now(), this.zoneOf(row));
  }

  private toHealth(
    row: ScannerRow,
    scans: readonly BookedScan[],
    rejections: readonly RejectionRow[],
  ): ScannerHealth {
    const { contact, ...rest } = row;
    const scanner = toScanner(rest);
    const silence = this.silenceOf(row, scans);
    const queriedAt = instantOrNull(contact?.queriedAt);
    const isProbed = contact !== null && contact.probedAt !== null;
    return {
      scanner,
      silent: silence.isSilent,
      silentSince: silence.since,
      summary: this.summaryOf(row, silence),
      echoedAt: instantOrNull(contact?.echoedAt),
      queriedAt,
      queryAnswers: contact?.queryAnswers ?? null,
      queryStatus: queriedAt === null ? null : wordsOfStatus(contact?.queryStatus ?? null),
      steppedAt: instantOrNull(contact?.steppedAt),
      probedAt: instantOrNull(contact?.probedAt),
      probeOk: isProbed ? contact.probeProblem === null : null,
      probeProblem: contact?.probeProblem ?? null,
      probeAnswers: contact?.probeAnswers ?? null,
      rejections: this.toLikely(rejections, scanner, []),
    };
  }

  private summaryOf(row: ScannerRow, silence: Silence): string {
    const { contact, name } = row;
    const zone = this.zoneOf(row);
    if (silence.isSilent && silence.workingDay !== null) {
      const day = formatDate(silence.workingDay);
      const since =
        silence.since === null
          ? 'and never before'
          : `and last on ${formatLocalDateTime(silence.since, zone)}`;
      return `${name} was not heard on ${day} although patients were booked, ${since}. Check that it is switched on, that its worklist query is switched on, and its network cable.`;
    }
    if (contact?.probeProblem) return `Facet’s own query went wrong: ${contact.probeProblem}.`;
    const queriedAt = instantOrNull(contact?.queriedAt);
    if (queriedAt === null) return `${name} has not asked for its worklist yet.`;
    return `${name} last asked for its worklist on ${formatLocalDateTime(queriedAt, zone)}: ${contact?.queryAnswers ?? 0} answers, ${wordsOfStatus(contact?.queryStatus ?? null)}.`;
  }

  private toLikely(
    rows: readonly RejectionRow[],
    scanner: Scanner,
    addressesSeen: readonly string[],
  ): ScannerRejection[] {
    return rows
      .filter((row) => isLikelyThis(row, scanner, addressesSeen))
      .slice(0, REJECTIONS_SHOWN_MAX)
      .map((row) => this.toRejection(row, scanner));
  }

  private toRejection(row: RejectionRow, scanner: Scanner): ScannerRejection {
    const { callingAETitle, calledAETitle, source, secured } = row;
    return {
      rejectedAt: instantFromDate(row.rejectedAt),
      callingAETitle,
      calledAETitle,
      source,
      secured,
      reason: reasonInWords(row),
      advice: adviceOn(row, scanner, this.config.dicomAeTitle),
    };
  }

  private zoneOf({ timeZone }: ScannerRow): string {
    return timeZone ?? this.config.clinicTimeZone;
  }
}

function instantOrNull(date: Date | null | undefined): Temporal.Instant | null {
  return date === null || date === undefined ? null : instantFromDate(date);
}
