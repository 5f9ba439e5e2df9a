import { Prisma } from '../../platform/database/generated/client.js';
import type { NrsPeriod, OutcomeInstrument } from '../../platform/database/generated/enums.js';

export interface LatestScoreQuestion {
  readonly patientIds: readonly string[];
  readonly instrument: OutcomeInstrument;
  readonly period: NrsPeriod | null;
  readonly until: Date | null;
}

/** Of each of these patients the score that stands and was taken last, at a moment or before it. */
export function latestScores({ patientIds, instrument, period, until }: LatestScoreQuestion): Prisma.Sql {
  return Prisma.sql`
    SELECT DISTINCT ON (score.patient_id) score.id::text AS id
      FROM outcome_scores score
     WHERE score.patient_id = ANY (${[...patientIds]}::uuid[])
       AND score.instrument = ${instrument}::"OutcomeInstrument"
       AND (${period}::text IS NULL OR score.period::text = ${period}::text)
       AND (${until}::timestamptz IS NULL OR score.taken_at <= ${until}::timestamptz)
       AND NOT score.is_void
       AND NOT EXISTS (SELECT FROM outcome_scores later WHERE later.replaces_id = score.id)
     ORDER BY score.patient_id, score.taken_at DESC, score.id DESC`;
}

export interface ScorePageQuestion {
  readonly patientIds: readonly string[];
  readonly instrument: OutcomeInstrument | null;
  /** Also those that were put right or taken back. */
  readonly areAll: boolean;
  readonly limit: number;
  readonly after: { readonly takenAt: Date; readonly id: string } | null;
}

/** Of each of these patients one page of scores, those taken last first. */
export function scorePages({ patientIds, instrument, areAll, limit, after }: ScorePageQuestion): Prisma.Sql {
  return Prisma.sql`
    SELECT found.id::text AS id
      FROM unnest(${[...patientIds]}::uuid[]) WITH ORDINALITY AS patient (id, place)
     CROSS JOIN LATERAL (
       SELECT score.id, score.taken_at
         FROM outcome_scores score
        WHERE score.patient_id = patient.id
          AND (${instrument}::text IS NULL OR score.instrument::text = ${instrument}::text)
          AND (${after?.takenAt ?? null}::timestamptz IS NULL
               OR (score.taken_at, score.id) < (${after?.takenAt ?? null}::timestamptz, ${after?.id ?? null}::uuid))
          AND (${areAll}
               OR (NOT score.is_void AND NOT EXISTS (SELECT FROM outcome_scores later WHERE later.replaces_id = score.id)))
        ORDER BY score.taken_at DESC, score.id DESC
        LIMIT ${limit}) AS found
     ORDER BY patient.place, found.taken_at DESC, found.id DESC`;
}

/** Of each of these scores the one that stands and was taken before it, of the same instrument and about the same time. */
export function previousScores(ids: readonly string[]): Prisma.Sql {
  return Prisma.sql`
    SELECT score.id::text AS id, before.id::text AS "previousId"
      FROM outcome_scores score
     CROSS JOIN LATERAL (
       SELECT was.id
         FROM outcome_scores was
        WHERE was.patient_id = score.patient_id AND was.instrument = score.instrument
          AND was.period IS NOT DISTINCT FROM score.period AND was.entry_id <> score.entry_id
          AND (was.taken_at, was.id) < (score.taken_at, score.id)
          AND NOT was.is_void AND NOT EXISTS (SELECT FROM outcome_scores later WHERE later.replaces_id = was.id)
        ORDER BY was.taken_at DESC, was.id DESC
        LIMIT 1) AS before
     WHERE score.id = ANY (${[...ids]}::uuid[])`;
}
