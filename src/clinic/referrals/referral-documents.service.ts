import { Inject, Injectable } from '@nestjs/common';
import { DocumentSubjectType } from '../../platform/database/generated/enums.js';
import { DocumentSubjects } from '../documents/document-subject.service.js';
import { AdviceRecordService } from './advice-record.service.js';
import { ReferralService } from './referral.service.js';

/** Files that belong to a referral or to a thread of advice: the letter, reports, earlier images. */
@Injectable()
export class ReferralDocumentsService {
  constructor(
    @Inject(DocumentSubjects) subjects: DocumentSubjects,
    @Inject(ReferralService) referrals: ReferralService,
    @Inject(AdviceRecordService) advice: AdviceRecordService,
  ) {
    subjects.register({
      type: DocumentSubjectType.REFERRAL,
      permission: 'READ_REFERRAL',
      mustExist: async (tx, id) => ({ patientId: (await referrals.mustHaveReferral(tx, id)).patientId }),
    });
    subjects.register({
      type: DocumentSubjectType.ADVICE,
      permission: 'READ_REFERRAL',
      mustExist: async (tx, id) => ({ patientId: (await advice.mustHaveThread(tx, id)).patientId }),
    });
  }
}
