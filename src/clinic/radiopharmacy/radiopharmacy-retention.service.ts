import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import type { Actor } from '../audit/audit.type.js';
import {
  type DestroyedPart,
  type PatientPartFacts,
  type PatientRecordPart,
  RetentionClasses,
} from '../records/retention-class.type.js';

/**
 * Planned doses hang on visits, and so follow them when records are merged. Of a destroyed record the skeleton stays, as the
 * order sheets and the stock of the batches refer to it: which tracer, how much, when. Weight and age go.
 */
@Injectable()
export class RadiopharmacyRetentionService implements PatientRecordPart {
  readonly room = 'radiopharmacy';

  constructor(@Inject(RetentionClasses) classes: RetentionClasses) {
    classes.join(this);
  }

  /** The visit says when the patient was last there, and that it is still ahead. */
  async facts(_tx: Tx, _patientIds: readonly string[]): Promise<ReadonlyMap<string, PatientPartFacts>> {
    return new Map();
  }

  async destroy(tx: Tx, _actor: Actor, patientId: string): Promise<readonly DestroyedPart[]> {
    const { count } = await tx.plannedDose.updateMany({
      where: { visit: { patientId } },
      data: { weightKg: null, ageYears: null },
    });
    return count === 0 ? [] : [{ what: 'planned doses', count }];
  }
}
