import { Inject, Injectable } from '@nestjs/common';
import { Database, type Tx } from '../../platform/database/database.service.js';
import { badInput, isRefusal } from '../../platform/refusal/refusal.js';
import { AuditService } from '../audit/audit.service.js';
import type { StaffActor } from '../audit/audit.type.js';
import type { VisitTypeRetired } from './request.refusals.js';
import type { VisitRequest } from './request.type.js';
import { RequestRecordService } from './request-record.service.js';
import type { Visit } from './visit.type.js';
import type { BookedElsewhere } from './visit-companion.refusals.js';
import type { VisitOfferFilterInput, VisitOffers } from './visit-offer.type.js';
import { VisitPlaceService } from './visit-place.service.js';
import { VisitRecordService } from './visit-record.service.js';
import { VisitSearchService } from './visit-search.service.js';

/** Visits that could be booked now, for a patient, for a request, or for somebody who is not known yet. Looks only. */
@Injectable()
export class VisitOfferService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(RequestRecordService) private readonly requests: RequestRecordService,
    @Inject(VisitRecordService) private readonly records: VisitRecordService,
    @Inject(VisitPlaceService) private readonly places: VisitPlaceService,
    @Inject(VisitSearchService) private readonly search: VisitSearchService,
    @Inject(AuditService) private readonly audit: AuditService,
  ) {}

  /** When it names a patient, the look is recorded. Throws NOT_FOUND, and BAD_INPUT where the parts do not fit. */
  async visitOffers(
    actor: StaffActor,
    filter: VisitOfferFilterInput,
  ): Promise<VisitOffers | BookedElsewhere | VisitTypeRetired> {
    mustBeInOrder(filter);
    const shortestUses = await this.search.shortestUses();
    return this.database.transaction(async (tx) => {
      const visitType = await this.places.bookableType(tx, filter.visitTypeCode);
      if (isRefusal(visitType)) return visitType;
      const { request, moved } = await this.#subjects(tx, filter);
      const patientId = filter.patientId ?? request?.patientId ?? moved?.patientId ?? null;
      if (patientId !== null) await this.#recordLook(tx, actor, patientId);
      const wish = {
        visitTypeCode: visitType.code,
        companion: visitType.companion,
        protocolId: moved?.protocolId ?? null,
        patientId,
        priority: request?.priority ?? null,
        startedOn: request?.clock.startedOn ?? null,
        travelMinutes: request?.travelMinutes ?? 0,
        times: request?.times ?? [],
        dailyTimes: { fromTime: filter.localTimeFrom ?? null, untilTime: filter.localTimeUntil ?? null },
        onOrAfter: filter.onOrAfter ?? null,
        onOrBefore: filter.onOrBefore ?? null,
        wantedResourceIds: filter.wantedResourceIds ?? [],
        siteCode: filter.siteCode ?? null,
        ignoreHolderId: moved?.id ?? null,
        keepsStaff: filter.keepsStaff ?? request?.keepsStaff ?? false,
        limit: filter.limit,
      };
      return this.search.find(tx, wish, shortestUses);
    });
  }

  /** The visit to be moved and the request, its own where none is named; both of one patient and of this kind. */
  async #subjects(
    tx: Tx,
    filter: VisitOfferFilterInput,
  ): Promise<{ readonly request: VisitRequest | null; readonly moved: Visit | null }> {
    const moved = filter.ignoreVisitId ? await this.records.read(tx, filter.ignoreVisitId) : null;
    const requestId = filter.requestId ?? moved?.requestId ?? null;
    const request = requestId === null ? null : await this.requests.read(tx, requestId);
    for (const [field, subject] of [
      ['requestId', request],
      ['ignoreVisitId', moved],
    ] as const) {
      if (subject === null) continue;
      if (subject.visitTypeCode !== filter.visitTypeCode) {
        throw badInput(`filter.${field}: is of another kind of visit: ${subject.visitTypeCode}.`);
      }
      const patientId = filter.patientId ?? moved?.patientId ?? subject.patientId;
      if (subject.patientId !== patientId) throw badInput(`filter.${field}: is another patient’s.`);
    }
    return { request, moved };
  }

  async #recordLook(tx: Tx, actor: StaffActor, patientId: string): Promise<void> {
    await this.audit.record(tx, actor, {
      action: 'visit-offers.viewed',
      subjectType: 'patient',
      subjectId: patientId,
      patientIds: [patientId],
    });
  }
}

function mustBeInOrder(filter: VisitOfferFilterInput): void {
  const { onOrAfter, onOrBefore, localTimeFrom, localTimeUntil } = filter;
  if (onOrAfter && onOrBefore && onOrAfter > onOrBefore) {
    throw badInput('filter.onOrBefore: must not be before filter.onOrAfter.');
  }
  if (localTimeFrom && localTimeUntil && localTimeFrom >= localTimeUntil) {
    throw badInput('filter.localTimeUntil: must be after filter.localTimeFrom.');
  }
}
