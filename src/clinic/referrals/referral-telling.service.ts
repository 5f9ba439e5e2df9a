import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import type { ReferralAction } from '../../platform/database/generated/enums.js';
import { Outbox } from '../../platform/outbox/index.js';
import { badInput } from '../../platform/refusal/refusal.js';
import { PatientService } from '../patients/patient.service.js';
import type { Referral } from './referral.type.js';
import { REFERRAL_TOPICS } from './referral-letter.type.js';
import type { TellReferralInput } from './referral-move.type.js';
import type { ReferralReason } from './referral-reason.type.js';
import {
  isWritten,
  plannedTellings,
  type TellingFacts,
  type TellingPlan,
  tellingProblem,
  usualTellings,
} from './referral-telling.rules.js';
import { textOrNull } from './referral-text.rules.js';

/** What a move is, to whoever is told of it. */
export interface ToldMove {
  readonly action: ReferralAction;
  readonly referral: Referral;
  readonly reason: ReferralReason | null;
  readonly detail: string | null;
  /** Whom to tell; undefined or null: whom the reason tells; empty: nobody. */
  readonly tell: readonly TellReferralInput[] | null | undefined;
}

/** Who is told of a move, and in which words. */
@Injectable()
export class ReferralTellingService {
  constructor(
    @Inject(PatientService) private readonly patientRoom: PatientService,
    @Inject(Outbox) private readonly outbox: Outbox,
  ) {
    outbox.declare(REFERRAL_TOPICS.told);
  }

  /** Whom to tell and how, before anything is written. Throws BAD_INPUT, naming what is wrong with what was asked. */
  async plan(tx: Tx, move: ToldMove): Promise<readonly TellingPlan[]> {
    const isAsked = move.tell !== undefined && move.tell !== null;
    if ((isAsked && move.tell.length === 0) || (!isAsked && move.reason === null)) return [];
    const facts = await this.#facts(tx, move);
    if (!isAsked) return usualTellings(facts);
    const asked = move.tell.map((telling) => ({
      audience: telling.audience,
      method: telling.method,
      words: textOrNull(telling.words),
      email: textOrNull(telling.email),
      addressLines: (telling.addressLines ?? []).flatMap((line) => textOrNull(line) ?? []),
      postcode: textOrNull(telling.postcode),
    }));
    const problem = tellingProblem(asked, facts);
    if (problem !== null) throw badInput(problem);
    return plannedTellings(asked, facts);
  }

  /** Writes down what is told with a move, and asks for the letters. */
  async tell(tx: Tx, eventId: string, version: number, plans: readonly TellingPlan[]): Promise<void> {
    for (const plan of plans) {
      const data = { ...plan, eventId, addressLines: [...plan.addressLines] };
      const { id } = await tx.referralTelling.create({ data, select: { id: true } });
      if (isWritten(plan.method)) {
        await this.outbox.post(tx, { topic: REFERRAL_TOPICS.told, subjectId: id, version });
      }
    }
  }

  async #facts(tx: Tx, { action, referral, reason, detail }: ToldMove): Promise<TellingFacts> {
    const patient = await this.patientRoom.mustHavePatient(tx, referral.patientId);
    const referrer =
      referral.referrerId === null
        ? null
        : await tx.referrer.findUnique({ where: { id: referral.referrerId }, select: { email: true } });
    return {
      action,
      source: referral.source,
      hasReferrer: referral.referrerName !== null,
      reason,
      detail,
      referrerEmail: referrer?.email ?? null,
      patientEmail: patient.email,
      patientPrefersEmail: patient.contactPreference === 'EMAIL',
    };
  }
}
