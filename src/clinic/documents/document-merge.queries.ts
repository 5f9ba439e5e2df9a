/**
 * Documents of one patient that are filed with a thing of another's: what the thing is, decides whose they are.
 * $1 whose the thing is, $2 whose the document is
 */
export const FILED_WITH_THINGS_OF = `
  SELECT id::text FROM documents
   WHERE patient_id = $2::uuid
     AND CASE subject_type
           WHEN 'REFERRAL' THEN subject_id IN (SELECT id FROM referrals WHERE patient_id = $1::uuid)
           WHEN 'ADVICE' THEN subject_id IN (SELECT id FROM advice_threads WHERE patient_id = $1::uuid)
           WHEN 'VISIT' THEN subject_id IN (SELECT id FROM visits WHERE patient_id = $1::uuid)
           WHEN 'ENQUIRY' THEN subject_id IN (SELECT id FROM enquiries WHERE patient_id = $1::uuid)
           WHEN 'COMPLAINT' THEN subject_id IN (SELECT id FROM data_complaints WHERE patient_id = $1::uuid)
           ELSE false
         END`;
