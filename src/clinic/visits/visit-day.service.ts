import { Inject, Injectable } from '@nestjs/common';
import { Database, type Tx } from '../../platform/database/database.service.js';
import { VisitStatus } from '../../platform/database/generated/enums.js';
import type { Refusal } from '../../platform/refusal/refusal.js';
import { Clock, dateFromInstant, type Temporal } from '../../platform/time/index.js';
import type { StaffActor } from '../audit/audit.type.js';
import { claimConstraints } from '../scheduling/claim.service.js';
import { RequestService } from './request.service.js';
import { RequestAlreadyBooked } from './visit.refusals.js';
import type { Visit } from './visit.type.js';
import type { VisitAction } from './visit-action.type.js';
import { VisitChangeService } from './visit-change.service.js';
import { canDo, canDoStep, runningStep, type StepVerb, type VisitVerb } from './visit-day.rules.js';
import type { FinishVisitInput, VisitStepInput, VisitVersionInput } from './visit-day.type.js';
import { VisitRecordService } from './visit-record.service.js';
import { VisitTimeService } from './visit-time.service.js';
import { undoOf } from './visit-undo.rules.js';

/** The database's own "no"s to a visit that comes to life again. */
const REVIVAL_CONSTRAINTS: Readonly<Record<string, () => Refusal>> = {
  ...claimConstraints,
  visits_one_live_per_request: () => new RequestAlreadyBooked(),
  // Another scan for the same referral, booked at this moment under another request.
  scan_bookings_one_live_per_referral: () => new RequestAlreadyBooked(),
};

type VisitTime = 'arrivedAt' | 'startedAt' | 'finishedAt';
type StepTime = 'startedAt' | 'endedAt';
type Times<Name extends string> = Partial<Readonly<Record<Name, Temporal.Instant | null>>>;

/** What one press writes. */
interface Change {
  readonly recordedAs: VisitAction;
  readonly status: VisitStatus;
  readonly times?: Times<VisitTime>;
  readonly steps?: readonly ({ readonly position: number } & Times<StepTime>)[];
  /** Of one that is broken off: why. */
  readonly discontinuedBecause?: string;
}

/** What people say of a visit on its day, from the patient's arrival to its end, and one step back. */
@Injectable()
export class VisitDayService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(VisitRecordService) private readonly records: VisitRecordService,
    @Inject(VisitChangeService) private readonly changes: VisitChangeService,
    @Inject(VisitTimeService) private readonly times: VisitTimeService,
    @Inject(RequestService) private readonly requests: RequestService,
  ) {}

  markArrived(actor: StaffActor, input: VisitVersionInput): Promise<Visit | Refusal> {
    return this.press(
      input,
      'markArrived',
      async (tx, before, now) =>
        (await this.times.canArrive(tx, before, now)) ??
        this.write(tx, actor, before, now, {
          recordedAs: 'visit.arrived',
          status: VisitStatus.ARRIVED,
          times: { arrivedAt: now },
        }),
    );
  }

  /** The first step begins with the visit. */
  startVisit(actor: StaffActor, input: VisitVersionInput): Promise<Visit | Refusal> {
    return this.press(
      input,
      'startVisit',
      async (tx, before, now) =>
        (await this.times.canBegin(tx, before)) ??
        this.write(tx, actor, before, now, {
          recordedAs: 'visit.started',
          status: VisitStatus.IN_PROGRESS,
          times: { startedAt: now },
          steps: [{ position: 0, startedAt: now }],
        }),
    );
  }

  /** The running step ends with the visit. One that is broken off gives back its time, and its request waits again. */
  finishVisit(actor: StaffActor, input: FinishVisitInput): Promise<Visit | Refusal> {
    const discontinuedBecause = input.discontinuedBecause?.trim() ?? null;
    return this.press(input, 'finishVisit', async (tx, before, now) => {
      const running = runningStep(before.steps);
      const ends = {
        times: { finishedAt: now },
        steps: running === null ? [] : [{ position: running.position, endedAt: now }],
      };
      if (discontinuedBecause === null) {
        return this.write(tx, actor, before, now, {
          recordedAs: 'visit.finished',
          status: VisitStatus.COMPLETED,
          ...ends,
        });
      }
      await this.free(tx, before, now);
      return this.write(tx, actor, before, now, {
        recordedAs: 'visit.discontinued',
        status: VisitStatus.DISCONTINUED,
        ...ends,
        discontinuedBecause,
      });
    });
  }

  /** What the visit still had is free at once, and its request waits again. */
  markNoShow(actor: StaffActor, input: VisitVersionInput): Promise<Visit | Refusal> {
    return this.press(input, 'markNoShow', async (tx, before, now) => {
      await this.free(tx, before, now);
      return this.write(tx, actor, before, now, {
        recordedAs: 'visit.missed',
        status: VisitStatus.NO_SHOW,
      });
    });
  }

  startVisitStep(actor: StaffActor, input: VisitStepInput): Promise<Visit | Refusal> {
    return this.pressStep(actor, input, 'startVisitStep');
  }

  finishVisitStep(actor: StaffActor, input: VisitStepInput): Promise<Visit | Refusal> {
    return this.pressStep(actor, input, 'finishVisitStep');
  }

  /** A visit that had given back its time takes it again, or stays as it is when somebody else has it by now. */
  undoVisitStep(actor: StaffActor, input: VisitVersionInput): Promise<Visit | Refusal> {
    return this.press(input, 'undoVisitStep', async (tx, before, now) => {
      const undone = undoOf(before);
      if (undone === null) throw new Error(`Nothing to undo in a visit that is ${before.status}.`);
      const hadGivenBack =
        before.status === VisitStatus.NO_SHOW || before.status === VisitStatus.DISCONTINUED;
      const refusal = hadGivenBack ? await this.revive(tx, actor, before, now) : null;
      if (refusal !== null) return refusal;
      return this.write(tx, actor, before, now, {
        recordedAs: 'visit.step-undone',
        status: undone.status,
        times: Object.fromEntries(undone.clears.map((time) => [time, null])),
        steps: [
          ...undone.stepsNotStarted.map((position) => ({ position, startedAt: null, endedAt: null })),
          ...undone.stepsNotEnded.map((position) => ({ position, endedAt: null })),
        ],
      });
    });
  }

  /** One transaction: the visit is locked, the table asked, and what follows is written; or nothing is. */
  private press(
    { visitId, version }: VisitVersionInput,
    verb: VisitVerb,
    follow: (tx: Tx, before: Visit, now: Temporal.Instant) => Promise<Visit | Refusal>,
  ): Promise<Visit | Refusal> {
    return this.database.transaction<Visit | Refusal>(
      async (tx) => {
        const before = await this.records.lock(tx, visitId);
        const now = this.clock.now();
        return canDo(before, verb, version, now) ?? follow(tx, before, now);
      },
      { onConstraint: REVIVAL_CONSTRAINTS },
    );
  }

  private pressStep(actor: StaffActor, input: VisitStepInput, verb: StepVerb): Promise<Visit | Refusal> {
    return this.database.transaction<Visit | Refusal>(async (tx) => {
      const before = await this.records.lock(tx, input.visitId);
      const now = this.clock.now();
      const { position } = input;
      const isStart = verb === 'startVisitStep';
      return (
        canDoStep(before, verb, input, now) ??
        this.write(tx, actor, before, now, {
          recordedAs: isStart ? 'visit.step-started' : 'visit.step-finished',
          status: before.status,
          steps: [isStart ? { position, startedAt: now } : { position, endedAt: now }],
        })
      );
    });
  }

  private async free(tx: Tx, visit: Visit, now: Temporal.Instant): Promise<void> {
    if (visit.requestId !== null) await this.requests.freed(tx, visit.requestId, visit);
    await this.times.giveBack(tx, visit.id, now);
  }

  private async revive(
    tx: Tx,
    actor: StaffActor,
    visit: Visit,
    now: Temporal.Instant,
  ): Promise<Refusal | null> {
    for (const endedId of await this.times.clearTheWay(tx, visit)) {
      await this.changes.note(tx, actor, 'visit.hold-lapsed', null, await this.records.read(tx, endedId));
    }
    const { replacedById } = await this.records.read(tx, visit.id);
    if (replacedById !== null) return new RequestAlreadyBooked(replacedById);
    const notWaiting =
      visit.requestId === null ? null : await this.requests.booked(tx, visit.requestId, visit);
    if (notWaiting !== null) return notWaiting;
    const refused = await this.times.judgeAgain(tx, visit);
    if (refused !== null) return refused;
    return this.times.retake(tx, visit, await this.times.needsOf(tx, visit), now);
  }

  private async write(
    tx: Tx,
    actor: StaffActor,
    before: Visit,
    now: Temporal.Instant,
    { recordedAs, status, times = {}, steps = [], discontinuedBecause }: Change,
  ): Promise<Visit> {
    for (const { position, ...stepTimes } of steps) {
      await tx.visitStep.update({
        where: { visitId_position: { visitId: before.id, position } },
        data: toDates(stepTimes),
        select: { id: true },
      });
    }
    await tx.visit.update({
      where: { id: before.id },
      data: {
        status,
        discontinuedBecause: discontinuedBecause ?? null,
        ...toDates(times),
        version: { increment: 1 },
        changedAt: dateFromInstant(now),
        changedById: actor.id,
      },
      select: { id: true },
    });
    const after = await this.records.read(tx, before.id);
    await this.changes.note(tx, actor, recordedAs, before, after);
    return after;
  }
}

function toDates<Name extends string>(times: Times<Name>): Partial<Record<Name, Date | null>> {
  const dates: Partial<Record<Name, Date | null>> = {};
  for (const name of Object.keys(times) as Name[]) {
    const at = times[name];
    if (at !== undefined) dates[name] = at === null ? null : dateFromInstant(at);
  }
  return dates;
}
