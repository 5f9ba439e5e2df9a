import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import { type DuplicateReason, type Likeness, reasonsToAsk, swappedDate } from './duplicate.rules.js';
import { foundPatients, suspects } from './patient.queries.js';
import type { DuplicateCandidate } from './patient.refusals.js';
import type { Registration } from './patient.rules.js';
import type { Patient } from './patient.type.js';
import { PatientRecordService, type PatientRow, toPatient, WITH_PHONES } from './patient-record.service.js';
import {
  type Judgement,
  judgeMatch,
  likelihood,
  nameWords,
  type PartialPerson,
} from './person-match.rules.js';

/** People who share a day of birth, a phone or an address; a clinic of 100,000 has about five to a day of birth. */
const SUSPECTS_MAX = 500;
/** Somebody of whom only a name is known: more than these of one name nobody looks through. */
const NAMESAKES_MAX = 50;
/** What a person looks at in earnest when somebody writes in. */
const MATCHES_MAX = 20;

/** A registered patient who may be the person, with what speaks for it and against. */
export interface MatchCandidate extends Judgement {
  readonly patient: Patient;
}

/** Looks for the one person in two records. A record that was merged leads to the one that was kept. */
@Injectable()
export class DuplicateService {
  constructor(@Inject(PatientRecordService) private readonly records: PatientRecordService) {}

  /** Who holds an NHS number; null when nobody does, or only the one who is looked for. */
  async holderOf(tx: Tx, nhsNumber: string | null, self?: string): Promise<DuplicateCandidate | null> {
    if (nhsNumber === null) return null;
    const row = await tx.patient.findUnique({ where: { nhsNumber }, select: { id: true } });
    const holder = row === null ? null : await this.records.find(tx, row.id);
    return holder === null || holder.id === self ? null : { ...toCandidate(holder), reasons: [] };
  }

  /** Everybody else who may be this person, by the rules of registration. */
  async candidates(tx: Tx, person: Registration | Patient, self?: string): Promise<DuplicateCandidate[]> {
    const like = likenessOf(person);
    const swapped = swappedDate(person.dateOfBirth);
    const datesOfBirth = swapped === null ? [person.dateOfBirth] : [person.dateOfBirth, swapped];
    const rows = await this.#suspects(tx, { ...like, datesOfBirth });
    const reasonsById = new Map<string, DuplicateReason[]>();
    for (const row of rows) {
      const id = row.mergedIntoId ?? row.id;
      const reasons = reasonsToAsk(like, likenessOf(toPatient(row)));
      if (id !== self && reasons.length > 0) {
        reasonsById.set(id, [...new Set([...(reasonsById.get(id) ?? []), ...reasons])]);
      }
    }
    const patients = await this.records.byIds(tx, [...reasonsById.keys()]);
    return [...patients.values()]
      .map((patient) => ({ ...toCandidate(patient), reasons: reasonsById.get(patient.id) ?? [] }))
      .toSorted((a, b) => (a.patientId < b.patientId ? -1 : 1));
  }

  /**
   * Which registered patients somebody may be of whom less is known than at the desk, the likeliest first. `isSure` only
   * when nobody else comes into question as surely. Records no look: whoever shows the candidates does.
   */
  async match(tx: Tx, person: PartialPerson): Promise<readonly MatchCandidate[]> {
    const rows = await this.#suspectsOfPart(tx, person);
    const judged = new Map<string, Judgement>();
    for (const row of rows) {
      const known = { ...likenessOf(toPatient(row)), nhsNumber: row.nhsNumber };
      const judgement = judgeMatch(person, known);
      const id = row.mergedIntoId ?? row.id;
      const before = judged.get(id);
      const isBetter = before === undefined || likelihood(judgement) > likelihood(before);
      if (judgement.reasons.length > 0 && isBetter) judged.set(id, judgement);
    }
    const likeliest = [...judged]
      .toSorted(([a, one], [b, other]) => likelihood(other) - likelihood(one) || (a < b ? -1 : 1))
      .slice(0, MATCHES_MAX);
    const onlyOne = likeliest.filter(([, { isSure }]) => isSure).length === 1;
    const patients = await this.records.byIds(
      tx,
      likeliest.map(([id]) => id),
    );
    return likeliest.flatMap(([id, judgement]) => {
      const patient = patients.get(id);
      return patient === undefined ? [] : [{ ...judgement, patient, isSure: judgement.isSure && onlyOne }];
    });
  }

  async #suspectsOfPart(tx: Tx, person: PartialPerson): Promise<readonly PatientRow[]> {
    const { dateOfBirth = null, nhsNumber = null, phones = [], email = null } = person;
    const swapped = dateOfBirth === null ? null : swappedDate(dateOfBirth);
    const datesOfBirth = [dateOfBirth, swapped].filter((date) => date !== null);
    const rows = [...(await this.#suspects(tx, { datesOfBirth, phones, email }))];
    const words = nameWords(person);
    const namesakes =
      words.length < 2
        ? []
        : await tx.$queryRaw<{ foundAs: string }[]>(
            foundPatients({ kind: 'NAME', words }, null, NAMESAKES_MAX),
          );
    const numbered =
      nhsNumber === null ? [] : await tx.patient.findMany({ where: { nhsNumber }, select: { id: true } });
    const known = new Set(rows.map(({ id }) => id));
    const others = [...namesakes.map(({ foundAs }) => foundAs), ...numbered.map(({ id }) => id)].filter(
      (id) => !known.has(id),
    );
    return [...rows, ...(await this.#rows(tx, [...new Set(others)]))];
  }

  async #suspects(tx: Tx, person: Parameters<typeof suspects>[0]): Promise<readonly PatientRow[]> {
    const found = await tx.$queryRaw<{ id: string }[]>(suspects(person, SUSPECTS_MAX));
    return this.#rows(
      tx,
      found.map(({ id }) => id),
    );
  }

  async #rows(tx: Tx, ids: readonly string[]): Promise<readonly PatientRow[]> {
    return tx.patient.findMany({
      where: { id: { in: [...ids] } },
      include: WITH_PHONES,
      orderBy: { id: 'asc' },
    });
  }
}

export function likenessOf(person: Registration | Patient): Likeness {
  const { familyName, givenName, dateOfBirth, email } = person;
  return { familyName, givenName, dateOfBirth, email, phones: person.phones.map(({ e164 }) => e164) };
}

export function toCandidate(patient: Patient): Omit<DuplicateCandidate, 'reasons'> {
  const { id, localNumber, familyName, givenName, dateOfBirth } = patient;
  return { patientId: id, localNumber, familyName, givenName, dateOfBirth };
}
