import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import { Database, type Tx } from '../../platform/database/database.service.js';
import { Outbox } from '../../platform/outbox/index.js';
import {
  Clock,
  dateFromInstant,
  dateFromPlainDate,
  instantFromDate,
  startOfDay,
  Temporal,
} from '../../platform/time/index.js';
import type { UnattendedActor } from '../audit/audit.type.js';
import { INCIDENT_TOPICS, INCIDENT_WORK } from './incident-letter.type.js';
import { IncidentRecordService, type IncidentRow } from './incident-record.service.js';
import { IncidentRuleService } from './incident-rule.service.js';

const CLOCK_ACTOR: UnattendedActor = {
  kind: 'SYSTEM',
  id: null,
  label: 'incident-watch',
  requestId: null,
  source: null,
};

/** Of what a regulator has to hear, the clinic is reminded until somebody has told them. */
@Injectable()
export class IncidentWatchService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Config) private readonly config: Config,
    @Inject(Outbox) private readonly outbox: Outbox,
    @Inject(IncidentRecordService) private readonly records: IncidentRecordService,
    @Inject(IncidentRuleService) private readonly rules: IncidentRuleService,
  ) {
    outbox.declare(INCIDENT_WORK.watched);
    outbox.declare(INCIDENT_TOPICS.notificationDue);
  }

  /** By when a regulator hears of it: counted from the first assessment that found so. */
  async notifyBy(tx: Tx, incident: IncidentRow): Promise<Date> {
    if (incident.notifyBy !== null) return incident.notifyBy;
    const first = incident.assessments.find(({ outcome }) => outcome === 'NOTIFIABLE');
    const from =
      first === undefined ? this.records.dayOf() : this.records.dayOf(instantFromDate(first.assessedAt));
    const { notifyDays } = await this.rules.policyOn(tx, from);
    return dateFromPlainDate(from.add({ days: notifyDays }));
  }

  /** Has somebody look at it, from now on. */
  async watch(tx: Tx, { id: subjectId, version }: IncidentRow): Promise<void> {
    await this.outbox.post(tx, { topic: INCIDENT_WORK.watched, subjectId, version });
  }

  /** Looks at it as it stands: reminds the clinic, at most once a day. When to come again; null: never. */
  async look(incidentId: string): Promise<Temporal.Instant | null> {
    return this.database.transaction(async (tx) => {
      const known = await tx.incident.findUnique({
        where: { id: incidentId },
        select: { destroyedAt: true },
      });
      if (known === null || known.destroyedAt !== null) return null;
      const row = await this.records.hold(tx, incidentId);
      if (row.notifyBy === null || row.notifiedAt !== null || row.status === 'CLOSED') return null;
      const today = this.records.dayOf();
      const { remindDays } = await this.rules.policyOn(tx, today);
      const last = row.remindedAt === null ? null : this.records.dayOf(instantFromDate(row.remindedAt));
      const next = last?.add({ days: remindDays }) ?? today;
      if (Temporal.PlainDate.compare(today, next) < 0) return startOfDay(next, this.config.clinicTimeZone);
      await this.#remind(tx, row);
      return startOfDay(today.add({ days: remindDays }), this.config.clinicTimeZone);
    });
  }

  async #remind(tx: Tx, row: IncidentRow): Promise<void> {
    const reminders = row.reminders + 1;
    const remindedAt = dateFromInstant(this.clock.now());
    await this.records.write(tx, CLOCK_ACTOR, row, 'notification-reminded', { reminders, remindedAt });
    const topic = INCIDENT_TOPICS.notificationDue;
    await this.outbox.post(tx, { topic, subjectId: row.id, version: reminders });
  }
}
