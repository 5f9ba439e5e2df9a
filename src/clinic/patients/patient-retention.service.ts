import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import type { Tx } from '../../platform/database/database.service.js';
import type { Prisma } from '../../platform/database/generated/client.js';
import {
  dateFromInstant,
  dateFromPlainDate,
  instantFromDate,
  localDate,
  plainDateFromDate,
  startOfDay,
  Temporal,
} from '../../platform/time/index.js';
import { lockedPatients } from './patient.queries.js';

/** What stands in place of who the patient was; the local number stays, by which others find their copies. */
const NOBODY = {
  familyName: 'Destroyed',
  givenName: 'Record',
  middleNames: null,
  namePrefix: null,
  sexForClinicalUse: 'UNKNOWN',
  statedGender: 'NOT_KNOWN',
  addressLines: [],
  postcode: null,
  email: null,
  nhsNumber: null,
  nhsNumberVerifiedAt: null,
  contactPreference: 'LETTER',
} as const;

/** The column must hold a day; this one is nobody's. */
const NO_BIRTHDAY = Temporal.PlainDate.from('1900-01-01');

/** What retention has to know of a patient. */
export interface PatientLife {
  readonly id: string;
  readonly dateOfBirth: Temporal.PlainDate;
  readonly registeredOn: Temporal.PlainDate;
}

/** What was destroyed, as the room of records counts it. */
export interface DestroyedRows {
  readonly what: string;
  readonly count: number;
  readonly identifiers?: readonly string[];
}

const LIFE = { id: true, dateOfBirth: true, registeredAt: true } as const;

/** The patient's own data as retention sees them. Called by the room of records, which judges and writes down. */
@Injectable()
export class PatientRetentionService {
  constructor(@Inject(Config) private readonly config: Config) {}

  /** Records of their own that are still there, in the order of their ids: neither merged into another nor destroyed. */
  async candidates(
    client: Tx,
    registeredUntil: Temporal.PlainDate,
    afterId: string | null,
    limit: number,
  ): Promise<readonly PatientLife[]> {
    const until = startOfDay(registeredUntil.add({ days: 1 }), this.config.clinicTimeZone);
    const rows = await client.patient.findMany({
      where: {
        registeredAt: { lt: dateFromInstant(until) },
        destroyedAt: null,
        mergedIntoId: null,
        ...(afterId === null ? {} : { id: { gt: afterId } }),
      },
      select: LIFE,
      orderBy: { id: 'asc' },
      take: limit,
    });
    return rows.map((row) => this.#toLife(row));
  }

  /** Those of these patients who are still there. */
  async lives(client: Tx, ids: readonly string[]): Promise<ReadonlyMap<string, PatientLife>> {
    const rows = await client.patient.findMany({
      where: { id: { in: [...new Set(ids)] }, destroyedAt: null },
      select: LIFE,
    });
    return new Map(rows.map((row) => [row.id, this.#toLife(row)]));
  }

  /**
   * The patient, held until the transaction ends so that nobody refers to the record anew; null: there is none, it is a
   * stub, or it was merged.
   */
  async lockedLife(tx: Tx, id: string): Promise<PatientLife | null> {
    await tx.$queryRaw(lockedPatients([id]));
    const row = await tx.patient.findFirst({
      where: { id, destroyedAt: null, mergedIntoId: null },
      select: LIFE,
    });
    return row === null ? null : this.#toLife(row);
  }

  /** Records that were merged into these patients: whose they became, by the id that each had. */
  async mergedInto(client: Tx, patientIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const rows = await client.patient.findMany({
      where: { mergedIntoId: { in: [...patientIds] } },
      select: { id: true, mergedIntoId: true },
      orderBy: { id: 'asc' },
    });
    return new Map(
      rows.flatMap(({ id, mergedIntoId }) => (mergedIntoId === null ? [] : [[id, mergedIntoId] as const])),
    );
  }

  /** Makes the patient a stub, and with it the records that were merged into it. The database lets it pass under a lawful destruction only. */
  async destroy(tx: Tx, patientId: string, at: Temporal.Instant): Promise<readonly DestroyedRows[]> {
    const own = await tx.patient.findMany({
      where: { OR: [{ id: patientId }, { mergedIntoId: patientId }] },
      select: { id: true, localNumber: true },
      orderBy: { id: 'asc' },
    });
    const patientIds = own.map(({ id }) => id);
    const ofThem = { patientId: { in: patientIds } };
    const phones = await tx.patientPhone.deleteMany({ where: ofThem });
    const distinctions = await tx.patientDistinction.deleteMany({
      where: { OR: [ofThem, { otherPatientId: { in: patientIds } }] },
    });
    await tx.communicationNeedReview.deleteMany({ where: { need: ofThem } });
    const needs = await tx.communicationNeed.deleteMany({ where: ofThem });
    const alerts = await tx.patientAlert.deleteMany({ where: ofThem });
    const related = await tx.relatedPerson.deleteMany({ where: ofThem });
    const merges = await tx.patientMerge.updateMany({
      where: { keptId: { in: patientIds } },
      data: { reason: '', overrideReason: null, taken: {}, nhsNumberTaken: null },
    });
    await tx.patient.updateMany({
      where: { id: { in: patientIds } },
      data: {
        ...NOBODY,
        addressLines: [...NOBODY.addressLines],
        dateOfBirth: dateFromPlainDate(NO_BIRTHDAY),
        destroyedAt: dateFromInstant(at),
        version: { increment: 1 },
      } satisfies Prisma.PatientUpdateManyMutationInput,
    });
    return [
      { what: 'patients', count: own.length, identifiers: own.map(({ localNumber }) => localNumber) },
      { what: 'phones', count: phones.count },
      { what: 'distinctions', count: distinctions.count },
      { what: 'communication needs', count: needs.count },
      { what: 'alerts', count: alerts.count },
      { what: 'related people', count: related.count },
      { what: 'merges', count: merges.count },
    ].filter(({ count }) => count > 0);
  }

  #toLife(row: { id: string; dateOfBirth: Date; registeredAt: Date }): PatientLife {
    return {
      id: row.id,
      dateOfBirth: plainDateFromDate(row.dateOfBirth),
      registeredOn: localDate(instantFromDate(row.registeredAt), this.config.clinicTimeZone),
    };
  }
}
