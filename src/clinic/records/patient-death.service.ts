import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import { Database } from '../../platform/database/database.service.js';
import type { PatientDeath as DeathRow } from '../../platform/database/generated/client.js';
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
import type { StaffActor } from '../audit/audit.type.js';
import { PatientService } from '../patients/patient.service.js';
import type {
  PatientDeath,
  RecordPatientDeathInput,
  RetractPatientDeathInput,
} from './patient-death.type.js';

/** From when the rules that run from a death count. */
@Injectable()
export class PatientDeathService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Config) private readonly config: Config,
    @Inject(AuditService) private readonly audit: AuditService,
    @Inject(PatientService) private readonly patients: PatientService,
  ) {}

  /** Records a death, or corrects what was recorded of it. Throws NOT_FOUND, BAD_INPUT. */
  async recordPatientDeath(actor: StaffActor, input: RecordPatientDeathInput): Promise<PatientDeath> {
    const now = this.clock.now();
    const today = localDate(now, this.config.clinicTimeZone);
    const diedOn = Temporal.PlainDate.from(input.diedOn);
    if (Temporal.PlainDate.compare(diedOn, today) > 0) throw badInput('diedOn: must not be in the future.');
    const { patientId } = input;
    return this.database.transaction(async (tx) => {
      await this.patients.lockPatient(tx, patientId);
      const { dateOfBirth } = await this.patients.mustHavePatient(tx, patientId);
      if (Temporal.PlainDate.compare(diedOn, Temporal.PlainDate.from(dateOfBirth)) < 0) {
        throw badInput('diedOn: must not be before the birth.');
      }
      const before = await tx.patientDeath.findUnique({ where: { patientId } });
      const columns = {
        diedOn: dateFromPlainDate(diedOn),
        source: input.source.trim(),
        recordedAt: dateFromInstant(now),
        recordedById: actor.id,
      };
      const row = await tx.patientDeath.upsert({
        where: { patientId },
        create: { patientId, ...columns },
        update: columns,
      });
      const after = toDeath(row);
      await this.audit.record(tx, actor, {
        action: 'patient-death.recorded',
        subjectType: 'patient',
        subjectId: patientId,
        patientIds: [patientId],
        ...(before === null ? {} : { before: toDeath(before) }),
        after,
      });
      return after;
    });
  }

  /** Takes back a death that was recorded in error. Throws NOT_FOUND, also when none was recorded. */
  async retractPatientDeath(actor: StaffActor, input: RetractPatientDeathInput): Promise<PatientDeath> {
    const { patientId } = input;
    return this.database.transaction(async (tx) => {
      await this.patients.lockPatient(tx, patientId);
      const row = await tx.patientDeath.findUnique({ where: { patientId } });
      if (row === null) throw notFound('record of a death');
      await tx.patientDeath.delete({ where: { patientId } });
      const before = toDeath(row);
      await this.audit.record(tx, actor, {
        action: 'patient-death.retracted',
        subjectType: 'patient',
        subjectId: patientId,
        patientIds: [patientId],
        before,
        after: { reason: input.reason.trim() },
      });
      return before;
    });
  }
}

function toDeath(row: DeathRow): PatientDeath {
  return {
    ...row,
    diedOn: plainDateFromDate(row.diedOn).toString(),
    recordedAt: instantFromDate(row.recordedAt),
  };
}
