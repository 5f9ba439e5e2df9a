import { Prisma } from '../../platform/database/generated/client.js';

/** Holds a decision until the transaction ends. */
export const heldDecision = (id: string) =>
  Prisma.sql`SELECT id::text FROM case_decisions WHERE id = ${id}::uuid FOR NO KEY UPDATE`;

/** Holds an action until the transaction ends. */
export const heldAction = (id: string) =>
  Prisma.sql`SELECT id::text FROM case_decision_actions WHERE id = ${id}::uuid FOR NO KEY UPDATE`;

/** Holds a letter until the transaction ends. */
export const heldLetter = (id: string) =>
  Prisma.sql`SELECT id::text FROM case_decision_letters WHERE id = ${id}::uuid FOR NO KEY UPDATE`;

/** Holds all decisions of these patients, in order of id, as everybody does. */
export const heldDecisionsOf = (patientIds: readonly string[]) => Prisma.sql`
  SELECT id::text FROM case_decisions WHERE patient_id = ANY (${[...patientIds]}::uuid[]) ORDER BY id FOR NO KEY UPDATE`;
