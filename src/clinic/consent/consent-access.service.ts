import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import {
  SubjectAccess,
  type SubjectAccessRoom,
  type SubjectAccessSection,
} from '../records/subject-access.type.js';

/** What a patient agreed to, for the patient. */
@Injectable()
export class ConsentAccessService implements SubjectAccessRoom {
  readonly room = 'consent';

  constructor(@Inject(SubjectAccess) access: SubjectAccess) {
    access.register(this);
  }

  async collect(tx: Tx, patientId: string): Promise<readonly SubjectAccessSection[]> {
    return [
      {
        name: 'decisions',
        about:
          'What you agreed to, declined or took back, when and how, what you were told before, and the wording that you were shown.',
        records: await tx.consentRecord.findMany({
          // Also what was decided under a record that was merged into this one.
          where: { patient: { OR: [{ id: patientId }, { mergedIntoId: patientId }] } },
          include: { wording: true },
          orderBy: { id: 'asc' },
        }),
        thirdPartyFields: ['giverName', 'giverEvidence', 'interpreterName', 'comment'],
      },
    ];
  }
}
