import { Prisma } from '../../platform/database/generated/client.js';

/** Holds a meeting until the transaction ends: what is done in it is done one after the other. */
export const heldMeeting = (id: string) =>
  Prisma.sql`SELECT id::text FROM meetings WHERE id = ${id}::uuid FOR NO KEY UPDATE`;

/** Holds a series until the transaction ends. */
export const heldSeries = (id: string) =>
  Prisma.sql`SELECT id::text FROM meeting_series WHERE id = ${id}::uuid FOR NO KEY UPDATE`;

/** Holds a case until the transaction ends. */
export const heldCase = (id: string) =>
  Prisma.sql`SELECT id::text FROM meeting_cases WHERE id = ${id}::uuid FOR NO KEY UPDATE`;

/** Holds a proposal until the transaction ends. */
export const heldProposal = (id: string) =>
  Prisma.sql`SELECT id::text FROM case_proposals WHERE id = ${id}::uuid FOR NO KEY UPDATE`;

/** Holds all cases of these patients, in order of id, as everybody does. */
export const heldCasesOf = (patientIds: readonly string[]) => Prisma.sql`
  SELECT id::text FROM meeting_cases WHERE patient_id = ANY (${[...patientIds]}::uuid[]) ORDER BY id FOR NO KEY UPDATE`;
