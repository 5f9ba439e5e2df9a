import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import { Database, type Tx } from '../../platform/database/database.service.js';
import type { Prisma } from '../../platform/database/generated/client.js';
import { ScanReportStatus } from '../../platform/database/generated/enums.js';
import { decodeCursor, encodeCursor, type Page, type PageInput } from '../../platform/graphql/page.type.js';
import { notFound } from '../../platform/refusal/refusal.js';
import { Clock, dateFromInstant, instantFromDate, localDate } from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { StaffActor } from '../audit/audit.type.js';
import { heldReport } from './report.queries.js';
import { allowedReportActions } from './report.rules.js';
import {
  type PatientFinding,
  type ScanReport,
  type ScanReportFilterInput,
  toDraft,
  toVersion,
} from './report.type.js';
import type { Finding } from './report-content.type.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const WHOLE = {
  scanBooking: { select: { patientId: true, referralId: true, scanStartsAt: true, startedAt: true } },
  versions: { include: { findings: { orderBy: { position: 'asc' } } }, orderBy: { number: 'asc' } },
  addenda: { include: { version: { select: { number: true } } }, orderBy: { number: 'asc' } },
  drafts: { orderBy: { begunAt: 'asc' } },
} as const satisfies Prisma.ScanReportInclude;
type WholeRow = Prisma.ScanReportGetPayload<{ include: typeof WHOLE }>;

/** A signed version that stands, as a later room is told of it. */
export interface StandingReport {
  readonly reportId: string;
  readonly versionId: string;
  readonly versionNumber: number;
  readonly scanBookingId: string;
  readonly patientId: string;
  readonly referralId: string;
  readonly findings: readonly Finding[];
}

/** Reading reports. Whoever shows one says who looks: a draft is shown to its author alone. */
@Injectable()
export class ReportRecordService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Config) private readonly config: Config,
    @Inject(AuditService) private readonly audit: AuditService,
  ) {}

  /** The report of a scan; null: nobody has begun one. The look is recorded. */
  async scanReport(actor: StaffActor, scanBookingId: string): Promise<ScanReport | null> {
    const reports = await this.ofScans(actor, [scanBookingId]);
    return reports.get(scanBookingId) ?? null;
  }

  /** The reports of these scans, by scan. One look, one record. */
  async ofScans(
    actor: StaffActor,
    scanBookingIds: readonly string[],
  ): Promise<ReadonlyMap<string, ScanReport>> {
    const ids = scanBookingIds.filter((id) => UUID.test(id));
    return this.database.transaction(async (tx) => {
      const rows = await tx.scanReport.findMany({ where: { scanBookingId: { in: ids } }, include: WHOLE });
      await this.#look(tx, actor, rows);
      return new Map(rows.map((row) => [row.scanBookingId, toReport(row, actor.id)]));
    });
  }

  /** Reports, those last begun first. The look is recorded. */
  async scanReports(
    actor: StaffActor,
    filter: ScanReportFilterInput,
    page: PageInput,
  ): Promise<Page<ScanReport>> {
    const after = page.after ? decodeCursor(page.after, ['uuid'])[0] : null;
    return this.database.transaction(async (tx) => {
      const rows = await tx.scanReport.findMany({
        where: { ...toWhere(filter), ...(after === null ? {} : { id: { lt: after } }) },
        include: WHOLE,
        // Ids are UUID version 7: their order is the order in time.
        orderBy: { id: 'desc' },
        take: page.size + 1,
      });
      const shown = rows.slice(0, page.size);
      await this.#look(tx, actor, shown);
      const last = shown.at(-1);
      const isMore = rows.length > page.size && last !== undefined;
      return {
        items: shown.map((row) => toReport(row, actor.id)),
        nextCursor: isMore ? encodeCursor(last.id) : null,
      };
    });
  }

  /** For this room: the report as it stands, for whoever it is shown to. Throws NOT_FOUND. */
  async mustHave(tx: Tx, actor: StaffActor, scanBookingId: string): Promise<ScanReport> {
    const row = await tx.scanReport.findUnique({ where: { scanBookingId }, include: WHOLE });
    if (row === null) throw notFound('scan report');
    return toReport(row, actor.id);
  }

  /** For this room: the report of a scan, kept from changing; begun when there is none. */
  async hold(tx: Tx, actor: StaffActor, scanBookingId: string) {
    await tx.scanReport.createMany({
      data: [{ scanBookingId, begunAt: dateFromInstant(this.clock.now()), begunById: actor.id }],
      skipDuplicates: true,
    });
    await tx.$queryRaw(heldReport(scanBookingId));
    return tx.scanReport.findUniqueOrThrow({ where: { scanBookingId } });
  }

  /** The same without beginning one. Throws NOT_FOUND. */
  async mustHold(tx: Tx, scanBookingId: string) {
    if (!UUID.test(scanBookingId)) throw notFound('scan report');
    await tx.$queryRaw(heldReport(scanBookingId));
    const row = await tx.scanReport.findUnique({ where: { scanBookingId } });
    if (row === null) throw notFound('scan report');
    return row;
  }

  /** For later rooms: the final version of a report that stands; null: there is none, or the report is gone. Records no look. */
  async standing(client: Tx, reportId: string): Promise<StandingReport | null> {
    const row = await client.scanReport.findUnique({ where: { id: reportId }, include: WHOLE });
    const version = row?.versions.find(({ number }) => number === row.version);
    if (!row || version === undefined || row.status !== ScanReportStatus.FINAL) return null;
    const { patientId, referralId } = row.scanBooking;
    return {
      ...{ reportId, scanBookingId: row.scanBookingId, patientId, referralId },
      ...{ versionId: version.id, versionNumber: version.number },
      findings: toReport(row, null).current?.content.findings ?? [],
    };
  }

  /** What stands of the signed findings of these patients, by patient, the newest scan first. The look is recorded. */
  async findingsOf(
    actor: StaffActor,
    patientIds: readonly string[],
  ): Promise<ReadonlyMap<string, readonly PatientFinding[]>> {
    return this.database.transaction(async (tx) => {
      const rows = await tx.scanReport.findMany({
        where: { version: { gt: 0 }, scanBooking: { patientId: { in: [...patientIds] } } },
        include: WHOLE,
        orderBy: [{ scanBooking: { scanStartsAt: 'desc' } }, { id: 'desc' }],
      });
      await this.audit.record(tx, actor, {
        action: 'findings.viewed',
        subjectType: 'scan-report',
        patientIds: [...new Set(patientIds)],
      });
      const found = new Map<string, PatientFinding[]>(patientIds.map((id) => [id, []]));
      for (const row of rows) found.get(row.scanBooking.patientId)?.push(...this.#findings(row));
      return found;
    });
  }

  #findings(row: WholeRow): readonly PatientFinding[] {
    const { current, status, version } = toReport(row, null);
    const { startedAt, scanStartsAt } = row.scanBooking;
    const scannedOn = localDate(
      instantFromDate(startedAt ?? scanStartsAt),
      this.config.clinicTimeZone,
    ).toString();
    const of = { scanBookingId: row.scanBookingId, scannedOn, reportStatus: status, versionNumber: version };
    return (current?.content.findings ?? []).map((finding) => ({ ...of, finding }));
  }

  async #look(tx: Tx, actor: StaffActor, rows: readonly WholeRow[]): Promise<void> {
    const [first, ...others] = rows;
    if (first === undefined) return;
    await this.audit.record(tx, actor, {
      action: others.length === 0 ? 'scan-report.viewed' : 'scan-reports.viewed',
      subjectType: 'scan-report',
      ...(others.length === 0 ? { subjectId: first.id } : {}),
      patientIds: [...new Set(rows.map(({ scanBooking }) => scanBooking.patientId))],
    });
  }
}

function toWhere({ status, patientId, signedById }: ScanReportFilterInput): Prisma.ScanReportWhereInput {
  return {
    ...(status ? { status } : {}),
    ...(patientId ? { scanBooking: { patientId } } : {}),
    ...(signedById ? { versions: { some: { signedById } } } : {}),
  };
}

/** `readerId`: whose own draft is shown; null: nobody's. */
function toReport(row: WholeRow, readerId: string | null): ScanReport {
  const versions = row.versions.map((version) => toVersion(version, row.version));
  const own = row.drafts.find(({ authorId }) => authorId === readerId);
  return {
    id: row.id,
    scanBookingId: row.scanBookingId,
    patientId: row.scanBooking.patientId,
    status: row.status,
    version: row.version,
    current: versions.find(({ number }) => number === row.version) ?? null,
    versions,
    addenda: row.addenda.map(({ number, kind, text, version, signedById, signedByName, signedAt }) => ({
      ...{ number, kind, text, signedById, signedByName },
      versionNumber: version?.number ?? null,
      signedAt: instantFromDate(signedAt),
    })),
    myDraft: own === undefined ? null : toDraft(own),
    writers: row.drafts.map(({ authorId, changedAt }) => ({
      staffId: authorId,
      changedAt: instantFromDate(changedAt),
    })),
    finalisedAt: row.finalisedAt === null ? null : instantFromDate(row.finalisedAt),
    releasedAt: row.releasedAt === null ? null : instantFromDate(row.releasedAt),
    releasedById: row.releasedById,
    allowedActions: allowedReportActions(row.status),
  };
}
