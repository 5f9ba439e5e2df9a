import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import type { ReferralPriority, ResourceKind } from '../../platform/database/generated/enums.js';
import { Temporal } from '../../platform/time/index.js';
import { LeadTimeService } from '../scheduling/lead-time.service.js';
import type { BookableTime, Chain, DiaryResource, Span } from '../scheduling/schedule.type.js';
import { VisitTypeService } from '../scheduling/visit-type.service.js';
import type { VisitType } from '../scheduling/visit-type.type.js';
import { SearchGroundService } from './search-ground.service.js';
import { VisitCompanions } from './visit-companion.service.js';
import { VisitSearchService } from './visit-search.service.js';

/** The kinds of visit as they are today, read before the transaction that asks about a place. */
export interface KindsOfVisit {
  readonly visitTypes: readonly VisitType[];
  /** The shortest use that the clinic has for each kind of resource, buffers included. */
  readonly shortestUseMs: ReadonlyMap<ResourceKind, number>;
}

/** One kind of visit, and what is free for it around a place. */
export interface KindGround {
  readonly chain: Chain;
  readonly diary: readonly DiaryResource[];
}

/** The kinds of visit that could use a place: their chains, their days, and the diary around it. */
@Injectable()
export class FreedPlaceKindService {
  constructor(
    @Inject(VisitTypeService) private readonly visitTypes: VisitTypeService,
    @Inject(LeadTimeService) private readonly leadTimes: LeadTimeService,
    @Inject(SearchGroundService) private readonly grounds: SearchGroundService,
    @Inject(VisitSearchService) private readonly search: VisitSearchService,
    @Inject(VisitCompanions) private readonly companions: VisitCompanions,
  ) {}

  /** To be asked outside the transaction: it reads by itself. */
  async kinds(): Promise<KindsOfVisit> {
    const shortestUseMs = await this.search.shortestUses();
    return { visitTypes: await this.visitTypes.visitTypes(), shortestUseMs };
  }

  /** Those that are booked here today and need something of one of these kinds. */
  kindsNeeding({ visitTypes }: KindsOfVisit, resources: ReadonlySet<ResourceKind>): readonly VisitType[] {
    const today = this.leadTimes.today();
    return visitTypes.filter(({ retiredOn, companion, protocol }) => {
      if (companion !== null && !this.companions.has(companion)) return false;
      const isRetired =
        retiredOn !== null && Temporal.PlainDate.compare(Temporal.PlainDate.from(retiredOn), today) <= 0;
      const needs = protocol?.steps.flatMap((step) => step.needs) ?? [];
      return !isRetired && needs.some(({ kind }) => resources.has(kind));
    });
  }

  /**
   * One read of the diary for all who wait for this kind, and of what suits the room that follows it. What is kept for
   * those who are asked is free to them.
   */
  async groundFor(
    tx: Tx,
    { code: visitTypeCode, companion }: Pick<VisitType, 'code' | 'companion'>,
    window: Span,
    ignoreHolderId: string,
  ): Promise<KindGround> {
    const { chain } = await this.visitTypes.protocolInForce(tx, visitTypeCode, this.leadTimes.today());
    const suits = await this.grounds.whatSuits(tx, companion);
    const query = { chain, visitTypeCode, window, ignoreHolderId };
    return { chain, diary: await this.grounds.diary(tx, query, suits) };
  }

  /** The days that may be booked for this kind and urgency now. */
  async bookable(tx: Tx, visitType: string, priority: ReferralPriority): Promise<BookableTime> {
    return this.leadTimes.bookableFor(tx, { visitType, priority, startedOn: null });
  }
}
