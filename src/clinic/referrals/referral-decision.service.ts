import { Inject, Injectable } from '@nestjs/common';
import { Database, type Tx } from '../../platform/database/database.service.js';
import {
  ReferralAcceptedFor,
  ReferralAction,
  ReferralStatus,
} from '../../platform/database/generated/enums.js';
import { badInput, isRefusal } from '../../platform/refusal/refusal.js';
import { dateFromPlainDate, plainDateFromDate, Temporal } from '../../platform/time/index.js';
import type { Referral } from './referral.type.js';
import type { Decider } from './referral-decider.type.js';
import type {
  AcceptReferralInput,
  DeclineReferralInput,
  PutBackReferralInput,
  RedirectReferralInput,
  RequestInformationInput,
  ReturnReferralWithAdviceInput,
  TakeUpReferralInput,
} from './referral-decision.type.js';
import { type NotMoved, ReferralMoveService } from './referral-move.service.js';
import type { RecordInformationInput } from './referral-move.type.js';
import { ReferralRecordService } from './referral-record.service.js';
import { someText } from './referral-text.rules.js';
import { TriageDueService } from './triage-due.service.js';

/** What a clinician decides on a referral, and what has to be known for it. */
@Injectable()
export class ReferralDecisionService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(ReferralMoveService) private readonly moves: ReferralMoveService,
    @Inject(ReferralRecordService) private readonly records: ReferralRecordService,
    @Inject(TriageDueService) private readonly dues: TriageDueService,
  ) {}

  /** A clinician begins to read it. Throws NOT_FOUND. */
  async takeUpReferral(decider: Decider, input: TakeUpReferralInput): Promise<Referral | NotMoved> {
    return this.database.transaction(async (tx) => {
      const { status } = await this.records.mustHaveReferral(tx, input.referralId, { hold: true });
      const moved = await this.moves.moveIn(tx, decider, { ...input, action: ReferralAction.TAKE_UP });
      const wasAsking = status === ReferralStatus.INFORMATION_REQUESTED;
      return isRefusal(moved) || !wasAsking ? moved : this.#promiseAnew(tx, moved);
    });
  }

  /** It waits again for whoever takes it up. Throws NOT_FOUND. */
  async putBackReferral(decider: Decider, input: PutBackReferralInput): Promise<Referral | NotMoved> {
    return this.database.transaction((tx) =>
      this.moves.moveIn(tx, decider, { ...input, action: ReferralAction.PUT_BACK }),
    );
  }

  /** The referrer is asked for more. Throws NOT_FOUND, and BAD_INPUT naming the field. */
  async requestInformation(decider: Decider, input: RequestInformationInput): Promise<Referral | NotMoved> {
    const { wanted, dueOn, ...move } = input;
    const asked = dueOn === undefined || dueOn === null ? null : Temporal.PlainDate.from(dueOn);
    if (asked !== null && Temporal.PlainDate.compare(asked, this.dues.today()) < 0) {
      throw badInput('dueOn: must not be in the past.');
    }
    return this.database.transaction(async (tx) => {
      const { priority } = await this.records.mustHaveReferral(tx, input.referralId, { hold: true });
      const answerBy = asked ?? (await this.dues.informationDueOn(tx, priority));
      const moved = await this.moves.moveIn(tx, decider, {
        ...move,
        action: ReferralAction.REQUEST_INFORMATION,
        detail: someText(wanted),
        informationDueOn: dateFromPlainDate(answerBy),
      });
      if (!isRefusal(moved)) await this.dues.watch(tx, moved, answerBy);
      return moved;
    });
  }

  /** What was asked for has come: it is decided as if it had come today. Throws NOT_FOUND. */
  async recordInformationReceived(
    decider: Decider,
    input: RecordInformationInput,
  ): Promise<Referral | NotMoved> {
    return this.database.transaction(async (tx) => {
      const move = { ...input, action: ReferralAction.RECORD_INFORMATION };
      const moved = await this.moves.moveIn(tx, decider, move);
      return isRefusal(moved) ? moved : this.#promiseAnew(tx, moved);
    });
  }

  /** A clinician will see the patient. Throws NOT_FOUND. */
  async acceptReferral(decider: Decider, input: AcceptReferralInput): Promise<Referral | NotMoved> {
    const acceptedFor = input.acceptedFor ?? ReferralAcceptedFor.CLINIC;
    const move = { ...input, action: ReferralAction.ACCEPT, acceptedFor };
    return this.database.transaction((tx) => this.moves.moveIn(tx, decider, move));
  }

  /** A clinician will not see the patient, and says why. Throws NOT_FOUND, and BAD_INPUT naming the field. */
  async declineReferral(decider: Decider, input: DeclineReferralInput): Promise<Referral | NotMoved> {
    const move = { ...input, action: ReferralAction.DECLINE };
    return this.database.transaction((tx) => this.moves.moveIn(tx, decider, move));
  }

  /** Somebody else is to see the patient. Throws NOT_FOUND, and BAD_INPUT naming the field. */
  async redirectReferral(decider: Decider, input: RedirectReferralInput): Promise<Referral | NotMoved> {
    const { to, ...move } = input;
    const wanted = { ...move, action: ReferralAction.REDIRECT, detail: someText(to) };
    return this.database.transaction((tx) => this.moves.moveIn(tx, decider, wanted));
  }

  /** Advice to the referrer is enough. Throws NOT_FOUND, and BAD_INPUT naming the field. */
  async returnReferralWithAdvice(
    decider: Decider,
    input: ReturnReferralWithAdviceInput,
  ): Promise<Referral | NotMoved> {
    const { advice, ...move } = input;
    const wanted = { ...move, action: ReferralAction.RETURN_WITH_ADVICE, detail: someText(advice) };
    return this.database.transaction((tx) => this.moves.moveIn(tx, decider, wanted));
  }

  /** The day by which it is to be decided counts from today. */
  async #promiseAnew(tx: Tx, moved: Referral): Promise<Referral> {
    const due = await this.dues.dueAnew(tx, moved.priority);
    await tx.referral.update({ where: { id: moved.id }, data: due, select: { id: true } });
    await this.dues.watch(tx, moved, plainDateFromDate(due.dueOn));
    return moved;
  }
}
