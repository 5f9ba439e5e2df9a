import { Module } from '@nestjs/common';
import { UploadsModule } from '../../platform/http/uploads.module.js';
import { StorageModule } from '../../platform/storage/index.js';
import { VirusScanModule } from '../../platform/virus-scan/index.js';
import { AuthModule } from '../auth/auth.module.js';
import { PatientsModule } from '../patients/patients.module.js';
import { RecordRegistersModule } from '../records/registers.module.js';
import { DocumentController } from './document.controller.js';
import { DocumentJobs, DocumentSweeper } from './document.jobs.js';
import { DocumentResolver } from './document.resolver.js';
import { DocumentService } from './document.service.js';
import { DocumentAccessService } from './document-access.service.js';
import { DocumentChangeService } from './document-change.service.js';
import { DocumentInstallation } from './document-installation.service.js';
import { DocumentListService } from './document-list.service.js';
import { DocumentMergeService } from './document-merge.service.js';
import { DocumentOpening } from './document-opening.service.js';
import { DocumentOwnerService } from './document-owner.service.js';
import { DocumentPartService } from './document-part.service.js';
import { DocumentReach } from './document-reach.service.js';
import { DocumentRecord } from './document-record.service.js';
import { DocumentRescanService } from './document-rescan.service.js';
import { DocumentRetentionService } from './document-retention.service.js';
import { DocumentScanService } from './document-scan.service.js';
import { DocumentSubjectsModule } from './document-subjects.module.js';
import { DocumentSweep } from './document-sweep.service.js';
import { DocumentVault } from './document-vault.service.js';
import { PatientDocumentsResolver } from './patient-documents.resolver.js';

@Module({
  imports: [
    AuthModule,
    PatientsModule,
    RecordRegistersModule,
    DocumentSubjectsModule,
    StorageModule,
    VirusScanModule,
    UploadsModule,
  ],
  controllers: [DocumentController],
  providers: [
    DocumentVault,
    DocumentRecord,
    DocumentReach,
    DocumentService,
    DocumentOwnerService,
    DocumentChangeService,
    DocumentListService,
    DocumentOpening,
    DocumentScanService,
    DocumentRescanService,
    DocumentInstallation,
    DocumentSweep,
    DocumentJobs,
    DocumentSweeper,
    DocumentMergeService,
    DocumentRetentionService,
    DocumentPartService,
    DocumentAccessService,
    DocumentResolver,
    PatientDocumentsResolver,
  ],
  exports: [
    DocumentSubjectsModule,
    DocumentService,
    DocumentOpening,
    DocumentListService,
    DocumentOwnerService,
    DocumentScanService,
  ],
})
export class DocumentsModule {}
