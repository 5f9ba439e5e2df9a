import { Inject, Injectable } from '@nestjs/common';
import { Database, type Tx } from '../../platform/database/database.service.js';
import { badInput, isRefusal, notFound } from '../../platform/refusal/refusal.js';
import { Clock, dateFromInstant, instantFromDate, Temporal } from '../../platform/time/index.js';
import type { StaffActor } from '../audit/audit.type.js';
import { DisciplineService } from '../auth/discipline.service.js';
import { CaseOutcomes } from './case-outcomes.service.js';
import {
  AlreadyLeft,
  AlreadyPresent,
  CasesNotSettled,
  MeetingStandsOtherwise,
  MemberDisciplineNotHeld,
} from './meeting.refusals.js';
import { MeetingAction, nextMeetingStatus } from './meeting.rules.js';
import type { Meeting, RecordAttendanceInput, RecordLeavingInput } from './meeting.type.js';
import { MeetingRecordService, type MeetingRow } from './meeting-record.service.js';

/** What happens in a meeting: who is there, and from its beginning to its end. */
@Injectable()
export class MeetingService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(DisciplineService) private readonly disciplines: DisciplineService,
    @Inject(CaseOutcomes) private readonly outcomes: CaseOutcomes,
    @Inject(MeetingRecordService) private readonly records: MeetingRecordService,
  ) {}

  /** Its list has to be closed by then. Throws NOT_FOUND. */
  async beginMeeting(actor: StaffActor, meetingId: string): Promise<Meeting | MeetingStandsOtherwise> {
    return this.database.transaction(async (tx) => {
      const before = await this.records.hold(tx, meetingId);
      const status = this.#next(before, MeetingAction.BEGIN);
      if (isRefusal(status)) return status;
      const begun = { begunAt: dateFromInstant(this.clock.now()), begunById: actor.id };
      return this.records.write(tx, actor, before, 'begun', { status, ...begun });
    });
  }

  /**
   * Once. Nothing stays on its list, and nothing that was discussed stays without a word of what was decided. Whoever is
   * still there leaves. Throws NOT_FOUND.
   */
  async closeMeeting(
    actor: StaffActor,
    meetingId: string,
  ): Promise<Meeting | MeetingStandsOtherwise | CasesNotSettled> {
    return this.database.transaction(async (tx) => {
      const before = await this.records.hold(tx, meetingId);
      const status = this.#next(before, MeetingAction.CLOSE);
      if (isRefusal(status)) return status;
      const cases = await tx.meetingCase.findMany({
        where: { meetingId, status: { in: ['LISTED', 'DISCUSSED'] } },
        orderBy: { id: 'asc' },
        select: { id: true, status: true },
      });
      const idsOf = (wanted: string) => cases.filter((one) => one.status === wanted).map(({ id }) => id);
      const undecided = await this.outcomes.undecided(tx, idsOf('DISCUSSED'));
      const listed = idsOf('LISTED');
      if (listed.length + undecided.length > 0) return new CasesNotSettled(listed, undecided);
      const at = dateFromInstant(this.clock.now());
      await tx.meetingAttendance.updateMany({
        where: { meetingId, leftAt: null, joinedAt: { lt: at } },
        data: { leftAt: at },
      });
      return this.records.write(tx, actor, before, 'closed', { status, closedAt: at, closedById: actor.id });
    });
  }

  /** Also of somebody who came before it was written down. Throws NOT_FOUND, BAD_INPUT. */
  async recordAttendance(
    actor: StaffActor,
    input: RecordAttendanceInput,
  ): Promise<Meeting | MeetingStandsOtherwise | MemberDisciplineNotHeld | AlreadyPresent> {
    const staffId = input.staffId ?? null;
    const guest = guestOf(input);
    const now = this.clock.now();
    const joinedAt = input.joinedAt ?? now;
    if (Temporal.Instant.compare(now, joinedAt) < 0) throw badInput('joinedAt: must not be in the future.');
    return this.database.transaction<
      Meeting | MeetingStandsOtherwise | MemberDisciplineNotHeld,
      AlreadyPresent
    >(
      async (tx) => {
        const before = await this.records.hold(tx, input.meetingId);
        const over = this.#overOrNull(before);
        if (over !== null) return over;
        this.#mustNotPrecede(before, joinedAt);
        const wrong = staffId === null ? null : await this.#disciplineOf(tx, before, staffId, input);
        if (wrong !== null) return wrong;
        await tx.meetingAttendance.create({
          data: {
            ...{ meetingId: before.id, staffId, ...guest, discipline: input.discipline },
            isVirtual: input.isVirtual ?? false,
            joinedAt: dateFromInstant(joinedAt),
            recordedAt: dateFromInstant(now),
            recordedById: actor.id,
          },
        });
        return this.records.attended(tx, actor, before, 'attended');
      },
      {
        onConstraint: {
          meeting_attendances_once: () => new AlreadyPresent(),
          meeting_attendances_guest_once: () => new AlreadyPresent(),
        },
      },
    );
  }

  /** Throws NOT_FOUND, BAD_INPUT. */
  async recordLeaving(
    actor: StaffActor,
    { attendanceId, leftAt }: RecordLeavingInput,
  ): Promise<Meeting | MeetingStandsOtherwise | AlreadyLeft> {
    const now = this.clock.now();
    const left = leftAt ?? now;
    if (Temporal.Instant.compare(now, left) < 0) throw badInput('leftAt: must not be in the future.');
    return this.database.transaction(async (tx) => {
      const found = await tx.meetingAttendance.findUnique({
        where: { id: attendanceId },
        select: { meetingId: true },
      });
      if (found === null) throw notFound('attendance');
      const before = await this.records.hold(tx, found.meetingId);
      const over = this.#overOrNull(before);
      if (over !== null) return over;
      const attendance = before.attendances.find(({ id }) => id === attendanceId);
      if (attendance === undefined) throw notFound('attendance');
      if (attendance.leftAt !== null) return new AlreadyLeft(instantFromDate(attendance.leftAt));
      if (Temporal.Instant.compare(left, instantFromDate(attendance.joinedAt)) <= 0) {
        throw badInput('leftAt: must be after they came.');
      }
      await tx.meetingAttendance.update({
        where: { id: attendanceId },
        data: { leftAt: dateFromInstant(left) },
      });
      return this.records.attended(tx, actor, before, 'left');
    });
  }

  #next(before: MeetingRow, action: MeetingAction) {
    const now = this.records.statusOf(before);
    return nextMeetingStatus(now, action) ?? new MeetingStandsOtherwise(now);
  }

  #overOrNull(before: MeetingRow): MeetingStandsOtherwise | null {
    const status = this.records.statusOf(before);
    return status === 'CLOSED' || status === 'CANCELLED' ? new MeetingStandsOtherwise(status) : null;
  }

  /** Throws BAD_INPUT. */
  #mustNotPrecede({ begunAt }: MeetingRow, joinedAt: Temporal.Instant): void {
    if (begunAt !== null && Temporal.Instant.compare(joinedAt, instantFromDate(begunAt)) < 0) {
      throw badInput('joinedAt: must not be before the meeting began.');
    }
  }

  async #disciplineOf(
    tx: Tx,
    before: MeetingRow,
    staffId: string,
    { discipline }: RecordAttendanceInput,
  ): Promise<MemberDisciplineNotHeld | null> {
    const heldOn = this.records.dayOf(instantFromDate(before.startsAt));
    const held = (await this.disciplines.disciplinesOf(tx, [staffId], heldOn)).get(staffId) ?? [];
    return held.includes(discipline) ? null : new MemberDisciplineNotHeld(held);
  }
}

/** A guest has a name and a house; a member of staff has an account. Throws BAD_INPUT. */
function guestOf({ staffId, guestName, organisation }: RecordAttendanceInput) {
  const guest = { guestName: guestName?.trim() ?? null, organisation: organisation?.trim() ?? null };
  const isWhole = staffId
    ? guest.guestName === null && guest.organisation === null
    : guest.guestName !== null && guest.organisation !== null;
  if (!isWhole) {
    throw badInput('staffId: say a staff account, or the name and the organisation of somebody without one.');
  }
  return guest;
}
