import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import {
  SubjectAccess,
  type SubjectAccessRoom,
  type SubjectAccessSection,
} from '../records/subject-access.type.js';

/** Referrals and questions for advice, for the patient whom they are about. */
@Injectable()
export class ReferralAccessService implements SubjectAccessRoom {
  readonly room = 'referrals';

  constructor(@Inject(SubjectAccess) access: SubjectAccess) {
    access.register(this);
  }

  async collect(tx: Tx, patientId: string): Promise<readonly SubjectAccessSection[]> {
    const orderBy = { id: 'asc' } as const;
    const ofThem = { where: { referral: { patientId } }, orderBy };
    return [
      {
        name: 'referrals',
        about: 'Who sent you to us, with which question, and what was decided.',
        records: await tx.referral.findMany({ where: { patientId }, orderBy }),
        thirdPartyFields: ['clinicalQuestion', 'decisionComment', 'advice', 'outcome'],
      },
      {
        name: 'referral-history',
        about: 'What happened to each referral, and what you and the referrer were told.',
        records: await tx.referralEvent.findMany({ ...ofThem, include: { tellings: true } }),
        thirdPartyFields: ['comment', 'detail'],
      },
      {
        name: 'complaints',
        about: 'What hurts, as it was taken down for a referral.',
        records: await tx.referralComplaint.findMany(ofThem),
        thirdPartyFields: ['note'],
      },
      {
        name: 'medical-history',
        about:
          'Imaging, treatment, medication, allergies and implants, as they were taken down for a referral.',
        records: await tx.referralHistoryItem.findMany(ofThem),
      },
      {
        name: 'authorisations',
        about: 'What your insurer has agreed to pay for.',
        records: await tx.referralAuthorisation.findMany(ofThem),
      },
      {
        name: 'advice',
        about: 'Questions about you that a referrer asked us, and our answers.',
        records: await tx.adviceThread.findMany({
          where: { patientId },
          orderBy,
          include: { messages: true },
        }),
        thirdPartyFields: ['messages'],
      },
    ];
  }
}
