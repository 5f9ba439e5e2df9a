import { Prisma } from '../../platform/database/generated/client.js';
import type { EnquiryChannel, EnquiryStatus } from '../../platform/database/generated/enums.js';

/** Holds an enquiry as it is until the transaction ends. */
export function heldEnquiry(id: string): Prisma.Sql {
  return Prisma.sql`SELECT id::text FROM enquiries WHERE id = ${id}::uuid FOR NO KEY UPDATE`;
}

/** Holds an alert as it is until the transaction ends. */
export function heldAlert(id: string): Prisma.Sql {
  return Prisma.sql`SELECT id::text FROM red_flag_alerts WHERE id = ${id}::uuid FOR NO KEY UPDATE`;
}

/** What the text of a search may mean; each that is not null is looked for, and one match is enough. */
export interface SearchMeanings {
  readonly reference: string | null;
  readonly phoneE164: string | null;
  readonly email: string | null;
  readonly nhsNumber: string | null;
  /** Words that all stand in the name, or all in one message. */
  readonly words: readonly string[];
}

export interface EnquiryConditions {
  readonly statuses: readonly EnquiryStatus[] | null;
  readonly channels: readonly EnquiryChannel[] | null;
  readonly hasOpenRedFlag: boolean | null;
  readonly redFlagsToAsk: boolean | null;
  readonly privacyNoticeToShow: boolean | null;
  readonly isClaimed: boolean | null;
  readonly claimedById: string | null;
  readonly patientId: string | null;
  readonly search: SearchMeanings | null;
}

/** Where a page goes on. */
export interface EnquiryPlace {
  readonly receivedAt: Date;
  readonly id: string;
}

const TRUE = Prisma.sql`TRUE`;
/** regexp_replace's arguments that put a backslash before LIKE's own signs. */
const ESCAPING = Prisma.raw(String.raw`'([\\%_])', '\\\1', 'g'`);

/** A condition, or none; `false` turns it round. */
const whether = (wanted: boolean | null, condition: Prisma.Sql): Prisma.Sql => {
  if (wanted === null) return TRUE;
  return wanted ? Prisma.sql`(${condition})` : Prisma.sql`NOT (${condition})`;
};

/** A word of fewer letters has no trigram of its own: it is looked for where a name begins. */
const TRIGRAM_CHARACTERS = 3;

function nameHas(word: string): Prisma.Sql {
  const name = Prisma.sql`facet_search_name(enquiry.name)`;
  const part = Prisma.sql`regexp_replace(facet_search_name(${word}), ${ESCAPING})`;
  if ([...word].length >= TRIGRAM_CHARACTERS) return Prisma.sql`${name} LIKE '%' || ${part} || '%'`;
  return Prisma.sql`(${name} LIKE ${part} || '%' OR ${name} LIKE '% ' || ${part} || '%')`;
}

function textHas(word: string): Prisma.Sql {
  return Prisma.sql`facet_fold(message.text) LIKE '%' || regexp_replace(facet_fold(${word}), ${ESCAPING}) || '%'`;
}

/** Each meaning through its own index: a union and not an OR. */
function foundBy({ reference, phoneE164, email, nhsNumber, words }: SearchMeanings): Prisma.Sql {
  const ways: Prisma.Sql[] = [];
  const select = Prisma.sql`SELECT enquiry.id FROM enquiries enquiry WHERE`;
  if (reference !== null) ways.push(Prisma.sql`${select} reference = ${reference}`);
  if (phoneE164 !== null) ways.push(Prisma.sql`${select} phone_e164 = ${phoneE164}`);
  if (email !== null) ways.push(Prisma.sql`${select} email IS NOT NULL AND lower(email) = lower(${email})`);
  if (nhsNumber !== null) ways.push(Prisma.sql`${select} nhs_number = ${nhsNumber}`);
  const nameWords = words.filter((word) => /[\p{L}\p{N}]/u.test(word));
  if (nameWords.length > 0) ways.push(Prisma.sql`${select} ${Prisma.join(nameWords.map(nameHas), ' AND ')}`);
  // Short words alone would be a look through every text; beside a longer one they cost nothing.
  if (nameWords.some((word) => [...word].length >= TRIGRAM_CHARACTERS)) {
    ways.push(
      Prisma.sql`SELECT message.enquiry_id FROM enquiry_messages message WHERE ${Prisma.join(nameWords.map(textHas), ' AND ')}`,
    );
  }
  return ways.length === 0 ? Prisma.sql`SELECT NULL::uuid` : Prisma.join(ways, ' UNION ');
}

/** Ids of the enquiries that a filter lets through, newest or oldest first, after a place. */
export function foundEnquiries(
  where: EnquiryConditions,
  after: EnquiryPlace | null,
  oldestFirst: boolean,
  limit: number,
): Prisma.Sql {
  const order = oldestFirst ? Prisma.sql`ASC` : Prisma.sql`DESC`;
  const beyond = oldestFirst ? Prisma.sql`>` : Prisma.sql`<`;
  const conditions = [
    where.statuses === null ? TRUE : Prisma.sql`status::text = ANY(${[...where.statuses]})`,
    where.channels === null ? TRUE : Prisma.sql`channel::text = ANY(${[...where.channels]})`,
    whether(
      where.hasOpenRedFlag,
      Prisma.sql`EXISTS (SELECT FROM red_flag_alerts alert WHERE alert.enquiry_id = enquiries.id AND alert.status = 'OPEN')`,
    ),
    whether(where.redFlagsToAsk, Prisma.sql`red_flags_asked = 'TO_ASK'`),
    whether(where.privacyNoticeToShow, Prisma.sql`privacy_notice_id IS NULL`),
    whether(where.isClaimed, Prisma.sql`claimed_by_id IS NOT NULL`),
    where.claimedById === null ? TRUE : Prisma.sql`claimed_by_id = ${where.claimedById}::uuid`,
    where.patientId === null ? TRUE : Prisma.sql`patient_id = ${where.patientId}::uuid`,
    where.search === null ? TRUE : Prisma.sql`id IN (${foundBy(where.search)})`,
    after === null ? TRUE : Prisma.sql`(received_at, id) ${beyond} (${after.receivedAt}, ${after.id}::uuid)`,
  ];
  return Prisma.sql`
    SELECT id::text FROM enquiries
    WHERE ${Prisma.join(conditions, ' AND ')}
    ORDER BY received_at ${order}, id ${order}
    LIMIT ${limit}`;
}

/** How many enquiries named this e-mail address from a moment on and before a place, spam left out. */
export function enquiriesOfEmail(email: string, since: Date, before: EnquiryPlace): Prisma.Sql {
  return Prisma.sql`
    SELECT count(*)::int AS count FROM enquiries
    WHERE email IS NOT NULL AND lower(email) = lower(${email}) AND status <> 'SPAM'
      AND received_at >= ${since} AND (received_at, id) < (${before.receivedAt}, ${before.id}::uuid)`;
}

/** The newest messages of each of these enquiries: so many each, in one statement. */
export function newestMessagesOfEach(enquiryIds: readonly string[], limitEach: number): Prisma.Sql {
  return newestOfEach(Prisma.sql`enquiry_messages`, enquiryIds, limitEach);
}

/** The newest events of each of these enquiries. */
export function newestEventsOfEach(enquiryIds: readonly string[], limitEach: number): Prisma.Sql {
  return newestOfEach(Prisma.sql`enquiry_events`, enquiryIds, limitEach);
}

function newestOfEach(table: Prisma.Sql, enquiryIds: readonly string[], limitEach: number): Prisma.Sql {
  return Prisma.sql`
    SELECT newest.id::text
    FROM unnest(${[...enquiryIds]}::uuid[]) AS asked (id)
    CROSS JOIN LATERAL (
      SELECT part.id FROM ${table} part WHERE part.enquiry_id = asked.id
      ORDER BY part.at DESC, part.id DESC LIMIT ${limitEach}
    ) AS newest`;
}
