import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import { Database, type Tx } from '../../platform/database/database.service.js';
import { Fault } from '../../platform/refusal/refusal.js';
import { Clock, dateFromInstant, dateFromPlainDate, localDate, Temporal } from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { StaffActor } from '../audit/audit.type.js';
import { policyOn } from './note-lock.rules.js';
import { NotePolicyAlreadySet, NotePolicyInThePast } from './note-policy.refusals.js';
import { type NotePolicy, type SetNotePolicyInput, toNotePolicy } from './note-policy.type.js';

/** When sections lock themselves, in rows that hold from a day on. A change is a new row. */
@Injectable()
export class NotePolicyService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Config) private readonly config: Config,
    @Inject(AuditService) private readonly audit: AuditService,
  ) {}

  /** Every row, by day, past and coming ones too. */
  async notePolicies(): Promise<readonly NotePolicy[]> {
    return this.#all(this.database.client);
  }

  /** A new row, from today or a later day on. */
  async setNotePolicy(
    actor: StaffActor,
    input: SetNotePolicyInput,
  ): Promise<NotePolicy | NotePolicyAlreadySet | NotePolicyInThePast> {
    const now = this.clock.now();
    const from = Temporal.PlainDate.from(input.effectiveFrom);
    const today = localDate(now, this.config.clinicTimeZone);
    if (Temporal.PlainDate.compare(from, today) < 0) return new NotePolicyInThePast();
    return this.database.transaction<NotePolicy, NotePolicyAlreadySet>(
      async (tx) => {
        const row = await tx.notePolicy.create({
          data: {
            lockAfterHours: input.lockAfterHours,
            effectiveFrom: dateFromPlainDate(from),
            source: input.source.normalize('NFC').trim(),
            setAt: dateFromInstant(now),
            setById: actor.id,
          },
        });
        const policy = toNotePolicy(row);
        await this.audit.record(tx, actor, {
          ...{ action: 'note-policy.set', subjectType: 'note-policy', subjectId: policy.id, after: policy },
        });
        return policy;
      },
      { onConstraint: { note_policies_effective_from_key: () => new NotePolicyAlreadySet() } },
    );
  }

  /** For this room: what holds for signatures of a day. */
  async inForce(client: Tx, day: Temporal.PlainDate): Promise<NotePolicy> {
    const policy = policyOn(await this.#all(client), day);
    // The first row comes with the table and is never taken away.
    if (policy === null) throw new Fault('INTERNAL', 'No policy of notes is set.');
    return policy;
  }

  async #all(client: Tx): Promise<readonly NotePolicy[]> {
    const rows = await client.notePolicy.findMany({ orderBy: { effectiveFrom: 'asc' } });
    return rows.map(toNotePolicy);
  }
}
