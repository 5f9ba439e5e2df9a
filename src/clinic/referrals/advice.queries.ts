import { Prisma } from '../../platform/database/generated/client.js';

/** Holds a thread as it is until the transaction ends, so that one thing is done with it after another. */
export function heldAdviceThread(id: string): Prisma.Sql {
  return Prisma.sql`SELECT id::text FROM advice_threads WHERE id = ${id}::uuid FOR NO KEY UPDATE`;
}
