import { AuditService } from '../../src/clinic/audit/audit.service.js';
import { ClosureService } from '../../src/clinic/visits/closure.service.js';
import type { ApplyClosureInput, Closure, ClosureInput } from '../../src/clinic/visits/closure.type.js';
import { ClosureApplyService } from '../../src/clinic/visits/closure-apply.service.js';
import { ClosureChangeService } from '../../src/clinic/visits/closure-change.service.js';
import { ClosureFactsService } from '../../src/clinic/visits/closure-facts.service.js';
import { ClosureGroundService } from '../../src/clinic/visits/closure-ground.service.js';
import { ClosureLockService } from '../../src/clinic/visits/closure-lock.service.js';
import { ClosurePreviewService } from '../../src/clinic/visits/closure-preview.service.js';
import type { ClosurePreview } from '../../src/clinic/visits/closure-preview.type.js';
import { ClosureRecordService } from '../../src/clinic/visits/closure-record.service.js';
import { ClosureRestoreService } from '../../src/clinic/visits/closure-restore.service.js';
import { ClosureSearchService } from '../../src/clinic/visits/closure-search.service.js';
import { ClosureUndoService } from '../../src/clinic/visits/closure-undo.service.js';
import { readConfig } from '../../src/platform/config/index.js';
import type { Database } from '../../src/platform/database/database.service.js';
import { isRefusal } from '../../src/platform/refusal/refusal.js';
import { type Clock, Temporal } from '../../src/platform/time/index.js';
import { schedulingOn } from './scheduling.factory.js';
import { tracesOf, visitsOn } from './visits.factory.js';

/** The visits room with its closures, on a test's database. */
export function closuresOn(database: Database, clock: Clock) {
  const config = readConfig({}, '/tmp');
  const audit = new AuditService(database, clock);
  const room = visitsOn(database, clock);
  const { closedTime, visitTypes, leadTimes, diary } = schedulingOn(database, clock);
  const facts = new ClosureFactsService(room.records, clock, config);
  const grounds = new ClosureGroundService(visitTypes, leadTimes, diary, room.companions, clock);
  const search = new ClosureSearchService(clock, config);
  const records = new ClosureRecordService(database, audit, clock, room.records);
  const { requestRecords, referrals, patients, places, changes, requests } = room;
  const locks = new ClosureLockService(room.records, requestRecords, referrals, patients, closedTime);
  const change = new ClosureChangeService(room.claims, room.moves, room.cancels, room.booking);
  const applying = new ClosureApplyService(facts, locks, change, records, closedTime, config);
  const restores = new ClosureRestoreService(visitTypes, places, room.records, changes, requests, clock);
  const undoing = new ClosureUndoService(records, locks, restores, closedTime, room.outbox, clock);
  return {
    ...room,
    closureRecords: records,
    previews: new ClosurePreviewService(database, facts, grounds, search, room.search, audit),
    closures: new ClosureService(room.idempotency, applying, undoing),
  };
}

export type ClosuresRoom = ReturnType<typeof closuresOn>;

/** A time in which some resources are closed. */
export function aClosure(resourceIds: readonly string[], startsAt: string, endsAt: string): ClosureInput {
  return {
    siteCode: 'MAIN',
    resourceIds: [...resourceIds],
    startsAt: Temporal.Instant.from(startsAt),
    endsAt: Temporal.Instant.from(endsAt),
  };
}

/** The plan of the preview as it was proposed. */
export function asProposed(
  input: ClosureInput,
  preview: ClosurePreview,
  parts: Partial<ApplyClosureInput> = {},
): ApplyClosureInput {
  return {
    ...input,
    reason: 'The camera is down',
    planSha256: preview.planSha256,
    decisions: preview.proposals.map(({ visit, decision, offer }) => ({
      visitId: visit.id,
      version: visit.version,
      decision,
      ...(offer === null
        ? {}
        : {
            steps: offer.steps.map(({ startsAt, resources }) => ({
              startsAt,
              resources: resources.map(({ role, resource }) => ({ role, resourceId: resource.id })),
            })),
          }),
    })),
    cancelReasonCode: 'STAFF_ABSENT',
    lettersAfterMinutes: 10,
    ...parts,
  };
}

export function mustBePreview(result: object): ClosurePreview {
  if (isRefusal(result)) throw new Error(`no preview: ${result.code}: ${result.message}`);
  return result as ClosurePreview;
}

export function mustBeClosure(result: object): Closure {
  if (isRefusal(result)) throw new Error(`no closure: ${result.code}: ${result.message}`);
  return result as Closure;
}

/** Everything that a closure can leave behind. */
export async function closureTracesOf(database: Database) {
  const { client } = database;
  return {
    ...(await tracesOf(database)),
    closures: await client.closure.findMany({ orderBy: { id: 'asc' }, include: { changes: true } }),
    exceptions: await client.openingException.findMany({ orderBy: { id: 'asc' } }),
    messages: await client.outboxMessage.findMany({ orderBy: { id: 'asc' } }),
    freedPlaces: await client.freedPlace.count(),
    closureAudit: await client.auditEntry.count({
      where: { action: { in: ['closure.applied', 'closure.undone'] } },
    }),
  };
}
