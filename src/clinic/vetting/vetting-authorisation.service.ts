import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import {
  type AuthorisationMode,
  ImagingRequestAction,
  ImagingRequestStatus,
} from '../../platform/database/generated/enums.js';
import { isRefusal } from '../../platform/refusal/refusal.js';
import { Clock, dateFromInstant, dateFromPlainDate } from '../../platform/time/index.js';
import type { StaffActor } from '../audit/audit.type.js';
import type { ImagingRequestChangedMeanwhile } from './imaging-request.refusals.js';
import { RequestLogService } from './request-log.service.js';
import type { HeldRequest } from './request-record.service.js';
import { lapsesOn } from './vetting-due.rules.js';
import { VettingDueService } from './vetting-due.service.js';
import { VettingPolicyService } from './vetting-policy.service.js';

/** That a justified exposure may go ahead, as it is written. */
export interface NewAuthorisation {
  readonly justificationId: string;
  readonly mode: AuthorisationMode;
  readonly entitlementId: string | null;
  readonly guidelineId: string | null;
  readonly guidelineSha256: string | null;
  readonly note: string | null;
}

const ACTIONS = {
  PRACTITIONER: ImagingRequestAction.AUTHORISE,
  OPERATOR_UNDER_GUIDELINE: ImagingRequestAction.AUTHORISE_UNDER_GUIDELINE,
} as const satisfies Record<AuthorisationMode, ImagingRequestAction>;

/** Writing an authorisation. In the caller's transaction, which has judged who authorises and on what ground. */
@Injectable()
export class VettingAuthorisationService {
  constructor(
    @Inject(Clock) private readonly clock: Clock,
    @Inject(RequestLogService) private readonly log: RequestLogService,
    @Inject(VettingPolicyService) private readonly policies: VettingPolicyService,
    @Inject(VettingDueService) private readonly due: VettingDueService,
  ) {}

  /** The request is authorised from now on, until it lapses. */
  async authoriseIn(
    tx: Tx,
    actor: StaffActor,
    held: Pick<HeldRequest, 'row' | 'patientId'>,
    made: NewAuthorisation,
  ): Promise<ImagingRequestChangedMeanwhile | null> {
    const { row } = held;
    const policy = await this.policies.mustHave(tx, row.policyId);
    const until = lapsesOn(this.policies.today(), policy.lapsesAfterDays);
    const authorisation = await tx.vettingAuthorisation.create({
      data: {
        ...made,
        requestId: row.id,
        referralId: row.referralId,
        version: row.version + 1,
        authorisedById: actor.id,
        authorisedAt: dateFromInstant(this.clock.now()),
      },
      select: { id: true },
    });
    const move = { action: ACTIONS[made.mode], to: ImagingRequestStatus.AUTHORISED, reason: made.note };
    const written = await this.log.write(tx, actor, held, move, {
      authorisationId: authorisation.id,
      lapsesOn: dateFromPlainDate(until),
      dueOn: null,
      claimedById: null,
      claimActiveAt: null,
    });
    if (isRefusal(written)) return written;
    await this.due.watchLapse(tx, written.row, until);
    return null;
  }
}
