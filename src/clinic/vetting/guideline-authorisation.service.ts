import { Inject, Injectable } from '@nestjs/common';
import { Database, type Tx } from '../../platform/database/database.service.js';
import type { ImagingRequest as RequestRow } from '../../platform/database/generated/client.js';
import {
  AuthorisationMode,
  ExposureAct,
  ImagingRequestAction,
  ImagingRequestStatus,
} from '../../platform/database/generated/enums.js';
import { isRefusal } from '../../platform/refusal/refusal.js';
import { dateFromInstant } from '../../platform/time/index.js';
import type { StaffActor } from '../audit/audit.type.js';
import { whyNotCovered } from './guideline.rules.js';
import { GuidelineService, scopeOf } from './guideline.service.js';
import type { AuthoriseUnderGuidelineInput, VettingGuideline } from './guideline.type.js';
import { ExposureHasBegun, type ImagingRequestChangedMeanwhile } from './imaging-request.refusals.js';
import type { ImagingRequest } from './imaging-request.type.js';
import { ageInYears } from './request-completeness.rules.js';
import { RequestLogService } from './request-log.service.js';
import { type HeldRequest, RequestRecordService } from './request-record.service.js';
import { VettingAuthorisationService } from './vetting-authorisation.service.js';
import {
  GuidelineDoesNotApply,
  ImagingRequestIncomplete,
  type NoPractitionerLicence,
  type NotEntitledToAct,
} from './vetting-decision.refusals.js';
import { type NotTheirs, type PractitionerGround, VettingGroundService } from './vetting-ground.service.js';
import { someText } from './vetting-text.rules.js';

type NotAuthorised =
  | NotTheirs
  | ImagingRequestIncomplete
  | NotEntitledToAct
  | NoPractitionerLicence
  | GuidelineDoesNotApply;

/** An operator authorises under a guideline; its issuer is the practitioner who answers for it. */
@Injectable()
export class GuidelineAuthorisationService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(RequestRecordService) private readonly records: RequestRecordService,
    @Inject(RequestLogService) private readonly log: RequestLogService,
    @Inject(VettingGroundService) private readonly grounds: VettingGroundService,
    @Inject(VettingAuthorisationService) private readonly authorisations: VettingAuthorisationService,
    @Inject(GuidelineService) private readonly guidelines: GuidelineService,
  ) {}

  /** Justified by a practitioner before, or by the guideline itself. Throws NOT_FOUND. */
  async authoriseUnderGuideline(
    actor: StaffActor,
    input: AuthoriseUnderGuidelineInput,
  ): Promise<ImagingRequest | NotAuthorised> {
    return this.database.transaction(async (tx) => {
      const held = await this.records.hold(tx, input.requestId);
      const { standing } = held;
      const action = ImagingRequestAction.AUTHORISE_UNDER_GUIDELINE;
      const refused = this.grounds.judge(held, actor, action, input.revision);
      if (refused !== null) return refused;
      if (await this.records.hasBegun(tx, held.row)) return new ExposureHasBegun();
      if (!standing.isComplete) return new ImagingRequestIncomplete(standing.missingItems);
      const guideline = await this.guidelines.mustHave(tx, input.guidelineId);
      const notCovered = this.#whyNot(held, guideline);
      if (notCovered !== null) return notCovered;
      const operator = await this.grounds.entitled(
        tx,
        actor.id,
        ExposureAct.AUTHORISE_UNDER_GUIDELINE,
        standing.procedureCode,
      );
      if (isRefusal(operator)) return operator;
      const row = await this.#justified(tx, actor, held, guideline);
      if (isRefusal(row)) return row;
      const authorised = await this.authorisations.authoriseIn(
        tx,
        actor,
        { row, patientId: held.patientId },
        {
          justificationId: row.justificationId ?? '',
          mode: AuthorisationMode.OPERATOR_UNDER_GUIDELINE,
          entitlementId: operator.entitlementId,
          guidelineId: guideline.id,
          guidelineSha256: guideline.sha256,
          note: someText(input.note),
        },
      );
      return authorised ?? (await this.records.mustHave(tx, held.row.id));
    });
  }

  #whyNot({ content, standing }: HeldRequest, guideline: VettingGuideline): GuidelineDoesNotApply | null {
    const today = this.grounds.today();
    const reasons = whyNotCovered(
      scopeOf(guideline),
      {
        procedureCode: standing.procedureCode,
        siteCode: standing.justified?.siteCode ?? null,
        ageYears: ageInYears(standing.patientBornOn, today),
        pregnancy: content.pregnancy,
        breastFeeding: content.breastFeeding,
      },
      today,
    );
    return reasons.length === 0 ? null : new GuidelineDoesNotApply(reasons);
  }

  /** The row with a justification that stands: the practitioner's own, or that of the guideline's issuer. */
  async #justified(
    tx: Tx,
    actor: StaffActor,
    held: HeldRequest,
    guideline: VettingGuideline,
  ): Promise<RequestRow | NotEntitledToAct | NoPractitionerLicence | ImagingRequestChangedMeanwhile> {
    const { row, standing } = held;
    if (row.justificationId !== null) return row;
    const { issuedById, siteCode } = guideline;
    const ground = await this.grounds.practitioner(tx, issuedById, standing.procedureCode, siteCode);
    if (isRefusal(ground)) return ground;
    return this.#justify(tx, actor, held, guideline, ground);
  }

  async #justify(
    tx: Tx,
    actor: StaffActor,
    held: HeldRequest,
    guideline: VettingGuideline,
    ground: PractitionerGround,
  ): Promise<RequestRow | ImagingRequestChangedMeanwhile> {
    const { row, standing } = held;
    const { benefit, detriment, alternatives, siteCode } = guideline;
    const justification = await tx.vettingJustification.create({
      data: {
        ...ground,
        ...{ benefit, detriment, alternatives, siteCode },
        requestId: row.id,
        referralId: row.referralId,
        version: row.version + 1,
        revision: row.revision,
        practitionerId: guideline.issuedById,
        decidedById: actor.id,
        decidedAt: dateFromInstant(this.log.now()),
        procedureCode: standing.procedureCode,
        guidelineId: guideline.id,
      },
      select: { id: true },
    });
    const move = {
      action: ImagingRequestAction.JUSTIFY,
      to: ImagingRequestStatus.JUSTIFIED,
      detail: `${guideline.code} v${guideline.version}`,
    };
    const change = { justificationId: justification.id, decideAgainReason: null };
    const written = await this.log.write(tx, actor, held, move, change);
    return isRefusal(written) ? written : written.row;
  }
}
