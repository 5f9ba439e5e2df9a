import { Prisma } from '../../platform/database/generated/client.js';

/** Holds a performed step until the transaction ends: nobody attaches it meanwhile. */
export function lockedStep(id: string): Prisma.Sql {
  return Prisma.sql`SELECT 1 FROM performed_steps WHERE id = ${id}::uuid FOR UPDATE`;
}
