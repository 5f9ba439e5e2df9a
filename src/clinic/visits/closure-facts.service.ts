import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import type { Tx } from '../../platform/database/database.service.js';
import type { ResourceKind } from '../../platform/database/generated/enums.js';
import { badInput, notFound } from '../../platform/refusal/refusal.js';
import { Clock, dateFromPlainDate, instantFromDate, localDate, Temporal } from '../../platform/time/index.js';
import { InThePast } from '../scheduling/schedule.refusals.js';
import type { Span } from '../scheduling/schedule.type.js';
import { BOOKED_IN_TIME } from './closure.queries.js';
import { ClosureTooLarge } from './closure.refusals.js';
import {
  CLOSURE_VISITS_MAX,
  type ClosureHand,
  faultOfTime,
  handOn,
  lastEnd,
  type PlannedVisit,
  planContent,
} from './closure.rules.js';
import type { ClosureInput } from './closure.type.js';
import type { Visit } from './visit.type.js';
import { VisitRecordService } from './visit-record.service.js';

/** What a closure may close, or a proposal use. */
export interface SiteResource {
  readonly id: string;
  readonly kind: ResourceKind;
  readonly name: string;
  readonly skills: readonly string[];
}

/** What is to be closed, as it stands now. */
export interface ClosedTime extends Span {
  readonly siteCode: string;
  /** As asked for; empty: all of the site. */
  readonly askedIds: readonly string[];
  /** Every one of them, by kind and name. */
  readonly closed: readonly SiteResource[];
  /** All that the site has, the closed ones too. */
  readonly ofSite: readonly SiteResource[];
}

/** What lies in the time of a closure. */
export interface Affected {
  /** With what can be done with each. */
  readonly visits: readonly { readonly visit: Visit; readonly hand: ClosureHand }[];
  /** From then on no visit is under way; null: none is. */
  readonly possibleFrom: Temporal.Instant | null;
  /** Places that fell free and are kept for those who are asked about them. */
  readonly offeredPlaceIds: readonly string[];
  /** Booked, and neither of these. */
  readonly others: readonly Span[];
}

interface BookedRow {
  readonly holderId: string;
  readonly isVisit: boolean;
  readonly isOffered: boolean;
  readonly startsAt: Date;
  readonly endsAt: Date;
}

/** What a closure is about: its resources and what is booked in its time. A fixed number of statements. */
@Injectable()
export class ClosureFactsService {
  constructor(
    @Inject(VisitRecordService) private readonly records: VisitRecordService,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Config) private readonly config: Config,
  ) {}

  /** Throws NOT_FOUND for a site or a resource that there is not, and BAD_INPUT for a time that no calendar keeps. */
  async closedTime(tx: Tx, input: ClosureInput): Promise<ClosedTime | InThePast> {
    const timeZone = this.config.clinicTimeZone;
    const { startsAt, endsAt, siteCode, resourceIds } = input;
    const fault = faultOfTime({ startsAt, endsAt }, timeZone);
    if (fault !== null) throw badInput(fault);
    const now = this.clock.now();
    const today = localDate(now, timeZone);
    const isToCome =
      Temporal.Instant.compare(endsAt, now) > 0 &&
      Temporal.PlainDate.compare(localDate(startsAt, timeZone), today) >= 0;
    if (!isToCome) return new InThePast();
    const ofSite = await tx.resource.findMany({
      where: { siteCode, OR: [{ retiredOn: null }, { retiredOn: { gt: dateFromPlainDate(today) } }] },
      select: { id: true, kind: true, name: true, skills: true },
      orderBy: [{ kind: 'asc' }, { name: 'asc' }],
    });
    const asked = new Set(resourceIds);
    const closed = asked.size === 0 ? ofSite : ofSite.filter(({ id }) => asked.has(id));
    if (closed.length === 0 || closed.length < asked.size) throw notFound('resource');
    return { siteCode, startsAt, endsAt, askedIds: resourceIds.toSorted(), closed, ofSite };
  }

  /** Holds that have ended are nobody's. */
  async affected(tx: Tx, time: ClosedTime): Promise<Affected | ClosureTooLarge> {
    const now = this.clock.now();
    const rows = await tx.$queryRawUnsafe<readonly BookedRow[]>(
      BOOKED_IN_TIME,
      time.closed.map(({ id }) => id),
      time.startsAt.toString(),
      time.endsAt.toString(),
      now.toString(),
    );
    const booked = rows.map((row) => ({ ...row, ...toSpan(row) }));
    const ids = [...new Set(booked.filter(({ isVisit }) => isVisit).map(({ holderId }) => holderId))];
    if (ids.length > CLOSURE_VISITS_MAX) return new ClosureTooLarge(ids.length, CLOSURE_VISITS_MAX);
    const visits = (await this.records.byIds(tx, ids))
      .map((visit) => ({ visit, hand: handOn(visit, now) }))
      .toSorted((a, b) => (a.visit.id < b.visit.id ? -1 : 1));
    const left = new Set(visits.filter(({ hand }) => hand === 'LEAVE').map(({ visit }) => visit.id));
    return {
      visits,
      possibleFrom: lastEnd(booked.filter(({ holderId }) => left.has(holderId))),
      offeredPlaceIds: [
        ...new Set(booked.filter(({ isOffered }) => isOffered).map(({ holderId }) => holderId)),
      ],
      others: booked
        .filter(({ isVisit, isOffered }) => !isVisit && !isOffered)
        .map(({ startsAt, endsAt }) => ({ startsAt, endsAt })),
    };
  }

  /** Stands for the time, the resources and the visits as they are. */
  planSha256(time: ClosedTime, visits: readonly PlannedVisit[]): string {
    const { siteCode, askedIds, startsAt, endsAt } = time;
    const content = planContent({ siteCode, resourceIds: askedIds, startsAt, endsAt }, visits);
    return createHash('sha256').update(content).digest('hex');
  }
}

function toSpan(row: BookedRow): Span {
  return { startsAt: instantFromDate(row.startsAt), endsAt: instantFromDate(row.endsAt) };
}
