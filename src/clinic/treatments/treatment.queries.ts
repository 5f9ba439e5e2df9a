/** Holds a treatment ($1) until the transaction ends: what is done with it is done one after the other. */
export const HELD_TREATMENT = 'SELECT id::text FROM treatments WHERE id = $1::uuid FOR NO KEY UPDATE';

/** Holds treatments that have not begun and are, or were until it came to nothing, booked for one of these visits ($1). */
export const HELD_TREATMENTS_OF_VISITS = `
  SELECT id::text FROM treatments
   WHERE (visit_id = ANY ($1::uuid[]) OR lost_visit_id = ANY ($1::uuid[])) AND status IN ('REQUESTED', 'PLANNED')
   ORDER BY id FOR NO KEY UPDATE`;

/**
 * Findings ($1) that stand: of a signed version that no later one supersedes, with their patient and their place.
 */
export const STANDING_FINDINGS = `
  SELECT finding.id::text, visit.patient_id::text AS "patientId", finding.structure::text, finding.level::text,
         finding.side::text
    FROM scan_report_findings finding
    JOIN scan_report_versions version ON version.id = finding.version_id
    JOIN scan_reports report ON report.id = version.report_id AND report.version = version.number
    JOIN visits visit ON visit.id = finding.visit_id
   WHERE finding.id = ANY ($1::uuid[])`;

/**
 * Steroid that a patient ($1) was given from a moment ($2) to another ($3), as milligrams of methylprednisolone: by the
 * records that stand.
 */
export const STEROID_GIVEN = `
  SELECT treatment.id::text AS "treatmentId", record.finished_at AS "givenAt", agent.steroid_mg AS "steroidMg"
    FROM treatments treatment
    JOIN treatment_records record ON record.treatment_id = treatment.id AND record.number = treatment.record_version
    JOIN treatment_given_agents agent ON agent.record_id = record.id
   WHERE treatment.patient_id = $1::uuid
     AND agent.steroid_mg IS NOT NULL
     AND record.finished_at > $2::timestamptz AND record.finished_at <= $3::timestamptz
   ORDER BY record.finished_at, agent.position`;

export interface SteroidRow {
  readonly treatmentId: string;
  readonly givenAt: Date;
  readonly steroidMg: number;
}
