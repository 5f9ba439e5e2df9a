-- Who may see an alert is always said. A check lets pass what is not known, so an alert for safeguarding whose roles were NULL
-- kept the rule without having any: it is for clinicians and managers, as the application has written each of them. To any
-- other alert NULL meant what none of them means: everybody.
UPDATE patient_alerts
   SET visible_to = CASE WHEN kind = 'SAFEGUARDING' THEN ARRAY['CLINICIAN', 'MANAGER']::"Role"[] ELSE '{}'::"Role"[] END
 WHERE visible_to IS NULL;
ALTER TABLE "patient_alerts" ALTER COLUMN "visible_to" SET DEFAULT ARRAY[]::"Role"[],
ALTER COLUMN "visible_to" SET NOT NULL;

ALTER TABLE patient_alerts DROP CONSTRAINT patient_alerts_safeguarding_kept;
ALTER TABLE patient_alerts
  ADD CONSTRAINT patient_alerts_safeguarding_kept
    CHECK (visible_to IS NOT NULL
      AND (kind <> 'SAFEGUARDING' OR (cardinality(visible_to) > 0 AND visible_to <@ ARRAY['CLINICIAN', 'MANAGER']::"Role"[])));
