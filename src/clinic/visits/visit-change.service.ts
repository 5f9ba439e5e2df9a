import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import { Outbox } from '../../platform/outbox/index.js';
import { dateFromInstant, type Temporal } from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { Actor } from '../audit/audit.type.js';
import { FreedPlaceEntryService } from './freed-place-entry.service.js';
import { WRITE_REVISION } from './visit.queries.js';
import type { Visit } from './visit.type.js';
import type { VisitAction } from './visit-action.type.js';
import { VisitCompanions } from './visit-companion.service.js';
import { VISIT_TOPICS } from './visit-letter.type.js';
import { newsOf } from './visit-news.rules.js';

/**
 * What every change of a visit carries with it: the revision, the audit record, what its companion makes of it, the
 * place that it leaves, and the message to the room that tells patients.
 */
@Injectable()
export class VisitChangeService {
  constructor(
    @Inject(AuditService) private readonly audit: AuditService,
    @Inject(VisitCompanions) private readonly companions: VisitCompanions,
    @Inject(Outbox) private readonly outbox: Outbox,
    @Inject(FreedPlaceEntryService) private readonly freedPlaces: FreedPlaceEntryService,
  ) {
    for (const topic of Object.values(VISIT_TOPICS)) outbox.declare(topic);
  }

  /**
   * In the transaction of the change, after it: all of it is committed together, or none. Whoever changes the visit
   * raises its version; there is one revision for each. People are told at once, or not before `tellingAt`.
   */
  async note(
    tx: Tx,
    actor: Actor,
    action: VisitAction,
    before: Visit | null,
    after: Visit,
    tellingAt: Temporal.Instant | null = null,
  ): Promise<void> {
    const snapshot = JSON.stringify(after);
    // On one connection: each is done after the one before it, and only the last is waited for.
    await Promise.all([
      tx.$executeRawUnsafe(
        WRITE_REVISION,
        after.id,
        after.version,
        action.slice('visit.'.length),
        snapshot,
        dateFromInstant(after.changedAt),
        actor.id,
      ),
      this.audit.record(tx, actor, {
        action,
        subjectType: 'visit',
        subjectId: after.id,
        patientIds: [...new Set([after.patientId, ...(before ? [before.patientId] : [])])],
        ...(before ? { before } : {}),
        // The same words in both, and instants are made text once.
        after: JSON.parse(snapshot) as Record<string, unknown>,
      }),
      this.#tell(tx, action, before, after, tellingAt),
    ]);
    await this.companions.follow(tx, actor, { action, before, after, tellingAt });
    await this.freedPlaces.enter(tx, { action, before, after, tellingAt });
  }

  async #tell(
    tx: Tx,
    action: VisitAction,
    before: Visit | null,
    after: Visit,
    tellingAt: Temporal.Instant | null,
  ): Promise<void> {
    const news = newsOf(action, before, after);
    if (news === null) return;
    const message = { topic: VISIT_TOPICS[news], subjectId: after.id, version: after.version };
    await this.outbox.post(tx, tellingAt === null ? message : { ...message, dueAt: tellingAt });
  }
}
