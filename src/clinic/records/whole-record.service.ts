import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import { RecordClass } from '../../platform/database/generated/enums.js';
import type { Actor } from '../audit/audit.type.js';
import { AuditRetentionService } from '../audit/audit-retention.service.js';
import { type PatientLife, PatientRetentionService } from '../patients/patient-retention.service.js';
import { WHOLE_RECORD } from './legal-hold.service.js';
import {
  type DestroyedPart,
  type Destruction,
  type RetainedRecord,
  RetentionClasses,
  type RetentionHolder,
  type RetentionQuestion,
} from './retention-class.type.js';
import { RetentionJudgeService } from './retention-judge.service.js';

/**
 * The whole record of a patient: who they are, and every room's part of it. It belongs to every class that one of its parts
 * belongs to, since a part without the person would be nobody's: so the longest period keeps the whole.
 */
@Injectable()
export class WholeRecordService implements RetentionHolder {
  readonly room = 'records';
  readonly subjectType = WHOLE_RECORD;
  readonly classes = [RecordClass.CLINICAL_RECORD];

  constructor(
    @Inject(RetentionClasses) private readonly registry: RetentionClasses,
    @Inject(RetentionJudgeService) private readonly judge: RetentionJudgeService,
    @Inject(PatientRetentionService) private readonly patients: PatientRetentionService,
    @Inject(AuditRetentionService) private readonly auditContent: AuditRetentionService,
  ) {
    registry.register(this);
  }

  async candidates(tx: Tx, question: RetentionQuestion): Promise<readonly RetainedRecord[]> {
    const { createdUntil, afterId, limit } = question;
    const lives = await this.patients.candidates(tx, createdUntil, afterId, limit);
    return this.#records(tx, lives);
  }

  async record(tx: Tx, id: string): Promise<RetainedRecord | null> {
    const life = await this.patients.lockedLife(tx, id);
    if (life === null) return null;
    const [record] = await this.#records(tx, [life]);
    return record ?? null;
  }

  /** Rooms from the last to the first, as they refer to one another; the person last of all. */
  async destroy(
    tx: Tx,
    actor: Actor,
    patientId: string,
    destruction: Destruction,
  ): Promise<readonly DestroyedPart[]> {
    const destroyed: DestroyedPart[] = [];
    // What is only ever added to has stayed with the id under which it was written.
    const merged = await this.patients.mergedInto(tx, [patientId]);
    const patientIds = [...merged.keys(), patientId];
    for (const part of this.registry.parts().toReversed()) {
      for (const id of patientIds) destroyed.push(...(await part.destroy(tx, actor, id, destruction)));
    }
    const emptied = await this.auditContent.emptyPatient(tx, patientIds);
    if (emptied > 0) destroyed.push({ what: 'contents of audit entries', count: emptied });
    destroyed.push(...(await this.patients.destroy(tx, patientId, destruction.at)));
    return destroyed;
  }

  async #records(tx: Tx, lives: readonly PatientLife[]): Promise<readonly RetainedRecord[]> {
    const facts = await this.judge.patientFacts(
      tx,
      lives.map(({ id }) => id),
    );
    return lives.map(({ id, registeredOn }) => {
      const known = facts.get(id);
      return {
        id,
        patientId: id,
        classes: [...new Set<RecordClass>([RecordClass.CLINICAL_RECORD, ...(known?.classes ?? [])])],
        createdOn: registeredOn,
        lastContactOn: known?.lastContactOn ?? null,
        keptBecause: known?.keptBecause ?? known?.keepsPatientBecause ?? null,
      };
    });
  }
}
