import { Inject, Injectable } from '@nestjs/common';
import { Database, type Tx } from '../../platform/database/database.service.js';
import { isRefusal } from '../../platform/refusal/refusal.js';
import { Clock, dateFromInstant, instantFromDate } from '../../platform/time/index.js';
import type { StaffActor } from '../audit/audit.type.js';
import { CaseRecordService, type CaseRow } from './case-record.service.js';
import { MeetingStandsOtherwise } from './meeting.refusals.js';
import { CaseAction, wasThere } from './meeting.rules.js';
import {
  AgendaClosed,
  AnotherCaseUnderDiscussion,
  type CaseChangedSince,
  CaseNotPrepared,
  type CaseStandsOtherwise,
  PatientAlreadyListed,
  WhoKnowsPatientAbsent,
} from './meeting-case.refusals.js';
import type { CaseReasonInput, ListCaseInput, LockedCase, MeetingCase } from './meeting-case.type.js';
import { MeetingRecordService, type MeetingRow, spellsOf } from './meeting-record.service.js';
import { MeetingTellingService } from './meeting-telling.service.js';

/** A case on its way through a meeting. The meeting is held before the case, always. */
@Injectable()
export class MeetingCaseService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(MeetingRecordService) private readonly meetings: MeetingRecordService,
    @Inject(CaseRecordService) private readonly records: CaseRecordService,
    @Inject(MeetingTellingService) private readonly tellings: MeetingTellingService,
  ) {}

  /**
   * For later rooms: a case and its meeting, held until the transaction ends, with who was there while it was discussed.
   * Throws NOT_FOUND.
   */
  async lockCase(tx: Tx, caseId: string): Promise<LockedCase> {
    const { row } = await this.#hold(tx, caseId);
    const from = row.discussedFrom === null ? null : instantFromDate(row.discussedFrom);
    const spells = from === null ? [] : this.records.spellsOf(row);
    const there = spells.filter((spell) => from !== null && wasThere(spell, from, this.records.endOf(row)));
    return {
      ...{ caseId: row.id, patientId: row.patientId, referralId: row.referralId, status: row.status },
      meetingId: row.meetingId,
      discussedFrom: from,
      discussedTo: row.discussedTo === null ? null : instantFromDate(row.discussedTo),
      quorum: this.records.quorumOf(row),
      presentStaffIds: [...new Set(there.flatMap(({ staffId }) => staffId ?? []))],
    };
  }

  /** Onto the list of a meeting; once that is closed, with urgency and a reason. Throws NOT_FOUND. */
  async listCase(
    actor: StaffActor,
    input: ListCaseInput,
  ): Promise<
    | MeetingCase
    | CaseStandsOtherwise
    | CaseChangedSince
    | CaseNotPrepared
    | AgendaClosed
    | MeetingStandsOtherwise
    | PatientAlreadyListed
  > {
    return this.database.transaction(
      async (tx) => {
        const meeting = await this.meetings.hold(tx, input.meetingId);
        const before = await this.records.hold(tx, input.caseId);
        const status = this.records.next(before, CaseAction.LIST, input.version);
        if (isRefusal(status)) return status;
        const refusal = notPrepared(before) ?? this.#notOpen(meeting, input);
        if (refusal !== null) return refusal;
        const isLate = this.meetings.statusOf(meeting) !== 'PLANNED';
        const lateReason = isLate ? (input.lateReason?.trim() ?? null) : null;
        const lateUrgency = isLate ? (input.lateUrgency ?? null) : null;
        const listed = await this.records.write(
          tx,
          actor,
          before,
          { status, meetingId: meeting.id, lateReason, lateUrgency },
          { kind: isLate ? 'LISTED_LATE' : 'LISTED', meetingId: meeting.id, reason: lateReason },
        );
        if (isLate) await this.tellings.listClosed(tx, meeting.id);
        return listed;
      },
      { onConstraint: { meeting_cases_listed_once: () => new PatientAlreadyListed() } },
    );
  }

  /** One at a time, and not without somebody who knows the patient. Throws NOT_FOUND. */
  async beginCase(
    actor: StaffActor,
    caseId: string,
  ): Promise<
    | MeetingCase
    | CaseStandsOtherwise
    | MeetingStandsOtherwise
    | AnotherCaseUnderDiscussion
    | WhoKnowsPatientAbsent
  > {
    return this.database.transaction(
      async (tx) => {
        const { row: before, meeting } = await this.#hold(tx, caseId);
        const status = this.records.next(before, CaseAction.BEGIN, null);
        if (isRefusal(status)) return status as CaseStandsOtherwise;
        const now = this.clock.now();
        if (meeting?.status !== 'IN_SESSION') {
          return new MeetingStandsOtherwise(meeting === null ? 'PLANNED' : this.meetings.statusOf(meeting));
        }
        const whoKnows = spellsOf(meeting).filter(({ staffId }) => staffId === before.knowsPatientId);
        if (!whoKnows.some((spell) => wasThere(spell, now, now))) return new WhoKnowsPatientAbsent();
        const { meetingId } = before;
        const change = { status, discussedFrom: dateFromInstant(now) };
        return this.records.write(tx, actor, before, change, { kind: 'BEGUN', meetingId });
      },
      { onConstraint: { meeting_cases_one_at_a_time: () => new AnotherCaseUnderDiscussion() } },
    );
  }

  /** Throws NOT_FOUND. */
  async endCase(actor: StaffActor, caseId: string): Promise<MeetingCase | CaseStandsOtherwise> {
    return this.database.transaction(async (tx) => {
      const { row: before } = await this.#hold(tx, caseId);
      const status = this.records.next(before, CaseAction.END, null);
      if (isRefusal(status)) return status as CaseStandsOtherwise;
      const change = { status, discussedTo: dateFromInstant(this.clock.now()) };
      return this.records.write(tx, actor, before, change, { kind: 'ENDED', meetingId: before.meetingId });
    });
  }

  /** Off the list undiscussed; it can be listed again. Throws NOT_FOUND. */
  async deferCase(actor: StaffActor, input: CaseReasonInput): Promise<MeetingCase | CaseStandsOtherwise> {
    return this.#takeOff(actor, input, CaseAction.DEFER);
  }

  /** Back for good. Throws NOT_FOUND. */
  async withdrawCase(actor: StaffActor, input: CaseReasonInput): Promise<MeetingCase | CaseStandsOtherwise> {
    return this.#takeOff(actor, input, CaseAction.WITHDRAW);
  }

  async #takeOff(
    actor: StaffActor,
    { caseId, reason }: CaseReasonInput,
    action: typeof CaseAction.DEFER | typeof CaseAction.WITHDRAW,
  ): Promise<MeetingCase | CaseStandsOtherwise> {
    return this.database.transaction(async (tx) => {
      const { row: before } = await this.#hold(tx, caseId);
      const status = this.records.next(before, action, null);
      if (isRefusal(status)) return status as CaseStandsOtherwise;
      const off = { status, meetingId: null, lateReason: null, lateUrgency: null };
      const kind = action === CaseAction.DEFER ? 'DEFERRED' : 'WITHDRAWN';
      const { meetingId } = before;
      return this.records.write(tx, actor, before, off, { kind, meetingId, reason: reason.trim() });
    });
  }

  /** The meeting before the case, as everybody holds them; what was read before the meeting was held is read again. */
  async #hold(
    tx: Tx,
    caseId: string,
  ): Promise<{ readonly row: CaseRow; readonly meeting: MeetingRow | null }> {
    const found = await tx.meetingCase.findFirst({ where: { id: caseId }, select: { meetingId: true } });
    const meetingId = found?.meetingId ?? null;
    const meeting = meetingId === null ? null : await this.meetings.hold(tx, meetingId);
    const row = await this.records.hold(tx, caseId);
    if (row.meetingId === meetingId) return { row, meeting };
    // Listed in between: the case is held by now and moves no more, and nobody holds a meeting after a case of its list.
    return { row, meeting: row.meetingId === null ? null : await this.meetings.hold(tx, row.meetingId) };
  }

  #notOpen(meeting: MeetingRow, input: ListCaseInput): AgendaClosed | MeetingStandsOtherwise | null {
    const status = this.meetings.statusOf(meeting);
    if (status === 'CLOSED' || status === 'CANCELLED') return new MeetingStandsOtherwise(status);
    const isExplained = Boolean(input.lateUrgency && input.lateReason?.trim());
    if (status === 'PLANNED' || isExplained) return null;
    return new AgendaClosed(instantFromDate(meeting.agendaClosesAt));
  }
}

function notPrepared({ proformas, presenterId, knowsPatientId }: CaseRow): CaseNotPrepared | null {
  const lacks = {
    proforma: proformas.length === 0,
    presenter: presenterId === null,
    whoKnows: knowsPatientId === null,
  };
  return Object.values(lacks).some(Boolean) ? new CaseNotPrepared(lacks) : null;
}
