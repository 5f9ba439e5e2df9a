/** Holds all referrals of these patients, in order of id, as everybody does. $1 patients */
export const HOLD_REFERRALS_OF_PATIENTS = `
  SELECT id::text FROM referrals WHERE patient_id = ANY ($1::uuid[]) ORDER BY id FOR NO KEY UPDATE`;
