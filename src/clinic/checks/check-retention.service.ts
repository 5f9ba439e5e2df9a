import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import { plainDateFromDate } from '../../platform/time/index.js';
import type { Actor } from '../audit/audit.type.js';
import {
  type DestroyedPart,
  type PatientPartFacts,
  type PatientRecordPart,
  RetentionClasses,
} from '../records/retention-class.type.js';

/** A check is a contact; checks go with the record, with everything that was said about them. Policies stay. */
@Injectable()
export class CheckRetentionService implements PatientRecordPart {
  readonly room = 'checks';

  constructor(@Inject(RetentionClasses) classes: RetentionClasses) {
    classes.join(this);
  }

  async facts(tx: Tx, patientIds: readonly string[]): Promise<ReadonlyMap<string, PatientPartFacts>> {
    const rows = await tx.visitCheck.groupBy({
      by: ['patientId'],
      where: { patientId: { in: [...patientIds] } },
      _max: { madeOn: true },
    });
    return new Map(
      rows.map(({ patientId, _max: { madeOn } }) => [
        patientId,
        {
          lastContactOn: madeOn === null ? null : plainDateFromDate(madeOn),
          treatmentEndedOn: null,
          classes: [],
          keptBecause: null,
        },
      ]),
    );
  }

  /** Only ever added to: the database lets go of them under a lawful destruction, and never otherwise. */
  async destroy(tx: Tx, _actor: Actor, patientId: string): Promise<readonly DestroyedPart[]> {
    // With the visits that are the patient's now, under whichever record they were written.
    const whole = { visit: { patientId } };
    const rows = await tx.visitCheck.findMany({ where: whole, select: { id: true } });
    if (rows.length === 0) return [];
    const of = { checkId: { in: rows.map(({ id }) => id) } };
    await tx.checkDecision.deleteMany({ where: of });
    await tx.checkWitness.deleteMany({ where: of });
    await tx.safetyAnswer.deleteMany({ where: of });
    await tx.safetyCheck.deleteMany({ where: of });
    await tx.breastFeedingEnquiry.deleteMany({ where: of });
    await tx.pregnancyEnquiry.deleteMany({ where: of });
    await tx.identityCheck.deleteMany({ where: of });
    const { count } = await tx.visitCheck.deleteMany({ where: whole });
    return [{ what: 'checks before injections', count }];
  }
}
