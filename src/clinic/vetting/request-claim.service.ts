import { Inject, Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.service.js';
import { ImagingRequestAction } from '../../platform/database/generated/enums.js';
import { isRefusal } from '../../platform/refusal/refusal.js';
import { Clock, dateFromInstant, instantFromDate } from '../../platform/time/index.js';
import type { StaffActor } from '../audit/audit.type.js';
import {
  ExposureHasBegun,
  type ImagingRequestChangedMeanwhile,
  type ImagingRequestClaimedByAnother,
  ImagingRequestNotClaimed,
  type ImagingRequestNotPossible,
} from './imaging-request.refusals.js';
import type { ImagingRequest } from './imaging-request.type.js';
import { canActOn, type LiveClaim, liveClaim, type WrittenClaim } from './request-claim.rules.js';
import { RequestLogService } from './request-log.service.js';
import { type HeldRequest, RequestRecordService } from './request-record.service.js';
import { canDo } from './request-state.rules.js';
import type { ClaimImagingRequestInput, ReleaseImagingRequestInput } from './request-steering.type.js';
import { textOrNull } from './vetting-text.rules.js';

/** Who has a request in hand, so that nobody else decides on it meanwhile. */
@Injectable()
export class RequestClaimService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(RequestRecordService) private readonly records: RequestRecordService,
    @Inject(RequestLogService) private readonly log: RequestLogService,
  ) {}

  /** Of several who want it at once one has it. Throws NOT_FOUND. */
  async claimImagingRequest(
    actor: StaffActor,
    input: ClaimImagingRequestInput,
  ): Promise<
    | ImagingRequest
    | ImagingRequestNotPossible
    | ImagingRequestChangedMeanwhile
    | ImagingRequestClaimedByAnother
    | ExposureHasBegun
  > {
    return this.database.transaction(async (tx) => {
      const held = await this.records.hold(tx, input.requestId);
      const refused = canDo(held.standing.state, ImagingRequestAction.CLAIM);
      if (refused !== null) return refused;
      if (held.row.exposedVisitId !== null) return new ExposureHasBegun();
      const reason = textOrNull(input.takeOverReason);
      const now = this.clock.now();
      const taken = reason === null ? canActOn(writtenClaim(held), actor.id, now) : null;
      if (taken !== null) return taken;
      const claim = this.#claim(held);
      const isFromAnother = claim !== null && claim.byId !== actor.id;
      const action = isFromAnother ? ImagingRequestAction.TAKE_OVER : ImagingRequestAction.CLAIM;
      const move = { action, to: held.row.status, reason, detail: isFromAnother ? claim.byId : null };
      const change = { claimedById: actor.id, claimActiveAt: dateFromInstant(now) };
      const written = await this.log.write(tx, actor, held, move, change);
      return isRefusal(written) ? written : this.records.mustHave(tx, held.row.id);
    });
  }

  /** Whoever has it in hand gives it back. Throws NOT_FOUND. */
  async releaseImagingRequest(
    actor: StaffActor,
    input: ReleaseImagingRequestInput,
  ): Promise<
    ImagingRequest | ImagingRequestNotPossible | ImagingRequestChangedMeanwhile | ImagingRequestNotClaimed
  > {
    return this.database.transaction(async (tx) => {
      const held = await this.records.hold(tx, input.requestId);
      const action = ImagingRequestAction.RELEASE;
      const refused = canDo(held.standing.state, action);
      if (refused !== null) return refused;
      if (this.#claim(held)?.byId !== actor.id) return new ImagingRequestNotClaimed();
      const change = { claimedById: null, claimActiveAt: null };
      const written = await this.log.write(tx, actor, held, { action, to: held.row.status }, change);
      return isRefusal(written) ? written : this.records.mustHave(tx, held.row.id);
    });
  }

  #claim(held: HeldRequest): LiveClaim | null {
    return liveClaim(writtenClaim(held), this.clock.now());
  }
}

function writtenClaim({ row: { claimedById, claimActiveAt } }: HeldRequest): WrittenClaim {
  return { claimedById, claimActiveAt: claimActiveAt === null ? null : instantFromDate(claimActiveAt) };
}
