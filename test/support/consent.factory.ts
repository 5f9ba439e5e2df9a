import { AuditService } from '../../src/clinic/audit/audit.service.js';
import type { StaffActor } from '../../src/clinic/audit/audit.type.js';
import { ConsentService } from '../../src/clinic/consent/consent.service.js';
import type { ConsentRecord, RecordConsentInput } from '../../src/clinic/consent/consent.type.js';
import { ConsentWordingService, type NewWording } from '../../src/clinic/consent/consent-wording.service.js';
import { readConfig } from '../../src/platform/config/index.js';
import type { Database } from '../../src/platform/database/database.service.js';
import { isRefusal } from '../../src/platform/refusal/refusal.js';
import { type Clock, Temporal } from '../../src/platform/time/index.js';
import { FixedClock } from './fixed-clock.js';
import { aStaffActor, patientServiceOn } from './patients.factory.js';

export function consentServiceOn(database: Database, clock: Clock = new FixedClock()): ConsentService {
  const audit = new AuditService(database, clock);
  const patients = patientServiceOn(database, clock);
  return new ConsentService(database, clock, readConfig({}, '/tmp'), audit, patients);
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
