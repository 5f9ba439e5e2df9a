import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import { PatientAccessService } from '../patients/patient-access.service.js';
import {
  type DestroyedPart,
  type PatientPartFacts,
  type PatientRecordPart,
  RetentionClasses,
} from './retention-class.type.js';
import { SubjectAccess, type SubjectAccessSection } from './subject-access.type.js';

/** What this room itself keeps of a patient: requests, complaints, addenda, holds. */
@Injectable()
export class OwnPartService implements PatientRecordPart {
  readonly room = 'records';

  constructor(
    @Inject(RetentionClasses) classes: RetentionClasses,
    @Inject(SubjectAccess) access: SubjectAccess,
    @Inject(PatientAccessService) patients: PatientAccessService,
  ) {
    classes.join(this);
    access.register({ room: 'patients', collect: (tx, patientId) => patients.collect(tx, patientId) });
    access.register({ room: this.room, collect: (tx, patientId) => this.collect(tx, patientId) });
  }

  /** Whoever waits for an answer is not destroyed while they wait. */
  async facts(tx: Tx, patientIds: readonly string[]): Promise<ReadonlyMap<string, PatientPartFacts>> {
    const patientId = { in: [...patientIds] };
    const [requests, complaints, rectifications] = [
      await tx.subjectAccessRequest.findMany({
        where: { patientId, settledAt: null },
        select: { patientId: true },
      }),
      await tx.dataComplaint.findMany({
        where: { patientId, status: { not: 'CONCLUDED' } },
        select: { patientId: true },
      }),
      await tx.rectification.findMany({
        where: { patientId, status: 'REQUESTED' },
        select: { patientId: true },
      }),
    ];
    const kept = new Map<string, PatientPartFacts>();
    const keep = (rows: readonly { readonly patientId: string | null }[], keptBecause: string) => {
      for (const row of rows) if (row.patientId !== null) kept.set(row.patientId, keptFor(keptBecause));
    };
    keep(rectifications, 'RECTIFICATION_OPEN');
    keep(complaints, 'COMPLAINT_OPEN');
    keep(requests, 'SUBJECT_ACCESS_OPEN');
    return kept;
  }

  async destroy(tx: Tx, _: unknown, patientId: string): Promise<readonly DestroyedPart[]> {
    const ofRequest = { request: { patientId } };
    await tx.subjectAccessPart.deleteMany({ where: ofRequest });
    await tx.subjectAccessWithheld.deleteMany({ where: ofRequest });
    const requests = await tx.subjectAccessRequest.deleteMany({ where: { patientId } });
    await tx.dataComplaintNote.deleteMany({ where: { complaint: { patientId } } });
    const complaints = await tx.dataComplaint.deleteMany({ where: { patientId } });
    const rectifications = await tx.rectification.deleteMany({ where: { patientId } });
    const deaths = await tx.patientDeath.deleteMany({ where: { patientId } });
    return [
      { what: 'subject access requests', count: requests.count },
      { what: 'complaints', count: complaints.count },
      { what: 'rectifications', count: rectifications.count },
      { what: 'deaths', count: deaths.count },
    ].filter(({ count }) => count > 0);
  }

  async collect(tx: Tx, patientId: string): Promise<readonly SubjectAccessSection[]> {
    const where = { patientId };
    const orderBy = { id: 'asc' } as const;
    return [
      {
        name: 'rectifications',
        about:
          'What you said was wrong in your record, what was decided, and what stands beside the record since.',
        records: await tx.rectification.findMany({ where, orderBy }),
      },
      {
        name: 'complaints',
        about: 'Complaints about how we use what we know of you, and what was done about them.',
        records: await tx.dataComplaint.findMany({ where, orderBy, include: { notes: true } }),
        thirdPartyFields: ['notes'],
      },
      {
        name: 'requests-for-copies',
        about: 'Your requests for a copy of your record, this one included.',
        records: await tx.subjectAccessRequest.findMany({ where, orderBy }),
      },
      {
        name: 'legal-holds',
        about: 'Why parts of your record are kept longer than the rules say.',
        records: await tx.legalHold.findMany({ where, orderBy }),
        thirdPartyFields: ['reason', 'liftReason'],
      },
    ];
  }
}

function keptFor(keptBecause: string): PatientPartFacts {
  return { lastContactOn: null, treatmentEndedOn: null, classes: [], keptBecause };
}
