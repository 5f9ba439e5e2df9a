import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import {
  SubjectAccess,
  type SubjectAccessRoom,
  type SubjectAccessSection,
} from '../records/subject-access.type.js';

/** Scans and what scanners reported of them, for the patient. The images are in the archive, found by the identifiers here. */
@Injectable()
export class ScanAccessService implements SubjectAccessRoom {
  readonly room = 'imaging';

  constructor(@Inject(SubjectAccess) access: SubjectAccess) {
    access.register(this);
  }

  async collect(tx: Tx, patientId: string): Promise<readonly SubjectAccessSection[]> {
    const orderBy = { id: 'asc' } as const;
    return [
      {
        name: 'scans',
        about:
          'Your scans. The images themselves are in the image archive: ask for them with the accession number and the ' +
          'study’s identifier.',
        records: await tx.scanBooking.findMany({
          where: { patientId },
          orderBy,
          include: { protocol: { select: { name: true, procedureDescription: true } } },
        }),
        thirdPartyFields: ['closeReason'],
      },
      {
        name: 'performed-steps',
        about: 'What the scanner reported that it did.',
        records: await tx.performedStep.findMany({
          where: { links: { some: { booking: { patientId } } } },
          orderBy,
          // The reported data set is binary; what it says stands in the other fields.
          omit: { dataSet: true },
        }),
      },
    ];
  }
}
