import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import {
  SubjectAccess,
  type SubjectAccessRoom,
  type SubjectAccessSection,
} from '../records/subject-access.type.js';

/** What was planned and drawn for a patient, for the patient. */
@Injectable()
export class RadiopharmacyAccessService implements SubjectAccessRoom {
  readonly room = 'radiopharmacy';

  constructor(@Inject(SubjectAccess) access: SubjectAccess) {
    access.register(this);
  }

  async collect(tx: Tx, patientId: string): Promise<readonly SubjectAccessSection[]> {
    const where = { visit: { patientId } };
    const orderBy = { id: 'asc' } as const;
    return [
      {
        name: 'planned-doses',
        about:
          'How much of which tracer was planned for each of your scans, and what that was computed from.',
        records: await tx.plannedDose.findMany({ where, orderBy, include: { tracer: true, halfLife: true } }),
      },
      {
        name: 'drawn-doses',
        about: 'What was drawn for you, from which batch and when.',
        records: await tx.batchUse.findMany({
          where,
          orderBy,
          include: { batch: { select: { batchNumber: true, tracerCode: true, expiresAt: true } } },
        }),
      },
    ];
  }
}
