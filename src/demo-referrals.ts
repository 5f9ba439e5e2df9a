import type { INestApplicationContext } from '@nestjs/common';
import type { StaffActor } from './clinic/audit/audit.type.js';
import { ReferralService } from './clinic/referrals/referral.service.js';
import { ReferralDecisionService } from './clinic/referrals/referral-decision.service.js';
import type { ReceiveReferralInput } from './clinic/referrals/referral-entry.type.js';
import { ReferrerService } from './clinic/referrals/referrer.service.js';
import type { RegisterReferrerInput } from './clinic/referrals/referrer.type.js';
import { Database } from './platform/database/database.service.js';
import { Role } from './platform/database/generated/enums.js';
import { isRefusal } from './platform/refusal/refusal.js';

/** Who refers to the demo clinic, and what is in its triage queue beside the referrals to book for. */
export interface DemoReferrals {
  readonly referrers: readonly (RegisterReferrerInput & { readonly entitlement?: string })[];
  readonly furtherReferrals: readonly {
    readonly nhsNumber: string;
    readonly referral: Omit<ReceiveReferralInput, 'patientId'>;
    readonly declined?: { readonly reasonCode: string; readonly comment: string };
    readonly returned?: { readonly advice: string };
    readonly asked?: { readonly wanted: string };
  }[];
}

/** Sets up the directory where it is not there yet: ids by name with title. */
export async function openDirectory(
  app: INestApplicationContext,
  { referrers }: DemoReferrals,
  manager: StaffActor,
): Promise<ReadonlyMap<string, string>> {
  const directory = app.get(ReferrerService);
  const ids = new Map<string, string>();
  for (const { entitlement, ...entry } of referrers) {
    const { registrationBody = null, registration = null } = entry;
    const where = { registrationBody, registration };
    const known = await app.get(Database).client.referrer.findFirst({ where, select: { id: true } });
    const { id } = known ?? must(await directory.registerReferrer(manager, entry));
    ids.set([entry.title, entry.name].filter(Boolean).join(' '), id);
    if (known !== null || entitlement === undefined) continue;
    const entitled = { referrerId: id, version: 0, isEntitled: true, note: entitlement };
    must(await directory.setReferrerEntitlement(manager, entitled));
  }
  return ids;
}

/** Referrals of people of the demo clinic that were declined, returned, or wait for an answer. Nobody is written to. */
export async function openFurtherReferrals(
  app: INestApplicationContext,
  { furtherReferrals }: DemoReferrals,
  { reception, clinician }: { readonly reception: StaffActor; readonly clinician: StaffActor },
  referrerIds: ReadonlyMap<string, string>,
): Promise<void> {
  const { client } = app.get(Database);
  const decisions = app.get(ReferralDecisionService);
  const decider = { actor: clinician, roles: [Role.CLINICIAN] };
  for (const { nhsNumber, referral, declined, returned, asked } of furtherReferrals) {
    const patient = await client.patient.findUniqueOrThrow({
      where: { nhsNumber: nhsNumber.replaceAll(' ', '') },
      select: { id: true },
    });
    const { clinicalQuestion } = referral;
    if ((await client.referral.count({ where: { patientId: patient.id, clinicalQuestion } })) > 0) continue;
    const referrerId = referrerIds.get(referral.referrerName ?? '') ?? null;
    const letter = { ...referral, patientId: patient.id, referrerId };
    const { id: referralId } = must(await app.get(ReferralService).receiveReferral(reception, letter));
    const move = { referralId, tell: [] };
    if (declined) must(await decisions.declineReferral(decider, { ...move, ...declined }));
    if (returned) must(await decisions.returnReferralWithAdvice(decider, { ...move, ...returned }));
    if (asked) must(await decisions.requestInformation(decider, { ...move, ...asked }));
  }
}

/** The demo's own data are never refused; if they are, the demo is wrong. */
export function must<T>(result: T): Exclude<T, { readonly code: string }> {
  if (isRefusal(result)) throw new Error(`the demo clinic was refused: ${result.code}`);
  return result as Exclude<T, { readonly code: string }>;
}
