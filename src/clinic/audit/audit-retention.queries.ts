/**
 * What was written before and after goes; who did what to which record, and when, stays. Only entries about this patient
 * alone, under every id that the patient was ever known by: those that name several people (a search, a list) hold their ids
 * and what was looked for, and stay as they are. The database lets it pass under a lawful destruction only. $1 the ids.
 */
export const EMPTY_ENTRIES_OF_PATIENT = `
  UPDATE audit_entries SET before = NULL, after = NULL
   WHERE ((patient_ids <@ $1::uuid[] AND patient_ids && $1::uuid[])
          OR (subject_type = 'patient' AND subject_id = ANY ($1::uuid[]::text[])))
     AND (before IS NOT NULL OR after IS NOT NULL)`;

/** The same of one record that is no patient's. $1 its kind, $2 its id. */
export const EMPTY_ENTRIES_OF_SUBJECT = `
  UPDATE audit_entries SET before = NULL, after = NULL
   WHERE subject_type = $1 AND subject_id = $2::text
     AND (before IS NOT NULL OR after IS NOT NULL)`;
