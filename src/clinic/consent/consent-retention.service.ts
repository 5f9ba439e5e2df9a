import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import type { Tx } from '../../platform/database/database.service.js';
import { instantFromDate, localDate } from '../../platform/time/index.js';
import type { Actor } from '../audit/audit.type.js';
import {
  type DestroyedPart,
  type PatientPartFacts,
  type PatientRecordPart,
  RetentionClasses,
} from '../records/retention-class.type.js';

/** A decision is a contact; decisions go with the record, wordings stay. */
@Injectable()
export class ConsentRetentionService implements PatientRecordPart {
  readonly room = 'consent';

  constructor(
    @Inject(RetentionClasses) classes: RetentionClasses,
    @Inject(Config) private readonly config: Config,
  ) {
    classes.join(this);
  }

  async facts(tx: Tx, patientIds: readonly string[]): Promise<ReadonlyMap<string, PatientPartFacts>> {
    const rows = await tx.consentRecord.groupBy({
      by: ['patientId'],
      where: { patientId: { in: [...patientIds] } },
      _max: { decidedAt: true },
    });
    return new Map(
      rows.map(({ patientId, _max: { decidedAt } }) => [
        patientId,
        {
          lastContactOn:
            decidedAt === null ? null : localDate(instantFromDate(decidedAt), this.config.clinicTimeZone),
          treatmentEndedOn: null,
          classes: [],
          keptBecause: null,
        },
      ]),
    );
  }

  /** Only ever added to: the database lets go of them under a lawful destruction, and never otherwise. */
  async destroy(tx: Tx, _actor: Actor, patientId: string): Promise<readonly DestroyedPart[]> {
    const { count } = await tx.consentRecord.deleteMany({ where: { patientId } });
    return count === 0 ? [] : [{ what: 'consent records', count }];
  }
}
