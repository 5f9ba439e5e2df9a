import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { v7 as newId } from 'uuid';
import { BOOKED_AT, BOOKED_TYPE, type BookingPlan, PROCEDURE } from './booking-plan.js';

// The rows of a booking and nothing else: no rule is asked, nothing is read, nobody is locked. What the database itself
// does with them (exclusion constraints, the audit chain, every commit on disk) it does for both sides.

const STAFF_ID = randomUUID();
const atMs = (ms: number): string => new Date(ms).toISOString();

export interface BareGround {
  readonly pool: pg.Pool;
  readonly protocolId: string;
}

/** What a statement is sent with. */
interface Sender {
  query(text: string, values?: unknown[]): Promise<unknown>;
}

/** Nine statements in one transaction, one after the other. */
export async function bookBare(
  { pool, protocolId }: BareGround,
  plan: BookingPlan,
  patientId: string,
): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await insertAll(client, plan, { patientId, protocolId });
    await client.query('COMMIT');
  } finally {
    client.release();
  }
}

const names = new Map<string, string>();

/** The same, prepared once for each connection and all of it sent without waiting. The pool's connections are pipelined. */
export async function bookBareAtOnce(
  { pool, protocolId }: BareGround,
  plan: BookingPlan,
  patientId: string,
): Promise<void> {
  const client = await pool.connect();
  const answers: Promise<unknown>[] = [];
  const sender: Sender = {
    query: async (text, values) => {
      const name = names.get(text) ?? `bare_${names.size + 1}`;
      names.set(text, name);
      answers.push(client.query({ name, text, values }));
    },
  };
  try {
    await sender.query('BEGIN');
    await insertAll(sender, plan, { patientId, protocolId });
    await sender.query('COMMIT');
    await Promise.all(answers);
  } finally {
    client.release();
  }
}

async function insertAll(
  client: Sender,
  { steps, claims }: BookingPlan,
  { patientId, protocolId }: { readonly patientId: string; readonly protocolId: string },
): Promise<void> {
  const visitId = newId();
  const from = atMs(steps[0]?.startMs ?? 0);
  const until = atMs(steps.at(-1)?.endMs ?? 0);
  await client.query(
    `INSERT INTO span_claims (id, resource_id, starts_at, ends_at, holder_id, claimed_at)
     SELECT gen_random_uuid(), claim.*, $4::uuid, $5::timestamptz
       FROM unnest($1::uuid[], $2::timestamptz[], $3::timestamptz[]) AS claim`,
    [
      claims.map(({ resourceId }) => resourceId),
      claims.map(({ startMs }) => atMs(startMs)),
      claims.map(({ endMs }) => atMs(endMs)),
      visitId,
      BOOKED_AT,
    ],
  );
  await client.query(
    `INSERT INTO patient_presences (id, patient_id, starts_at, ends_at, holder_id, claimed_at)
     VALUES ($1, $2, $3, $4, $5, $6)`,
    [newId(), patientId, from, until, visitId, BOOKED_AT],
  );
  await client.query(
    `INSERT INTO visits (id, patient_id, visit_type_code, protocol_id, status, starts_at, ends_at, booked_at,
                         booked_by_id, changed_at, changed_by_id)
     VALUES ($1, $2, $3, $4, 'BOOKED', $5, $6, $7, $8, $7, $8)`,
    [visitId, patientId, BOOKED_TYPE, protocolId, from, until, BOOKED_AT, STAFF_ID],
  );
  const stepIds = steps.map(() => newId());
  await client.query(
    `INSERT INTO visit_steps (visit_id, patient_present, id, position, name, starts_at, ends_at)
     SELECT $1, true, step.*
       FROM unnest($2::uuid[], $3::int[], $4::text[], $5::timestamptz[], $6::timestamptz[]) AS step`,
    [
      visitId,
      stepIds,
      steps.map((_, position) => position),
      PROCEDURE.steps.map(({ name }) => name),
      steps.map(({ startMs }) => atMs(startMs)),
      steps.map(({ endMs }) => atMs(endMs)),
    ],
  );
  const served = steps.flatMap(({ resources }, position) =>
    resources.map((resource) => ({ ...resource, stepId: stepIds[position] })),
  );
  await client.query(
    `INSERT INTO visit_step_resources (step_id, role, resource_id)
     SELECT * FROM unnest($1::uuid[], $2::text[], $3::uuid[])`,
    [
      served.map(({ stepId }) => stepId),
      served.map(({ role }) => role),
      served.map(({ resourceId }) => resourceId),
    ],
  );
  await writeDown(client, { visitId, patientId, snapshot: snapshotOf(visitId, patientId, steps) });
}

async function writeDown(
  client: Sender,
  entry: { readonly visitId: string; readonly patientId: string; readonly snapshot: string },
): Promise<void> {
  const { visitId, patientId, snapshot } = entry;
  await client.query(
    `INSERT INTO visit_revisions (visit_id, version, action, snapshot, changed_at, changed_by_id)
     VALUES ($1, 0, 'booked', $2, $3, $4)`,
    [visitId, snapshot, BOOKED_AT, STAFF_ID],
  );
  await client.query(
    `INSERT INTO audit_entries (id, occurred_at, actor_kind, actor_id, action, subject_type, subject_id,
                                patient_ids, after)
     VALUES ($1, $2, 'STAFF', $3, 'visit.booked', 'visit', $4, $5, $6)`,
    [newId(), BOOKED_AT, STAFF_ID, visitId, [patientId], snapshot],
  );
  await client.query(
    `WITH posted AS (
       INSERT INTO outbox_messages (id, topic, subject_id, version, posted_at, due_at)
       VALUES ($1, 'visit.booked', $2, 0, $3, $3))
     SELECT pg_notify('facet_outbox', '')`,
    [newId(), visitId, BOOKED_AT],
  );
}

/** As long as what Facet writes down of such a visit. */
function snapshotOf(visitId: string, patientId: string, steps: BookingPlan['steps']): string {
  return JSON.stringify({
    id: visitId,
    status: 'BOOKED',
    version: 0,
    patientId,
    visitTypeCode: BOOKED_TYPE,
    bookedAt: BOOKED_AT,
    changedAt: BOOKED_AT,
    steps: steps.map(({ startMs, endMs, resources }, position) => ({
      position,
      name: PROCEDURE.steps[position]?.name,
      startsAt: atMs(startMs),
      endsAt: atMs(endMs),
      resources: resources.map(({ role, resourceId }) => ({
        role,
        resource: { id: resourceId, kind: 'PAIN_CONSULTANT', name: 'PAIN_CONSULTANT-10' },
      })),
    })),
  });
}
