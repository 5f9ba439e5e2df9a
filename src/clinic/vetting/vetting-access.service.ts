import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import {
  SubjectAccess,
  type SubjectAccessRoom,
  type SubjectAccessSection,
} from '../records/subject-access.type.js';

/** Imaging requests and what was decided on them, for the patient whom they are about. */
@Injectable()
export class VettingAccessService implements SubjectAccessRoom {
  readonly room = 'vetting';

  constructor(@Inject(SubjectAccess) access: SubjectAccess) {
    access.register(this);
  }

  async collect(tx: Tx, patientId: string): Promise<readonly SubjectAccessSection[]> {
    const ofThem = { where: { request: { referral: { patientId } } }, orderBy: { id: 'asc' } } as const;
    const contents = await tx.imagingRequestContent.findMany({ ...ofThem, include: { studies: true } });
    const justifications = await tx.vettingJustification.findMany(ofThem);
    return [
      {
        name: 'imaging-requests',
        about: 'Which imaging was asked for, by whom and for what, as it was said at each time.',
        records: contents.map((row) => ({ ...row, weightKg: row.weightKg?.toNumber() ?? null })),
        thirdPartyFields: ['clinicalQuestion', 'history', 'earlierImagingText'],
      },
      {
        name: 'imaging-request-history',
        about: 'What happened to each request for imaging, and what the referrer was told.',
        records: await tx.imagingRequestEvent.findMany({ ...ofThem, include: { tellings: true } }),
        thirdPartyFields: ['reason', 'detail', 'tellings'],
      },
      {
        name: 'imaging-justifications',
        about: 'Why an exposure to radiation was judged to do you more good than harm, and by whom.',
        records: justifications.map((row) => ({ ...row, activityMbq: row.activityMbq?.toNumber() ?? null })),
        thirdPartyFields: ['protocolNote'],
      },
      {
        name: 'imaging-authorisations',
        about: 'That an exposure might go ahead, and under which guideline.',
        records: await tx.vettingAuthorisation.findMany(ofThem),
        thirdPartyFields: ['note'],
      },
    ];
  }
}
