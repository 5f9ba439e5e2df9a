import { Inject, Injectable } from '@nestjs/common';
import { Database, type Tx } from '../../platform/database/database.service.js';
import { notFound } from '../../platform/refusal/refusal.js';
import { AuditService } from '../audit/audit.service.js';
import type { Actor, StaffActor } from '../audit/audit.type.js';
import type { ReferralContentChanged, ReferralContentRetired } from './referral-content.refusals.js';
import { type ContentEntry, canCorrect } from './referral-content.rules.js';
import { ReferralRecordService } from './referral-record.service.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export type NotCorrected = ReferralContentChanged | ReferralContentRetired;

/** An entry as it is shown and written down. */
interface Entry extends ContentEntry {
  readonly id: string;
  readonly referralId: string;
}

/** What one sort of entry is called, and how its rows are read and written. */
export interface ContentTable<Shown extends Entry, Columns extends object> {
  /** As in `referral-complaint`, of which an entry is `.recorded`, `.corrected` or `.retired`. */
  readonly noun: string;
  find(tx: Tx, id: string): Promise<Shown | null>;
  create(tx: Tx, columns: Columns & { readonly referralId: string }): Promise<Shown>;
  /** Only of that version; how many there were. */
  update(tx: Tx, id: string, version: number, columns: Partial<Columns>): Promise<number>;
}

/**
 * What a referral says beside its question: added at any time, also when it is over, and corrected with every earlier
 * version kept in the audit trail.
 */
@Injectable()
export class ReferralContentService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(AuditService) private readonly audit: AuditService,
    @Inject(ReferralRecordService) private readonly records: ReferralRecordService,
  ) {}

  /** A new entry. Throws NOT_FOUND. */
  async record<Shown extends Entry, Columns extends object>(
    tx: Tx,
    actor: StaffActor,
    table: ContentTable<Shown, Columns>,
    columns: Columns & { readonly referralId: string },
  ): Promise<Shown> {
    const { patientId } = await this.records.mustHaveReferral(tx, columns.referralId);
    const after = await table.create(tx, columns);
    await this.#note(tx, actor, `${table.noun}.recorded`, patientId, null, after);
    return after;
  }

  /** An entry as it should have been, or taken away. Throws NOT_FOUND. */
  async change<Shown extends Entry, Columns extends object>(
    actor: StaffActor,
    table: ContentTable<Shown, Columns>,
    entry: { readonly id: string; readonly version: number },
    change: {
      readonly verb: 'corrected' | 'retired';
      readonly columns: Partial<Columns>;
      readonly reason?: string;
    },
  ): Promise<Shown | NotCorrected> {
    return this.database.transaction<Shown | NotCorrected>(async (tx) => {
      const before = await this.#mustHave(tx, table, entry.id);
      const cannot = canCorrect(before, entry.version);
      if (cannot !== null) return cannot;
      const count = await table.update(tx, entry.id, entry.version, change.columns);
      const after = await this.#mustHave(tx, table, entry.id);
      if (count !== 1) return canCorrect(after, entry.version) ?? after;
      const { patientId } = await this.records.mustHaveReferral(tx, after.referralId);
      const noted = change.reason === undefined ? after : { ...after, reason: change.reason };
      await this.#note(tx, actor, `${table.noun}.${change.verb}`, patientId, before, noted);
      return after;
    });
  }

  /** What is shown of some referrals, read and written down together. */
  async look<Read>(
    actor: Actor,
    nouns: string,
    referralIds: readonly string[],
    read: (tx: Tx) => Promise<Read>,
  ): Promise<Read> {
    return this.database.transaction(async (tx) => {
      const found = await read(tx);
      await this.audit.record(tx, actor, {
        action: `${nouns}.viewed`,
        subjectType: 'referral',
        patientIds: await this.records.patientIdsOf(tx, referralIds),
        after: { referralIds },
      });
      return found;
    });
  }

  async #mustHave<Shown extends Entry, Columns extends object>(
    tx: Tx,
    table: ContentTable<Shown, Columns>,
    id: string,
  ): Promise<Shown> {
    const entry = UUID.test(id) ? await table.find(tx, id) : null;
    if (entry === null) throw notFound('entry');
    return entry;
  }

  async #note(
    tx: Tx,
    actor: StaffActor,
    action: string,
    patientId: string,
    before: Entry | null,
    after: Entry,
  ): Promise<void> {
    await this.audit.record(tx, actor, {
      action,
      subjectType: action.slice(0, action.indexOf('.')),
      subjectId: after.id,
      patientIds: [patientId],
      ...(before === null ? {} : { before }),
      after,
    });
  }
}
