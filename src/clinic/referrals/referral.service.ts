import { Inject, Injectable } from '@nestjs/common';
import { Database, type Tx } from '../../platform/database/database.service.js';
import type { Prisma } from '../../platform/database/generated/client.js';
import { decodeCursor, encodeCursor, type Page, type PageInput } from '../../platform/graphql/page.type.js';
import { dateFromPlainDate, Temporal } from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { Actor, StaffActor } from '../audit/audit.type.js';
import { PatientService } from '../patients/patient.service.js';
import type { Patient } from '../patients/patient.type.js';
import { newestOfEach } from './referral.queries.js';
import type { Referral, ReferralFilterInput } from './referral.type.js';
import { ReferralDecisionService } from './referral-decision.service.js';
import type { AcceptReferralInput } from './referral-decision.type.js';
import { ReferralEntryService } from './referral-entry.service.js';
import type { ReceiveReferralInput } from './referral-entry.type.js';
import type { NotMoved } from './referral-move.service.js';
import { ReferralRecordService, toReferral } from './referral-record.service.js';

/** What the record of one patient shows; older ones are found through `referrals`. */
const REFERRALS_OF_A_PATIENT_MAX = 50;

/** Looking at referrals, and what other rooms do with them. */
@Injectable()
export class ReferralService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(AuditService) private readonly audit: AuditService,
    @Inject(PatientService) private readonly patientRoom: PatientService,
    @Inject(ReferralRecordService) private readonly records: ReferralRecordService,
    @Inject(ReferralEntryService) private readonly entries: ReferralEntryService,
    @Inject(ReferralDecisionService) private readonly decisions: ReferralDecisionService,
  ) {}

  /**
   * Takes in a referral without asking whether it is here already (`ReferralReceptionService` does). Throws NOT_FOUND, and
   * BAD_INPUT naming the field.
   */
  async receiveReferral(actor: StaffActor, input: ReceiveReferralInput): Promise<Referral> {
    return this.database.transaction((tx) => this.receiveIn(tx, actor, input));
  }

  /** The same inside the transaction of another room, which has asked before. */
  async receiveIn(tx: Tx, actor: StaffActor, input: ReceiveReferralInput): Promise<Referral> {
    return this.entries.receiveIn(tx, actor, input);
  }

  /** A clinician will see the patient. Throws NOT_FOUND. */
  async acceptReferral(actor: StaffActor, input: AcceptReferralInput): Promise<Referral | NotMoved> {
    return this.decisions.acceptReferral({ actor, roles: [] }, input);
  }

  /** One referral. The look is recorded. Throws NOT_FOUND. */
  async referral(actor: Actor, id: string): Promise<Referral> {
    return this.database.transaction(async (tx) => {
      const referral = await this.mustHaveReferral(tx, id);
      await this.audit.record(tx, actor, {
        action: 'referral.viewed',
        subjectType: 'referral',
        subjectId: referral.id,
        patientIds: [referral.patientId],
      });
      return referral;
    });
  }

  /** Referrals, the longest waiting first. The look at their patients is recorded. */
  async referrals(actor: Actor, filter: ReferralFilterInput, page: PageInput): Promise<Page<Referral>> {
    const after = page.after ? mustBeCursor(page.after) : null;
    return this.database.transaction(async (tx) => {
      const rows = await tx.referral.findMany({
        where: {
          ...(filter.statuses ? { status: { in: [...filter.statuses] } } : {}),
          ...(filter.patientId ? { patientId: filter.patientId } : {}),
          ...(after === null ? {} : later(after)),
        },
        orderBy: [{ receivedOn: 'asc' }, { id: 'asc' }],
        take: page.size + 1,
      });
      const items = rows.slice(0, page.size).map(toReferral);
      await this.#recordLook(tx, actor, 'referrals.searched', items, { ...filter });
      const last = items.at(-1);
      return {
        items,
        nextCursor: rows.length > page.size && last ? encodeCursor(last.receivedOn, last.id) : null,
      };
    });
  }

  /** The newest referrals of each of these patients. The look is recorded. */
  async ofPatients(
    actor: Actor,
    patientIds: readonly string[],
  ): Promise<ReadonlyMap<string, readonly Referral[]>> {
    return this.database.transaction(async (tx) => {
      const newest = newestOfEach(patientIds, REFERRALS_OF_A_PATIENT_MAX);
      const found = await tx.$queryRaw<{ id: string }[]>(newest);
      const rows = await tx.referral.findMany({
        where: { id: { in: found.map(({ id }) => id) } },
        orderBy: [{ receivedOn: 'desc' }, { id: 'desc' }],
      });
      const items = rows.map(toReferral);
      await this.#recordLook(tx, actor, 'referrals.viewed', items, {});
      const own = (patientId: string) => items.filter((referral) => referral.patientId === patientId);
      return new Map(patientIds.map((patientId) => [patientId, own(patientId)]));
    });
  }

  /** The patients of referrals, from their own room, which records the look. */
  async patients(actor: Actor, ids: readonly string[]): Promise<ReadonlyMap<string, Patient>> {
    return this.patientRoom.viewedByIds(actor, ids);
  }

  /**
   * For later rooms: the referral, or NOT_FOUND. With `hold` nobody decides on it or books for it until the transaction
   * ends. Does not record a look: whoever shows it does.
   */
  async mustHaveReferral(tx: Tx, id: string, options: { hold?: boolean } = {}): Promise<Referral> {
    return this.records.mustHaveReferral(tx, id, options);
  }

  /** For later rooms: those of these referrals that exist, in one statement. Does not record a look. */
  async byIds(client: Tx, ids: readonly string[]): Promise<ReadonlyMap<string, Referral>> {
    return this.records.byIds(client, ids);
  }

  async #recordLook(
    tx: Tx,
    actor: Actor,
    action: string,
    shown: readonly Referral[],
    after: object,
  ): Promise<void> {
    const patientIds = [...new Set(shown.map(({ patientId }) => patientId))];
    await this.audit.record(tx, actor, { action, subjectType: 'referral', patientIds, after });
  }
}

interface ReferralCursor {
  readonly receivedOn: Date;
  readonly id: string;
}

function mustBeCursor(cursor: string): ReferralCursor {
  const [receivedOn, id] = decodeCursor(cursor, ['day', 'uuid']);
  return { receivedOn: dateFromPlainDate(Temporal.PlainDate.from(receivedOn)), id };
}

/** What comes after a place in the list. */
function later({ receivedOn, id }: ReferralCursor): Prisma.ReferralWhereInput {
  return { OR: [{ receivedOn: { gt: receivedOn } }, { receivedOn, id: { gt: id } }] };
}
