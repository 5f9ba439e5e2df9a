import { Prisma } from '../../platform/database/generated/client.js';
import type { TreatmentKind } from '../../platform/database/generated/enums.js';

/**
 * Every side of every place that was treated by treatments of a kind and has a judgement, by the judgement and the record that
 * stand. The uptake there is that of the last report that was final before the treatment began, as it was corrected since;
 * NONE where that report has no finding there, null where there was no report.
 */
export function learnedPlaces(kind: TreatmentKind): Prisma.Sql {
  return Prisma.sql`
    SELECT treatment.patient_id::text AS "patientId", treatment.id::text AS "treatmentId", target.structure::text,
           target.level::text, scan.uptake::text, record.operator_id::text AS "operatorId", judgement.verdict::text,
           ARRAY(SELECT DISTINCT agent.code
                   FROM treatment_given_agents given JOIN treatment_agents agent ON agent.id = given.agent_id
                  WHERE given.record_id = record.id ORDER BY agent.code) AS "agentCodes"
      FROM treatments treatment
      JOIN treatment_records record ON record.treatment_id = treatment.id AND record.number = treatment.record_version
      JOIN treatment_given_targets target ON target.record_id = record.id AND target.was_treated
      CROSS JOIN LATERAL unnest(
        CASE target.side WHEN 'BILATERAL' THEN ARRAY['LEFT', 'RIGHT'] ELSE ARRAY[target.side::text] END) AS place(side)
      JOIN LATERAL (
        SELECT own.verdict FROM response_judgements own
         WHERE own.treatment_id = treatment.id ORDER BY own.number DESC LIMIT 1) judgement ON true
      LEFT JOIN LATERAL (
        SELECT coalesce((
                 SELECT max(finding.uptake) FROM scan_report_findings finding
                  WHERE finding.version_id = version.id AND finding.structure = target.structure
                    AND finding.level IS NOT DISTINCT FROM target.level
                    AND (coalesce(finding.side::text, 'MIDLINE') = place.side OR finding.side = 'BILATERAL' AND place.side <> 'MIDLINE')), 'NONE') AS uptake
          FROM scan_reports report
          JOIN visits visit ON visit.id = report.visit_id
          JOIN scan_report_versions version ON version.report_id = report.id AND version.number = report.version
         WHERE visit.patient_id = treatment.patient_id AND report.finalised_at < treatment.started_at
         ORDER BY report.finalised_at DESC LIMIT 1) scan ON true
     WHERE treatment.kind::text = ${kind} AND treatment.status = 'DONE'
     ORDER BY treatment.id, target.position, place.side`;
}
