import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import { Database, type Tx } from '../../platform/database/database.service.js';
import type { Prisma, ReferralEvent, TriageEvent } from '../../platform/database/generated/client.js';
import { ReferralStatus, TriageEventKind } from '../../platform/database/generated/enums.js';
import { badInput } from '../../platform/refusal/refusal.js';
import { Clock, instantFromDate, localDate, plainDateFromDate, Temporal } from '../../platform/time/index.js';
import type { StaffActor } from '../audit/audit.type.js';
import {
  RttClockElsewhere,
  RttClockOff,
  RttClockRunning,
  RttClockStopped,
} from './referral-clock.refusals.js';
import {
  breachOn,
  type ClockEntry,
  EVENT_OF_KIND,
  happenedOnProblem,
  RttKind,
  rttTime,
  weeksWaited,
} from './referral-clock.rules.js';
import type { RecordRttEventInput, RttClock, RttEntry } from './referral-clock.type.js';
import { textOrNull } from './referral-text.rules.js';
import { TriageLogService } from './triage-log.service.js';

type NotRecorded = RttClockOff | RttClockStopped | RttClockRunning | RttClockElsewhere;

/** What of a referral its clock is computed from. */
interface ClockSource {
  readonly id: string;
  readonly receivedOn: Date;
  readonly events: readonly Pick<ReferralEvent, 'action' | 'at'>[];
  readonly triageEvents: readonly TriageEvent[];
}

interface Timed {
  readonly at: Date;
  readonly entry: ClockEntry;
}

const KIND_OF_EVENT = new Map<TriageEventKind, RttKind>(
  Object.values(RttKind).map((kind) => [EVENT_OF_KIND[kind], kind]),
);
const RECORDED = {
  where: { kind: { in: [...KIND_OF_EVENT.keys()] } },
  orderBy: [{ at: 'asc' }, { id: 'asc' }],
} satisfies Prisma.Referral$triageEventsArgs;
const SOURCE = {
  id: true,
  receivedOn: true,
  events: { select: { action: true, at: true }, orderBy: { version: 'asc' } },
  triageEvents: RECORDED,
  mergesKept: { where: { undoneAt: null }, select: { merged: { select: { triageEvents: RECORDED } } } },
} satisfies Prisma.ReferralSelect;
type SourceRow = Prisma.ReferralGetPayload<{ select: typeof SOURCE }>;

/** The clock from referral to treatment, where the clinic runs one. Nothing of it is kept: it is read from the log. */
@Injectable()
export class ReferralClockService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Config) private readonly config: Config,
    @Inject(TriageLogService) private readonly log: TriageLogService,
  ) {}

  /** The clocks of these referrals: none where the setting is off, and none of what was merged into another. */
  async clocks(ids: readonly string[]): Promise<ReadonlyMap<string, RttClock>> {
    if (this.config.rttClock === 'off') return new Map();
    const rows = await this.database.client.referral.findMany({
      where: { id: { in: [...ids] }, status: { not: ReferralStatus.MERGED } },
      select: SOURCE,
    });
    return new Map(rows.map((row) => [row.id, this.#toClock(toSource(row))]));
  }

  /** Writes down what counts for the clock. Throws NOT_FOUND, and BAD_INPUT naming the field. */
  async recordRttEvent(actor: StaffActor, input: RecordRttEventInput): Promise<RttClock | NotRecorded> {
    if (this.config.rttClock === 'off') return new RttClockOff();
    return this.database.transaction(async (tx) => {
      const row = await this.log.hold(tx, input.referralId);
      if (row.status === ReferralStatus.MERGED) return new RttClockElsewhere();
      const before = await this.#sourceOf(tx, row.id);
      const isError = input.kind === RttKind.RECORDED_IN_ERROR;
      const refused = isError
        ? mustBeEntry(before, input.entryId ?? null)
        : this.#refused(before, input.kind);
      if (refused !== null) return refused;
      const happenedOn = isError ? null : this.#dayOf(input.happenedOn, before);
      await this.log.write(
        tx,
        actor,
        row,
        {},
        {
          kind: EVENT_OF_KIND[input.kind],
          reason: textOrNull(input.comment),
          subjectId: isError ? (input.entryId ?? null) : null,
          happenedOn,
        },
      );
      return this.#toClock(await this.#sourceOf(tx, row.id));
    });
  }

  #today(): Temporal.PlainDate {
    return localDate(this.clock.now(), this.config.clinicTimeZone);
  }

  async #sourceOf(tx: Tx, id: string): Promise<ClockSource> {
    return toSource(await tx.referral.findUniqueOrThrow({ where: { id }, select: SOURCE }));
  }

  #refused(source: ClockSource, kind: RttKind): RttClockStopped | RttClockRunning | null {
    const { stop } = rttTime(plainDateFromDate(source.receivedOn), this.#entriesOf(source));
    if (kind === RttKind.NEW_START) return stop === null ? new RttClockRunning() : null;
    return stop === null ? null : new RttClockStopped();
  }

  #dayOf(given: string | null | undefined, source: ClockSource): Temporal.PlainDate {
    const today = this.#today();
    const happenedOn = given ? Temporal.PlainDate.from(given) : today;
    const { startedOn, stop } = rttTime(plainDateFromDate(source.receivedOn), this.#entriesOf(source));
    const problem = happenedOnProblem(happenedOn, { receivedOn: stop?.on ?? startedOn, today });
    if (problem !== null) throw badInput(problem);
    return happenedOn;
  }

  /** Moves and entries as they were written, by the moment: a move counts on its local day. */
  #entriesOf({ events, triageEvents }: ClockSource): readonly ClockEntry[] {
    const zone = this.config.clinicTimeZone;
    const moves = events.map(({ action, at }): Timed => {
      return { at, entry: { move: action, on: localDate(instantFromDate(at), zone) } };
    });
    const recorded = triageEvents.flatMap((event): readonly Timed[] => {
      const entry = entryOf(event);
      return entry === null ? [] : [{ at: event.at, entry }];
    });
    return [...moves, ...recorded]
      .toSorted((a, b) => a.at.getTime() - b.at.getTime())
      .map(({ entry }) => entry);
  }

  #toClock(source: ClockSource): RttClock {
    const time = rttTime(plainDateFromDate(source.receivedOn), this.#entriesOf(source));
    const today = this.#today();
    const breach = breachOn(time);
    return {
      startedOn: time.startedOn.toString(),
      weeksWaited: weeksWaited(time, today),
      stoppedOn: time.stop?.on.toString() ?? null,
      stopReason: time.stop?.reason ?? null,
      breachOn: breach.toString(),
      isBreach: Temporal.PlainDate.compare(time.stop?.on ?? today, breach) > 0,
      entries: source.triageEvents.flatMap(toEntry),
    };
  }
}

/** What was recorded with a referral that was merged into this one counts here. */
function toSource({ mergesKept, ...row }: SourceRow): ClockSource {
  const merged = mergesKept.flatMap((merge) => merge.merged.triageEvents);
  const triageEvents = [...row.triageEvents, ...merged].toSorted((a, b) => a.at.getTime() - b.at.getTime());
  return { ...row, triageEvents };
}

function entryOf({ id, kind, happenedOn, subjectId }: TriageEvent): ClockEntry | null {
  const rtt = KIND_OF_EVENT.get(kind);
  if (rtt === RttKind.RECORDED_IN_ERROR) return subjectId === null ? null : { inError: subjectId };
  if (rtt === undefined || happenedOn === null) return null;
  return { id, recorded: rtt, on: plainDateFromDate(happenedOn) };
}

function toEntry(event: TriageEvent): readonly RttEntry[] {
  const kind = KIND_OF_EVENT.get(event.kind);
  if (kind === undefined) return [];
  return [
    {
      id: event.id,
      kind,
      happenedOn: event.happenedOn === null ? null : plainDateFromDate(event.happenedOn).toString(),
      recordedAt: instantFromDate(event.at),
      recordedById: event.actorId,
      comment: event.reason,
      entryId: event.subjectId,
    },
  ];
}

/** Throws BAD_INPUT unless it names an entry of this referral that counts. */
function mustBeEntry({ triageEvents }: ClockSource, entryId: string | null): null {
  const errors = triageEvents.flatMap(({ subjectId }) => subjectId ?? []);
  const counts = triageEvents.some(
    ({ id, happenedOn }) => id === entryId && happenedOn !== null && !errors.includes(id),
  );
  if (!counts) throw badInput('entryId: must name an entry of this clock that counts.');
  return null;
}
