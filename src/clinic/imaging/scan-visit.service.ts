import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import { ReferralStatus, VisitStatus } from '../../platform/database/generated/enums.js';
import { badInput, isRefusal, type Refusal } from '../../platform/refusal/refusal.js';
import { claimConstraints } from '../scheduling/claim.service.js';
import { PatientElsewhere } from '../scheduling/schedule.refusals.js';
import type { Booker } from '../visits/booker.type.js';
import { AlreadyWaiting, ReferralNotYetAccepted } from '../visits/request.refusals.js';
import { RequestService } from '../visits/request.service.js';
import { RequestRecordService } from '../visits/request-record.service.js';
import {
  RequestAlreadyBooked,
  VisitCommentMissing,
  VisitHasBegun,
  VisitNeedsConsent,
  VisitNeedsReferral,
  VisitOutsideProtocol,
} from '../visits/visit.refusals.js';
import type { Visit } from '../visits/visit.type.js';
import { VisitBookingService } from '../visits/visit-booking.service.js';
import type { WantedStepInput } from '../visits/visit-booking.type.js';
import { VisitCancelService } from '../visits/visit-cancel.service.js';
import { CompanionRefused } from '../visits/visit-companion.refusals.js';
import { VisitMoveService } from '../visits/visit-move.service.js';
import { VisitRecordService } from '../visits/visit-record.service.js';
import {
  CancelCommentMissing,
  ConsentMissing,
  PatientAlreadyBooked,
  ReferralAlreadyBooked,
  ReferralNotAccepted,
  ScanIsOver,
} from './scan-booking.refusals.js';

/** The database's own "no"s, as imaging says them: it has the last word when two people book at the same moment. */
export const SCAN_CONSTRAINTS: Readonly<Record<string, () => Refusal>> = {
  ...claimConstraints,
  patient_presences_one_place: () => new PatientAlreadyBooked(),
  visits_one_live_per_request: () => new ReferralAlreadyBooked(),
  scan_bookings_one_live_per_referral: () => new ReferralAlreadyBooked(),
};

/** The visit under a scan: booked, moved and cancelled as every visit is, with the refusals in imaging's words. */
@Injectable()
export class ScanVisitService {
  constructor(
    @Inject(RequestService) private readonly requests: RequestService,
    @Inject(RequestRecordService) private readonly requestRecords: RequestRecordService,
    @Inject(VisitRecordService) private readonly visits: VisitRecordService,
    @Inject(VisitBookingService) private readonly booking: VisitBookingService,
    @Inject(VisitMoveService) private readonly moves: VisitMoveService,
    @Inject(VisitCancelService) private readonly cancels: VisitCancelService,
  ) {}

  /** The visits that scans are, by id. Whoever shows them has recorded the look at the scan. */
  visitsOf(ids: readonly string[]): Promise<ReadonlyMap<string, Visit>> {
    return this.visits.known(ids);
  }

  /** For the request of the referral that waits, or one that is made now. */
  async book(tx: Tx, booker: Booker, wish: ScanWish): Promise<Visit | Refusal> {
    const requestId = await this.#requestFor(tx, booker, wish);
    if (isRefusal(requestId)) return sayAsImaging(tx, requestId);
    const { patientId, visitTypeCode, steps } = wish;
    const input = { patientId, visitTypeCode, requestId, steps, anyMinute: true };
    return sayAsImaging(tx, await this.booking.bookIn(tx, booker, input, VisitStatus.BOOKED));
  }

  /** Whoever calls this holds the visit. */
  async move(tx: Tx, booker: Booker, visitId: string, steps: WantedStepInput[]): Promise<Visit | Refusal> {
    const { version } = await this.visits.read(tx, visitId);
    const input = { visitId, version, steps, anyMinute: true };
    return sayAsImaging(tx, await this.moves.moveIn(tx, booker, input));
  }

  /** Whoever calls this holds the visit. */
  async cancel(
    tx: Tx,
    booker: Booker,
    visitId: string,
    why: { readonly reasonCode: string; readonly comment: string | null },
  ): Promise<Visit | Refusal> {
    const { version } = await this.visits.read(tx, visitId);
    return sayAsImaging(tx, await this.cancels.cancelIn(tx, booker, { visitId, version, ...why }));
  }

  async #requestFor(
    tx: Tx,
    booker: Booker,
    { patientId, visitTypeCode, referralId }: ScanWish,
  ): Promise<string | Refusal> {
    const waiting = await this.requestRecords.waitingFor(tx, { patientId, visitTypeCode, referralId });
    if (waiting !== null) return waiting.id;
    const made = await this.requests.requestIn(tx, booker.actor, {
      patientId,
      visitTypeCode,
      referralId,
      times: [],
      travelMinutes: 0,
      keepsStaff: false,
      wantsFreed: true,
      noticeHoursMin: 0,
    });
    if (made instanceof AlreadyWaiting) return made.requestId;
    return isRefusal(made) ? made : made.id;
  }
}

/** A scan as a visit, for whom. */
export interface ScanWish {
  readonly patientId: string;
  readonly referralId: string;
  readonly visitTypeCode: string;
  readonly steps: WantedStepInput[];
}

/** What visits say, as imaging's callers know it: a visit that is only held is no scan yet. */
export async function sayAsImaging<Answer extends object>(tx: Tx, answer: Answer): Promise<Answer | Refusal> {
  if (!(answer instanceof RequestAlreadyBooked) || answer.visitId === null) return inImagingsWords(answer);
  const { visitId: id } = answer;
  const scan = await tx.scanBooking.findUnique({ where: { id }, select: { id: true } });
  return scan === null ? new ReferralAlreadyBooked(null, id) : new ReferralAlreadyBooked(scan.id);
}

/** The same of what says by itself what it is. What is no more than a mistake in the input is said as such. */
function inImagingsWords<Answer extends object>(answer: Answer): Answer | Refusal {
  if (answer instanceof CompanionRefused) return answer.said;
  if (answer instanceof VisitNeedsReferral) {
    return new ReferralNotAccepted(answer.referralStatus ?? ReferralStatus.RECEIVED);
  }
  if (answer instanceof ReferralNotYetAccepted) return new ReferralNotAccepted(answer.status);
  if (answer instanceof VisitNeedsConsent) return new ConsentMissing(answer.reason);
  if (answer instanceof RequestAlreadyBooked) return new ReferralAlreadyBooked();
  if (answer instanceof PatientElsewhere) return new PatientAlreadyBooked();
  if (answer instanceof VisitHasBegun) return new ScanIsOver();
  if (answer instanceof VisitCommentMissing) return new CancelCommentMissing();
  if (answer instanceof VisitOutsideProtocol) throw badInput(`input: ${answer.message}`);
  return answer;
}
