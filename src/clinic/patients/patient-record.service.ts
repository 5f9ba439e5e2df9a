import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import type { Prisma } from '../../platform/database/generated/client.js';
import { badInput, notFound } from '../../platform/refusal/refusal.js';
import {
  dateFromPlainDate,
  instantFromDate,
  plainDateFromDate,
  Temporal,
} from '../../platform/time/index.js';
import { displayNhsNumber } from './nhs-number.rules.js';
import { lockedPatient, lockedPatients } from './patient.queries.js';
import type { Registration } from './patient.rules.js';
import type { MergedRecord, Patient } from './patient.type.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export const WITH_PHONES = {
  phones: { orderBy: { position: 'asc' } },
} as const satisfies Prisma.PatientInclude;
export type PatientRow = Prisma.PatientGetPayload<{ include: typeof WITH_PHONES }>;

/** The records themselves. Whoever is asked for by a record that was merged is answered with the one that was kept. */
@Injectable()
export class PatientRecordService {
  /** The record, or that into which it was merged; null when there is none. Records no look. */
  async find(client: Tx, id: string): Promise<Patient | null> {
    return (await this.byIds(client, [id])).get(id.toLowerCase()) ?? null;
  }

  /** Those that exist, by the id that was asked for, in one round, or two when one of them was merged. */
  async byIds(client: Tx, ids: readonly string[]): Promise<ReadonlyMap<string, Patient>> {
    const asked = [...new Set(ids.filter((id) => UUID.test(id)).map((id) => id.toLowerCase()))];
    const rows = await this.#rows(client, asked);
    const known = new Map(rows.map((row) => [row.id, row]));
    const elsewhere = rows.flatMap(({ mergedIntoId }) => mergedIntoId ?? []).filter((id) => !known.has(id));
    for (const row of await this.#rows(client, [...new Set(elsewhere)])) known.set(row.id, row);
    return new Map(
      rows.map((row) => {
        const kept = row.mergedIntoId === null ? undefined : known.get(row.mergedIntoId);
        return [row.id, kept === undefined ? toPatient(row) : toPatient(kept, row)];
      }),
    );
  }

  /**
   * A record that is its own: to be acted on. Throws NOT_FOUND, also of one that was destroyed, to which nothing more is
   * written; and BAD_INPUT that names the record to use when it was merged.
   */
  async mustBeOwn(client: Tx, id: string): Promise<Patient> {
    const [row] = UUID.test(id) ? await this.#rows(client, [id.toLowerCase()]) : [];
    if (row === undefined || row.destroyedAt !== null) throw notFound('patient');
    return row.mergedIntoId === null ? toPatient(row) : this.mustBeUnmerged(client, id);
  }

  /** A record that is its own, also one that was destroyed. Throws NOT_FOUND, and BAD_INPUT as `mustBeOwn` does. */
  async mustBeUnmerged(client: Tx, id: string): Promise<Patient> {
    const patient = await this.find(client, id);
    if (patient === null) throw notFound('patient');
    if (patient.askedAs !== null) throw badInput(wasMerged(patient.askedAs, patient));
    return patient;
  }

  /** Puts transactions about one patient in line until they end. Throws as `mustBeOwn` does. */
  async lock(tx: Tx, id: string): Promise<void> {
    if (!UUID.test(id)) throw notFound('patient');
    const [locked] = await tx.$queryRaw<{ mergedIntoId: string | null }[]>(lockedPatient(id));
    if (locked === undefined) throw notFound('patient');
    if (locked.mergedIntoId !== null) await this.mustBeOwn(tx, id);
  }

  /** Keeps everybody else from two records until the transaction ends, also those who would write what belongs to them. */
  async lockForMerge(tx: Tx, ids: readonly string[]): Promise<readonly PatientRow[]> {
    if (!ids.every((id) => UUID.test(id))) throw notFound('patient');
    const locked = await tx.$queryRaw<{ id: string }[]>(lockedPatients(ids));
    if (locked.length < new Set(ids.map((id) => id.toLowerCase())).size) throw notFound('patient');
    return this.#rows(tx, ids);
  }

  /** Under which ids the person was ever known: the record itself, then those that were merged into it. */
  async allIdsOf(client: Tx, id: string): Promise<readonly string[]> {
    if (!UUID.test(id)) return [];
    const rows = await client.patient.findMany({
      where: { mergedIntoId: id },
      select: { id: true },
      orderBy: { id: 'asc' },
    });
    return [id, ...rows.map((row) => row.id)];
  }

  /** Writes what a record says from now on, and that it has changed. */
  async write(
    tx: Tx,
    id: string,
    { phones, dateOfBirth, addressLines, ...person }: Registration,
    data: Prisma.PatientUpdateInput,
  ): Promise<void> {
    await tx.patient.update({
      where: { id },
      data: {
        ...data,
        ...pick(person),
        addressLines: [...addressLines],
        dateOfBirth: dateFromPlainDate(Temporal.PlainDate.from(dateOfBirth)),
        version: { increment: 1 },
      },
    });
    const before = await tx.patientPhone.findMany({ where: { patientId: id }, orderBy: { position: 'asc' } });
    const asBefore = before.map(({ kind, e164, asEntered }) => ({ kind, e164, asEntered }));
    if (JSON.stringify(asBefore) === JSON.stringify(phones)) return;
    await tx.patientPhone.deleteMany({ where: { patientId: id } });
    await tx.patientPhone.createMany({
      data: phones.map((phone, position) => ({ ...phone, patientId: id, position })),
    });
  }

  async #rows(client: Tx, ids: readonly string[]): Promise<readonly PatientRow[]> {
    if (ids.length === 0) return [];
    return client.patient.findMany({ where: { id: { in: [...ids] } }, include: WITH_PHONES });
  }
}

function pick(person: Omit<Registration, 'phones' | 'dateOfBirth' | 'addressLines'>) {
  const { familyName, givenName, middleNames, namePrefix, sexForClinicalUse, statedGender } = person;
  const { postcode, email, nhsNumber, contactPreference } = person;
  return {
    ...{ familyName, givenName, middleNames, namePrefix, sexForClinicalUse, statedGender },
    ...{ postcode, email, nhsNumber, contactPreference },
  };
}

function wasMerged(stub: MergedRecord, kept: Patient): string {
  return (
    `patientId: the record ${stub.localNumber} was merged into ${kept.localNumber}. ` +
    `Use that one (${kept.id}).`
  );
}

export function toMergedRecord({ id, localNumber, familyName, givenName }: PatientRow): MergedRecord {
  return { id, localNumber, familyName, givenName };
}

export function toPatient(row: PatientRow, stub?: PatientRow): Patient {
  const { id, localNumber, familyName, givenName, middleNames, namePrefix, nhsNumber, version } = row;
  const { sexForClinicalUse, statedGender, addressLines, postcode, email, contactPreference } = row;
  const { nhsNumberVerifiedAt } = row;
  return {
    id,
    localNumber,
    familyName,
    givenName,
    middleNames,
    namePrefix,
    dateOfBirth: plainDateFromDate(row.dateOfBirth).toString(),
    sexForClinicalUse,
    statedGender,
    addressLines,
    postcode,
    phones: row.phones.map(({ kind, e164, asEntered }) => ({ kind, e164, asEntered })),
    email,
    nhsNumber,
    nhsNumberDisplay: nhsNumber === null ? null : displayNhsNumber(nhsNumber),
    contactPreference,
    nhsNumberVerifiedAt: nhsNumberVerifiedAt === null ? null : instantFromDate(nhsNumberVerifiedAt),
    registeredAt: instantFromDate(row.registeredAt),
    version,
    askedAs: stub === undefined ? null : toMergedRecord(stub),
  };
}
