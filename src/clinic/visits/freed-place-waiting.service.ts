import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import type { Tx } from '../../platform/database/database.service.js';
import { Temporal } from '../../platform/time/index.js';
import { ConsentService } from '../consent/consent.service.js';
import { ReferralService } from '../referrals/referral.service.js';
import { DiaryService } from '../scheduling/diary.service.js';
import type { MsSpan, Span } from '../scheduling/schedule.type.js';
import type { VisitType } from '../scheduling/visit-type.type.js';
import { WAITING_FOR_PLACE } from './freed-place.queries.js';
import { REQUESTS_WEIGHED_MAX } from './freed-place.rules.js';
import type { VisitRequest } from './request.type.js';
import { RequestRecordService } from './request-record.service.js';
import { common, statedFree } from './stated-times.rules.js';
import { canHaveVisit } from './visit.rules.js';

/** A place, as far as it matters to who waits. */
export interface PlaceToFill {
  readonly id: string;
  readonly endsAt: Temporal.Instant;
  /** Whose visit left it. */
  readonly leftByPatientId: string;
  /** Local date on which it begins. */
  readonly on: Temporal.PlainDate;
}

/** A request that waits and may be asked, with the times at which its patient can come. */
export interface WaitingRequest {
  readonly request: VisitRequest;
  readonly patientFree: readonly MsSpan[];
}

/** Who waits and may be asked about a place. A fixed number of statements, however many wait. */
@Injectable()
export class FreedPlaceWaitingService {
  constructor(
    @Inject(RequestRecordService) private readonly requests: RequestRecordService,
    @Inject(ReferralService) private readonly referrals: ReferralService,
    @Inject(ConsentService) private readonly consent: ConsentService,
    @Inject(DiaryService) private readonly diaries: DiaryService,
    @Inject(Config) private readonly config: Config,
  ) {}

  /** The most urgent first. The referral and the consent that their kind of visit needs stand at `now`. */
  async waiting(
    tx: Tx,
    place: PlaceToFill,
    visitTypes: readonly VisitType[],
    at: { readonly now: Temporal.Instant; readonly window: Span },
  ): Promise<readonly WaitingRequest[]> {
    const rows = await tx.$queryRawUnsafe<readonly { id: string }[]>(
      WAITING_FOR_PLACE,
      visitTypes.map(({ code }) => code),
      place.id,
      place.leftByPatientId,
      at.now.toString(),
      place.endsAt.toString(),
      place.on.toString(),
      REQUESTS_WEIGHED_MAX,
    );
    if (rows.length === 0) return [];
    const read = await this.requests.readMany(
      tx,
      rows.map(({ id }) => id),
    );
    const known = new Map(read.map((request) => [request.id, request]));
    const inOrder = rows.flatMap(({ id }) => known.get(id) ?? []);
    const standing = await this.#standing(tx, inOrder, visitTypes, at.now);
    const free = await this.diaries.patientsFree(tx, standing, at.window);
    return standing.map((request, index) => ({
      request,
      patientFree: this.#canCome(request, free[index] ?? [], at.window),
    }));
  }

  /** Those who could have their visit today, whatever the time. */
  async #standing(
    tx: Tx,
    requests: readonly VisitRequest[],
    visitTypes: readonly VisitType[],
    now: Temporal.Instant,
  ): Promise<readonly VisitRequest[]> {
    const referralIds = requests.flatMap(({ referralId }) => referralId ?? []);
    const referrals = await this.referrals.byIds(tx, referralIds);
    const agreed = new Map<string, ReadonlySet<string>>();
    const types = new Map(visitTypes.map((type) => [type.code, type]));
    const purposeOf = ({ visitTypeCode }: VisitRequest) => types.get(visitTypeCode)?.consentPurpose ?? null;
    for (const purpose of new Set(requests.flatMap((request) => purposeOf(request) ?? []))) {
      const asked = requests.filter((request) => purposeOf(request) === purpose);
      const patientIds = [...new Set(asked.map(({ patientId }) => patientId))];
      agreed.set(purpose, await this.consent.patientsInForce(tx, patientIds, purpose, now));
    }
    return requests.filter((request) => {
      const visitType = types.get(request.visitTypeCode);
      if (visitType === undefined) return false;
      const purpose = purposeOf(request);
      const inForce = purpose === null || (agreed.get(purpose)?.has(request.patientId) ?? false);
      const { status = null } = referrals.get(request.referralId ?? '') ?? {};
      const consent = purpose === null ? null : { inForce, reason: '' };
      return canHaveVisit(visitType, { referralStatus: status, consent }) === null;
    });
  }

  /** What the patient said, less where they have to be anyway and the way there. */
  #canCome(request: VisitRequest, free: readonly MsSpan[], window: Span): readonly MsSpan[] {
    const range = { fromMs: window.startsAt.epochMilliseconds, untilMs: window.endsAt.epochMilliseconds };
    const said = statedFree(request.times, range, this.config.clinicTimeZone);
    return said === null ? free : common(said, free);
  }
}
