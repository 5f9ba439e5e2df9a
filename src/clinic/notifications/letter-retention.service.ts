import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import type { Actor } from '../audit/audit.type.js';
import {
  type DestroyedPart,
  type PatientPartFacts,
  type PatientRecordPart,
  RetentionClasses,
} from '../records/retention-class.type.js';

/** The ledger of letters goes with the record; what was written is in none of its rows. */
@Injectable()
export class LetterRetentionService implements PatientRecordPart {
  readonly room = 'notifications';

  constructor(@Inject(RetentionClasses) classes: RetentionClasses) {
    classes.join(this);
  }

  /** A letter of ours is no contact: the patient may never have read it. */
  async facts(): Promise<ReadonlyMap<string, PatientPartFacts>> {
    return new Map();
  }

  async destroy(tx: Tx, _actor: Actor, patientId: string): Promise<readonly DestroyedPart[]> {
    const { count } = await tx.letter.deleteMany({ where: { patientId } });
    return count === 0 ? [] : [{ what: 'entries of letters', count }];
  }
}
