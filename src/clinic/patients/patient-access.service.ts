import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';

/** Records of one kind, as they are copied for the person whom they are about. */
interface CopiedRecords {
  readonly name: string;
  readonly about: string;
  readonly records: readonly object[];
  readonly thirdPartyFields?: readonly string[];
}

/** What this room has of a patient, for a copy of the record. The room of records asks, and writes down that it did. */
@Injectable()
export class PatientAccessService {
  async collect(tx: Tx, patientId: string): Promise<readonly CopiedRecords[]> {
    const where = { patientId };
    const orderBy = { id: 'asc' } as const;
    const { searchName: _, ...patient } = await tx.patient.findUniqueOrThrow({
      where: { id: patientId },
      include: { phones: { orderBy: { position: 'asc' } } },
    });
    return [
      { name: 'patient', about: 'Who you are and how we reach you.', records: [patient] },
      {
        name: 'communication-needs',
        about: 'What you need so that we understand each other, and how often we asked whether it was met.',
        records: await tx.communicationNeed.findMany({ where, orderBy, include: { reviews: true } }),
      },
      {
        name: 'alerts',
        about: 'What whoever meets you should know.',
        records: await tx.patientAlert.findMany({ where, orderBy }),
        thirdPartyFields: ['text'],
      },
      {
        name: 'related-people',
        about: 'People who belong to you, as you named them to us.',
        records: await tx.relatedPerson.findMany({ where, orderBy }),
        thirdPartyFields: ['name', 'phoneE164', 'email', 'proxyEvidence'],
      },
    ];
  }
}
