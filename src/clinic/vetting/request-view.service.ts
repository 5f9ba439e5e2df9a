import { Inject, Injectable } from '@nestjs/common';
import { Database, type Tx } from '../../platform/database/database.service.js';
import { instantFromDate } from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { Actor } from '../audit/audit.type.js';
import { ReferralService } from '../referrals/referral.service.js';
import type { Referral } from '../referrals/referral.type.js';
import type {
  ImagingRequest,
  ImagingRequestContent,
  ImagingRequestEvent,
  VettingAuthorisation,
  VettingJustification,
} from './imaging-request.type.js';
import { patientsOfRequests } from './request.queries.js';
import { RequestRecordService } from './request-record.service.js';
import type { VettingTelling } from './request-steering.type.js';

type ByRequest<Item> = Promise<ReadonlyMap<string, readonly Item[]>>;

/** Looking at imaging requests and their history. Every look is recorded. */
@Injectable()
export class RequestViewService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(AuditService) private readonly audit: AuditService,
    @Inject(RequestRecordService) private readonly records: RequestRecordService,
    @Inject(ReferralService) private readonly referralRoom: ReferralService,
  ) {}

  /** One request. Throws NOT_FOUND. */
  async imagingRequest(actor: Actor, id: string): Promise<ImagingRequest> {
    return this.database.transaction(async (tx) => {
      const request = await this.records.mustHave(tx, id);
      await this.#look(tx, actor, 'imaging-request.viewed', [request.id], request.id);
      return request;
    });
  }

  /** Of each of these referrals its requests, the newest first. */
  async ofReferrals(actor: Actor, referralIds: readonly string[]): ByRequest<ImagingRequest> {
    return this.database.transaction(async (tx) => {
      const found = await this.records.ofReferrals(tx, referralIds);
      const ids = [...found.values()].flat().map(({ id }) => id);
      if (ids.length > 0) await this.#look(tx, actor, 'imaging-requests.viewed', ids);
      return found;
    });
  }

  async revisions(actor: Actor, ids: readonly string[]): ByRequest<ImagingRequestContent> {
    return this.#history(actor, ids, (tx) => this.records.contentsOf(tx, ids));
  }

  async events(actor: Actor, ids: readonly string[]): ByRequest<ImagingRequestEvent> {
    return this.#history(actor, ids, (tx) => this.records.eventsOf(tx, ids));
  }

  async justifications(actor: Actor, ids: readonly string[]): ByRequest<VettingJustification> {
    return this.#history(actor, ids, (tx) => this.records.justificationsOf(tx, ids));
  }

  async authorisations(actor: Actor, ids: readonly string[]): ByRequest<VettingAuthorisation> {
    return this.#history(actor, ids, (tx) => this.records.authorisationsOf(tx, ids));
  }

  async tellings(actor: Actor, ids: readonly string[]): ByRequest<VettingTelling> {
    return this.#history(actor, ids, async (tx) => {
      const rows = await tx.vettingTelling.findMany({
        where: { requestId: { in: [...ids] } },
        orderBy: [{ toldAt: 'asc' }, { id: 'asc' }],
      });
      const own = (id: string) =>
        rows
          .filter(({ requestId }) => requestId === id)
          .map((row) => ({ ...row, toldAt: instantFromDate(row.toldAt) }));
      return new Map(ids.map((id) => [id, own(id)]));
    });
  }

  /** The referrals of requests, from their own room. */
  async referrals(referralIds: readonly string[]): Promise<ReadonlyMap<string, Referral>> {
    return this.referralRoom.byIds(this.database.client, referralIds);
  }

  async #history<Item>(
    actor: Actor,
    ids: readonly string[],
    read: (tx: Tx) => ByRequest<Item>,
  ): ByRequest<Item> {
    return this.database.transaction(async (tx) => {
      const found = await read(tx);
      await this.#look(tx, actor, 'imaging-requests.viewed', ids);
      return found;
    });
  }

  async #look(
    tx: Tx,
    actor: Actor,
    action: string,
    ids: readonly string[],
    subjectId?: string,
  ): Promise<void> {
    const patients = await tx.$queryRaw<readonly { patientId: string }[]>(patientsOfRequests(ids));
    await this.audit.record(tx, actor, {
      action,
      subjectType: 'imaging-request',
      ...(subjectId === undefined ? { after: { requestIds: ids } } : { subjectId }),
      patientIds: patients.map(({ patientId }) => patientId),
    });
  }
}
