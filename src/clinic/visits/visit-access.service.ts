import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import {
  SubjectAccess,
  type SubjectAccessRoom,
  type SubjectAccessSection,
} from '../records/subject-access.type.js';

/** Visits and wishes for visits, for the patient. */
@Injectable()
export class VisitAccessService implements SubjectAccessRoom {
  readonly room = 'visits';

  constructor(@Inject(SubjectAccess) access: SubjectAccess) {
    access.register(this);
  }

  async collect(tx: Tx, patientId: string): Promise<readonly SubjectAccessSection[]> {
    const where = { patientId };
    const orderBy = { id: 'asc' } as const;
    const visits = await tx.visit.findMany({
      where,
      orderBy,
      include: { visitType: { select: { name: true } }, steps: { orderBy: { position: 'asc' } } },
    });
    const revisions = await tx.visitRevision.findMany({
      where: { visit: where },
      orderBy: [{ visitId: 'asc' }, { version: 'asc' }],
    });
    return [
      {
        name: 'visits',
        about: 'Your visits: booked, over and cancelled ones, with their steps.',
        records: visits,
        thirdPartyFields: ['cancelComment', 'overrideReason', 'discontinuedBecause'],
      },
      {
        name: 'visit-changes',
        about: 'Each visit as it was after each change.',
        records: revisions.map((revision) => ({
          id: `${revision.visitId}-${revision.version}`,
          ...revision,
        })),
      },
      {
        name: 'requests',
        about: 'Visits that you wished for, and the times at which you can come.',
        records: await tx.visitRequest.findMany({ where, orderBy, include: { times: true } }),
        thirdPartyFields: ['closeReason'],
      },
      {
        name: 'series',
        about: 'Visits that were booked as one.',
        records: await tx.visitSeries.findMany({ where, orderBy }),
      },
      {
        name: 'offers-of-freed-places',
        about: 'Places that fell free and that we offered to you.',
        records: await tx.freedPlaceOffer.findMany({ where, orderBy }),
      },
    ];
  }
}
