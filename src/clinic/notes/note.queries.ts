import { Prisma } from '../../platform/database/generated/client.js';

/** Holds a section until the transaction ends. */
export function heldSection(sectionId: string): Prisma.Sql {
  return Prisma.sql`SELECT id::text FROM note_sections WHERE id = ${sectionId}::uuid FOR NO KEY UPDATE`;
}

/** Holds a share until the transaction ends. */
export function heldShare(shareId: string): Prisma.Sql {
  return Prisma.sql`SELECT id::text FROM note_shares WHERE id = ${shareId}::uuid FOR NO KEY UPDATE`;
}

/** Holds the notes of these patients until the transaction ends. */
export function heldNotesOf(patientIds: readonly string[]): Prisma.Sql {
  return Prisma.sql`
    SELECT id::text FROM clinical_notes WHERE patient_id = ANY (${[...patientIds]}::uuid[]) ORDER BY id FOR NO KEY UPDATE`;
}
