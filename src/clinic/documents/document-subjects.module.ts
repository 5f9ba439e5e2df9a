import { Module } from '@nestjs/common';
import { PatientsModule } from '../patients/patients.module.js';
import { DocumentSubjects } from './document-subject.service.js';

/** For rooms whose things can have documents, and that do nothing else with documents: where they say so. */
@Module({ imports: [PatientsModule], providers: [DocumentSubjects], exports: [DocumentSubjects] })
export class DocumentSubjectsModule {}
