import { Prisma } from '../../platform/database/generated/client.js';

/** Holds a task as it is until the transaction ends, so that of two who settle it one comes after the other. */
export function heldAcknowledgement(id: string): Prisma.Sql {
  return Prisma.sql`SELECT id::text FROM report_acknowledgements WHERE id = ${id}::uuid FOR NO KEY UPDATE`;
}
