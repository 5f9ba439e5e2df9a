import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import type { ImagingRequest as RequestRow } from '../../platform/database/generated/client.js';
import {
  type ImagingRequestAction,
  ImagingRequestStatus,
  type ReferralPriority,
} from '../../platform/database/generated/enums.js';
import {
  Clock,
  dateFromInstant,
  instantFromDate,
  plainDateFromDate,
  type Temporal,
} from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { Actor, StaffActor, UnattendedActor } from '../audit/audit.type.js';
import { ImagingRequestChangedMeanwhile } from './imaging-request.refusals.js';
import { liveClaim } from './request-claim.rules.js';
import type { HeldRequest } from './request-record.service.js';
import { isToDecide } from './request-state.rules.js';
import { VettingDueService } from './vetting-due.service.js';

/** Not a person, but the clock. */
export const VETTING_CLOCK: UnattendedActor = {
  kind: 'SYSTEM',
  id: null,
  label: 'vetting',
  requestId: null,
  source: null,
};

/** What is written down in the log of audited acts. */
const AUDITED = {
  REQUEST: 'imaging-request.made',
  AMEND: 'imaging-request.amended',
  SUBMIT: 'imaging-request.submitted',
  ASK: 'imaging-request.asked-about',
  RECORD_ANSWER: 'imaging-request.answered',
  JUSTIFY: 'imaging-request.justified',
  AUTHORISE: 'imaging-request.authorised',
  AUTHORISE_UNDER_GUIDELINE: 'imaging-request.authorised-under-guideline',
  WITHDRAW_AUTHORISATION: 'imaging-request.authorisation-withdrawn',
  WITHDRAW_JUSTIFICATION: 'imaging-request.justification-withdrawn',
  REJECT: 'imaging-request.rejected',
  WITHDRAW: 'imaging-request.withdrawn',
  LAPSE: 'imaging-request.lapsed',
  CLAIM: 'imaging-request.claimed',
  TAKE_OVER: 'imaging-request.taken-over',
  RELEASE: 'imaging-request.released',
  EXPOSE: 'imaging-request.exposed',
  UNDO_EXPOSURE: 'imaging-request.exposure-undone',
  ESCALATE: 'imaging-request.escalated',
} as const satisfies Record<ImagingRequestAction, string>;

/** Moves after which weight, activity or decision are others: what was planned by them follows. */
const SAYS_SOMETHING_ELSE: readonly ImagingRequestAction[] = [
  'AMEND',
  'JUSTIFY',
  'WITHDRAW_JUSTIFICATION',
  'REJECT',
  'WITHDRAW',
  'LAPSE',
];

/** One move of a request. */
export interface RequestMove {
  readonly action: ImagingRequestAction;
  readonly to: ImagingRequestStatus;
  readonly reason?: string | null;
  readonly detail?: string | null;
}

/** The columns that a move changes, beside state and version. */
export type RequestColumns = Partial<
  Omit<
    RequestRow,
    'id' | 'referralId' | 'status' | 'version' | 'requestedAt' | 'requestedById' | 'requestedOn'
  >
>;

/** What is known of a request that is about to be made. */
export interface NewRequest {
  readonly referralId: string;
  readonly patientId: string;
  readonly procedureCode: string;
  readonly urgency: ReferralPriority;
  readonly requestedOn: Date;
  readonly policyId: string;
}

/** What stands no longer once a decision has fallen. */
export const UNDECIDED = { justificationId: null, authorisationId: null, lapsesOn: null } as const;

/** What an ended request has no more. */
export const ENDED = {
  ...UNDECIDED,
  ...{ dueOn: null, informationWanted: null, informationDueOn: null, claimedById: null, claimActiveAt: null },
} as const;

/** Writing the moves of a request that is held: the row, the event and the audit record together. */
@Injectable()
export class RequestLogService {
  constructor(
    @Inject(Clock) private readonly clock: Clock,
    @Inject(AuditService) private readonly audit: AuditService,
    @Inject(VettingDueService) private readonly due: VettingDueService,
  ) {}

  /** The id of the event, or that somebody was quicker. Whoever has it in hand and does something with it keeps it. */
  async write(
    tx: Tx,
    actor: Actor,
    held: Pick<HeldRequest, 'row' | 'patientId'>,
    move: RequestMove,
    change: RequestColumns,
  ): Promise<{ readonly eventId: string; readonly row: RequestRow } | ImagingRequestChangedMeanwhile> {
    const { row: before, patientId } = held;
    const data = { ...this.#stillInHand(before, actor), ...change, status: move.to };
    const where = { id: before.id, version: before.version, status: before.status };
    const { count } = await tx.imagingRequest.updateMany({
      where,
      data: { ...data, version: { increment: 1 } },
    });
    const after = await tx.imagingRequest.findUniqueOrThrow({ where: { id: before.id } });
    if (count !== 1) return new ImagingRequestChangedMeanwhile(after);
    await this.#watch(tx, before, after);
    const eventId = await this.#note(tx, actor, after, before.status, move);
    await this.audit.record(tx, actor, {
      action: AUDITED[move.action],
      subjectType: 'imaging-request',
      subjectId: before.id,
      patientIds: [patientId],
      before: shown(before, data),
      after: { ...shown(after, data), reason: move.reason ?? null, detail: move.detail ?? null },
    });
    if (SAYS_SOMETHING_ELSE.includes(move.action)) await this.due.tell(tx, after);
    return { eventId, row: after };
  }

  now(): Temporal.Instant {
    return this.clock.now();
  }

  /** A new request, of which nothing is said yet, as a draft. The caller writes its first revision. */
  async open(tx: Tx, actor: StaffActor, made: NewRequest): Promise<RequestRow> {
    const { patientId, ...columns } = made;
    const row = await tx.imagingRequest.create({
      data: {
        ...columns,
        status: ImagingRequestStatus.DRAFT,
        requestedAt: dateFromInstant(this.clock.now()),
        requestedById: actor.id,
      },
    });
    const { id, referralId, procedureCode, urgency } = row;
    await this.#note(tx, actor, row, null, { action: 'REQUEST', to: row.status });
    await this.audit.record(tx, actor, {
      action: AUDITED.REQUEST,
      subjectType: 'imaging-request',
      subjectId: id,
      patientIds: [patientId],
      after: { referralId, procedureCode, urgency },
    });
    await this.due.tell(tx, row);
    return row;
  }

  /** Whatever is promised by another day than before is looked at when that has passed. */
  async #watch(tx: Tx, before: RequestRow, after: RequestRow): Promise<void> {
    const dueOn = promisedOn(after);
    if (dueOn === null || promisedOn(before)?.getTime() === dueOn.getTime()) return;
    await this.due.watch(tx, after, dueOn);
  }

  async #note(
    tx: Tx,
    actor: Actor,
    after: RequestRow,
    from: ImagingRequestStatus | null,
    move: RequestMove,
  ): Promise<string> {
    const { id } = await tx.imagingRequestEvent.create({
      data: {
        requestId: after.id,
        referralId: after.referralId,
        version: after.version,
        revision: after.revision,
        action: move.action,
        fromStatus: from,
        toStatus: move.to,
        at: dateFromInstant(this.clock.now()),
        actorId: actor.id,
        reason: move.reason ?? null,
        detail: move.detail ?? null,
      },
      select: { id: true },
    });
    return id;
  }

  #stillInHand({ claimedById, claimActiveAt }: RequestRow, actor: Actor): RequestColumns {
    if (claimActiveAt === null || actor.id === null) return {};
    const now = this.clock.now();
    const claim = liveClaim({ claimedById, claimActiveAt: instantFromDate(claimActiveAt) }, now);
    return claim?.byId === actor.id ? { claimActiveAt: dateFromInstant(now) } : {};
  }
}

/** The day by which somebody is to have done something; null: nobody is. */
function promisedOn(row: RequestRow): Date | null {
  return isToDecide(row) ? (row.informationDueOn ?? row.dueOn) : null;
}

const DAYS: readonly string[] = ['dueOn', 'informationDueOn', 'lapsesOn'];

/** The columns that change, as they are read: days as days, moments as moments. */
function shown(row: RequestRow, change: object): object {
  const changed = Object.entries(row).filter(([name]) => name in change);
  return Object.fromEntries(changed.map(([name, value]) => [name, asRead(name, value)]));
}

function asRead(name: string, value: RequestRow[keyof RequestRow]): unknown {
  if (!(value instanceof Date)) return value;
  return DAYS.includes(name) ? plainDateFromDate(value).toString() : instantFromDate(value);
}
