import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import {
  ConsentDecision,
  ConsentGiver,
  type ConsentMethod,
} from '../../platform/database/generated/enums.js';
import { Clock, dateFromInstant, type Temporal } from '../../platform/time/index.js';
import type { StaffActor } from '../audit/audit.type.js';
import { PatientService } from '../patients/patient.service.js';
import { ConsentRecordService } from './consent-record.service.js';

/** What somebody agreed to before they were a patient: the wording that they saw, and when. */
export interface EarlierConsent {
  readonly patientId: string;
  readonly wordingId: string;
  readonly decidedAt: Temporal.Instant;
  readonly method: ConsentMethod;
  /** Where it was said; no more than that. */
  readonly comment: string;
  /** The form on the web: its name, and its version or the fingerprint of what was sent; null: no form. */
  readonly formId?: string | null;
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
    @Inject(ConsentRecordService) private readonly records: ConsentRecordService,
  ) {}

  /** For later rooms: a record of it, or null where there is one already. Holds the patient. Throws NOT_FOUND. */
  async carryIn(tx: Tx, actor: StaffActor, earlier: EarlierConsent): Promise<string | null> {
    const { patientId, wordingId, method, comment, formId = null } = earlier;
    await this.patients.lockPatient(tx, patientId);
    const wording = await tx.consentWording.findUniqueOrThrow({ where: { id: wordingId } });
    const known = await tx.consentRecord.count({
      where: {
        ...{ patientId, wordingId },
        decidedAt: dateFromInstant(earlier.decidedAt),
        decision: ConsentDecision.GIVEN,
      },
    });
    if (known > 0) return null;
    const { purpose, sha256: wordingSha256, procedureCode } = wording;
    const history = await this.records.decisionsOf(tx, patientId, purpose, procedureCode);
    const record = await this.records.write(
      tx,
      actor,
      {
        ...{ patientId, purpose, procedureCode, wordingId, wordingSha256, method, comment, formId },
        ...{ decision: ConsentDecision.GIVEN, decidedAt: earlier.decidedAt, givenBy: ConsentGiver.PATIENT },
      },
      history,
    );
    return record.id;
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
    for (const { id, purpose, procedureCode, wordingId, wordingSha256, method } of rows) {
      const last = await tx.consentRecord.findFirst({
        where: { ...ofPatient, purpose, procedureCode },
        orderBy: [{ decidedAt: 'desc' }, { recordedAt: 'desc' }, { id: 'desc' }],
        select: { id: true },
      });
      if (last?.id !== id) continue;
      const history = await this.records.decisionsOf(tx, patientId, purpose, procedureCode);
      await this.records.write(
        tx,
        actor,
        {
          ...{ patientId, purpose, procedureCode, wordingId, wordingSha256, method, comment },
          ...{ decision: ConsentDecision.WITHDRAWN, decidedAt: this.clock.now(), ofRecordId: id },
          givenBy: ConsentGiver.PATIENT,
        },
        history,
      );
    }
  }
}
