import { Inject, Injectable } from '@nestjs/common';
import { DocumentSubjectType } from '../../platform/database/generated/enums.js';
import { DocumentSubjects } from '../documents/document-subject.service.js';
import { IncidentRecordService } from './incident-record.service.js';

/** Photographs, measurements and the regulator's letters are filed with an incident; they are about whom it happened to. */
@Injectable()
export class IncidentDocumentsService {
  constructor(
    @Inject(DocumentSubjects) subjects: DocumentSubjects,
    @Inject(IncidentRecordService) records: IncidentRecordService,
  ) {
    subjects.register({
      type: DocumentSubjectType.INCIDENT,
      permission: 'READ_INCIDENT',
      mustExist: async (tx, id) => ({ patientId: (await records.row(tx, id)).patientId }),
    });
  }
}
