import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import { ExposureAct, type ImagingRequestAction } from '../../platform/database/generated/enums.js';
import { Clock, dateFromPlainDate, instantFromDate, type Temporal } from '../../platform/time/index.js';
import type { StaffActor } from '../audit/audit.type.js';
import { EntitlementService } from '../entitlements/entitlement.service.js';
import {
  ExposureHasBegun,
  ImagingRequestChangedMeanwhile,
  type ImagingRequestClaimedByAnother,
  type ImagingRequestNotPossible,
} from './imaging-request.refusals.js';
import { canActOn } from './request-claim.rules.js';
import type { HeldRequest } from './request-record.service.js';
import { canDo } from './request-state.rules.js';
import { NoPractitionerLicence, NotEntitledToAct } from './vetting-decision.refusals.js';
import { VettingPolicyService } from './vetting-policy.service.js';

/** Under which entitlement and licence a practitioner decides, as it is written with the decision. */
export interface PractitionerGround {
  readonly entitlementId: string | null;
  readonly licenceId: string | null;
  readonly licenceNumber: string | null;
  readonly licenceValidUntil: Date | null;
}

/** Why a decision is not this person's to take now. */
export type NotTheirs =
  | ImagingRequestNotPossible
  | ImagingRequestChangedMeanwhile
  | ImagingRequestClaimedByAnother
  | ExposureHasBegun;

/** On what ground somebody decides: the state, who has it in hand, entitlements and licences on the day of the decision. */
@Injectable()
export class VettingGroundService {
  constructor(
    @Inject(Clock) private readonly clock: Clock,
    @Inject(EntitlementService) private readonly entitlements: EntitlementService,
    @Inject(VettingPolicyService) private readonly policies: VettingPolicyService,
  ) {}

  /** The day on which it is decided, on the clinic's wall calendar. */
  today(): Temporal.PlainDate {
    return this.policies.today();
  }

  /** As it stands it can be done, of what was read, it is not used up, and nobody else has it in hand; null: so it is. */
  judge(
    { row, standing }: HeldRequest,
    actor: StaffActor,
    action: ImagingRequestAction,
    revision: number | null,
  ): NotTheirs | null {
    const refused = canDo(standing.state, action);
    if (refused !== null) return refused;
    if (row.exposedVisitId !== null) return new ExposureHasBegun();
    if (revision !== null && revision !== row.revision) return new ImagingRequestChangedMeanwhile(row);
    const { claimedById } = row;
    const claimActiveAt = row.claimActiveAt === null ? null : instantFromDate(row.claimActiveAt);
    return canActOn({ claimedById, claimActiveAt }, actor.id, this.clock.now());
  }

  /** Entitled to this act for this procedure today. */
  async entitled(
    tx: Tx,
    staffId: string,
    act: ExposureAct,
    procedureCode: string,
  ): Promise<{ readonly entitlementId: string | null } | NotEntitledToAct> {
    const standing = await this.entitlements.entitlement(
      tx,
      staffId,
      act,
      procedureCode,
      this.policies.today(),
    );
    return standing.entitled
      ? { entitlementId: standing.entitlementId }
      : new NotEntitledToAct(act, standing.reason);
  }

  /** Entitled to justify, and licensed for this procedure at this site today. */
  async practitioner(
    tx: Tx,
    staffId: string,
    procedureCode: string,
    siteCode: string,
  ): Promise<PractitionerGround | NotEntitledToAct | NoPractitionerLicence> {
    const entitled = await this.entitled(tx, staffId, ExposureAct.JUSTIFY, procedureCode);
    if (entitled instanceof NotEntitledToAct) return entitled;
    const today = this.policies.today();
    const licence = await this.entitlements.practitionerLicence(tx, staffId, siteCode, procedureCode, today);
    if (!licence.held) return new NoPractitionerLicence(staffId, licence.reason);
    const { validUntil } = licence;
    return {
      ...entitled,
      licenceId: licence.licenceId,
      licenceNumber: licence.number,
      licenceValidUntil: validUntil === null ? null : dateFromPlainDate(validUntil),
    };
  }
}
