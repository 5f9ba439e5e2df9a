import { Prisma } from '../../platform/database/generated/client.js';
import type { ImagingRequestStatus, ReferralPriority } from '../../platform/database/generated/enums.js';

/** Who has it in hand. */
export type Whose = { readonly of: 'NOBODY' | 'SOMEBODY' } | { readonly of: 'PERSON'; readonly id: string };

/** What the queue is narrowed to; null: not by this. */
export interface QueueMeant {
  readonly statuses: readonly ImagingRequestStatus[] | null;
  readonly urgencies: readonly ReferralPriority[] | null;
  readonly procedureCodes: readonly string[] | null;
  readonly claimed: Whose | null;
  readonly isOverdue: boolean | null;
  readonly isDecidedBefore: boolean | null;
  readonly dueUntil: string | null;
  readonly patientId: string | null;
}

/** Today on the clinic's wall calendar, and the moment before which a claim has lapsed. */
export interface QueueMoment {
  readonly today: string;
  readonly claimsLapsedAt: Date;
}

export type QueueOrder = 'DUE' | 'URGENCY' | 'REQUESTED';

/** The sort keys of the last row that was shown. */
export interface QueuePlace {
  readonly day: string;
  readonly rank: number;
  readonly id: string;
}

/** A waiting request as the queue reads it. Days as YYYY-MM-DD. */
export interface WaitingRow {
  readonly id: string;
  readonly patientId: string;
  readonly rank: number;
  readonly requestedOn: string;
  readonly promisedOn: string;
}

const RANK = Prisma.sql`
  CASE request.urgency WHEN 'TWO_WEEK_WAIT' THEN 0 WHEN 'URGENT' THEN 1 WHEN 'ROUTINE' THEN 2 END`;

/** While the referrer is asked, it is their answer that was promised. */
const PROMISED = Prisma.sql`coalesce(request.information_due_on, request.due_on)`;

/** In the words of the index imaging_requests_to_decide; nothing is decided any more of what has been used up. */
const TO_DECIDE = Prisma.sql`
  request.status IN ('INCOMPLETE', 'SUBMITTED', 'INFORMATION_ASKED', 'JUSTIFIED') AND request.exposed_visit_id IS NULL`;

const EVERYTHING = Prisma.sql`true`;

/** The requests that wait for somebody, in order, from a place on. One statement. */
export function waitingRequests(
  meant: QueueMeant,
  moment: QueueMoment,
  order: QueueOrder,
  after: QueuePlace | null,
  limit: number,
): Prisma.Sql {
  return Prisma.sql`
    SELECT request.id::text, referral.patient_id::text AS "patientId", ${RANK}::int AS rank,
           request.requested_on::text AS "requestedOn", (${PROMISED})::text AS "promisedOn"
      FROM imaging_requests request JOIN referrals referral ON referral.id = request.referral_id
     WHERE ${Prisma.join([TO_DECIDE, ...conditions(meant, moment), fromPlace(order, after)], ' AND ')}
     ORDER BY ${sortKeys(order)}
     LIMIT ${limit}`;
}

/** How many of each kind there are, in one statement. */
export function waitingCounts(actorId: string, { today, claimsLapsedAt }: QueueMoment): Prisma.Sql {
  return Prisma.sql`
    SELECT count(*)::int AS "waitingCount",
           count(*) FILTER (WHERE request.status = 'SUBMITTED')::int AS "submittedCount",
           count(*) FILTER (WHERE request.status = 'INCOMPLETE')::int AS "incompleteCount",
           count(*) FILTER (WHERE request.status = 'INFORMATION_ASKED')::int AS "informationAskedCount",
           count(*) FILTER (WHERE request.status = 'JUSTIFIED')::int AS "notAuthorisedCount",
           count(*) FILTER (WHERE request.decide_again_reason IS NOT NULL)::int AS "decideAgainCount",
           count(*) FILTER (WHERE ${PROMISED} < ${today}::date)::int AS "overdueCount",
           count(*) FILTER (WHERE ${PROMISED} = ${today}::date)::int AS "dueTodayCount",
           count(*) FILTER (WHERE request.claimed_by_id = ${actorId}::uuid
                              AND request.claim_active_at > ${claimsLapsedAt})::int AS "claimedByMeCount",
           min(${PROMISED})::text AS "firstDueOn"
      FROM imaging_requests request
     WHERE ${TO_DECIDE}`;
}

function conditions(meant: QueueMeant, { today, claimsLapsedAt }: QueueMoment): readonly Prisma.Sql[] {
  const { isOverdue, isDecidedBefore, dueUntil, patientId } = meant;
  const live = Prisma.sql`(request.claimed_by_id IS NOT NULL AND request.claim_active_at > ${claimsLapsedAt})`;
  return [
    oneOf(Prisma.sql`request.status::text`, meant.statuses),
    oneOf(Prisma.sql`request.urgency::text`, meant.urgencies),
    oneOf(Prisma.sql`request.procedure_code`, meant.procedureCodes),
    whose(meant.claimed, live),
    isOverdue === null ? EVERYTHING : Prisma.sql`(${PROMISED} < ${today}::date) = ${isOverdue}`,
    isDecidedBefore === null
      ? EVERYTHING
      : Prisma.sql`(request.decide_again_reason IS NOT NULL) = ${isDecidedBefore}`,
    dueUntil === null ? EVERYTHING : Prisma.sql`${PROMISED} <= ${dueUntil}::date`,
    patientId === null ? EVERYTHING : Prisma.sql`referral.patient_id = ${patientId}::uuid`,
  ];
}

function oneOf(column: Prisma.Sql, values: readonly string[] | null): Prisma.Sql {
  return values === null ? EVERYTHING : Prisma.sql`${column} = ANY (${[...values]}::text[])`;
}

function whose(meant: Whose | null, live: Prisma.Sql): Prisma.Sql {
  if (meant === null) return EVERYTHING;
  if (meant.of === 'PERSON') return Prisma.sql`(${live} AND request.claimed_by_id = ${meant.id}::uuid)`;
  return meant.of === 'SOMEBODY' ? live : Prisma.sql`NOT ${live}`;
}

function sortKeys(order: QueueOrder): Prisma.Sql {
  switch (order) {
    case 'DUE':
      return Prisma.sql`${PROMISED}, ${RANK}, request.id`;
    case 'URGENCY':
      return Prisma.sql`${RANK}, ${PROMISED}, request.id`;
    case 'REQUESTED':
      return Prisma.sql`request.requested_on, ${RANK}, request.id`;
  }
}

function fromPlace(order: QueueOrder, after: QueuePlace | null): Prisma.Sql {
  if (after === null) return EVERYTHING;
  const { day, rank, id } = after;
  switch (order) {
    case 'DUE':
      return Prisma.sql`(${PROMISED}, ${RANK}, request.id) > (${day}::date, ${rank}::int, ${id}::uuid)`;
    case 'URGENCY':
      return Prisma.sql`(${RANK}, ${PROMISED}, request.id) > (${rank}::int, ${day}::date, ${id}::uuid)`;
    case 'REQUESTED':
      return Prisma.sql`(request.requested_on, ${RANK}, request.id) > (${day}::date, ${rank}::int, ${id}::uuid)`;
  }
}
