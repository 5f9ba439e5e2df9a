import { Inject, Injectable } from '@nestjs/common';
import { Database, type Tx } from '../../platform/database/database.service.js';
import type { RedFlagAlert as AlertRow, Prisma } from '../../platform/database/generated/client.js';
import { RedFlagAlertStatus, type RedFlagBasis } from '../../platform/database/generated/enums.js';
import { decodeCursor, encodeCursor, type Page, type PageInput } from '../../platform/graphql/page.type.js';
import { Outbox } from '../../platform/outbox/index.js';
import { notFound } from '../../platform/refusal/refusal.js';
import { Clock, dateFromInstant, instantFromDate, Temporal } from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { Actor, StaffActor, UnattendedActor } from '../audit/audit.type.js';
import { CallBackFollowService } from './call-back-follow.service.js';
import { heldAlert } from './enquiry.queries.js';
import { EnquiryEventService } from './enquiry-event.service.js';
import { RED_FLAG_TOPICS } from './enquiry-letter.type.js';
import { RedFlagAlertClosed } from './red-flag.refusals.js';
import { remindAt } from './red-flag.rules.js';
import type { CloseRedFlagInput, RedFlagAlert, RedFlagAlertFilterInput } from './red-flag.type.js';

/** This room's own message: time to look whether an alert is still open. Subject: the alert. */
export const RED_FLAG_DUE = 'red-flag.due';

const REMINDER: UnattendedActor = {
  kind: 'SYSTEM',
  id: null,
  label: RED_FLAG_DUE,
  requestId: null,
  source: null,
};
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** What an alert, or an asking, is about. */
export type RedFlagSubject =
  | { readonly enquiryId: string; readonly referralId?: never }
  | { readonly referralId: string; readonly enquiryId?: never };

export interface NewAlert {
  readonly about: RedFlagSubject;
  readonly askingId: string | null;
  readonly basis: RedFlagBasis;
  readonly codes: readonly string[];
}

/** Alerts: raised with what caused them, come again until they are closed, and closed by a clinician in words. */
@Injectable()
export class RedFlagAlertService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(AuditService) private readonly audit: AuditService,
    @Inject(Outbox) private readonly outbox: Outbox,
    @Inject(EnquiryEventService) private readonly events: EnquiryEventService,
    @Inject(CallBackFollowService) private readonly callBacks: CallBackFollowService,
  ) {
    outbox.declare(RED_FLAG_TOPICS.raised);
    outbox.declare(RED_FLAG_TOPICS.overdue);
    outbox.declare(RED_FLAG_DUE);
  }

  /** Raises an alert in the transaction of what caused it; the clinic is told at once, and again until it is closed. */
  async raiseIn(tx: Tx, actor: Actor, { about, askingId, basis, codes }: NewAlert): Promise<RedFlagAlert> {
    const row = await tx.redFlagAlert.create({
      data: { ...about, askingId, basis, codes: [...codes], raisedAt: dateFromInstant(this.clock.now()) },
    });
    const alert = toAlert(row);
    await this.#record(tx, actor, 'red-flag.raised', null, alert);
    await this.outbox.post(tx, {
      topic: RED_FLAG_TOPICS.raised,
      subjectId: alert.id,
      version: alert.version,
    });
    await this.outbox.post(tx, {
      topic: RED_FLAG_DUE,
      subjectId: alert.id,
      version: alert.version,
      dueAt: remindAt({ ...alert, remindedAt: null }),
    });
    if (about.enquiryId !== undefined) await this.callBacks.hasten(tx, actor, about.enquiryId);
    return alert;
  }

  /** Alerts, the oldest first. Needs a look at the enquiries they are about, so that look is recorded. */
  async redFlagAlerts(
    actor: StaffActor,
    filter: RedFlagAlertFilterInput,
    page: PageInput,
  ): Promise<Page<RedFlagAlert>> {
    const rows = await this.database.client.redFlagAlert.findMany({
      where: {
        ...(filter.status ? { status: filter.status } : {}),
        ...(filter.enquiryId ? { enquiryId: filter.enquiryId } : {}),
        ...(filter.referralId ? { referralId: filter.referralId } : {}),
        ...acknowledged(filter.isAcknowledged),
        ...laterThan(page.after),
      },
      orderBy: [{ raisedAt: 'asc' }, { id: 'asc' }],
      take: page.size + 1,
    });
    const items = rows.slice(0, page.size).map(toAlert);
    await this.database.transaction(async (tx) =>
      this.audit.record(tx, actor, {
        action: 'red-flags.viewed',
        subjectType: 'red-flag-alert',
        patientIds: await this.#patientsOf(tx, items),
        after: { alertIds: items.map(({ id }) => id) },
      }),
    );
    const last = items.at(-1);
    const isMore = rows.length > page.size && last !== undefined;
    return { items, nextCursor: isMore ? encodeCursor(last.raisedAt.toString(), last.id) : null };
  }

  /** All alerts of these enquiries, the oldest first. The look is recorded by whoever shows the enquiry. */
  async ofEnquiries(
    client: Tx,
    ids: readonly string[],
  ): Promise<ReadonlyMap<string, readonly RedFlagAlert[]>> {
    const rows = await client.redFlagAlert.findMany({
      where: { enquiryId: { in: [...ids] } },
      orderBy: [{ raisedAt: 'asc' }, { id: 'asc' }],
    });
    const byId = new Map<string, RedFlagAlert[]>();
    for (const row of rows) {
      if (row.enquiryId !== null) byId.set(row.enquiryId, [...(byId.get(row.enquiryId) ?? []), toAlert(row)]);
    }
    return byId;
  }

  /** Somebody has seen it: the reminders come less often, and go on. Doing it twice is doing it once. */
  async acknowledgeRedFlag(actor: StaffActor, alertId: string): Promise<RedFlagAlert | RedFlagAlertClosed> {
    return this.database.transaction(async (tx) => {
      const before = await this.#mustHold(tx, alertId);
      if (before.closedById !== null) return new RedFlagAlertClosed(before.closedById);
      if (before.acknowledgedAt !== null) return before;
      const seen = { acknowledgedAt: dateFromInstant(this.clock.now()), acknowledgedById: actor.id };
      return this.#change(tx, actor, 'red-flag.acknowledged', before, seen);
    });
  }

  /** Closed by the clinician whose session it is, with their note. */
  async closeRedFlag(
    actor: StaffActor,
    { alertId, note }: CloseRedFlagInput,
  ): Promise<RedFlagAlert | RedFlagAlertClosed> {
    return this.database.transaction(async (tx) => {
      const before = await this.#mustHold(tx, alertId);
      if (before.closedById !== null) return new RedFlagAlertClosed(before.closedById);
      return this.#change(tx, actor, 'red-flag.closed', before, {
        status: RedFlagAlertStatus.CLOSED,
        closedAt: dateFromInstant(this.clock.now()),
        closedById: actor.id,
        closingNote: note.normalize('NFC').trim(),
      });
    });
  }

  /** How many alerts are open now: each is a person who may be in danger. */
  async openCount(): Promise<number> {
    return this.database.client.redFlagAlert.count({ where: { status: { not: RedFlagAlertStatus.CLOSED } } });
  }

  /** Tells the clinic again of an alert that is due; when to look again, null once it is closed. May be done twice. */
  async remind(alertId: string): Promise<Temporal.Instant | null> {
    return this.database.transaction(async (tx) => {
      await tx.$queryRaw(heldAlert(alertId));
      const row = await tx.redFlagAlert.findUnique({ where: { id: alertId } });
      if (row === null || row.status === RedFlagAlertStatus.CLOSED) return null;
      const before = toAlert(row);
      const now = this.clock.now();
      const due = remindAt({
        ...before,
        remindedAt: row.remindedAt === null ? null : instantFromDate(row.remindedAt),
      });
      if (Temporal.Instant.compare(now, due) < 0) return due;
      const reminded = { remindedAt: dateFromInstant(now), reminders: { increment: 1 } };
      const alert = await this.#change(tx, REMINDER, 'red-flag.reminded', before, reminded);
      await this.outbox.post(tx, {
        topic: RED_FLAG_TOPICS.overdue,
        subjectId: alert.id,
        version: alert.version,
      });
      return remindAt({ ...alert, remindedAt: now });
    });
  }

  async #mustHold(tx: Tx, id: string): Promise<RedFlagAlert> {
    if (!UUID.test(id)) throw notFound('alert');
    await tx.$queryRaw(heldAlert(id));
    const row = await tx.redFlagAlert.findUnique({ where: { id } });
    if (row === null) throw notFound('alert');
    return toAlert(row);
  }

  async #change(
    tx: Tx,
    actor: Actor,
    action: string,
    before: RedFlagAlert,
    data: Prisma.RedFlagAlertUncheckedUpdateInput,
  ): Promise<RedFlagAlert> {
    const row = await tx.redFlagAlert.update({
      where: { id: before.id },
      data: { ...data, version: { increment: 1 } },
    });
    const after = toAlert(row);
    await this.#record(tx, actor, action, before, after);
    return after;
  }

  async #record(tx: Tx, actor: Actor, action: string, before: RedFlagAlert | null, after: RedFlagAlert) {
    if (after.enquiryId !== null)
      await this.events.record(tx, after.enquiryId, actor, action, { alertId: after.id });
    await this.audit.record(tx, actor, {
      action,
      subjectType: 'red-flag-alert',
      subjectId: after.id,
      patientIds: await this.#patientsOf(tx, [after]),
      ...(before === null ? {} : { before: auditFacts(before) }),
      after: auditFacts(after),
    });
  }
  /** Whom these alerts are about, as far as they are patients. */
  async #patientsOf(tx: Tx, alerts: readonly RedFlagAlert[]): Promise<string[]> {
    const rows = await tx.redFlagAlert.findMany({
      where: { id: { in: alerts.map(({ id }) => id) } },
      select: { enquiry: { select: { patientId: true } }, referral: { select: { patientId: true } } },
    });
    const ids = rows.flatMap(({ enquiry, referral }) => enquiry?.patientId ?? referral?.patientId ?? []);
    return [...new Set(ids)];
  }
}

/** The note and the words seen stay with the alert: they tell of a person. */
function auditFacts({
  enquiryId,
  referralId,
  basis,
  status,
  acknowledgedById,
  closedById,
  reminders,
  version,
}: RedFlagAlert) {
  return { enquiryId, referralId, basis, status, acknowledgedById, closedById, reminders, version };
}

function acknowledged(isAcknowledged: boolean | null | undefined): Prisma.RedFlagAlertWhereInput {
  if (isAcknowledged === null || isAcknowledged === undefined) return {};
  return { acknowledgedAt: isAcknowledged ? { not: null } : null };
}

function laterThan(cursor: string | null | undefined): Prisma.RedFlagAlertWhereInput {
  if (!cursor) return {};
  const [at, id] = decodeCursor(cursor, ['instant', 'uuid']);
  const raisedAt = dateFromInstant(Temporal.Instant.from(at));
  return { OR: [{ raisedAt: { gt: raisedAt } }, { raisedAt, id: { gt: id } }] };
}

export function toAlert(row: AlertRow): RedFlagAlert {
  const { askingId: _askingId, remindedAt: _remindedAt, ...rest } = row;
  return {
    ...rest,
    raisedAt: instantFromDate(row.raisedAt),
    acknowledgedAt: row.acknowledgedAt === null ? null : instantFromDate(row.acknowledgedAt),
    closedAt: row.closedAt === null ? null : instantFromDate(row.closedAt),
  };
}
