import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import { Database, type Tx } from '../../platform/database/database.service.js';
import { decodeCursor, encodeCursor, type Page, type PageInput } from '../../platform/graphql/page.type.js';
import { badInput, notFound } from '../../platform/refusal/refusal.js';
import { Clock, dateFromInstant, dateFromPlainDate, localDate, Temporal } from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { Actor, StaffActor } from '../audit/audit.type.js';
import { DuplicateService, type MatchCandidate } from './duplicate.service.js';
import { foundPatients, REGISTRATION_LOCK } from './patient.queries.js';
import { LikelyDuplicate, NhsNumberTaken } from './patient.refusals.js';
import { describeProblems, type Registration, readRegistration } from './patient.rules.js';
import type { Patient, RegisterPatientInput } from './patient.type.js';
import { PatientRecordService, toPatient, WITH_PHONES } from './patient-record.service.js';
import { readSearch } from './patient-search.rules.js';
import type { PartialPerson } from './person-match.rules.js';

/** What a person can compare in earnest. Once these are confirmed as different, the next ones are asked about. */
export const CANDIDATES_MAX = 20;

@Injectable()
export class PatientService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Config) private readonly config: Config,
    @Inject(AuditService) private readonly audit: AuditService,
    @Inject(PatientRecordService) private readonly records: PatientRecordService,
    @Inject(DuplicateService) private readonly duplicates: DuplicateService,
  ) {}

  /**
   * Registers a person and gives them a local number. Throws BAD_INPUT naming each field that cannot be kept.
   * A refusal shows other patients to the desk, so that look is recorded even though nothing is registered.
   */
  async registerPatient(
    actor: StaffActor,
    input: RegisterPatientInput,
  ): Promise<Patient | LikelyDuplicate | NhsNumberTaken> {
    const result = await this.database.transaction((tx) => this.registerIn(tx, actor, input));
    const shown = shownBy(result);
    if (shown.length > 0) await this.recordComparison(actor, shown);
    return result;
  }

  /**
   * For later rooms: the same inside the transaction of whoever registers, with a refusal to be returned from it. They
   * record the comparison (`shownBy`, `recordComparison`) once it is rolled back.
   */
  async registerIn(
    tx: Tx,
    actor: StaffActor,
    input: RegisterPatientInput,
  ): Promise<Patient | LikelyDuplicate | NhsNumberTaken> {
    const today = localDate(this.clock.now(), this.config.clinicTimeZone);
    const { person, problems } = readRegistration(input, today);
    if (problems.length > 0) throw badInput(describeProblems(problems));
    const confirmed = new Set((input.confirmedDifferentFrom ?? []).map((id) => id.toLowerCase()));
    await tx.$executeRaw(REGISTRATION_LOCK);
    const holder = await this.duplicates.holderOf(tx, person.nhsNumber);
    if (holder !== null) return new NhsNumberTaken(holder);
    const candidates = await this.duplicates.candidates(tx, person);
    const open = candidates.filter(({ patientId }) => !confirmed.has(patientId));
    if (open.length > 0) return new LikelyDuplicate(open.slice(0, CANDIDATES_MAX));
    return this.#write(
      tx,
      actor,
      person,
      candidates.map(({ patientId }) => patientId),
    );
  }

  /** One patient; for a record that was merged, the one that was kept. The look is recorded. Throws NOT_FOUND. */
  async patient(actor: Actor, id: string): Promise<Patient> {
    return this.database.transaction(async (tx) => {
      const patient = await this.records.find(tx, id);
      if (patient === null) throw notFound('patient');
      await this.audit.record(tx, actor, {
        action: 'patient.viewed',
        subjectType: 'patient',
        subjectId: patient.id,
        patientIds: everyIdOf(patient),
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
      const found = await tx.$queryRaw<{ id: string; foundAs: string }[]>(
        foundPatients(meant, after, page.size + 1),
      );
      const shown = found.slice(0, page.size);
      const ids = shown.map(({ id }) => id);
      const byId = await this.byIds(
        tx,
        shown.map(({ foundAs }) => foundAs),
      );
      await this.audit.record(tx, actor, {
        action: 'patients.searched',
        subjectType: 'patient',
        patientIds: ids,
        after: { kind: meant.kind, search },
      });
      const last = ids.at(-1);
      return {
        items: shown.flatMap(({ foundAs }) => byId.get(foundAs) ?? []),
        nextCursor: found.length > page.size && last !== undefined ? encodeCursor(last) : null,
      };
    });
  }

  /** Several patients at once, for lists of other things that name their patient. One look, one record. */
  async viewedByIds(actor: Actor, ids: readonly string[]): Promise<ReadonlyMap<string, Patient>> {
    return this.database.transaction(async (tx) => {
      const patients = await this.byIds(tx, ids);
      const patientIds = [...new Set([...patients.values()].flatMap(everyIdOf))];
      await this.audit.record(tx, actor, { action: 'patients.viewed', subjectType: 'patient', patientIds });
      return patients;
    });
  }

  /**
   * For later rooms that act on a patient: the patient, or NOT_FOUND, also of a record that was destroyed, or BAD_INPUT that
   * names the record to use when this one was merged. Does not record a look: whoever shows the patient does.
   */
  async mustHavePatient(tx: Tx, id: string): Promise<Patient> {
    return this.records.mustBeOwn(tx, id);
  }

  /**
   * For later rooms: puts transactions about one patient in line until they end: a booking sees either the consent or
   * its withdrawal, and two bookings of one patient come one after the other. Throws as `mustHavePatient` does.
   */
  async lockPatient(tx: Tx, id: string): Promise<void> {
    return this.records.lock(tx, id);
  }

  /**
   * For later rooms: those of these patients that exist, by the id that was asked for, in one round. Does not record a
   * look. A record that was merged answers as the one that was kept.
   */
  async byIds(client: Tx, ids: readonly string[]): Promise<ReadonlyMap<string, Patient>> {
    return this.records.byIds(client, ids);
  }

  /** For later rooms that read what is only ever added to: every id under which the patient was ever known, the own first. */
  async allIdsOf(client: Tx, id: string): Promise<readonly string[]> {
    return this.records.allIdsOf(client, id);
  }

  /** For later rooms: who somebody may be of whom less is known than at the desk, the likeliest first. Does not record a look. */
  async matchCandidates(tx: Tx, person: PartialPerson): Promise<readonly MatchCandidate[]> {
    return this.duplicates.match(tx, person);
  }

  /** That these were shown to somebody to compare with: also when nothing came of it. */
  async recordComparison(actor: Actor, patientIds: readonly string[]): Promise<void> {
    await this.database.transaction((tx) =>
      this.audit.record(tx, actor, { action: 'patients.compared', subjectType: 'patient', patientIds }),
    );
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
}

/** Whom a refusal has shown. */
export function shownBy(result: unknown): readonly string[] {
  if (result instanceof LikelyDuplicate) return result.candidates.map(({ patientId }) => patientId);
  return result instanceof NhsNumberTaken ? [result.holder.patientId] : [];
}

function afterId(cursor: string | null | undefined): string | null {
  if (!cursor) return null;
  return decodeCursor(cursor, ['uuid'])[0];
}

/** The record, and the stub as which it was asked for: both were looked at. */
export function everyIdOf({ id, askedAs }: Patient): readonly string[] {
  return askedAs === null ? [id] : [id, askedAs.id];
}
