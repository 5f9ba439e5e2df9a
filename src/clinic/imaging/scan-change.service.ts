import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import { Outbox } from '../../platform/outbox/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { Actor } from '../audit/audit.type.js';
import type { ScanBooking } from './scan-booking.type.js';
import { SCAN_TOPICS, type ScanTopic } from './scan-letter.type.js';
import { WorklistService } from './worklist.service.js';

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
    topic: ScanTopic,
    before: ScanBooking | null,
    after: ScanBooking,
  ): Promise<void> {
    await this.worklist.project(tx, after.id);
    await this.audit.record(tx, actor, {
      action: topic,
      subjectType: 'scan-booking',
      subjectId: after.id,
      patientIds: [after.patientId],
      ...(before ? { before } : {}),
      after,
    });
    await this.outbox.post(tx, { topic, subjectId: after.id, version: after.version });
  }
}
