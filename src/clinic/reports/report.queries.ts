import { Prisma } from '../../platform/database/generated/client.js';
import type { ReferralPriority, ScanBookingStatus } from '../../platform/database/generated/enums.js';

/** Holds the report of a scan until the transaction ends. Its scan, where it matters, is held before. */
export function heldReport(scanBookingId: string): Prisma.Sql {
  return Prisma.sql`SELECT id::text FROM scan_reports WHERE visit_id = ${scanBookingId}::uuid FOR NO KEY UPDATE`;
}

/** A scan that is over and has no final report. */
export interface ReportToWriteRow {
  readonly scanBookingId: string;
  readonly patientId: string;
  readonly scanStatus: ScanBookingStatus;
  readonly endedAt: Date;
  readonly priority: ReferralPriority;
  readonly isPreliminary: boolean;
  readonly writerIds: readonly string[];
}

export interface ReportsToWriteQuestion {
  readonly statuses: readonly ScanBookingStatus[];
  readonly endedFrom: Date | null;
  readonly after: { readonly endedAt: Date; readonly id: string } | null;
  readonly limit: number;
}

/** Scans that wait for their report, those first that ended first. */
export function reportsToWrite({ statuses, endedFrom, after, limit }: ReportsToWriteQuestion): Prisma.Sql {
  return Prisma.sql`
    SELECT scan.id::text AS "scanBookingId", scan.patient_id::text AS "patientId", scan.status::text AS "scanStatus",
           scan.ended_at AS "endedAt", referral.priority::text AS priority,
           coalesce(report.version > 0, false) AS "isPreliminary",
           ARRAY(SELECT draft.author_id::text FROM scan_report_drafts draft
                  WHERE draft.report_id = report.id ORDER BY draft.changed_at) AS "writerIds"
      FROM scan_bookings scan
      JOIN referrals referral ON referral.id = scan.referral_id
      LEFT JOIN scan_reports report ON report.visit_id = scan.id
     WHERE scan.status IN ('COMPLETED', 'DISCONTINUED')
       AND scan.status::text = ANY (${[...statuses]}::text[])
       AND scan.ended_at IS NOT NULL
       AND (report.id IS NULL OR report.status <> 'FINAL')
       AND (${endedFrom}::timestamptz IS NULL OR scan.ended_at >= ${endedFrom}::timestamptz)
       AND (${after?.endedAt ?? null}::timestamptz IS NULL
            OR (scan.ended_at, scan.id) > (${after?.endedAt ?? null}::timestamptz, ${after?.id ?? null}::uuid))
     ORDER BY scan.ended_at, scan.id
     LIMIT ${limit}`;
}
