import { Prisma } from '../../platform/database/generated/client.js';

/** Holds a referral as it is until the transaction ends, so that nobody decides on it or books for it meanwhile. */
export function heldReferral(id: string): Prisma.Sql {
  return Prisma.sql`SELECT id::text FROM referrals WHERE id = ${id}::uuid FOR NO KEY UPDATE`;
}

/** The newest referrals of each of these patients: so many each, in one statement. */
export function newestOfEach(patientIds: readonly string[], limitEach: number): Prisma.Sql {
  return Prisma.sql`
    SELECT newest.id::text
    FROM unnest(${[...patientIds]}::uuid[]) AS patient (id)
    CROSS JOIN LATERAL (
      SELECT referrals.id FROM referrals WHERE referrals.patient_id = patient.id
      ORDER BY received_on DESC, referrals.id DESC LIMIT ${limitEach}
    ) AS newest`;
}
