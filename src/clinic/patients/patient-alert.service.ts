import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import { Database, type Tx } from '../../platform/database/database.service.js';
import type { PatientAlert as AlertRow } from '../../platform/database/generated/client.js';
import type { Role } from '../../platform/database/generated/enums.js';
import { badInput, notFound } from '../../platform/refusal/refusal.js';
import {
  Clock,
  dateFromInstant,
  dateFromPlainDate,
  instantFromDate,
  localDate,
  plainDateFromDate,
  Temporal,
} from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { StaffActor } from '../audit/audit.type.js';
import { REASON_PROBLEM, readReason } from './note-text.rules.js';
import { PatientAlertChanged, PatientAlertHeld } from './patient-alert.refusals.js';
import { byGravity, isShown, isVisibleTo, readAlert } from './patient-alert.rules.js';
import type { EndPatientAlertInput, PatientAlert, RaisePatientAlertInput } from './patient-alert.type.js';
import type { MergedRows } from './patient-merge.type.js';
import { PatientRecordService } from './patient-record.service.js';

/** Of which merge: `from` is the record that is one again, `into` the one that was kept. */
interface GoingBack {
  readonly from: string;
  readonly into: string;
  readonly mergedAt: Temporal.Instant;
}

/** Said by the database while something of a later room needs the alert. */
const HELD = { patient_alerts_task_closed: () => new PatientAlertHeld() } as const;

@Injectable()
export class PatientAlertService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Config) private readonly config: Config,
    @Inject(AuditService) private readonly audit: AuditService,
    @Inject(PatientRecordService) private readonly records: PatientRecordService,
  ) {}

  /** From now on whoever may sees it with the patient. Throws NOT_FOUND, and BAD_INPUT naming each field. */
  async raiseAlert(actor: StaffActor, input: RaisePatientAlertInput): Promise<PatientAlert> {
    return this.database.transaction((tx) => this.raiseIn(tx, actor, input));
  }

  /** The same for a later room, in the transaction of what it is about. */
  async raiseIn(tx: Tx, actor: StaffActor, input: RaisePatientAlertInput): Promise<PatientAlert> {
    const read = readAlert(input, this.#today());
    if (!('text' in read)) throw badInput(read.join(' '));
    const { patientId, kind, severity } = input;
    await this.records.lock(tx, patientId);
    const row = await tx.patientAlert.create({
      data: {
        ...{ patientId, kind, severity, text: read.text, visibleTo: [...read.visibleTo] },
        fromOn: toDay(read.fromOn),
        untilOn: read.untilOn === null ? null : toDay(read.untilOn),
        raisedAt: dateFromInstant(this.clock.now()),
        raisedById: actor.id,
      },
    });
    const alert = this.#toAlert(row);
    await this.#record(tx, actor, 'patient-alert.raised', null, alert);
    return alert;
  }

  /** For the later room that raised it: what it was about is over. Nothing happens when somebody has ended it before. */
  async endIn(tx: Tx, actor: StaffActor, alertId: string, reason: string): Promise<void> {
    const before = await this.#mustHave(tx, alertId);
    const { count } = await tx.patientAlert.updateMany({
      where: { id: alertId, endedAt: null },
      data: {
        ...{ endReason: reason, endedById: actor.id, version: { increment: 1 } },
        endedAt: dateFromInstant(this.clock.now()),
      },
    });
    if (count === 0) return;
    await this.#record(tx, actor, 'patient-alert.ended', before, await this.#mustHave(tx, alertId));
  }

  /**
   * For the later room that raised them, when a merge is undone: what they are about goes back to `from`, and they with it.
   * The answer is how many of them the merge counts as added since.
   */
  async giveBackIn(
    tx: Tx,
    alertIds: readonly string[],
    { from, into, mergedAt }: GoingBack,
  ): Promise<MergedRows> {
    const rows = await tx.patientAlert.updateManyAndReturn({
      where: { id: { in: [...alertIds] }, patientId: into },
      data: { patientId: from },
      select: { raisedAt: true },
    });
    const since = rows.filter(({ raisedAt }) => raisedAt > dateFromInstant(mergedAt));
    return { room: 'patients', kind: 'alerts', count: since.length };
  }

  /** It holds no longer, and stays in the history. Throws NOT_FOUND, also for an alert that the caller may not see, and BAD_INPUT. */
  async endAlert(
    actor: StaffActor,
    roles: readonly Role[],
    input: EndPatientAlertInput,
  ): Promise<PatientAlert | PatientAlertChanged | PatientAlertHeld> {
    const endReason = readReason(input.reason);
    if (endReason === null) throw badInput(`reason: ${REASON_PROBLEM}.`);
    return this.database.transaction<PatientAlert | PatientAlertChanged, PatientAlertHeld>(
      async (tx) => {
        const before = await this.#mustHave(tx, input.alertId);
        if (!isVisibleTo(before, roles)) throw notFound('alert');
        const { count } = await tx.patientAlert.updateMany({
          where: { id: before.id, version: input.version, endedAt: null },
          data: {
            ...{ endReason, endedById: actor.id, version: { increment: 1 } },
            endedAt: dateFromInstant(this.clock.now()),
          },
        });
        const after = await this.#mustHave(tx, input.alertId);
        if (count === 0) return new PatientAlertChanged(after.version, after.endedAt !== null);
        await this.#record(tx, actor, 'patient-alert.ended', before, after);
        return after;
      },
      { onConstraint: HELD },
    );
  }

  /** All alerts of these patients that somebody with these roles may see, the graver first. */
  async ofPatients(
    patientIds: readonly string[],
    roles: readonly Role[],
  ): Promise<ReadonlyMap<string, readonly PatientAlert[]>> {
    const rows = await this.database.client.patientAlert.findMany({
      where: { patientId: { in: [...patientIds] } },
    });
    const alerts = rows.map((row) => this.#toAlert(row)).filter((alert) => isVisibleTo(alert, roles));
    const byPatient = new Map<string, PatientAlert[]>();
    for (const alert of alerts.toSorted(byGravity)) {
      byPatient.set(alert.patientId, [...(byPatient.get(alert.patientId) ?? []), alert]);
    }
    return byPatient;
  }

  async #mustHave(tx: Tx, id: string): Promise<PatientAlert> {
    const row = await tx.patientAlert.findUnique({ where: { id } });
    if (row === null) throw notFound('alert');
    return this.#toAlert(row);
  }

  async #record(
    tx: Tx,
    actor: StaffActor,
    action: string,
    before: PatientAlert | null,
    after: PatientAlert,
  ): Promise<void> {
    await this.audit.record(tx, actor, {
      ...{ action, subjectType: 'patient-alert', subjectId: after.id, patientIds: [after.patientId] },
      ...(before === null ? {} : { before }),
      after,
    });
  }

  #today(): Temporal.PlainDate {
    return localDate(this.clock.now(), this.config.clinicTimeZone);
  }

  #toAlert(row: AlertRow): PatientAlert {
    const fromOn = plainDateFromDate(row.fromOn).toString();
    const untilOn = row.untilOn === null ? null : plainDateFromDate(row.untilOn).toString();
    const { endedAt } = row;
    return {
      ...row,
      ...{ fromOn, untilOn },
      isShown: isShown({ fromOn, untilOn, endedAt }, this.#today()),
      raisedAt: instantFromDate(row.raisedAt),
      endedAt: endedAt === null ? null : instantFromDate(endedAt),
    };
  }
}

function toDay(day: string): Date {
  return dateFromPlainDate(Temporal.PlainDate.from(day));
}
