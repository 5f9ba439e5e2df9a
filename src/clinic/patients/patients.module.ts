import { Module } from '@nestjs/common';
import { CommunicationNeedResolver } from './communication-need.resolver.js';
import { CommunicationNeedService } from './communication-need.service.js';
import { ContactReadingService } from './contact-reading.service.js';
import { DuplicateService } from './duplicate.service.js';
import { PatientResolver } from './patient.resolver.js';
import { PatientService } from './patient.service.js';
import { PatientAccessService } from './patient-access.service.js';
import { PatientAlertResolver } from './patient-alert.resolver.js';
import { PatientAlertService } from './patient-alert.service.js';
import { PatientCorrectionResolver } from './patient-correction.resolver.js';
import { PatientCorrectionService } from './patient-correction.service.js';
import { PatientFlagResolver } from './patient-flag.resolver.js';
import { PatientFlagService } from './patient-flag.service.js';
import { PatientMergeResolver } from './patient-merge.resolver.js';
import { PatientMergeService } from './patient-merge.service.js';
import { PatientMergeFollowers } from './patient-merge-followers.service.js';
import { PatientMergeGroundService } from './patient-merge-ground.service.js';
import { PatientMergePreviewService } from './patient-merge-preview.service.js';
import { PatientMergeRecordService } from './patient-merge-record.service.js';
import { PatientMergeUndoService } from './patient-merge-undo.service.js';
import { PatientOwnMergeService } from './patient-own-merge.service.js';
import { PatientRecordService } from './patient-record.service.js';
import { PatientRetentionService } from './patient-retention.service.js';
import { RelatedPersonResolver } from './related-person.resolver.js';
import { RelatedPersonService } from './related-person.service.js';

@Module({
  providers: [
    PatientRecordService,
    DuplicateService,
    ContactReadingService,
    PatientService,
    PatientResolver,
    PatientCorrectionService,
    PatientCorrectionResolver,
    CommunicationNeedService,
    CommunicationNeedResolver,
    PatientAlertService,
    PatientAlertResolver,
    PatientFlagService,
    PatientFlagResolver,
    RelatedPersonService,
    RelatedPersonResolver,
    PatientMergeFollowers,
    PatientMergeGroundService,
    PatientMergeRecordService,
    PatientMergePreviewService,
    PatientMergeService,
    PatientMergeUndoService,
    PatientOwnMergeService,
    PatientMergeResolver,
    PatientRetentionService,
    PatientAccessService,
  ],
  exports: [
    PatientService,
    ContactReadingService,
    PatientMergeFollowers,
    PatientFlagService,
    PatientAlertService,
    PatientRetentionService,
    PatientAccessService,
  ],
})
export class PatientsModule {}
