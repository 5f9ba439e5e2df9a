import { Inject, Injectable } from '@nestjs/common';
import { Database, type Tx } from '../../platform/database/database.service.js';
import { Outbox } from '../../platform/outbox/index.js';
import { badInput, notFound } from '../../platform/refusal/refusal.js';
import { Clock, dateFromInstant, instantFromDate, Temporal } from '../../platform/time/index.js';
import type { StaffActor } from '../audit/audit.type.js';
import { StaffService } from '../auth/staff.service.js';
import { MeetingAlreadyPlanned, MeetingStandsOtherwise } from './meeting.refusals.js';
import { MeetingAction, nextMeetingStatus } from './meeting.rules.js';
import {
  AGENDA_CLOSES_HOURS_USUAL,
  AGENDA_CLOSING,
  type CancelMeetingInput,
  type Meeting,
  type PlanMeetingInput,
} from './meeting.type.js';
import { MeetingRecordService } from './meeting-record.service.js';
import { MeetingTellingService } from './meeting-telling.service.js';

/** How a meeting is held, of a series or alone. */
export interface MeetingPlan extends Omit<PlanMeetingInput, 'agendaClosesHours'> {
  readonly seriesId: string | null;
  readonly agendaClosesHours: number;
}

const SYSTEM = { kind: 'SYSTEM', id: null, label: 'meetings', requestId: null, source: null } as const;

/** Meetings as they are planned, until they begin. */
@Injectable()
export class MeetingPlanningService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Outbox) private readonly outbox: Outbox,
    @Inject(StaffService) private readonly staff: StaffService,
    @Inject(MeetingRecordService) private readonly records: MeetingRecordService,
    @Inject(MeetingTellingService) private readonly tellings: MeetingTellingService,
  ) {
    outbox.declare(AGENDA_CLOSING);
  }

  /** A single one. Throws NOT_FOUND for a chair that there is not, BAD_INPUT. */
  async planMeeting(actor: StaffActor, input: PlanMeetingInput): Promise<Meeting | MeetingAlreadyPlanned> {
    if (Temporal.Instant.compare(input.startsAt, this.clock.now()) <= 0) {
      throw badInput('startsAt: must be in the future.');
    }
    await this.mustHaveStaff([input.chairId]);
    const agendaClosesHours = input.agendaClosesHours ?? AGENDA_CLOSES_HOURS_USUAL;
    return this.database.transaction<Meeting, MeetingAlreadyPlanned>(
      (tx) => this.plan(tx, actor, { ...input, seriesId: null, agendaClosesHours }),
      { onConstraint: { meetings_series_id_starts_at_key: () => new MeetingAlreadyPlanned() } },
    );
  }

  /** For this room: writes a meeting down, and sees to it that its list closes in time. */
  async plan(tx: Tx, actor: StaffActor, plan: MeetingPlan): Promise<Meeting> {
    const now = this.clock.now();
    const { startsAt, durationMinutes, agendaClosesHours, seriesId, mode, chairId } = plan;
    const closesAt = startsAt.subtract({ hours: agendaClosesHours });
    const meeting = await this.records.create(tx, actor, {
      ...{ seriesId, mode, chairId, name: plan.name.trim(), place: plan.place.trim() },
      quorum: [...plan.quorum],
      startsAt: dateFromInstant(startsAt),
      endsAt: dateFromInstant(startsAt.add({ minutes: durationMinutes })),
      agendaClosesAt: dateFromInstant(closesAt),
      plannedAt: dateFromInstant(now),
      plannedById: actor.id,
    });
    const dueAt = Temporal.Instant.compare(closesAt, now) < 0 ? now : closesAt;
    await this.outbox.post(tx, { topic: AGENDA_CLOSING, subjectId: meeting.id, version: 0, dueAt });
    return meeting;
  }

  /** Its hour has come, and those who are to come are told. Doing it twice is doing it once; a moment that is still ahead is answered. */
  async closeAgenda(meetingId: string): Promise<Temporal.Instant | null> {
    return this.database.transaction(async (tx) => {
      const before = await this.records.hold(tx, meetingId);
      const status = nextMeetingStatus(before.status, MeetingAction.CLOSE_AGENDA);
      if (status === null) return null;
      const closesAt = instantFromDate(before.agendaClosesAt);
      if (Temporal.Instant.compare(this.clock.now(), closesAt) < 0) return closesAt;
      await this.records.write(tx, SYSTEM, before, 'agenda-closed', { status });
      await this.tellings.listClosed(tx, meetingId);
      return null;
    });
  }

  /** Its cases are on no list any more and wait for another; those who were to come are told. Throws NOT_FOUND. */
  async cancelMeeting(
    actor: StaffActor,
    { meetingId, reason }: CancelMeetingInput,
  ): Promise<Meeting | MeetingStandsOtherwise> {
    return this.database.transaction(async (tx) => {
      const before = await this.records.hold(tx, meetingId);
      const now = this.records.statusOf(before);
      const status = nextMeetingStatus(now, MeetingAction.CANCEL);
      if (status === null) return new MeetingStandsOtherwise(now);
      const at = dateFromInstant(this.clock.now());
      await this.tellings.cancelled(tx, before.id);
      const listed = await tx.meetingCase.findMany({
        where: { meetingId, status: 'LISTED' },
        orderBy: { id: 'asc' },
        select: { id: true },
      });
      const back = { status: 'DEFERRED', meetingId: null, lateReason: null, lateUrgency: null } as const;
      for (const { id } of listed) {
        await tx.meetingCase.update({ where: { id }, data: { ...back, version: { increment: 1 } } });
      }
      await tx.meetingCaseEvent.createMany({
        data: listed.map(({ id }) => ({
          ...({ caseId: id, kind: 'DEFERRED', meetingId, reason: reason.trim() } as const),
          ...{ happenedAt: at, staffId: actor.id },
        })),
      });
      return this.records.write(tx, actor, before, 'cancelled', {
        ...{ status, cancelledAt: at, cancelledById: actor.id, cancelReason: reason.trim() },
      });
    });
  }

  /** For this room: throws NOT_FOUND unless all of them have an account. */
  async mustHaveStaff(ids: readonly string[]): Promise<void> {
    const names = await this.staff.namesOf(ids);
    if (ids.some((id) => !names.has(id.toLowerCase()))) throw notFound('staff account');
  }
}
