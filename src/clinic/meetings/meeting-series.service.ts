import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import { Database, type Tx } from '../../platform/database/database.service.js';
import type { Prisma } from '../../platform/database/generated/client.js';
import { badInput, notFound } from '../../platform/refusal/refusal.js';
import {
  Clock,
  dateFromInstant,
  dateFromPlainDate,
  instantFromDate,
  localDate,
  plainDateFromDate,
  Temporal,
} from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { StaffActor } from '../audit/audit.type.js';
import { heldSeries } from './meeting.queries.js';
import { SeriesEnded, SeriesTermAlreadySet } from './meeting.refusals.js';
import { AGENDA_CLOSES_HOURS_USUAL, type Meeting } from './meeting.type.js';
import { MeetingPlanningService } from './meeting-planning.service.js';
import { daysOfSeries, startOfMeeting } from './meeting-series.rules.js';
import type {
  BeginMeetingSeriesInput,
  ChangeMeetingSeriesInput,
  EndMeetingSeriesInput,
  MeetingSeries,
  MeetingSeriesTermInput,
  MeetingsPlanned,
  PlanSeriesInput,
} from './meeting-series.type.js';

/** A year of weekly meetings is what a person plans at once; one statement each. */
const PLAN_DAYS_MAX = 366;

const WHOLE_SERIES = {
  terms: { orderBy: { effectiveFrom: 'asc' } },
} as const satisfies Prisma.MeetingSeriesInclude;
type SeriesRow = Prisma.MeetingSeriesGetPayload<{ include: typeof WHOLE_SERIES }>;

/** Meetings that come again. How one is held is never edited: a change is a term of its own. */
@Injectable()
export class MeetingSeriesService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Config) private readonly config: Config,
    @Inject(AuditService) private readonly audit: AuditService,
    @Inject(MeetingPlanningService) private readonly planning: MeetingPlanningService,
  ) {}

  /** By name. */
  async meetingSeries(): Promise<readonly MeetingSeries[]> {
    const rows = await this.database.client.meetingSeries.findMany({
      include: WHOLE_SERIES,
      orderBy: [{ name: 'asc' }, { id: 'asc' }],
    });
    return rows.map(toSeries);
  }

  /** Throws NOT_FOUND for a chair that there is not, BAD_INPUT. */
  async beginMeetingSeries(actor: StaffActor, input: BeginMeetingSeriesInput): Promise<MeetingSeries> {
    const term = await this.#term(actor, input);
    return this.database.transaction(async (tx) => {
      const row = await tx.meetingSeries.create({
        data: {
          ...{ name: input.name.trim(), createdById: actor.id, terms: { create: term } },
          createdAt: dateFromInstant(this.clock.now()),
        },
        include: WHOLE_SERIES,
      });
      return this.#record(tx, actor, 'begun', null, row);
    });
  }

  /** From a day on; what is planned already stays. Throws NOT_FOUND, BAD_INPUT. */
  async changeMeetingSeries(
    actor: StaffActor,
    input: ChangeMeetingSeriesInput,
  ): Promise<MeetingSeries | SeriesTermAlreadySet | SeriesEnded> {
    const term = await this.#term(actor, input);
    return this.database.transaction<MeetingSeries | SeriesEnded, SeriesTermAlreadySet>(
      async (tx) => {
        const before = await this.#hold(tx, input.seriesId);
        if (before.endedOn !== null && before.endedOn <= term.effectiveFrom) return new SeriesEnded();
        const row = await tx.meetingSeries.update({
          where: { id: before.id },
          data: { terms: { create: term }, version: { increment: 1 } },
          include: WHOLE_SERIES,
        });
        return this.#record(tx, actor, 'changed', before, row);
      },
      {
        onConstraint: {
          meeting_series_terms_series_id_effective_from_key: () => new SeriesTermAlreadySet(),
        },
      },
    );
  }

  /** Throws NOT_FOUND, BAD_INPUT. */
  async endMeetingSeries(
    actor: StaffActor,
    { seriesId, on }: EndMeetingSeriesInput,
  ): Promise<MeetingSeries | SeriesEnded> {
    const endedOn = Temporal.PlainDate.from(on);
    if (Temporal.PlainDate.compare(endedOn, this.#today()) < 0)
      throw badInput('on: must not be in the past.');
    return this.database.transaction(async (tx) => {
      const before = await this.#hold(tx, seriesId);
      if (before.endedOn !== null) return new SeriesEnded();
      const row = await tx.meetingSeries.update({
        where: { id: before.id },
        data: { endedOn: dateFromPlainDate(endedOn), version: { increment: 1 } },
        include: WHOLE_SERIES,
      });
      return this.#record(tx, actor, 'ended', before, row);
    });
  }

  /** The meetings of a series that are not there yet. Doing it twice is doing it once. Throws NOT_FOUND, BAD_INPUT. */
  async planSeries(actor: StaffActor, { seriesId, until }: PlanSeriesInput): Promise<MeetingsPlanned> {
    const [now, from, to] = [this.clock.now(), this.#today(), Temporal.PlainDate.from(until)];
    if (Temporal.PlainDate.compare(to, from.add({ days: PLAN_DAYS_MAX })) > 0) {
      throw badInput(`until: must be at most ${PLAN_DAYS_MAX} days ahead.`);
    }
    return this.database.transaction(async (tx) => {
      const series = await this.#hold(tx, seriesId);
      const endedOn = series.endedOn === null ? null : plainDateFromDate(series.endedOn);
      const terms = series.terms.map((term) => ({
        ...term,
        effectiveFrom: plainDateFromDate(term.effectiveFrom),
      }));
      const planned = await tx.meeting.findMany({ where: { seriesId }, select: { startsAt: true } });
      const there = new Set(planned.map(({ startsAt }) => startsAt.getTime()));
      const meetings: Meeting[] = [];
      for (const { heldOn, term } of daysOfSeries(terms, endedOn, from, to)) {
        const startsAt = startOfMeeting(heldOn, term.startsAtTime, this.config.clinicTimeZone);
        const isNew = !there.has(startsAt.epochMilliseconds) && Temporal.Instant.compare(startsAt, now) > 0;
        if (isNew) {
          const plan = { ...term, name: series.name, startsAt };
          meetings.push(await this.planning.plan(tx, actor, plan));
        }
      }
      return { meetings };
    });
  }

  async #term(actor: StaffActor, input: MeetingSeriesTermInput) {
    const effectiveFrom = Temporal.PlainDate.from(input.effectiveFrom);
    if (Temporal.PlainDate.compare(effectiveFrom, this.#today()) < 0) {
      throw badInput('effectiveFrom: must not be in the past.');
    }
    await this.planning.mustHaveStaff([input.chairId]);
    const { weekday, everyWeeks, startsAtTime, durationMinutes, mode, chairId } = input;
    return {
      ...{ weekday, everyWeeks, startsAtTime, durationMinutes, mode, chairId, setById: actor.id },
      place: input.place.trim(),
      quorum: [...input.quorum],
      agendaClosesHours: input.agendaClosesHours ?? AGENDA_CLOSES_HOURS_USUAL,
      effectiveFrom: dateFromPlainDate(effectiveFrom),
      setAt: dateFromInstant(this.clock.now()),
    };
  }

  #today(): Temporal.PlainDate {
    return localDate(this.clock.now(), this.config.clinicTimeZone);
  }

  async #hold(tx: Tx, id: string): Promise<SeriesRow> {
    await tx.$queryRaw(heldSeries(id));
    const row = await tx.meetingSeries.findUnique({ where: { id }, include: WHOLE_SERIES });
    if (row === null) throw notFound('meeting series');
    return row;
  }

  async #record(
    tx: Tx,
    actor: StaffActor,
    action: string,
    before: SeriesRow | null,
    row: SeriesRow,
  ): Promise<MeetingSeries> {
    const after = toSeries(row);
    await this.audit.record(tx, actor, {
      action: `meeting-series.${action}`,
      subjectType: 'meeting-series',
      subjectId: row.id,
      ...(before === null ? {} : { before: toSeries(before) }),
      after,
    });
    return after;
  }
}

function toSeries(row: SeriesRow): MeetingSeries {
  return {
    id: row.id,
    name: row.name,
    endedOn: row.endedOn === null ? null : plainDateFromDate(row.endedOn).toString(),
    version: row.version,
    terms: row.terms.map((term) => ({
      ...term,
      effectiveFrom: plainDateFromDate(term.effectiveFrom).toString(),
      setAt: instantFromDate(term.setAt),
    })),
  };
}
