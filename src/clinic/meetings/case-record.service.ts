import { Inject, Injectable } from '@nestjs/common';
import { Database, type Tx } from '../../platform/database/database.service.js';
import type { Prisma } from '../../platform/database/generated/client.js';
import type { CaseEventKind } from '../../platform/database/generated/enums.js';
import { notFound } from '../../platform/refusal/refusal.js';
import { Clock, dateFromInstant, instantFromDate, type Temporal } from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { StaffActor } from '../audit/audit.type.js';
import { heldCase } from './meeting.queries.js';
import { allowedCaseActions, type CaseAction, nextCaseStatus, quorumOf } from './meeting.rules.js';
import { CaseChangedSince, CaseStandsOtherwise } from './meeting-case.refusals.js';
import type { CaseProforma, CaseQuorum, MeetingCase } from './meeting-case.type.js';
import { spellsOf } from './meeting-record.service.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const WHOLE_CASE = {
  meeting: { select: { quorum: true, attendances: true } },
  proformas: { orderBy: { number: 'desc' }, take: 1 },
  sources: { orderBy: { id: 'asc' } },
  exhibits: { orderBy: { id: 'asc' } },
  events: { orderBy: [{ happenedAt: 'asc' }, { id: 'asc' }] },
} as const satisfies Prisma.MeetingCaseInclude;
export type CaseRow = Prisma.MeetingCaseGetPayload<{ include: typeof WHOLE_CASE }>;

/** Of those that wait so many are shown at most, the oldest. */
export const CASES_WAITING_MAX = 500;

/** Of a patient so many are shown at most, the newest. */
export const CASES_OF_A_PATIENT_MAX = 100;

/** What happened to a case, as it is added to its history. */
export interface CaseHappening {
  readonly kind: CaseEventKind;
  readonly meetingId?: string | null;
  readonly reason?: string | null;
}

/** Cases as they are read and written down. */
@Injectable()
export class CaseRecordService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(AuditService) private readonly audit: AuditService,
  ) {}

  /** One. The look is recorded. Throws NOT_FOUND. */
  async meetingCase(actor: StaffActor, id: string): Promise<MeetingCase> {
    return this.database.transaction(async (tx) => {
      const row = await this.#row(tx, id);
      await this.#look(tx, actor, [row]);
      return this.show(row);
    });
  }

  /** Cases by the meeting on whose list they are, in the order in which they came on it. One look, one record. */
  async ofMeetings(
    actor: StaffActor,
    meetingIds: readonly string[],
  ): Promise<ReadonlyMap<string, readonly MeetingCase[]>> {
    return this.#listed(actor, { meetingId: { in: [...meetingIds] } }, ({ meetingId }) => meetingId);
  }

  /** Cases by patient, the newest last, `CASES_OF_A_PATIENT_MAX` of each at most. One look, one record. */
  async ofPatients(
    actor: StaffActor,
    patientIds: readonly string[],
  ): Promise<ReadonlyMap<string, readonly MeetingCase[]>> {
    const found = await this.#listed(
      actor,
      { patientId: { in: [...patientIds] } },
      ({ patientId }) => patientId,
    );
    return new Map([...found].map(([id, cases]) => [id, cases.slice(-CASES_OF_A_PATIENT_MAX)]));
  }

  /** Cases that wait for a list, the oldest first, `CASES_WAITING_MAX` at most. The look is recorded. */
  async waiting(actor: StaffActor): Promise<readonly MeetingCase[]> {
    const where = {
      status: { in: ['PROPOSED', 'DEFERRED'] },
    } as const satisfies Prisma.MeetingCaseWhereInput;
    const found = await this.#listed(actor, where, () => 'waiting', CASES_WAITING_MAX);
    return found.get('waiting') ?? [];
  }

  /** For this room: a case, held until the transaction ends. Throws NOT_FOUND. */
  async hold(tx: Tx, id: string): Promise<CaseRow> {
    if (!UUID.test(id)) throw notFound('case');
    await tx.$queryRaw(heldCase(id));
    return this.#row(tx, id);
  }

  /** For this room: what it becomes, or why it does not; `version` as it was seen, null: whatever it is. */
  next(
    row: CaseRow,
    action: CaseAction,
    version: number | null,
  ): MeetingCase['status'] | CaseStandsOtherwise | CaseChangedSince {
    const isUnderDiscussion = isDiscussed(row);
    const status = nextCaseStatus({ status: row.status, isUnderDiscussion }, action);
    if (status === null) return new CaseStandsOtherwise(row.status, isUnderDiscussion);
    return version === null || version === row.version ? status : new CaseChangedSince(row.version);
  }

  /** For this room: brings a case. */
  async create(
    tx: Tx,
    actor: StaffActor,
    data: Prisma.MeetingCaseUncheckedCreateInput,
  ): Promise<MeetingCase> {
    const { id } = await tx.meetingCase.create({ data, select: { id: true } });
    return this.#record(tx, actor, null, id, { kind: 'PROPOSED' });
  }

  /** For this room: writes what was decided of a case that is held, with its history, and says so. */
  async write(
    tx: Tx,
    actor: StaffActor,
    before: CaseRow,
    data: Prisma.MeetingCaseUncheckedUpdateInput,
    happening: CaseHappening,
  ): Promise<MeetingCase> {
    await tx.meetingCase.update({ where: { id: before.id }, data: { ...data, version: { increment: 1 } } });
    return this.#record(tx, actor, before, before.id, happening);
  }

  /** For this room: who was there while it was discussed, until now if it is not over. */
  quorumOf(row: CaseRow): CaseQuorum {
    const required = row.meeting?.quorum ?? [];
    if (row.meeting === null || row.discussedFrom === null) return { required, present: [], isMet: false };
    const from = instantFromDate(row.discussedFrom);
    return quorumOf(required, this.spellsOf(row), from, this.endOf(row));
  }

  /** For this room: who was there, as it was known when the discussion ended: whoever is entered later says nothing of it. */
  spellsOf({ meeting, discussedTo }: CaseRow): ReturnType<typeof spellsOf> {
    const known = meeting?.attendances.filter(
      ({ recordedAt }) => discussedTo === null || recordedAt <= discussedTo,
    );
    return spellsOf({ attendances: known ?? [] });
  }

  /** When its discussion ended; now, while it goes on. */
  endOf({ discussedTo }: CaseRow): Temporal.Instant {
    return discussedTo === null ? this.clock.now() : instantFromDate(discussedTo);
  }

  show(row: CaseRow): MeetingCase {
    const [proforma] = row.proformas;
    return {
      ...{ id: row.id, patientId: row.patientId, referralId: row.referralId, meetingId: row.meetingId },
      ...{ status: row.status, question: row.question, version: row.version },
      ...{ presenterId: row.presenterId, knowsPatientId: row.knowsPatientId },
      ...{ lateUrgency: row.lateUrgency, lateReason: row.lateReason },
      allowedActions: allowedCaseActions({ status: row.status, isUnderDiscussion: isDiscussed(row) }),
      proforma: proforma === undefined ? null : toProforma(proforma),
      sources: row.sources.map(({ kind, sourceId }) => ({ kind, sourceId })),
      exhibits: row.exhibits.map(({ addedAt, caseId: _, ...exhibit }) => ({
        ...exhibit,
        addedAt: instantFromDate(addedAt),
      })),
      discussedFrom: row.discussedFrom === null ? null : instantFromDate(row.discussedFrom),
      discussedTo: row.discussedTo === null ? null : instantFromDate(row.discussedTo),
      quorum: row.discussedFrom === null ? null : this.quorumOf(row),
      events: row.events.map(({ kind, meetingId, reason, happenedAt, staffId }) => ({
        ...{ kind, meetingId, reason, staffId },
        happenedAt: instantFromDate(happenedAt),
      })),
    };
  }

  async #listed(
    actor: StaffActor,
    where: Prisma.MeetingCaseWhereInput,
    keyOf: (row: CaseRow) => string | null,
    max?: number,
  ): Promise<ReadonlyMap<string, readonly MeetingCase[]>> {
    return this.database.transaction(async (tx) => {
      const rows = await tx.meetingCase.findMany({
        ...{ where, include: WHOLE_CASE, ...(max === undefined ? {} : { take: max }) },
        orderBy: { id: 'asc' },
      });
      await this.#look(tx, actor, rows);
      const found = new Map<string, MeetingCase[]>();
      for (const row of rows) {
        const key = keyOf(row);
        if (key !== null) found.set(key, [...(found.get(key) ?? []), this.show(row)]);
      }
      return found;
    });
  }

  async #row(client: Tx, id: string): Promise<CaseRow> {
    if (!UUID.test(id)) throw notFound('case');
    const row = await client.meetingCase.findUnique({ where: { id }, include: WHOLE_CASE });
    if (row === null) throw notFound('case');
    return row;
  }

  async #look(tx: Tx, actor: StaffActor, rows: readonly CaseRow[]): Promise<void> {
    const [first, ...others] = rows;
    if (first === undefined) return;
    await this.audit.record(tx, actor, {
      action: others.length === 0 ? 'meeting-case.viewed' : 'meeting-cases.viewed',
      subjectType: 'meeting-case',
      ...(others.length === 0 ? { subjectId: first.id } : {}),
      patientIds: [...new Set(rows.map(({ patientId }) => patientId))],
    });
  }

  async #record(
    tx: Tx,
    actor: StaffActor,
    before: CaseRow | null,
    id: string,
    { kind, meetingId = null, reason = null }: CaseHappening,
  ): Promise<MeetingCase> {
    await tx.meetingCaseEvent.create({
      data: {
        ...{ caseId: id, kind, meetingId, reason, staffId: actor.id },
        happenedAt: dateFromInstant(this.clock.now()),
      },
    });
    const row = await this.#row(tx, id);
    const after = this.show(row);
    await this.audit.record(tx, actor, {
      action: `meeting-case.${kind.toLowerCase().replace('_', '-')}`,
      subjectType: 'meeting-case',
      subjectId: id,
      patientIds: [row.patientId],
      ...(before === null ? {} : { before: withoutWords(this.show(before)) }),
      after: withoutWords(after),
    });
    return after;
  }
}

function isDiscussed({ discussedFrom, discussedTo }: CaseRow): boolean {
  return discussedFrom !== null && discussedTo === null;
}

/** What is said of the patient stays in this room. */
function withoutWords({ proforma, exhibits, events, ...rest }: MeetingCase): object {
  const { question: _, lateReason: __, ...facts } = rest;
  return {
    ...facts,
    proforma: proforma && { number: proforma.number, writtenById: proforma.writtenById },
    exhibits: exhibits.map(({ label: _label, ...shown }) => shown),
    events: events.map(({ reason: _reason, ...event }) => event),
  };
}

function toProforma(row: CaseRow['proformas'][number]): CaseProforma {
  const { id: _, caseId: __, writtenAt, ...proforma } = row;
  return { ...proforma, writtenAt: instantFromDate(writtenAt) };
}
