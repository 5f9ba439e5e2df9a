-- Scans stand behind the gates: what was withdrawn after a booking, what was injected, and what more a scanner is told.

-- AlterTable
ALTER TABLE "scan_bookings" ADD COLUMN     "consent_withdrawals_count" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "consent_withdrawn_at" TIMESTAMPTZ(3),
ADD COLUMN     "half_life_hours" DOUBLE PRECISION,
ADD COLUMN     "injected_at" TIMESTAMPTZ(3),
ADD COLUMN     "net_activity_mbq" DOUBLE PRECISION,
ADD COLUMN     "tracer_name" TEXT;

-- Somebody was injected with something, or was not.
ALTER TABLE scan_bookings
  ADD CONSTRAINT scan_bookings_withdrawals_counted
    CHECK ((consent_withdrawn_at IS NULL) = (consent_withdrawals_count = 0) AND consent_withdrawals_count >= 0),
  ADD CONSTRAINT scan_bookings_injected_whole
    CHECK (num_nonnulls(injected_at, net_activity_mbq, tracer_name, half_life_hours) IN (0, 4)
       AND (injected_at IS NULL OR (net_activity_mbq >= 0 AND half_life_hours > 0)));

-- Consent that was withdrawn before gates stood flags the bookings that are still to come.
UPDATE scan_bookings booking SET consent_withdrawn_at = latest.decided_at, consent_withdrawals_count = 1
  FROM (SELECT DISTINCT ON (patient_id) patient_id, decision, decided_at
          FROM consent_records
         WHERE purpose = 'IMAGING_TRACER_AND_XRAYS'
         ORDER BY patient_id, decided_at DESC, recorded_at DESC, id DESC) latest
 WHERE latest.patient_id = booking.patient_id AND latest.decision = 'WITHDRAWN'
   AND booking.status = 'BOOKED' AND latest.decided_at > booking.booked_at;

-- What a scanner is told is also made of these. Who changes one of them has the items read anew that it is in.
CREATE TRIGGER patient_alerts_noted AFTER INSERT OR UPDATE ON patient_alerts
  FOR EACH ROW EXECUTE FUNCTION note_worklist_change('patient', 'patient_id');
CREATE TRIGGER communication_needs_noted AFTER INSERT OR UPDATE ON communication_needs
  FOR EACH ROW EXECUTE FUNCTION note_worklist_change('patient', 'patient_id');
CREATE TRIGGER communication_need_kinds_noted AFTER UPDATE OF flag, needs_detail ON communication_need_kinds
  FOR EACH STATEMENT EXECUTE FUNCTION note_worklist_change('everything');

-- An allergy that one referral names is the patient's, whichever the scan was booked for.
CREATE FUNCTION note_history_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO worklist_changes (kind, subject_id)
  SELECT 'patient', referral.patient_id::text FROM referrals referral WHERE referral.id = NEW.referral_id
  ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;
CREATE TRIGGER referral_history_items_noted AFTER INSERT OR UPDATE ON referral_history_items
  FOR EACH ROW EXECUTE FUNCTION note_history_change();

-- One scan of a patient is an earlier exposure to the next: whatever of it was done is looked at with the others.
CREATE TRIGGER scan_bookings_exposure_noted AFTER UPDATE OF started_at, injected_at ON scan_bookings
  FOR EACH ROW EXECUTE FUNCTION note_worklist_change('patient', 'patient_id');
