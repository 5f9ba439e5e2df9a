import { Prisma } from '../../platform/database/generated/client.js';
import type { SourceFinding } from './pain-source.rules.js';

/** Findings of a patient that stand: of the version of each report that no later one supersedes. The newest scan first. */
export function standingFindingsOf(patientId: string): Prisma.Sql {
  return Prisma.sql`
    SELECT finding.id::text AS "findingId", finding.visit_id::text AS "scanBookingId", version.number AS "versionNumber",
           coalesce(scan.started_at, scan.scan_starts_at) AS "scannedAt", finding.structure::text, finding.level::text,
           finding.side::text, finding.uptake::text, finding.ct_grade::text AS "ctGrade", finding.comment
      FROM scan_report_findings finding
      JOIN scan_report_versions version ON version.id = finding.version_id
      JOIN scan_reports report ON report.id = version.report_id AND report.version = version.number
      JOIN scan_bookings scan ON scan.id = finding.visit_id
     WHERE scan.patient_id = ${patientId}::uuid
     ORDER BY scan.scan_starts_at DESC, finding.visit_id, finding.position`;
}

export type StandingFindingRow = Omit<SourceFinding, 'scannedOn'> & { readonly scannedAt: Date };
