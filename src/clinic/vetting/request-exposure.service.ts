import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import type { Tx } from '../../platform/database/database.service.js';
import { ImagingRequestAction, ImagingRequestStatus } from '../../platform/database/generated/enums.js';
import { Fault, isRefusal } from '../../platform/refusal/refusal.js';
import {
  dateFromInstant,
  dateFromPlainDate,
  instantFromDate,
  localDate,
  type Temporal,
} from '../../platform/time/index.js';
import type { Actor } from '../audit/audit.type.js';
import { ENDED, type RequestColumns, RequestLogService, type RequestMove } from './request-log.service.js';
import { type Exposure, type HeldRequest, RequestRecordService } from './request-record.service.js';
import { LIVE } from './request-state.rules.js';
import { lapsesOn } from './vetting-due.rules.js';
import { VettingDueService } from './vetting-due.service.js';
import { VettingPolicyService } from './vetting-policy.service.js';
import type { RequestOfVisit } from './vetting-standing.queries.js';

/** What somebody may have acted on. A draft has not left its writer. */
const HANDED_IN = LIVE.filter((status) => status !== ImagingRequestStatus.DRAFT);

const REPLACED = 'Another request has been made since.';

/** A request is for one exposure: once that took place nothing else can be done under it. */
@Injectable()
export class RequestExposureService {
  constructor(
    @Inject(Config) private readonly config: Config,
    @Inject(RequestRecordService) private readonly records: RequestRecordService,
    @Inject(RequestLogService) private readonly log: RequestLogService,
    @Inject(VettingPolicyService) private readonly policies: VettingPolicyService,
    @Inject(VettingDueService) private readonly due: VettingDueService,
  ) {}

  /**
   * For later rooms: somebody was injected for this visit at that moment, or was not after all (null). The request that it was
   * done under is used up by it. Whoever calls this holds the visit and its referral. Saying the same twice changes nothing.
   */
  async follow(
    tx: Tx,
    actor: Actor,
    { visitId, referralId, procedureCode }: RequestOfVisit & { readonly procedureCode: string },
    at: Temporal.Instant | null,
  ): Promise<void> {
    const own = await tx.imagingRequest.findUnique({
      where: { exposedVisitId: visitId },
      select: { id: true },
    });
    if (own !== null) {
      const held = await this.records.hold(tx, own.id);
      return at === null ? this.#undo(tx, actor, held) : this.expose(tx, actor, held, { visitId, at });
    }
    if (at === null) return;
    const live = await tx.imagingRequest.findFirst({
      where: { referralId, exposedVisitId: null, status: { in: [...HANDED_IN] } },
      select: { id: true },
    });
    if (live === null) return;
    const held = await this.records.hold(tx, live.id);
    // What was given outside of it uses nothing of it up.
    const { state, procedureCode: decided } = held.standing;
    if (state === ImagingRequestStatus.LAPSED || decided !== procedureCode) return;
    await this.expose(tx, actor, held, { visitId, at });
  }

  /** For this room: the exposure took place. The authorisation does not lapse any more: it has been used. */
  async expose(tx: Tx, actor: Actor, held: HeldRequest, { visitId, at }: Exposure): Promise<void> {
    const { exposedVisitId, exposedAt, status } = held.row;
    const isSaid =
      exposedAt !== null && instantFromDate(exposedAt).epochMilliseconds === at.epochMilliseconds;
    if (exposedVisitId === visitId && isSaid) return;
    const change = { exposedVisitId: visitId, exposedAt: dateFromInstant(at), lapsesOn: null };
    await this.#write(tx, actor, held, { action: ImagingRequestAction.EXPOSE, to: status }, change);
  }

  /** It can be used again, as long as it holds, unless another has been made for the referral by now. */
  async #undo(tx: Tx, actor: Actor, held: HeldRequest): Promise<void> {
    const { row } = held;
    const unused = { exposedVisitId: null, exposedAt: null };
    const action = ImagingRequestAction.UNDO_EXPOSURE;
    if (LIVE.includes(row.status) && (await this.#isReplaced(tx, row.referralId))) {
      const endedAt = dateFromInstant(this.log.now());
      const change = { ...ENDED, ...unused, endedAt, endReason: REPLACED };
      await this.#write(
        tx,
        actor,
        held,
        { action, to: ImagingRequestStatus.LAPSED, reason: REPLACED },
        change,
      );
      return;
    }
    const until = await this.#lapses(tx, row);
    const change = { ...unused, lapsesOn: until === null ? null : dateFromPlainDate(until) };
    const after = await this.#write(tx, actor, held, { action, to: row.status }, change);
    if (until !== null) await this.due.watchLapse(tx, after, until);
  }

  async #isReplaced(tx: Tx, referralId: string): Promise<boolean> {
    const where = { referralId, exposedVisitId: null, status: { in: [...LIVE] } };
    return (await tx.imagingRequest.count({ where })) > 0;
  }

  /** The first day on which what was authorised holds no longer; null: it is not authorised. */
  async #lapses(tx: Tx, row: HeldRequest['row']): Promise<Temporal.PlainDate | null> {
    if (row.status !== ImagingRequestStatus.AUTHORISED || row.authorisationId === null) return null;
    const { authorisedAt } = await tx.vettingAuthorisation.findUniqueOrThrow({
      where: { id: row.authorisationId },
      select: { authorisedAt: true },
    });
    const { lapsesAfterDays } = await this.policies.mustHave(tx, row.policyId);
    return lapsesOn(localDate(instantFromDate(authorisedAt), this.config.clinicTimeZone), lapsesAfterDays);
  }

  async #write(
    tx: Tx,
    actor: Actor,
    held: HeldRequest,
    move: RequestMove,
    change: RequestColumns,
  ): Promise<HeldRequest['row']> {
    const written = await this.log.write(tx, actor, held, move, change);
    if (isRefusal(written)) throw new Fault('TRY_AGAIN', 'a request that is held was moved');
    return written.row;
  }
}
