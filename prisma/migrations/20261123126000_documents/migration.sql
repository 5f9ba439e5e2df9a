-- CreateEnum
CREATE TYPE "DocumentSubjectType" AS ENUM ('PATIENT', 'REFERRAL', 'ENQUIRY', 'ADVICE', 'COMPLAINT', 'VISIT');

-- CreateEnum
CREATE TYPE "DocumentKind" AS ENUM ('REFERRAL_LETTER', 'REPORT', 'IMAGE', 'CONSENT_FORM', 'CORRESPONDENCE', 'OTHER');

-- CreateEnum
CREATE TYPE "DocumentScanState" AS ENUM ('PENDING', 'CLEAN', 'THREATS_FOUND', 'VALIDATION_FAILED', 'NOT_SCANNED');

-- CreateTable
CREATE TABLE "documents" (
    "id" UUID NOT NULL,
    "patient_id" UUID,
    "subject_type" "DocumentSubjectType" NOT NULL,
    "subject_id" UUID NOT NULL,
    "kind" "DocumentKind" NOT NULL,
    "title" TEXT NOT NULL,
    "retention_class" TEXT NOT NULL,
    "filed_at" TIMESTAMPTZ(3) NOT NULL,
    "filed_by_id" UUID,
    "withdrawn_at" TIMESTAMPTZ(3),
    "withdrawn_by_id" UUID,
    "withdrawn_reason" TEXT,
    "destroyed_at" TIMESTAMPTZ(3),
    "version" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "documents_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "document_versions" (
    "id" UUID NOT NULL,
    "document_id" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "storage_key" TEXT NOT NULL,
    "file_name" TEXT NOT NULL,
    "media_type" TEXT NOT NULL,
    "size_bytes" INTEGER NOT NULL,
    "sha256" BYTEA,
    "key_name" TEXT NOT NULL,
    "wrapped_key" BYTEA,
    "scan_state" "DocumentScanState" NOT NULL,
    "scanned_at" TIMESTAMPTZ(3),
    "threat_name" TEXT,
    "scan_problem" TEXT,
    "filed_at" TIMESTAMPTZ(3) NOT NULL,
    "filed_by_id" UUID,
    "content_destroyed_at" TIMESTAMPTZ(3),

    CONSTRAINT "document_versions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "document_installations" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "installation_id" UUID NOT NULL,
    "storage_strange_since" TIMESTAMPTZ(3),

    CONSTRAINT "document_installations_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "documents_patient_id_filed_at_idx" ON "documents"("patient_id", "filed_at");

-- CreateIndex
CREATE INDEX "documents_subject_type_subject_id_idx" ON "documents"("subject_type", "subject_id");

-- CreateIndex
CREATE UNIQUE INDEX "document_versions_storage_key_key" ON "document_versions"("storage_key");

-- CreateIndex
CREATE UNIQUE INDEX "document_versions_document_id_number_key" ON "document_versions"("document_id", "number");

-- AddForeignKey
ALTER TABLE "documents" ADD CONSTRAINT "documents_patient_id_fkey" FOREIGN KEY ("patient_id") REFERENCES "patients"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "document_versions" ADD CONSTRAINT "document_versions_document_id_fkey" FOREIGN KEY ("document_id") REFERENCES "documents"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What Prisma cannot say.

-- Withdrawn by somebody, for a reason.
ALTER TABLE documents
  ADD CONSTRAINT documents_withdrawn_whole CHECK
    ((withdrawn_at IS NULL) = (withdrawn_by_id IS NULL) AND (withdrawn_at IS NULL) = (withdrawn_reason IS NULL));

-- A paper about a patient is that patient's.
ALTER TABLE documents
  ADD CONSTRAINT documents_of_their_patient CHECK (subject_type <> 'PATIENT' OR patient_id IS NOT NULL);

ALTER TABLE document_installations ADD CONSTRAINT document_installations_one CHECK (id = 1);

ALTER TABLE document_versions
  ADD CONSTRAINT document_versions_in_bounds CHECK
    (number >= 1 AND size_bytes >= 1 AND octet_length(file_name) BETWEEN 1 AND 255 AND storage_key ~ '^[0-9a-f]{32}$'
     AND (sha256 IS NULL OR octet_length(sha256) = 32));

-- What is there can be opened and proved; what is destroyed cannot be opened, whatever bytes are left.
ALTER TABLE document_versions
  ADD CONSTRAINT document_versions_sealed CHECK
    ((content_destroyed_at IS NULL) = (wrapped_key IS NOT NULL) AND (content_destroyed_at IS NOT NULL OR sha256 IS NOT NULL));

-- A verdict has its time, and a threat its name.
ALTER TABLE document_versions
  ADD CONSTRAINT document_versions_judged CHECK
    ((scan_state IN ('PENDING', 'NOT_SCANNED')) = (scanned_at IS NULL)
     AND (scan_state = 'THREATS_FOUND') = (threat_name IS NOT NULL));

-- What waits for the scanner, and what the scanner stopped: looked at by every probe, a few rows among many.
CREATE INDEX document_versions_stopped ON document_versions (scan_state, filed_at)
  WHERE (scan_state IN ('PENDING', 'THREATS_FOUND', 'VALIDATION_FAILED') AND content_destroyed_at IS NULL);

-- A correction is a further version. Of one that is there, the scanner's words change, and its key and name until it is destroyed.
CREATE FUNCTION refuse_change_of_document_content() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.document_id, NEW.number, NEW.storage_key, NEW.media_type, NEW.size_bytes, NEW.filed_at)
       IS DISTINCT FROM (OLD.document_id, OLD.number, OLD.storage_key, OLD.media_type, OLD.size_bytes, OLD.filed_at)
     OR (NEW.sha256 IS NOT NULL AND NEW.sha256 IS DISTINCT FROM OLD.sha256)
     OR (OLD.content_destroyed_at IS NOT NULL AND NEW.content_destroyed_at IS DISTINCT FROM OLD.content_destroyed_at) THEN
    RAISE EXCEPTION 'the content of a document is never changed: file a further version';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER document_versions_fixed BEFORE UPDATE ON document_versions
  FOR EACH ROW EXECUTE FUNCTION refuse_change_of_document_content();
