import { Inject, Injectable } from '@nestjs/common';
import { Database, type Tx } from '../../platform/database/database.service.js';
import { Outbox } from '../../platform/outbox/index.js';
import { Clock, dateFromInstant, instantFromDate, Temporal } from '../../platform/time/index.js';
import type { UnattendedActor } from '../audit/audit.type.js';
import { CalendarService } from '../calendar/calendar.service.js';
import { CALL_BACK_TOPICS } from './call-back-letter.type.js';
import { CallBackRecordService } from './call-back-record.service.js';
import { nextEscalation } from './call-back-times.rules.js';

/** Who tells the clinic when nobody rang. */
const UNATTENDED: UnattendedActor = {
  kind: 'SYSTEM',
  id: null,
  label: 'call-backs',
  requestId: null,
  source: null,
};

/** Nobody waits unheard: the clinic is told of a call-back that nobody made, again and again until somebody does. */
@Injectable()
export class CallBackEscalationService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(CallBackRecordService) private readonly records: CallBackRecordService,
    @Inject(CalendarService) private readonly calendar: CalendarService,
    @Inject(Outbox) private readonly outbox: Outbox,
  ) {}

  /** The time has come at which the clinic is told. Judged afresh, so that twice is once. When to come again; null: done. */
  async escalate(callBackId: string): Promise<Temporal.Instant | null> {
    return this.database.transaction(async (tx) => {
      const exists = await tx.callBack.count({ where: { id: callBackId } });
      if (exists === 0) return null;
      const before = await this.records.hold(tx, callBackId);
      const escalateAt = await this.#escalateAt(tx, callBackId);
      if (escalateAt === null) return null;
      const now = this.clock.now();
      if (Temporal.Instant.compare(now, escalateAt) < 0) return escalateAt;
      const desk = await this.calendar.deskHours(tx, now);
      const next = nextEscalation(now, before.priority, desk);
      const after = await this.records.change(tx, UNATTENDED, before, {
        action: 'call-back.overdue',
        data: { escalateAt: dateFromInstant(next), escalations: { increment: 1 } },
      });
      await this.outbox.post(tx, {
        topic: CALL_BACK_TOPICS.overdue,
        subjectId: after.id,
        version: after.version,
      });
      return null;
    });
  }

  async #escalateAt(tx: Tx, id: string): Promise<Temporal.Instant | null> {
    const { escalateAt } = await tx.callBack.findUniqueOrThrow({
      where: { id },
      select: { escalateAt: true },
    });
    return escalateAt === null ? null : instantFromDate(escalateAt);
  }
}
