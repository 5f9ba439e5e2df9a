import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import type { ReferralPriority } from '../../platform/database/generated/enums.js';
import {
  Clock,
  dateFromInstant,
  instantFromDate,
  plainDateFromDate,
  Temporal,
} from '../../platform/time/index.js';
import { addTimes, DiaryService, subtractTimes, toFreeTimes } from '../scheduling/diary.service.js';
import { LeadTimeService } from '../scheduling/lead-time.service.js';
import type { BookableTime, Chain, DiaryResource, MsSpan, Span } from '../scheduling/schedule.type.js';
import { VisitTypeService } from '../scheduling/visit-type.service.js';
import type { ClosedTime, SiteResource } from './closure-facts.service.js';
import { wallTime } from './request.rules.js';
import type { TimeOfPatient } from './stated-times.rules.js';
import type { Visit } from './visit.type.js';
import { VisitCompanions } from './visit-companion.service.js';

/** What a visit's request says about another time for it. */
export interface PromiseMade {
  readonly priority: ReferralPriority;
  readonly targetOn: Temporal.PlainDate;
  readonly breachOn: Temporal.PlainDate;
  readonly travelMinutes: number;
  readonly noticeHoursMin: number;
  readonly keepsStaff: boolean;
  readonly times: readonly TimeOfPatient[];
}

/** Where visits of one kind, booked under one protocol, can go while the closure lasts. */
export interface Ground {
  readonly visitTypeCode: string;
  readonly chain: Chain;
  /** The patient is theirs also while one step waits for another. */
  readonly keepsPatient: boolean;
  readonly bookable: BookableTime;
  /** Free time by resource. It shrinks as the plan grows. */
  readonly diary: Map<string, DiaryResource>;
}

/** Everything that a plan is made of, read at once: from here on nobody asks the database. */
export interface ClosureGround {
  readonly promises: ReadonlyMap<string, PromiseMade>;
  readonly grounds: ReadonlyMap<string, Ground>;
  /** When each patient has to be elsewhere, by id. It grows with the plan. */
  readonly elsewhere: Map<string, MsSpan[]>;
}

/** Reads the free time for the visits of a closure: as many statements as they have kinds, however many visits. */
@Injectable()
export class ClosureGroundService {
  constructor(
    @Inject(VisitTypeService) private readonly types: VisitTypeService,
    @Inject(LeadTimeService) private readonly leadTimes: LeadTimeService,
    @Inject(DiaryService) private readonly diaries: DiaryService,
    @Inject(VisitCompanions) private readonly companions: VisitCompanions,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /** `leaving` are the visits that give up their place, holds too; their time counts as free for their own kind. */
  async ground(tx: Tx, time: ClosedTime, leaving: readonly Visit[]): Promise<ClosureGround> {
    const promises = await this.#promises(tx, leaving);
    const given = await this.#givenBack(tx, leaving);
    const grounds = new Map<string, Ground>();
    for (const visit of leaving) {
      const promise = promiseOf(promises, visit);
      const key = groundKey(visit, promise);
      if (grounds.has(key)) continue;
      const { chain } = await this.types.protocolById(tx, visit.protocolId);
      const bookable = await this.leadTimes.bookableFor(tx, {
        visitType: visit.visitTypeCode,
        priority: promise?.priority ?? null,
        startedOn: null,
      });
      const { visitTypeCode } = visit;
      const window = { startsAt: this.clock.now(), endsAt: latest(bookable.until, leaving) };
      const free = await this.diaries.diary(tx, { chain, visitTypeCode, window });
      const own = given.filter((span) => span.visitTypeCode === visitTypeCode);
      const usable = await this.#usable(tx, time, visit, chain);
      const keepsPatient = this.companions.keepsPatient(visit.companion);
      const diary = withoutClosed(free, own, usable, time);
      grounds.set(key, { visitTypeCode, chain, keepsPatient, bookable, diary });
    }
    return { promises, grounds, elsewhere: await this.#elsewhere(tx, leaving) };
  }

  /** What of the site can serve the chain, and will do for the room that follows the visit in its own way. */
  async #usable(
    tx: Tx,
    { ofSite }: ClosedTime,
    { companion }: Visit,
    chain: Chain,
  ): Promise<readonly SiteResource[]> {
    const suits = await this.companions.whatSuits(tx, companion);
    return ofSite.filter((resource) => canServe(resource, chain) && suits(resource));
  }

  async #promises(tx: Tx, visits: readonly Visit[]): Promise<ReadonlyMap<string, PromiseMade>> {
    const ids = visits.flatMap(({ requestId }) => (requestId === null ? [] : [requestId]));
    const rows = await tx.visitRequest.findMany({ where: { id: { in: ids } }, include: { times: true } });
    return new Map(
      rows.map((row) => [
        row.id,
        {
          priority: row.priority,
          targetOn: plainDateFromDate(row.targetOn),
          breachOn: plainDateFromDate(row.breachOn),
          travelMinutes: row.travelMinutes,
          noticeHoursMin: row.noticeHoursMin,
          keepsStaff: row.keepsStaff,
          times: row.times.map(({ isoWeekday, isExcluded, ...time }) => ({
            isoWeekday,
            isExcluded,
            fromTime: time.fromTime && wallTime(instantFromDate(time.fromTime)),
            untilTime: time.untilTime && wallTime(instantFromDate(time.untilTime)),
            firstOn: time.firstOn && plainDateFromDate(time.firstOn).toString(),
            lastOn: time.lastOn && plainDateFromDate(time.lastOn).toString(),
          })),
        },
      ]),
    );
  }

  async #givenBack(tx: Tx, visits: readonly Visit[]): Promise<readonly GivenSpan[]> {
    const kinds = new Map(visits.map(({ id, visitTypeCode }) => [id, visitTypeCode]));
    const rows = await tx.spanClaim.findMany({
      where: { holderId: { in: [...kinds.keys()] }, releasedAt: null },
      select: { holderId: true, resourceId: true, startsAt: true, endsAt: true },
    });
    return rows.map((row) => ({
      resourceId: row.resourceId,
      visitTypeCode: kinds.get(row.holderId) ?? '',
      span: [row.startsAt.getTime(), row.endsAt.getTime()],
    }));
  }

  async #elsewhere(tx: Tx, visits: readonly Visit[]): Promise<Map<string, MsSpan[]>> {
    const now = dateFromInstant(this.clock.now());
    const rows = await tx.patientPresence.findMany({
      where: {
        patientId: { in: visits.map(({ patientId }) => patientId) },
        holderId: { notIn: visits.map(({ id }) => id) },
        releasedAt: null,
        endsAt: { gt: now },
        OR: [{ expiresAt: null }, { expiresAt: { gt: now } }],
      },
      select: { patientId: true, startsAt: true, endsAt: true },
    });
    const elsewhere = new Map<string, MsSpan[]>();
    for (const { patientId, startsAt, endsAt } of rows) {
      const own = elsewhere.get(patientId) ?? [];
      elsewhere.set(patientId, own);
      own.push([startsAt.getTime(), endsAt.getTime()]);
    }
    return elsewhere;
  }
}

interface GivenSpan {
  readonly resourceId: string;
  readonly visitTypeCode: string;
  readonly span: MsSpan;
}

/** One for each kind of visit, protocol and urgency: by these the diary and the days differ. */
export function groundKey(visit: Visit, promise: PromiseMade | null): string {
  return `${visit.visitTypeCode} ${visit.protocolId} ${promise?.priority ?? ''}`;
}

export function promiseOf(promises: ReadonlyMap<string, PromiseMade>, visit: Visit): PromiseMade | null {
  return visit.requestId === null ? null : (promises.get(visit.requestId) ?? null);
}

/** What was free and what is given back, of the resources that can be used, but for the time that is closed. */
function withoutClosed(
  free: readonly DiaryResource[],
  given: readonly GivenSpan[],
  usable: readonly SiteResource[],
  time: ClosedTime,
): Map<string, DiaryResource> {
  const known = new Map(free.map((resource) => [resource.id, resource]));
  const closedIds = new Set(time.closed.map(({ id }) => id));
  const closed: MsSpan = [time.startsAt.epochMilliseconds, time.endsAt.epochMilliseconds];
  const diary = new Map<string, DiaryResource>();
  for (const resource of usable) {
    const own = given.filter(({ resourceId }) => resourceId === resource.id).map(({ span }) => span);
    const before = known.get(resource.id) ?? { ...resource, siteId: time.siteCode, ...toFreeTimes([]) };
    const whole = own.length === 0 ? before : addTimes(before, toFreeTimes(own));
    const left = closedIds.has(resource.id) ? subtractTimes(whole, [closed]) : whole;
    diary.set(resource.id, { ...before, starts: left.starts, ends: left.ends });
  }
  return diary;
}

function canServe({ kind, skills }: SiteResource, chain: Chain): boolean {
  return chain.steps.some(({ needs }) =>
    needs.some((need) => need.kind === kind && (need.skill === null || skills.includes(need.skill))),
  );
}

/** The end of the diary, or of the last of the visits: somebody may have gone beyond the diary for one. */
function latest(until: Temporal.Instant, visits: readonly Span[]): Temporal.Instant {
  return visits.reduce(
    (last, { endsAt }) => (Temporal.Instant.compare(last, endsAt) < 0 ? endsAt : last),
    until,
  );
}
