import { Module } from '@nestjs/common';
import { EnquiriesModule } from '../enquiries/enquiries.module.js';
import { ImagingModule } from '../imaging/imaging.module.js';
import { PatientsModule } from '../patients/patients.module.js';
import { RecordsModule } from '../records/records.module.js';
import { RecordRegistersModule } from '../records/registers.module.js';
import { ReferralsModule } from '../referrals/referrals.module.js';
import { VisitsModule } from '../visits/visits.module.js';
import { AdviceLetterService } from './advice-letter.service.js';
import { AdviceLettersResolver } from './advice-letters.resolver.js';
import { AdviceNoticeService } from './advice-notice.service.js';
import { CallBackNoticeService } from './call-back-notice.service.js';
import { ClinicNoticeService } from './clinic-notice.service.js';
import { ComplaintLetterService } from './complaint-letter.service.js';
import { EnquiryLetterService } from './enquiry-letter.service.js';
import { EnquiryLettersResolver } from './enquiry-letters.resolver.js';
import { EnquiryNoticeService } from './enquiry-notice.service.js';
import { FreedPlaceLetterService } from './freed-place-letter.service.js';
import { LetterJobs } from './letter.jobs.js';
import { LetterResolver } from './letter.resolver.js';
import { LetterService } from './letter.service.js';
import { LetterAccessService } from './letter-access.service.js';
import { LetterDeliveryService } from './letter-delivery.service.js';
import { LetterMatterService } from './letter-matter.service.js';
import type { LetterMatter } from './letter-matter.type.js';
import { LetterPrintService } from './letter-print.service.js';
import { LetterRetentionService } from './letter-retention.service.js';
import { LetterheadService } from './letterhead.service.js';
import { PatientLettersMergeService } from './patient-letters-merge.service.js';
import { ReferralLetterService } from './referral-letter.service.js';
import { ReferralLettersResolver } from './referral-letters.resolver.js';
import { ReferralNoticeService } from './referral-notice.service.js';
import { ReferrerLettersResolver } from './referrer-letters.resolver.js';
import { ScanLetterService } from './scan-letter.service.js';
import { ScanLettersResolver } from './scan-letters.resolver.js';
import { VisitLetterService } from './visit-letter.service.js';
import { VisitLettersResolver } from './visit-letters.resolver.js';

/** Everything that letters are about. */
const MATTERS = [
  ScanLetterService,
  VisitLetterService,
  FreedPlaceLetterService,
  EnquiryLetterService,
  EnquiryNoticeService,
  CallBackNoticeService,
  ReferralLetterService,
  ReferralNoticeService,
  AdviceNoticeService,
  AdviceLetterService,
  ComplaintLetterService,
];

@Module({
  imports: [
    PatientsModule,
    RecordsModule,
    ReferralsModule,
    VisitsModule,
    EnquiriesModule,
    ImagingModule,
    RecordRegistersModule,
  ],
  providers: [
    LetterRetentionService,
    LetterAccessService,
    LetterService,
    LetterDeliveryService,
    LetterPrintService,
    {
      provide: LetterMatterService,
      useFactory: (...matters: LetterMatter[]) => new LetterMatterService(matters),
      inject: MATTERS,
    },
    LetterheadService,
    ClinicNoticeService,
    ...MATTERS,
    LetterJobs,
    LetterResolver,
    PatientLettersMergeService,
    ScanLettersResolver,
    VisitLettersResolver,
    EnquiryLettersResolver,
    ReferralLettersResolver,
    AdviceLettersResolver,
    ReferrerLettersResolver,
  ],
})
export class NotificationsModule {}
