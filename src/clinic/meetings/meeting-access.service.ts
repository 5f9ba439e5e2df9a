import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import {
  SubjectAccess,
  type SubjectAccessRoom,
  type SubjectAccessSection,
} from '../records/subject-access.type.js';

/** What was brought before the team of a patient, for the patient. */
@Injectable()
export class MeetingAccessService implements SubjectAccessRoom {
  readonly room = 'meetings';

  constructor(@Inject(SubjectAccess) access: SubjectAccess) {
    access.register(this);
  }

  async collect(tx: Tx, patientId: string): Promise<readonly SubjectAccessSection[]> {
    const orderBy = { id: 'asc' } as const;
    const ofThem = { where: { meetingCase: { patientId } }, orderBy };
    return [
      {
        name: 'cases-for-the-team',
        about: 'When you were brought before the team, with which question and why.',
        records: await tx.meetingCase.findMany({ where: { patientId }, orderBy, include: { sources: true } }),
        thirdPartyFields: ['question', 'lateReason'],
      },
      {
        name: 'case-proformas',
        about: 'What the team was told of you before it met, your own wishes first.',
        records: await tx.meetingCaseProforma.findMany(ofThem),
        thirdPartyFields: ['whatMatters', 'capacityAndNeeds'],
      },
      {
        name: 'shown-to-the-team',
        about:
          'Reports, questionnaires, images and documents that the team looked at, in the version that it saw.',
        records: await tx.meetingCaseExhibit.findMany(ofThem),
      },
      {
        name: 'case-events',
        about: 'What happened to your case, and when.',
        records: await tx.meetingCaseEvent.findMany(ofThem),
        thirdPartyFields: ['reason'],
      },
      {
        name: 'proposals-for-the-team',
        about: 'Who thought that the team should discuss you, and what became of it.',
        records: await tx.caseProposal.findMany({ where: { patientId }, orderBy }),
        thirdPartyFields: ['because', 'dismissReason', 'withdrawReason'],
      },
    ];
  }
}
