import { Inject, Injectable } from '@nestjs/common';
import { Database, type Tx } from '../../platform/database/database.service.js';
import { TreatmentKind, TreatmentOrigin, TreatmentStatus } from '../../platform/database/generated/enums.js';
import { badInput, isRefusal, type Refusal } from '../../platform/refusal/refusal.js';
import { Clock, dateFromInstant } from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { StaffActor } from '../audit/audit.type.js';
import type { Booker } from '../visits/booker.type.js';
import { IdempotencyService } from '../visits/idempotency.service.js';
import { AlreadyRequested } from './treatment.refusals.js';
import { canTreatment, PROCEDURE_CODES, someText, someTextOrNull } from './treatment.rules.js';
import type { Treatment } from './treatment.type.js';
import { TreatmentGroundService } from './treatment-ground.service.js';
import { standingOf, TreatmentRecordService } from './treatment-record.service.js';
import {
  type EndTreatmentInput,
  REQUEST_TREATMENT_REFUSALS,
  type RequestTreatmentInput,
  type TreatmentWish,
} from './treatment-request.type.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The database's own "no": what it came of was asked for at this moment. */
export const REQUEST_CONSTRAINTS = { treatments_once_of_origin: () => new AlreadyRequested() } as const;

/** Asking for a treatment, and taking that back. */
@Injectable()
export class TreatmentRequestService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(IdempotencyService) private readonly idempotency: IdempotencyService,
    @Inject(TreatmentGroundService) private readonly ground: TreatmentGroundService,
    @Inject(TreatmentRecordService) private readonly records: TreatmentRecordService,
    @Inject(AuditService) private readonly audit: AuditService,
  ) {}

  /** Somebody's own request. Throws NOT_FOUND, BAD_INPUT. */
  async requestTreatment(booker: Booker, input: RequestTreatmentInput): Promise<Treatment | Refusal> {
    const wish = { ...input, origin: TreatmentOrigin.MANUAL, originId: null };
    return this.idempotency.once<Treatment>(
      { booker, operation: 'requestTreatment', input, refusals: REQUEST_TREATMENT_REFUSALS },
      (tx) => this.requestIn(tx, booker.actor, wish),
      REQUEST_CONSTRAINTS,
    );
  }

  /** The same in a transaction of whoever asks, with what it came of. */
  async requestIn(tx: Tx, actor: StaffActor, wish: TreatmentWish): Promise<Treatment | Refusal> {
    mustBeWhole(wish);
    const refusal = await this.ground.ofReferral(tx, wish);
    if (refusal !== null) return refusal;
    const targets = await this.ground.targets.read(tx, wish.patientId, wish.targets);
    if (isRefusal(targets)) return targets;
    if (await this.#isAsked(tx, wish)) return new AlreadyRequested();
    const { patientId, referralId, kind, origin, originId } = wish;
    const { id } = await tx.treatment.create({
      data: {
        ...{ patientId, referralId, kind, origin, originId },
        otherName: someTextOrNull(wish.otherName),
        procedureCode: PROCEDURE_CODES[kind],
        because: someText(wish.because),
        indication: someText(wish.indication),
        alternatives: someText(wish.alternatives),
        conservativeWeeks: wish.conservativeWeeks ?? null,
        payerCode: wish.payerCode ?? null,
        requestedAt: dateFromInstant(this.clock.now()),
        requestedById: actor.id,
      },
      select: { id: true },
    });
    await this.ground.targets.write(tx, id, 0, targets);
    const treatment = await this.records.mustHave(tx, id);
    await this.audit.record(tx, actor, {
      action: 'treatment.requested',
      subjectType: 'treatment',
      subjectId: id,
      patientIds: [patientId],
      after: { ...standingOf(treatment), referralId, origin, originId },
    });
    return treatment;
  }

  /** Whoever plans says no. Throws NOT_FOUND. */
  async declineTreatment(actor: StaffActor, input: EndTreatmentInput): Promise<Treatment | Refusal> {
    return this.#end(actor, input, 'decline');
  }

  /** Not wanted any more. Throws NOT_FOUND. */
  async cancelTreatment(actor: StaffActor, input: EndTreatmentInput): Promise<Treatment | Refusal> {
    return this.#end(actor, input, 'cancel');
  }

  async #end(
    actor: StaffActor,
    { treatmentId, version, reason }: EndTreatmentInput,
    how: 'decline' | 'cancel',
  ): Promise<Treatment | Refusal> {
    return this.database.transaction<Treatment | Refusal>(async (tx) => {
      const before = await this.records.hold(tx, treatmentId);
      const refusal = canTreatment(before, how, version);
      if (refusal !== null) return refusal;
      const isDeclined = how === 'decline';
      return this.records.write(tx, actor, before, isDeclined ? 'declined' : 'cancelled', {
        status: isDeclined ? TreatmentStatus.DECLINED : TreatmentStatus.CANCELLED,
        endedAt: dateFromInstant(this.clock.now()),
        endedById: actor.id,
        endReason: someText(reason),
      });
    });
  }

  async #isAsked(tx: Tx, { origin, originId }: TreatmentWish): Promise<boolean> {
    if (originId === null) return false;
    const live = { notIn: [TreatmentStatus.DECLINED, TreatmentStatus.CANCELLED] };
    return (await tx.treatment.count({ where: { origin, originId, status: live } })) > 0;
  }
}

function mustBeWhole({ kind, otherName, origin, originId, patientId, referralId }: TreatmentWish): void {
  if ((kind === TreatmentKind.OTHER) !== ((otherName ?? null) !== null)) {
    throw badInput('otherName: goes with OTHER, and only with it.');
  }
  if ((origin === TreatmentOrigin.MANUAL) !== (originId === null)) {
    throw badInput('originId: goes with an origin other than MANUAL.');
  }
  const ids = [patientId, referralId, ...(originId === null ? [] : [originId])];
  if (!ids.every((id) => UUID.test(id))) throw badInput('ids must be UUIDs.');
}
