import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import {
  SubjectAccess,
  type SubjectAccessRoom,
  type SubjectAccessSection,
} from '../records/subject-access.type.js';

/** What somebody told before they were a patient, for the patient whom they became. */
@Injectable()
export class EnquiryAccessService implements SubjectAccessRoom {
  readonly room = 'enquiries';

  constructor(@Inject(SubjectAccess) access: SubjectAccess) {
    access.register(this);
  }

  async collect(tx: Tx, patientId: string): Promise<readonly SubjectAccessSection[]> {
    const orderBy = { id: 'asc' } as const;
    const ofThem = { where: { enquiry: { patientId } }, orderBy };
    const ofThemOrReferred = {
      where: { OR: [{ enquiry: { patientId } }, { referral: { patientId } }] },
      orderBy,
    };
    return [
      {
        name: 'enquiries',
        about: 'What you told us when you first wrote, rang or came, and what was done with it.',
        records: await tx.enquiry.findMany({
          where: { patientId },
          orderBy,
          omit: { submissionKey: true, formShownAt: true },
        }),
        thirdPartyFields: ['closeComment'],
      },
      {
        name: 'messages',
        about: 'What you wrote to us and we to you, and notes that we made of it.',
        records: await tx.enquiryMessage.findMany(ofThem),
        thirdPartyFields: ['text'],
      },
      {
        name: 'history',
        about: 'What happened to each enquiry, in order.',
        records: await tx.enquiryEvent.findMany(ofThem),
      },
      {
        name: 'red-flag-questions',
        about: 'What you answered when we asked about signs of danger.',
        records: await tx.redFlagAsking.findMany({
          ...ofThemOrReferred,
          include: { answers: { include: { question: { select: { wording: true } } } } },
        }),
      },
      {
        name: 'red-flag-alerts',
        about: 'Signs of danger that we saw in what you told us, and what a clinician did about them.',
        records: await tx.redFlagAlert.findMany(ofThemOrReferred),
        thirdPartyFields: ['closingNote'],
      },
      {
        name: 'call-backs',
        about: 'When you rang and what you said, and when we rang you back.',
        records: await tx.callBack.findMany({ ...ofThem, include: { calls: true, attempts: true } }),
        thirdPartyFields: ['calls', 'attempts', 'outcomeComment'],
      },
      {
        name: 'conversions',
        about: 'What became of each enquiry.',
        records: await tx.enquiryConversion.findMany({ where: { patientId }, orderBy }),
      },
    ];
  }
}
