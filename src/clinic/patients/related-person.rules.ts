import { ProxyBasis, type RelatedPersonRelationship } from '../../platform/database/generated/enums.js';
import { Temporal } from '../../platform/time/index.js';
import { NOTE_PROBLEM, readNote } from './note-text.rules.js';
import { toEmail } from './patient.rules.js';
import { charactersIn, isPrintable, tidy, tidyOrNull } from './person-name.rules.js';
import { toE164 } from './phone.rules.js';

/** The same as a patient's whole name may have. */
export const RELATED_NAME_CHARACTERS_MAX = 64;
/** Parental responsibility ends with majority (Children Act 1989 s.2, s.105; Family Law Reform Act 1969 s.1). */
export const MAJORITY_YEARS = 18;

export interface ProxyEntry {
  readonly basis: ProxyBasis;
  readonly evidence: string;
  readonly fromOn?: string | null;
  readonly untilOn?: string | null;
}

export interface RelatedPersonEntry {
  readonly name: string;
  readonly relationship: RelatedPersonRelationship;
  readonly relationshipText?: string | null;
  readonly phone?: string | null;
  readonly email?: string | null;
  readonly isNextOfKin?: boolean | null;
  readonly isEmergencyContact?: boolean | null;
  readonly proxy?: ProxyEntry | null;
}

export interface ReadProxy {
  readonly basis: ProxyBasis;
  readonly evidence: string;
  readonly fromOn: string | null;
  readonly untilOn: string | null;
}

/** Somebody as they are kept. */
export interface ReadRelatedPerson {
  readonly name: string;
  readonly relationship: RelatedPersonRelationship;
  readonly relationshipText: string | null;
  readonly phoneE164: string | null;
  readonly phoneAsEntered: string | null;
  readonly email: string | null;
  readonly isNextOfKin: boolean;
  readonly isEmergencyContact: boolean;
  readonly proxy: ReadProxy | null;
}

/** The patient, and the day on which somebody is recorded. */
export interface RelatedGround {
  readonly dateOfBirth: string;
  readonly today: Temporal.PlainDate;
}

/** Somebody as they are kept, or what is wrong, field by field. */
export function readRelatedPerson(
  entry: RelatedPersonEntry,
  ground: RelatedGround,
): ReadRelatedPerson | readonly string[] {
  const name = tidy(entry.name);
  const relationshipText = readNote(entry.relationshipText);
  const phone = tidyOrNull(entry.phone);
  const phoneE164 = phone === null ? null : toE164(phone);
  const email = toEmail(entry.email);
  const proxy = entry.proxy ? readProxy(entry.proxy, ground) : null;
  const problems: string[] = [];
  if (name === '' || charactersIn(name) > RELATED_NAME_CHARACTERS_MAX || !isPrintable(name)) {
    problems.push(`name: must have 1 to ${RELATED_NAME_CHARACTERS_MAX} ordinary characters.`);
  }
  if (relationshipText === undefined) problems.push(`relationshipText: ${NOTE_PROBLEM}.`);
  if (phone !== null && phoneE164 === null) problems.push('phone: must be a complete telephone number.');
  if (entry.isEmergencyContact === true && phoneE164 === null) {
    problems.push('isEmergencyContact: needs a telephone number.');
  }
  if (email !== null && (!/^[^\s@]+@[^\s@]+$/.test(email) || !isPrintable(email))) {
    problems.push('email: must be an e-mail address, such as name@example.org.');
  }
  if (Array.isArray(proxy)) problems.push(...proxy);
  if (problems.length > 0) return problems;
  return {
    ...{ name, relationship: entry.relationship, relationshipText: relationshipText ?? null },
    ...{ phoneE164, phoneAsEntered: phone, email },
    isNextOfKin: entry.isNextOfKin ?? false,
    isEmergencyContact: entry.isEmergencyContact ?? false,
    proxy: proxy as ReadProxy | null,
  };
}

function toDay(text: string | null | undefined): Temporal.PlainDate | null | undefined {
  if (!text) return null;
  try {
    return Temporal.PlainDate.from(text, { overflow: 'reject' });
  } catch {
    return undefined;
  }
}

/** A right to decide, or what is wrong with it. A parent's ends on the patient's eighteenth birthday, whatever was entered. */
function readProxy(entry: ProxyEntry, { dateOfBirth, today }: RelatedGround): ReadProxy | readonly string[] {
  const evidence = readNote(entry.evidence);
  const fromOn = toDay(entry.fromOn);
  const untilOn = toDay(entry.untilOn);
  if (!evidence) return ['proxy.evidence: say what was seen, in at most 200 ordinary characters.'];
  if (fromOn === undefined || untilOn === undefined) {
    return ['proxy.fromOn, proxy.untilOn: must be days of the calendar, as YYYY-MM-DD.'];
  }
  if (fromOn !== null && untilOn !== null && Temporal.PlainDate.compare(untilOn, fromOn) < 0) {
    return ['proxy.untilOn: must not be before proxy.fromOn.'];
  }
  const read = { basis: entry.basis, evidence, fromOn: fromOn?.toString() ?? null };
  if (entry.basis !== ProxyBasis.PARENT) return { ...read, untilOn: untilOn?.toString() ?? null };
  const majority = Temporal.PlainDate.from(dateOfBirth).add({ years: MAJORITY_YEARS });
  if (Temporal.PlainDate.compare(majority, today) <= 0) {
    return ['proxy.basis: the patient is of age, so no parent decides; a power of attorney or a deputy may.'];
  }
  const last = majority.subtract({ days: 1 });
  const until = untilOn === null || Temporal.PlainDate.compare(untilOn, last) > 0 ? last : untilOn;
  return { ...read, untilOn: until.toString() };
}

/** Whether a right to decide holds on a day. */
export function isProxyInForce(
  person: {
    readonly proxyBasis: ProxyBasis | null;
    readonly proxyFromOn: string | null;
    readonly proxyUntilOn: string | null;
    readonly proxyRevokedAt: unknown;
    readonly endedAt: unknown;
  },
  today: Temporal.PlainDate,
): boolean {
  const day = today.toString();
  if (person.proxyBasis === null || person.proxyRevokedAt !== null || person.endedAt !== null) return false;
  return (
    (person.proxyFromOn === null || person.proxyFromOn <= day) &&
    (person.proxyUntilOn === null || day <= person.proxyUntilOn)
  );
}
