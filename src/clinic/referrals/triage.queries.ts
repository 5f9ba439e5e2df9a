import { Prisma } from '../../platform/database/generated/client.js';
import type {
  ReferralPriority,
  ReferralSource,
  ReferralStatus,
} from '../../platform/database/generated/enums.js';

/** An undecided referral as the queue reads it. Days as YYYY-MM-DD. */
export interface WaitingRow {
  readonly id: string;
  readonly patientId: string;
  readonly status: ReferralStatus;
  readonly rank: number;
  readonly receivedOn: string;
  readonly dueOn: string;
  readonly promisedOn: string;
  readonly informationDueOn: string | null;
  readonly escalationDays: number | null;
  readonly escalatedAt: Date | null;
  readonly escalationsCount: number;
  readonly claimedById: string | null;
  readonly claimActiveAt: Date | null;
  readonly assignedToId: string | null;
  readonly assignedAt: Date | null;
  readonly informationBackAt: Date | null;
  readonly reopenedAt: Date | null;
  readonly isFromAdvice: boolean;
  readonly mergedCount: number;
  readonly duplicatesCount: number;
}

/** Who has it in hand, or whose it is. */
export type Whose = { readonly of: 'NOBODY' | 'SOMEBODY' } | { readonly of: 'PERSON'; readonly id: string };

/** What the queue is narrowed to; null: not by this. */
export interface QueueMeant {
  readonly ids: readonly string[] | null;
  readonly priorities: readonly ReferralPriority[] | null;
  readonly serviceCodes: readonly string[] | null;
  readonly statuses: readonly ReferralStatus[] | null;
  readonly sources: readonly ReferralSource[] | null;
  readonly patientId: string | null;
  readonly assigned: Whose | null;
  readonly claimed: Whose | null;
  readonly isOverdue: boolean | null;
  readonly dueUntil: string | null;
  /** Looked for in the question and the referrer's name. */
  readonly text: string | null;
}

/** Today on the clinic's wall calendar, and the moment before which a claim has lapsed. */
export interface QueueMoment {
  readonly today: string;
  readonly claimsLapsedAt: Date;
}

export type QueueOrder = 'DUE' | 'PRIORITY' | 'RECEIVED';

/** The sort keys of the last row that was shown. */
export interface QueuePlace {
  readonly day: string;
  readonly rank: number;
  readonly id: string;
}

const RANK = Prisma.sql`
  CASE referral.priority WHEN 'TWO_WEEK_WAIT' THEN 0 WHEN 'URGENT' THEN 1 WHEN 'ROUTINE' THEN 2 END`;

const DUE = Prisma.sql`coalesce(referral.due_on, referral.received_on)`;

/** While the referrer is asked, it is their answer that was promised. */
const PROMISED = Prisma.sql`
  CASE WHEN referral.status = 'INFORMATION_REQUESTED' THEN coalesce(referral.information_due_on, ${DUE}) ELSE ${DUE} END`;

/** In the words of the index referrals_undecided. */
const UNDECIDED = Prisma.sql`referral.status IN ('RECEIVED', 'BEING_TRIAGED', 'INFORMATION_REQUESTED')`;

const EVERYTHING = Prisma.sql`true`;

/** The undecided referrals that are meant, in order, from a place on. One statement, whatever they have. */
export function undecidedReferrals(
  meant: QueueMeant,
  moment: QueueMoment,
  order: QueueOrder,
  after: QueuePlace | null,
  limit: number,
): Prisma.Sql {
  return Prisma.sql`
    SELECT referral.id::text, referral.patient_id::text AS "patientId", referral.status::text AS status,
           ${RANK}::int AS rank, referral.received_on::text AS "receivedOn", ${DUE}::text AS "dueOn",
           (${PROMISED})::text AS "promisedOn", referral.information_due_on::text AS "informationDueOn",
           policy.escalation_days AS "escalationDays", referral.escalated_at AS "escalatedAt",
           referral.escalations_count AS "escalationsCount", referral.claimed_by_id::text AS "claimedById",
           referral.claim_active_at AS "claimActiveAt", referral.assigned_to_id::text AS "assignedToId",
           referral.assigned_at AS "assignedAt",
           (SELECT max(event.at) FROM referral_events event
             WHERE event.referral_id = referral.id AND event.action = 'RECORD_INFORMATION') AS "informationBackAt",
           (SELECT max(event.at) FROM referral_events event
             WHERE event.referral_id = referral.id AND event.action = 'REOPEN') AS "reopenedAt",
           EXISTS (SELECT FROM advice_threads thread WHERE thread.referral_id = referral.id) AS "isFromAdvice",
           (SELECT count(*)::int FROM referral_merges merge
             WHERE merge.kept_id = referral.id AND merge.undone_at IS NULL) AS "mergedCount",
           (SELECT count(*)::int FROM referrals other
             WHERE other.patient_id = referral.patient_id AND other.id <> referral.id
               AND other.status IN ('RECEIVED', 'BEING_TRIAGED', 'INFORMATION_REQUESTED', 'ACCEPTED', 'BOOKED')
               AND (other.service_code IS NULL OR referral.service_code IS NULL
                 OR other.service_code = referral.service_code)) AS "duplicatesCount"
      FROM referrals referral
      LEFT JOIN triage_policies policy ON policy.id = referral.due_policy_id
     WHERE ${Prisma.join([UNDECIDED, ...conditions(meant, moment), fromPlace(order, after)], ' AND ')}
     ORDER BY ${sortKeys(order)}
     LIMIT ${limit}`;
}

/** How many of each kind there are, in one statement. */
export function undecidedCounts(actorId: string, { today, claimsLapsedAt }: QueueMoment): Prisma.Sql {
  return Prisma.sql`
    SELECT count(*)::int AS "undecidedCount",
           count(*) FILTER (WHERE referral.status = 'RECEIVED')::int AS "notLookedAtCount",
           count(*) FILTER (WHERE referral.status = 'INFORMATION_REQUESTED')::int AS "awaitsReferrerCount",
           count(*) FILTER (WHERE ${PROMISED} < ${today}::date)::int AS "overdueCount",
           count(*) FILTER (WHERE ${PROMISED} = ${today}::date)::int AS "dueTodayCount",
           count(*) FILTER (WHERE referral.escalations_count > 0)::int AS "escalatedCount",
           count(*) FILTER (WHERE referral.assigned_to_id IS NULL)::int AS "unassignedCount",
           count(*) FILTER (WHERE referral.assigned_to_id = ${actorId}::uuid)::int AS "assignedToMeCount",
           count(*) FILTER (WHERE referral.claimed_by_id = ${actorId}::uuid
                              AND referral.claim_active_at > ${claimsLapsedAt})::int AS "claimedByMeCount",
           count(*) FILTER (WHERE referral.priority = 'TWO_WEEK_WAIT')::int AS "twoWeekWaitCount",
           count(*) FILTER (WHERE referral.priority = 'URGENT')::int AS "urgentCount",
           count(*) FILTER (WHERE referral.priority = 'ROUTINE')::int AS "routineCount",
           min(${PROMISED})::text AS "firstDueOn",
           (SELECT count(*)::int FROM advice_threads thread WHERE thread.status = 'OPEN') AS "openAdviceCount",
           (SELECT count(*)::int FROM advice_threads thread
             WHERE thread.status = 'OPEN' AND thread.due_on < ${today}::date) AS "overdueAdviceCount"
      FROM referrals referral
     WHERE ${UNDECIDED}`;
}

/** Which account can be given a referral: a clinician's that can sign in. */
export function clinicianAccount(id: string): Prisma.Sql {
  return Prisma.sql`
    SELECT id::text FROM staff_accounts
     WHERE id = ${id}::uuid AND disabled_at IS NULL AND 'CLINICIAN' = ANY (roles::text[])`;
}

function conditions(meant: QueueMeant, { today, claimsLapsedAt }: QueueMoment): readonly Prisma.Sql[] {
  const { ids, priorities, serviceCodes, statuses, sources, patientId, dueUntil, isOverdue, text } = meant;
  const live = Prisma.sql`(referral.claimed_by_id IS NOT NULL AND referral.claim_active_at > ${claimsLapsedAt})`;
  return [
    ids === null ? EVERYTHING : Prisma.sql`referral.id = ANY (${[...ids]}::uuid[])`,
    oneOf(Prisma.sql`referral.priority::text`, priorities),
    oneOf(Prisma.sql`referral.service_code`, serviceCodes),
    oneOf(Prisma.sql`referral.status::text`, statuses),
    oneOf(Prisma.sql`referral.source::text`, sources),
    patientId === null ? EVERYTHING : Prisma.sql`referral.patient_id = ${patientId}::uuid`,
    whose(
      meant.assigned,
      Prisma.sql`referral.assigned_to_id`,
      Prisma.sql`referral.assigned_to_id IS NOT NULL`,
    ),
    whose(meant.claimed, Prisma.sql`referral.claimed_by_id`, live),
    isOverdue === null ? EVERYTHING : Prisma.sql`(${PROMISED} < ${today}::date) = ${isOverdue}`,
    dueUntil === null ? EVERYTHING : Prisma.sql`${PROMISED} <= ${dueUntil}::date`,
    text === null
      ? EVERYTHING
      : Prisma.sql`(referral.clinical_question ILIKE ${like(text)} OR referral.referrer_name ILIKE ${like(text)})`,
  ];
}

function oneOf(column: Prisma.Sql, values: readonly string[] | null): Prisma.Sql {
  return values === null ? EVERYTHING : Prisma.sql`${column} = ANY (${[...values]}::text[])`;
}

function whose(meant: Whose | null, column: Prisma.Sql, isSomebody: Prisma.Sql): Prisma.Sql {
  if (meant === null) return EVERYTHING;
  if (meant.of === 'PERSON') return Prisma.sql`(${isSomebody} AND ${column} = ${meant.id}::uuid)`;
  return meant.of === 'SOMEBODY' ? isSomebody : Prisma.sql`NOT ${isSomebody}`;
}

/** What is looked for stands for itself: `%` `_` and backslash mean nothing else in it. */
function like(text: string): string {
  return `%${text.replace(/[\\%_]/g, '\\$&')}%`;
}

function sortKeys(order: QueueOrder): Prisma.Sql {
  switch (order) {
    case 'DUE':
      return Prisma.sql`${PROMISED}, ${RANK}, referral.id`;
    case 'PRIORITY':
      return Prisma.sql`${RANK}, ${PROMISED}, referral.id`;
    case 'RECEIVED':
      return Prisma.sql`referral.received_on, ${RANK}, referral.id`;
  }
}

function fromPlace(order: QueueOrder, after: QueuePlace | null): Prisma.Sql {
  if (after === null) return EVERYTHING;
  const { day, rank, id } = after;
  switch (order) {
    case 'DUE':
      return Prisma.sql`(${PROMISED}, ${RANK}, referral.id) > (${day}::date, ${rank}::int, ${id}::uuid)`;
    case 'PRIORITY':
      return Prisma.sql`(${RANK}, ${PROMISED}, referral.id) > (${rank}::int, ${day}::date, ${id}::uuid)`;
    case 'RECEIVED':
      return Prisma.sql`(referral.received_on, ${RANK}, referral.id) > (${day}::date, ${rank}::int, ${id}::uuid)`;
  }
}
