import { Prisma } from '../../platform/database/generated/client.js';
import type {
  AuthorisationMode,
  BreastFeedingSaid,
  ImagingRequestStatus,
  PregnancySaid,
  ReferralPriority,
  RequestAnswer,
  RequestMobility,
  RequestReferrer,
  WeightSource,
} from '../../platform/database/generated/enums.js';
import { BEGUN_WITHOUT_INJECTION } from './request.queries.js';

/** A study as the database writes it into JSON. Days as YYYY-MM-DD. */
export interface StudyJson {
  readonly what: string;
  readonly radionuclide: string | null;
  readonly performedOn: string;
  readonly place: string | null;
}

/** A request with all that its standing is judged by. Days as YYYY-MM-DD, activities in MBq, weights in kg. */
export interface StandingRow {
  readonly requestId: string;
  readonly referralId: string;
  readonly status: ImagingRequestStatus;
  readonly urgency: ReferralPriority;
  readonly requestedById: string;
  readonly requestedByName: string | null;
  readonly requestedAt: Date;
  readonly requestedOn: string;
  readonly lapsesOn: string | null;
  readonly exposedAt: Date | null;
  readonly decideAgainReason: string | null;
  readonly endReason: string | null;
  readonly askedProcedureCode: string;
  readonly clinicalQuestion: string | null;
  readonly history: string | null;
  readonly earlierImaging: RequestAnswer | null;
  readonly earlierImagingText: string | null;
  readonly recentStudies: RequestAnswer | null;
  readonly studies: readonly StudyJson[];
  readonly weightKg: number | null;
  readonly weightOn: string | null;
  readonly weightSource: WeightSource | null;
  readonly mobility: RequestMobility | null;
  readonly specialNeeds: string | null;
  readonly pregnancy: PregnancySaid | null;
  readonly lastMenstrualPeriodOn: string | null;
  readonly breastFeeding: BreastFeedingSaid | null;
  readonly signedOn: string | null;
  readonly familyName: string;
  readonly givenName: string;
  readonly dateOfBirth: string;
  readonly nhsNumber: string | null;
  readonly localNumber: string | null;
  readonly hasAddress: boolean;
  readonly referrerKind: RequestReferrer;
  readonly referrerName: string | null;
  readonly referrerRegistration: string | null;
  readonly referrerHasContact: boolean;
  readonly referrerIsEntitled: boolean;
  readonly periodAskedFromYears: number;
  readonly periodAskedToYears: number;
  readonly weightHoldsDays: number;
  readonly needsReferrerEntitlement: boolean;
  readonly justificationId: string | null;
  readonly practitionerId: string | null;
  readonly practitionerName: string | null;
  readonly justifiedAt: Date | null;
  readonly benefit: string | null;
  readonly detriment: string | null;
  readonly alternatives: string | null;
  readonly decidedProcedureCode: string | null;
  readonly siteCode: string | null;
  readonly activityMbq: number | null;
  readonly licenceNumber: string | null;
  readonly authorisationId: string | null;
  readonly authorisedById: string | null;
  readonly authorisedByName: string | null;
  readonly authorisedAt: Date | null;
  readonly mode: AuthorisationMode | null;
  readonly guidelineCode: string | null;
  readonly guidelineVersion: number | null;
}

const COLUMNS = Prisma.sql`
  request.id::text AS "requestId", request.referral_id::text AS "referralId", request.status::text AS status,
  request.urgency::text AS urgency, request.requested_by_id::text AS "requestedById",
  requester.display_name AS "requestedByName", request.requested_at AS "requestedAt",
  request.requested_on::text AS "requestedOn", request.lapses_on::text AS "lapsesOn", request.exposed_at AS "exposedAt",
  request.decide_again_reason AS "decideAgainReason", request.end_reason AS "endReason",
  content.procedure_code AS "askedProcedureCode", content.clinical_question AS "clinicalQuestion", content.history,
  content.earlier_imaging::text AS "earlierImaging", content.earlier_imaging_text AS "earlierImagingText",
  content.recent_studies::text AS "recentStudies",
  coalesce((SELECT json_agg(json_build_object('what', study.what, 'radionuclide', study.radionuclide,
              'performedOn', study.performed_on::text, 'place', study.place) ORDER BY study.position)
              FROM imaging_request_studies study WHERE study.content_id = content.id), '[]'::json) AS studies,
  content.weight_kg::float8 AS "weightKg", content.weight_on::text AS "weightOn",
  content.weight_source::text AS "weightSource", content.mobility::text AS mobility,
  content.special_needs AS "specialNeeds", content.pregnancy::text AS pregnancy,
  content.last_menstrual_period_on::text AS "lastMenstrualPeriodOn", content.breast_feeding::text AS "breastFeeding",
  content.signed_on::text AS "signedOn", patient.family_name AS "familyName", patient.given_name AS "givenName",
  patient.date_of_birth::text AS "dateOfBirth", patient.nhs_number AS "nhsNumber", patient.local_number AS "localNumber",
  (patient.postcode IS NOT NULL OR cardinality(patient.address_lines) > 0) AS "hasAddress",
  content.referrer_kind::text AS "referrerKind",
  CASE content.referrer_kind WHEN 'STAFF' THEN own_referrer.display_name ELSE referral.referrer_name END AS "referrerName",
  coalesce(referrer.registration, referral.referrer_registration) AS "referrerRegistration",
  coalesce(referrer.phone IS NOT NULL OR referrer.email IS NOT NULL, false) AS "referrerHasContact",
  CASE content.referrer_kind
    WHEN 'STAFF' THEN content.referrer_entitlement_id IS NOT NULL
    ELSE coalesce(referrer.is_entitled AND request.requested_on BETWEEN coalesce(referrer.entitled_from, request.requested_on)
                  AND coalesce(referrer.entitled_until, request.requested_on), false)
  END AS "referrerIsEntitled",
  policy.period_asked_from_years AS "periodAskedFromYears", policy.period_asked_to_years AS "periodAskedToYears",
  policy.weight_holds_days AS "weightHoldsDays", policy.needs_referrer_entitlement AS "needsReferrerEntitlement",
  justification.id::text AS "justificationId", justification.practitioner_id::text AS "practitionerId",
  practitioner.display_name AS "practitionerName", justification.decided_at AS "justifiedAt", justification.benefit,
  justification.detriment, justification.alternatives, justification.procedure_code AS "decidedProcedureCode",
  justification.site_code AS "siteCode", justification.activity_mbq::float8 AS "activityMbq",
  justification.licence_number AS "licenceNumber", authorisation.id::text AS "authorisationId",
  authorisation.authorised_by_id::text AS "authorisedById", authoriser.display_name AS "authorisedByName",
  authorisation.authorised_at AS "authorisedAt", authorisation.mode::text AS mode,
  guideline.code AS "guidelineCode", guideline.version AS "guidelineVersion"`;

const TABLES = Prisma.sql`
  imaging_requests request
  JOIN imaging_request_contents content ON content.request_id = request.id AND content.revision = request.revision
  JOIN referrals referral ON referral.id = request.referral_id
  JOIN patients patient ON patient.id = referral.patient_id
  JOIN vetting_policies policy ON policy.id = request.policy_id
  LEFT JOIN referrers referrer ON referrer.id = referral.referrer_id
  LEFT JOIN staff_accounts requester ON requester.id = request.requested_by_id
  LEFT JOIN staff_accounts own_referrer ON own_referrer.id = content.referrer_staff_id
  LEFT JOIN vetting_justifications justification ON justification.id = request.justification_id
  LEFT JOIN staff_accounts practitioner ON practitioner.id = justification.practitioner_id
  LEFT JOIN vetting_authorisations authorisation ON authorisation.id = request.authorisation_id
  LEFT JOIN staff_accounts authoriser ON authoriser.id = authorisation.authorised_by_id
  LEFT JOIN vetting_guidelines guideline ON guideline.id = authorisation.guideline_id`;

/** A request as it stands for one visit. */
export interface VisitStandingRow extends StandingRow {
  readonly forVisitId: string;
  /** When the exposure of this request took place by another visit; null: it did not. */
  readonly usedElsewhereAt: Date | null;
}

/** For which visit of which referral. */
export interface RequestOfVisit {
  readonly visitId: string;
  readonly referralId: string;
}

/**
 * For each of these visits the request of its own exposure; else the live one of its referral that has not been used, or
 * else the newest. One statement, whatever they are.
 */
export function standingsOfVisits(wants: readonly RequestOfVisit[]): Prisma.Sql {
  const visitIds = wants.map(({ visitId }) => visitId);
  const referralIds = wants.map(({ referralId }) => referralId);
  return Prisma.sql`
    SELECT DISTINCT ON (want.visit_id) want.visit_id::text AS "forVisitId", ${COLUMNS},
           CASE WHEN request.exposed_visit_id <> want.visit_id THEN request.exposed_at ELSE begun.started_at END
             AS "usedElsewhereAt"
      FROM unnest(${visitIds}::uuid[], ${referralIds}::uuid[]) AS want (visit_id, referral_id)
      JOIN (${TABLES}) ON request.referral_id = want.referral_id
      LEFT JOIN LATERAL (
           SELECT visit.started_at
             FROM visit_requests wish JOIN visits visit ON visit.request_id = wish.id
            WHERE wish.referral_id = want.referral_id AND visit.id <> want.visit_id AND ${BEGUN_WITHOUT_INJECTION}
              AND visit.visit_type_code = coalesce(justification.procedure_code, content.procedure_code)
            ORDER BY visit.started_at LIMIT 1) begun ON true
     ORDER BY want.visit_id, coalesce(request.exposed_visit_id = want.visit_id, false) DESC,
              (request.ended_at IS NULL AND request.exposed_visit_id IS NULL) DESC,
              request.requested_at DESC, request.id DESC`;
}

/** One request by its own id. */
export function standingOfRequest(requestId: string): Prisma.Sql {
  return Prisma.sql`SELECT ${COLUMNS} FROM ${TABLES} WHERE request.id = ${requestId}::uuid`;
}

/** These requests by their own ids. */
export function standingsOfRequests(requestIds: readonly string[]): Prisma.Sql {
  return Prisma.sql`SELECT ${COLUMNS} FROM ${TABLES} WHERE request.id = ANY (${[...requestIds]}::uuid[])`;
}
