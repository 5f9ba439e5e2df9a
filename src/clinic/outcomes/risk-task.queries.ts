import { Prisma } from '../../platform/database/generated/client.js';

/** Holds a risk task as it is until the transaction ends. */
export function heldRiskTask(id: string): Prisma.Sql {
  return Prisma.sql`SELECT id::text FROM risk_tasks WHERE id = ${id}::uuid FOR NO KEY UPDATE`;
}

/** Holds all risk tasks of these patients, in order of id, as everybody does. */
export function heldRiskTasksOf(patientIds: readonly string[]): Prisma.Sql {
  return Prisma.sql`
    SELECT id::text FROM risk_tasks WHERE patient_id = ANY (${[...patientIds]}::uuid[]) ORDER BY id FOR NO KEY UPDATE`;
}
