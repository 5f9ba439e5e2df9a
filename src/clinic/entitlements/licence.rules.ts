import type { LicenceKind } from '../../platform/database/generated/enums.js';
import { formatDate, Temporal } from '../../platform/time/index.js';

/** The days on which something holds: both included. `endedOn`: the first day on which it holds no more. */
export interface Term {
  readonly validFrom: Temporal.PlainDate;
  /** Null: until it is ended. */
  readonly validUntil: Temporal.PlainDate | null;
  readonly endedOn: Temporal.PlainDate | null;
}

export interface LicenceFacts extends Term {
  readonly id: string;
  readonly kind: LicenceKind;
  readonly number: string;
  /** Of an employer's the one site; of a practitioner's those where it holds, empty: any. */
  readonly siteCodes: readonly string[];
  readonly staffId: string | null;
  readonly procedureCodes: readonly string[];
  readonly validUntil: Temporal.PlainDate;
}

/** A question about the day of an administration: does the employer (or this practitioner) hold a licence for it? */
export interface LicenceWant {
  readonly kind: LicenceKind;
  /** Of a practitioner's licence: whose; null: nobody is known yet. */
  readonly staffId?: string | null;
  readonly siteCode: string;
  readonly procedureCode: string;
  /** The local day of the administration. */
  readonly on: Temporal.PlainDate;
}

/** The answer, with a sentence that says what to do where the answer is no. */
export interface LicenceStanding {
  readonly held: boolean;
  readonly reason: string;
  readonly licenceId: string | null;
  readonly number: string | null;
  /** The last day on which it holds, included. */
  readonly validUntil: Temporal.PlainDate | null;
}

const isBefore = (a: Temporal.PlainDate, b: Temporal.PlainDate): boolean =>
  Temporal.PlainDate.compare(a, b) < 0;

/** The last day on which it holds, included; null: no day is known. One that ended on its first day never held. */
export function lastDayOf({ validUntil, endedOn }: Term): Temporal.PlainDate | null {
  if (endedOn === null) return validUntil;
  const before = endedOn.subtract({ days: 1 });
  return validUntil !== null && isBefore(validUntil, before) ? validUntil : before;
}

/** Does it hold on that day? The first and the last day count. */
export function holdsOn(term: Term, on: Temporal.PlainDate): boolean {
  const last = lastDayOf(term);
  return !isBefore(on, term.validFrom) && (last === null || !isBefore(last, on));
}

const HOLDER = {
  EMPLOYER: ({ siteCode }: LicenceWant) => `The employer’s licence of the site ${siteCode}`,
  PRACTITIONER: () => 'The practitioner’s licence',
} as const satisfies Record<LicenceKind, (want: LicenceWant) => string>;

const WHAT_TO_DO = {
  EMPLOYER:
    'Nothing radioactive may be administered there without one: record the licence, or move the visit.',
  PRACTITIONER:
    'Nothing radioactive may be administered on this justification: record the licence, or have the request justified by a practitioner who holds one.',
} as const satisfies Record<LicenceKind, string>;

/** Is what somebody wants to do covered on the day on which it is to be done? Of several licences the one that holds longest counts. */
export function judgeLicence(licences: readonly LicenceFacts[], want: LicenceWant): LicenceStanding {
  const own = licences.filter((licence) => isOf(licence, want));
  const covering = own.filter(({ procedureCodes }) => procedureCodes.includes(want.procedureCode));
  const [best] = covering.filter((licence) => holdsOn(licence, want.on)).toSorted(longestFirst);
  if (best === undefined) return notHeld(covering, own, want);
  const last = lastDayOf(best) ?? best.validUntil;
  const reason = `${HOLDER[want.kind](want)}, ${best.number}, holds until ${formatDate(last)}.`;
  return { held: true, reason, licenceId: best.id, number: best.number, validUntil: last };
}

function isOf({ kind, siteCodes, staffId }: LicenceFacts, want: LicenceWant): boolean {
  if (kind !== want.kind) return false;
  if (kind === 'EMPLOYER') return siteCodes.includes(want.siteCode);
  return staffId === want.staffId && (siteCodes.length === 0 || siteCodes.includes(want.siteCode));
}

function longestFirst(a: LicenceFacts, b: LicenceFacts): number {
  const [lastA, lastB] = [lastDayOf(a) ?? a.validUntil, lastDayOf(b) ?? b.validUntil];
  return Temporal.PlainDate.compare(lastB, lastA) || (a.id < b.id ? -1 : 1);
}

function notHeld(
  covering: readonly LicenceFacts[],
  own: readonly LicenceFacts[],
  want: LicenceWant,
): LicenceStanding {
  const toDo = WHAT_TO_DO[want.kind];
  const holder = HOLDER[want.kind](want);
  const over = covering.filter((licence) => !isBefore(want.on, licence.validFrom)).toSorted(longestFirst)[0];
  if (over !== undefined) {
    const last = lastDayOf(over) ?? over.validUntil;
    const how = over.endedOn === null ? 'expired after' : 'was ended; its last day was';
    return no(`${holder}, ${over.number}, ${how} ${formatDate(last)}. ${toDo}`, over, last);
  }
  const [coming] = covering.toSorted((a, b) => Temporal.PlainDate.compare(a.validFrom, b.validFrom));
  if (coming !== undefined) {
    const from = formatDate(coming.validFrom);
    return no(`${holder}, ${coming.number}, holds only from ${from} on. ${toDo}`, coming, coming.validUntil);
  }
  const another = own.length > 0 ? ` A licence is recorded, but not for ${want.procedureCode}.` : '';
  if (want.kind === 'PRACTITIONER' && (want.staffId ?? null) === null) {
    return no(`No practitioner has justified this yet, so no practitioner’s licence counts for it. ${toDo}`);
  }
  const where = want.kind === 'PRACTITIONER' ? ` at the site ${want.siteCode}` : '';
  return no(`${holder} for ${want.procedureCode}${where} is not recorded.${another} ${toDo}`);
}

function no(
  reason: string,
  licence: LicenceFacts | null = null,
  validUntil: Temporal.PlainDate | null = null,
): LicenceStanding {
  return { held: false, reason, licenceId: licence?.id ?? null, number: licence?.number ?? null, validUntil };
}
