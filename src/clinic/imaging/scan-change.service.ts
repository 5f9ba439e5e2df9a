import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import { Outbox } from '../../platform/outbox/index.js';
import type { Temporal } from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { Actor } from '../audit/audit.type.js';
import type { ScanBooking } from './scan-booking.type.js';
import { SCAN_TOPICS, type ScanTopic } from './scan-letter.type.js';
import { WorklistService } from './worklist.service.js';

/** What is said of a change: in the audit record, and to those who write letters. */
export interface ScanNews {
  readonly recordedAs: string;
  /** Null: no letter tells of it. */
  readonly topic: ScanTopic | null;
  /** Nobody is told before this; null: at once. */
  readonly tellingAt: Temporal.Instant | null;
}

/** What every change of a booking carries with it: the worklist, the audit record and the message to later rooms. */
@Injectable()
export class ScanChangeService {
  constructor(
    @Inject(WorklistService) private readonly worklist: WorklistService,
    @Inject(AuditService) private readonly audit: AuditService,
    @Inject(Outbox) private readonly outbox: Outbox,
  ) {
    for (const topic of Object.values(SCAN_TOPICS)) outbox.declare(topic);
  }

  /** In the transaction of the change: all of it is committed together, or none. */
  async publish(
    tx: Tx,
    actor: Actor,
    { recordedAs, topic, tellingAt }: ScanNews,
    before: ScanBooking | null,
    after: ScanBooking,
  ): Promise<void> {
    await this.worklist.project(tx, after.id);
    await this.audit.record(tx, actor, {
      action: recordedAs,
      subjectType: 'scan-booking',
      subjectId: after.id,
      patientIds: [after.patientId],
      ...(before ? { before } : {}),
      after,
    });
    if (topic === null) return;
    const message = { topic, subjectId: after.id, version: after.version };
    await this.outbox.post(tx, tellingAt === null ? message : { ...message, dueAt: tellingAt });
  }
}
