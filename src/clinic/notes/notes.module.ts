import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { AuthModule } from '../auth/auth.module.js';
import { PatientsModule } from '../patients/patients.module.js';
import { RecordRegistersModule } from '../records/registers.module.js';
import { NoteJobs } from './note.jobs.js';
import { NoteResolver } from './note.resolver.js';
import { NoteService } from './note.service.js';
import { NoteAccessService } from './note-access.service.js';
import { NoteAddendumService } from './note-addendum.service.js';
import { NoteCases } from './note-cases.service.js';
import { NoteCopyService } from './note-copy.service.js';
import { NoteDraftService } from './note-draft.service.js';
import { NoteHistoryService } from './note-history.service.js';
import { NoteLockService } from './note-lock.service.js';
import { NOTE_NAMES_RESOLVERS } from './note-names.resolver.js';
import { NoteOpeningService } from './note-opening.service.js';
import { NotePolicyResolver } from './note-policy.resolver.js';
import { NotePolicyService } from './note-policy.service.js';
import { NoteReaderService } from './note-reader.service.js';
import { NoteReadingResolver } from './note-reading.resolver.js';
import { NoteRecordService } from './note-record.service.js';
import { NoteRetentionService } from './note-retention.service.js';
import { NoteSealService } from './note-seal.service.js';
import { NoteShareService } from './note-share.service.js';
import { NoteSigningService } from './note-signing.service.js';
import { PatientNotesResolver } from './patient-notes.resolver.js';
import { PatientNotesMergeService } from './patient-notes-merge.service.js';

@Module({
  imports: [AuditModule, AuthModule, PatientsModule, RecordRegistersModule],
  providers: [
    NoteRetentionService,
    NoteAccessService,
    PatientNotesMergeService,
    NotePolicyService,
    NotePolicyResolver,
    NoteCases,
    NoteReaderService,
    NoteRecordService,
    NoteOpeningService,
    NoteDraftService,
    NoteLockService,
    NoteSealService,
    NoteSigningService,
    NoteAddendumService,
    NoteShareService,
    NoteHistoryService,
    NoteCopyService,
    NoteService,
    NoteJobs,
    NoteResolver,
    NoteReadingResolver,
    PatientNotesResolver,
    ...NOTE_NAMES_RESOLVERS,
  ],
  exports: [NoteService, NoteCases],
})
export class NotesModule {}
