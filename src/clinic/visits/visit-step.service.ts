import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import { Clock, dateFromInstant, Temporal } from '../../platform/time/index.js';
import type { Actor } from '../audit/audit.type.js';
import type { Visit, VisitStep } from './visit.type.js';
import type { VisitAction } from './visit-action.type.js';
import { VisitChangeService } from './visit-change.service.js';
import { VisitRecordService } from './visit-record.service.js';

/**
 * A step of a visit that a later room knows to have happened, in that room's transaction: the injection, whose record says
 * when it was. What somebody has said of the step before stays as they said it.
 */
@Injectable()
export class VisitStepService {
  constructor(
    @Inject(VisitRecordService) private readonly records: VisitRecordService,
    @Inject(VisitChangeService) private readonly changes: VisitChangeService,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /** The first step began by then; `isOver`: it ended then, too. Saying it twice is saying it once. */
  async firstStepHappenedIn(
    tx: Tx,
    actor: Actor,
    visitId: string,
    { at, isOver }: { readonly at: Temporal.Instant; readonly isOver: boolean },
  ): Promise<Visit> {
    const before = await this.records.lock(tx, visitId);
    const step = before.steps[0];
    if (step === undefined) return before;
    const startedAt = step.startedAt ?? at;
    const ends = isOver && step.endedAt === null;
    const endedAt = ends ? later(startedAt, at) : step.endedAt;
    const action = ends ? 'visit.step-finished' : 'visit.step-started';
    return this.#write(tx, actor, before, step, { startedAt, endedAt, action });
  }

  /** It did not happen after all: the times that the other room had said are taken back, those of people stay. */
  async firstStepTakenBackIn(
    tx: Tx,
    actor: Actor,
    visitId: string,
    saidAt: Temporal.Instant,
  ): Promise<Visit> {
    const before = await this.records.lock(tx, visitId);
    const step = before.steps[0];
    if (step === undefined) return before;
    const startedAt = isSame(step.startedAt, saidAt) ? null : step.startedAt;
    const endedAt = startedAt === null || isSame(step.endedAt, saidAt) ? null : step.endedAt;
    return this.#write(tx, actor, before, step, { startedAt, endedAt, action: 'visit.step-undone' });
  }

  async #write(
    tx: Tx,
    actor: Actor,
    before: Visit,
    step: VisitStep,
    said: {
      readonly startedAt: Temporal.Instant | null;
      readonly endedAt: Temporal.Instant | null;
      readonly action: VisitAction;
    },
  ): Promise<Visit> {
    const { startedAt, endedAt, action } = said;
    if (isSame(step.startedAt, startedAt) && isSame(step.endedAt, endedAt)) return before;
    await tx.visitStep.update({
      where: { visitId_position: { visitId: before.id, position: step.position } },
      data: {
        startedAt: startedAt === null ? null : dateFromInstant(startedAt),
        endedAt: endedAt === null ? null : dateFromInstant(endedAt),
      },
      select: { id: true },
    });
    await tx.visit.update({
      where: { id: before.id },
      data: {
        version: { increment: 1 },
        changedAt: dateFromInstant(this.clock.now()),
        changedById: actor.id,
      },
      select: { id: true },
    });
    const after = await this.records.read(tx, before.id);
    await this.changes.note(tx, actor, action, before, after);
    return after;
  }
}

function isSame(one: Temporal.Instant | null, other: Temporal.Instant | null): boolean {
  return one?.epochMilliseconds === other?.epochMilliseconds;
}

function later(a: Temporal.Instant, b: Temporal.Instant): Temporal.Instant {
  return Temporal.Instant.compare(a, b) >= 0 ? a : b;
}
