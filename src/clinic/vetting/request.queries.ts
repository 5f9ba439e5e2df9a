import { Prisma } from '../../platform/database/generated/client.js';

/** Nobody else moves this request until the transaction ends. */
export function heldRequest(id: string): Prisma.Sql {
  return Prisma.sql`SELECT id::text FROM imaging_requests WHERE id = ${id}::uuid FOR NO KEY UPDATE`;
}

/** Whether a kind of visit is offered on a day. */
export function offeredProcedure(code: string, on: string): Prisma.Sql {
  return Prisma.sql`
    SELECT code FROM visit_types WHERE code = ${code} AND (retired_on IS NULL OR retired_on > ${on}::date)`;
}

/**
 * The visit by which the examination of a request has begun, although no injection is on record for it: since it was asked
 * for, and not that of another request. One that was broken off before anything was given may be tried again.
 */
export function begunExamination(requestId: string): Prisma.Sql {
  return Prisma.sql`
    SELECT visit.id::text, visit.started_at AS "startedAt"
      FROM imaging_requests request
      LEFT JOIN vetting_justifications decided ON decided.id = request.justification_id
      JOIN visit_requests wish ON wish.referral_id = request.referral_id
      JOIN visits visit ON visit.request_id = wish.id
     WHERE request.id = ${requestId}::uuid AND ${BEGUN_WITHOUT_INJECTION}
       AND visit.visit_type_code = coalesce(decided.procedure_code, request.procedure_code)
     ORDER BY visit.started_at, visit.id
     LIMIT 1`;
}

/**
 * Of a `visit` and a `request`: its images have begun, and the injection before them was not written down. A draft has not
 * left its writer, so nothing is done under it.
 */
export const BEGUN_WITHOUT_INJECTION = Prisma.sql`(
  request.exposed_visit_id IS NULL AND request.status <> 'DRAFT' AND visit.status IN ('IN_PROGRESS', 'COMPLETED')
  AND visit.started_at >= request.requested_at
  AND NOT EXISTS (SELECT FROM imaging_requests other WHERE other.exposed_visit_id = visit.id))`;

/** The contents that hold now of these requests. */
export function contentsInForce(requestIds: readonly string[]): Prisma.Sql {
  return Prisma.sql`
    SELECT content.id::text FROM imaging_request_contents content
      JOIN imaging_requests request ON request.id = content.request_id AND request.revision = content.revision
     WHERE request.id = ANY (${[...requestIds]}::uuid[])`;
}

/** Who refers, as the referral and the directory have them. */
export interface ReferrerOfRequest {
  readonly name: string | null;
  readonly email: string | null;
}

export function referrerOf(referralId: string): Prisma.Sql {
  return Prisma.sql`
    SELECT referral.referrer_name AS name, referrer.email
      FROM referrals referral LEFT JOIN referrers referrer ON referrer.id = referral.referrer_id
     WHERE referral.id = ${referralId}::uuid`;
}

/** The patients of these requests, each once, for the record of a look. */
export function patientsOfRequests(requestIds: readonly string[]): Prisma.Sql {
  return Prisma.sql`
    SELECT DISTINCT referral.patient_id::text AS "patientId"
      FROM imaging_requests request JOIN referrals referral ON referral.id = request.referral_id
     WHERE request.id = ANY (${[...requestIds]}::uuid[])`;
}
