import { AuditService } from '../../src/clinic/audit/audit.service.js';
import type { StaffActor } from '../../src/clinic/audit/audit.type.js';
import { BreastFeedingEnquiryService } from '../../src/clinic/checks/breast-feeding-enquiry.service.js';
import { BreastFeedingPolicyService } from '../../src/clinic/checks/breast-feeding-policy.service.js';
import { CheckService } from '../../src/clinic/checks/check.service.js';
import { CheckAskingService } from '../../src/clinic/checks/check-asking.service.js';
import { CheckDecisionService } from '../../src/clinic/checks/check-decision.service.js';
import { CheckEntryService } from '../../src/clinic/checks/check-entry.service.js';
import type {
  RecordBreastFeedingEnquiryInput,
  RecordIdentityCheckInput,
  RecordPregnancyEnquiryInput,
  RecordSafetyCheckInput,
} from '../../src/clinic/checks/check-input.type.js';
import { CheckLetterService } from '../../src/clinic/checks/check-letter.service.js';
import { CheckRecordService } from '../../src/clinic/checks/check-record.service.js';
import { DatedRowService } from '../../src/clinic/checks/dated-row.service.js';
import { IdentityCheckService } from '../../src/clinic/checks/identity-check.service.js';
import { PregnancyEnquiryService } from '../../src/clinic/checks/pregnancy-enquiry.service.js';
import { PregnancyPolicyService } from '../../src/clinic/checks/pregnancy-policy.service.js';
import { SafetyCheckService } from '../../src/clinic/checks/safety-check.service.js';
import { SafetyTemplateService } from '../../src/clinic/checks/safety-template.service.js';
import { TableLimitService } from '../../src/clinic/checks/table-limit.service.js';
import { EntitlementService } from '../../src/clinic/entitlements/entitlement.service.js';
import { VisitRecordService } from '../../src/clinic/visits/visit-record.service.js';
import { readConfig } from '../../src/platform/config/index.js';
import type { Database } from '../../src/platform/database/database.service.js';
import type { ExposureAct } from '../../src/platform/database/generated/enums.js';
import { Outbox } from '../../src/platform/outbox/outbox.service.js';
import { isRefusal, type Refusal } from '../../src/platform/refusal/refusal.js';
import { type Clock, dateFromPlainDate, Temporal } from '../../src/platform/time/index.js';
import { aStaffActor, patientServiceOn } from './patients.factory.js';

/** Everything that the checks need, built by hand on a test's database. */
export function checksOn(database: Database, clock: Clock) {
  const config = readConfig({}, '/tmp');
  const audit = new AuditService(database, clock);
  const patients = patientServiceOn(database, clock);
  const visits = new VisitRecordService(database, clock, config, audit);
  const dated = new DatedRowService(clock, config, audit);
  const pregnancyPolicies = new PregnancyPolicyService(database, dated);
  const feedingPolicies = new BreastFeedingPolicyService(database, dated);
  const templates = new SafetyTemplateService(database, dated);
  const limits = new TableLimitService(database, dated);
  const letters = new CheckLetterService(config, new Outbox(clock));
  const entries = new CheckEntryService(clock, config, audit, visits, new EntitlementService(), letters);
  const asking = new CheckAskingService(pregnancyPolicies, feedingPolicies, templates, limits);
  const checks = new CheckService();
  return {
    ...{ database, clock, checks, letters, pregnancyPolicies, feedingPolicies, templates, limits },
    records: new CheckRecordService(database, config, audit, visits, checks, asking),
    identity: new IdentityCheckService(database, patients, entries),
    pregnancy: new PregnancyEnquiryService(database, patients, entries, pregnancyPolicies),
    feeding: new BreastFeedingEnquiryService(database, entries, feedingPolicies),
    safety: new SafetyCheckService(database, entries, templates, limits),
    decisions: new CheckDecisionService(database, audit, entries),
  };
}

export type ChecksRoom = ReturnType<typeof checksOn>;

const SINCE = dateFromPlainDate(Temporal.PlainDate.from('2000-01-01'));

/** A member of staff with an account, entitled to these acts for every procedure. */
export async function makeStaff(
  { client }: Database,
  displayName: string,
  acts: readonly ExposureAct[] = [],
): Promise<StaffActor> {
  const actor = aStaffActor();
  await client.staffAccount.create({
    data: {
      ...{ id: actor.id, email: `${actor.id}@facet.test`, displayName, roles: ['IMAGING'] },
      ...{ passwordHash: 'nobody signs in', createdAt: SINCE },
    },
  });
  await client.entitlement.createMany({
    data: acts.map((act) => ({
      ...{ staffId: actor.id, act, procedureCodes: [], validFrom: SINCE, evidence: 'for a test' },
      reviewOn: dateFromPlainDate(Temporal.PlainDate.from('2099-12-31')),
      ...{ entitledAt: SINCE, entitledById: actor.id },
    })),
  });
  return actor;
}

export function anIdentityCheck(
  visitId: string,
  parts: Partial<RecordIdentityCheckInput> = {},
): RecordIdentityCheckInput {
  return {
    ...{ visitId, matched: ['NAME', 'DATE_OF_BIRTH', 'ADDRESS'], differing: [], askedOpenly: true },
    answeredBy: 'PATIENT',
    ...parts,
  };
}

export function aPregnancyEnquiry(
  visitId: string,
  parts: Partial<RecordPregnancyEnquiryInput> = {},
): RecordPregnancyEnquiryInput {
  return {
    ...{ visitId, potential: 'YES', answer: 'NO', lastPeriodUnknownWhy: 'for a test' },
    ...{ attestation: 'SIGNED', answeredBy: 'PATIENT' },
    ...parts,
  };
}

export function aBreastFeedingEnquiry(
  visitId: string,
  parts: Partial<RecordBreastFeedingEnquiryInput> = {},
): RecordBreastFeedingEnquiryInput {
  return { visitId, answer: 'NO', answeredBy: 'PATIENT', ...parts };
}

/** Everything on the checklist that comes with the system, as it should be. */
export function aSafetyCheck(
  visitId: string,
  parts: Partial<RecordSafetyCheckInput> = {},
): RecordSafetyCheckInput {
  return {
    visitId,
    weightKg: 72.5,
    answers: [
      { code: 'LIES_STILL', reply: 'YES' },
      { code: 'CLAUSTROPHOBIA', reply: 'NO' },
      { code: 'RECENT_NUCLEAR_STUDY', reply: 'NO' },
      { code: 'HYDRATION', reply: 'YES' },
      { code: 'INTERFERING_MEDICINES', reply: 'NO' },
      { code: 'RENAL_FAILURE', reply: 'NO' },
      { code: 'ALLERGY', reply: 'NO' },
    ],
    ...parts,
  };
}

/** All checks of a visit, made now and as they should be; the clock has to stand on the day of the visit. */
export async function passChecks(room: ChecksRoom, visitId: string): Promise<void> {
  await makeTableLimit(room.database);
  const asker = await makeStaff(room.database, 'Sam Asker', ['IDENTIFY_PATIENT', 'ENQUIRE_PREGNANCY']);
  const witness = await makeStaff(room.database, 'Kim Witness');
  mustBeMade(await room.identity.recordIdentityCheck(asker, anIdentityCheck(visitId)));
  const enquiry = mustBeMade(await room.pregnancy.recordPregnancyEnquiry(asker, aPregnancyEnquiry(visitId)));
  mustBeMade(await room.decisions.witnessPregnancyEnquiry(witness, enquiry.id));
  mustBeMade(await room.feeding.recordBreastFeedingEnquiry(asker, aBreastFeedingEnquiry(visitId)));
  mustBeMade(await room.safety.recordSafetyCheck(asker, aSafetyCheck(visitId)));
}

/** What every table bears, where nobody has said so: a test that takes all resources away takes the first row with them. */
export async function makeTableLimit({ client }: Database): Promise<void> {
  if ((await client.tableWeightLimit.count({ where: { resourceId: null } })) > 0) return;
  await client.tableWeightLimit.create({
    data: { resourceId: null, limitKg: 180, effectiveFrom: SINCE, source: 'for a test', setAt: SINCE },
  });
}

/** What was made; a refusal is a test that went wrong. */
export function mustBeMade<Result extends object>(result: Result): Exclude<Result, Refusal> {
  if (isRefusal(result)) throw new Error(`not made: ${result.code}: ${result.message}`);
  return result as Exclude<Result, Refusal>;
}
