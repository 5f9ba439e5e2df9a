-- CreateEnum
CREATE TYPE "NoteKind" AS ENUM ('CONSULTATION', 'MEETING', 'PROCEDURE', 'TELEPHONE', 'OTHER');

-- CreateEnum
CREATE TYPE "NoteSectionStatus" AS ENUM ('DRAFT', 'SIGNED', 'LOCKED', 'DISCARDED');

-- CreateEnum
CREATE TYPE "NoteItemCode" AS ENUM ('IMPRESSION', 'HISTORY', 'EXAMINATION', 'MEASURE', 'MEDICATION', 'RISK', 'GOAL', 'PLAN', 'ADVICE', 'OTHER');

-- CreateEnum
CREATE TYPE "NoteAddendumKind" AS ENUM ('ADDITION', 'CORRECTION', 'ENTERED_IN_ERROR');

-- CreateEnum
CREATE TYPE "NoteAgreementMethod" AS ENUM ('IN_PERSON', 'TELEPHONE', 'VIDEO', 'IN_WRITING');

-- CreateTable
CREATE TABLE "clinical_notes" (
    "id" UUID NOT NULL,
    "patient_id" UUID NOT NULL,
    "referral_id" UUID,
    "kind" "NoteKind" NOT NULL,
    "meeting_case_id" UUID,
    "happened_on" DATE NOT NULL,
    "begun_at" TIMESTAMPTZ(3) NOT NULL,
    "begun_by_id" UUID NOT NULL,
    "opening_key" TEXT,

    CONSTRAINT "clinical_notes_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "note_sections" (
    "id" UUID NOT NULL,
    "note_id" UUID NOT NULL,
    "author_id" UUID NOT NULL,
    "discipline" "Discipline" NOT NULL,
    "status" "NoteSectionStatus" NOT NULL DEFAULT 'DRAFT',
    "version" INTEGER NOT NULL DEFAULT 0,
    "drafts_count" INTEGER NOT NULL DEFAULT 0,
    "addenda_count" INTEGER NOT NULL DEFAULT 0,
    "begun_at" TIMESTAMPTZ(3) NOT NULL,
    "changed_at" TIMESTAMPTZ(3) NOT NULL,
    "signed_at" TIMESTAMPTZ(3),
    "lock_due_at" TIMESTAMPTZ(3),
    "lock_policy_id" UUID,
    "locked_at" TIMESTAMPTZ(3),
    "locked_by_id" UUID,
    "discarded_at" TIMESTAMPTZ(3),

    CONSTRAINT "note_sections_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "note_draft_versions" (
    "id" UUID NOT NULL,
    "note_id" UUID NOT NULL,
    "section_id" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "base_number" INTEGER NOT NULL,
    "is_aside" BOOLEAN NOT NULL,
    "text" TEXT NOT NULL,
    "items" JSONB NOT NULL,
    "sha256" TEXT NOT NULL,
    "kept_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "note_draft_versions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "note_signatures" (
    "id" UUID NOT NULL,
    "note_id" UUID NOT NULL,
    "section_id" UUID NOT NULL,
    "draft_number" INTEGER NOT NULL,
    "text" TEXT NOT NULL,
    "items" JSONB NOT NULL,
    "sha256" TEXT NOT NULL,
    "signed_by_id" UUID NOT NULL,
    "signed_by_name" TEXT NOT NULL,
    "signed_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "note_signatures_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "note_addenda" (
    "id" UUID NOT NULL,
    "note_id" UUID NOT NULL,
    "section_id" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "kind" "NoteAddendumKind" NOT NULL,
    "discipline" "Discipline" NOT NULL,
    "text" TEXT NOT NULL,
    "sha256" TEXT NOT NULL,
    "signed_by_id" UUID NOT NULL,
    "signed_by_name" TEXT NOT NULL,
    "signed_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "note_addenda_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "note_shares" (
    "id" UUID NOT NULL,
    "note_id" UUID NOT NULL,
    "section_id" UUID NOT NULL,
    "staff_id" UUID NOT NULL,
    "reason" TEXT NOT NULL,
    "patient_agreed_on" DATE NOT NULL,
    "patient_agreed_how" "NoteAgreementMethod" NOT NULL,
    "shared_at" TIMESTAMPTZ(3) NOT NULL,
    "shared_by_id" UUID NOT NULL,
    "ended_at" TIMESTAMPTZ(3),
    "ended_by_id" UUID,
    "end_reason" TEXT,

    CONSTRAINT "note_shares_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "note_policies" (
    "id" UUID NOT NULL,
    "lock_after_hours" INTEGER NOT NULL,
    "effective_from" DATE NOT NULL,
    "source" TEXT NOT NULL,
    "set_at" TIMESTAMPTZ(3) NOT NULL,
    "set_by_id" UUID,

    CONSTRAINT "note_policies_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "clinical_notes_patient_id_happened_on_idx" ON "clinical_notes"("patient_id", "happened_on");

-- CreateIndex
CREATE INDEX "clinical_notes_referral_id_idx" ON "clinical_notes"("referral_id");

-- CreateIndex
CREATE UNIQUE INDEX "clinical_notes_begun_by_id_opening_key_key" ON "clinical_notes"("begun_by_id", "opening_key");

-- CreateIndex
CREATE INDEX "note_sections_note_id_idx" ON "note_sections"("note_id");

-- CreateIndex
CREATE INDEX "note_sections_author_id_status_changed_at_idx" ON "note_sections"("author_id", "status", "changed_at");

-- CreateIndex
CREATE UNIQUE INDEX "note_sections_id_note_id_key" ON "note_sections"("id", "note_id");

-- CreateIndex
CREATE UNIQUE INDEX "note_draft_versions_section_id_number_key" ON "note_draft_versions"("section_id", "number");

-- CreateIndex
CREATE UNIQUE INDEX "note_signatures_section_id_key" ON "note_signatures"("section_id");

-- CreateIndex
CREATE UNIQUE INDEX "note_signatures_section_id_note_id_key" ON "note_signatures"("section_id", "note_id");

-- CreateIndex
CREATE UNIQUE INDEX "note_addenda_section_id_number_key" ON "note_addenda"("section_id", "number");

-- CreateIndex
CREATE INDEX "note_shares_section_id_idx" ON "note_shares"("section_id");

-- CreateIndex
CREATE UNIQUE INDEX "note_policies_effective_from_key" ON "note_policies"("effective_from");

-- AddForeignKey
ALTER TABLE "clinical_notes" ADD CONSTRAINT "clinical_notes_patient_id_fkey" FOREIGN KEY ("patient_id") REFERENCES "patients"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "clinical_notes" ADD CONSTRAINT "clinical_notes_referral_id_fkey" FOREIGN KEY ("referral_id") REFERENCES "referrals"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "note_sections" ADD CONSTRAINT "note_sections_note_id_fkey" FOREIGN KEY ("note_id") REFERENCES "clinical_notes"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "note_sections" ADD CONSTRAINT "note_sections_lock_policy_id_fkey" FOREIGN KEY ("lock_policy_id") REFERENCES "note_policies"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "note_draft_versions" ADD CONSTRAINT "note_draft_versions_section_id_note_id_fkey" FOREIGN KEY ("section_id", "note_id") REFERENCES "note_sections"("id", "note_id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "note_signatures" ADD CONSTRAINT "note_signatures_section_id_note_id_fkey" FOREIGN KEY ("section_id", "note_id") REFERENCES "note_sections"("id", "note_id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "note_addenda" ADD CONSTRAINT "note_addenda_section_id_note_id_fkey" FOREIGN KEY ("section_id", "note_id") REFERENCES "note_sections"("id", "note_id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "note_shares" ADD CONSTRAINT "note_shares_section_id_note_id_fkey" FOREIGN KEY ("section_id", "note_id") REFERENCES "note_sections"("id", "note_id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What Prisma cannot say.

-- A table with notes in it is not emptied, by whatever way; one without any may go with those that it hangs on.
CREATE FUNCTION refuse_emptying_of_notes() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  has_rows boolean;
BEGIN
  EXECUTE format('SELECT EXISTS (SELECT FROM %I)', TG_TABLE_NAME) INTO has_rows;
  IF has_rows THEN
    RAISE EXCEPTION '% is only ever added to: truncate is refused', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NULL;
END $$;

-- What hangs on a note goes when a lawful destruction reaches the note, and never otherwise.
CREATE FUNCTION refuse_removal_of_note_part() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND EXISTS (
       SELECT FROM clinical_notes whole
        WHERE whole.id = OLD.note_id AND destruction_reaches('clinical_notes', to_jsonb(whole))) THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION '% is only ever added to: % is refused', TG_TABLE_NAME, lower(TG_OP) USING ERRCODE = 'restrict_violation';
END $$;

-- Of the case of a meeting there is one note, in which everybody writes.
CREATE UNIQUE INDEX clinical_notes_one_of_case ON clinical_notes (meeting_case_id) WHERE (meeting_case_id IS NOT NULL);
ALTER TABLE clinical_notes
  ADD CONSTRAINT clinical_notes_of_meeting CHECK (meeting_case_id IS NULL OR kind = 'MEETING'),
  ADD CONSTRAINT clinical_notes_key CHECK (opening_key ~ '^[\x21-\x7e]{1,200}$');

-- A note stays the note that it was begun as. Only when two records of one person become one, or two again, is it of the other.
CREATE FUNCTION note_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF to_jsonb(NEW) - 'patient_id' IS DISTINCT FROM to_jsonb(OLD) - 'patient_id'
     OR (NEW.patient_id <> OLD.patient_id AND NOT EXISTS (
       SELECT FROM patient_merges m
        WHERE (m.kept_id, m.merged_id) IN ((NEW.patient_id, OLD.patient_id), (OLD.patient_id, NEW.patient_id)))) THEN
    RAISE EXCEPTION 'note % stays as it was begun', OLD.id USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER clinical_notes_stay BEFORE UPDATE ON clinical_notes FOR EACH ROW EXECUTE FUNCTION note_stays();
CREATE TRIGGER clinical_notes_of_live_patient BEFORE INSERT OR UPDATE OF patient_id ON clinical_notes
  FOR EACH ROW EXECUTE FUNCTION refuse_merged_patient();
CREATE TRIGGER clinical_notes_held BEFORE DELETE ON clinical_notes FOR EACH ROW EXECUTE FUNCTION refuse_while_held();
CREATE TRIGGER clinical_notes_no_delete BEFORE DELETE ON clinical_notes FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER clinical_notes_no_truncate BEFORE TRUNCATE ON clinical_notes FOR EACH STATEMENT EXECUTE FUNCTION refuse_emptying_of_notes();

-- One section for each author and discipline: of two windows that begin at once the second finds what the first began.
CREATE UNIQUE INDEX note_sections_one_of_author ON note_sections (note_id, author_id, discipline) WHERE (status <> 'DISCARDED');
-- How far a section is says what there is of it.
ALTER TABLE note_sections
  ADD CONSTRAINT note_sections_counts CHECK (version BETWEEN 0 AND drafts_count AND addenda_count >= 0 AND (addenda_count = 0 OR status = 'LOCKED')),
  ADD CONSTRAINT note_sections_signed CHECK (
    (status IN ('SIGNED', 'LOCKED')) = (signed_at IS NOT NULL) AND (signed_at IS NULL) = (lock_due_at IS NULL)
    AND (signed_at IS NULL) = (lock_policy_id IS NULL) AND lock_due_at > signed_at),
  ADD CONSTRAINT note_sections_locked CHECK (
    (status = 'LOCKED') = (locked_at IS NOT NULL) AND (locked_by_id IS NULL OR locked_by_id = author_id)
    AND (locked_at IS NULL OR locked_at >= signed_at) AND (locked_at IS NOT NULL OR locked_by_id IS NULL)),
  ADD CONSTRAINT note_sections_discarded CHECK ((status = 'DISCARDED') = (discarded_at IS NOT NULL));

-- A section goes forward only: a draft is signed or put away, what is signed is locked, and only what is locked is added to.
-- It is never signed without its signature.
CREATE FUNCTION note_section_goes_forward() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.id, NEW.note_id, NEW.author_id, NEW.discipline, NEW.begun_at)
       IS DISTINCT FROM (OLD.id, OLD.note_id, OLD.author_id, OLD.discipline, OLD.begun_at)
     OR NEW.drafts_count < OLD.drafts_count OR NEW.addenda_count < OLD.addenda_count OR NEW.version < OLD.version THEN
    RAISE EXCEPTION 'section % is its author''s, and goes forward only', OLD.id USING ERRCODE = 'restrict_violation';
  END IF;
  IF (OLD.status, NEW.status) NOT IN (('DRAFT', 'DRAFT'), ('DRAFT', 'SIGNED'), ('DRAFT', 'DISCARDED'), ('SIGNED', 'SIGNED'),
                                      ('SIGNED', 'LOCKED'), ('LOCKED', 'LOCKED'), ('DISCARDED', 'DISCARDED')) THEN
    RAISE EXCEPTION 'section % does not go from % to %', OLD.id, OLD.status, NEW.status USING ERRCODE = 'restrict_violation';
  END IF;
  IF OLD.status <> 'DRAFT' AND (NEW.version, NEW.changed_at, NEW.signed_at, NEW.lock_due_at, NEW.lock_policy_id, NEW.discarded_at)
       IS DISTINCT FROM (OLD.version, OLD.changed_at, OLD.signed_at, OLD.lock_due_at, OLD.lock_policy_id, OLD.discarded_at) THEN
    RAISE EXCEPTION 'section % is % and stays so', OLD.id, lower(OLD.status::text) USING ERRCODE = 'restrict_violation';
  END IF;
  IF OLD.status = 'LOCKED' AND (NEW.locked_at, NEW.locked_by_id) IS DISTINCT FROM (OLD.locked_at, OLD.locked_by_id) THEN
    RAISE EXCEPTION 'section % is locked and stays so', OLD.id USING ERRCODE = 'restrict_violation';
  END IF;
  IF OLD.status = 'DRAFT' AND NEW.status = 'SIGNED' AND NOT EXISTS (
       SELECT FROM note_signatures s
        WHERE s.section_id = NEW.id AND s.draft_number = NEW.version AND s.signed_at = NEW.signed_at) THEN
    RAISE EXCEPTION 'section % has no signature', OLD.id USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER note_sections_forward BEFORE UPDATE ON note_sections FOR EACH ROW EXECUTE FUNCTION note_section_goes_forward();
CREATE FUNCTION note_section_begins_as_draft() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.status <> 'DRAFT' OR NEW.drafts_count <> 0 THEN
    RAISE EXCEPTION 'section % does not begin as a draft', NEW.id USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER note_sections_begin BEFORE INSERT ON note_sections FOR EACH ROW EXECUTE FUNCTION note_section_begins_as_draft();
CREATE TRIGGER note_sections_no_delete BEFORE DELETE ON note_sections FOR EACH ROW EXECUTE FUNCTION refuse_removal_of_note_part();
CREATE TRIGGER note_sections_no_truncate BEFORE TRUNCATE ON note_sections FOR EACH STATEMENT EXECUTE FUNCTION refuse_emptying_of_notes();

-- Drafts follow one another, and what is signed gets no more of them: what comes too late is kept beside it.
ALTER TABLE note_draft_versions
  ADD CONSTRAINT note_draft_versions_counts CHECK (number >= 1 AND base_number >= 0 AND base_number < number),
  ADD CONSTRAINT note_draft_versions_items CHECK (jsonb_typeof(items) = 'array'),
  ADD CONSTRAINT note_draft_versions_fingerprint CHECK (sha256 ~ '^[0-9a-f]{64}$');
CREATE FUNCTION note_draft_follows() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  held note_sections%ROWTYPE;
BEGIN
  SELECT * INTO held FROM note_sections WHERE id = NEW.section_id FOR NO KEY UPDATE;
  IF NEW.number IS DISTINCT FROM held.drafts_count + 1 OR (NOT NEW.is_aside AND held.status <> 'DRAFT') THEN
    RAISE EXCEPTION 'draft % of section % does not follow', NEW.number, NEW.section_id USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER note_draft_versions_follow BEFORE INSERT ON note_draft_versions FOR EACH ROW EXECUTE FUNCTION note_draft_follows();
CREATE TRIGGER note_draft_versions_append_only BEFORE UPDATE OR DELETE ON note_draft_versions FOR EACH ROW EXECUTE FUNCTION refuse_removal_of_note_part();
CREATE TRIGGER note_draft_versions_no_truncate BEFORE TRUNCATE ON note_draft_versions FOR EACH STATEMENT EXECUTE FUNCTION refuse_emptying_of_notes();

-- What is signed says something, is what its author had kept last, and is signed by the author; nobody edits it, ever.
ALTER TABLE note_signatures
  ADD CONSTRAINT note_signatures_say_something CHECK (btrim(text) <> '' OR items <> '[]'),
  ADD CONSTRAINT note_signatures_items CHECK (jsonb_typeof(items) = 'array'),
  ADD CONSTRAINT note_signatures_named CHECK (btrim(signed_by_name) <> ''),
  ADD CONSTRAINT note_signatures_fingerprint CHECK (sha256 ~ '^[0-9a-f]{64}$');
CREATE FUNCTION note_signature_of_what_was_read() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (
       SELECT FROM note_sections held
         JOIN note_draft_versions draft ON draft.section_id = held.id AND draft.number = held.version
        WHERE held.id = NEW.section_id AND held.status = 'DRAFT' AND held.author_id = NEW.signed_by_id
          AND draft.number = NEW.draft_number AND NOT draft.is_aside
          AND (draft.text, draft.items, draft.sha256) IS NOT DISTINCT FROM (NEW.text, NEW.items, NEW.sha256)) THEN
    RAISE EXCEPTION 'section % is not signed by its author as it stands', NEW.section_id USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER note_signatures_as_read BEFORE INSERT ON note_signatures FOR EACH ROW EXECUTE FUNCTION note_signature_of_what_was_read();
-- A signature and its section are signed together, or neither.
CREATE FUNCTION note_signature_whole() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM note_sections held WHERE held.id = NEW.section_id AND held.signed_at = NEW.signed_at) THEN
    RAISE EXCEPTION 'section % has a signature and is not signed', NEW.section_id USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER note_signatures_whole AFTER INSERT ON note_signatures
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION note_signature_whole();
CREATE TRIGGER note_signatures_append_only BEFORE UPDATE OR DELETE ON note_signatures FOR EACH ROW EXECUTE FUNCTION refuse_removal_of_note_part();
CREATE TRIGGER note_signatures_no_truncate BEFORE TRUNCATE ON note_signatures FOR EACH STATEMENT EXECUTE FUNCTION refuse_emptying_of_notes();

-- Only what is locked is added to, in order; that it was entered in error is its author's word.
ALTER TABLE note_addenda
  ADD CONSTRAINT note_addenda_say_something CHECK (btrim(text) <> '' AND btrim(signed_by_name) <> '' AND number >= 1),
  ADD CONSTRAINT note_addenda_fingerprint CHECK (sha256 ~ '^[0-9a-f]{64}$');
CREATE UNIQUE INDEX note_addenda_error_once ON note_addenda (section_id) WHERE (kind = 'ENTERED_IN_ERROR');
CREATE FUNCTION note_addendum_follows() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  held note_sections%ROWTYPE;
BEGIN
  SELECT * INTO held FROM note_sections WHERE id = NEW.section_id FOR NO KEY UPDATE;
  IF held.status IS DISTINCT FROM 'LOCKED' OR NEW.number <> held.addenda_count + 1
     OR (NEW.kind = 'ENTERED_IN_ERROR' AND NEW.signed_by_id <> held.author_id) THEN
    RAISE EXCEPTION 'addendum % of section % does not follow', NEW.number, NEW.section_id USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER note_addenda_follow BEFORE INSERT ON note_addenda FOR EACH ROW EXECUTE FUNCTION note_addendum_follows();
CREATE TRIGGER note_addenda_append_only BEFORE UPDATE OR DELETE ON note_addenda FOR EACH ROW EXECUTE FUNCTION refuse_removal_of_note_part();
CREATE TRIGGER note_addenda_no_truncate BEFORE TRUNCATE ON note_addenda FOR EACH STATEMENT EXECUTE FUNCTION refuse_emptying_of_notes();

-- A psychology section that is signed is shared with one person at a time, and why; the patient had agreed by then. Once each.
ALTER TABLE note_shares
  ADD CONSTRAINT note_shares_in_words CHECK (btrim(reason) <> '' AND (end_reason IS NULL OR btrim(end_reason) <> '')),
  ADD CONSTRAINT note_shares_with_another CHECK (staff_id <> shared_by_id),
  ADD CONSTRAINT note_shares_ended CHECK (
    (ended_at IS NULL) = (ended_by_id IS NULL) AND (ended_at IS NULL) = (end_reason IS NULL) AND ended_at >= shared_at);
CREATE UNIQUE INDEX note_shares_one_live ON note_shares (section_id, staff_id) WHERE (ended_at IS NULL);
CREATE FUNCTION note_share_of_psychology() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.ended_at IS NOT NULL OR NOT EXISTS (
       SELECT FROM note_sections held
        WHERE held.id = NEW.section_id AND held.discipline = 'PSYCHOLOGY' AND held.status IN ('SIGNED', 'LOCKED')) THEN
    RAISE EXCEPTION 'section % is not one that is shared', NEW.section_id USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER note_shares_of_psychology BEFORE INSERT ON note_shares FOR EACH ROW EXECUTE FUNCTION note_share_of_psychology();
CREATE FUNCTION note_share_ends_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.ended_at IS NOT NULL
     OR to_jsonb(NEW) - ARRAY['ended_at', 'ended_by_id', 'end_reason'] IS DISTINCT FROM to_jsonb(OLD) - ARRAY['ended_at', 'ended_by_id', 'end_reason'] THEN
    RAISE EXCEPTION 'share % is only ever ended, once', OLD.id USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER note_shares_end_once BEFORE UPDATE ON note_shares FOR EACH ROW EXECUTE FUNCTION note_share_ends_once();
CREATE TRIGGER note_shares_no_delete BEFORE DELETE ON note_shares FOR EACH ROW EXECUTE FUNCTION refuse_removal_of_note_part();
CREATE TRIGGER note_shares_no_truncate BEFORE TRUNCATE ON note_shares FOR EACH STATEMENT EXECUTE FUNCTION refuse_emptying_of_notes();

-- Promises are rows that hold from a day on; what was promised stays, and is nobody's record.
ALTER TABLE note_policies
  ADD CONSTRAINT note_policies_in_bounds CHECK (lock_after_hours BETWEEN 1 AND 336),
  ADD CONSTRAINT note_policies_sourced CHECK (btrim(source) <> '');
CREATE TRIGGER note_policies_append_only BEFORE UPDATE OR DELETE ON note_policies FOR EACH ROW EXECUTE FUNCTION refuse_change_for_good();
CREATE TRIGGER note_policies_no_truncate BEFORE TRUNCATE ON note_policies FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_for_good();

-- What a clinic begins with. It sets its own by adding rows, with their source.
INSERT INTO note_policies (id, lock_after_hours, effective_from, source, set_at)
VALUES ('0193c130-0000-7000-8000-000000000001', 24, '2000-01-01',
  'Clinic default, confirmed by nobody: a day in which the author locks the note, after which it locks itself. What the system begins with.',
  '2000-01-01T00:00:00Z');
