import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import { Database, type Tx } from '../../platform/database/database.service.js';
import type { ImagingProtocol } from '../../platform/database/generated/client.js';
import { ResourceKind } from '../../platform/database/generated/enums.js';
import { badInput } from '../../platform/refusal/refusal.js';
import { Temporal } from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { StaffActor } from '../audit/audit.type.js';
import { LeadTimeService } from '../scheduling/lead-time.service.js';
import { ScheduleService, sayWhyNone } from '../scheduling/schedule.service.js';
import type { BookableWindow, VisitOffer } from '../scheduling/schedule.type.js';
import { CameraWithoutScanner } from './scan-booking.refusals.js';
import { canBeOffered } from './scan-booking.rules.js';
import { ScanFactsService } from './scan-facts.service.js';
import type { ScanOffer, ScanOfferFilterInput, ScanOffers } from './scan-offer.type.js';
import { toLocalMoment } from './scan-record.service.js';

/** Visits that could be booked now. Looks only; nothing is held. */
@Injectable()
export class ScanOfferService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Config) private readonly config: Config,
    @Inject(ScheduleService) private readonly schedule: ScheduleService,
    @Inject(LeadTimeService) private readonly leadTimes: LeadTimeService,
    @Inject(AuditService) private readonly audit: AuditService,
    @Inject(ScanFactsService) private readonly facts: ScanFactsService,
  ) {}

  async scanOffers(actor: StaffActor, referralId: string, filter: ScanOfferFilterInput): Promise<ScanOffers> {
    if (filter.from && filter.until && filter.from > filter.until) {
      throw badInput('filter.until: must not be before filter.from.');
    }
    return this.database.transaction(async (tx) => {
      const protocol = await this.facts.protocolInForce(tx, filter.protocolCode);
      const { referral, standing } = await this.facts.standing(tx, referralId);
      await this.audit.record(tx, actor, {
        action: 'scan-offers.viewed',
        subjectType: 'referral',
        subjectId: referralId,
        patientIds: [referral.patientId],
      });
      const window = await this.leadTimes.bookableWindow(
        tx,
        protocol.code,
        Temporal.PlainDate.from(referral.receivedOn),
      );
      const moving = filter.movingScanBookingId ?? null;
      if (moving !== null && moving !== standing.liveBookingId) {
        throw badInput('filter.movingScanBookingId: is not the live booking of this referral.');
      }
      const found = await this.find(tx, protocol, window, filter);
      return {
        offers: found.offers.map((offer) => this.toScanOffer(offer)),
        earliestOn: window.earliestOn.toString(),
        targetOn: window.targetOn.toString(),
        latestOn: window.latestOn.toString(),
        obstacles: canBeOffered(standing, moving !== null).map(({ code, message }) => ({ code, message })),
        whyNone: found.whyNone,
      };
    });
  }

  /** Only cameras with a scanner are searched: a booking on another would be on nobody's worklist. */
  private async find(
    tx: Tx,
    protocol: ImagingProtocol,
    window: BookableWindow,
    filter: ScanOfferFilterInput,
  ): Promise<{ readonly offers: readonly VisitOffer[]; readonly whyNone: string | null }> {
    const connected = await this.facts.camerasWithScanner(tx);
    const cameraIds = connected.filter((id) => !filter.cameraId || id === filter.cameraId);
    if (cameraIds.length === 0) return { offers: [], whyNone: new CameraWithoutScanner().message };
    const { offers, whyNone } = await this.schedule.visitOffers(tx, {
      chain: chainOf(protocol),
      visitTypeCode: protocol.code,
      window,
      limit: filter.limit,
      ...(filter.movingScanBookingId ? { ignoreHolderId: filter.movingScanBookingId } : {}),
      wanted: {
        resourceIds: cameraIds,
        ...(filter.from ? { onOrAfter: filter.from } : {}),
        ...(filter.until ? { onOrBefore: filter.until } : {}),
        ...(filter.notBefore ? { localTimeFrom: filter.notBefore } : {}),
        ...(filter.notAfter ? { localTimeUntil: filter.notAfter } : {}),
      },
    });
    return { offers, whyNone: whyNone === null ? null : sayWhyNone(whyNone) };
  }

  private toScanOffer(offer: VisitOffer): ScanOffer {
    const zone = this.config.clinicTimeZone;
    const { first, second } = offer;
    return {
      injectionStartsAt: first.startsAt,
      scanStartsAt: second.startsAt,
      scanEndsAt: second.endsAt,
      injectionLocal: toLocalMoment(first.startsAt, zone),
      scanLocal: toLocalMoment(second.startsAt, zone),
      uptakeMinutes: offer.waitMinutes,
      withinTarget: offer.insidePromise,
      camera: taking(second, ResourceKind.CAMERA),
      injectionRoom: taking(first, ResourceKind.INJECTION_ROOM),
      injectionTechnologist: taking(first, ResourceKind.NUCLEAR_MEDICINE_TECHNOLOGIST),
      scanTechnologist: taking(second, ResourceKind.NUCLEAR_MEDICINE_TECHNOLOGIST),
    };
  }
}

function chainOf(protocol: ImagingProtocol) {
  return {
    first: {
      durationMinutes: protocol.injectionMinutes,
      kinds: [ResourceKind.INJECTION_ROOM, ResourceKind.NUCLEAR_MEDICINE_TECHNOLOGIST],
    },
    wait: {
      minMinutes: protocol.uptakeMinutesMin,
      targetMinutes: protocol.uptakeMinutesTarget,
      maxMinutes: protocol.uptakeMinutesMax,
    },
    second: {
      durationMinutes: protocol.acquisitionMinutes,
      kinds: [ResourceKind.CAMERA, ResourceKind.NUCLEAR_MEDICINE_TECHNOLOGIST],
    },
    startStepMinutes: protocol.startStepMinutes,
  };
}

function taking(step: VisitOffer['first'], kind: ResourceKind): { id: string; name: string } {
  const resource = step.resources.find((one) => one.kind === kind);
  if (resource === undefined) throw new Error(`an offer without a ${kind}`);
  return { id: resource.resourceId, name: resource.name };
}
