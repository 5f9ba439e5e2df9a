import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import type { Prisma } from '../../platform/database/generated/client.js';
import {
  ConsentDecision,
  ConsentGiver,
  type ConsentMethod,
} from '../../platform/database/generated/enums.js';
import { Clock, dateFromInstant, type Temporal } from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { StaffActor } from '../audit/audit.type.js';
import { PatientService } from '../patients/patient.service.js';

/** What somebody agreed to before they were a patient: the wording that they saw, and when. */
export interface EarlierConsent {
  readonly patientId: string;
  readonly wordingId: string;
  readonly decidedAt: Temporal.Instant;
  readonly method: ConsentMethod;
  /** Where it was said; no more than that. */
  readonly comment: string;
}

/**
 * Takes over what people agreed to before they were patients. The tick is the evidence: it counts from the moment of the
 * tick and for the wording that was shown then, whichever is in force by now.
 */
@Injectable()
export class ConsentCarryService {
  constructor(
    @Inject(Clock) private readonly clock: Clock,
    @Inject(PatientService) private readonly patients: PatientService,
    @Inject(AuditService) private readonly audit: AuditService,
  ) {}

  /** For later rooms: a record of it, or null where there is one already. Holds the patient. Throws NOT_FOUND. */
  async carryIn(tx: Tx, actor: StaffActor, earlier: EarlierConsent): Promise<string | null> {
    const { patientId, wordingId, method, comment } = earlier;
    await this.patients.lockPatient(tx, patientId);
    const wording = await tx.consentWording.findUniqueOrThrow({ where: { id: wordingId } });
    const decidedAt = dateFromInstant(earlier.decidedAt);
    const known = await tx.consentRecord.count({
      where: { patientId, wordingId, decidedAt, decision: ConsentDecision.GIVEN },
    });
    if (known > 0) return null;
    return this.#write(tx, actor, 'consent.recorded', {
      ...{ patientId, wordingId, method, comment, decidedAt },
      decision: ConsentDecision.GIVEN,
      purpose: wording.purpose,
      wordingSha256: wording.sha256,
    });
  }

  /**
   * For later rooms: they were another person's. Each that is still the last word on its purpose is taken back, under
   * whichever id the patient was known when it was recorded.
   */
  async takeBackIn(
    tx: Tx,
    actor: StaffActor,
    patientId: string,
    recordIds: readonly string[],
    comment: string,
  ): Promise<void> {
    if (recordIds.length === 0) return;
    await this.patients.lockPatient(tx, patientId);
    const ofPatient = { patientId: { in: [...(await this.patients.allIdsOf(tx, patientId))] } };
    const rows = await tx.consentRecord.findMany({ where: { id: { in: [...recordIds] }, ...ofPatient } });
    for (const { id, purpose, wordingId, wordingSha256, method } of rows) {
      const last = await tx.consentRecord.findFirst({
        where: { ...ofPatient, purpose },
        orderBy: [{ decidedAt: 'desc' }, { recordedAt: 'desc' }, { id: 'desc' }],
        select: { id: true },
      });
      if (last?.id !== id) continue;
      await this.#write(tx, actor, 'consent.withdrawn', {
        ...{ patientId, purpose, wordingId, wordingSha256, method, comment },
        decision: ConsentDecision.WITHDRAWN,
        decidedAt: dateFromInstant(this.clock.now()),
      });
    }
  }

  async #write(
    tx: Tx,
    actor: StaffActor,
    action: 'consent.recorded' | 'consent.withdrawn',
    data: Omit<Prisma.ConsentRecordUncheckedCreateInput, 'givenBy' | 'recordedAt' | 'recordedById'>,
  ): Promise<string> {
    const record = await tx.consentRecord.create({
      data: {
        ...data,
        givenBy: ConsentGiver.PATIENT,
        recordedAt: dateFromInstant(this.clock.now()),
        recordedById: actor.id,
      },
    });
    await this.audit.record(tx, actor, {
      action,
      subjectType: 'consent-record',
      subjectId: record.id,
      patientIds: [data.patientId],
      after: record,
    });
    return record.id;
  }
}
