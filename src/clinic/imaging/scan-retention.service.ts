import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import type { Actor } from '../audit/audit.type.js';
import {
  type DestroyedPart,
  type PatientPartFacts,
  type PatientRecordPart,
  RetentionClasses,
} from '../records/retention-class.type.js';

/** Columns that must say something say this. */
const DESTROYED = 'Destroyed';

/** What scanners reported of a patient goes with the record; the identifiers by which the images are found stay in the stub. */
@Injectable()
export class ScanRetentionService implements PatientRecordPart {
  readonly room = 'imaging';

  constructor(@Inject(RetentionClasses) classes: RetentionClasses) {
    classes.join(this);
  }

  /** A scan is a visit, and visits say when the patient was seen. */
  async facts(): Promise<ReadonlyMap<string, PatientPartFacts>> {
    return new Map();
  }

  async destroy(tx: Tx, _actor: Actor, patientId: string): Promise<readonly DestroyedPart[]> {
    const bookings = await tx.scanBooking.findMany({
      where: { patientId },
      select: { id: true, studyInstanceUID: true, accessionNumber: true },
      orderBy: { id: 'asc' },
    });
    const bookingIds = bookings.map(({ id }) => id);
    const links = await tx.performedStepLink.findMany({
      where: { bookingId: { in: bookingIds } },
      select: { performedStepId: true },
    });
    const stepIds = [...new Set(links.map(({ performedStepId }) => performedStepId))];
    const ofSteps = { performedStepId: { in: stepIds } };
    // Messages before links: by its links a message is known to be the patient's.
    const messages = await tx.performedStepMessage.deleteMany({ where: ofSteps });
    await tx.performedStepLink.deleteMany({ where: ofSteps });
    const steps = await tx.performedStep.deleteMany({ where: { id: { in: stepIds } } });
    await tx.worklistEntry.deleteMany({ where: { bookingId: { in: bookingIds } } });
    await tx.scanBooking.updateMany({
      where: { patientId, closeReason: { not: null } },
      data: { closeReason: DESTROYED },
    });
    const identifiers = bookings.flatMap((row) => [row.studyInstanceUID, row.accessionNumber]);
    await tx.scanBooking.updateMany({
      where: { patientId, injectedAt: { not: null } },
      data: { injectedAt: null, netActivityMbq: null, tracerName: null, halfLifeHours: null },
    });
    return [
      { what: 'scans', count: bookings.length, identifiers },
      { what: 'performed steps', count: steps.count },
      { what: 'messages of scanners', count: messages.count },
    ].filter(({ count }) => count > 0);
  }
}
