import { Inject, Injectable } from '@nestjs/common';
import { Database, type Tx } from '../../platform/database/database.service.js';
import { AlertKind, AlertSeverity } from '../../platform/database/generated/enums.js';
import { Outbox } from '../../platform/outbox/index.js';
import { Clock, dateFromInstant, Temporal } from '../../platform/time/index.js';
import type { StaffActor, UnattendedActor } from '../audit/audit.type.js';
import { PatientAlertService } from '../patients/patient-alert.service.js';
import type { OutcomeScore } from './outcome.type.js';
import { tellAgainAt } from './risk-task.rules.js';
import { RISK_TASK_DUE, type RiskTask } from './risk-task.type.js';
import { RISK_TASK_TOPICS } from './risk-task-letter.type.js';
import { RiskTaskPolicyService } from './risk-task-policy.service.js';
import { RiskTaskRecordService } from './risk-task-record.service.js';
import { mustBeTold } from './score-entry.rules.js';

const CLOCK_ACTOR: UnattendedActor = {
  kind: 'SYSTEM',
  id: null,
  label: RISK_TASK_DUE,
  requestId: null,
  source: null,
};

/** Says nothing of why: it is shown to everybody who meets the patient. */
const ALERT_TEXT = 'Fetch a clinician before this patient leaves: an urgent task is open.';
const ALERT_END_REASON = 'The urgent task was closed.';

/** Who is told of an answer that must not wait, by when, and what happens while nobody sees to it. */
@Injectable()
export class RiskTaskAlarmService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Outbox) private readonly outbox: Outbox,
    @Inject(PatientAlertService) private readonly alerts: PatientAlertService,
    @Inject(RiskTaskPolicyService) private readonly policies: RiskTaskPolicyService,
    @Inject(RiskTaskRecordService) private readonly records: RiskTaskRecordService,
  ) {
    outbox.declare(RISK_TASK_DUE);
    outbox.declare(RISK_TASK_TOPICS.raised);
    outbox.declare(RISK_TASK_TOPICS.overdue);
  }

  /**
   * Raises a task for the answers of a score in the transaction that records them, unless somebody was told of the same
   * already. The patient is held. The clinic is told at once, again when it is due, and whoever meets the patient sees it.
   */
  async raise(
    tx: Tx,
    actor: StaffActor,
    { id: scoreId, entryId, patientId }: OutcomeScore,
    { answer, before }: { readonly answer: number; readonly before: number | null },
  ): Promise<void> {
    const unclosed = await tx.riskTask.findMany({
      where: { entryId, status: { not: 'CLOSED' } },
      select: { answer: true },
    });
    const open = unclosed.map((task) => task.answer);
    if (!mustBeTold({ answer, before, open })) return;
    const now = this.clock.now();
    const policy = await this.policies.inForce(tx, now);
    const { id: alertId } = await this.alerts.raiseIn(tx, actor, {
      ...{ patientId, kind: AlertKind.CLINICAL, severity: AlertSeverity.HIGH, text: ALERT_TEXT },
    });
    const { id } = await tx.riskTask.create({
      data: {
        ...{ patientId, scoreId, entryId, answer, alertId, policyId: policy.id, raisedById: actor.id },
        raisedAt: dateFromInstant(now),
        dueAt: dateFromInstant(now.add({ minutes: policy.claimWithinMinutes })),
      },
      select: { id: true },
    });
    const task = await this.records.mustHave(tx, id);
    await this.records.record(tx, actor, 'risk-task.raised', null, task);
    await this.outbox.post(tx, { topic: RISK_TASK_TOPICS.raised, subjectId: id, version: 0 });
    await this.#watch(tx, id, task.dueAt);
  }

  /** By when it is seen to from now on: there is a new time each time that it changes hands. */
  async dueFromNow(tx: Tx, { id }: RiskTask, status: 'OPEN' | 'CLAIMED'): Promise<Date> {
    const { policy } = await tx.riskTask.findUniqueOrThrow({ where: { id }, select: { policy: true } });
    const minutes = status === 'OPEN' ? policy.claimWithinMinutes : policy.closeWithinMinutes;
    const dueAt = this.clock.now().add({ minutes });
    await this.outbox.withdraw(tx, [RISK_TASK_DUE], [id]);
    await this.#watch(tx, id, dueAt);
    return dateFromInstant(dueAt);
  }

  /** It is closed: nobody needs to be told again, and whoever meets the patient need not be either. */
  async stop(tx: Tx, actor: StaffActor, { id }: RiskTask): Promise<void> {
    await this.outbox.withdraw(tx, [RISK_TASK_DUE], [id]);
    const { alertId } = await tx.riskTask.findUniqueOrThrow({ where: { id }, select: { alertId: true } });
    await this.alerts.endIn(tx, actor, alertId, ALERT_END_REASON);
  }

  /**
   * Tells the clinic that a task is late. When to come again; null: it is closed, or gone with its patient's record. Doing it
   * twice is doing it once.
   */
  async escalate(id: string): Promise<Temporal.Instant | null> {
    return this.database.transaction(async (tx) => {
      const known = await tx.riskTask.findUnique({ where: { id }, select: { policy: true } });
      if (known === null) return null;
      const before = await this.records.mustHold(tx, id);
      if (before.status === 'CLOSED') return null;
      const { repeatMinutes } = known.policy;
      const now = this.clock.now();
      const due = tellAgainAt({ ...before, repeatMinutes });
      if (Temporal.Instant.compare(now, due) < 0) return due;
      const escalationsCount = before.escalationsCount + 1;
      await this.records.change(tx, CLOCK_ACTOR, 'risk-task.escalated', before, {
        escalatedAt: dateFromInstant(now),
        escalationsCount,
      });
      const { overdue: topic } = RISK_TASK_TOPICS;
      await this.outbox.post(tx, { topic, subjectId: id, version: escalationsCount });
      return tellAgainAt({ ...before, escalatedAt: now, repeatMinutes });
    });
  }

  async #watch(tx: Tx, subjectId: string, dueAt: Temporal.Instant): Promise<void> {
    await this.outbox.post(tx, { topic: RISK_TASK_DUE, subjectId, version: 0, dueAt });
  }
}
