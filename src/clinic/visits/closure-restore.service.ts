import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import { VisitRequestStatus, VisitStatus } from '../../platform/database/generated/enums.js';
import { isRefusal, type Refusal } from '../../platform/refusal/refusal.js';
import { Clock, dateFromInstant, instantFromDate, Temporal } from '../../platform/time/index.js';
import type { StaffActor } from '../audit/audit.type.js';
import { InThePast } from '../scheduling/schedule.refusals.js';
import { VisitTypeService } from '../scheduling/visit-type.service.js';
import type { Closure } from './closure.type.js';
import { RequestService, STANDING_STATUSES } from './request.service.js';
import type { Visit } from './visit.type.js';
import { VisitChangeService } from './visit-change.service.js';
import { VisitPlaceService } from './visit-place.service.js';
import type { VisitPlan } from './visit-plan.rules.js';
import { VisitRecordService } from './visit-record.service.js';

/** A visit as it was before the closure: instants are text there. */
interface Snapshot {
  readonly status: VisitStatus;
  readonly siteCode: string;
  readonly startsAt: string;
  readonly endsAt: string;
  readonly steps: readonly {
    readonly position: number;
    readonly name: string;
    readonly startsAt: string;
    readonly endsAt: string;
    readonly resources: readonly { readonly role: string; readonly resource: { readonly id: string } }[];
  }[];
}

/** What a visit had before the closure. */
export interface FormerVisit {
  readonly visitId: string;
  readonly snapshot: Snapshot;
  readonly claims: VisitPlan['claims'];
  readonly presence: VisitPlan['presence'];
}

/** Puts a visit back to where it was before a closure, as it was: also to a place that its protocol would not allow now. */
@Injectable()
export class ClosureRestoreService {
  constructor(
    @Inject(VisitTypeService) private readonly types: VisitTypeService,
    @Inject(VisitPlaceService) private readonly places: VisitPlaceService,
    @Inject(VisitRecordService) private readonly records: VisitRecordService,
    @Inject(VisitChangeService) private readonly changes: VisitChangeService,
    @Inject(RequestService) private readonly requests: RequestService,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /** The visits of the closure before it, in the order of their ids. Holds are left out: their minutes are over. */
  async former(tx: Tx, { changes, appliedAt }: Closure): Promise<readonly FormerVisit[]> {
    const releasedAt = dateFromInstant(appliedAt);
    const holderId = { in: changes.map(({ visitId }) => visitId) };
    const revisions = await tx.visitRevision.findMany({
      where: { OR: changes.map(({ visitId, fromVersion: version }) => ({ visitId, version })) },
      select: { visitId: true, snapshot: true },
    });
    const claims = await tx.spanClaim.findMany({ where: { holderId, releasedAt } });
    const presences = await tx.patientPresence.findMany({ where: { holderId, releasedAt } });
    return revisions
      .map(({ visitId, snapshot }) => ({
        visitId,
        snapshot: snapshot as unknown as Snapshot,
        claims: claims
          .filter((claim) => claim.holderId === visitId)
          .map((claim) => ({ ...toSpan(claim), resourceId: claim.resourceId })),
        presence: presences.filter((presence) => presence.holderId === visitId).map(toSpan),
      }))
      .filter(({ snapshot }) => snapshot.status === VisitStatus.BOOKED)
      .toSorted((a, b) => (a.visitId < b.visitId ? -1 : 1));
  }

  /** Gives back the place that the closure found for it. */
  async free(tx: Tx, visitId: string): Promise<void> {
    await this.places.free(tx, visitId);
  }

  /** Takes the former place again. A refusal must be returned from the transaction. */
  async restoreIn(tx: Tx, actor: StaffActor, before: Visit, former: FormerVisit): Promise<Visit | Refusal> {
    const now = this.clock.now();
    const { chain } = await this.types.protocolById(tx, before.protocolId);
    const plan = toPlan(former, (position) => chain.steps[position]?.patientPresent ?? true);
    if (Temporal.Instant.compare(plan.startsAt, now) <= 0) return new InThePast();
    const waiting = await this.#answers(tx, before);
    if (waiting !== null) return waiting;
    const taken = await this.places.take(tx, before, plan, null);
    if (isRefusal(taken)) return taken;
    await tx.visit.update({
      where: { id: before.id },
      data: {
        status: VisitStatus.BOOKED,
        ...(plan.siteCode === null ? {} : { siteCode: plan.siteCode }),
        startsAt: dateFromInstant(plan.startsAt),
        endsAt: dateFromInstant(plan.endsAt),
        version: { increment: 1 },
        changedAt: dateFromInstant(now),
        changedById: actor.id,
        cancelledAt: null,
        cancelReasonCode: null,
        cancelComment: null,
      },
      select: { id: true },
    });
    await this.places.rewriteSteps(tx, before.id, plan);
    const after = await this.records.read(tx, before.id);
    await this.changes.note(tx, actor, 'visit.restored', before, after);
    return after;
  }

  /**
   * The request of a cancelled visit waits no more. One of a series may have gone on being booked with the
   * others; but not with a visit that answered the request instead of the series.
   */
  async #answers(tx: Tx, { status, requestId, seriesId }: Visit): Promise<Refusal | null> {
    if (status !== VisitStatus.CANCELLED || requestId === null) return null;
    const refusal = await this.requests.booked(tx, requestId);
    if (seriesId === null || refusal?.status !== VisitRequestStatus.BOOKED) return refusal;
    const ofAnother = { OR: [{ seriesId: null }, { seriesId: { not: seriesId } }] };
    const where = { requestId, status: { in: [...STANDING_STATUSES] }, ...ofAnother };
    return (await tx.visit.count({ where })) > 0 ? refusal : null;
  }
}

function toPlan(
  { snapshot, claims, presence }: FormerVisit,
  isAttended: (position: number) => boolean,
): VisitPlan {
  return {
    siteCode: snapshot.siteCode,
    startsAt: Temporal.Instant.from(snapshot.startsAt),
    endsAt: Temporal.Instant.from(snapshot.endsAt),
    claims,
    presence,
    steps: snapshot.steps.map(({ position, name, startsAt, endsAt, resources }) => ({
      position,
      name,
      startsAt: Temporal.Instant.from(startsAt),
      endsAt: Temporal.Instant.from(endsAt),
      patientPresent: isAttended(position),
      resources: resources.map(({ role, resource }) => ({ role, resourceId: resource.id })),
    })),
  };
}

function toSpan({ startsAt, endsAt }: { readonly startsAt: Date; readonly endsAt: Date }) {
  return { startsAt: instantFromDate(startsAt), endsAt: instantFromDate(endsAt) };
}
