import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import { Database, type Tx } from '../../platform/database/database.service.js';
import type { Prisma } from '../../platform/database/generated/client.js';
import { decodeCursor, encodeCursor, type Page, type PageInput } from '../../platform/graphql/page.type.js';
import { badInput, notFound } from '../../platform/refusal/refusal.js';
import {
  Clock,
  dateFromInstant,
  dateFromPlainDate,
  instantFromDate,
  localDate,
  plainDateFromDate,
  Temporal,
} from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { Actor, StaffActor } from '../audit/audit.type.js';
import { type Likeness, reasonsToAsk, swappedDate } from './duplicate.rules.js';
import { displayNhsNumber } from './nhs-number.rules.js';
import { foundPatients, lockedPatient, REGISTRATION_LOCK, suspects } from './patient.queries.js';
import { type DuplicateCandidate, LikelyDuplicate, NhsNumberTaken } from './patient.refusals.js';
import { describeProblems, type Registration, readRegistration } from './patient.rules.js';
import type { Patient, RegisterPatientInput } from './patient.type.js';
import { readSearch } from './patient-search.rules.js';

/** People who share a day of birth, a phone or an address; a clinic of 100,000 has about five to a day of birth. */
const SUSPECTS_MAX = 500;
/** What a person can compare in earnest. Once these are confirmed as different, the next ones are asked about. */
const CANDIDATES_MAX = 20;

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const WITH_PHONES = { phones: { orderBy: { position: 'asc' } } } as const satisfies Prisma.PatientInclude;
type PatientRow = Prisma.PatientGetPayload<{ include: typeof WITH_PHONES }>;

@Injectable()
export class PatientService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Config) private readonly config: Config,
    @Inject(AuditService) private readonly audit: AuditService,
  ) {}

  /**
   * Registers a person and gives them a local number. Throws BAD_INPUT naming each field that cannot be kept.
   * A refusal shows other patients to the desk, so that look is recorded even though nothing is registered.
   */
  async registerPatient(
    actor: StaffActor,
    input: RegisterPatientInput,
  ): Promise<Patient | LikelyDuplicate | NhsNumberTaken> {
    const today = localDate(this.clock.now(), this.config.clinicTimeZone);
    const { person, problems } = readRegistration(input, today);
    if (problems.length > 0) throw badInput(describeProblems(problems));
    const confirmed = new Set((input.confirmedDifferentFrom ?? []).map((id) => id.toLowerCase()));

    const result = await this.database.transaction(async (tx) => {
      await tx.$executeRaw(REGISTRATION_LOCK);
      const holder = await this.#holderOf(tx, person.nhsNumber);
      if (holder !== null) return new NhsNumberTaken(holder);
      const candidates = await this.#candidates(tx, person);
      const open = candidates.filter(({ patientId }) => !confirmed.has(patientId));
      if (open.length > 0) return new LikelyDuplicate(open.slice(0, CANDIDATES_MAX));
      return this.#write(
        tx,
        actor,
        person,
        candidates.map(({ patientId }) => patientId),
      );
    });

    const shown = shownBy(result);
    if (shown.length > 0) await this.#recordComparison(actor, shown);
    return result;
  }

  /** One patient. The look is recorded. Throws NOT_FOUND. */
  async patient(actor: Actor, id: string): Promise<Patient> {
    return this.database.transaction(async (tx) => {
      const patient = await this.mustHavePatient(tx, id);
      await this.audit.record(tx, actor, {
        action: 'patient.viewed',
        subjectType: 'patient',
        subjectId: patient.id,
        patientIds: [patient.id],
      });
      return patient;
    });
  }

  /** Patients that a text finds: part of a name, a date of birth, a number or a phone. Each one shown is recorded as seen. */
  async patients(actor: Actor, search: string, page: PageInput): Promise<Page<Patient>> {
    const meant = readSearch(search);
    if (meant.kind === 'UNCLEAR') throw badInput(`search: ${meant.message}`);
    const after = afterId(page.after);
    return this.database.transaction(async (tx) => {
      const found = await tx.$queryRaw<{ id: string }[]>(foundPatients(meant, after, page.size + 1));
      const ids = found.slice(0, page.size).map(({ id }) => id);
      const byId = await this.byIds(tx, ids);
      await this.audit.record(tx, actor, {
        action: 'patients.searched',
        subjectType: 'patient',
        patientIds: ids,
        after: { kind: meant.kind, search },
      });
      const last = ids.at(-1);
      return {
        items: ids.flatMap((id) => byId.get(id) ?? []),
        nextCursor: found.length > page.size && last !== undefined ? encodeCursor(last) : null,
      };
    });
  }

  /** Several patients at once, for lists of other things that name their patient. One look, one record. */
  async viewedByIds(actor: Actor, ids: readonly string[]): Promise<ReadonlyMap<string, Patient>> {
    return this.database.transaction(async (tx) => {
      const patients = await this.byIds(tx, ids);
      const patientIds = [...patients.keys()];
      await this.audit.record(tx, actor, { action: 'patients.viewed', subjectType: 'patient', patientIds });
      return patients;
    });
  }

  /** For later rooms: the patient, or NOT_FOUND. Does not record a look: whoever shows it does. */
  async mustHavePatient(tx: Tx, id: string): Promise<Patient> {
    if (!UUID.test(id)) throw notFound('patient');
    const row = await tx.patient.findUnique({ where: { id }, include: WITH_PHONES });
    if (row === null) throw notFound('patient');
    return toPatient(row);
  }

  /**
   * For later rooms: puts transactions about one patient in line until they end: a booking sees either the consent or
   * its withdrawal, and two bookings of one patient come one after the other. Throws NOT_FOUND.
   */
  async lockPatient(tx: Tx, id: string): Promise<void> {
    if (!UUID.test(id)) throw notFound('patient');
    const locked = await tx.$queryRaw<{ id: string }[]>(lockedPatient(id));
    if (locked.length === 0) throw notFound('patient');
  }

  /** For later rooms: those of these patients that exist, in one round. Does not record a look. */
  async byIds(client: Tx, ids: readonly string[]): Promise<ReadonlyMap<string, Patient>> {
    const where = { id: { in: [...new Set(ids)].filter((id) => UUID.test(id)) } };
    const rows = await client.patient.findMany({ where, include: WITH_PHONES });
    return new Map(rows.map((row) => [row.id, toPatient(row)]));
  }

  async #holderOf(tx: Tx, nhsNumber: string | null): Promise<DuplicateCandidate | null> {
    if (nhsNumber === null) return null;
    const row = await tx.patient.findUnique({ where: { nhsNumber }, include: WITH_PHONES });
    return row === null ? null : { ...toCandidate(row), reasons: [] };
  }

  async #candidates(tx: Tx, person: Registration): Promise<DuplicateCandidate[]> {
    const like = likenessOf(person);
    const swapped = swappedDate(person.dateOfBirth);
    const datesOfBirth = swapped === null ? [person.dateOfBirth] : [person.dateOfBirth, swapped];
    const found = await tx.$queryRaw<{ id: string }[]>(suspects({ ...like, datesOfBirth }, SUSPECTS_MAX));
    const rows = await tx.patient.findMany({
      where: { id: { in: found.map(({ id }) => id) } },
      include: WITH_PHONES,
      orderBy: { id: 'asc' },
    });
    return rows
      .map((row) => ({ ...toCandidate(row), reasons: reasonsToAsk(like, likenessOf(toPatient(row))) }))
      .filter(({ reasons }) => reasons.length > 0);
  }

  async #write(
    tx: Tx,
    actor: StaffActor,
    person: Registration,
    different: readonly string[],
  ): Promise<Patient> {
    const now = dateFromInstant(this.clock.now());
    const { phones, dateOfBirth, addressLines, ...rest } = person;
    const row = await tx.patient.create({
      data: {
        ...rest,
        addressLines: [...addressLines],
        dateOfBirth: dateFromPlainDate(Temporal.PlainDate.from(dateOfBirth)),
        registeredAt: now,
        registeredById: actor.id,
        phones: { create: phones.map((phone, position) => ({ ...phone, position })) },
        confirmedDifferentFrom: {
          create: different.map((otherPatientId) => ({
            otherPatientId,
            confirmedById: actor.id,
            confirmedAt: now,
          })),
        },
      },
      include: WITH_PHONES,
    });
    const patient = toPatient(row);
    await this.audit.record(tx, actor, {
      action: 'patient.registered',
      subjectType: 'patient',
      subjectId: patient.id,
      patientIds: [patient.id, ...different],
      after: { ...patient, confirmedDifferentFrom: different },
    });
    return patient;
  }

  async #recordComparison(actor: Actor, patientIds: readonly string[]): Promise<void> {
    await this.database.transaction((tx) =>
      this.audit.record(tx, actor, { action: 'patients.compared', subjectType: 'patient', patientIds }),
    );
  }
}

function shownBy(result: Patient | LikelyDuplicate | NhsNumberTaken): readonly string[] {
  if (result instanceof LikelyDuplicate) return result.candidates.map(({ patientId }) => patientId);
  return result instanceof NhsNumberTaken ? [result.holder.patientId] : [];
}

function afterId(cursor: string | null | undefined): string | null {
  if (!cursor) return null;
  return decodeCursor(cursor, ['uuid'])[0];
}

function likenessOf(person: Registration | Patient): Likeness {
  const { familyName, givenName, dateOfBirth, email } = person;
  return { familyName, givenName, dateOfBirth, email, phones: person.phones.map(({ e164 }) => e164) };
}

function toCandidate(row: PatientRow): Omit<DuplicateCandidate, 'reasons'> {
  const { id, localNumber, familyName, givenName } = row;
  const dateOfBirth = plainDateFromDate(row.dateOfBirth).toString();
  return { patientId: id, localNumber, familyName, givenName, dateOfBirth };
}

function toPatient(row: PatientRow): Patient {
  const { id, localNumber, familyName, givenName, middleNames, namePrefix, nhsNumber } = row;
  const { sexForClinicalUse, statedGender, addressLines, postcode, email, contactPreference } = row;
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
    registeredAt: instantFromDate(row.registeredAt),
  };
}
