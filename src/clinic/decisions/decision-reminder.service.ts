import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import { Database, type Tx } from '../../platform/database/database.service.js';
import { Outbox } from '../../platform/outbox/index.js';
import {
  Clock,
  dateFromInstant,
  instantFromDate,
  localDate,
  plainDateFromDate,
  Temporal,
} from '../../platform/time/index.js';
import type { UnattendedActor } from '../audit/audit.type.js';
import { isActionOverdue, nextActionStatus, type ReminderDays, tellNextAt } from './decision-action.rules.js';
import { ACTION_TOPICS, ACTION_WATCH } from './decision-action.type.js';
import { type ActionRow, DecisionActionRecordService, REMINDED } from './decision-action-record.service.js';

const CLOCK_ACTOR: UnattendedActor = {
  kind: 'SYSTEM',
  id: null,
  label: ACTION_WATCH,
  requestId: null,
  source: null,
};

/** Somebody is told of an action before its day, and after it again and again until it is settled. */
@Injectable()
export class DecisionReminderService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Config) private readonly config: Config,
    @Inject(Outbox) private readonly outbox: Outbox,
    @Inject(DecisionActionRecordService) private readonly records: DecisionActionRecordService,
  ) {
    outbox.declare(ACTION_WATCH);
    outbox.declare(ACTION_TOPICS.due);
    outbox.declare(ACTION_TOPICS.overdue);
  }

  /** Looks at it in time for this owner and day, and at no other. */
  async watch(tx: Tx, id: string, dueOn: Temporal.PlainDate, days: ReminderDays): Promise<void> {
    await this.stop(tx, id);
    const dueAt = tellNextAt({ dueOn, remindedOn: null }, days, this.config.clinicTimeZone);
    await this.outbox.post(tx, { topic: ACTION_WATCH, subjectId: id, version: 0, dueAt });
  }

  /** It is settled: nobody needs to be told. */
  async stop(tx: Tx, id: string): Promise<void> {
    await this.outbox.withdraw(tx, [ACTION_WATCH], [id]);
  }

  /** When to come again; null: it is settled, or gone with its patient's record. Doing it twice is doing it once. */
  async remind(id: string): Promise<Temporal.Instant | null> {
    return this.database.transaction(async (tx) => {
      const known = await tx.decisionAction.findUnique({ where: { id }, select: { id: true } });
      if (known === null) return null;
      const before = await this.records.hold(tx, id);
      if (nextActionStatus(before.status, 'CHANGE') === null) return null;
      const now = this.clock.now();
      const due = this.#nextAt(before);
      if (Temporal.Instant.compare(now, due) < 0) return due;
      const remindersCount = before.remindersCount + 1;
      const remindedAt = dateFromInstant(now);
      await this.records.write(tx, CLOCK_ACTOR, before, id, REMINDED, { remindersCount, remindedAt });
      const dueOn = plainDateFromDate(before.dueOn);
      const isLate = isActionOverdue({ status: before.status, dueOn }, this.#day(now));
      const topic = isLate ? ACTION_TOPICS.overdue : ACTION_TOPICS.due;
      await this.outbox.post(tx, { topic, subjectId: id, version: remindersCount });
      return this.#nextAt({ ...before, remindedAt });
    });
  }

  #nextAt({
    dueOn,
    remindedAt,
    policy,
  }: Pick<ActionRow, 'dueOn' | 'remindedAt' | 'policy'>): Temporal.Instant {
    const remindedOn = remindedAt === null ? null : this.#day(instantFromDate(remindedAt));
    return tellNextAt({ dueOn: plainDateFromDate(dueOn), remindedOn }, policy, this.config.clinicTimeZone);
  }

  #day(moment: Temporal.Instant): Temporal.PlainDate {
    return localDate(moment, this.config.clinicTimeZone);
  }
}
