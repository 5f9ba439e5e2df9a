import { randomUUID } from 'node:crypto';
import { AcquisitionService } from '../../src/clinic/administrations/acquisition.service.js';
import { AcquisitionRecordService } from '../../src/clinic/administrations/acquisition-record.service.js';
import { AdministrationService } from '../../src/clinic/administrations/administration.service.js';
import type { Administration } from '../../src/clinic/administrations/administration.type.js';
import { AdministrationAddendumService } from '../../src/clinic/administrations/administration-addendum.service.js';
import { AdministrationEntryService } from '../../src/clinic/administrations/administration-entry.service.js';
import type { RecordAdministrationInput } from '../../src/clinic/administrations/administration-entry.type.js';
import { AdministrationGatesService } from '../../src/clinic/administrations/administration-gates.service.js';
import { AdministrationJudgeService } from '../../src/clinic/administrations/administration-judge.service.js';
import { AdministrationLockService } from '../../src/clinic/administrations/administration-lock.service.js';
import { AdministrationPlanService } from '../../src/clinic/administrations/administration-plan.service.js';
import { AdministrationPolicyService } from '../../src/clinic/administrations/administration-policy.service.js';
import { AdministrationRecordService } from '../../src/clinic/administrations/administration-record.service.js';
import { EarlierInjectionService } from '../../src/clinic/administrations/earlier-injection.service.js';
import { UptakeService } from '../../src/clinic/administrations/uptake.service.js';
import { AuditService } from '../../src/clinic/audit/audit.service.js';
import { BatchService } from '../../src/clinic/radiopharmacy/batch.service.js';
import { DoseProtocolService } from '../../src/clinic/radiopharmacy/dose-protocol.service.js';
import { RadionuclideService } from '../../src/clinic/radiopharmacy/radionuclide.service.js';
import type { Booker } from '../../src/clinic/visits/booker.type.js';
import { VisitStepService } from '../../src/clinic/visits/visit-step.service.js';
import { readConfig } from '../../src/platform/config/index.js';
import type { Database } from '../../src/platform/database/database.service.js';
import type { ExposureAct } from '../../src/platform/database/generated/enums.js';
import { Outbox } from '../../src/platform/outbox/index.js';
import { isRefusal } from '../../src/platform/refusal/refusal.js';
import { dateFromInstant, dateFromPlainDate, localDate, Temporal } from '../../src/platform/time/index.js';
import { makeConsent } from './consent.factory.js';
import { type Imaging, makeAcceptedReferralOf, mustBeBooked, RECEPTION } from './imaging.factory.js';
import { aVisit, type Department, PROTOCOL } from './imaging-department.factory.js';
import { aStaffActor, makePatient } from './patients.factory.js';
import { requestExposuresOn } from './request-exposures.factory.js';

export const TRACER = 'TC99M_HDP';
const SINCE = dateFromPlainDate(Temporal.PlainDate.from('2000-01-01'));
const at = (text: string) => Temporal.Instant.from(text);

/** The room, built by hand on what {@link imagingOn} has built. */
export function administrationsOn(imaging: Imaging) {
  const { database, clock, records: scans, scanGates, injections, patients, behind, visitsRoom } = imaging;
  const config = readConfig({}, '/tmp');
  const audit = new AuditService(database, clock);
  const outbox = new Outbox(clock);
  const radionuclides = new RadionuclideService(database, clock, config, audit, outbox);
  const protocols = new DoseProtocolService(database, clock, config, audit, radionuclides, outbox);
  const batches = new BatchService(database, clock, audit);
  const policies = new AdministrationPolicyService(database, clock, config, audit);
  const locks = new AdministrationLockService(clock, config, visitsRoom.records, scans, patients, scanGates);
  const plans = new AdministrationPlanService(protocols, behind.vetting, policies, batches);
  const judge = new AdministrationJudgeService(clock, behind.gates, plans, behind.entitlements);
  const records = new AdministrationRecordService(database, audit);
  const steps = new VisitStepService(visitsRoom.records, visitsRoom.changes, clock);
  const exposures = requestExposuresOn(database, clock, behind.vetting);
  const entries = new AdministrationEntryService(records, batches, injections, steps, exposures, audit);
  const { idempotency } = visitsRoom;
  const uptakes = new UptakeService(database, clock, config, audit, locks, policies);
  new AdministrationGatesService(config, records, plans, uptakes, patients, behind.sources);
  new EarlierInjectionService(behind.exposures);
  const acquisitionRecords = new AcquisitionRecordService(database);
  return {
    ...{ imaging, records, uptakes, policies, batches, entries, acquisitionRecords },
    administrations: new AdministrationService(idempotency, locks, plans, judge, entries, records),
    addenda: new AdministrationAddendumService(idempotency, locks, plans, judge, entries, records),
    acquisitions: new AcquisitionService(idempotency, locks, judge, acquisitionRecords, audit),
  };
}

export type Administrations = ReturnType<typeof administrationsOn>;

/** A tracer with its radionuclide, and the dose protocol of the procedure; those that there are stay. */
export async function makeDoseProtocol(
  { client }: Database,
  parts: { readonly plannedActivityMbq?: number; readonly drlMbq?: number } = {},
): Promise<void> {
  await client.radionuclide.upsert({
    where: { symbol: 'Tc-99m' },
    create: { symbol: 'Tc-99m', name: 'technetium-99m' },
    update: {},
  });
  const set = { setAt: SINCE, source: 'for a test' };
  await client.radionuclideHalfLife.createMany({
    data: [{ radionuclideSymbol: 'Tc-99m', version: 1, effectiveFrom: SINCE, halfLifeHours: 6.0067, ...set }],
    skipDuplicates: true,
  });
  await client.tracer.upsert({
    where: { code: TRACER },
    create: { code: TRACER, name: 'Tc-99m oxidronate', radionuclideSymbol: 'Tc-99m', source: 'for a test' },
    update: {},
  });
  await client.doseProtocol.create({
    data: {
      ...{ procedureCode: PROTOCOL, effectiveFrom: SINCE, tracerCode: TRACER, route: 'INTRAVENOUS' },
      ...{ plannedActivityMbq: parts.plannedActivityMbq ?? 800, activitySource: 'for a test' },
      ...{ drlMbq: parts.drlMbq ?? 880, drlCitation: 'for a test', drlDatedOn: SINCE },
      ...{ effectiveDoseMsvPerMbq: 0.0049, effectiveDoseSource: 'for a test' },
      ...{
        uptakeMinutesMin: 120,
        uptakeMinutesTarget: 180,
        uptakeMinutesMax: 300,
        uptakeSource: 'for a test',
      },
      ...{ kitUseByMinutes: 360, kitUseBySource: 'for a test', reason: 'for a test', setAt: SINCE },
    },
  });
}

/** A batch with plenty in it; its id. */
export async function makeBatch(
  { client }: Database,
  parts: { readonly preparedAt?: string; readonly expiresAt?: string; readonly activityMbq?: number } = {},
): Promise<string> {
  const supplier = await client.doseSupplier.upsert({
    where: { code: 'CENTRAL' },
    create: { code: 'CENTRAL', name: 'Central Radiopharmacy' },
    update: {},
  });
  const halfLife = await client.radionuclideHalfLife.findFirstOrThrow({
    where: { radionuclideSymbol: 'Tc-99m' },
    orderBy: { version: 'desc' },
  });
  const preparedAt = dateFromInstant(at(parts.preparedAt ?? '2026-03-10T07:00:00Z'));
  const { id } = await client.tracerBatch.create({
    data: {
      ...{ supplierId: supplier.id, batchNumber: `B${randomUUID().slice(0, 8)}`, tracerCode: TRACER },
      ...{ siteCode: 'MAIN', halfLifeId: halfLife.id, preparedAt, calibratedAt: preparedAt },
      calibratedActivityMbq: parts.activityMbq ?? 20_000,
      expiresAt: dateFromInstant(at(parts.expiresAt ?? '2026-03-10T13:00:00Z')),
      ...{ receivedAt: preparedAt, receivedById: randomUUID() },
    },
    select: { id: true },
  });
  return id;
}

const OF_OPERATOR: readonly ExposureAct[] = ['ADMINISTER_TRACER', 'MEASURE_ACTIVITY', 'ACQUIRE_IMAGES'];

/** A member of staff with an account who is entitled to these acts; as who signs in and does them. */
export async function makeOperator(
  database: Database,
  acts: readonly ExposureAct[] = OF_OPERATOR,
): Promise<Booker> {
  const { id } = await database.client.staffAccount.create({
    data: {
      email: `${randomUUID()}@facet.test`,
      ...{
        displayName: 'Olu Operator',
        roles: ['IMAGING'],
        passwordHash: 'nobody signs in',
        createdAt: SINCE,
      },
    },
    select: { id: true },
  });
  await entitle(database, id, acts);
  return bookerOf(id);
}

/** Entitles somebody who has an account, to any procedure and for as long as tests last. */
export async function entitle(
  { client }: Database,
  staffId: string,
  acts: readonly ExposureAct[] = OF_OPERATOR,
): Promise<void> {
  for (const act of acts) {
    await client.entitlement.create({
      data: {
        ...{ staffId, act, procedureCodes: [], validFrom: SINCE, reviewOn: SINCE, evidence: 'for a test' },
        ...{ entitledAt: SINCE, entitledById: randomUUID() },
      },
    });
  }
}

export function bookerOf(id: string, key: string | null = null): Booker {
  return { actor: aStaffActor(id), roles: ['IMAGING'], idempotencyKey: key };
}

/** Identity and safety, as they were found on the day of the clock. Whoever is seventy is asked nothing else. */
export async function makeChecks(
  { database, clock }: Pick<Imaging, 'database' | 'clock'>,
  visit: { readonly id: string; readonly patientId: string },
  kinds: readonly ('IDENTITY' | 'SAFETY')[] = ['IDENTITY', 'SAFETY'],
): Promise<void> {
  const { client } = database;
  const template = await client.safetyTemplate.findFirstOrThrow({ orderBy: { effectiveFrom: 'asc' } });
  for (const kind of kinds) {
    await client.visitCheck.create({
      data: {
        ...{ kind, visitId: visit.id, patientId: visit.patientId, procedureCode: PROTOCOL },
        madeOn: dateFromPlainDate(localDate(clock.now(), 'Europe/London')),
        ...{ madeAt: dateFromInstant(clock.now()), madeById: randomUUID() },
        ...(kind === 'IDENTITY'
          ? {
              identity: {
                create: {
                  ...{ matched: ['NAME', 'DATE_OF_BIRTH', 'ADDRESS'], differing: [] },
                  ...{ askedOpenly: true, answeredBy: 'PATIENT' },
                },
              },
            }
          : { safety: { create: { templateId: template.id, concerns: [] } } }),
      },
    });
  }
}

export interface Injectable {
  readonly id: string;
  readonly patientId: string;
  readonly referralId: string;
}

/** Somebody of seventy who is booked for 9:00 and 12:15 on 10 March 2026; has come and been checked unless said otherwise. */
export async function makeInjectable(
  imaging: Imaging,
  department: Department,
  wish: {
    readonly day?: string;
    readonly injectAt?: string;
    readonly scanAt?: string;
    readonly hasArrived?: boolean;
    readonly isChecked?: boolean;
  } = {},
): Promise<Injectable> {
  const { day = '2026-03-10', injectAt = '09:00', scanAt = '12:15' } = wish;
  const { id: patientId } = await makePatient(imaging.patients, { dateOfBirth: '1955-05-05' }, RECEPTION);
  await makeConsent(imaging.database, imaging.clock, patientId);
  const referralId = await makeAcceptedReferralOf(imaging, patientId);
  const [from, to] = [`${day}T${injectAt}:00Z`, `${day}T${scanAt}:00Z`];
  const booked = await imaging.bookings.bookScan(RECEPTION, aVisit(department, referralId, from, to));
  const { id } = mustBeBooked(booked);
  imaging.clock.set(at(from).subtract({ minutes: 30 }));
  if (wish.hasArrived ?? true) await arrive(imaging, id);
  if (wish.isChecked ?? true) await makeChecks(imaging, { id, patientId });
  return { id, patientId, referralId };
}

export async function arrive(imaging: Imaging, id: string): Promise<void> {
  const { day, records } = imaging.visitsRoom;
  const { version } = await imaging.database.transaction((tx) => records.read(tx, id));
  const arrived = await day.markArrived(RECEPTION, { visitId: id, version });
  if (isRefusal(arrived)) throw new Error(`not arrived: ${arrived.message}`);
}

/** 820 MBq at 8:40, injected at 9:00: the case that the physics is checked by. */
export function anInjection(
  scanBookingId: string,
  batchId: string,
  parts: Partial<RecordAdministrationInput> = {},
): RecordAdministrationInput {
  return {
    ...{ scanBookingId, batchId, bodySite: 'back of the hand', side: 'LEFT', volumeMl: 1.5 },
    measuredActivity: { value: 820, unit: 'MBQ' },
    measuredAt: at('2026-03-10T08:40:00Z'),
    injectedAt: at('2026-03-10T09:00:00Z'),
    ...parts,
  };
}

export const RESIDUAL = {
  residualActivity: { value: 12, unit: 'MBQ' },
  residualMeasuredAt: at('2026-03-10T09:05:00Z'),
} as const;

export function mustBeGiven(result: Administration | { readonly code: string }): Administration {
  if (isRefusal(result)) throw new Error(`not recorded: ${result.code}: ${result.message}`);
  return result as Administration;
}
