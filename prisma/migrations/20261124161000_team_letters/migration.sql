-- Letters to members of the team, each to one of them.

-- CreateTable
CREATE TABLE "meeting_tellings" (
    "id" UUID NOT NULL,
    "meeting_id" UUID NOT NULL,
    "staff_id" UUID NOT NULL,
    "made_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "meeting_tellings_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "meeting_tellings_meeting_id_staff_id_key" ON "meeting_tellings"("meeting_id", "staff_id");

-- AddForeignKey
ALTER TABLE "meeting_tellings" ADD CONSTRAINT "meeting_tellings_meeting_id_fkey" FOREIGN KEY ("meeting_id") REFERENCES "meetings"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- A letter to a member of staff says to whom, as one to a referrer of the directory does.
ALTER TABLE letters
  DROP CONSTRAINT letters_recipient_known,
  ADD CONSTRAINT letters_recipient_known
    CHECK ((recipient <> 'PATIENT' OR patient_id IS NOT NULL)
       AND (recipient IN ('REFERRER', 'GP', 'STAFF') OR recipient_id IS NULL)
       AND (recipient <> 'STAFF' OR recipient_id IS NOT NULL));

-- Who was told stays.
CREATE TRIGGER meeting_tellings_append_only BEFORE UPDATE OR DELETE ON meeting_tellings FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER meeting_tellings_no_truncate BEFORE TRUNCATE ON meeting_tellings FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
