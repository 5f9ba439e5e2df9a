import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import { Database, type Tx } from '../../platform/database/database.service.js';
import { badInput } from '../../platform/refusal/refusal.js';
import { Clock, dateFromInstant, localDate } from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { StaffActor } from '../audit/audit.type.js';
import { DuplicateService } from './duplicate.service.js';
import { REASON_PROBLEM, readReason } from './note-text.rules.js';
import { REGISTRATION_LOCK } from './patient.queries.js';
import { type DuplicateCandidate, LikelyDuplicate, NhsNumberTaken } from './patient.refusals.js';
import { describeProblems } from './patient.rules.js';
import { CANDIDATES_MAX, shownBy } from './patient.service.js';
import type { Patient } from './patient.type.js';
import { PatientChangedMeanwhile } from './patient-correction.refusals.js';
import { changesLikeness, type ReadCorrection, readCorrection } from './patient-correction.rules.js';
import type { CorrectPatientInput } from './patient-correction.type.js';
import { PatientRecordService } from './patient-record.service.js';

@Injectable()
export class PatientCorrectionService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Config) private readonly config: Config,
    @Inject(AuditService) private readonly audit: AuditService,
    @Inject(PatientRecordService) private readonly records: PatientRecordService,
    @Inject(DuplicateService) private readonly duplicates: DuplicateService,
  ) {}

  /**
   * Puts a record right, and keeps what stood there in the audit record. What goes to the scanner is right in its next
   * answer: the worklist joins the record. A refusal that shows other patients is recorded as a look at them. Throws
   * NOT_FOUND, and BAD_INPUT naming each field that cannot be kept, or when nothing would change.
   */
  async correctPatient(
    actor: StaffActor,
    input: CorrectPatientInput,
  ): Promise<Patient | PatientChangedMeanwhile | LikelyDuplicate | NhsNumberTaken> {
    const reason = readReason(input.reason);
    if (reason === null) throw badInput(`reason: ${REASON_PROBLEM}.`);
    const result = await this.database.transaction(async (tx) => {
      // Before the patient, as a registration does: two records that become alike at once do not overlook one another.
      await tx.$executeRaw(REGISTRATION_LOCK);
      await this.records.lock(tx, input.patientId);
      const present = await this.records.mustBeOwn(tx, input.patientId);
      if (present.version !== input.version) return new PatientChangedMeanwhile(present);
      const today = localDate(this.clock.now(), this.config.clinicTimeZone);
      const read = readCorrection(present, input, today);
      if (read.problems.length > 0) throw badInput(describeProblems(read.problems));
      const verifies = read.nhsNumberVerified !== (present.nhsNumberVerifiedAt !== null);
      if (read.changed.length === 0 && !verifies) {
        throw badInput('Nothing would change: the record says this already.');
      }
      const holder = read.changed.includes('nhsNumber')
        ? await this.duplicates.holderOf(tx, read.person.nhsNumber, present.id)
        : null;
      if (holder !== null) return new NhsNumberTaken(holder);
      const newLookalikes = await this.#newLookalikes(tx, present, read);
      const confirmed = new Set((input.confirmedDifferentFrom ?? []).map((id) => id.toLowerCase()));
      const open = newLookalikes.filter(({ patientId }) => !confirmed.has(patientId));
      if (open.length > 0) return new LikelyDuplicate(open.slice(0, CANDIDATES_MAX));
      const different = newLookalikes.map(({ patientId }) => patientId);
      return this.#write(tx, actor, { present, read, reason, different });
    });
    await this.#recordComparison(actor, shownBy(result));
    return result;
  }

  /** Those who look alike only now, and of whom nobody has said that they are somebody else. */
  async #newLookalikes(tx: Tx, present: Patient, read: ReadCorrection): Promise<DuplicateCandidate[]> {
    if (!changesLikeness(read.changed)) return [];
    const now = await this.duplicates.candidates(tx, read.person, present.id);
    if (now.length === 0) return [];
    const before = await this.duplicates.candidates(tx, present, present.id);
    const known = new Map(before.map(({ patientId, reasons }) => [patientId, reasons]));
    const ids = [...(await this.records.allIdsOf(tx, present.id))];
    const said = await tx.patientDistinction.findMany({
      where: { OR: [{ patientId: { in: ids } }, { otherPatientId: { in: ids } }] },
    });
    const distinct = new Set(said.flatMap(({ patientId, otherPatientId }) => [patientId, otherPatientId]));
    return now.filter(
      ({ patientId, reasons }) =>
        !distinct.has(patientId) && reasons.some((reason) => !(known.get(patientId) ?? []).includes(reason)),
    );
  }

  async #write(
    tx: Tx,
    actor: StaffActor,
    correction: {
      readonly present: Patient;
      readonly read: ReadCorrection;
      readonly reason: string;
      readonly different: readonly string[];
    },
  ): Promise<Patient> {
    const { present, read, reason, different } = correction;
    const now = dateFromInstant(this.clock.now());
    const { id } = present;
    await this.records.write(tx, id, read.person, {
      nhsNumberVerifiedAt: this.#verifiedAt(present, read),
      confirmedDifferentFrom: {
        create: different.map((otherPatientId) => ({
          ...{ otherPatientId, confirmedById: actor.id, confirmedAt: now },
        })),
      },
    });
    const after = await this.records.mustBeOwn(tx, id);
    await this.audit.record(tx, actor, {
      action: 'patient.corrected',
      subjectType: 'patient',
      subjectId: id,
      patientIds: [id, ...different],
      before: present,
      after: { ...after, reason, changed: read.changed, confirmedDifferentFrom: different },
    });
    return after;
  }

  #verifiedAt(present: Patient, read: ReadCorrection): Date | null {
    if (!read.nhsNumberVerified) return null;
    const isSameNumber = !read.changed.includes('nhsNumber');
    const known = isSameNumber ? present.nhsNumberVerifiedAt : null;
    return dateFromInstant(known ?? this.clock.now());
  }

  async #recordComparison(actor: StaffActor, patientIds: readonly string[]): Promise<void> {
    if (patientIds.length === 0) return;
    await this.database.transaction((tx) =>
      this.audit.record(tx, actor, { action: 'patients.compared', subjectType: 'patient', patientIds }),
    );
  }
}
