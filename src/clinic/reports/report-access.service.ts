import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import {
  SubjectAccess,
  type SubjectAccessRoom,
  type SubjectAccessSection,
} from '../records/subject-access.type.js';

/** Reports and what became of them, for the patient whom they are about. */
@Injectable()
export class ReportAccessService implements SubjectAccessRoom {
  readonly room = 'reports';

  constructor(@Inject(SubjectAccess) access: SubjectAccess) {
    access.register(this);
  }

  async collect(tx: Tx, patientId: string): Promise<readonly SubjectAccessSection[]> {
    const orderBy = { id: 'asc' } as const;
    const ofThem = { where: { report: { scanBooking: { patientId } } }, orderBy };
    return [
      {
        name: 'signed-reports',
        about:
          'What was found on your scans: every text that a clinician has signed, also those that were corrected since.',
        records: await tx.scanReportVersion.findMany({ ...ofThem, include: { findings: true } }),
        thirdPartyFields: ['clinicalQuestion', 'conclusion'],
      },
      {
        name: 'report-addenda',
        about: 'What was added to the reports after they were signed.',
        records: await tx.scanReportAddendum.findMany(ofThem),
        thirdPartyFields: ['text'],
      },
      {
        name: 'report-drafts',
        about: 'What somebody is writing and has not signed: it may be wrong.',
        records: await tx.scanReportDraft.findMany(ofThem),
        thirdPartyFields: ['clinicalQuestion', 'conclusion'],
      },
      {
        name: 'critical-findings',
        about: 'What could not wait for the letter, and who was told.',
        records: await tx.criticalFinding.findMany({ ...ofThem, include: { tellings: true } }),
        thirdPartyFields: ['description', 'closingNote', 'tellings'],
      },
      {
        name: 'reports-sent',
        about: 'To whom your reports were sent.',
        records: await tx.reportTelling.findMany(ofThem),
        thirdPartyFields: ['words'],
      },
      {
        name: 'acknowledgements',
        about: 'Whether whoever referred you has said that they have the result.',
        records: await tx.reportAcknowledgement.findMany(ofThem),
        thirdPartyFields: ['comment', 'closeReason', 'assignReason'],
      },
    ];
  }
}
