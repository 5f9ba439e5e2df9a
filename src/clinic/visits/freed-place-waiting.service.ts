import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import type { Tx } from '../../platform/database/database.service.js';
import { instantFromDate, type Temporal } from '../../platform/time/index.js';
import { askedByVisit, ConsentService } from '../consent/consent.service.js';
import { ReferralService } from '../referrals/referral.service.js';
import { DiaryService, subtractTimes, toFreeTimes, toSpans } from '../scheduling/diary.service.js';
import type { MsSpan, Span } from '../scheduling/schedule.type.js';
import type { VisitType } from '../scheduling/visit-type.type.js';
import { SOONER_FOR_PLACE, WAITING_FOR_PLACE } from './freed-place.queries.js';
import { REQUESTS_WEIGHED_MAX } from './freed-place.rules.js';
import type { VisitRequest } from './request.type.js';
import { RequestRecordService } from './request-record.service.js';
import { SearchGroundService } from './search-ground.service.js';
import { common, statedFree } from './stated-times.rules.js';
import { canHaveVisit, canMoveAgain } from './visit.rules.js';

/** A place, as far as it matters to who waits. */
export interface PlaceToFill {
  readonly id: string;
  readonly endsAt: Temporal.Instant;
  /** Whose visit left it. */
  readonly leftByPatientId: string;
  /** Local date on which it begins. */
  readonly on: Temporal.PlainDate;
}

/** A request whose patient may be asked, with the times at which its patient can come. */
export interface WaitingRequest {
  readonly request: VisitRequest;
  /** The visit that they have and would come sooner for; null: none. */
  readonly movesVisitId: string | null;
  readonly noticeHoursMin: number;
  readonly patientFree: readonly MsSpan[];
  /** Stretches of which one must hold the visit whole; null: the waits in it are the patient's own. */
  readonly undisturbed: readonly MsSpan[] | null;
}

/** A row of those who may be asked, with the visit that they have, if they have one. */
interface WaitingRow {
  readonly id: string;
  /** Starts about which they were asked before: epoch milliseconds. */
  readonly askedAtMs: readonly number[];
  readonly visitId?: string;
  readonly noticeHoursMin?: number;
}

interface SoonerRow extends WaitingRow {
  readonly visitId: string;
  readonly protocolId: string;
  readonly movesCount: number;
  readonly startsAt: Date;
  readonly noticeHoursMin: number;
}

/** Who waits and may be asked about a place. A fixed number of statements, however many wait. */
@Injectable()
export class FreedPlaceWaitingService {
  constructor(
    @Inject(RequestRecordService) private readonly requests: RequestRecordService,
    @Inject(ReferralService) private readonly referrals: ReferralService,
    @Inject(ConsentService) private readonly consent: ConsentService,
    @Inject(DiaryService) private readonly diaries: DiaryService,
    @Inject(SearchGroundService) private readonly grounds: SearchGroundService,
    @Inject(Config) private readonly config: Config,
  ) {}

  /** The most urgent first. The referral and the consent that their kind of visit needs stand at `now`. */
  async waiting(
    tx: Tx,
    place: PlaceToFill,
    visitTypes: readonly VisitType[],
    at: { readonly now: Temporal.Instant; readonly window: Span },
  ): Promise<readonly WaitingRequest[]> {
    const rows = await this.#mayBeAsked(tx, place, visitTypes, at.now);
    if (rows.length === 0) return [];
    const read = await this.requests.readMany(
      tx,
      rows.map(({ id }) => id),
    );
    const known = new Map(read.map((request) => [request.id, request]));
    const inOrder = rows.flatMap(({ id }) => known.get(id) ?? []);
    const standing = await this.#standing(tx, inOrder, visitTypes, at.now);
    const kept = this.#kept(standing, visitTypes);
    const without = kept.map(({ patientId }) => ({ patientId, travelMinutes: 0 }));
    const free = await this.diaries.patientsFree(tx, [...standing, ...without], at.window);
    const between = new Map(kept.map(({ id }, index) => [id, free[standing.length + index] ?? []]));
    const rowOf = new Map(rows.map((row) => [row.id, row]));
    return standing.map((request, index) => {
      const row = rowOf.get(request.id);
      return {
        request,
        movesVisitId: row?.visitId ?? null,
        noticeHoursMin: row?.noticeHoursMin ?? request.noticeHoursMin,
        patientFree: this.#canCome(request, notAgain(free[index] ?? [], row?.askedAtMs ?? []), at.window),
        undisturbed: between.get(request.id) ?? null,
      };
    });
  }

  /** Who has no visit first, then who has one that could be moved by anybody today, under the protocol of today. */
  async #mayBeAsked(
    tx: Tx,
    place: PlaceToFill,
    visitTypes: readonly VisitType[],
    now: Temporal.Instant,
  ): Promise<readonly WaitingRow[]> {
    const parameters = [
      visitTypes.map(({ code }) => code),
      place.id,
      place.leftByPatientId,
      now.toString(),
      place.endsAt.toString(),
      place.on.toString(),
      REQUESTS_WEIGHED_MAX,
    ];
    const waiting = await tx.$queryRawUnsafe<readonly WaitingRow[]>(WAITING_FOR_PLACE, ...parameters);
    const sooner = await tx.$queryRawUnsafe<readonly SoonerRow[]>(SOONER_FOR_PLACE, ...parameters);
    const byProtocol = new Map(visitTypes.map((type) => [type.protocol?.id, type]));
    const movable = sooner.filter(({ protocolId, movesCount, startsAt }) => {
      const visitType = byProtocol.get(protocolId);
      if (visitType === undefined) return false;
      const visit = { movesCount, startsAt: instantFromDate(startsAt) };
      return canMoveAgain(visit, visitType, { roles: [], overrideReason: null }, now) === null;
    });
    return [...waiting, ...movable].slice(0, REQUESTS_WEIGHED_MAX);
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
    // By kind of visit: each procedure is asked by itself.
    const agreed = new Map<string, ReadonlySet<string>>();
    const types = new Map(visitTypes.map((type) => [type.code, type]));
    const purposeOf = ({ visitTypeCode }: VisitRequest) => types.get(visitTypeCode)?.consentPurpose ?? null;
    for (const code of new Set(requests.map(({ visitTypeCode }) => visitTypeCode))) {
      const purpose = types.get(code)?.consentPurpose ?? null;
      if (purpose === null) continue;
      const asked = requests.filter(({ visitTypeCode }) => visitTypeCode === code);
      const patientIds = [...new Set(asked.map(({ patientId }) => patientId))];
      const subject = askedByVisit(purpose, code);
      agreed.set(code, await this.consent.patientsInForce(tx, patientIds, purpose, now, subject));
    }
    return requests.filter((request) => {
      const visitType = types.get(request.visitTypeCode);
      if (visitType === undefined) return false;
      const purpose = purposeOf(request);
      const inForce =
        purpose === null || (agreed.get(request.visitTypeCode)?.has(request.patientId) ?? false);
      const { status = null } = referrals.get(request.referralId ?? '') ?? {};
      const consent = purpose === null ? null : { inForce, reason: '' };
      return canHaveVisit(visitType, { referralStatus: status, consent }) === null;
    });
  }

  /** Those whose visit would keep them from its first step to its last. */
  #kept(requests: readonly VisitRequest[], visitTypes: readonly VisitType[]): readonly VisitRequest[] {
    const keeping = visitTypes.filter(({ companion }) => this.grounds.keepsPatient(companion));
    const codes = new Set(keeping.map(({ code }) => code));
    return requests.filter(({ visitTypeCode }) => codes.has(visitTypeCode));
  }

  /** What the patient said, less where they have to be anyway and the way there. */
  #canCome(request: VisitRequest, free: readonly MsSpan[], window: Span): readonly MsSpan[] {
    const range = { fromMs: window.startsAt.epochMilliseconds, untilMs: window.endsAt.epochMilliseconds };
    const said = statedFree(request.times, range, this.config.clinicTimeZone);
    return said === null ? free : common(said, free);
  }
}

/** Whoever was asked about a start is asked about nothing that covers it. */
function notAgain(free: readonly MsSpan[], askedAtMs: readonly number[]): readonly MsSpan[] {
  if (askedAtMs.length === 0) return free;
  const asked = askedAtMs.map((startMs): MsSpan => [startMs, startMs + 1]);
  return toSpans(subtractTimes(toFreeTimes(free), asked));
}
