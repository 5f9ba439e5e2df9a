import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import {
  SubjectAccess,
  type SubjectAccessRoom,
  type SubjectAccessSection,
} from '../records/subject-access.type.js';

/** What a patient was given and how much radiation that was, for the patient. */
@Injectable()
export class AdministrationAccessService implements SubjectAccessRoom {
  readonly room = 'administrations';

  constructor(@Inject(SubjectAccess) access: SubjectAccess) {
    access.register(this);
  }

  async collect(tx: Tx, patientId: string): Promise<readonly SubjectAccessSection[]> {
    const where = { scanBooking: { patientId } };
    const orderBy = [{ recordedAt: 'asc' }, { id: 'asc' }] as const;
    return [
      {
        name: 'administrations',
        about:
          'What you were injected with: the tracer, its batch, when, where and how much of it. Activities are in MBq, the dose of ' +
          'the tracer is an estimate in mSv. Corrections are entries of their own.',
        records: await tx.administration.findMany({
          where,
          orderBy: [...orderBy],
          include: { versions: { orderBy: { version: 'asc' } }, explanations: true },
        }),
        thirdPartyFields: ['againBecause'],
      },
      {
        name: 'ct-doses',
        about: 'What the CT part of your scans gave: CTDIvol in mGy, dose-length product in mGy·cm.',
        records: await tx.ctDose.findMany({ where, orderBy: [...orderBy] }),
        thirdPartyFields: ['reason'],
      },
      {
        name: 'acquisition-notes',
        about: 'How your scans were acquired.',
        records: await tx.acquisitionNote.findMany({ where, orderBy: [...orderBy] }),
        thirdPartyFields: ['deviations', 'comment'],
      },
    ];
  }
}
