import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import { Outbox } from '../../platform/outbox/index.js';
import { Clock, dateFromInstant } from '../../platform/time/index.js';
import { MEETING_NEWS_VERSIONS, MEETING_TOPICS } from './meeting-letter.type.js';

/** Who is told of a meeting: the chair, whoever presents a case of its list, and whoever knows a patient of it. */
@Injectable()
export class MeetingTellingService {
  constructor(
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Outbox) private readonly outbox: Outbox,
  ) {
    for (const topic of Object.values(MEETING_TOPICS)) outbox.declare(topic);
  }

  /** For this room, whose caller holds the meeting: the list has closed. Whoever was told of it is not told again. */
  async listClosed(tx: Tx, meetingId: string): Promise<void> {
    for (const id of await this.#add(tx, meetingId)) {
      const version = MEETING_NEWS_VERSIONS.LIST_CLOSED;
      await this.outbox.post(tx, { topic: MEETING_TOPICS.listClosed, subjectId: id, version });
    }
  }

  /** The same: it is not held. Told to all who were to come, while its cases are still on its list, and to all who were told. */
  async cancelled(tx: Tx, meetingId: string): Promise<void> {
    await this.#add(tx, meetingId);
    const told = await tx.meetingTelling.findMany({
      where: { meetingId },
      orderBy: { id: 'asc' },
      select: { id: true },
    });
    for (const { id } of told) {
      const version = MEETING_NEWS_VERSIONS.CANCELLED;
      await this.outbox.post(tx, { topic: MEETING_TOPICS.cancelled, subjectId: id, version });
    }
  }

  /** Tellings to those who have none yet. */
  async #add(tx: Tx, meetingId: string): Promise<readonly string[]> {
    const { chairId, cases } = await tx.meeting.findUniqueOrThrow({
      where: { id: meetingId },
      select: {
        chairId: true,
        cases: { where: { status: 'LISTED' }, select: { presenterId: true, knowsPatientId: true } },
      },
    });
    const named = cases.flatMap(({ presenterId, knowsPatientId }) => [presenterId, knowsPatientId]);
    const expected = new Set([chairId, ...named].filter((id) => id !== null));
    const madeAt = dateFromInstant(this.clock.now());
    const made = await tx.meetingTelling.createManyAndReturn({
      data: [...expected].map((staffId) => ({ meetingId, staffId, madeAt })),
      skipDuplicates: true,
      select: { id: true },
    });
    return made.map(({ id }) => id);
  }
}
