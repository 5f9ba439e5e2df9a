import { Inject, Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.service.js';
import { badInput, isRefusal } from '../../platform/refusal/refusal.js';
import { AuditService } from '../audit/audit.service.js';
import type { StaffActor } from '../audit/audit.type.js';
import type { VisitTypeRetired } from './request.refusals.js';
import { RequestRecordService } from './request-record.service.js';
import { faultOfPattern } from './series.rules.js';
import type { SeriesOfferFilterInput, SeriesOffers } from './series-offer.type.js';
import { SeriesSearchService } from './series-search.service.js';
import type { BookedElsewhere } from './visit-companion.refusals.js';
import { VisitPlaceService } from './visit-place.service.js';

/** Series that could be booked now, for a patient, for a request, or for somebody who is not known yet. Looks only. */
@Injectable()
export class SeriesOfferService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(RequestRecordService) private readonly requests: RequestRecordService,
    @Inject(VisitPlaceService) private readonly places: VisitPlaceService,
    @Inject(SeriesSearchService) private readonly search: SeriesSearchService,
    @Inject(AuditService) private readonly audit: AuditService,
  ) {}

  /** When it names a patient, the look is recorded. Throws NOT_FOUND, and BAD_INPUT where the parts do not fit. */
  async seriesOffers(
    actor: StaffActor,
    filter: SeriesOfferFilterInput,
  ): Promise<SeriesOffers | BookedElsewhere | VisitTypeRetired> {
    mustFit(filter);
    const shortestUseMs = await this.search.shortestUses();
    return this.database.transaction(async (tx) => {
      const visitType = await this.places.bookableType(tx, filter.visitTypeCode);
      if (isRefusal(visitType)) return visitType;
      const request = filter.requestId ? await this.requests.read(tx, filter.requestId) : null;
      if (request !== null && request.visitTypeCode !== visitType.code) {
        throw badInput(`filter.requestId: is of another kind of visit: ${request.visitTypeCode}.`);
      }
      const patientId = filter.patientId ?? request?.patientId ?? null;
      if (request !== null && request.patientId !== patientId) {
        throw badInput('filter.requestId: is another patient’s.');
      }
      if (patientId !== null) {
        await this.audit.record(tx, actor, {
          action: 'visit-offers.viewed',
          subjectType: 'patient',
          subjectId: patientId,
          patientIds: [patientId],
        });
      }
      return this.search.find(tx, {
        visitTypeCode: visitType.code,
        companion: visitType.companion,
        patientId,
        priority: request?.priority ?? null,
        startedOn: request?.clock.startedOn ?? null,
        travelMinutes: request?.travelMinutes ?? 0,
        times: request?.times ?? [],
        dailyTimes: { fromTime: filter.localTimeFrom ?? null, untilTime: filter.localTimeUntil ?? null },
        count: filter.count,
        everyDays: filter.everyDays,
        toleranceDays: Math.min(filter.toleranceDays, Math.floor((filter.everyDays - 1) / 2)),
        onOrAfter: filter.onOrAfter ?? null,
        onOrBefore: filter.onOrBefore ?? null,
        wantedResourceIds: filter.wantedResourceIds ?? [],
        keepsStaff: filter.keepsStaff ?? request?.keepsStaff ?? false,
        shortestUseMs,
        limit: filter.limit,
      });
    });
  }
}

function mustFit(filter: SeriesOfferFilterInput): void {
  const { count, everyDays, onOrAfter, onOrBefore, localTimeFrom, localTimeUntil } = filter;
  const fault = faultOfPattern(count, everyDays);
  if (fault !== null) throw badInput(`filter.count: ${fault}.`);
  if (onOrAfter && onOrBefore && onOrAfter > onOrBefore) {
    throw badInput('filter.onOrBefore: must not be before filter.onOrAfter.');
  }
  if (localTimeFrom && localTimeUntil && localTimeFrom >= localTimeUntil) {
    throw badInput('filter.localTimeUntil: must be after filter.localTimeFrom.');
  }
}
