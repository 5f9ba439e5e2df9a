import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import type { Referral as ReferralRow } from '../../platform/database/generated/client.js';
import { type ReferralAcceptedFor, ReferralAction } from '../../platform/database/generated/enums.js';
import { isRefusal } from '../../platform/refusal/refusal.js';
import { Clock, dateFromInstant, instantFromDate } from '../../platform/time/index.js';
import {
  ReferralAlreadyDecided,
  ReferralChangedMeanwhile,
  type ReferralHasVisits,
  ReferralNotPossible,
  type ReferralReasonNotYours,
} from './referral.refusals.js';
import type { Referral } from './referral.type.js';
import type { Decider } from './referral-decider.type.js';
import { ReferralDependents } from './referral-dependents.service.js';
import { ReferralLogService } from './referral-log.service.js';
import { columnsOf } from './referral-move.rules.js';
import type { TellReferralInput } from './referral-move.type.js';
import { ReferralReasonService } from './referral-reason.service.js';
import { ReferralRecordService, toReferral } from './referral-record.service.js';
import { nextStatus, wantsNoVisits } from './referral-state.rules.js';
import { ReferralTellingService } from './referral-telling.service.js';
import { textOrNull } from './referral-text.rules.js';
import type { ReferralClaimedByAnother } from './triage-claim.refusals.js';
import { canActOn } from './triage-claim.rules.js';

/** What is to be done with a referral. */
export interface WantedMove {
  readonly action: ReferralAction;
  readonly referralId: string;
  readonly version?: number | null | undefined;
  readonly comment?: string | null | undefined;
  readonly reasonCode?: string | null | undefined;
  readonly tell?: readonly TellReferralInput[] | null | undefined;
  readonly acceptedFor?: ReferralAcceptedFor;
  /** To whom it is redirected, the advice, what is wanted, or the outcome. */
  readonly detail?: string;
  readonly informationDueOn?: Date;
  readonly mergedIntoId?: string;
}

export type NotMoved =
  | ReferralAlreadyDecided
  | ReferralNotPossible
  | ReferralChangedMeanwhile
  | ReferralClaimedByAnother
  | ReferralReasonNotYours
  | ReferralHasVisits;

/** Not while somebody else has the referral in hand: a clinician's own work, and what would take it out of their hands. */
const IN_HAND: readonly ReferralAction[] = [
  ReferralAction.TAKE_UP,
  ReferralAction.PUT_BACK,
  ReferralAction.REQUEST_INFORMATION,
  ReferralAction.ACCEPT,
  ReferralAction.REDIRECT,
  ReferralAction.DECLINE,
  ReferralAction.RETURN_WITH_ADVICE,
  ReferralAction.MERGE,
];

/** The one place where a person moves a referral from one state to another. */
@Injectable()
export class ReferralMoveService {
  constructor(
    @Inject(ReferralRecordService) private readonly records: ReferralRecordService,
    @Inject(ReferralLogService) private readonly log: ReferralLogService,
    @Inject(ReferralTellingService) private readonly tellings: ReferralTellingService,
    @Inject(ReferralReasonService) private readonly reasons: ReferralReasonService,
    @Inject(ReferralDependents) private readonly dependents: ReferralDependents,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /**
   * The referral as it stands afterwards, or why it cannot be moved so; then nothing was written. Of two who move it at
   * once the second waits for the first's row, finds another state, and is told which. Throws NOT_FOUND, and BAD_INPUT
   * naming the field.
   */
  async moveIn(tx: Tx, decider: Decider, wanted: WantedMove): Promise<Referral | NotMoved> {
    const now = this.clock.now();
    const row = await this.records.mustHaveRow(tx, wanted.referralId, { hold: true });
    const status = this.#judge(row, decider, wanted);
    if (isRefusal(status)) return status;
    const { action } = wanted;
    const comment = textOrNull(wanted.comment);
    const reasonCode = wanted.reasonCode ?? null;
    const reason = await this.reasons.reasonFor(tx, { action, reasonCode, comment, roles: decider.roles });
    if (isRefusal(reason)) return reason;
    const inTheWay = wantsNoVisits(action, row.status) ? await this.dependents.inTheWay(tx, row.id) : null;
    if (inTheWay !== null) return inTheWay;
    const before = toReferral(row);
    const detail = wanted.detail ?? null;
    const { tell } = wanted;
    const plans = await this.tellings.plan(tx, { action, referral: before, reason, detail, tell });
    const words = { ...wanted, comment, reasonCode: reason?.code ?? null };
    const mover = { id: decider.actor.id, at: dateFromInstant(now) };
    const { count } = await tx.referral.updateMany({
      where: { id: row.id, status: row.status, version: row.version },
      data: { status, version: { increment: 1 }, ...columnsOf(action, row, status, words, mover) },
    });
    const after = await this.records.mustHaveReferral(tx, row.id);
    if (count !== 1) return new ReferralChangedMeanwhile(after.status, after.version);
    const eventId = await this.log.note(tx, decider.actor, {
      ...{ action, at: now, before, after, comment, detail: wanted.acceptedFor ?? detail },
      reasonCode: words.reasonCode,
      subjectId: wanted.mergedIntoId ?? null,
    });
    await this.tellings.tell(tx, eventId, after.version, plans);
    return after;
  }

  #judge(row: ReferralRow, { actor }: Decider, { action, version }: WantedMove) {
    const status = nextStatus({ status: row.status, isTakenUp: row.takenUpAt !== null }, action);
    if (isRefusal(status)) return status;
    if (version !== undefined && version !== null && version !== row.version) {
      return new ReferralChangedMeanwhile(row.status, row.version);
    }
    if (!IN_HAND.includes(action)) return status;
    const { claimedById } = row;
    const claimActiveAt = row.claimActiveAt === null ? null : instantFromDate(row.claimActiveAt);
    return canActOn({ claimedById, claimActiveAt }, actor.id, this.clock.now()) ?? status;
  }
}
