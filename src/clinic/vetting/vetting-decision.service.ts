import { Inject, Injectable } from '@nestjs/common';
import { Database, type Tx } from '../../platform/database/database.service.js';
import type { ImagingRequest as RequestRow } from '../../platform/database/generated/client.js';
import { AuthorisationMode, ImagingRequestAction } from '../../platform/database/generated/enums.js';
import { badInput, Fault, isRefusal } from '../../platform/refusal/refusal.js';
import { dateFromInstant } from '../../platform/time/index.js';
import type { StaffActor } from '../audit/audit.type.js';
import type { SiteNotSaid, SiteRetired } from '../scheduling/site.refusals.js';
import { siteToUse } from '../scheduling/site.service.js';
import { ExposureHasBegun, type ImagingRequestChangedMeanwhile } from './imaging-request.refusals.js';
import type { ImagingRequest } from './imaging-request.type.js';
import { mustBeOffered } from './request-content.service.js';
import { RequestLogService, UNDECIDED } from './request-log.service.js';
import { type HeldRequest, RequestRecordService } from './request-record.service.js';
import { nextStatus } from './request-state.rules.js';
import { VettingAuthorisationService } from './vetting-authorisation.service.js';
import {
  AttentionNotGiven,
  ImagingRequestIncomplete,
  type NoPractitionerLicence,
  type NotEntitledToAct,
} from './vetting-decision.refusals.js';
import { needsAttention } from './vetting-decision.rules.js';
import type {
  AuthoriseImagingRequestInput,
  JustifyImagingRequestInput,
  WithdrawAuthorisationInput,
  WithdrawJustificationInput,
} from './vetting-decision.type.js';
import { type NotTheirs, type PractitionerGround, VettingGroundService } from './vetting-ground.service.js';
import { VettingPolicyService } from './vetting-policy.service.js';
import { someText, textOrNull } from './vetting-text.rules.js';

type NotPractitioner = NotEntitledToAct | NoPractitionerLicence;
type NotJustified =
  | NotTheirs
  | NotPractitioner
  | ImagingRequestIncomplete
  | AttentionNotGiven
  | SiteNotSaid
  | SiteRetired;

/** The practitioner's decisions: an exposure is justified and authorised, or what was decided is taken back. */
@Injectable()
export class VettingDecisionService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(RequestRecordService) private readonly records: RequestRecordService,
    @Inject(RequestLogService) private readonly log: RequestLogService,
    @Inject(VettingGroundService) private readonly grounds: VettingGroundService,
    @Inject(VettingAuthorisationService) private readonly authorisations: VettingAuthorisationService,
    @Inject(VettingPolicyService) private readonly policies: VettingPolicyService,
  ) {}

  /** Of two who decide at once one does; the other is told how it stands. Throws NOT_FOUND, and BAD_INPUT naming the field. */
  async justifyImagingRequest(
    actor: StaffActor,
    input: JustifyImagingRequestInput,
  ): Promise<ImagingRequest | NotJustified> {
    return this.database.transaction(async (tx) => {
      const held = await this.records.hold(tx, input.requestId);
      const { content, standing } = held;
      const refused = this.grounds.judge(held, actor, ImagingRequestAction.JUSTIFY, input.revision);
      if (refused !== null) return refused;
      if (await this.records.hasBegun(tx, held.row)) return new ExposureHasBegun();
      if (!standing.isComplete) return new ImagingRequestIncomplete(standing.missingItems);
      if (needsAttention(content) && textOrNull(input.attention) === null) return new AttentionNotGiven();
      const procedureCode = await this.#procedure(tx, content.procedureCode, input);
      const site = await siteToUse(tx, input.siteCode ?? null);
      if (isRefusal(site)) return site;
      const ground = await this.grounds.practitioner(tx, actor.id, procedureCode, site.siteCode);
      if (isRefusal(ground)) return ground;
      const decided = { procedureCode, siteCode: site.siteCode };
      const justified = await this.#justify(tx, actor, held, input, decided, ground);
      if (isRefusal(justified)) return justified;
      if (input.authorise !== false) {
        const authorised = await this.#authorise(tx, actor, { ...held, row: justified }, ground);
        if (authorised !== null) return authorised;
      }
      return this.records.mustHave(tx, held.row.id);
    });
  }

  /** By a practitioner, who need not be the one who justified it. Throws NOT_FOUND. */
  async authoriseImagingRequest(
    actor: StaffActor,
    input: AuthoriseImagingRequestInput,
  ): Promise<ImagingRequest | NotTheirs | NotPractitioner | ImagingRequestIncomplete> {
    return this.database.transaction(async (tx) => {
      const held = await this.records.hold(tx, input.requestId);
      const { standing } = held;
      const refused = this.grounds.judge(held, actor, ImagingRequestAction.AUTHORISE, input.revision);
      if (refused !== null) return refused;
      if (await this.records.hasBegun(tx, held.row)) return new ExposureHasBegun();
      if (!standing.isComplete) return new ImagingRequestIncomplete(standing.missingItems);
      const siteCode = standing.justified?.siteCode;
      if (siteCode === undefined) throw new Fault('INTERNAL', 'a justified request has no justification');
      const ground = await this.grounds.practitioner(tx, actor.id, standing.procedureCode, siteCode);
      if (isRefusal(ground)) return ground;
      const authorised = await this.#authorise(tx, actor, held, ground);
      return authorised ?? (await this.records.mustHave(tx, held.row.id));
    });
  }

  /** It may not go ahead any more; that it is justified stands. Throws NOT_FOUND. */
  async withdrawAuthorisation(
    actor: StaffActor,
    input: WithdrawAuthorisationInput,
  ): Promise<ImagingRequest | NotTheirs> {
    return this.#takeBack(actor, input, ImagingRequestAction.WITHDRAW_AUTHORISATION, {
      authorisationId: null,
      lapsesOn: null,
    });
  }

  /** Not justified any more, and so not authorised either: it waits for a decision again. Throws NOT_FOUND. */
  async withdrawJustification(
    actor: StaffActor,
    input: WithdrawJustificationInput,
  ): Promise<ImagingRequest | NotTheirs> {
    const decideAgainReason = `The justification was withdrawn: ${someText(input.reason)}`;
    return this.#takeBack(actor, input, ImagingRequestAction.WITHDRAW_JUSTIFICATION, {
      ...UNDECIDED,
      decideAgainReason,
    });
  }

  async #takeBack(
    actor: StaffActor,
    input: { readonly requestId: string; readonly reason: string },
    action: ImagingRequestAction,
    change: object,
  ): Promise<ImagingRequest | NotTheirs> {
    return this.database.transaction(async (tx) => {
      const held = await this.records.hold(tx, input.requestId);
      const { row, standing } = held;
      const refused = this.grounds.judge(held, actor, action, null);
      if (refused !== null) return refused;
      const to = nextStatus(standing.state, action, standing);
      if (isRefusal(to)) return to;
      if (await this.records.hasBegun(tx, row)) return new ExposureHasBegun();
      const policy = await this.policies.mustHave(tx, row.policyId);
      const dueOn = await this.policies.decideBy(tx, policy, row.urgency);
      const reason = someText(input.reason);
      const written = await this.log.write(tx, actor, held, { action, to, reason }, { ...change, dueOn });
      return isRefusal(written) ? written : this.records.mustHave(tx, row.id);
    });
  }

  async #procedure(tx: Tx, asked: string, input: JustifyImagingRequestInput): Promise<string> {
    const procedureCode = input.procedureCode ?? asked;
    if (procedureCode === asked) return asked;
    await mustBeOffered(tx, procedureCode, this.policies.today());
    if (textOrNull(input.protocolNote) === null) {
      throw badInput('protocolNote: say why another procedure than the one that was asked for.');
    }
    return procedureCode;
  }

  async #justify(
    tx: Tx,
    actor: StaffActor,
    held: HeldRequest,
    input: JustifyImagingRequestInput,
    decided: { readonly procedureCode: string; readonly siteCode: string },
    ground: PractitionerGround,
  ): Promise<RequestRow | ImagingRequestChangedMeanwhile> {
    const { row } = held;
    const justification = await tx.vettingJustification.create({
      data: {
        ...decided,
        ...ground,
        requestId: row.id,
        referralId: row.referralId,
        version: row.version + 1,
        revision: row.revision,
        practitionerId: actor.id,
        decidedById: actor.id,
        decidedAt: dateFromInstant(this.log.now()),
        activityMbq: input.activityMbq ?? null,
        protocolNote: textOrNull(input.protocolNote),
        benefit: someText(input.benefit),
        detriment: someText(input.detriment),
        alternatives: someText(input.alternatives),
        attention: textOrNull(input.attention),
      },
      select: { id: true },
    });
    const move = { action: ImagingRequestAction.JUSTIFY, to: 'JUSTIFIED' } as const;
    const change = { justificationId: justification.id, decideAgainReason: null };
    const written = await this.log.write(tx, actor, held, move, change);
    return isRefusal(written) ? written : written.row;
  }

  async #authorise(
    tx: Tx,
    actor: StaffActor,
    held: Pick<HeldRequest, 'row' | 'patientId'>,
    { entitlementId }: PractitionerGround,
  ): Promise<ImagingRequestChangedMeanwhile | null> {
    const { justificationId } = held.row;
    if (justificationId === null) throw new Fault('INTERNAL', 'a justified request has no justification');
    return this.authorisations.authoriseIn(tx, actor, held, {
      justificationId,
      entitlementId,
      mode: AuthorisationMode.PRACTITIONER,
      guidelineId: null,
      guidelineSha256: null,
      note: null,
    });
  }
}
