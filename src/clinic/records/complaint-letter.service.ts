import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import { plainDateFromDate } from '../../platform/time/index.js';
import type { ComplaintMatter } from './complaint-letter.type.js';
import { answerBy, referenceOf } from './data-complaint.rules.js';

/** What the room that writes letters has to know of a complaint. */
@Injectable()
export class ComplaintLetterService {
  /**
   * What the acknowledgement says; null: there is nothing to say any more, since the complaint has been concluded, or it is
   * nobody's whom the clinic can write to. For a letter, unrecorded.
   */
  async matter(client: Tx, complaintId: string, _version: number): Promise<ComplaintMatter | null> {
    const row = await client.dataComplaint.findUnique({
      where: { id: complaintId },
      include: {
        patient: {
          select: {
            ...{ familyName: true, givenName: true, namePrefix: true, email: true },
            ...{ contactPreference: true, destroyedAt: true },
          },
        },
      },
    });
    if (row === null || row.patientId === null || row.patient === null) return null;
    const { destroyedAt, ...patient } = row.patient;
    if (row.status === 'CONCLUDED' || destroyedAt !== null) return null;
    const receivedOn = plainDateFromDate(row.receivedOn);
    return {
      complaintId,
      reference: referenceOf(complaintId),
      receivedOn,
      answerBy: answerBy(receivedOn),
      patientId: row.patientId,
      patient,
    };
  }
}
