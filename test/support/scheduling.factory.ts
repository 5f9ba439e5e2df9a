import { randomUUID } from 'node:crypto';
import { AuditService } from '../../src/clinic/audit/audit.service.js';
import { CalendarService } from '../../src/clinic/calendar/calendar.service.js';
import { BankHolidayService } from '../../src/clinic/scheduling/bank-holiday.service.js';
import { ClaimService } from '../../src/clinic/scheduling/claim.service.js';
import { ClaimHolders } from '../../src/clinic/scheduling/claim-holders.service.js';
import { ClaimRefusalService } from '../../src/clinic/scheduling/claim-refusal.service.js';
import { ClosedTimeService } from '../../src/clinic/scheduling/closed-time.service.js';
import { DiaryService } from '../../src/clinic/scheduling/diary.service.js';
import { FreeTimeService } from '../../src/clinic/scheduling/free-time.service.js';
import { LeadTimeService } from '../../src/clinic/scheduling/lead-time.service.js';
import { OpeningService } from '../../src/clinic/scheduling/opening.service.js';
import { ResourceService } from '../../src/clinic/scheduling/resource.service.js';
import { ScheduleService } from '../../src/clinic/scheduling/schedule.service.js';
import type { Chain } from '../../src/clinic/scheduling/schedule.type.js';
import { SiteService } from '../../src/clinic/scheduling/site.service.js';
import { VisitTypeService } from '../../src/clinic/scheduling/visit-type.service.js';
import { readConfig } from '../../src/platform/config/index.js';
import type { Database } from '../../src/platform/database/database.service.js';
import type { ExceptionKind, ResourceKind } from '../../src/platform/database/generated/enums.js';
import { type Clock, dateFromInstant, dateFromPlainDate, Temporal } from '../../src/platform/time/index.js';
import { FixedClock } from './fixed-clock.js';

/** The services of the scheduling room on a test's database, in Europe/London unless the environment says otherwise. */
export function schedulingOn(database: Database, clock: Clock = new FixedClock(), environment = {}) {
  const config = readConfig(environment, '/tmp');
  const audit = new AuditService(database, clock);
  const calendarRoom = new CalendarService(database, clock, config, audit);
  const freeTime = new FreeTimeService(clock, config);
  const claims = new ClaimService(freeTime, new ClaimRefusalService(freeTime, config));
  const holders = new ClaimHolders();
  const closedTime = new ClosedTimeService(freeTime, clock, config, holders);
  return {
    schedule: new ScheduleService(freeTime, claims),
    claims,
    diary: new DiaryService(freeTime, clock),
    visitTypes: new VisitTypeService(database, audit, clock, config),
    closedTime,
    calendar: new OpeningService(database, closedTime, audit),
    holders,
    resources: new ResourceService(database, audit, closedTime, holders, config),
    sites: new SiteService(database, closedTime, audit),
    leadTimes: new LeadTimeService(database, audit, clock, config, calendarRoom),
    holidays: new BankHolidayService(calendarRoom, closedTime),
    calendarRoom,
  };
}

/** An injection and an acquisition, with the wait between them, as the search reads them. */
export function aChain(): Chain {
  const need = (role: string, kind: ResourceKind): Chain['steps'][number]['needs'][number] => ({
    role,
    kind,
    skill: null,
    bufferBeforeMinutes: 0,
    bufferAfterMinutes: 0,
    continuity: 'FREE',
  });
  const step = { patientPresent: true, fillsWait: false };
  return {
    startStepMinutes: 15,
    steps: [
      {
        ...step,
        name: 'Injection',
        durationMinutes: 30,
        wait: null,
        needs: [need('room', 'INJECTION_ROOM'), need('injector', 'NUCLEAR_MEDICINE_TECHNOLOGIST')],
      },
      {
        ...step,
        name: 'Scan',
        durationMinutes: 45,
        wait: { minMinutes: 120, targetMinutes: 180, maxMinutes: 300 },
        needs: [need('camera', 'CAMERA'), need('operator', 'NUCLEAR_MEDICINE_TECHNOLOGIST')],
      },
    ],
  };
}

/** `08:00-12:00`, local wall time. */
export type Hours = `${string}-${string}`;

export interface ResourceWish {
  readonly name?: string;
  /** Hours by ISO weekday. */
  readonly week?: Readonly<Record<number, readonly Hours[]>>;
  /** The same hours from Monday to Friday. */
  readonly weekdays?: readonly Hours[];
  readonly validFrom?: string;
  readonly validUntil?: string;
  /** Code of its site; left out: MAIN. */
  readonly siteCode?: string;
}

/** A resource with its weekly hours; its id. */
export async function makeResource(
  database: Database,
  kind: ResourceKind,
  wish: ResourceWish = {},
): Promise<string> {
  const { weekdays = [], validFrom = '2020-01-01', validUntil } = wish;
  const week = wish.week ?? Object.fromEntries([1, 2, 3, 4, 5].map((isoWeekday) => [isoWeekday, weekdays]));
  const row = await database.client.resource.create({
    data: {
      kind,
      ...(wish.siteCode === undefined ? {} : { siteCode: wish.siteCode }),
      name: wish.name ?? `${kind} ${randomUUID().slice(0, 8)}`,
      openingHours: {
        create: Object.entries(week).flatMap(([isoWeekday, sessions]) =>
          sessions.map((hours) => ({
            isoWeekday: Number(isoWeekday),
            ...timesOf(hours, 'opensAt', 'closesAt'),
            validFrom: dateOf(validFrom),
            validUntil: validUntil ? dateOf(validUntil) : null,
          })),
        ),
      },
    },
  });
  return row.id;
}

/** A closure (of everything where no resource is named) or an extra session. */
export async function makeException(
  database: Database,
  kind: ExceptionKind,
  heldOn: string,
  wish: { readonly resourceId?: string; readonly hours?: Hours; readonly serves?: string[] } = {},
): Promise<void> {
  await database.client.openingException.create({
    data: {
      kind,
      heldOn: dateOf(heldOn),
      resourceId: wish.resourceId ?? null,
      ...(wish.hours ? timesOf(wish.hours, 'startsAt', 'endsAt') : {}),
      serves: wish.serves ?? [],
      reason: 'for a test',
    },
  });
}

export async function makeBankHoliday(database: Database, heldOn: string): Promise<void> {
  await database.client.bankHoliday.create({ data: { heldOn: dateOf(heldOn), name: 'for a test' } });
}

/** A claim as it stands in the table; its holder. */
export async function makeClaim(
  database: Database,
  claim: {
    readonly resourceId: string;
    readonly startsAt: string;
    readonly endsAt: string;
    readonly holderId?: string;
    readonly isReleased?: boolean;
  },
): Promise<string> {
  const holderId = claim.holderId ?? randomUUID();
  await database.client.spanClaim.create({
    data: {
      resourceId: claim.resourceId,
      holderId,
      startsAt: instantOf(claim.startsAt),
      endsAt: instantOf(claim.endsAt),
      claimedAt: instantOf('2026-01-01T00:00:00Z'),
      releasedAt: claim.isReleased ? instantOf('2026-01-02T00:00:00Z') : null,
    },
  });
  return holderId;
}

/** Lead times for a kind of visit, in force since 2020. */
export async function makeLeadTimePolicy(
  database: Database,
  visitType: string,
  days: { readonly earliestDays?: number; readonly targetDays?: number; readonly latestDays?: number } = {},
): Promise<void> {
  await database.client.leadTimePolicy.create({
    data: {
      visitType,
      earliestDays: days.earliestDays ?? 7,
      targetDays: days.targetDays ?? 14,
      breachDays: days.targetDays ?? 14,
      latestDays: days.latestDays ?? 60,
      effectiveFrom: dateOf('2020-01-01'),
      reason: 'for a test',
    },
  });
}

function timesOf<From extends string, Until extends string>(hours: Hours, from: From, until: Until) {
  const [opens, closes] = hours.split('-');
  return { [from]: instantOf(`1970-01-01T${opens}:00Z`), [until]: instantOf(`1970-01-01T${closes}:00Z`) } as {
    [Key in From | Until]: Date;
  };
}

function dateOf(date: string): Date {
  return dateFromPlainDate(Temporal.PlainDate.from(date));
}

function instantOf(instant: string): Date {
  return dateFromInstant(Temporal.Instant.from(instant));
}
