import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import {
  SubjectAccess,
  type SubjectAccessRoom,
  type SubjectAccessSection,
} from '../records/subject-access.type.js';
import {
  toBreastFeedingEnquiry,
  toIdentityCheck,
  toPregnancyEnquiry,
  toSafetyCheck,
  WITH_PARTS,
} from './check-row.type.js';

/** What a patient was asked before a tracer was given, for the patient. */
@Injectable()
export class CheckAccessService implements SubjectAccessRoom {
  readonly room = 'checks';

  constructor(@Inject(SubjectAccess) access: SubjectAccess) {
    access.register(this);
  }

  async collect(tx: Tx, patientId: string): Promise<readonly SubjectAccessSection[]> {
    // With the visits that are the patient's now, under whichever record they were written.
    const rows = await tx.visitCheck.findMany({
      where: { visit: { patientId } },
      include: WITH_PARTS,
      orderBy: { id: 'asc' },
    });
    const thirdPartyFields = ['answererName', 'comment'];
    return [
      {
        name: 'identity-checks',
        about: 'What you were asked to be known by before an injection, and what agreed with your record.',
        records: rows.flatMap((row) => toIdentityCheck(row) ?? []),
        thirdPartyFields,
      },
      {
        name: 'pregnancy-enquiries',
        about:
          'What you were asked about pregnancy before an injection, what you said, and what was decided.',
        records: rows.flatMap((row) => toPregnancyEnquiry(row) ?? []),
        thirdPartyFields,
      },
      {
        name: 'breast-feeding-enquiries',
        about:
          'What you were asked about breast-feeding before an injection, what you said, and what you were told.',
        records: rows.flatMap((row) => toBreastFeedingEnquiry(row) ?? []),
        thirdPartyFields,
      },
      {
        name: 'safety-checks',
        about: 'What you were asked for your safety before an injection, your weight, and what was decided.',
        records: rows.flatMap((row) => toSafetyCheck(row) ?? []),
        thirdPartyFields: ['comment'],
      },
    ];
  }
}
