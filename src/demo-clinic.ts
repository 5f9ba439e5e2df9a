import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { INestApplicationContext } from '@nestjs/common';
import type { StaffActor } from './clinic/audit/audit.type.js';
import { StaffService } from './clinic/auth/staff.service.js';
import { ConsentService } from './clinic/consent/consent.service.js';
import { ScannerSetupService } from './clinic/imaging/scanner-setup.service.js';
import { PatientService } from './clinic/patients/patient.service.js';
import type { RegisterPatientInput } from './clinic/patients/patient.type.js';
import { ReferralService } from './clinic/referrals/referral.service.js';
import type { ReceiveReferralInput } from './clinic/referrals/referral-entry.type.js';
import { LeadTimeService } from './clinic/scheduling/lead-time.service.js';
import { OpeningService } from './clinic/scheduling/opening.service.js';
import { type DemoExposures, type DemoRequest, openExposures, openRequest } from './demo-exposures.js';
import { type DemoReferrals, must, openDirectory, openFurtherReferrals } from './demo-referrals.js';
import { Database } from './platform/database/database.service.js';
import {
  ConsentDecision,
  ConsentGiver,
  ConsentMethod,
  type ConsentPurpose,
  type ResourceKind,
  type ResponseCharacterSet,
  type Role,
} from './platform/database/generated/enums.js';
import { readSeed, SETUP_ACTOR } from './reference-data.js';

// Synthetic people for the embedded database only. Every step goes through the rooms' own verbs and looks first
// whether it was done, so a process that was killed half-way goes on at the next start.

const WORKING_DAYS = [1, 2, 3, 4, 5];
const PASSWORD_BYTES = 9;

interface DemoData extends DemoReferrals, DemoExposures {
  readonly staff: readonly { readonly email: string; readonly displayName: string; readonly roles: Role[] }[];
  readonly resources: readonly {
    readonly kind: ResourceKind;
    readonly name: string;
    readonly opensAt: string;
    readonly closesAt: string;
  }[];
  readonly scanner: {
    readonly name: string;
    readonly camera: string;
    readonly callingAETitles: string[];
    readonly stationAETitle: string;
    readonly stationName: string;
    readonly modalities: string[];
    readonly responseCharacterSet: ResponseCharacterSet;
    readonly ownStationByDefault: boolean;
    readonly answersMax: number;
  };
  readonly patients: readonly (RegisterPatientInput & {
    readonly referral: Omit<ReceiveReferralInput, 'patientId' | 'receivedOn'> & {
      readonly accepted: boolean;
      /** What is asked for with it; left out: nothing yet. */
      readonly request?: DemoRequest;
    };
    readonly consents: readonly ConsentPurpose[];
  })[];
}

export interface DemoClinic {
  readonly password: string;
  readonly accounts: readonly { readonly email: string; readonly roles: readonly string[] }[];
}

/** Sets up the demo clinic where it is not there yet, and says who may sign in. */
export async function openDemoClinic(app: INestApplicationContext, home: string): Promise<DemoClinic> {
  const data = readSeed<DemoData>('demo-clinic');
  const isNewPassword = !existsSync(passwordFileIn(home));
  const password = demoPassword(home);
  const staffIds = await openStaff(app, data.staff, { password, isNewPassword });
  await openResources(app, data);
  const referrerIds = await openDirectory(app, data, actorOf(staffIds, 'RECEPTION'));
  const [reception, clinician] = [actorOf(staffIds, 'RECEPTION'), actorOf(staffIds, 'CLINICIAN')];
  await openExposures(app, data, actorOf(staffIds, 'MANAGER'), (role) => actorOf(staffIds, role));
  for (const person of data.patients) {
    const referralId = await openPatient(app, person, staffIds, referrerIds);
    const { accepted, request } = person.referral;
    if (accepted && request)
      await openRequest(app, referralId, request, data.exposures.justification, clinician);
  }
  await openFurtherReferrals(app, data, { reception, clinician }, referrerIds);
  return { password, accounts: data.staff };
}

const passwordFileIn = (home: string): string => join(home, 'demo-password');

/** Random and kept on this machine: a password that everybody knows would be open to whoever finds the port. */
function demoPassword(home: string): string {
  const file = passwordFileIn(home);
  if (!existsSync(file)) {
    writeFileSync(file, `${randomBytes(PASSWORD_BYTES).toString('base64url')}\n`, { mode: 0o600 });
  }
  return readFileSync(file, 'utf8').trim();
}

async function openStaff(
  app: INestApplicationContext,
  staff: DemoData['staff'],
  { password, isNewPassword }: { readonly password: string; readonly isNewPassword: boolean },
): Promise<ReadonlyMap<Role, string>> {
  const database = app.get(Database);
  const ids = new Map<Role, string>();
  for (const { email, displayName, roles } of staff) {
    const known = await database.client.staffAccount.findUnique({ where: { email } });
    const account =
      known ??
      must(await app.get(StaffService).addStaffAccount(SETUP_ACTOR, { email, displayName, roles, password }));
    // The file was lost: the accounts follow the new one, so that what is printed signs somebody in.
    if (known && isNewPassword)
      await app.get(StaffService).resetStaffPassword(SETUP_ACTOR, { accountId: known.id, password });
    for (const role of roles) ids.set(role, account.id);
  }
  return ids;
}

async function openResources(app: INestApplicationContext, { resources, scanner }: DemoData): Promise<void> {
  const { client } = app.get(Database);
  const calendar = app.get(OpeningService);
  const today = app.get(LeadTimeService).today().toString();
  for (const { kind, name, opensAt, closesAt } of resources) {
    const known = await client.resource.findUnique({ where: { name }, include: { openingHours: true } });
    const resource = known ?? must(await calendar.addResource(SETUP_ACTOR, { kind, name }));
    if ((known?.openingHours.length ?? 0) > 0) continue;
    const sessions = WORKING_DAYS.map((isoWeekday) => ({ isoWeekday, opensAt, closesAt }));
    must(
      await calendar.setOpeningHours(SETUP_ACTOR, { resourceId: resource.id, validFrom: today, sessions }),
    );
  }
  const { camera, ...profile } = scanner;
  if ((await client.scanner.count({ where: { name: profile.name } })) > 0) return;
  const { id: cameraId } = await client.resource.findUniqueOrThrow({ where: { name: camera } });
  must(
    await app
      .get(ScannerSetupService)
      .connectScanner(SETUP_ACTOR, { ...profile, cameraId, sourceAddresses: [] }),
  );
}

async function openPatient(
  app: INestApplicationContext,
  { referral, consents, ...person }: DemoData['patients'][number],
  staffIds: ReadonlyMap<Role, string>,
  referrerIds: ReadonlyMap<string, string>,
): Promise<string> {
  const { client } = app.get(Database);
  const reception = actorOf(staffIds, 'RECEPTION');
  const nhsNumber = (person.nhsNumber ?? '').replaceAll(' ', '');
  const known = await client.patient.findUnique({ where: { nhsNumber } });
  const patient = known ?? must(await app.get(PatientService).registerPatient(reception, person));
  for (const purpose of consents) {
    if ((await client.consentRecord.count({ where: { patientId: patient.id, purpose } })) > 0) continue;
    must(
      await app.get(ConsentService).recordConsent(reception, {
        patientId: patient.id,
        purpose,
        decision: ConsentDecision.GIVEN,
        wordingVersion: '2026-01',
        locale: 'en-GB',
        givenBy: ConsentGiver.PATIENT,
        method: ConsentMethod.PAPER_FORM,
      }),
    );
  }
  const { accepted, request: _request, ...letter } = referral;
  const referrals = app.get(ReferralService);
  const receivedOn = app.get(LeadTimeService).today().toString();
  const { clinicalQuestion } = letter;
  const found = await client.referral.findFirst({ where: { patientId: patient.id, clinicalQuestion } });
  const referrerId = referrerIds.get(letter.referrerName ?? '') ?? null;
  const received =
    found ??
    must(
      await referrals.receiveReferral(reception, {
        ...letter,
        patientId: patient.id,
        receivedOn,
        referrerId,
      }),
    );
  if (accepted && received.status === 'RECEIVED') {
    must(await referrals.acceptReferral(actorOf(staffIds, 'CLINICIAN'), { referralId: received.id }));
  }
  return received.id;
}

function actorOf(staffIds: ReadonlyMap<Role, string>, role: Role): StaffActor {
  const id = staffIds.get(role);
  if (id === undefined) throw new Error(`the demo clinic has nobody in the role ${role}`);
  return { kind: 'STAFF', id, label: null, requestId: null, source: null };
}
