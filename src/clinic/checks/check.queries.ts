import type {
  BreastFeedingAnswer,
  CheckKind,
  CheckVerdict,
  IdentityPoint,
  PregnancyAnswer,
  SafetyDecider,
} from '../../platform/database/generated/enums.js';

/** Instants are milliseconds since 1970, as the database says them in one text. */
export interface CheckJson {
  readonly kind: CheckKind;
  readonly byId: string;
  readonly byName: string | null;
  readonly atMs: number;
  readonly identity: {
    readonly matched: readonly IdentityPoint[];
    readonly differing: readonly IdentityPoint[];
    readonly askedOpenly: boolean;
  } | null;
  readonly pregnancy: { readonly answer: PregnancyAnswer; readonly needsWitness: boolean } | null;
  readonly breastFeeding: {
    readonly answer: BreastFeedingAnswer;
    readonly interruptionHours: number | null;
  } | null;
  readonly safety: {
    readonly concerns: readonly string[];
    readonly decidedBy: SafetyDecider | null;
    readonly weightKg: number | null;
  } | null;
  readonly witness: { readonly byId: string; readonly byName: string | null; readonly atMs: number } | null;
  readonly decision: {
    readonly verdict: CheckVerdict;
    readonly byId: string;
    readonly byName: string | null;
    readonly atMs: number;
  } | null;
}

export interface StandingRow {
  readonly visitId: string;
  readonly procedureCode: string;
  /** YYYY-MM-DD. */
  readonly dateOfBirth: string;
  readonly on: string;
  readonly checks: readonly CheckJson[];
}

/**
 * What stands of each visit's checks on a day, with the names of who made them: one statement however many visits. A record
 * that another stands instead of is left out, and so is a decision. What was written after a moment does not count: it was
 * not there yet. $1 visits, $2 the day of each, $3 that moment of each, or infinity.
 */
export const STANDING_CHECKS = `
  SELECT wanted.visit_id::text AS "visitId", visit.visit_type_code AS "procedureCode",
         patient.date_of_birth::text AS "dateOfBirth", wanted.on_day::text AS "on",
         coalesce((
           SELECT jsonb_agg(jsonb_build_object(
                    'kind', made.kind,
                    'byId', made.made_by_id, 'byName', maker.display_name,
                    'atMs', floor(extract(epoch FROM made.made_at) * 1000),
                    'identity', CASE WHEN identity.check_id IS NOT NULL THEN jsonb_build_object(
                       'matched', to_jsonb(identity.matched), 'differing', to_jsonb(identity.differing),
                       'askedOpenly', identity.asked_openly) END,
                    'pregnancy', CASE WHEN pregnancy.check_id IS NOT NULL THEN jsonb_build_object(
                       'answer', pregnancy.answer, 'needsWitness', policy.needs_witness) END,
                    'breastFeeding', CASE WHEN feeding.check_id IS NOT NULL THEN jsonb_build_object(
                       'answer', feeding.answer, 'interruptionHours', feeding.interruption_hours) END,
                    'safety', CASE WHEN safety.check_id IS NOT NULL THEN jsonb_build_object(
                       'concerns', to_jsonb(safety.concerns), 'decidedBy', safety.decided_by,
                       'weightKg', safety.weight_kg) END,
                    'witness', CASE WHEN witness.check_id IS NOT NULL THEN jsonb_build_object(
                       'byId', witness.witnessed_by_id, 'byName', witnessing.display_name,
                       'atMs', floor(extract(epoch FROM witness.witnessed_at) * 1000)) END,
                    'decision', CASE WHEN decision.id IS NOT NULL THEN jsonb_build_object(
                       'verdict', decision.verdict, 'byId', decision.decided_by_id, 'byName', decider.display_name,
                       'atMs', floor(extract(epoch FROM decision.decided_at) * 1000)) END))
             FROM visit_checks made
             LEFT JOIN staff_accounts maker ON maker.id = made.made_by_id
             LEFT JOIN identity_checks identity ON identity.check_id = made.id
             LEFT JOIN pregnancy_enquiries pregnancy ON pregnancy.check_id = made.id
             LEFT JOIN pregnancy_policies policy ON policy.id = pregnancy.policy_id
             LEFT JOIN breast_feeding_enquiries feeding ON feeding.check_id = made.id
             LEFT JOIN safety_checks safety ON safety.check_id = made.id
             LEFT JOIN check_witnesses witness ON witness.check_id = made.id AND witness.witnessed_at <= wanted.as_of
             LEFT JOIN staff_accounts witnessing ON witnessing.id = witness.witnessed_by_id
             LEFT JOIN check_decisions decision ON decision.check_id = made.id AND decision.decided_at <= wanted.as_of
              AND NOT EXISTS (SELECT FROM check_decisions newer
                               WHERE newer.replaces_id = decision.id AND newer.decided_at <= wanted.as_of)
             LEFT JOIN staff_accounts decider ON decider.id = decision.decided_by_id
            WHERE made.visit_id = wanted.visit_id AND made.made_on = wanted.on_day AND made.made_at <= wanted.as_of
              AND NOT EXISTS (SELECT FROM visit_checks newer
                               WHERE newer.replaces_id = made.id AND newer.made_at <= wanted.as_of)), '[]') AS checks
    FROM unnest($1::uuid[], $2::date[], $3::timestamptz[]) AS wanted (visit_id, on_day, as_of)
    JOIN visits visit ON visit.id = wanted.visit_id
    JOIN patients patient ON patient.id = visit.patient_id`;
