-- CreateEnum
CREATE TYPE "ConversionTarget" AS ENUM ('SELF_REFERRAL', 'BOOKING_REQUEST', 'PATIENT_ONLY');

-- AlterTable
ALTER TABLE "enquiries" ADD COLUMN     "joined_into_id" UUID;

-- CreateTable
CREATE TABLE "enquiry_conversions" (
    "id" UUID NOT NULL,
    "enquiry_id" UUID NOT NULL,
    "patient_id" UUID NOT NULL,
    "target" "ConversionTarget" NOT NULL,
    "registered" BOOLEAN NOT NULL,
    "referral_id" UUID,
    "visit_request_id" UUID,
    "consent_record_ids" UUID[],
    "match_reasons" TEXT[],
    "match_doubts" TEXT[],
    "status_before" "EnquiryStatus" NOT NULL,
    "converted_at" TIMESTAMPTZ(3) NOT NULL,
    "converted_by_id" UUID NOT NULL,
    "undone_at" TIMESTAMPTZ(3),
    "undone_by_id" UUID,
    "undo_reason" TEXT,

    CONSTRAINT "enquiry_conversions_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "enquiry_conversions_enquiry_id_idx" ON "enquiry_conversions"("enquiry_id");

-- CreateIndex
CREATE INDEX "enquiry_conversions_patient_id_idx" ON "enquiry_conversions"("patient_id");

-- CreateIndex
CREATE INDEX "enquiry_conversions_referral_id_idx" ON "enquiry_conversions"("referral_id");

-- CreateIndex
CREATE INDEX "enquiry_conversions_visit_request_id_idx" ON "enquiry_conversions"("visit_request_id");

-- CreateIndex
CREATE INDEX "enquiries_joined_into_id_idx" ON "enquiries"("joined_into_id");

-- AddForeignKey
ALTER TABLE "enquiries" ADD CONSTRAINT "enquiries_joined_into_id_fkey" FOREIGN KEY ("joined_into_id") REFERENCES "enquiries"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "enquiry_conversions" ADD CONSTRAINT "enquiry_conversions_enquiry_id_fkey" FOREIGN KEY ("enquiry_id") REFERENCES "enquiries"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "enquiry_conversions" ADD CONSTRAINT "enquiry_conversions_patient_id_fkey" FOREIGN KEY ("patient_id") REFERENCES "patients"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "enquiry_conversions" ADD CONSTRAINT "enquiry_conversions_referral_id_fkey" FOREIGN KEY ("referral_id") REFERENCES "referrals"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "enquiry_conversions" ADD CONSTRAINT "enquiry_conversions_visit_request_id_fkey" FOREIGN KEY ("visit_request_id") REFERENCES "visit_requests"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- What Prisma cannot say.

-- An enquiry is one thing at a time; what it was and is no more stays as a row.
CREATE UNIQUE INDEX enquiry_conversions_one_in_force ON enquiry_conversions (enquiry_id) WHERE (undone_at IS NULL);
ALTER TABLE enquiry_conversions
  ADD CONSTRAINT enquiry_conversions_target CHECK (
    (target <> 'SELF_REFERRAL' OR referral_id IS NOT NULL) AND (target <> 'BOOKING_REQUEST' OR visit_request_id IS NOT NULL)),
  ADD CONSTRAINT enquiry_conversions_undone_whole CHECK (
    (undone_at IS NULL) = (undone_by_id IS NULL) AND (undone_at IS NULL) = (undo_reason IS NULL));
-- Of two enquiries of one person one goes on.
ALTER TABLE enquiries ADD CONSTRAINT enquiries_joined_to_another CHECK (joined_into_id <> id);
