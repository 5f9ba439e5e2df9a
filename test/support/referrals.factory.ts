import { AuditService } from '../../src/clinic/audit/audit.service.js';
import type { StaffActor } from '../../src/clinic/audit/audit.type.js';
import { ReferralService } from '../../src/clinic/referrals/referral.service.js';
import type { ReceiveReferralInput, Referral } from '../../src/clinic/referrals/referral.type.js';
import { readConfig } from '../../src/platform/config/index.js';
import type { Database } from '../../src/platform/database/database.service.js';
import { isRefusal } from '../../src/platform/refusal/refusal.js';
import type { Clock } from '../../src/platform/time/index.js';
import { FixedClock } from './fixed-clock.js';
import { aStaffActor, patientServiceOn } from './patients.factory.js';

export function referralServiceOn(database: Database, clock: Clock = new FixedClock()): ReferralService {
  const audit = new AuditService(database, clock);
  return new ReferralService(
    database,
    clock,
    readConfig({}, '/tmp'),
    audit,
    patientServiceOn(database, clock),
  );
}

export function aReferral(
  patientId: string,
  parts: Partial<ReceiveReferralInput> = {},
): ReceiveReferralInput {
  return {
    patientId,
    source: 'GP',
    priority: 'ROUTINE',
    referrerName: 'Dr Amrit Patel',
    referrerOrganisation: 'Example Surgery',
    clinicalQuestion: 'Chronic low back pain. Active facet joints?',
    ...parts,
  };
}

/** A referral that awaits triage. */
export function makeReferral(
  referrals: ReferralService,
  patientId: string,
  parts: Partial<ReceiveReferralInput> = {},
  actor: StaffActor = aStaffActor(),
): Promise<Referral> {
  return referrals.receiveReferral(actor, aReferral(patientId, parts));
}

/** A referral that a clinician has accepted. */
export async function makeAcceptedReferral(
  referrals: ReferralService,
  patientId: string,
  parts: Partial<ReceiveReferralInput> = {},
  actor: StaffActor = aStaffActor(),
): Promise<Referral> {
  const { id } = await makeReferral(referrals, patientId, parts, actor);
  const result = await referrals.acceptReferral(actor, { referralId: id });
  if (isRefusal(result)) throw new Error(`the referral was not accepted: ${result.message}`);
  return result;
}
