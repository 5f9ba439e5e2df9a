import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import { Database, type Tx } from '../../platform/database/database.service.js';
import type { Prisma } from '../../platform/database/generated/client.js';
import { decodeCursor, encodeCursor, type Page, type PageInput } from '../../platform/graphql/page.type.js';
import { Outbox } from '../../platform/outbox/outbox.service.js';
import { badInput, isRefusal, notFound } from '../../platform/refusal/refusal.js';
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
import type { Actor, StaffActor } from '../audit/audit.type.js';
import { PatientService } from '../patients/patient.service.js';
import { COMPLAINT_TOPICS } from './complaint-letter.type.js';
import { DataComplaintAction, type DataComplaintStandsOtherwise } from './data-complaint.refusals.js';
import {
  acknowledgeBy,
  allowedActions,
  isAcknowledgementOverdue,
  nextStatus,
  referenceOf,
} from './data-complaint.rules.js';
import type {
  ComplaintNoteInput,
  ConcludeComplaintInput,
  DataComplaint,
  DataComplaintFilterInput,
  RecordComplaintInput,
} from './data-complaint.type.js';
import { lockedComplaint } from './records.queries.js';

/** A complaint with more steps than this is a lawsuit. */
const NOTES_MAX = 500;

const WITH_NOTES = {
  notes: { orderBy: [{ notedAt: 'asc' }, { id: 'asc' }], take: NOTES_MAX },
} as const satisfies Prisma.DataComplaintInclude;
type ComplaintRow = Prisma.DataComplaintGetPayload<{ include: typeof WITH_NOTES }>;
type Columns = Prisma.DataComplaintUncheckedUpdateInput;
type Answer = DataComplaint | DataComplaintStandsOtherwise;

/** What each verb is called in the complaint's own history and in the audit record. */
const DONE = {
  ACKNOWLEDGE: 'acknowledged',
  NOTE: 'noted',
  CONCLUDE: 'concluded',
  REOPEN: 'reopened',
} as const satisfies Record<DataComplaintAction, string>;

@Injectable()
export class DataComplaintService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Config) private readonly config: Config,
    @Inject(AuditService) private readonly audit: AuditService,
    @Inject(Outbox) private readonly outbox: Outbox,
    @Inject(PatientService) private readonly patients: PatientService,
  ) {
    outbox.declare(COMPLAINT_TOPICS.received);
  }

  /** Records a complaint; a patient is written to at once that it came. Throws NOT_FOUND, BAD_INPUT. */
  async recordComplaint(actor: StaffActor, input: RecordComplaintInput): Promise<DataComplaint> {
    const now = this.clock.now();
    const today = this.#today();
    const receivedOn = input.receivedOn ? Temporal.PlainDate.from(input.receivedOn) : today;
    if (Temporal.PlainDate.compare(receivedOn, today) > 0)
      throw badInput('receivedOn: must not be in the future.');
    const patientId = input.patientId ?? null;
    return this.database.transaction(async (tx) => {
      if (patientId !== null) await this.patients.lockPatient(tx, patientId);
      const row = await tx.dataComplaint.create({
        data: {
          ...{ patientId, channel: input.channel, text: input.text.trim() },
          complainantName: input.complainantName.trim(),
          complainantEmail: input.complainantEmail ?? null,
          receivedOn: dateFromPlainDate(receivedOn),
          acknowledgeBy: dateFromPlainDate(acknowledgeBy(receivedOn)),
          recordedAt: dateFromInstant(now),
          recordedById: actor.id,
          notes: { create: { action: 'recorded', notedAt: dateFromInstant(now), notedById: actor.id } },
        },
        include: WITH_NOTES,
      });
      if (patientId !== null) {
        await this.outbox.post(tx, { topic: COMPLAINT_TOPICS.received, subjectId: row.id, version: 0 });
      }
      return this.#record(tx, actor, 'recorded', null, row);
    });
  }

  /** The person has been told that it came. Throws NOT_FOUND. */
  async acknowledgeComplaint(actor: StaffActor, input: ComplaintNoteInput): Promise<Answer> {
    return this.#change(actor, input, DataComplaintAction.ACKNOWLEDGE, {
      acknowledgedAt: dateFromInstant(this.clock.now()),
      acknowledgedById: actor.id,
    });
  }

  /** Something that was done or found. Throws NOT_FOUND. */
  async noteOnComplaint(actor: StaffActor, input: ComplaintNoteInput): Promise<Answer> {
    return this.#change(actor, input, DataComplaintAction.NOTE, {});
  }

  /** The person was told the outcome. Throws NOT_FOUND. */
  async concludeComplaint(actor: StaffActor, input: ConcludeComplaintInput): Promise<Answer> {
    const { complaintId, told, outcome } = input;
    return this.#change(actor, { complaintId, text: told }, DataComplaintAction.CONCLUDE, {
      ...{ outcome, outcomeText: told.trim() },
      concludedAt: dateFromInstant(this.clock.now()),
      concludedById: actor.id,
    });
  }

  /** Looks into it again; what was told stays in its history. Throws NOT_FOUND. */
  async reopenComplaint(actor: StaffActor, input: ComplaintNoteInput): Promise<Answer> {
    const at = dateFromInstant(this.clock.now());
    return this.#change(actor, input, DataComplaintAction.REOPEN, {
      ...{ outcome: null, outcomeText: null, concludedAt: null, concludedById: null },
      // Told of its outcome, the person knows that it came.
      ...{ acknowledgedAt: at, acknowledgedById: actor.id },
    });
  }

  /** Complaints, those to be acknowledged first at the top. The look is recorded. */
  async dataComplaints(
    actor: Actor,
    filter: DataComplaintFilterInput,
    page: PageInput,
  ): Promise<Page<DataComplaint>> {
    const { patientId, status } = filter;
    const today = this.#today();
    return this.database.transaction(async (tx) => {
      const rows = await tx.dataComplaint.findMany({
        where: {
          AND: [
            patientId ? { patientId } : {},
            status ? { status } : {},
            filter.overdue ? { status: 'RECEIVED', acknowledgeBy: { lt: dateFromPlainDate(today) } } : {},
            page.after ? afterDue(page.after) : {},
          ],
        },
        include: WITH_NOTES,
        orderBy: [{ acknowledgeBy: 'asc' }, { id: 'asc' }],
        take: page.size + 1,
      });
      const shown = rows.slice(0, page.size);
      await this.audit.record(tx, actor, {
        action: 'complaints.viewed',
        subjectType: 'data-complaint',
        patientIds: [...new Set(shown.flatMap((row) => row.patientId ?? []))],
        after: { ...filter },
      });
      const last = shown.at(-1);
      const cursor = last && encodeCursor(plainDateFromDate(last.acknowledgeBy).toString(), last.id);
      return {
        items: shown.map((row) => toComplaint(row, today)),
        nextCursor: rows.length > page.size && cursor ? cursor : null,
      };
    });
  }

  async #change(
    actor: StaffActor,
    { complaintId, text }: ComplaintNoteInput,
    action: DataComplaintAction,
    columns: Columns,
  ): Promise<Answer> {
    return this.database.transaction(async (tx) => {
      await tx.$queryRaw(lockedComplaint(complaintId));
      const before = await tx.dataComplaint.findUnique({ where: { id: complaintId }, include: WITH_NOTES });
      if (before === null) throw notFound('complaint');
      const status = nextStatus(before.status, action);
      if (isRefusal(status)) return status;
      const note = { action: DONE[action], text: text.trim(), notedById: actor.id };
      const row = await tx.dataComplaint.update({
        where: { id: complaintId },
        data: {
          ...columns,
          status,
          version: { increment: 1 },
          notes: { create: { ...note, notedAt: dateFromInstant(this.clock.now()) } },
        },
        include: WITH_NOTES,
      });
      return this.#record(tx, actor, DONE[action], before, row);
    });
  }

  async #record(
    tx: Tx,
    actor: StaffActor,
    done: 'recorded' | (typeof DONE)[DataComplaintAction],
    before: ComplaintRow | null,
    row: ComplaintRow,
  ): Promise<DataComplaint> {
    const today = this.#today();
    const after = toComplaint(row, today);
    await this.audit.record(tx, actor, {
      action: `complaint.${done}`,
      subjectType: 'data-complaint',
      subjectId: row.id,
      patientIds: row.patientId === null ? [] : [row.patientId],
      ...(before === null ? {} : { before: toComplaint(before, today) }),
      after,
    });
    return after;
  }

  #today(): Temporal.PlainDate {
    return localDate(this.clock.now(), this.config.clinicTimeZone);
  }
}

function afterDue(cursor: string) {
  const [day, id] = decodeCursor(cursor, ['day', 'uuid']);
  const by = dateFromPlainDate(Temporal.PlainDate.from(day));
  return { OR: [{ acknowledgeBy: { gt: by } }, { acknowledgeBy: by, id: { gt: id } }] };
}

function toComplaint(row: ComplaintRow, today: Temporal.PlainDate): DataComplaint {
  const { id, patientId, complainantName, complainantEmail, channel, text, status, outcome, outcomeText } =
    row;
  const by = plainDateFromDate(row.acknowledgeBy);
  return {
    ...{ id, patientId, complainantName, complainantEmail, channel, text, status, outcome, outcomeText },
    reference: referenceOf(id),
    receivedOn: plainDateFromDate(row.receivedOn).toString(),
    acknowledgeBy: by.toString(),
    isAcknowledgementOverdue: isAcknowledgementOverdue(status, by, today),
    allowedActions: allowedActions(status),
    acknowledgedAt: row.acknowledgedAt === null ? null : instantFromDate(row.acknowledgedAt),
    concludedAt: row.concludedAt === null ? null : instantFromDate(row.concludedAt),
    notes: row.notes.map(({ complaintId: _, notedAt, ...note }) => ({
      ...note,
      notedAt: instantFromDate(notedAt),
    })),
  };
}
