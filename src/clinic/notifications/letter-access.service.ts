import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import {
  SubjectAccess,
  type SubjectAccessRoom,
  type SubjectAccessSection,
} from '../records/subject-access.type.js';

/** Which letters went out, for the patient. */
@Injectable()
export class LetterAccessService implements SubjectAccessRoom {
  readonly room = 'notifications';

  constructor(@Inject(SubjectAccess) access: SubjectAccess) {
    access.register(this);
  }

  async collect(tx: Tx, patientId: string): Promise<readonly SubjectAccessSection[]> {
    return [
      {
        name: 'letters',
        about: 'Letters and e-mails to you or about you: which, when, and whether they were sent.',
        records: await tx.letter.findMany({ where: { patientId }, orderBy: { id: 'asc' } }),
      },
    ];
  }
}
