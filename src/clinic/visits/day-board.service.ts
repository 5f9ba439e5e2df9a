import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import { Database } from '../../platform/database/database.service.js';
import type { ExceptionKind, ResourceKind, VisitStatus } from '../../platform/database/generated/enums.js';
import { notFound } from '../../platform/refusal/refusal.js';
import { Clock, spanOfDay, Temporal } from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { StaffActor } from '../audit/audit.type.js';
import { PatientService } from '../patients/patient.service.js';
import type { Patient } from '../patients/patient.type.js';
import { ScheduleService } from '../scheduling/schedule.service.js';
import type { FreeSpan } from '../scheduling/schedule.type.js';
import { BOARD } from './day-board.queries.js';
import { expectedDelays, nextStep, visitOverrun, waitingMinutes } from './day-board.rules.js';
import type { DayBoard, DayBoardResource, DayBoardRow, DayClosure } from './day-board.type.js';
import type { VisitResource } from './visit.type.js';
import { allowedActions } from './visit-day.rules.js';

export interface DayBoardWish {
  /** `YYYY-MM-DD` on the clinic's calendar. */
  readonly date: string;
  /** Code of the only site; null: all. */
  readonly siteCode: string | null;
  readonly includeCancelled: boolean;
  /** What the person who looks may do. */
  readonly permissions: ReadonlySet<string>;
}

/** The day as reception sees it: a fixed number of statements, however many visits there are. */
@Injectable()
export class DayBoardService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Config) private readonly config: Config,
    @Inject(ScheduleService) private readonly schedule: ScheduleService,
    @Inject(PatientService) private readonly patients: PatientService,
    @Inject(AuditService) private readonly audit: AuditService,
  ) {}

  /**
   * The board of one day; the look at its patients is recorded, and without its record there is no answer. Nothing else
   * is written, so no transaction is opened for it: each statement counts on a screen that reception has open all day.
   */
  async dayBoard(actor: StaffActor, wish: DayBoardWish): Promise<DayBoard> {
    const zone = this.config.clinicTimeZone;
    const { start: startsAt, end: endsAt } = spanOfDay(Temporal.PlainDate.from(wish.date), zone);
    const now = this.clock.now();
    const { client } = this.database;
    const [found] = await client.$queryRawUnsafe<readonly BoardRow[]>(
      BOARD,
      startsAt.toString(),
      endsAt.toString(),
      now.toString(),
      wish.includeCancelled,
      wish.date,
      zone,
      wish.siteCode,
    );
    if (found === undefined) throw new Error('The board is one row, whatever there is.');
    if (!found.isSite) throw notFound('site');
    const open = await this.schedule.openSpans(client, { window: { startsAt, endsAt } });
    const patientIds = [...new Set(found.visits.map((visit) => visit.patientId))];
    const people = await this.patients.byIds(client, patientIds);
    await this.audit.record(client, actor, {
      action: 'day-board.viewed',
      subjectType: 'visit',
      patientIds,
      after: { date: wish.date, siteCode: wish.siteCode },
    });
    return {
      date: wish.date,
      siteCode: wish.siteCode,
      day: { startsAt, endsAt },
      bankHoliday: found.bankHoliday,
      rows: toRows(found.visits, people, { permissions: wish.permissions, now, zone }),
      resources: toResources(found, open),
    };
  }
}

interface StepRow {
  readonly position: number;
  readonly name: string;
  readonly startsAtMs: number;
  readonly endsAtMs: number;
  readonly startedAtMs: number | null;
  readonly endedAtMs: number | null;
  /** Null: of a step that fills the wait before another. */
  readonly waitMinutesMin: number | null;
  readonly waitMinutesMax: number | null;
  readonly resources: readonly { readonly role: string; readonly resource: VisitResource }[];
}

interface VisitRow {
  readonly id: string;
  readonly patientId: string;
  readonly requestId: string | null;
  readonly siteCode: string;
  readonly visitTypeCode: string;
  readonly visitTypeName: string;
  readonly companion: string | null;
  readonly status: VisitStatus;
  readonly version: number;
  readonly startsAtMs: number;
  readonly endsAtMs: number;
  readonly heldUntilMs: number | null;
  readonly arrivedAtMs: number | null;
  readonly startedAtMs: number | null;
  readonly finishedAtMs: number | null;
  readonly cancelReasonCode: string | null;
  readonly steps: readonly StepRow[];
}

interface ClosureRow {
  /** Null: the whole clinic. */
  readonly resourceId: string | null;
  readonly kind: ExceptionKind;
  readonly reason: string;
  readonly startsAtMs: number;
  readonly endsAtMs: number;
}

interface BoardRow {
  readonly visits: readonly VisitRow[];
  readonly resources: readonly {
    readonly id: string;
    readonly kind: ResourceKind;
    readonly name: string;
    readonly siteCode: string;
  }[];
  /** False: no site has the code that was asked for. */
  readonly isSite: boolean;
  readonly closures: readonly ClosureRow[];
  readonly bankHoliday: string | null;
}

function toRows(
  found: readonly VisitRow[],
  people: ReadonlyMap<string, Patient>,
  look: { readonly permissions: ReadonlySet<string>; readonly now: Temporal.Instant; readonly zone: string },
): readonly DayBoardRow[] {
  const { permissions, now, zone } = look;
  const visits = found.map(toTimes);
  const delays = expectedDelays(visits, now);
  return visits.map((visit) => {
    const { id, waits, ...shown } = visit;
    return {
      ...shown,
      visitId: id,
      waitingMinutes: waitingMinutes(visit, now),
      overrunMinutes: visitOverrun(visit, now),
      expectedDelayMinutes: delays.get(id) ?? 0,
      nextStep: nextStep(visit, waits, now),
      allowedActions: allowedActions(visit, now, permissions, zone),
      person: people.get(visit.patientId) ?? null,
    };
  });
}

function toTimes(row: VisitRow) {
  const { startsAtMs, endsAtMs, heldUntilMs, arrivedAtMs, startedAtMs, finishedAtMs, steps, ...rest } = row;
  return {
    ...rest,
    startsAt: instant(startsAtMs),
    endsAt: instant(endsAtMs),
    heldUntil: instantOrNull(heldUntilMs),
    arrivedAt: instantOrNull(arrivedAtMs),
    startedAt: instantOrNull(startedAtMs),
    finishedAt: instantOrNull(finishedAtMs),
    waits: steps.map(({ waitMinutesMin, waitMinutesMax }) =>
      waitMinutesMin === null || waitMinutesMax === null
        ? null
        : { minMinutes: waitMinutesMin, maxMinutes: waitMinutesMax },
    ),
    steps: steps.map(({ position, name, resources, ...times }) => ({
      position,
      name,
      resources,
      startsAt: instant(times.startsAtMs),
      endsAt: instant(times.endsAtMs),
      startedAt: instantOrNull(times.startedAtMs),
      endedAt: instantOrNull(times.endedAtMs),
    })),
  };
}

function toResources(found: BoardRow, open: readonly FreeSpan[]): readonly DayBoardResource[] {
  return found.resources.map((resource) => ({
    ...resource,
    openSpans: open
      .filter((span) => span.resourceId === resource.id)
      .map(({ startsAt, endsAt }) => ({ startsAt, endsAt })),
    closures: found.closures
      .filter(({ resourceId }) => resourceId === null || resourceId === resource.id)
      .map(toClosure),
  }));
}

function toClosure({ kind, reason, startsAtMs, endsAtMs }: ClosureRow): DayClosure {
  return { kind, reason, startsAt: instant(startsAtMs), endsAt: instant(endsAtMs) };
}

function instant(epochMs: number): Temporal.Instant {
  return Temporal.Instant.fromEpochMilliseconds(Number(epochMs));
}

function instantOrNull(epochMs: number | null): Temporal.Instant | null {
  return epochMs === null ? null : instant(epochMs);
}
