import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import { RequestReferrer } from '../../platform/database/generated/enums.js';
import { Outbox } from '../../platform/outbox/index.js';
import { badInput } from '../../platform/refusal/refusal.js';
import { Clock, dateFromInstant } from '../../platform/time/index.js';
import type { StaffActor } from '../audit/audit.type.js';
import { type ReferrerOfRequest, referrerOf } from './request.queries.js';
import type { HeldRequest } from './request-record.service.js';
import type { TellReferrerInput } from './request-steering.type.js';
import { VETTING_TOPICS } from './vetting-letter.type.js';
import { isWritten, plannedTelling, type TellingPlan, tellingProblem } from './vetting-telling.rules.js';
import { textOrNull } from './vetting-text.rules.js';

/** Who asked is told what became of it, or what is wanted of them. */
@Injectable()
export class VettingTellingService {
  constructor(
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Outbox) private readonly outbox: Outbox,
  ) {
    outbox.declare(VETTING_TOPICS.told);
  }

  /** How the referrer is told, before anything is written; null: nobody is. Throws BAD_INPUT. */
  async plan(
    tx: Tx,
    { row, content }: HeldRequest,
    tell: TellReferrerInput | null | undefined,
    reason: string,
  ): Promise<TellingPlan | null> {
    const [named] = await tx.$queryRaw<readonly ReferrerOfRequest[]>(referrerOf(row.referralId));
    const isOutside = content.referrerKind === RequestReferrer.REFERRAL && (named?.name ?? null) !== null;
    const referrer = { isOutside, email: named?.email ?? null };
    const asked = tell
      ? { method: tell.method, words: textOrNull(tell.words), email: textOrNull(tell.email) }
      : null;
    const problem = tellingProblem(asked, referrer);
    if (problem !== null) throw badInput(problem);
    return plannedTelling(asked, referrer, reason);
  }

  /** Writes what is told of a move, and asks for the letter where there is one to write. */
  async tell(
    tx: Tx,
    actor: StaffActor,
    event: {
      readonly id: string;
      readonly requestId: string;
      readonly referralId: string;
      readonly version: number;
    },
    plan: TellingPlan | null,
  ): Promise<void> {
    if (plan === null) return;
    const { id: eventId, requestId, referralId, version } = event;
    const { id: subjectId } = await tx.vettingTelling.create({
      data: {
        ...plan,
        ...{ eventId, requestId, referralId },
        toldAt: dateFromInstant(this.clock.now()),
        toldById: actor.id,
      },
      select: { id: true },
    });
    if (isWritten(plan.method))
      await this.outbox.post(tx, { topic: VETTING_TOPICS.told, subjectId, version });
  }
}
