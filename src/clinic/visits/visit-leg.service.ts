import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import { Database, type Tx } from '../../platform/database/database.service.js';
import { badInput, isRefusal, type Refusal } from '../../platform/refusal/refusal.js';
import { Clock, dateFromInstant, Temporal } from '../../platform/time/index.js';
import type { StaffActor } from '../audit/audit.type.js';
import { claimConstraints } from '../scheduling/claim.service.js';
import { InThePast } from '../scheduling/schedule.refusals.js';
import type { Visit, VisitStep } from './visit.type.js';
import { VisitChangeService } from './visit-change.service.js';
import { canDo, canSlip } from './visit-day.rules.js';
import type { SlipStepInput } from './visit-day.type.js';
import { slip } from './visit-leg.rules.js';
import { VisitRecordService } from './visit-record.service.js';
import { VisitTimeService } from './visit-time.service.js';

const MINUTE_MS = 60_000;

/** A step that starts at another time than planned, without rebooking what is before it. */
@Injectable()
export class VisitLegService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Config) private readonly config: Config,
    @Inject(VisitRecordService) private readonly records: VisitRecordService,
    @Inject(VisitChangeService) private readonly changes: VisitChangeService,
    @Inject(VisitTimeService) private readonly times: VisitTimeService,
  ) {}

  /** Moves the step and those after it that must follow; the steps before it stay. All of it or nothing. */
  async slipStep(actor: StaffActor, input: SlipStepInput): Promise<Visit | Refusal> {
    if (input.startsAt.epochMilliseconds % MINUTE_MS !== 0) {
      throw badInput('input.startsAt: must be a whole minute, such as 2026-12-03T09:30:00Z.');
    }
    return this.database.transaction<Visit | Refusal>(
      async (tx) => {
        const before = await this.records.lock(tx, input.visitId);
        const now = this.clock.now();
        const cannot = canDo(before, 'slipStep', input.version, now);
        if (cannot !== null) return cannot;
        const legs = await this.times.needsOf(tx, before);
        const refusal = canSlip(before, input.position, legs) ?? isOver(input, now);
        if (refusal !== null) return refusal;
        const steps = slip(before.steps, legs, input, now, this.config.clinicTimeZone);
        if (isRefusal(steps)) return steps;
        await this.write(tx, actor, before, steps, now);
        const after = await this.records.read(tx, before.id);
        const taken = await this.times.retake(tx, after, legs, now);
        if (taken !== null) return taken;
        await this.changes.note(tx, actor, 'visit.step-slipped', before, after);
        return after;
      },
      { onConstraint: claimConstraints },
    );
  }

  private async write(
    tx: Tx,
    actor: StaffActor,
    visit: Visit,
    steps: readonly VisitStep[],
    now: Temporal.Instant,
  ): Promise<void> {
    for (const { position, startsAt, endsAt } of steps) {
      await tx.visitStep.update({
        where: { visitId_position: { visitId: visit.id, position } },
        data: { startsAt: dateFromInstant(startsAt), endsAt: dateFromInstant(endsAt) },
        select: { id: true },
      });
    }
    const [end] = steps.map((step) => step.endsAt).toSorted((a, b) => Temporal.Instant.compare(b, a));
    await tx.visit.update({
      where: { id: visit.id },
      data: {
        endsAt: dateFromInstant(end ?? visit.endsAt),
        version: { increment: 1 },
        changedAt: dateFromInstant(now),
        changedById: actor.id,
      },
      select: { id: true },
    });
  }
}

/** The minute that is running may still be said: whoever presses does not hit the second. */
function isOver({ startsAt }: SlipStepInput, now: Temporal.Instant): InThePast | null {
  const thisMinute = now.round({ smallestUnit: 'minute', roundingMode: 'floor' });
  return Temporal.Instant.compare(startsAt, thisMinute) < 0 ? new InThePast() : null;
}
