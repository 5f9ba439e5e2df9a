import { v7 as newId } from 'uuid';
import { AuditService } from '../../src/clinic/audit/audit.service.js';
import { CalendarService } from '../../src/clinic/calendar/calendar.service.js';
import { CheckService } from '../../src/clinic/checks/check.service.js';
import type { ConsentService } from '../../src/clinic/consent/consent.service.js';
import { EntitlementService } from '../../src/clinic/entitlements/entitlement.service.js';
import { CheckGatesService } from '../../src/clinic/gates/check-gates.service.js';
import { ConsentGateService } from '../../src/clinic/gates/consent-gate.service.js';
import { ExposureGateService } from '../../src/clinic/gates/exposure-gate.service.js';
import { ExposurePolicyService } from '../../src/clinic/gates/exposure-policy.service.js';
import { ExposureSources } from '../../src/clinic/gates/exposure-sources.service.js';
import { GateService } from '../../src/clinic/gates/gate.service.js';
import { GatePolicyService } from '../../src/clinic/gates/gate-policy.service.js';
import { GateSources } from '../../src/clinic/gates/gate-sources.service.js';
import { OperatorGateService } from '../../src/clinic/gates/operator-gate.service.js';
import { RequestGatesService } from '../../src/clinic/gates/request-gates.service.js';
import { DoseOrderLineService } from '../../src/clinic/radiopharmacy/dose-order-line.service.js';
import { DosePlanService } from '../../src/clinic/radiopharmacy/dose-plan.service.js';
import { DoseProtocolService } from '../../src/clinic/radiopharmacy/dose-protocol.service.js';
import { PlannedDoseService } from '../../src/clinic/radiopharmacy/planned-dose.service.js';
import { RadionuclideService } from '../../src/clinic/radiopharmacy/radionuclide.service.js';
import { SupplierService } from '../../src/clinic/radiopharmacy/supplier.service.js';
import { WastedDoseService } from '../../src/clinic/radiopharmacy/wasted-dose.service.js';
import { VettingService } from '../../src/clinic/vetting/vetting.service.js';
import { readConfig } from '../../src/platform/config/index.js';
import type { Database } from '../../src/platform/database/database.service.js';
import { Outbox } from '../../src/platform/outbox/index.js';
import {
  type Clock,
  dateFromInstant,
  dateFromPlainDate,
  localDate,
  Temporal,
} from '../../src/platform/time/index.js';
import { patientServiceOn } from './patients.factory.js';

// What stands before an exposure, written as rows: for tests that are about something else. The rooms' own tests go through
// their doors.

/** The gates that do not rest on what later rooms record, built by hand on a test's database. */
export function gatesOn(database: Database, clock: Clock, consent: ConsentService) {
  const config = readConfig({}, '/tmp');
  const audit = new AuditService(database, clock);
  const sources = new GateSources();
  const exposures = new ExposureSources();
  const [entitlements, vetting, checks] = [
    new EntitlementService(),
    new VettingService(clock, config),
    new CheckService(),
  ];
  const policies = new GatePolicyService(database, clock, config, audit, sources);
  const intervals = new ExposurePolicyService(database, clock, config, audit);
  new RequestGatesService(vetting, entitlements, sources);
  new ConsentGateService(config, consent, sources);
  new OperatorGateService(entitlements, sources);
  new CheckGatesService(checks, sources);
  new ExposureGateService(config, intervals, exposures, sources);
  const gates = new GateService(clock, config, policies, sources);
  return { gates, sources, exposures, policies, vetting, checks, entitlements };
}

/** The doses that follow visits, built by hand on a test's database. */
export function plannedDosesOn(database: Database, clock: Clock): PlannedDoseService {
  const config = readConfig({}, '/tmp');
  const audit = new AuditService(database, clock);
  const outbox = new Outbox(clock);
  const radionuclides = new RadionuclideService(database, clock, config, audit, outbox);
  const protocols = new DoseProtocolService(database, clock, config, audit, radionuclides, outbox);
  const suppliers = new SupplierService(
    database,
    config,
    new CalendarService(database, clock, config, audit),
  );
  const plans = new DosePlanService(config, patientServiceOn(database, clock), protocols, suppliers);
  const wasted = new WastedDoseService(database, clock, audit);
  return new PlannedDoseService(database, clock, audit, plans, new DoseOrderLineService(), wasted);
}

export const ANY_SITE = 'MAIN';
const CLINIC_TIME_ZONE = 'Europe/London';
const SINCE = Temporal.PlainDate.from('2000-01-01');
const UNTIL = Temporal.PlainDate.from('2099-12-31');

export interface Licensed {
  /** A member of staff who may justify, and holds a licence unless said otherwise. */
  readonly practitionerId: string;
  readonly employerLicenceId: string;
  readonly practitionerLicenceId: string;
}

/** Whether the practitioner has an account is asked of the database: each test has its own. */
const PRACTITIONER = 'practitioner@facet.test';

/** The employer and a practitioner are licensed for these procedures, for as long as tests last; doing it twice is doing it once. */
export async function makeLicences(
  database: Database,
  procedureCodes: readonly string[],
  { siteCode = ANY_SITE }: { readonly siteCode?: string } = {},
): Promise<Licensed> {
  const practitionerId = await makePractitioner(database);
  const number = `${siteCode}-${procedureCodes.join('-')}`;
  const employerLicenceId = await makeLicence(database, {
    kind: 'EMPLOYER',
    number: `E-${number}`,
    siteCodes: [siteCode],
    staffId: null,
    procedureCodes,
  });
  const practitionerLicenceId = await makeLicence(database, {
    kind: 'PRACTITIONER',
    number: `P-${number}`,
    siteCodes: [],
    staffId: practitionerId,
    procedureCodes,
  });
  return { practitionerId, employerLicenceId, practitionerLicenceId };
}

export interface LicenceWish {
  readonly kind: 'EMPLOYER' | 'PRACTITIONER';
  readonly number: string;
  readonly siteCodes: readonly string[];
  readonly staffId: string | null;
  readonly procedureCodes: readonly string[];
  readonly validFrom?: Temporal.PlainDate;
  readonly validUntil?: Temporal.PlainDate;
}

/** One licence; its id. */
export async function makeLicence(database: Database, wish: LicenceWish): Promise<string> {
  const { client } = database;
  const { validFrom = SINCE, validUntil = UNTIL, siteCodes, procedureCodes, ...rest } = wish;
  const { kind, number } = rest;
  const from = dateFromPlainDate(validFrom);
  const known = await client.licence.findUnique({
    where: { kind_number_validFrom: { kind, number, validFrom: from } },
    select: { id: true },
  });
  if (known !== null) return known.id;
  const { id } = await client.licence.create({
    data: {
      ...rest,
      siteCodes: [...siteCodes],
      procedureCodes: [...procedureCodes],
      validFrom: from,
      validUntil: dateFromPlainDate(validUntil),
      source: 'for a test',
      recordedAt: from,
      recordedById: newId(),
    },
    select: { id: true },
  });
  return id;
}

/** Takes a licence back from a local day on. */
export async function endLicence(database: Database, licenceId: string, endedOn: string): Promise<void> {
  const on = dateFromPlainDate(Temporal.PlainDate.from(endedOn));
  await database.client.licenceEnding.create({
    data: { licenceId, endedOn: on, reason: 'for a test', recordedAt: on, endedById: newId() },
  });
}

export async function makePractitioner(database: Database, email = PRACTITIONER): Promise<string> {
  const { client } = database;
  const known = await client.staffAccount.findUnique({ where: { email }, select: { id: true } });
  if (known !== null) return known.id;
  const { id } = await client.staffAccount.create({
    data: {
      email,
      displayName: 'Dr Ines Practitioner',
      roles: ['CLINICIAN'],
      passwordHash: 'nobody signs in',
      createdAt: dateFromPlainDate(SINCE),
    },
    select: { id: true },
  });
  return id;
}

export interface VettedWish {
  readonly procedureCode: string;
  readonly practitionerId: string;
  /** How far it has come; AUTHORISED unless said otherwise. */
  readonly as?: 'DRAFT' | 'JUSTIFIED' | 'AUTHORISED';
  /** Says nothing of the weight: the request is not complete then. */
  readonly isIncomplete?: boolean;
  readonly siteCode?: string;
}

/** A complete request for the exposure of a referral, justified and authorised unless said otherwise; its id. */
export async function makeVettedRequest(
  database: Database,
  clock: Clock,
  referralId: string,
  wish: VettedWish,
): Promise<string> {
  const { procedureCode, practitionerId, as = 'AUTHORISED', isIncomplete = false } = wish;
  const { client } = database;
  const now = dateFromInstant(clock.now());
  const today = dateFromPlainDate(localDate(clock.now(), CLINIC_TIME_ZONE));
  const policy = await client.vettingPolicy.findFirstOrThrow({ orderBy: { effectiveFrom: 'asc' } });
  const requestId = newId();
  const ids = { requestId, referralId };
  await client.imagingRequest.create({
    data: {
      ...{
        id: requestId,
        referralId,
        procedureCode,
        status: 'DRAFT',
        urgency: 'ROUTINE',
        policyId: policy.id,
      },
      ...{ requestedOn: today, requestedAt: now, requestedById: practitionerId },
    },
  });
  await client.imagingRequestContent.create({
    data: {
      ...{
        ...ids,
        revision: 1,
        procedureCode,
        urgency: 'ROUTINE',
        writtenAt: now,
        writtenById: practitionerId,
      },
      ...{ clinicalQuestion: 'Which facet joint is active?', history: 'Pain for two years.' },
      ...{ earlierImaging: 'NONE', recentStudies: 'NONE', mobility: 'WALKS' },
      weightKg: isIncomplete ? null : 72,
      weightOn: isIncomplete ? null : today,
      weightSource: isIncomplete ? null : 'MEASURED',
      ...{ pregnancy: 'DOES_NOT_APPLY', pregnancyText: 'for a test', breastFeeding: 'DOES_NOT_APPLY' },
      ...{ referrerKind: 'STAFF', referrerStaffId: practitionerId, referrerEntitlementId: newId() },
      ...{ signature: 'SESSION', signedOn: today },
    },
  });
  if (as !== 'DRAFT') await decide(database, clock, ids, { ...wish, as });
  return requestId;
}

async function decide(
  { client }: Database,
  clock: Clock,
  ids: { readonly requestId: string; readonly referralId: string },
  { procedureCode, practitionerId, as, siteCode = ANY_SITE }: VettedWish,
): Promise<void> {
  const now = dateFromInstant(clock.now());
  const today = dateFromPlainDate(localDate(clock.now(), CLINIC_TIME_ZONE));
  const justification = await client.vettingJustification.create({
    data: {
      ...{ ...ids, version: 1, revision: 1, practitionerId, decidedAt: now, decidedById: practitionerId },
      ...{ procedureCode, siteCode, benefit: 'for a test', detriment: 'for a test', alternatives: 'none' },
    },
  });
  const { id: justificationId } = justification;
  if (as === 'JUSTIFIED') {
    const data = { status: 'JUSTIFIED' as const, justificationId, dueOn: today, version: 1 };
    await client.imagingRequest.update({ where: { id: ids.requestId }, data });
    return;
  }
  const authorisation = await client.vettingAuthorisation.create({
    data: {
      ...{ ...ids, version: 2, justificationId, mode: 'PRACTITIONER' },
      ...{ authorisedById: practitionerId, authorisedAt: now },
    },
  });
  const lapsesOn = dateFromPlainDate(UNTIL);
  await client.imagingRequest.update({
    where: { id: ids.requestId },
    data: { status: 'AUTHORISED', justificationId, authorisationId: authorisation.id, lapsesOn, version: 2 },
  });
}
