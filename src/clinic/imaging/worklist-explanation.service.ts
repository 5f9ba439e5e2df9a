import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import { Database } from '../../platform/database/database.service.js';
import type { Prisma } from '../../platform/database/generated/client.js';
import { notFound } from '../../platform/refusal/refusal.js';
import {
  Clock,
  dateFromInstant,
  instantFromDate,
  localDate,
  type Temporal,
} from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { Actor } from '../audit/audit.type.js';
import { wordsOfStatus } from './scanner-health.rules.js';
import { ScannerHealthService } from './scanner-health.service.js';
import type { ScannerRejection } from './scanner-health.type.js';
import { toScanner } from './scanner-profile.queries.js';
import { QUERIES_KEPT_HOURS, QUERIES_KEPT_MAX } from './scanner-traffic.queries.js';
import { dayText, offeredDays, whyHidden } from './worklist.rules.js';
import type { WorklistItem } from './worklist.type.js';
import { replay } from './worklist-explanation.dicom.js';
import {
  type QueryStanding,
  reasonsAgainst,
  type StepStanding,
  shownBy,
  summaryOf,
  verdictOf,
} from './worklist-explanation.rules.js';
import type { ExplainedQuery, WorklistExplanation } from './worklist-explanation.type.js';
import { WorklistMirror } from './worklist-mirror.service.js';

type ScannerRow = Prisma.ScannerGetPayload<{ include: { contact: true } }>;
type QueryRow = Prisma.ScannerQueryGetPayload<object>;

const WITH_CAMERA = { camera: { select: { name: true } } } as const satisfies Prisma.ScanBookingInclude;
type BookingRow = Prisma.ScanBookingGetPayload<{ include: typeof WITH_CAMERA }>;

/** Why a scanner sees a booking or does not: from its profile, its recent queries and its calls that were turned away. */
@Injectable()
export class WorklistExplanationService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Config) private readonly config: Config,
    @Inject(AuditService) private readonly audit: AuditService,
    @Inject(WorklistMirror) private readonly mirror: WorklistMirror,
    @Inject(ScannerHealthService) private readonly health: ScannerHealthService,
  ) {}

  /** It is a look at the patient, and recorded as one. */
  async explainWorklist(
    actor: Actor,
    scanBookingId: string,
    scannerId: string,
  ): Promise<WorklistExplanation> {
    const { booking, scanner } = await this.look(actor, scanBookingId, scannerId);
    const timeZone = scanner.timeZone ?? this.config.clinicTimeZone;
    const items = await this.mirror.itemsOfBooking(scanBookingId);
    const steps = items.map((item) => this.toStanding(item, scanner, timeZone));
    const asking = { ...scanner, isRetired: scanner.retiredAt !== null, timeZone };
    const reasons = reasonsAgainst(
      {
        status: booking.status,
        cameraName: booking.camera.name,
        scannerAtCamera: await this.scannerAt(booking.cameraId),
        steps,
      },
      asking,
    );
    const bookedAt = instantFromDate(booking.bookedAt);
    const visible = items.filter((_, at) => steps[at]?.hidden === null);
    const isOffered = visible.length > 0;
    const held = { bookedAt, changedAt: instantFromDate(booking.changedAt), isOffered };
    const told = (await this.queriesOf(scannerId)).map((row) =>
      toExplained(row, isOffered ? visible : items, held),
    );
    const queries = told.map(({ explained }) => explained);
    const rejections = await this.rejectionsOf(scanner, queries);
    const lastAskedAt = queries[0]?.receivedAt ?? instantOrNull(scanner.contact?.queriedAt);
    const findings = {
      reasons,
      queries: told.map(({ standing }) => standing),
      lastAskedAt,
      rejection: rejections[0] ?? null,
      bookedAt,
    };
    const verdict = verdictOf(findings);
    const summary = summaryOf(verdict, findings, asking);
    const closedGate = items[0]?.closedGate ?? null;
    return { scanBookingId, scannerId, verdict, summary, reasons, closedGate, queries, rejections };
  }

  private async look(actor: Actor, scanBookingId: string, scannerId: string) {
    return this.database.transaction(async (tx): Promise<{ booking: BookingRow; scanner: ScannerRow }> => {
      const booking = await tx.scanBooking.findUnique({ where: { id: scanBookingId }, include: WITH_CAMERA });
      if (booking === null) throw notFound('scan booking');
      const scanner = await tx.scanner.findUnique({ where: { id: scannerId }, include: { contact: true } });
      if (scanner === null) throw notFound('scanner');
      await this.audit.record(tx, actor, {
        action: 'worklist.explained',
        subjectType: 'scan-booking',
        subjectId: scanBookingId,
        patientIds: [booking.patientId],
        after: { scannerId },
      });
      return { booking, scanner };
    });
  }

  private toStanding(item: WorklistItem, scanner: ScannerRow, timeZone: string): StepStanding {
    const { modality, status, startsAt, closedGate, closedBecause } = item;
    const days = offeredDays(scanner, localDate(this.clock.now(), timeZone));
    const heldOn = dayText(localDate(startsAt, item.timeZone));
    const hidden = whyHidden(item, heldOn, scanner, days);
    return { modality, status, startsAt, hidden, closedGate, closedBecause };
  }

  private scannerAt(cameraId: string): Promise<{ id: string; name: string } | null> {
    return this.database.client.scanner.findFirst({
      where: { resourceId: cameraId, retiredAt: null },
      select: { id: true, name: true },
    });
  }

  private queriesOf(scannerId: string): Promise<QueryRow[]> {
    const oldest = this.clock.now().subtract({ hours: QUERIES_KEPT_HOURS });
    return this.database.client.scannerQuery.findMany({
      where: { scannerId, receivedAt: { gte: dateFromInstant(oldest) } },
      orderBy: [{ receivedAt: 'desc' }, { id: 'desc' }],
      take: QUERIES_KEPT_MAX,
    });
  }

  /** Of a scanner that has not come through at all, any stranger may be it. */
  private async rejectionsOf(
    { contact: _, ...scanner }: ScannerRow,
    queries: readonly ExplainedQuery[],
  ): Promise<ScannerRejection[]> {
    const addresses = [...new Set(queries.map(({ source }) => source))];
    const likely = await this.health.likelyRejections(toScanner(scanner), addresses);
    if (likely.length > 0 || queries.length > 0) return likely;
    const others = await this.database.client.scanner.findMany({
      where: { retiredAt: null, id: { not: scanner.id } },
    });
    return this.health.strangers(others.map(toScanner), toScanner(scanner));
  }
}

function toExplained(
  row: QueryRow,
  items: readonly WorklistItem[],
  held: Parameters<typeof shownBy>[1],
): { explained: ExplainedQuery; standing: QueryStanding } {
  const receivedAt = instantFromDate(row.receivedAt);
  const { status, answerCount, callingAETitle, source } = row;
  const { isMatch, keys } = replay(row.keys as object, items);
  const { shown, unsaid } = shownBy({ receivedAt, status, answerCount, isMatch }, held);
  const became = wordsOfStatus(status);
  const words = unsaid === null ? became : `${became}; whether with this booking cannot be said: ${unsaid}`;
  const explained = { receivedAt, callingAETitle, source, answerCount, status: words, shown, keys };
  return { explained, standing: { receivedAt, shown, unsaid, advice: firstAdvice(row, isMatch, explained) } };
}

/** The first key that missed; or else what went wrong with the query as a whole. */
function firstAdvice(row: QueryRow, isMatch: boolean | null, { keys, shown }: ExplainedQuery): string | null {
  // What cannot be said says why by itself.
  if (shown !== false) return null;
  const missed = keys.find(({ advice }) => advice !== null)?.advice;
  if (missed !== undefined) return missed;
  if (row.status !== 0) return `What became of its query: ${wordsOfStatus(row.status)}.`;
  return isMatch === true ? 'The same query would find it now: have the console ask again.' : null;
}

function instantOrNull(date: Date | null | undefined): Temporal.Instant | null {
  return date === null || date === undefined ? null : instantFromDate(date);
}
