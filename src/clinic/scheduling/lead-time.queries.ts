/**
 * The policies of a kind of visit that have come into force, the latest first. $1 code of the kind, $2 priorities, $3 the
 * day
 */
export const POLICIES_BY_NOW = `
  SELECT id, visit_type AS "visitType", priority::text AS priority,
         earliest_days AS "earliestDays", target_days AS "targetDays", breach_days AS "breachDays",
         latest_days AS "latestDays", day_kind::text AS "dayKind", clock_start::text AS "clockStart",
         earliest_overridden_by::text[] AS "earliestOverriddenBy",
         latest_overridden_by::text[] AS "latestOverriddenBy",
         effective_from::text AS "effectiveFrom", reason
    FROM lead_time_policies
   WHERE visit_type = $1 AND priority::text = ANY ($2::text[]) AND effective_from <= $3::date
   ORDER BY effective_from DESC`;
