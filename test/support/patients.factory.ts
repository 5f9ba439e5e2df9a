import { randomUUID } from 'node:crypto';
import { AuditService } from '../../src/clinic/audit/audit.service.js';
import type { StaffActor } from '../../src/clinic/audit/audit.type.js';
import { DuplicateService } from '../../src/clinic/patients/duplicate.service.js';
import { nhsCheckDigit } from '../../src/clinic/patients/nhs-number.rules.js';
import { PatientService } from '../../src/clinic/patients/patient.service.js';
import type { Patient, RegisterPatientInput } from '../../src/clinic/patients/patient.type.js';
import { PatientRecordService } from '../../src/clinic/patients/patient-record.service.js';
import { readConfig } from '../../src/platform/config/index.js';
import type { Database } from '../../src/platform/database/database.service.js';
import { isRefusal } from '../../src/platform/refusal/refusal.js';
import { type Clock, Temporal } from '../../src/platform/time/index.js';
import { FixedClock } from './fixed-clock.js';

/** A member of staff; accounts are not needed, because rows name them by id only. */
export function aStaffActor(id: string = randomUUID()): StaffActor {
  return { kind: 'STAFF', id, label: null, requestId: `test-${id.slice(0, 8)}`, source: '192.0.2.7' };
}

export function patientServiceOn(database: Database, clock: Clock = new FixedClock()): PatientService {
  const records = new PatientRecordService();
  const audit = new AuditService(database, clock);
  const duplicates = new DuplicateService(records);
  return new PatientService(database, clock, readConfig({}, '/tmp'), audit, records, duplicates);
}

const SYLLABLES = ['ba', 'co', 'di', 'fu', 'ge', 'ha', 'ji', 'ko', 'lu', 'me'] as const;
let made = 0;

/** Six syllables for a number: names that differ in several letters, so that nobody is taken for somebody else. */
function nameOf(number: number): string {
  const digits = String((number * 7_919) % 1_000_000).padStart(6, '0');
  const name = [...digits].map((digit) => SYLLABLES[Number(digit)] ?? '').join('');
  return name.charAt(0).toUpperCase() + name.slice(1);
}

/** A synthetic person whom no other call describes; `parts` replaces what matters to a test. */
export function aRegistration(parts: Partial<RegisterPatientInput> = {}): RegisterPatientInput {
  made += 1;
  const day = Temporal.PlainDate.from('1940-01-01').add({ days: (made * 37) % 20_000 });
  return {
    familyName: nameOf(made),
    givenName: nameOf(made + 500_000),
    dateOfBirth: day.toString(),
    sexForClinicalUse: 'FEMALE',
    statedGender: 'FEMALE',
    addressLines: [`${made} Example Street`, 'London'],
    postcode: 'SW1A 1AA',
    email: `patient${made}@example.org`,
    contactPreference: 'EMAIL',
    ...parts,
  };
}

/** An NHS number of the range for tests (999…), a different one for each number. */
export function aTestNhsNumber(number: number): string {
  for (let nine = 999_000_000 + number * 2; ; nine += 1) {
    const check = nhsCheckDigit(String(nine));
    if (check !== null) return `${nine}${check}`;
  }
}

/** Registers somebody; throws when that is refused. */
export async function makePatient(
  patients: PatientService,
  parts: Partial<RegisterPatientInput> = {},
  actor: StaffActor = aStaffActor(),
): Promise<Patient> {
  const result = await patients.registerPatient(actor, aRegistration(parts));
  if (isRefusal(result)) throw new Error(`the patient was not registered: ${result.message}`);
  return result;
}
