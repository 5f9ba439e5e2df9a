import { Inject, Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.service.js';
import type { IncidentStatus } from '../../platform/database/generated/enums.js';
import { badInput, isRefusal } from '../../platform/refusal/refusal.js';
import { Clock, dateFromInstant, instantFromDate, Temporal } from '../../platform/time/index.js';
import type { StaffActor } from '../audit/audit.type.js';
import {
  type DoseNotKnown,
  type IncidentStandsOtherwise,
  NotificationAlreadyRecorded,
  type NotificationMissing,
  TextNamesPatient,
} from './incident.refusals.js';
import { isNotified, nextStatus, settledAs } from './incident.rules.js';
import type { Incident } from './incident.type.js';
import { IncidentAssessmentService } from './incident-assessment.service.js';
import type {
  CloseIncidentInput,
  IncidentNoteInput,
  RecordNotificationInput,
} from './incident-closing.type.js';
import { IncidentIdentityService } from './incident-identity.service.js';
import type { AssessIncidentInput } from './incident-input.type.js';
import { IncidentRecordService, type IncidentRow, standingOf, toldOf } from './incident-record.service.js';
import { IncidentWatchService } from './incident-watch.service.js';

/** What is done with an incident that was raised. Everything is added, nothing that was said is changed. */
@Injectable()
export class IncidentService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(IncidentRecordService) private readonly records: IncidentRecordService,
    @Inject(IncidentAssessmentService) private readonly assessments: IncidentAssessmentService,
    @Inject(IncidentIdentityService) private readonly identity: IncidentIdentityService,
    @Inject(IncidentWatchService) private readonly watching: IncidentWatchService,
  ) {}

  /** What was found out, judged by the thresholds of the day on which it happened. Throws NOT_FOUND, BAD_INPUT. */
  async assessIncident(
    actor: StaffActor,
    input: AssessIncidentInput,
  ): Promise<Incident | IncidentStandsOtherwise | DoseNotKnown | TextNamesPatient> {
    return this.database.transaction(async (tx) => {
      const before = await this.records.hold(tx, input.incidentId);
      const status = nextStatus(standingOf(before), 'ASSESS');
      if (isRefusal(status)) return status as IncidentStandsOtherwise;
      const named = await this.identity.named(tx, before, input.anonymousSummary);
      if (named.length > 0) return new TextNamesPatient('anonymous summary', named);
      const assessed = await this.assessments.assess(tx, actor, before, input);
      if (isRefusal(assessed)) return assessed;
      await tx.incidentAssessment.create({ data: assessed.data });
      const { outcome } = assessed;
      const codes = assessed.met.map(({ code }) => code);
      const isNotifiable = outcome === 'NOTIFIABLE';
      const notifyBy = isNotifiable ? await this.watching.notifyBy(tx, before) : null;
      const regulators = [...new Set(assessed.met.map(({ regulator }) => regulator))];
      const told = toldNow(
        before,
        regulators,
        toldOf(before),
        before.notifications.at(-1)?.notifiedAt ?? null,
      );
      if (isNotifiable && told.notifiedAt === null) await this.watching.watch(tx, before);
      const found = { outcome, codes, regulators, notifyBy, ...told };
      return this.records.write(tx, actor, before, 'assessed', { ...found, status: settled(status, told) });
    });
  }

  /** A regulator was told: the reminders end when everybody was who has to hear of it. Throws NOT_FOUND, BAD_INPUT. */
  async recordNotification(
    actor: StaffActor,
    input: RecordNotificationInput,
  ): Promise<Incident | IncidentStandsOtherwise | NotificationAlreadyRecorded> {
    const now = this.clock.now();
    const { regulator, notifiedAt } = input;
    if (isBefore(now, notifiedAt)) throw badInput('notifiedAt: must not be in the future.');
    return this.database.transaction<Incident | IncidentStandsOtherwise | NotificationAlreadyRecorded>(
      async (tx) => {
        const before = await this.records.hold(tx, input.incidentId);
        const status = nextStatus(standingOf(before), 'NOTIFY');
        if (isRefusal(status)) return status as IncidentStandsOtherwise;
        if (isBefore(notifiedAt, instantFromDate(before.happenedAt))) {
          throw badInput('notifiedAt: must not be before it happened.');
        }
        await tx.incidentNotification.create({
          data: {
            ...{ incidentId: before.id, regulator, reference: input.reference.trim() },
            notifiedAt: dateFromInstant(notifiedAt),
            recordedAt: dateFromInstant(now),
            recordedById: actor.id,
          },
        });
        const regulators = [...toldOf(before), regulator];
        const told = toldNow(before, before.regulators, regulators, dateFromInstant(notifiedAt));
        return this.records.write(tx, actor, before, 'notified', { ...told, status: settled(status, told) });
      },
      {
        onConstraint: {
          incident_notifications_incident_id_regulator_reference_key: () => new NotificationAlreadyRecorded(),
        },
      },
    );
  }

  /** What was learnt, and what the person was told. Throws NOT_FOUND, BAD_INPUT. */
  async closeIncident(
    actor: StaffActor,
    input: CloseIncidentInput,
  ): Promise<Incident | IncidentStandsOtherwise | NotificationMissing | TextNamesPatient> {
    const now = this.clock.now();
    return this.database.transaction(async (tx) => {
      const before = await this.records.hold(tx, input.incidentId);
      const status = nextStatus(standingOf(before), 'CLOSE');
      if (isRefusal(status)) return status;
      const candourToldAt = readToldAt(input, before, now);
      const found = await this.identity.named(tx, before, input.learning);
      if (found.length > 0) return new TextNamesPatient('learning', found);
      await tx.incidentClosing.create({
        data: {
          incidentId: before.id,
          number: before.closings.length + 1,
          learning: input.learning.trim(),
          candour: input.candour,
          candourRecord: input.candourRecord.trim(),
          candourToldAt,
          closedAt: dateFromInstant(now),
          closedById: actor.id,
        },
      });
      return this.records.write(tx, actor, before, 'closed', { status, closedAt: dateFromInstant(now) });
    });
  }

  /** Looks into it again; how it was closed stays in its history. Throws NOT_FOUND. */
  async reopenIncident(
    actor: StaffActor,
    input: IncidentNoteInput,
  ): Promise<Incident | IncidentStandsOtherwise> {
    return this.database.transaction(async (tx) => {
      const before = await this.records.hold(tx, input.incidentId);
      const status = nextStatus(standingOf(before), 'REOPEN');
      if (isRefusal(status)) return status as IncidentStandsOtherwise;
      const change = { status, closedAt: null, notes: { create: this.#note(actor, input) } };
      return this.records.write(tx, actor, before, 'reopened', change);
    });
  }

  /** Whatever else became known, at any time. Throws NOT_FOUND. */
  async addIncidentNote(actor: StaffActor, input: IncidentNoteInput): Promise<Incident> {
    return this.database.transaction(async (tx) => {
      const before = await this.records.hold(tx, input.incidentId);
      return this.records.write(tx, actor, before, 'noted', { notes: { create: this.#note(actor, input) } });
    });
  }

  #note(actor: StaffActor, { text }: IncidentNoteInput) {
    return { text: text.trim(), notedAt: dateFromInstant(this.clock.now()), notedById: actor.id };
  }
}

interface Told {
  readonly notifiedAt: Date | null;
}

/** When everybody was told who has to hear of it: as it stood, or just now (`at`); null: somebody was not. */
function toldNow(
  { notifiedAt }: IncidentRow,
  owed: IncidentRow['regulators'],
  told: IncidentRow['regulators'],
  at: Date | null,
): Told {
  return { notifiedAt: isNotified(owed, told) ? (notifiedAt ?? at) : null };
}

const settled = (status: IncidentStatus, { notifiedAt }: Told): IncidentStatus =>
  settledAs(status, notifiedAt !== null);

function isBefore(a: Temporal.Instant, b: Temporal.Instant): boolean {
  return Temporal.Instant.compare(a, b) < 0;
}

/** When the person was told: said with TOLD, and only then. Whoever was exposed is told, or it says why not. */
function readToldAt(
  { candour, candourToldAt }: CloseIncidentInput,
  incident: IncidentRow,
  now: Temporal.Instant,
): Date | null {
  const toldAt = candourToldAt ?? null;
  if ((candour === 'TOLD') !== (toldAt !== null)) {
    throw badInput('candourToldAt: say when the person was told, and leave it out when nobody was.');
  }
  if (candour === 'NOT_NEEDED' && incident.outcome === 'NOTIFIABLE') {
    throw badInput(
      'candour: of what a regulator has to hear the person has to hear, too, unless that is not possible.',
    );
  }
  if (toldAt === null) return null;
  if (isBefore(now, toldAt) || isBefore(toldAt, instantFromDate(incident.happenedAt))) {
    throw badInput('candourToldAt: must be between what happened and now.');
  }
  return dateFromInstant(toldAt);
}
