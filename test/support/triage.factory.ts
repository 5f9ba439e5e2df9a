import { Test } from '@nestjs/testing';
import { AuditModule } from '../../src/clinic/audit/audit.module.js';
import type { StaffActor } from '../../src/clinic/audit/audit.type.js';
import { PatientService } from '../../src/clinic/patients/patient.service.js';
import { AdviceService } from '../../src/clinic/referrals/advice.service.js';
import { AdviceConversionService } from '../../src/clinic/referrals/advice-conversion.service.js';
import { AdviceLetterService } from '../../src/clinic/referrals/advice-letter.service.js';
import { AdviceRecordService } from '../../src/clinic/referrals/advice-record.service.js';
import { ReferralService } from '../../src/clinic/referrals/referral.service.js';
import type { Referral } from '../../src/clinic/referrals/referral.type.js';
import { ReferralClockService } from '../../src/clinic/referrals/referral-clock.service.js';
import type { Decider } from '../../src/clinic/referrals/referral-decider.type.js';
import { ReferralDecisionService } from '../../src/clinic/referrals/referral-decision.service.js';
import type { ReceiveReferralInput } from '../../src/clinic/referrals/referral-entry.type.js';
import { ReferralMergeService } from '../../src/clinic/referrals/referral-merge.service.js';
import { ReferralMergeRecordService } from '../../src/clinic/referrals/referral-merge-record.service.js';
import { ReferralReceptionService } from '../../src/clinic/referrals/referral-reception.service.js';
import { ReferralSteeringService } from '../../src/clinic/referrals/referral-steering.service.js';
import { ReferralsModule } from '../../src/clinic/referrals/referrals.module.js';
import { TriageClaimService } from '../../src/clinic/referrals/triage-claim.service.js';
import { TriageEscalationService } from '../../src/clinic/referrals/triage-escalation.service.js';
import { TriagePolicyService } from '../../src/clinic/referrals/triage-policy.service.js';
import { TriageQueueService } from '../../src/clinic/referrals/triage-queue.service.js';
import { ConfigModule, readConfig } from '../../src/platform/config/index.js';
import { DatabaseModule } from '../../src/platform/database/database.module.js';
import { Database } from '../../src/platform/database/database.service.js';
import { OutboxModule } from '../../src/platform/outbox/index.js';
import { QueueModule } from '../../src/platform/queue/index.js';
import { isRefusal } from '../../src/platform/refusal/refusal.js';
import { Clock, TimeModule } from '../../src/platform/time/index.js';
import type { FixedClock } from './fixed-clock.js';
import { aStaffActor } from './patients.factory.js';

/** The referrals' room as it is wired in the application, on a database and a clock of the test's own. */
export async function openTriage(
  databaseUrl: string,
  clock: FixedClock,
  env: Readonly<Record<string, string>> = {},
) {
  const config = readConfig({ DATABASE_URL: databaseUrl, ROLE: 'api', ...env }, '/tmp');
  const module = await Test.createTestingModule({
    imports: [
      ConfigModule.with(config),
      TimeModule,
      DatabaseModule.at(databaseUrl),
      QueueModule.at(databaseUrl),
      OutboxModule.at(databaseUrl),
      AuditModule,
      ReferralsModule,
    ],
  })
    .overrideProvider(Clock)
    .useValue(clock)
    .compile();
  const get = <Part extends object>(part: abstract new (...parts: never[]) => Part): Part =>
    module.get<Part>(part, { strict: false });
  return {
    module,
    database: get(Database),
    patients: get(PatientService),
    referrals: get(ReferralService),
    reception: get(ReferralReceptionService),
    decisions: get(ReferralDecisionService),
    steering: get(ReferralSteeringService),
    policies: get(TriagePolicyService),
    queue: get(TriageQueueService),
    claims: get(TriageClaimService),
    escalation: get(TriageEscalationService),
    merges: get(ReferralMergeService),
    mergeRecords: get(ReferralMergeRecordService),
    clocks: get(ReferralClockService),
    advice: get(AdviceService),
    adviceRecords: get(AdviceRecordService),
    adviceLetters: get(AdviceLetterService),
    conversion: get(AdviceConversionService),
    close: () => module.close(),
  };
}

export type TriageRoom = Awaited<ReturnType<typeof openTriage>>;

/** A clinician, who may give every reason that clinicians may. */
export function aClinician(actor: StaffActor = aStaffActor()): Decider {
  return { actor, roles: ['CLINICIAN'] };
}

/** A referral that has just arrived, whatever is open already. */
export function receive(
  room: TriageRoom,
  patientId: string,
  parts: Partial<ReceiveReferralInput> = {},
): Promise<Referral> {
  return room.referrals.receiveReferral(aStaffActor(), {
    patientId,
    source: 'GP',
    priority: 'ROUTINE',
    referrerName: 'Dr Amrit Patel',
    clinicalQuestion: 'Chronic low back pain. Active facet joints?',
    ...parts,
  });
}

/** What was done; throws when it was refused. */
export function mustBeDone<Done extends object>(result: Done): Exclude<Done, { readonly code: string }> {
  if (isRefusal(result)) throw new Error(`refused: ${result.code} ${result.message}`);
  return result as Exclude<Done, { readonly code: string }>;
}

/** Everything that a verb of triage may leave behind. */
export async function tracesOfTriage({ client }: Database) {
  return {
    referrals: await client.referral.findMany({ orderBy: { id: 'asc' } }),
    moves: await client.referralEvent.count(),
    triageEvents: await client.triageEvent.count(),
    merges: await client.referralMerge.findMany({ orderBy: { id: 'asc' } }),
    threads: await client.adviceThread.findMany({ orderBy: { id: 'asc' } }),
    messages: await client.adviceMessage.count(),
    policies: await client.triagePolicy.count(),
    outbox: await client.outboxMessage.count(),
    audit: await client.auditEntry.count(),
  };
}

export const newestAct = ({ client }: Database) =>
  client.auditEntry.findFirstOrThrow({ orderBy: { link: { position: 'desc' } } });
