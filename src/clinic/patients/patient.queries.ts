import { Prisma } from '../../platform/database/generated/client.js';
import type { PatientSearch } from './patient-search.rules.js';

/** Advisory locks of the house have namespace 4207; key 1 is the audit chain's. Registrations stand in line at key 2. */
export const REGISTRATION_LOCK = Prisma.sql`SELECT pg_advisory_xact_lock(4207, 2)`;

/** A word of fewer letters has no trigram of its own: it is looked for where a name begins, which has. */
const TRIGRAM_CHARACTERS = 3;

/** regexp_replace's arguments that put a backslash before LIKE's own signs. */
const ESCAPING = Prisma.raw(String.raw`'([\\%_])', '\\\1', 'g'`);

/** Folded as the stored names are, and with LIKE's own signs made ordinary. */
function folded(word: string): Prisma.Sql {
  return Prisma.sql`regexp_replace(facet_search_name(${word}), ${ESCAPING})`;
}

function wordMatches(word: string): Prisma.Sql {
  if ([...word].length >= TRIGRAM_CHARACTERS) {
    return Prisma.sql`search_name LIKE '%' || ${folded(word)} || '%'`;
  }
  return Prisma.sql`(search_name LIKE ${folded(word)} || '%' OR search_name LIKE '% ' || ${folded(word)} || '%')`;
}

const hasPhone = (e164: string): Prisma.Sql =>
  Prisma.sql`id IN (SELECT patient_id FROM patient_phones WHERE e164 = ${e164})`;

function matches(search: Exclude<PatientSearch, { kind: 'UNCLEAR' }>): Prisma.Sql {
  switch (search.kind) {
    case 'NAME':
      return Prisma.join(search.words.map(wordMatches), ' AND ');
    case 'DATE_OF_BIRTH':
      return Prisma.sql`date_of_birth = ${search.dateOfBirth}::date`;
    case 'LOCAL_NUMBER':
      return Prisma.sql`local_number = ${search.localNumber}`;
    case 'NHS_NUMBER':
      if (search.phone === null) return Prisma.sql`nhs_number = ${search.nhsNumber}`;
      // A union and not an OR: each side then goes through its own index.
      return Prisma.sql`id IN (
        SELECT id FROM patients WHERE nhs_number = ${search.nhsNumber}
        UNION SELECT patient_id FROM patient_phones WHERE e164 = ${search.phone})`;
    case 'PHONE':
      return hasPhone(search.phone);
  }
}

const SORT_KEY = Prisma.sql`facet_fold(family_name) COLLATE "C", facet_fold(given_name) COLLATE "C", id`;

/**
 * Ids of the patients that a search finds, as a list is read: by family name, given name, id. A record that was merged is
 * found by what stands on it and answers as the one that was kept. A page goes on after the last patient shown; the
 * cursor names that patient by id, so no name travels in it.
 */
export function foundPatients(
  search: Exclude<PatientSearch, { kind: 'UNCLEAR' }>,
  afterId: string | null,
  limit: number,
): Prisma.Sql {
  const further =
    afterId === null
      ? Prisma.empty
      : Prisma.sql`AND (${SORT_KEY}) > (SELECT ${SORT_KEY} FROM patients WHERE id = ${afterId}::uuid)`;
  return Prisma.sql`
    SELECT id::text, "foundAs" FROM (
      SELECT DISTINCT ON (kept_id) kept_id, found_id::text AS "foundAs"
        FROM (SELECT coalesce(merged_into_id, id) AS kept_id, id AS found_id FROM patients WHERE ${matches(search)}) found
       ORDER BY kept_id, found_id <> kept_id, found_id) answered
    JOIN patients ON patients.id = answered.kept_id
    WHERE true ${further}
    ORDER BY ${SORT_KEY}
    LIMIT ${limit}`;
}

/** Everybody who could be the same person by what an index can find; the rules then look at the names. */
export function suspects(
  person: {
    readonly datesOfBirth: readonly string[];
    readonly phones: readonly string[];
    readonly email: string | null;
  },
  limit: number,
): Prisma.Sql {
  return Prisma.sql`
    SELECT id::text FROM patients WHERE date_of_birth = ANY(${[...person.datesOfBirth]}::date[])
    UNION
    SELECT patient_id::text FROM patient_phones WHERE e164 = ANY(${[...person.phones]}::text[])
    UNION
    SELECT id::text FROM patients WHERE email IS NOT NULL AND lower(email) = lower(${person.email}::text)
    LIMIT ${limit}`;
}

/**
 * Holds the patient's row until the transaction ends. Others may still refer to the patient by foreign key. A record that was
 * destroyed is not found: nothing more is written to it.
 */
export function lockedPatient(id: string): Prisma.Sql {
  return Prisma.sql`
    SELECT merged_into_id::text AS "mergedIntoId" FROM patients
     WHERE id = ${id}::uuid AND destroyed_at IS NULL FOR NO KEY UPDATE`;
}

/** Holds the rows of several patients, in order of id, so that nobody refers to them anew either. */
export function lockedPatients(ids: readonly string[]): Prisma.Sql {
  return Prisma.sql`
    SELECT id::text FROM patients WHERE id = ANY (${[...ids]}::uuid[]) ORDER BY id FOR UPDATE`;
}
