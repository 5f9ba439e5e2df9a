import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import { Database } from '../../platform/database/database.service.js';
import { badInput } from '../../platform/refusal/refusal.js';
import { AuditService } from '../audit/audit.service.js';
import type { StaffActor } from '../audit/audit.type.js';
import type { VisitOffer } from '../visits/visit-offer.type.js';
import { VisitSearchService } from '../visits/visit-search.service.js';
import { CameraWithoutScanner } from './scan-booking.refusals.js';
import { canBeOffered } from './scan-booking.rules.js';
import { SCAN } from './scan-companion.service.js';
import { ScanFactsService } from './scan-facts.service.js';
import type { ScanOffer, ScanOfferFilterInput, ScanOffers } from './scan-offer.type.js';
import { scanOfSteps, uptakeMinutes } from './scan-place.rules.js';
import { toLocalMoment } from './scan-record.service.js';
import { ScanWishService } from './scan-wish.service.js';

/** Scans that could be booked now. Looks only; nothing is held. */
@Injectable()
export class ScanOfferService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Config) private readonly config: Config,
    @Inject(AuditService) private readonly audit: AuditService,
    @Inject(ScanFactsService) private readonly facts: ScanFactsService,
    @Inject(ScanWishService) private readonly wishes: ScanWishService,
    @Inject(VisitSearchService) private readonly search: VisitSearchService,
  ) {}

  async scanOffers(actor: StaffActor, referralId: string, filter: ScanOfferFilterInput): Promise<ScanOffers> {
    mustBeInOrder(filter);
    const shortestUses = await this.search.shortestUses();
    return this.database.transaction(async (tx) => {
      await this.facts.chainInForce(tx, filter.protocolCode);
      const { referral, standing } = await this.facts.standing(tx, referralId, filter.protocolCode);
      await this.audit.record(tx, actor, {
        action: 'scan-offers.viewed',
        subjectType: 'referral',
        subjectId: referralId,
        patientIds: [referral.patientId],
      });
      const movingId = filter.movingScanBookingId ?? null;
      if (movingId !== null && movingId !== standing.liveBookingId) {
        throw badInput('filter.movingScanBookingId: is not the live booking of this referral.');
      }
      const visitTypeCode = filter.protocolCode;
      const wanted = { visitTypeCode, movingId, cameraId: filter.cameraId ?? null };
      const { facts, hasCamera } = await this.wishes.factsFor(tx, referral, wanted);
      const wish = {
        ...facts,
        visitTypeCode,
        companion: SCAN,
        dailyTimes: { fromTime: filter.notBefore ?? null, untilTime: filter.notAfter ?? null },
        onOrAfter: filter.from ?? null,
        onOrBefore: filter.until ?? null,
      };
      const found = await this.search.find(tx, { ...wish, limit: filter.limit }, shortestUses);
      const { offers, whyNoOffer, ...days } = found;
      return {
        ...days,
        offers: offers.flatMap((offer) => this.#toScanOffer(offer) ?? []),
        obstacles: canBeOffered(standing, movingId !== null).map(({ code, message }) => ({ code, message })),
        whyNone: hasCamera ? (whyNoOffer?.message ?? null) : new CameraWithoutScanner().message,
      };
    });
  }

  #toScanOffer(offer: VisitOffer): ScanOffer | null {
    const zone = this.config.clinicTimeZone;
    const steps = offer.steps.map(({ startsAt, endsAt, resources }) => ({
      startsAt,
      endsAt,
      resources: resources.map(({ role, resource }) => ({ role, id: resource.id, kind: resource.kind })),
    }));
    const scan = scanOfSteps(steps);
    // A protocol whose parts may be on two cameras is offered as a visit, and no such offer is a scan.
    if (scan === null) return null;
    const named = new Map(
      offer.steps
        .flatMap(({ resources }) => resources.map((one) => one.resource))
        .map((one) => [one.id, one]),
    );
    const { injectionStartsAt, scanStartsAt, earlyTechnologistId } = scan;
    const mustHave = (id: string) => {
      const resource = named.get(id);
      if (resource === undefined) throw new Error('an offer with a resource that it does not have');
      return { id: resource.id, name: resource.name };
    };
    return {
      injectionStartsAt,
      scanStartsAt,
      scanEndsAt: scan.scanEndsAt,
      earlyStartsAt: scan.earlyStartsAt,
      injectionLocal: toLocalMoment(injectionStartsAt, zone),
      scanLocal: toLocalMoment(scanStartsAt, zone),
      uptakeMinutes: uptakeMinutes(steps),
      withinTarget: offer.insidePromise,
      camera: mustHave(scan.cameraId),
      injectionRoom: mustHave(scan.injectionRoomId),
      injectionTechnologist: mustHave(scan.injectionTechnologistId),
      scanTechnologist: mustHave(scan.scanTechnologistId),
      earlyTechnologist: earlyTechnologistId === null ? null : mustHave(earlyTechnologistId),
    };
  }
}

function mustBeInOrder({ from, until }: ScanOfferFilterInput): void {
  if (from && until && from > until) throw badInput('filter.until: must not be before filter.from.');
}
