import { Inject, Injectable } from '@nestjs/common';
import { Database, type Tx } from '../../platform/database/database.service.js';
import type { LegalHold as LegalHoldRow } from '../../platform/database/generated/client.js';
import { decodeCursor, encodeCursor, type Page, type PageInput } from '../../platform/graphql/page.type.js';
import { badInput, notFound } from '../../platform/refusal/refusal.js';
import { Clock, dateFromInstant, instantFromDate } from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { Actor, StaffActor } from '../audit/audit.type.js';
import { LegalHoldLiftedAlready, RecordDestroyed } from './legal-hold.refusals.js';
import type {
  LegalHold,
  LegalHoldFilterInput,
  LiftLegalHoldInput,
  PlaceLegalHoldInput,
} from './legal-hold.type.js';
import { lockedHold } from './records.queries.js';
import { RetentionClasses } from './retention-class.type.js';

/** The record of a patient as a whole. */
export const WHOLE_RECORD = 'patient';

/** What a hold may be on. */
interface Held {
  readonly subjectType: string;
  readonly subjectId: string;
  readonly patientId: string | null;
}

@Injectable()
export class LegalHoldService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(AuditService) private readonly audit: AuditService,
    @Inject(RetentionClasses) private readonly classes: RetentionClasses,
  ) {}

  /**
   * Keeps a record from destruction from now on. A destruction of the same record under way ends first, or does not begin.
   * Throws NOT_FOUND, BAD_INPUT.
   */
  async placeLegalHold(actor: StaffActor, input: PlaceLegalHoldInput): Promise<LegalHold | RecordDestroyed> {
    const { subjectType, subjectId } = input;
    const holder = this.classes.holderOf(subjectType);
    if (holder === null) {
      const kinds = this.classes.holders().map((one) => one.subjectType);
      throw badInput(`subjectType: must be one of ${kinds.toSorted().join(', ')}.`);
    }
    return this.database.transaction(async (tx) => {
      // Locks the record: a destruction that holds it ends first, and is then seen as its stub.
      const record = await holder.record(tx, subjectId);
      if (record === null) {
        const stub = await tx.destructionStub.findUnique({
          where: { subjectType_subjectId: { subjectType, subjectId } },
        });
        if (stub === null) throw notFound(subjectType);
        return new RecordDestroyed(instantFromDate(stub.destroyedAt));
      }
      const row = await tx.legalHold.create({
        data: {
          ...{ subjectType, subjectId, patientId: record.patientId, reason: input.reason.trim() },
          placedAt: dateFromInstant(this.clock.now()),
          placedById: actor.id,
        },
      });
      return this.#record(tx, actor, 'legal-hold.placed', null, toHold(row));
    });
  }

  /** Lets the rules decide again. Throws NOT_FOUND. */
  async liftLegalHold(
    actor: StaffActor,
    input: LiftLegalHoldInput,
  ): Promise<LegalHold | LegalHoldLiftedAlready> {
    return this.database.transaction(async (tx) => {
      await tx.$queryRaw(lockedHold(input.holdId));
      const before = await tx.legalHold.findUnique({ where: { id: input.holdId } });
      if (before === null) throw notFound('legal hold');
      if (before.liftedAt !== null) return new LegalHoldLiftedAlready(instantFromDate(before.liftedAt));
      const row = await tx.legalHold.update({
        where: { id: before.id },
        data: {
          liftedAt: dateFromInstant(this.clock.now()),
          liftedById: actor.id,
          liftReason: input.reason.trim(),
        },
      });
      return this.#record(tx, actor, 'legal-hold.lifted', toHold(before), toHold(row));
    });
  }

  /** Holds, the newest first. The look is recorded. */
  async legalHolds(actor: Actor, filter: LegalHoldFilterInput, page: PageInput): Promise<Page<LegalHold>> {
    const after = page.after ? decodeCursor(page.after, ['uuid'])[0] : null;
    return this.database.transaction(async (tx) => {
      const rows = await tx.legalHold.findMany({
        where: {
          ...(filter.patientId ? { patientId: filter.patientId } : {}),
          ...(filter.withLifted ? {} : { liftedAt: null }),
          ...(after === null ? {} : { id: { lt: after } }),
        },
        orderBy: { id: 'desc' },
        take: page.size + 1,
      });
      const shown = rows.slice(0, page.size);
      await this.audit.record(tx, actor, {
        action: 'legal-holds.viewed',
        subjectType: 'legal-hold',
        patientIds: [...new Set(shown.flatMap(({ patientId }) => patientId ?? []))],
        after: { ...filter },
      });
      const last = shown.at(-1);
      return {
        items: shown.map(toHold),
        nextCursor: rows.length > page.size && last ? encodeCursor(last.id) : null,
      };
    });
  }

  /** For the judge: a hold that covers each of these records, by the record's id. A whole patient is covered by a hold on any part. */
  async holding(client: Tx, records: readonly Held[]): Promise<ReadonlyMap<string, string>> {
    const patientIds = [...new Set(records.flatMap(({ patientId }) => patientId ?? []))];
    const rows = await client.legalHold.findMany({
      where: {
        liftedAt: null,
        OR: [
          { patientId: { in: patientIds } },
          { subjectId: { in: records.map(({ subjectId }) => subjectId) } },
        ],
      },
      orderBy: { id: 'asc' },
    });
    const covering = records.flatMap((record) => {
      const hold = rows.find((row) => covers(row, record));
      return hold === undefined ? [] : [[record.subjectId, hold.id] as const];
    });
    return new Map(covering);
  }

  async #record(
    tx: Tx,
    actor: Actor,
    action: 'legal-hold.placed' | 'legal-hold.lifted',
    before: LegalHold | null,
    after: LegalHold,
  ): Promise<LegalHold> {
    await this.audit.record(tx, actor, {
      action,
      subjectType: 'legal-hold',
      subjectId: after.id,
      patientIds: after.patientId === null ? [] : [after.patientId],
      ...(before === null ? {} : { before }),
      after,
    });
    return after;
  }
}

/** The same three ways as the database's own (destruction_under_way). */
function covers(hold: LegalHoldRow, record: Held): boolean {
  if (hold.subjectType === record.subjectType && hold.subjectId === record.subjectId) return true;
  if (record.patientId === null || hold.patientId !== record.patientId) return false;
  return record.subjectType === WHOLE_RECORD || hold.subjectType === WHOLE_RECORD;
}

function toHold(row: LegalHoldRow): LegalHold {
  const { placedAt, liftedAt, ...rest } = row;
  return {
    ...rest,
    placedAt: instantFromDate(placedAt),
    liftedAt: liftedAt === null ? null : instantFromDate(liftedAt),
  };
}
