import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import { badInput, notFound, type Refusal } from '../../platform/refusal/refusal.js';
import { Clock, dateFromInstant, Temporal } from '../../platform/time/index.js';
import type { StaffActor } from '../audit/audit.type.js';
import type { Booker } from '../visits/booker.type.js';
import { IdempotencyService } from '../visits/idempotency.service.js';
import { ComplicationReplaced } from './treatment.refusals.js';
import { canTreatment, someText, someTextOrNull } from './treatment.rules.js';
import type { Treatment } from './treatment.type.js';
import { ADD_COMPLICATION_REFUSALS, type AddComplicationInput } from './treatment-given.type.js';
import { TreatmentRecordService } from './treatment-record.service.js';

/** What went wrong, at any time after the start. */
@Injectable()
export class ComplicationService {
  constructor(
    @Inject(Clock) private readonly clock: Clock,
    @Inject(IdempotencyService) private readonly idempotency: IdempotencyService,
    @Inject(TreatmentRecordService) private readonly records: TreatmentRecordService,
  ) {}

  /** Throws NOT_FOUND, BAD_INPUT. */
  async addComplication(booker: Booker, input: AddComplicationInput): Promise<Treatment | Refusal> {
    if (((input.replacesId ?? null) === null) !== ((input.replaceReason ?? null) === null)) {
      throw badInput('replaceReason: goes with replacesId. Send both, or leave both out.');
    }
    return this.idempotency.once<Treatment>(
      { booker, operation: 'addComplication', input, refusals: ADD_COMPLICATION_REFUSALS },
      (tx) => this.#add(tx, booker.actor, input),
      { treatment_complications_replaces_id_key: () => new ComplicationReplaced() },
    );
  }

  async #add(tx: Tx, actor: StaffActor, input: AddComplicationInput): Promise<Treatment | Refusal> {
    const before = await this.records.hold(tx, input.treatmentId);
    const refusal = canTreatment(before, 'addComplication');
    if (refusal !== null) return refusal;
    const now = this.clock.now();
    const { startedAt, id: treatmentId } = before;
    const { happenedAt, type, severity } = input;
    if (startedAt === null || Temporal.Instant.compare(happenedAt, startedAt) < 0) {
      throw badInput('happenedAt: must not be before the treatment was started.');
    }
    if (Temporal.Instant.compare(now, happenedAt) < 0) {
      throw badInput('happenedAt: must not be in the future.');
    }
    const replacesId = input.replacesId?.toLowerCase() ?? null;
    const replaced = before.complications.find(({ id }) => id === replacesId);
    if (replacesId !== null && replaced === undefined) throw notFound('complication');
    if (replaced?.isReplaced === true) return new ComplicationReplaced();
    await tx.treatmentComplication.create({
      data: {
        ...{ treatmentId, type, severity, replacesId, replaceReason: someTextOrNull(input.replaceReason) },
        happenedAt: dateFromInstant(happenedAt),
        description: someText(input.description),
        actionTaken: someText(input.actionTaken),
        recordedAt: dateFromInstant(now),
        recordedById: actor.id,
      },
    });
    return this.records.write(tx, actor, before, 'complication-added', {}, { type, severity });
  }
}
