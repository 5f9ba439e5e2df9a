import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import {
  type DestroyedPart,
  type PatientPartFacts,
  type PatientRecordPart,
  RetentionClasses,
} from '../records/retention-class.type.js';

/**
 * Documents are destroyed by themselves (DocumentRetentionService). While one of a patient's is kept, so is the patient: it
 * would be nobody's.
 */
@Injectable()
export class DocumentPartService implements PatientRecordPart {
  readonly room = 'documents';

  constructor(@Inject(RetentionClasses) classes: RetentionClasses) {
    classes.join(this);
  }

  async facts(tx: Tx, patientIds: readonly string[]): Promise<ReadonlyMap<string, PatientPartFacts>> {
    const rows = await tx.document.findMany({
      where: { patientId: { in: [...patientIds] }, destroyedAt: null },
      select: { patientId: true },
      distinct: ['patientId'],
    });
    const facts: PatientPartFacts = {
      lastContactOn: null,
      treatmentEndedOn: null,
      classes: [],
      keptBecause: null,
      keepsPatientBecause: 'DOCUMENTS_KEPT',
    };
    return new Map(
      rows.flatMap(({ patientId }) => (patientId === null ? [] : [[patientId, facts] as const])),
    );
  }

  /** None is left by then. */
  async destroy(): Promise<readonly DestroyedPart[]> {
    return [];
  }
}
