import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import type { Chain } from '../../src/clinic/scheduling/chain.rules.js';
import { Temporal } from '../../src/platform/time/index.js';
import { TIME_ZONE } from './clinics.js';
import type { GridResource } from './grid-search.js';

// A made-up clinic as rows of Facet's database, written by plain SQL before anything is measured.

const STAFF_ID = randomUUID();
const SINCE = '2020-01-01';
/** Past visits lie back to back before the first day of the bench; each resource has its share of them. */
const PAST_VISIT_MINUTES = 30;
const PAST_CLAIMS_PER_VISIT = 4;

/** The resources with the hours that their sessions have on the first open day, Monday to Friday; ids by name. */
export async function writeResources(
  client: pg.Client,
  resources: readonly GridResource[],
): Promise<ReadonlyMap<string, string>> {
  const ids = new Map(resources.map(({ id }) => [id, randomUUID()]));
  await client.query(
    `INSERT INTO resources (id, kind, name)
     SELECT * FROM unnest($1::uuid[], $2::"ResourceKind"[], $3::text[])`,
    [[...ids.values()], resources.map(({ kind }) => kind), [...ids.keys()]],
  );
  const hours = resources.flatMap(({ id, sessions }) => {
    const firstDay = dateOf(sessions[0]?.[0] ?? 0);
    return sessions
      .filter(([fromMs]) => dateOf(fromMs) === firstDay)
      .map(([fromMs, untilMs]) => ({ id: ids.get(id), opens: timeOf(fromMs), closes: timeOf(untilMs) }));
  });
  await client.query(
    `INSERT INTO opening_hours (id, resource_id, iso_weekday, opens_at, closes_at, valid_from)
     SELECT gen_random_uuid(), hours.id, weekday, hours.opens::time, hours.closes::time, $4::date
       FROM unnest($1::uuid[], $2::text[], $3::text[]) AS hours (id, opens, closes)
      CROSS JOIN generate_series(1, 5) AS weekday`,
    [hours.map(({ id }) => id), hours.map(({ opens }) => opens), hours.map(({ closes }) => closes), SINCE],
  );
  return ids;
}

/** Each booking as a claim of a holder of its own. */
export async function writeClaims(
  client: pg.Client,
  resources: readonly GridResource[],
  ids: ReadonlyMap<string, string>,
): Promise<void> {
  const claims = resources.flatMap(({ id, bookings }) =>
    bookings.map((span) => ({ resourceId: ids.get(id), span })),
  );
  await client.query(
    `INSERT INTO span_claims (id, resource_id, starts_at, ends_at, holder_id, claimed_at)
     SELECT gen_random_uuid(), resource_id, to_timestamp(starts), to_timestamp(ends), gen_random_uuid(), now()
       FROM unnest($1::uuid[], $2::float8[], $3::float8[]) AS claim (resource_id, starts, ends)`,
    [
      claims.map(({ resourceId }) => resourceId),
      claims.map(({ span }) => span[0] / 1_000),
      claims.map(({ span }) => span[1] / 1_000),
    ],
  );
}

/** A kind of visit with its protocol and a lead time from tomorrow on; the id of the protocol. */
export async function writeVisitType(client: pg.Client, code: string, chain: Chain): Promise<string> {
  const protocolId = randomUUID();
  await client.query(
    `INSERT INTO visit_types (code, name, modality, needs_referral, is_public, hold_minutes, moves_max,
                              late_change_hours)
     VALUES ($1, $1, 'IN_PERSON', false, true, 15, 2, 24)`,
    [code],
  );
  await client.query(
    `INSERT INTO visit_protocols (id, visit_type_code, effective_from, start_step_minutes, source)
     VALUES ($1, $2, $3, $4, 'for the bench')`,
    [protocolId, code, SINCE, chain.startStepMinutes],
  );
  await client.query(
    `INSERT INTO lead_time_policies (id, visit_type, earliest_days, target_days, breach_days, latest_days,
                                     effective_from, reason)
     VALUES (gen_random_uuid(), $1, 1, 14, 21, 366, $2, 'for the bench')`,
    [code, SINCE],
  );
  for (const [position, { name, durationMinutes, wait, needs }] of chain.steps.entries()) {
    const stepId = randomUUID();
    await client.query(
      `INSERT INTO visit_protocol_steps (id, protocol_id, position, name, duration_minutes, wait_minutes_min,
                                         wait_minutes_target, wait_minutes_max)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [
        stepId,
        protocolId,
        position,
        name,
        durationMinutes,
        wait?.minMinutes ?? 0,
        wait?.targetMinutes ?? 0,
        wait?.maxMinutes ?? 0,
      ],
    );
    for (const { role, kind, skill, bufferBeforeMinutes, bufferAfterMinutes, continuity } of needs) {
      await client.query(
        `INSERT INTO visit_step_needs (id, step_id, role, kind, skill, buffer_before_minutes,
                                       buffer_after_minutes, continuity)
         VALUES (gen_random_uuid(), $1, $2, $3, $4, $5, $6, $7)`,
        [stepId, role, kind, skill, bufferBeforeMinutes, bufferAfterMinutes, continuity],
      );
    }
  }
  return protocolId;
}

export async function writePatients(client: pg.Client, count: number): Promise<readonly string[]> {
  const { rows } = await client.query<{ id: string }>(
    `INSERT INTO patients (id, local_number, family_name, given_name, date_of_birth, sex_for_clinical_use,
                           stated_gender, address_lines, contact_preference, registered_at, registered_by_id)
     SELECT gen_random_uuid(), 'BENCH' || number, 'Bench', 'Patient ' || number, '1970-01-01', 'UNKNOWN',
            'NOT_KNOWN', '{}', 'LETTER', now(), $2
       FROM generate_series(1, $1::int) AS number
     RETURNING id`,
    [count, STAFF_ID],
  );
  return rows.map(({ id }) => id);
}

/**
 * So many visits that are over, with a presence and four claims each, on these resources: half an hour each, back to
 * back before a moment.
 */
export async function writePast(
  client: pg.Client,
  visits: number,
  past: { readonly code: string; readonly protocolId: string; readonly untilMs: number },
): Promise<void> {
  await client.query(
    `CREATE TEMPORARY TABLE past AS
     SELECT gen_random_uuid() AS id, number, (number * $2)::int AS first_claim
       FROM generate_series(0, $1::int - 1) AS number`,
    [visits, PAST_CLAIMS_PER_VISIT],
  );
  const patients = await writePatients(client, 1_000);
  await client.query(
    `CREATE TEMPORARY TABLE past_claims AS
     WITH lines AS (
       SELECT id, (row_number() OVER (ORDER BY id) - 1)::int AS place, count(*) OVER ()::int AS resources
         FROM resources
     )
     SELECT past.id AS holder_id, past.number, lines.id AS resource_id,
            to_timestamp($1::float8) - ((past.first_claim + part) / resources + 1) * $2::interval AS starts_at
       FROM past
      CROSS JOIN generate_series(0, $3::int - 1) AS part
       JOIN lines ON lines.place = (past.first_claim + part) % resources`,
    [past.untilMs / 1_000, `${PAST_VISIT_MINUTES} minutes`, PAST_CLAIMS_PER_VISIT],
  );
  await client.query(
    `INSERT INTO span_claims (id, resource_id, starts_at, ends_at, holder_id, claimed_at)
     SELECT gen_random_uuid(), resource_id, starts_at, starts_at + $1::interval, holder_id, starts_at
       FROM past_claims ORDER BY starts_at`,
    [`${PAST_VISIT_MINUTES} minutes`],
  );
  await client.query(
    `INSERT INTO visits (id, patient_id, visit_type_code, protocol_id, status, starts_at, ends_at, booked_at,
                         booked_by_id, changed_at, changed_by_id, arrived_at, started_at, finished_at)
     SELECT holder_id, ($1::uuid[])[number % 1000 + 1], $2, $3, 'COMPLETED', min(starts_at),
            min(starts_at) + $4::interval, min(starts_at), $5, min(starts_at), $5, min(starts_at),
            min(starts_at), min(starts_at) + $4::interval
       FROM past_claims GROUP BY holder_id, number`,
    [patients, past.code, past.protocolId, `${PAST_VISIT_MINUTES} minutes`, STAFF_ID],
  );
  await client.query(
    `INSERT INTO patient_presences (id, patient_id, starts_at, ends_at, holder_id, claimed_at)
     SELECT gen_random_uuid(), patient_id, starts_at, ends_at, id, starts_at FROM visits
         ON CONFLICT DO NOTHING`,
  );
}

const dateOf = (ms: number): string => localOf(ms).toPlainDate().toString();
const timeOf = (ms: number): string => localOf(ms).toPlainTime().toString();

function localOf(ms: number): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(TIME_ZONE);
}
