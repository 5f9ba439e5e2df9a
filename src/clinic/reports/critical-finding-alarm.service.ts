import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import { Database, type Tx } from '../../platform/database/database.service.js';
import type { CriticalFindingCategory } from '../../platform/database/generated/enums.js';
import { Outbox } from '../../platform/outbox/index.js';
import { Clock, dateFromInstant, localDate, Temporal } from '../../platform/time/index.js';
import type { UnattendedActor } from '../audit/audit.type.js';
import { escalateAt } from './critical-finding.rules.js';
import { CRITICAL_FINDING_DUE, type CriticalFinding } from './critical-finding.type.js';
import { CriticalFindingRecordService } from './critical-finding-record.service.js';
import { CRITICAL_FINDING_TOPICS } from './report-letter.type.js';
import { ReportPolicyService } from './report-policy.service.js';

const CLOCK_ACTOR: UnattendedActor = {
  kind: 'SYSTEM',
  id: null,
  label: CRITICAL_FINDING_DUE,
  requestId: null,
  source: null,
};

/** By when somebody is told of a critical finding, and what happens while nobody is. */
@Injectable()
export class CriticalFindingAlarmService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Config) private readonly config: Config,
    @Inject(Outbox) private readonly outbox: Outbox,
    @Inject(ReportPolicyService) private readonly policies: ReportPolicyService,
    @Inject(CriticalFindingRecordService) private readonly records: CriticalFindingRecordService,
  ) {
    outbox.declare(CRITICAL_FINDING_DUE);
    outbox.declare(CRITICAL_FINDING_TOPICS.raised);
    outbox.declare(CRITICAL_FINDING_TOPICS.overdue);
  }

  /** The columns that say since when, by when, and by which policy. */
  async promised(tx: Tx, category: CriticalFindingCategory) {
    const now = this.clock.now();
    const policy = await this.policies.criticalInForce(
      tx,
      category,
      localDate(now, this.config.clinicTimeZone),
    );
    const dueAt = now.add({ minutes: policy.tellWithinMinutes });
    return { flaggedAt: dateFromInstant(now), dueAt: dateFromInstant(dueAt), policyId: policy.id };
  }

  /** The clinic is told at once, and again when it is due. */
  async raise(tx: Tx, { id: subjectId, dueAt }: CriticalFinding): Promise<void> {
    await this.outbox.post(tx, { topic: CRITICAL_FINDING_TOPICS.raised, subjectId, version: 0 });
    await this.outbox.post(tx, { topic: CRITICAL_FINDING_DUE, subjectId, version: 0, dueAt });
  }

  /** Nobody needs to be told again. */
  async stop(tx: Tx, { id }: CriticalFinding): Promise<void> {
    await this.outbox.withdraw(tx, [CRITICAL_FINDING_DUE], [id]);
  }

  /**
   * Tells the clinic that nobody has read it back in time. When to come again; null: somebody has, or it is closed. Doing it
   * twice is doing it once.
   */
  async escalate(id: string): Promise<Temporal.Instant | null> {
    return this.database.transaction(async (tx) => {
      const known = await tx.criticalFinding.findUnique({ where: { id }, select: { policy: true } });
      if (known === null) return null;
      const before = await this.records.mustHold(tx, id);
      if (before.status !== 'OPEN') return null;
      const { escalationMinutes } = known.policy;
      const now = this.clock.now();
      const due = escalateAt({ ...before, escalationMinutes });
      if (Temporal.Instant.compare(now, due) < 0) return due;
      const escalationsCount = before.escalationsCount + 1;
      await this.records.change(tx, CLOCK_ACTOR, 'critical-finding.escalated', before, {
        escalatedAt: dateFromInstant(now),
        escalationsCount,
      });
      const { overdue: topic } = CRITICAL_FINDING_TOPICS;
      await this.outbox.post(tx, { topic, subjectId: id, version: escalationsCount });
      return escalateAt({ ...before, escalatedAt: now, escalationMinutes });
    });
  }
}
