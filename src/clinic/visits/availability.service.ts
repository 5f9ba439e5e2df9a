import { Inject, Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import { Database } from '../../platform/database/database.service.js';
import { ReferralPriority } from '../../platform/database/generated/enums.js';
import { PublicDoors } from '../../platform/http/public-doors.js';
import { localDate, Temporal } from '../../platform/time/index.js';
import { findChainOffers } from '../scheduling/diary.service.js';
import { LeadTimeService, NoPolicyInForce } from '../scheduling/lead-time.service.js';
import { NoProtocolInForce, VisitTypeService } from '../scheduling/visit-type.service.js';
import type { VisitType } from '../scheduling/visit-type.type.js';
import { isShownPublicly, lookUntil, waitDays } from './availability.rules.js';
import type { NextAvailability, PublicAvailability } from './availability.type.js';
import { SearchGroundService } from './search-ground.service.js';

const VISIT_TYPE_CODE = /^[A-Z][A-Z0-9_]{1,59}$/;

/** How long the wait is today, from what is really free. */
@Injectable()
export class AvailabilityService implements OnModuleInit {
  readonly #log = new Logger('availability');
  /** Kinds of visit about whose missing data it has been said once. */
  readonly #unready = new Set<string>();

  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(VisitTypeService) private readonly visitTypes: VisitTypeService,
    @Inject(LeadTimeService) private readonly leadTimes: LeadTimeService,
    @Inject(SearchGroundService) private readonly grounds: SearchGroundService,
    @Inject(Config) private readonly config: Config,
    @Inject(PublicDoors) private readonly doors: PublicDoors,
  ) {}

  /** `GET /public/availability/<code>`, for the clinic's website. */
  onModuleInit(): void {
    this.doors.register({
      name: 'availability',
      subject: VISIT_TYPE_CODE,
      answer: (code) => this.publicAvailability(code),
    });
  }

  /** A few statements, however full and however long the diary is. A kind that there is not is not found. */
  async nextAvailability(
    visitTypeCode: string,
    priority: ReferralPriority = ReferralPriority.ROUTINE,
  ): Promise<NextAvailability> {
    const visitType = await this.visitTypes.visitType(this.database.client, visitTypeCode);
    const today = this.leadTimes.today();
    const earliestOn = await this.#firstDay(visitType, priority);
    return {
      visitTypeCode,
      priority,
      earliestOn: earliestOn?.toString() ?? null,
      waitDays: waitDays(today, earliestOn),
      asOf: today.toString(),
    };
  }

  /** For anybody; null for what is not public, for what there is not, and for what nobody could book yet. */
  async publicAvailability(visitTypeCode: string): Promise<PublicAvailability | null> {
    const known = await this.visitTypes.findVisitType(visitTypeCode);
    const today = this.leadTimes.today();
    if (known === null || !isShownPublicly(known, today)) return null;
    try {
      const earliestOn = await this.#firstDay(known, ReferralPriority.ROUTINE);
      return { visitTypeCode, earliestOn: earliestOn?.toString() ?? null, asOf: today.toString() };
    } catch (error) {
      if (!(error instanceof NoPolicyInForce || error instanceof NoProtocolInForce)) throw error;
      if (!this.#unready.has(visitTypeCode))
        this.#log.warn(`shown to the public but not bookable: ${error.message}`);
      this.#unready.add(visitTypeCode);
      return null;
    }
  }

  async #firstDay(
    { code: visitTypeCode, companion }: Pick<VisitType, 'code' | 'companion'>,
    priority: ReferralPriority,
  ): Promise<Temporal.PlainDate | null> {
    const reader = this.database.client;
    const suits = await this.grounds.whatSuits(reader, companion);
    const { chain } = await this.visitTypes.protocolInForce(reader, visitTypeCode, this.leadTimes.today());
    const asked = { visitType: visitTypeCode, priority, startedOn: null };
    const { from, until, earliestOn } = await this.leadTimes.bookableFor(reader, asked);
    const timeZone = this.config.clinicTimeZone;
    for (const end of lookUntil(earliestOn, until, timeZone)) {
      const window = { startsAt: from, endsAt: end };
      const diary = await this.grounds.diary(reader, { chain, visitTypeCode, window }, suits);
      const [first] = findChainOffers({
        diary,
        patientFree: null,
        chain,
        fromMs: from.epochMilliseconds,
        untilMs: end.epochMilliseconds,
        // Only the day matters: no promise, no breach, whoever is on duty.
        targetUntilMs: end.epochMilliseconds,
        breachUntilMs: end.epochMilliseconds,
        timeZone,
        keepsStaff: false,
        shortestUseMs: new Map(),
        limit: 1,
      });
      const startMs = first?.steps[0]?.startMs;
      if (startMs !== undefined) return localDate(Temporal.Instant.fromEpochMilliseconds(startMs), timeZone);
    }
    return null;
  }
}
