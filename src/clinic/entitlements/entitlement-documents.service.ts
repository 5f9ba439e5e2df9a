import { Inject, Injectable } from '@nestjs/common';
import { DocumentSubjectType } from '../../platform/database/generated/enums.js';
import { notFound } from '../../platform/refusal/refusal.js';
import { DocumentSubjects } from '../documents/document-subject.service.js';

/** The papers themselves are filed with a licence or an entitlement. They are about nobody who is registered. */
@Injectable()
export class EntitlementDocumentsService {
  constructor(@Inject(DocumentSubjects) subjects: DocumentSubjects) {
    subjects.register({
      type: DocumentSubjectType.LICENCE,
      permission: 'READ_ENTITLEMENT',
      mustExist: async (tx, id) => {
        if ((await tx.licence.count({ where: { id } })) === 0) throw notFound('licence');
        return { patientId: null };
      },
    });
    subjects.register({
      type: DocumentSubjectType.ENTITLEMENT,
      permission: 'READ_ENTITLEMENT',
      mustExist: async (tx, id) => {
        if ((await tx.entitlement.count({ where: { id } })) === 0) throw notFound('entitlement');
        return { patientId: null };
      },
    });
  }
}
