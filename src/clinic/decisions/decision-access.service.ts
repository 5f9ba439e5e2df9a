import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import {
  SubjectAccess,
  type SubjectAccessRoom,
  type SubjectAccessSection,
} from '../records/subject-access.type.js';

/** What was decided about a patient, and with them, for the patient. */
@Injectable()
export class DecisionAccessService implements SubjectAccessRoom {
  readonly room = 'decisions';

  constructor(@Inject(SubjectAccess) access: SubjectAccess) {
    access.register(this);
  }

  async collect(tx: Tx, patientId: string): Promise<readonly SubjectAccessSection[]> {
    const orderBy = { id: 'asc' } as const;
    const ofThem = { where: { decision: { patientId } }, orderBy };
    return [
      {
        name: 'decisions-of-the-team',
        about: 'What the team recommended, who checked it and who signed it.',
        records: await tx.caseDecision.findMany({ where: { patientId }, orderBy }),
      },
      {
        name: 'versions-of-decisions',
        about: 'What was typed while the team met: options, reasons, evidence, and who saw it otherwise.',
        records: await tx.caseDecisionVersion.findMany(ofThem),
        thirdPartyFields: ['dissent'],
      },
      {
        name: 'addenda-of-decisions',
        about: 'What was added after a decision was signed.',
        records: await tx.decisionAddendum.findMany(ofThem),
      },
      {
        name: 'your-decisions',
        about: 'What you and your clinician decided.',
        records: await tx.patientDecision.findMany(ofThem),
        thirdPartyFields: ['alsoPresent'],
      },
      {
        name: 'actions',
        about: 'What somebody was to do for you, and what became of it.',
        records: await tx.decisionAction.findMany(ofThem),
      },
      {
        name: 'letters-about-decisions',
        about: 'Letters that were written about decisions.',
        records: await tx.decisionLetter.findMany(ofThem),
      },
    ];
  }
}
