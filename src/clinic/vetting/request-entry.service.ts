import { Inject, Injectable } from '@nestjs/common';
import { Database, type Tx } from '../../platform/database/database.service.js';
import { ImagingRequestAction, type ImagingRequestStatus } from '../../platform/database/generated/enums.js';
import { badInput, isRefusal } from '../../platform/refusal/refusal.js';
import { dateFromInstant, dateFromPlainDate, Temporal } from '../../platform/time/index.js';
import type { StaffActor } from '../audit/audit.type.js';
import type { Referral } from '../referrals/referral.type.js';
import {
  ExposureHasBegun,
  ImagingRequestChangedMeanwhile,
  ImagingRequestExists,
  type ImagingRequestNotPossible,
  type ReferralIsOver,
} from './imaging-request.refusals.js';
import type { ImagingRequest } from './imaging-request.type.js';
import { decideAgainReason, judgedDifferences } from './request-amendment.rules.js';
import { ageInYears } from './request-completeness.rules.js';
import { emptyContent } from './request-content.rules.js';
import { draftOf, mustBeOffered, RequestContentService } from './request-content.service.js';
import type {
  AmendImagingRequestInput,
  RequestImagingInput,
  SubmitImagingRequestInput,
  WithdrawImagingRequestInput,
} from './request-entry.type.js';
import { RequestGroundService } from './request-ground.service.js';
import { ENDED, type RequestColumns, RequestLogService, UNDECIDED } from './request-log.service.js';
import { type HeldRequest, RequestRecordService } from './request-record.service.js';
import { canDo, isDecided, nextStatus } from './request-state.rules.js';
import { isBefore } from './vetting-due.rules.js';
import { VettingPolicyService } from './vetting-policy.service.js';
import { someText } from './vetting-text.rules.js';

/** The database's own "no": there is a live request of that referral at this moment. */
export const REQUEST_IMAGING_CONSTRAINTS = {
  imaging_requests_one_live_per_referral: () => new ImagingRequestExists(null),
} as const;

/** What referrers ask for: a request is made, amended, handed in, and withdrawn. */
@Injectable()
export class RequestEntryService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(RequestGroundService) private readonly grounds: RequestGroundService,
    @Inject(RequestRecordService) private readonly records: RequestRecordService,
    @Inject(RequestContentService) private readonly contents: RequestContentService,
    @Inject(RequestLogService) private readonly log: RequestLogService,
    @Inject(VettingPolicyService) private readonly policies: VettingPolicyService,
  ) {}

  /** Of several who ask at once for one referral one does. Throws NOT_FOUND, and BAD_INPUT naming the field. */
  async requestImaging(
    actor: StaffActor,
    input: RequestImagingInput,
  ): Promise<ImagingRequest | ImagingRequestExists | ReferralIsOver> {
    return this.database.transaction<
      ImagingRequest | ImagingRequestExists | ReferralIsOver,
      ImagingRequestExists
    >((tx) => this.requestIn(tx, actor, input), { onConstraint: REQUEST_IMAGING_CONSTRAINTS });
  }

  /**
   * The same inside the transaction of whoever asks, which names `REQUEST_IMAGING_CONSTRAINTS`; a refusal must be returned
   * from it.
   */
  async requestIn(
    tx: Tx,
    actor: StaffActor,
    input: RequestImagingInput,
  ): Promise<ImagingRequest | ImagingRequestExists | ReferralIsOver> {
    const referral = await this.grounds.hold(tx, input.referralId);
    if (isRefusal(referral)) return referral;
    const id = await this.#make(tx, actor, referral, input);
    if (input.asDraft === true) return this.records.mustHave(tx, id);
    const made = await this.#handIn(tx, actor, await this.records.hold(tx, id));
    if (isRefusal(made)) throw new Error('a request that was just made cannot be handed in');
    return made;
  }

  /**
   * What was judged and is amended has to be judged again: the decision falls, and the request says why. Throws NOT_FOUND,
   * and BAD_INPUT naming the field.
   */
  async amendImagingRequest(
    actor: StaffActor,
    input: AmendImagingRequestInput,
  ): Promise<ImagingRequest | ImagingRequestNotPossible | ImagingRequestChangedMeanwhile | ExposureHasBegun> {
    return this.database.transaction(async (tx) => {
      const before = await this.records.hold(tx, input.requestId);
      const refused = canDo(before.standing.state, ImagingRequestAction.AMEND);
      if (refused !== null) return refused;
      if (before.row.version !== input.version) return new ImagingRequestChangedMeanwhile(before.row);
      const differences = await this.#amend(tx, actor, before, input);
      if (isRefusal(differences)) return differences;
      const held = await this.records.hold(tx, input.requestId);
      const isJudgedChanged = isDecided(before.row.status) && differences.length > 0;
      const to = nextStatus(before.row.status, ImagingRequestAction.AMEND, {
        isComplete: held.standing.isComplete,
        isJudgedChanged,
      });
      if (isRefusal(to)) return to;
      const isMoreUrgent = before.row.urgency !== held.row.urgency && before.row.dueOn !== null;
      const change: RequestColumns = {
        ...(isJudgedChanged ? { ...UNDECIDED, decideAgainReason: decideAgainReason(differences) } : {}),
        ...(isJudgedChanged || isMoreUrgent ? { dueOn: await this.#dueOn(tx, held) } : {}),
      };
      const detail = differences.length === 0 ? null : differences.join(', ');
      const reason = someText(input.reason);
      return this.#write(tx, actor, held, { action: ImagingRequestAction.AMEND, to, reason, detail }, change);
    });
  }

  /** To the practitioner, if nothing is missing. Throws NOT_FOUND. */
  async submitImagingRequest(
    actor: StaffActor,
    input: SubmitImagingRequestInput,
  ): Promise<ImagingRequest | ImagingRequestNotPossible | ImagingRequestChangedMeanwhile> {
    return this.database.transaction(async (tx) => {
      const held = await this.records.hold(tx, input.requestId);
      const refused = canDo(held.standing.state, ImagingRequestAction.SUBMIT);
      if (refused !== null) return refused;
      if (held.row.version !== input.version) return new ImagingRequestChangedMeanwhile(held.row);
      return this.#handIn(tx, actor, held);
    });
  }

  /** Imaging is not wanted any more. Throws NOT_FOUND. */
  async withdrawImagingRequest(
    actor: StaffActor,
    input: WithdrawImagingRequestInput,
  ): Promise<ImagingRequest | ImagingRequestNotPossible | ImagingRequestChangedMeanwhile | ExposureHasBegun> {
    return this.database.transaction(async (tx) => {
      const held = await this.records.hold(tx, input.requestId);
      const to = nextStatus(held.standing.state, ImagingRequestAction.WITHDRAW, held.standing);
      if (isRefusal(to)) return to;
      if (await this.records.hasBegun(tx, held.row)) return new ExposureHasBegun();
      const reason = someText(input.reason);
      const endedAt = dateFromInstant(this.log.now());
      const change = { ...ENDED, endedAt, endedById: actor.id, endReason: reason };
      return this.#write(tx, actor, held, { action: ImagingRequestAction.WITHDRAW, to, reason }, change);
    });
  }

  async #make(tx: Tx, actor: StaffActor, referral: Referral, input: RequestImagingInput): Promise<string> {
    const today = this.policies.today();
    const on = input.requestedOn ? Temporal.PlainDate.from(input.requestedOn) : today;
    if (isBefore(today, on)) throw badInput('requestedOn: lies in the future.');
    if (on.toString() < referral.receivedOn) {
      throw badInput('requestedOn: must not be before the referral arrived.');
    }
    await mustBeOffered(tx, input.procedureCode, today);
    const first = {
      ...emptyContent(input.procedureCode, referral.priority),
      clinicalQuestion: referral.clinicalQuestion,
    };
    const asReferrer = input.asReferrer === true ? true : null;
    const draft = this.contents.draft(first, input.content, { actor, today, asReferrer });
    const policy = await this.policies.inForce(tx, on);
    const row = await this.log.open(tx, actor, {
      referralId: referral.id,
      patientId: referral.patientId,
      procedureCode: draft.procedureCode,
      urgency: draft.urgency,
      requestedOn: dateFromPlainDate(on),
      policyId: policy.id,
    });
    await this.contents.write(tx, actor, row, draft, 1, null);
    return row.id;
  }

  /** Writes the next revision; what differs in what a practitioner judges. */
  async #amend(
    tx: Tx,
    actor: StaffActor,
    { row, content, standing }: HeldRequest,
    input: AmendImagingRequestInput,
  ): Promise<readonly string[] | ExposureHasBegun> {
    const today = this.policies.today();
    const asReferrer = input.asReferrer ?? null;
    const before = draftOf(content);
    const said = { ...input.content, procedureCode: input.procedureCode };
    const draft = this.contents.draft(before, said, { actor, today, asReferrer });
    if (draft.procedureCode !== before.procedureCode) {
      await mustBeOffered(tx, draft.procedureCode, today);
    }
    const differences = judgedDifferences(before, draft, ageInYears(standing.patientBornOn, today));
    const isFixed = isDecided(row.status) || row.exposedVisitId !== null;
    if (isFixed && differences.length > 0 && (await this.records.hasBegun(tx, row)))
      return new ExposureHasBegun();
    await this.contents.write(tx, actor, row, draft, row.revision + 1, someText(input.reason));
    return differences;
  }

  async #handIn(
    tx: Tx,
    actor: StaffActor,
    held: HeldRequest,
  ): Promise<ImagingRequest | ImagingRequestNotPossible | ImagingRequestChangedMeanwhile> {
    const action = ImagingRequestAction.SUBMIT;
    const to = nextStatus(held.row.status, action, held.standing);
    if (isRefusal(to)) return to;
    const change = {
      submittedAt: held.row.submittedAt ?? dateFromInstant(this.log.now()),
      dueOn: held.row.dueOn ?? (await this.#dueOn(tx, held)),
    };
    return this.#write(tx, actor, held, { action, to }, change);
  }

  async #dueOn(tx: Tx, { row }: HeldRequest): Promise<Date> {
    return this.policies.decideBy(tx, await this.policies.mustHave(tx, row.policyId), row.urgency);
  }

  async #write(
    tx: Tx,
    actor: StaffActor,
    held: HeldRequest,
    move: {
      readonly action: ImagingRequestAction;
      readonly to: ImagingRequestStatus;
      readonly reason?: string;
      readonly detail?: string | null;
    },
    change: RequestColumns,
  ): Promise<ImagingRequest | ImagingRequestChangedMeanwhile> {
    const written = await this.log.write(tx, actor, held, move, change);
    return isRefusal(written) ? written : this.records.mustHave(tx, held.row.id);
  }
}
