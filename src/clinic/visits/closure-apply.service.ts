import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import type { Tx } from '../../platform/database/database.service.js';
import { isRefusal, type Refusal } from '../../platform/refusal/refusal.js';
import { localDate } from '../../platform/time/index.js';
import { ClosedTimeService } from '../scheduling/closed-time.service.js';
import type { Booker } from './booker.type.js';
import { ClosureHitsVisitsUnderWay, ClosurePlanStale } from './closure.refusals.js';
import { changedSince, closedDays } from './closure.rules.js';
import type { ApplyClosureInput, Closure } from './closure.type.js';
import { ClosureChangeService, type DecidedVisit } from './closure-change.service.js';
import { type Affected, type ClosedTime, ClosureFactsService } from './closure-facts.service.js';
import { ClosureLockService } from './closure-lock.service.js';
import { ClosureRecordService } from './closure-record.service.js';

/** A closure with all its consequences, in the transaction of whoever applies it: all of it or nothing. */
@Injectable()
export class ClosureApplyService {
  constructor(
    @Inject(ClosureFactsService) private readonly facts: ClosureFactsService,
    @Inject(ClosureLockService) private readonly locks: ClosureLockService,
    @Inject(ClosureChangeService) private readonly changes: ClosureChangeService,
    @Inject(ClosureRecordService) private readonly records: ClosureRecordService,
    @Inject(ClosedTimeService) private readonly closedTime: ClosedTimeService,
    @Inject(Config) private readonly config: Config,
  ) {}

  /**
   * What is affected is found, held, and found again: whatever came between is seen then, for nobody claims a resource
   * that is held. The days are closed before the visits move, so that none can move into them.
   */
  async applyIn(tx: Tx, booker: Booker, input: ApplyClosureInput): Promise<Closure | Refusal> {
    const time = await this.facts.closedTime(tx, input);
    if (isRefusal(time)) return time;
    const before = await this.facts.affected(tx, time);
    if (isRefusal(before)) return before;
    const held = await this.locks.hold(
      tx,
      before.visits.map(({ visit }) => visit.id),
      [...time.closed.map(({ id }) => id), ...resourcesOf(input)],
    );
    const affected = await this.facts.affected(tx, time);
    if (isRefusal(affected)) return affected;
    const decided = this.#decided(time, affected, input, new Set(held.keys()));
    if (isRefusal(decided)) return decided;
    const closure = await this.records.begin(tx, booker.actor, time, input);
    await this.#close(tx, time, closure);
    const teller = { ...booker, tellingAt: closure.tellsAt };
    const changes = await this.changes.change(tx, teller, input, decided, closure.appliedAt);
    if (isRefusal(changes)) return changes;
    const timeZone = this.config.clinicTimeZone;
    const left = await this.closedTime.bookingsLeftOutside(tx, {
      resourceIds: time.closed.map(({ id }) => id),
      from: localDate(time.startsAt, timeZone),
      until: localDate(time.endsAt.subtract({ nanoseconds: 1 }), timeZone),
    });
    return left ?? this.records.applied(tx, booker.actor, closure.id, changes);
  }

  /** What was decided for each visit, if these are still the visits of the plan and none of them is under way. */
  #decided(
    time: ClosedTime,
    affected: Affected,
    input: ApplyClosureInput,
    heldIds: ReadonlySet<string>,
  ): readonly DecidedVisit[] | Refusal {
    const left = affected.visits.filter(({ hand }) => hand === 'LEAVE').map(({ visit }) => visit.id);
    const found = affected.visits.map(({ visit }) => visit);
    const isPlanned = this.facts.planSha256(time, found) === input.planSha256;
    const decisions = new Map(input.decisions.map((decision) => [decision.visitId, decision]));
    const planned = input.decisions.map(({ visitId: id, version }) => ({ id, version }));
    const toDecide = affected.visits.filter(({ hand }) => hand !== 'LEAVE');
    const changed = changedSince(
      planned,
      toDecide.map(({ visit }) => visit),
    );
    if (left.length > 0 && affected.possibleFrom !== null) {
      return new ClosureHitsVisitsUnderWay(left, affected.possibleFrom);
    }
    if (!isPlanned || changed.length > 0) return new ClosurePlanStale(changed);
    const unheld = found.filter(({ id }) => !heldIds.has(id));
    if (unheld.length > 0) return new ClosurePlanStale(unheld.map(({ id }) => id));
    return toDecide.flatMap(({ visit, hand }) => {
      const decision = decisions.get(visit.id);
      return decision === undefined ? [] : [{ visit, hand, decision }];
    });
  }

  async #close(tx: Tx, time: ClosedTime, { id, reason }: Closure): Promise<void> {
    const resourceIds = time.closed.map((resource) => resource.id);
    await this.closedTime.close(
      tx,
      { id, reason, resourceIds },
      closedDays(time, this.config.clinicTimeZone),
    );
  }
}

/** What the moved visits will take: held with the rest, so that nobody comes between. */
function resourcesOf({ decisions }: ApplyClosureInput): readonly string[] {
  return decisions.flatMap(({ steps }) =>
    (steps ?? []).flatMap(({ resources }) => resources.map(({ resourceId }) => resourceId)),
  );
}
