import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import type { Prisma, ImagingRequest as RequestRow } from '../../platform/database/generated/client.js';
import { Fault, notFound } from '../../platform/refusal/refusal.js';
import { Clock, instantFromDate, plainDateFromDate, type Temporal } from '../../platform/time/index.js';
import type {
  ImagingRequest,
  ImagingRequestContent,
  ImagingRequestEvent,
  VettingAuthorisation,
  VettingJustification,
} from './imaging-request.type.js';
import { begunExamination, contentsInForce, heldRequest } from './request.queries.js';
import { liveClaim } from './request-claim.rules.js';
import { allowedActions } from './request-state.rules.js';
import { VettingService } from './vetting.service.js';
import type { VettingStanding } from './vetting-standing.type.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const WITH_STUDIES = {
  studies: { orderBy: { position: 'asc' } },
} as const satisfies Prisma.ImagingRequestContentInclude;
export type ContentRow = Prisma.ImagingRequestContentGetPayload<{ include: typeof WITH_STUDIES }>;

/** A request that is held, with what it says and whose it is. */
export interface HeldRequest {
  readonly row: RequestRow;
  readonly content: ContentRow;
  readonly patientId: string;
  readonly standing: VettingStanding;
}

/** By which visit somebody was exposed, and when. */
export interface Exposure {
  readonly visitId: string;
  readonly at: Temporal.Instant;
}

/** Reading imaging requests, always as they stand now. Records no look: whoever shows them does. */
@Injectable()
export class RequestRecordService {
  constructor(
    @Inject(Clock) private readonly clock: Clock,
    @Inject(VettingService) private readonly vetting: VettingService,
  ) {}

  /** The request as it stands; nobody else moves it until the transaction ends. Throws NOT_FOUND. */
  async hold(tx: Tx, id: string): Promise<HeldRequest> {
    if (!UUID.test(id)) throw notFound('imaging request');
    await tx.$queryRaw(heldRequest(id));
    const found = await tx.imagingRequest.findUnique({
      where: { id },
      include: { referral: { select: { patientId: true } } },
    });
    const standing = found === null ? null : await this.vetting.standingOfRequest(tx, id);
    if (found === null || standing === null) throw notFound('imaging request');
    const content = await tx.imagingRequestContent.findUnique({
      where: { requestId_revision: { requestId: id, revision: found.revision } },
      include: WITH_STUDIES,
    });
    if (content === null) throw new Fault('INTERNAL', 'an imaging request says nothing');
    const { referral, ...row } = found;
    return { row, content, patientId: referral.patientId, standing };
  }

  /** By which visit its images have begun although nobody wrote an injection down; null: by none. */
  async begun(tx: Tx, requestId: string): Promise<Exposure | null> {
    const [visit] = await tx.$queryRaw<readonly { id: string; startedAt: Date }[]>(
      begunExamination(requestId),
    );
    return visit === undefined ? null : { visitId: visit.id, at: instantFromDate(visit.startedAt) };
  }

  /** The exposure took place or has begun: what it was judged by can be changed no more. */
  async hasBegun(tx: Tx, { id, exposedVisitId }: RequestRow): Promise<boolean> {
    return exposedVisitId !== null || (await this.begun(tx, id)) !== null;
  }

  /** The request, or NOT_FOUND. */
  async mustHave(tx: Tx, id: string): Promise<ImagingRequest> {
    const request = (await this.byIds(tx, [id])).get(id.toLowerCase());
    if (request === undefined) throw notFound('imaging request');
    return request;
  }

  /** Those of these requests that exist. The same number of statements, however many. */
  async byIds(tx: Tx, ids: readonly string[]): Promise<ReadonlyMap<string, ImagingRequest>> {
    const wanted = [...new Set(ids)].filter((id) => UUID.test(id));
    if (wanted.length === 0) return new Map();
    const rows = await tx.imagingRequest.findMany({ where: { id: { in: wanted } } });
    const standings = await this.vetting.standingsOfRequests(tx, wanted);
    const contents = await this.#contents(tx, wanted);
    const decided = rows.flatMap(({ justificationId }) => justificationId ?? []);
    const justifications = await tx.vettingJustification.findMany({ where: { id: { in: decided } } });
    const authorised = rows.flatMap(({ authorisationId }) => authorisationId ?? []);
    const authorisations = await tx.vettingAuthorisation.findMany({ where: { id: { in: authorised } } });
    return new Map(
      rows.flatMap((row) => {
        const standing = standings.get(row.id);
        const content = contents.get(row.id);
        if (standing === undefined || content === undefined) return [];
        const justification = justifications.find(({ id }) => id === row.justificationId);
        const authorisation = authorisations.find(({ id }) => id === row.authorisationId);
        const request: ImagingRequest = {
          ...this.#toRequest(row, standing, content),
          justification: justification === undefined ? null : toJustification(justification),
          authorisation: authorisation === undefined ? null : toAuthorisation(authorisation),
        };
        return [[row.id, request] as const];
      }),
    );
  }

  /** Of each of these referrals its requests, the newest first. */
  async ofReferrals(
    tx: Tx,
    referralIds: readonly string[],
  ): Promise<ReadonlyMap<string, readonly ImagingRequest[]>> {
    const rows = await tx.imagingRequest.findMany({
      where: { referralId: { in: [...referralIds] } },
      select: { id: true, referralId: true },
      orderBy: [{ requestedAt: 'desc' }, { id: 'desc' }],
    });
    const byId = await this.byIds(
      tx,
      rows.map(({ id }) => id),
    );
    const own = (referralId: string) =>
      rows.flatMap((row) => (row.referralId === referralId ? (byId.get(row.id) ?? []) : []));
    return new Map(referralIds.map((id) => [id, own(id)]));
  }

  /** Every revision of each of these requests, the first first. */
  async contentsOf(
    tx: Tx,
    requestIds: readonly string[],
  ): Promise<ReadonlyMap<string, readonly ImagingRequestContent[]>> {
    const rows = await tx.imagingRequestContent.findMany({
      where: { requestId: { in: [...requestIds] } },
      orderBy: { revision: 'asc' },
      include: WITH_STUDIES,
    });
    return grouped(requestIds, rows, toContent);
  }

  /** Every move of each of these requests, the first first. */
  async eventsOf(
    tx: Tx,
    requestIds: readonly string[],
  ): Promise<ReadonlyMap<string, readonly ImagingRequestEvent[]>> {
    const rows = await tx.imagingRequestEvent.findMany({
      where: { requestId: { in: [...requestIds] } },
      orderBy: { version: 'asc' },
    });
    return grouped(requestIds, rows, ({ fromStatus, toStatus, at, ...row }) => ({
      ...row,
      from: fromStatus,
      to: toStatus,
      at: instantFromDate(at),
    }));
  }

  /** Every justification of each of these requests, those that were taken back too, the first first. */
  async justificationsOf(
    tx: Tx,
    requestIds: readonly string[],
  ): Promise<ReadonlyMap<string, readonly VettingJustification[]>> {
    const where = { requestId: { in: [...requestIds] } };
    const rows = await tx.vettingJustification.findMany({ where, orderBy: { version: 'asc' } });
    return grouped(requestIds, rows, toJustification);
  }

  /** Every authorisation of each of these requests, the first first. */
  async authorisationsOf(
    tx: Tx,
    requestIds: readonly string[],
  ): Promise<ReadonlyMap<string, readonly VettingAuthorisation[]>> {
    const where = { requestId: { in: [...requestIds] } };
    const rows = await tx.vettingAuthorisation.findMany({ where, orderBy: { version: 'asc' } });
    return grouped(requestIds, rows, toAuthorisation);
  }

  async #contents(
    tx: Tx,
    requestIds: readonly string[],
  ): Promise<ReadonlyMap<string, ImagingRequestContent>> {
    const found = await tx.$queryRaw<readonly { id: string }[]>(contentsInForce(requestIds));
    const rows = await tx.imagingRequestContent.findMany({
      where: { id: { in: found.map(({ id }) => id) } },
      include: WITH_STUDIES,
    });
    return new Map(rows.map((row) => [row.requestId, toContent(row)]));
  }

  #toRequest(
    row: RequestRow,
    standing: VettingStanding,
    content: ImagingRequestContent,
  ): Omit<ImagingRequest, 'justification' | 'authorisation'> {
    const { claimedById } = row;
    const claimActiveAt = instantOrNull(row.claimActiveAt);
    const claim = liveClaim({ claimedById, claimActiveAt }, this.clock.now());
    return {
      id: row.id,
      referralId: row.referralId,
      status: standing.state,
      allowedActions: allowedActions(standing.state, row.exposedVisitId !== null),
      version: row.version,
      revision: row.revision,
      content,
      isComplete: standing.isComplete,
      missing: standing.missingItems,
      referrer: standing.referrer,
      procedureCode: standing.procedureCode,
      requestedOn: dayText(row.requestedOn),
      requestedAt: instantFromDate(row.requestedAt),
      requestedById: row.requestedById,
      submittedAt: instantOrNull(row.submittedAt),
      dueOn: dayTextOrNull(row.dueOn),
      informationWanted: row.informationWanted,
      informationDueOn: dayTextOrNull(row.informationDueOn),
      claimedById: claim?.byId ?? null,
      claimedUntil: claim?.until ?? null,
      lapsesOn: dayTextOrNull(row.lapsesOn),
      exposedAt: instantOrNull(row.exposedAt),
      escalationsCount: row.escalationsCount,
      decideAgainReason: row.decideAgainReason,
      endedAt: instantOrNull(row.endedAt),
      endedById: row.endedById,
      endReason: row.endReason,
    };
  }
}

export function toContent(row: ContentRow): ImagingRequestContent {
  return {
    ...row,
    weightKg: row.weightKg?.toNumber() ?? null,
    weightOn: dayTextOrNull(row.weightOn),
    lastMenstrualPeriodOn: dayTextOrNull(row.lastMenstrualPeriodOn),
    signedOn: dayTextOrNull(row.signedOn),
    writtenAt: instantFromDate(row.writtenAt),
    studies: row.studies.map(({ what, radionuclide, performedOn, place }) => ({
      what,
      radionuclide,
      performedOn: dayText(performedOn),
      place,
    })),
  };
}

function toJustification(row: Prisma.VettingJustificationGetPayload<object>): VettingJustification {
  return {
    ...row,
    decidedAt: instantFromDate(row.decidedAt),
    activityMbq: row.activityMbq?.toNumber() ?? null,
    licenceValidUntil: dayTextOrNull(row.licenceValidUntil),
  };
}

function toAuthorisation(row: Prisma.VettingAuthorisationGetPayload<object>): VettingAuthorisation {
  return { ...row, authorisedAt: instantFromDate(row.authorisedAt) };
}

function grouped<Row extends { readonly requestId: string }, Item>(
  requestIds: readonly string[],
  rows: readonly Row[],
  toItem: (row: Row) => Item,
): ReadonlyMap<string, readonly Item[]> {
  return new Map(
    requestIds.map((id) => [id, rows.flatMap((row) => (row.requestId === id ? [toItem(row)] : []))]),
  );
}

function instantOrNull(date: Date | null): Temporal.Instant | null {
  return date === null ? null : instantFromDate(date);
}

function dayText(date: Date): string {
  return plainDateFromDate(date).toString();
}

function dayTextOrNull(date: Date | null): string | null {
  return date === null ? null : dayText(date);
}
