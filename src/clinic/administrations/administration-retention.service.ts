import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import type { Actor } from '../audit/audit.type.js';
import {
  type DestroyedPart,
  type PatientPartFacts,
  type PatientRecordPart,
  RetentionClasses,
} from '../records/retention-class.type.js';

/** What was given goes with the patient's record, and not before. */
@Injectable()
export class AdministrationRetentionService implements PatientRecordPart {
  readonly room = 'administrations';

  constructor(@Inject(RetentionClasses) classes: RetentionClasses) {
    classes.join(this);
  }

  /** An injection belongs to a visit, and visits say when the patient was seen. */
  async facts(): Promise<ReadonlyMap<string, PatientPartFacts>> {
    return new Map();
  }

  /** Only ever added to: the database lets go of it under a lawful destruction, and never otherwise. */
  async destroy(tx: Tx, _actor: Actor, patientId: string): Promise<readonly DestroyedPart[]> {
    const bookings = await tx.scanBooking.findMany({ where: { patientId }, select: { id: true } });
    const where = { visitId: { in: bookings.map(({ id }) => id) } };
    await tx.uptakeExplanation.deleteMany({ where });
    await tx.administrationVersion.deleteMany({ where });
    const administrations = await tx.administration.deleteMany({ where });
    // What replaces before what is replaced: the latest first.
    const entries = await tx.ctDose.findMany({ where, select: { id: true }, orderBy: { id: 'desc' } });
    for (const { id } of entries) await tx.ctDose.delete({ where: { id }, select: { id: true } });
    const notes = await tx.acquisitionNote.deleteMany({ where });
    return [
      { what: 'administrations', count: administrations.count },
      { what: 'CT doses', count: entries.length },
      { what: 'acquisition notes', count: notes.count },
    ].filter(({ count }) => count > 0);
  }
}
