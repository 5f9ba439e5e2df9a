import { Prisma } from '../../platform/database/generated/client.js';

/** Holds a critical finding as it is until the transaction ends. */
export function heldCriticalFinding(id: string): Prisma.Sql {
  return Prisma.sql`SELECT id::text FROM critical_findings WHERE id = ${id}::uuid FOR NO KEY UPDATE`;
}
