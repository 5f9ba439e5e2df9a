import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import { ClosureStatus } from '../../platform/database/generated/enums.js';
import { Outbox } from '../../platform/outbox/index.js';
import { badInput, isRefusal, type Refusal } from '../../platform/refusal/refusal.js';
import { Clock, dateFromInstant, Temporal } from '../../platform/time/index.js';
import { ClosedTimeService } from '../scheduling/closed-time.service.js';
import type { Booker } from './booker.type.js';
import { ClosureAlreadyTold, ClosureAlreadyUndone, ClosureOvertaken } from './closure.refusals.js';
import type { Closure, UndoClosureInput } from './closure.type.js';
import { ClosureLockService } from './closure-lock.service.js';
import { ClosureRecordService } from './closure-record.service.js';
import { ClosureRestoreService } from './closure-restore.service.js';
import type { Visit } from './visit.type.js';

/** Takes a closure back as one change, as long as nobody has been told of it. */
@Injectable()
export class ClosureUndoService {
  constructor(
    @Inject(ClosureRecordService) private readonly records: ClosureRecordService,
    @Inject(ClosureLockService) private readonly locks: ClosureLockService,
    @Inject(ClosureRestoreService) private readonly restores: ClosureRestoreService,
    @Inject(ClosedTimeService) private readonly closedTime: ClosedTimeService,
    @Inject(Outbox) private readonly outbox: Outbox,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /** Every visit goes back to where it was, or none does. Throws NOT_FOUND. */
  async undoIn(tx: Tx, { actor }: Booker, input: UndoClosureInput): Promise<Closure | Refusal> {
    const closure = await this.records.lock(tx, input.closureId);
    if (closure.status === ClosureStatus.UNDONE) return new ClosureAlreadyUndone();
    if (closure.version !== input.version) throw badInput('input.version: is not a version of this closure.');
    if (Temporal.Instant.compare(this.clock.now(), closure.tellsAt) >= 0) {
      return new ClosureAlreadyTold(closure.tellsAt);
    }
    const former = await this.restores.former(tx, closure);
    const resourceIds = former.flatMap(({ claims }) => claims.map(({ resourceId }) => resourceId));
    const visitIds = closure.changes.map(({ visitId }) => visitId);
    const visits = await this.locks.hold(tx, visitIds, resourceIds);
    const changed = closure.changes.filter(({ visitId, toVersion }) => {
      const visit = visits.get(visitId);
      return visit === undefined || visit.version !== toVersion || visit.replacedById !== null;
    });
    if (changed.length > 0) return new ClosureOvertaken(changed.map(({ visitId }) => visitId));
    if (!(await this.#takeBackNews(tx, closure, visitIds))) return new ClosureAlreadyTold(closure.tellsAt);
    await this.closedTime.reopen(tx, closure.id);
    for (const { visitId } of former) await this.restores.free(tx, visitId);
    const restored: Visit[] = [];
    for (const one of former) {
      const before = visits.get(one.visitId);
      if (before === undefined) throw new RangeError('a visit of the closure has got lost');
      const after = await this.restores.restoreIn(tx, actor, before, one);
      if (isRefusal(after)) return new ClosureOvertaken([one.visitId], after);
      restored.push(after);
    }
    return this.records.undone(tx, actor, closure, restored);
  }

  /**
   * What was posted of these changes, on whichever room's topic, has not been handed to anybody and now never will be;
   * false: some of it has. A clock of another process may run ahead of ours, so this is asked after the time is.
   */
  async #takeBackNews(tx: Tx, closure: Closure, visitIds: readonly string[]): Promise<boolean> {
    const posted = {
      subjectId: { in: [...visitIds] },
      postedAt: { gte: dateFromInstant(closure.appliedAt) },
      OR: [{ topic: { endsWith: '.moved' } }, { topic: { endsWith: '.cancelled' } }],
    };
    const rows = await tx.outboxMessage.findMany({ where: posted, select: { topic: true } });
    const topics = [...new Set(rows.map(({ topic }) => topic))];
    if (topics.length > 0) await this.outbox.withdraw(tx, topics, visitIds);
    return (await tx.outboxMessage.count({ where: posted })) === 0;
  }
}
