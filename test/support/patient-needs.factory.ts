import { AuditService } from '../../src/clinic/audit/audit.service.js';
import { PatientConsentMergeService } from '../../src/clinic/consent/patient-consent-merge.service.js';
import { DocumentMergeService } from '../../src/clinic/documents/document-merge.service.js';
import { PatientEnquiriesMergeService } from '../../src/clinic/enquiries/patient-enquiries-merge.service.js';
import { PatientScansMergeService } from '../../src/clinic/imaging/patient-scans-merge.service.js';
import { PatientLettersMergeService } from '../../src/clinic/notifications/patient-letters-merge.service.js';
import { CommunicationNeedService } from '../../src/clinic/patients/communication-need.service.js';
import { DuplicateService } from '../../src/clinic/patients/duplicate.service.js';
import { PatientAlertService } from '../../src/clinic/patients/patient-alert.service.js';
import { PatientCorrectionService } from '../../src/clinic/patients/patient-correction.service.js';
import { PatientFlagService } from '../../src/clinic/patients/patient-flag.service.js';
import { PatientMergeService } from '../../src/clinic/patients/patient-merge.service.js';
import { PatientMergeFollowers } from '../../src/clinic/patients/patient-merge-followers.service.js';
import { PatientMergeGroundService } from '../../src/clinic/patients/patient-merge-ground.service.js';
import { PatientMergePreviewService } from '../../src/clinic/patients/patient-merge-preview.service.js';
import { PatientMergeRecordService } from '../../src/clinic/patients/patient-merge-record.service.js';
import { PatientMergeUndoService } from '../../src/clinic/patients/patient-merge-undo.service.js';
import { PatientOwnMergeService } from '../../src/clinic/patients/patient-own-merge.service.js';
import { PatientRecordService } from '../../src/clinic/patients/patient-record.service.js';
import { RelatedPersonService } from '../../src/clinic/patients/related-person.service.js';
import { PatientReferralsMergeService } from '../../src/clinic/referrals/patient-referrals-merge.service.js';
import { PatientPresenceService } from '../../src/clinic/scheduling/patient-presence.service.js';
import { PatientVisitsMergeService } from '../../src/clinic/visits/patient-visits-merge.service.js';
import { readConfig } from '../../src/platform/config/index.js';
import type { Database } from '../../src/platform/database/database.service.js';
import type { Clock } from '../../src/platform/time/index.js';
import { consentServiceOn } from './consent.factory.js';
import { patientServiceOn } from './patients.factory.js';

/** The patients' room on a test's database, with the rooms that follow when two records become one. */
export function patientRoomOn(database: Database, clock: Clock) {
  const config = readConfig({}, '/tmp');
  const audit = new AuditService(database, clock);
  const records = new PatientRecordService();
  const duplicates = new DuplicateService(records);
  const alerts = new PatientAlertService(database, clock, config, audit, records);
  const needs = new CommunicationNeedService(database, clock, config, audit, records);
  const followers = new PatientMergeFollowers();
  new PatientOwnMergeService(clock, followers);
  new PatientReferralsMergeService(followers);
  new PatientConsentMergeService(clock, consentServiceOn(database, clock), followers);
  new PatientVisitsMergeService(clock, config, new PatientPresenceService(clock), followers);
  new PatientScansMergeService(followers);
  new PatientLettersMergeService(followers);
  new PatientEnquiriesMergeService(followers);
  new DocumentMergeService(followers);
  const ground = new PatientMergeGroundService(records, followers);
  const mergeRecords = new PatientMergeRecordService(records, followers);
  return {
    ...{ alerts, needs, followers },
    patients: patientServiceOn(database, clock),
    corrections: new PatientCorrectionService(database, clock, config, audit, records, duplicates),
    related: new RelatedPersonService(database, clock, config, audit, records),
    flags: new PatientFlagService(alerts, needs),
    merges: new PatientMergeService(database, clock, config, audit, ground, mergeRecords),
    previews: new PatientMergePreviewService(database, audit, ground, mergeRecords),
    undoing: new PatientMergeUndoService(database, clock, audit, ground, mergeRecords),
  };
}

export type PatientRoom = ReturnType<typeof patientRoomOn>;
