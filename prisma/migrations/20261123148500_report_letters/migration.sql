-- A copy for a GP is found by the GP's entry in the directory, as a letter to a referrer is by theirs.
ALTER TABLE letters
  DROP CONSTRAINT letters_recipient_known,
  ADD CONSTRAINT letters_recipient_known
    CHECK ((recipient <> 'PATIENT' OR patient_id IS NOT NULL)
       AND (recipient IN ('REFERRER', 'GP') OR recipient_id IS NULL));
