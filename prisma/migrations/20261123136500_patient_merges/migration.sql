-- AlterTable
ALTER TABLE "patients" ADD COLUMN     "merged_into_id" UUID;

-- CreateTable
CREATE TABLE "patient_merges" (
    "id" UUID NOT NULL,
    "kept_id" UUID NOT NULL,
    "merged_id" UUID NOT NULL,
    "reason" TEXT NOT NULL,
    "override_reason" TEXT,
    "taken" JSONB NOT NULL,
    "nhs_number_taken" TEXT,
    "merged_at" TIMESTAMPTZ(3) NOT NULL,
    "merged_by_id" UUID NOT NULL,
    "undo_until" TIMESTAMPTZ(3) NOT NULL,
    "undone_at" TIMESTAMPTZ(3),
    "undone_by_id" UUID,
    "undo_reason" TEXT,

    CONSTRAINT "patient_merges_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "patient_merge_moves" (
    "merge_id" UUID NOT NULL,
    "room" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "row_id" UUID NOT NULL,

    CONSTRAINT "patient_merge_moves_pkey" PRIMARY KEY ("merge_id","room","kind","row_id")
);

-- CreateIndex
CREATE INDEX "patients_merged_into_id_idx" ON "patients"("merged_into_id");

-- CreateIndex
CREATE INDEX "patient_merges_kept_id_idx" ON "patient_merges"("kept_id");

-- CreateIndex
CREATE INDEX "patient_merges_merged_id_idx" ON "patient_merges"("merged_id");

-- AddForeignKey
ALTER TABLE "patients" ADD CONSTRAINT "patients_merged_into_id_fkey" FOREIGN KEY ("merged_into_id") REFERENCES "patients"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "patient_merges" ADD CONSTRAINT "patient_merges_kept_id_fkey" FOREIGN KEY ("kept_id") REFERENCES "patients"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "patient_merges" ADD CONSTRAINT "patient_merges_merged_id_fkey" FOREIGN KEY ("merged_id") REFERENCES "patients"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "patient_merge_moves" ADD CONSTRAINT "patient_merge_moves_merge_id_fkey" FOREIGN KEY ("merge_id") REFERENCES "patient_merges"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What Prisma cannot say.

-- A stub leads to a record of its own, in one step: whoever follows it has arrived.
CREATE FUNCTION refuse_chain_of_merges() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.merged_into_id IS NOT NULL
     AND (EXISTS (SELECT 1 FROM patients WHERE id = NEW.merged_into_id AND merged_into_id IS NOT NULL)
       OR EXISTS (SELECT 1 FROM patients WHERE merged_into_id = NEW.id)) THEN
    RAISE EXCEPTION 'the merge of patient % would make a chain', NEW.id USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER patients_merged_in_one_step BEFORE UPDATE OF merged_into_id ON patients
  FOR EACH ROW EXECUTE FUNCTION refuse_chain_of_merges();
ALTER TABLE patients
  ADD CONSTRAINT patients_merged_into_another CHECK (merged_into_id <> id);

-- A record is merged once at a time.
CREATE UNIQUE INDEX patient_merges_one_live ON patient_merges (merged_id) WHERE (undone_at IS NULL);
ALTER TABLE patient_merges
  ADD CONSTRAINT patient_merges_two_records CHECK (kept_id <> merged_id),
  ADD CONSTRAINT patient_merges_undone_by_somebody
    CHECK ((undone_at IS NULL) = (undone_by_id IS NULL) AND (undone_at IS NULL) = (undo_reason IS NULL)),
  ADD CONSTRAINT patient_merges_undone_in_time CHECK (undone_at <= undo_until);
CREATE TRIGGER patient_merge_moves_append_only BEFORE UPDATE OR DELETE ON patient_merge_moves
  FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- Nothing new belongs to a stub, whoever writes it and whenever it began: neither to a record that was merged nor to one
-- that was destroyed. A merge and a destruction hold the patients FOR UPDATE, so this waits for one that is under way and
-- then sees how it ended. What is refused here is done again as a whole, and is then told in words that the record was
-- merged, or that there is none.
CREATE FUNCTION refuse_merged_patient() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  survivor uuid;
  gone_at timestamptz;
BEGIN
  SELECT merged_into_id, destroyed_at INTO survivor, gone_at FROM patients WHERE id = NEW.patient_id FOR KEY SHARE;
  IF gone_at IS NOT NULL THEN
    RAISE EXCEPTION 'the record of patient % was destroyed', NEW.patient_id USING ERRCODE = 'serialization_failure';
  END IF;
  IF survivor IS NOT NULL THEN
    RAISE EXCEPTION 'the record of patient % was merged', NEW.patient_id USING ERRCODE = 'serialization_failure';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER referrals_of_live_patient BEFORE INSERT OR UPDATE OF patient_id ON referrals
  FOR EACH ROW EXECUTE FUNCTION refuse_merged_patient();
CREATE TRIGGER consent_records_of_live_patient BEFORE INSERT ON consent_records
  FOR EACH ROW EXECUTE FUNCTION refuse_merged_patient();
CREATE TRIGGER visit_requests_of_live_patient BEFORE INSERT OR UPDATE OF patient_id ON visit_requests
  FOR EACH ROW EXECUTE FUNCTION refuse_merged_patient();
CREATE TRIGGER visit_series_of_live_patient BEFORE INSERT OR UPDATE OF patient_id ON visit_series
  FOR EACH ROW EXECUTE FUNCTION refuse_merged_patient();
CREATE TRIGGER visits_of_live_patient BEFORE INSERT OR UPDATE OF patient_id ON visits
  FOR EACH ROW EXECUTE FUNCTION refuse_merged_patient();
CREATE TRIGGER patient_presences_of_live_patient BEFORE INSERT OR UPDATE OF patient_id ON patient_presences
  FOR EACH ROW EXECUTE FUNCTION refuse_merged_patient();
CREATE TRIGGER freed_place_offers_of_live_patient BEFORE INSERT OR UPDATE OF patient_id ON freed_place_offers
  FOR EACH ROW EXECUTE FUNCTION refuse_merged_patient();
CREATE TRIGGER scan_bookings_of_live_patient BEFORE INSERT OR UPDATE OF patient_id ON scan_bookings
  FOR EACH ROW EXECUTE FUNCTION refuse_merged_patient();
CREATE TRIGGER communication_needs_of_live_patient BEFORE INSERT OR UPDATE OF patient_id ON communication_needs
  FOR EACH ROW EXECUTE FUNCTION refuse_merged_patient();
CREATE TRIGGER patient_alerts_of_live_patient BEFORE INSERT OR UPDATE OF patient_id ON patient_alerts
  FOR EACH ROW EXECUTE FUNCTION refuse_merged_patient();
CREATE TRIGGER related_people_of_live_patient BEFORE INSERT OR UPDATE OF patient_id ON related_people
  FOR EACH ROW EXECUTE FUNCTION refuse_merged_patient();
CREATE TRIGGER documents_of_live_patient BEFORE INSERT OR UPDATE OF patient_id ON documents
  FOR EACH ROW EXECUTE FUNCTION refuse_merged_patient();
CREATE TRIGGER advice_threads_of_live_patient BEFORE INSERT OR UPDATE OF patient_id ON advice_threads
  FOR EACH ROW EXECUTE FUNCTION refuse_merged_patient();
CREATE TRIGGER enquiries_of_live_patient BEFORE INSERT OR UPDATE OF patient_id ON enquiries
  FOR EACH ROW EXECUTE FUNCTION refuse_merged_patient();
CREATE TRIGGER enquiry_conversions_of_live_patient BEFORE INSERT OR UPDATE OF patient_id ON enquiry_conversions
  FOR EACH ROW EXECUTE FUNCTION refuse_merged_patient();
CREATE TRIGGER legal_holds_of_live_patient BEFORE INSERT OR UPDATE OF patient_id ON legal_holds
  FOR EACH ROW EXECUTE FUNCTION refuse_merged_patient();
CREATE TRIGGER patient_deaths_of_live_patient BEFORE INSERT OR UPDATE OF patient_id ON patient_deaths
  FOR EACH ROW EXECUTE FUNCTION refuse_merged_patient();
CREATE TRIGGER subject_access_requests_of_live_patient BEFORE INSERT OR UPDATE OF patient_id ON subject_access_requests
  FOR EACH ROW EXECUTE FUNCTION refuse_merged_patient();
CREATE TRIGGER data_complaints_of_live_patient BEFORE INSERT OR UPDATE OF patient_id ON data_complaints
  FOR EACH ROW EXECUTE FUNCTION refuse_merged_patient();
CREATE TRIGGER rectifications_of_live_patient BEFORE INSERT OR UPDATE OF patient_id ON rectifications
  FOR EACH ROW EXECUTE FUNCTION refuse_merged_patient();
