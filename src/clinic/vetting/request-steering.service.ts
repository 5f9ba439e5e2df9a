import { Inject, Injectable } from '@nestjs/common';
import { Database, type Tx } from '../../platform/database/database.service.js';
import { ExposureAct, ImagingRequestAction } from '../../platform/database/generated/enums.js';
import { isRefusal } from '../../platform/refusal/refusal.js';
import { dateFromInstant } from '../../platform/time/index.js';
import type { StaffActor } from '../audit/audit.type.js';
import type {
  ImagingRequestChangedMeanwhile,
  ImagingRequestNotPossible,
} from './imaging-request.refusals.js';
import type { ImagingRequest } from './imaging-request.type.js';
import { ENDED, type RequestColumns, RequestLogService, type RequestMove } from './request-log.service.js';
import { type HeldRequest, RequestRecordService } from './request-record.service.js';
import { nextStatus } from './request-state.rules.js';
import type {
  AskAboutImagingRequestInput,
  RecordImagingRequestAnswerInput,
  RejectImagingRequestInput,
} from './request-steering.type.js';
import type { NotEntitledToAct } from './vetting-decision.refusals.js';
import { type NotTheirs, VettingGroundService } from './vetting-ground.service.js';
import { VettingPolicyService } from './vetting-policy.service.js';
import type { TellingPlan } from './vetting-telling.rules.js';
import { VettingTellingService } from './vetting-telling.service.js';
import { someText, textOrNull } from './vetting-text.rules.js';

/** What is said to referrers and heard from them: a question, an answer, and that an exposure is not justified. */
@Injectable()
export class RequestSteeringService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(RequestRecordService) private readonly records: RequestRecordService,
    @Inject(RequestLogService) private readonly log: RequestLogService,
    @Inject(VettingGroundService) private readonly grounds: VettingGroundService,
    @Inject(VettingPolicyService) private readonly policies: VettingPolicyService,
    @Inject(VettingTellingService) private readonly tellings: VettingTellingService,
  ) {}

  /** The referrer is asked, and has some days to answer. Throws NOT_FOUND, and BAD_INPUT. */
  async askAboutImagingRequest(
    actor: StaffActor,
    input: AskAboutImagingRequestInput,
  ): Promise<ImagingRequest | NotTheirs> {
    return this.database.transaction(async (tx) => {
      const held = await this.records.hold(tx, input.requestId);
      const action = ImagingRequestAction.ASK;
      const refused = this.grounds.judge(held, actor, action, null);
      if (refused !== null) return refused;
      const to = nextStatus(held.standing.state, action, held.standing);
      if (isRefusal(to)) return to;
      const wanted = someText(input.wanted);
      const plan = await this.tellings.plan(tx, held, input.tell, wanted);
      const policy = await this.policies.mustHave(tx, held.row.policyId);
      const informationDueOn = await this.policies.answerBy(tx, policy);
      const change = { informationWanted: wanted, informationDueOn };
      return this.#write(tx, actor, held, { action, to, detail: wanted }, change, plan);
    });
  }

  /** To the practitioner, if nothing is missing any more. Throws NOT_FOUND. */
  async recordImagingRequestAnswer(
    actor: StaffActor,
    input: RecordImagingRequestAnswerInput,
  ): Promise<ImagingRequest | ImagingRequestNotPossible | ImagingRequestChangedMeanwhile> {
    return this.database.transaction(async (tx) => {
      const held = await this.records.hold(tx, input.requestId);
      const action = ImagingRequestAction.RECORD_ANSWER;
      const to = nextStatus(held.standing.state, action, held.standing);
      if (isRefusal(to)) return to;
      const change = { informationWanted: null, informationDueOn: null };
      const reason = textOrNull(input.note);
      return this.#write(tx, actor, held, { action, to, reason }, change, null);
    });
  }

  /** Not justified: a practitioner says why, and the referrer is told. Throws NOT_FOUND, and BAD_INPUT. */
  async rejectImagingRequest(
    actor: StaffActor,
    input: RejectImagingRequestInput,
  ): Promise<ImagingRequest | NotTheirs | NotEntitledToAct> {
    return this.database.transaction(async (tx) => {
      const held = await this.records.hold(tx, input.requestId);
      const { standing } = held;
      const action = ImagingRequestAction.REJECT;
      const refused = this.grounds.judge(held, actor, action, input.revision);
      if (refused !== null) return refused;
      const to = nextStatus(standing.state, action, standing);
      if (isRefusal(to)) return to;
      const { procedureCode } = standing;
      const entitled = await this.grounds.entitled(tx, actor.id, ExposureAct.JUSTIFY, procedureCode);
      if (isRefusal(entitled)) return entitled;
      const reason = someText(input.reason);
      const plan = await this.tellings.plan(tx, held, input.tell, reason);
      const endedAt = dateFromInstant(this.log.now());
      const change = { ...ENDED, endedAt, endedById: actor.id, endReason: reason };
      return this.#write(tx, actor, held, { action, to, reason }, change, plan);
    });
  }

  async #write(
    tx: Tx,
    actor: StaffActor,
    held: HeldRequest,
    move: RequestMove,
    change: RequestColumns,
    plan: TellingPlan | null,
  ): Promise<ImagingRequest | ImagingRequestChangedMeanwhile> {
    const written = await this.log.write(tx, actor, held, move, change);
    if (isRefusal(written)) return written;
    const { id: requestId, referralId, version } = written.row;
    await this.tellings.tell(tx, actor, { id: written.eventId, requestId, referralId, version }, plan);
    return this.records.mustHave(tx, requestId);
  }
}
