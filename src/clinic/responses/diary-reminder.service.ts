import { Inject, Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.service.js';
import { DiaryEntryStatus } from '../../platform/database/generated/enums.js';
import { Outbox } from '../../platform/outbox/index.js';
import { Clock, dateFromInstant, Temporal } from '../../platform/time/index.js';
import type { UnattendedActor } from '../audit/audit.type.js';
import { DiaryEntryService } from './diary-entry.service.js';
import { DIARY_LETTER_TOPICS, POINTS_ASKED_BY_LETTER } from './diary-letter.type.js';
import { DiaryRecordService } from './diary-record.service.js';
import { lapsesAt } from './diary-schedule.rules.js';
import { DIARY_DUE } from './response.type.js';

const CLOCK_ACTOR: UnattendedActor = {
  kind: 'SYSTEM',
  id: null,
  label: DIARY_DUE,
  requestId: null,
  source: null,
};

const NOBODY_ASKED = 'Nobody asked the patient in time.';

/** A point that is due comes on the list of those to ask, and days after the treatment the patient is written to; where nobody asks in time, it is given up, and the diary judged. */
@Injectable()
export class DiaryReminderService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Outbox) private readonly outbox: Outbox,
    @Inject(DiaryRecordService) private readonly records: DiaryRecordService,
    @Inject(DiaryEntryService) private readonly entries: DiaryEntryService,
  ) {
    outbox.declare(DIARY_LETTER_TOPICS.asked);
  }

  /** When to come again; null: it is settled, or gone with its patient's record. Doing it twice is doing it once. */
  async remind(entryId: string): Promise<Temporal.Instant | null> {
    return this.database.transaction(async (tx) => {
      const known = await tx.diaryEntry.findUnique({ where: { id: entryId }, select: { id: true } });
      if (known === null) return null;
      const { diary, entry } = await this.records.hold(tx, entryId);
      if (entry.status !== DiaryEntryStatus.DUE) return null;
      const now = this.clock.now();
      if (Temporal.Instant.compare(now, entry.dueAt) < 0) return entry.dueAt;
      const lapses = lapsesAt(entry, diary.finishedAt);
      if (Temporal.Instant.compare(now, lapses) < 0) {
        const { count } = await tx.diaryEntry.updateMany({
          where: { id: entryId, remindersCount: 0 },
          // No other version: whoever has the point before them writes on.
          data: { remindedAt: dateFromInstant(now), remindersCount: 1 },
        });
        if (count === 1 && POINTS_ASKED_BY_LETTER.includes(entry.point)) {
          await this.outbox.post(tx, { topic: DIARY_LETTER_TOPICS.asked, subjectId: entryId, version: 1 });
        }
        return lapses;
      }
      await this.entries.change(tx, CLOCK_ACTOR, entry, 'lapsed', {
        status: DiaryEntryStatus.MISSED,
        missingReason: NOBODY_ASKED,
        settledAt: dateFromInstant(now),
      });
      return null;
    });
  }
}
