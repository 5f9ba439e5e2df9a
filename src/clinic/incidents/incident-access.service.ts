import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import {
  SubjectAccess,
  type SubjectAccessRoom,
  type SubjectAccessSection,
} from '../records/subject-access.type.js';

/** What went wrong with a patient, or nearly did, for the patient. */
@Injectable()
export class IncidentAccessService implements SubjectAccessRoom {
  readonly room = 'incidents';

  constructor(@Inject(SubjectAccess) access: SubjectAccess) {
    access.register(this);
  }

  async collect(tx: Tx, patientId: string): Promise<readonly SubjectAccessSection[]> {
    const ofThem = { where: { incident: { patientId } }, orderBy: { id: 'asc' } } as const;
    return [
      {
        name: 'incidents',
        about:
          'What went wrong with your care here, or nearly did, as it was told at the time, and how it stands.',
        records: await tx.incident.findMany({ where: { patientId }, orderBy: { id: 'asc' } }),
        thirdPartyFields: ['whatHappened', 'immediateAction'],
      },
      {
        name: 'incident-assessments',
        about:
          'What was found out, with doses in mSv and activities in MBq, and which of the regulators’ thresholds it meets.',
        records: await tx.incidentAssessment.findMany(ofThem),
        thirdPartyFields: ['comment', 'anonymousSummary', 'notifiableBecause'],
      },
      {
        name: 'incident-notifications',
        about: 'Which regulator was told, and when. They were told nothing by which you could be known.',
        records: await tx.incidentNotification.findMany(ofThem),
      },
      {
        name: 'incident-notes',
        about: 'What became known later.',
        records: await tx.incidentNote.findMany(ofThem),
        thirdPartyFields: ['text'],
      },
      {
        name: 'incident-closings',
        about: 'What was learnt, and what you were told.',
        records: await tx.incidentClosing.findMany(ofThem),
        thirdPartyFields: ['candourRecord', 'learning'],
      },
    ];
  }
}
