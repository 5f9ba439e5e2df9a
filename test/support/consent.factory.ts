import { AuditService } from '../../src/clinic/audit/audit.service.js';
import type { StaffActor } from '../../src/clinic/audit/audit.type.js';
import { ConsentService } from '../../src/clinic/consent/consent.service.js';
import type { ConsentRecord } from '../../src/clinic/consent/consent.type.js';
import { ConsentConfirmationService } from '../../src/clinic/consent/consent-confirmation.service.js';
import { ConsentCoverageService } from '../../src/clinic/consent/consent-coverage.service.js';
import { ConsentDependents } from '../../src/clinic/consent/consent-dependents.service.js';
import { ConsentEntryService } from '../../src/clinic/consent/consent-entry.service.js';
import type { RecordConsentInput } from '../../src/clinic/consent/consent-entry.type.js';
import { ConsentGroundService } from '../../src/clinic/consent/consent-ground.service.js';
import { ConsentLookService } from '../../src/clinic/consent/consent-look.service.js';
import { ConsentPolicyService } from '../../src/clinic/consent/consent-policy.service.js';
import { ConsentProposalService } from '../../src/clinic/consent/consent-proposal.service.js';
import { ConsentRecordService } from '../../src/clinic/consent/consent-record.service.js';
import { ConsentStandingService } from '../../src/clinic/consent/consent-standing.service.js';
import { ConsentTimelineService } from '../../src/clinic/consent/consent-timeline.service.js';
import { ConsentVisits } from '../../src/clinic/consent/consent-visits.service.js';
import { ConsentWordingService, type NewWording } from '../../src/clinic/consent/consent-wording.service.js';
import { readConfig } from '../../src/platform/config/index.js';
import type { Database } from '../../src/platform/database/database.service.js';
import { isRefusal } from '../../src/platform/refusal/refusal.js';
import { type Clock, Temporal } from '../../src/platform/time/index.js';
import { FixedClock } from './fixed-clock.js';
import { aStaffActor, patientServiceOn } from './patients.factory.js';

/** The whole room on a test's database; `dependents` and `visits` are where later rooms register. */
export function consentRoomOn(database: Database, clock: Clock = new FixedClock()) {
  const config = readConfig({}, '/tmp');
  const audit = new AuditService(database, clock);
  const patients = patientServiceOn(database, clock);
  const dependents = new ConsentDependents();
  const visits = new ConsentVisits();
  const grounds = new ConsentGroundService(config);
  const records = new ConsentRecordService(clock, config, audit, patients, dependents);
  const standings = new ConsentStandingService(records, grounds);
  const entries = new ConsentEntryService(database, records, grounds);
  const looks = new ConsentLookService(database, clock, audit, patients, standings);
  return {
    ...{ dependents, visits },
    consent: new ConsentService(entries, looks, standings, records),
    confirmations: new ConsentConfirmationService(database, records, grounds),
    timelines: new ConsentTimelineService(database, clock, patients, records, grounds, looks),
    coverage: new ConsentCoverageService(database, clock, config, audit, standings, visits),
    policies: new ConsentPolicyService(database, clock, config, audit),
    proposals: new ConsentProposalService(database, clock, audit),
    wordings: consentWordingServiceOn(database, clock),
  };
}

export function consentServiceOn(database: Database, clock: Clock = new FixedClock()): ConsentService {
  return consentRoomOn(database, clock).consent;
}

export function consentWordingServiceOn(
  database: Database,
  clock: Clock = new FixedClock(),
): ConsentWordingService {
  return new ConsentWordingService(database, clock, new AuditService(database, clock));
}

/** The wording that `makeConsent` names, in force since long before any test's clock. */
export function aWording(parts: Partial<NewWording> = {}): NewWording {
  return {
    purpose: 'IMAGING_TRACER_AND_XRAYS',
    version: '1',
    locale: 'en-GB',
    text: 'You will be given a small amount of a radioactive tracer, and X-rays will be taken.',
    effectiveFrom: Temporal.Instant.from('2020-01-01T00:00:00Z'),
    ...parts,
  };
}

export function aConsent(patientId: string, parts: Partial<RecordConsentInput> = {}): RecordConsentInput {
  return {
    patientId,
    purpose: 'IMAGING_TRACER_AND_XRAYS',
    decision: 'GIVEN',
    wordingVersion: '1',
    locale: 'en-GB',
    givenBy: 'PATIENT',
    method: 'IN_PERSON',
    ...parts,
  };
}

/** Publishes the wording if need be and records the answer; throws when that is refused. */
export async function makeConsent(
  database: Database,
  clock: Clock,
  patientId: string,
  parts: Partial<RecordConsentInput> = {},
  actor: StaffActor = aStaffActor(),
): Promise<ConsentRecord> {
  await consentWordingServiceOn(database, clock).publishWording(actor, aWording());
  const result = await consentServiceOn(database, clock).recordConsent(actor, aConsent(patientId, parts));
  if (isRefusal(result)) throw new Error(`the consent was not recorded: ${result.message}`);
  return result;
}
