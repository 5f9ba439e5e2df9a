import { Inject, Injectable } from '@nestjs/common';
import { DocumentSubjectType } from '../../platform/database/generated/enums.js';
import { DocumentSubjects } from '../documents/document-subject.service.js';
import { EnquiryRecordService } from './enquiry-record.service.js';

/** Files that belong to an enquiry: what came with an e-mail, or was handed over at the desk. */
@Injectable()
export class EnquiryDocumentsService {
  constructor(
    @Inject(DocumentSubjects) subjects: DocumentSubjects,
    @Inject(EnquiryRecordService) records: EnquiryRecordService,
  ) {
    subjects.register({
      type: DocumentSubjectType.ENQUIRY,
      permission: 'READ_ENQUIRY',
      mustExist: async (tx, id) => ({ patientId: (await records.mustHave(tx, id)).patientId }),
    });
  }
}
