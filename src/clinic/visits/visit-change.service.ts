import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import type { Prisma } from '../../platform/database/generated/client.js';
import { dateFromInstant } from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { StaffActor } from '../audit/audit.type.js';
import type { Visit } from './visit.type.js';

/** What is written down of a change: past tense, the room first. */
export type VisitAction =
  | 'visit.held'
  | 'visit.booked'
  | 'visit.moved'
  | 'visit.cancelled'
  | 'visit.hold-released'
  | 'visit.hold-lapsed'
  | 'visit.arrived'
  | 'visit.started'
  | 'visit.finished'
  | 'visit.discontinued'
  | 'visit.missed'
  | 'visit.step-started'
  | 'visit.step-finished'
  | 'visit.step-slipped'
  | 'visit.step-undone';

/** What every change of a visit carries with it: the revision and the audit record. */
@Injectable()
export class VisitChangeService {
  constructor(@Inject(AuditService) private readonly audit: AuditService) {}

  /**
   * In the transaction of the change, after it: all of it is committed together, or none. Whoever changes the visit
   * raises its version; there is one revision for each.
   */
  async note(
    tx: Tx,
    actor: StaffActor,
    action: VisitAction,
    before: Visit | null,
    after: Visit,
  ): Promise<void> {
    await tx.visitRevision.create({
      data: {
        visitId: after.id,
        version: after.version,
        action: action.slice('visit.'.length),
        snapshot: toSnapshot(after),
        changedAt: dateFromInstant(after.changedAt),
        changedById: actor.id,
      },
      select: { version: true },
    });
    await this.audit.record(tx, actor, {
      action,
      subjectType: 'visit',
      subjectId: after.id,
      patientIds: [...new Set([after.patientId, ...(before ? [before.patientId] : [])])],
      ...(before ? { before } : {}),
      after,
    });
  }
}

/** Instants become their ISO text, as they are shown everywhere else. */
function toSnapshot(visit: Visit): Prisma.InputJsonValue {
  return JSON.parse(JSON.stringify(visit)) as Prisma.InputJsonValue;
}
