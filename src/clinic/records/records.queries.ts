import { Prisma } from '../../platform/database/generated/client.js';

/** Holds a row of one of the room's tables until the transaction ends. */
export function lockedHold(id: string): Prisma.Sql {
  return Prisma.sql`SELECT 1 FROM legal_holds WHERE id = ${id}::uuid FOR UPDATE`;
}

export function lockedRun(id: string): Prisma.Sql {
  return Prisma.sql`SELECT 1 FROM destruction_runs WHERE id = ${id}::uuid FOR UPDATE`;
}

/** Shared: items of one run are worked on at the same time, and none while the run itself is changed. */
export function sharedRun(id: string): Prisma.Sql {
  return Prisma.sql`SELECT 1 FROM destruction_runs WHERE id = ${id}::uuid FOR SHARE`;
}

/** Items that nobody else is at. */
export function openItems(runId: string, limit: number): Prisma.Sql {
  return Prisma.sql`
    SELECT id::text FROM destruction_items
     WHERE run_id = ${runId}::uuid AND status = 'LISTED'
     ORDER BY id
     LIMIT ${limit}`;
}

export function lockedItem(id: string): Prisma.Sql {
  return Prisma.sql`SELECT 1 FROM destruction_items WHERE id = ${id}::uuid FOR UPDATE`;
}

/**
 * Names the item that is destroyed in this transaction. The database reads the rest for itself: that it was listed, approved
 * by a second person, and is not held (destruction_under_way).
 */
export function destructionOf(itemId: string): Prisma.Sql {
  return Prisma.sql`SELECT set_config('facet.destroying', ${itemId}, true)`;
}

export function lockedAccessRequest(id: string): Prisma.Sql {
  return Prisma.sql`SELECT 1 FROM subject_access_requests WHERE id = ${id}::uuid FOR UPDATE`;
}

export function lockedComplaint(id: string): Prisma.Sql {
  return Prisma.sql`SELECT 1 FROM data_complaints WHERE id = ${id}::uuid FOR UPDATE`;
}

export function lockedRectification(id: string): Prisma.Sql {
  return Prisma.sql`SELECT 1 FROM rectifications WHERE id = ${id}::uuid FOR UPDATE`;
}
