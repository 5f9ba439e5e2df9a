import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import {
  type ConsentPurpose,
  VisitRequestStatus,
  VisitStatus,
} from '../../platform/database/generated/enums.js';
import { badInput, type Refusal } from '../../platform/refusal/refusal.js';
import { Clock, dateFromInstant } from '../../platform/time/index.js';
import { askedByVisit, ConsentService } from '../consent/consent.service.js';
import type { ConsentHold } from '../consent/consent-standing.service.js';
import { PatientService } from '../patients/patient.service.js';
import { ReferralService } from '../referrals/referral.service.js';
import type { VisitType } from '../scheduling/visit-type.type.js';
import type { VisitRequest } from './request.type.js';
import { RequestRecordService } from './request-record.service.js';
import { LOCK_BESIDE } from './visit.queries.js';
import { ConsentNotConfirmed, RequestAlreadyBooked, VisitNeedsConsent } from './visit.refusals.js';
import { canHaveVisit, canReplace, LIVE_VISIT_STATUSES } from './visit.rules.js';
import { VisitRecordService } from './visit-record.service.js';

/** Whose visit it is to be, and what it answers. */
export interface VisitSubject {
  readonly patientId: string;
  readonly visitTypeCode: string;
  readonly requestId: string | null;
  /** The visit that it is booked instead of. */
  readonly replacesId: string | null;
  /** Of one of a series: which, and its place in it. The series answers the request as a whole. */
  readonly seriesId?: string | null;
  readonly seriesPosition?: number | null;
}

/** Whether a patient may have a kind of visit at all, whatever the time. Looked up under locks, so it stays so. */
@Injectable()
export class VisitStandingService {
  constructor(
    @Inject(RequestRecordService) private readonly requests: RequestRecordService,
    @Inject(ReferralService) private readonly referrals: ReferralService,
    @Inject(PatientService) private readonly patients: PatientService,
    @Inject(ConsentService) private readonly consent: ConsentService,
    @Inject(VisitRecordService) private readonly records: VisitRecordService,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /**
   * Before a new visit: keeps the visit that it replaces from changing, and takes holds that have ended out of the
   * way of its request. A hold that has ended is shown as such in any case; here the table follows. The ids of those,
   * for whoever notes what became of them.
   */
  async clearTheWay(tx: Tx, { requestId, replacesId }: VisitSubject): Promise<readonly string[]> {
    if (requestId === null && replacesId === null) return [];
    const now = this.clock.now();
    const rows = await tx.$queryRawUnsafe<readonly { id: string }[]>(
      LOCK_BESIDE,
      requestId,
      replacesId,
      now.toString(),
    );
    const ended = await tx.visit.updateManyAndReturn({
      where: {
        id: { in: rows.map(({ id }) => id) },
        status: VisitStatus.HELD,
        heldUntil: { lte: dateFromInstant(now) },
      },
      data: {
        status: VisitStatus.LAPSED,
        replacesId: null,
        version: { increment: 1 },
        changedAt: dateFromInstant(now),
      },
      select: { id: true },
    });
    return ended.map(({ id }) => id);
  }

  /**
   * One that is booked instead of another of a series takes its place there, and answers the request of the series,
   * unless it is of another kind or answers another request: then it stands by itself.
   */
  async inSeries(tx: Tx, subject: VisitSubject): Promise<VisitSubject> {
    if (subject.replacesId === null) return subject;
    const replaced = await tx.visit.findUnique({
      where: { id: subject.replacesId },
      select: { patientId: true, visitTypeCode: true, requestId: true, seriesId: true, seriesPosition: true },
    });
    if (replaced === null || replaced.seriesId === null) return subject;
    const { patientId, visitTypeCode, requestId, seriesId, seriesPosition } = replaced;
    const isAlike = patientId === subject.patientId && visitTypeCode === subject.visitTypeCode;
    const isForIt = subject.requestId === null || subject.requestId === requestId;
    return isAlike && isForIt ? { ...subject, requestId, seriesId, seriesPosition } : subject;
  }

  /**
   * Holds the request, the referral and the patient, in this order, and says no for the first reason. `ownId` is the
   * visit itself when it is there already. While somebody still decides, consent is not asked for.
   */
  async request(
    tx: Tx,
    subject: VisitSubject,
    visitType: VisitType,
    options: { readonly ownId?: string; readonly asksConsent: boolean },
  ): Promise<Refusal | { readonly request: VisitRequest | null }> {
    const request = subject.requestId === null ? null : await this.requests.lock(tx, subject.requestId);
    if (request !== null) mustBeOf(request, subject);
    const referral =
      request === null || request.referralId === null
        ? null
        : await this.referrals.mustHaveReferral(tx, request.referralId, { hold: true });
    await this.patients.lockPatient(tx, subject.patientId);
    const consent =
      visitType.consentPurpose === null || !options.asksConsent
        ? null
        : await this.#consent(tx, subject, visitType.consentPurpose);
    const refusal =
      canHaveVisit(visitType, { referralStatus: referral?.status ?? null, consent }) ??
      (await this.#takenRequest(tx, request, subject, options.ownId ?? null)) ??
      (await this.#replaced(tx, subject, options.ownId ?? null));
    return refusal ?? { request };
  }

  /**
   * Whether the consent that this kind of visit asks for still holds when the patient comes, and is confirmed when it begins;
   * null: it does, or none is asked for. Holds the patient: what is withdrawn at this moment is so before or after.
   */
  async goesOn(
    tx: Tx,
    subject: Pick<VisitSubject, 'patientId' | 'visitTypeCode'>,
    purpose: ConsentPurpose | null,
    isBeginning: boolean,
  ): Promise<VisitNeedsConsent | ConsentNotConfirmed | null> {
    if (purpose === null) return null;
    await this.patients.lockPatient(tx, subject.patientId);
    const { inForce, mayBegin, reason } = await this.#consent(tx, subject, purpose);
    if (!inForce) return new VisitNeedsConsent(reason);
    return isBeginning && !mayBegin ? new ConsentNotConfirmed(reason) : null;
  }

  #consent(
    tx: Tx,
    { patientId, visitTypeCode }: Pick<VisitSubject, 'patientId' | 'visitTypeCode'>,
    purpose: ConsentPurpose,
  ): Promise<ConsentHold> {
    const asked = askedByVisit(purpose, visitTypeCode);
    return this.consent.inForce(tx, patientId, purpose, this.clock.now(), asked);
  }

  async #takenRequest(
    tx: Tx,
    request: VisitRequest | null,
    { seriesId = null, replacesId }: VisitSubject,
    ownId: string | null,
  ): Promise<RequestAlreadyBooked | null> {
    if (request === null) return null;
    const live = await tx.visit.findFirst({
      where: {
        requestId: request.id,
        status: { in: [...LIVE_VISIT_STATUSES] },
        ...(ownId === null ? {} : { id: { not: ownId } }),
        ...(seriesId === null ? {} : { OR: [{ seriesId: null }, { seriesId: { not: seriesId } }] }),
      },
      select: { id: true },
    });
    if (live !== null) return new RequestAlreadyBooked(live.id);
    // One instead of another of a series is wanted after all, also where the request was closed with the last of them.
    const isOfSeries =
      seriesId !== null && (request.status === VisitRequestStatus.BOOKED || replacesId !== null);
    const isOpen = ownId !== null || isOfSeries || request.status === VisitRequestStatus.WAITING;
    return isOpen ? null : new RequestAlreadyBooked();
  }

  async #replaced(tx: Tx, subject: VisitSubject, ownId: string | null): Promise<Refusal | null> {
    if (subject.replacesId === null || ownId !== null) return null;
    const replaced = await this.records.read(tx, subject.replacesId);
    return canReplace(replaced, subject.patientId);
  }
}

/** A request is of one patient and for one kind of visit; another is the caller's mistake. */
function mustBeOf(request: VisitRequest, subject: VisitSubject): void {
  if (request.patientId !== subject.patientId) {
    throw badInput('input.requestId: is the request of another patient.');
  }
  if (request.visitTypeCode !== subject.visitTypeCode) {
    throw badInput(`input.requestId: asks for another kind of visit: ${request.visitTypeCode}.`);
  }
}
