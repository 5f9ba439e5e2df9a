import { Module } from '@nestjs/common';
import { PatientResolver } from './patient.resolver.js';
import { PatientService } from './patient.service.js';

@Module({ providers: [PatientService, PatientResolver], exports: [PatientService] })
export class PatientsModule {}
