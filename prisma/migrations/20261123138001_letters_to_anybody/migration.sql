-- Letters to enquirers, to referrers and to the clinic itself, beside those to patients.

-- CreateEnum
CREATE TYPE "LetterRecipient" AS ENUM ('PATIENT', 'ENQUIRER', 'REFERRER', 'CLINIC');

-- CreateEnum
CREATE TYPE "LetterAbout" AS ENUM ('SCAN_BOOKING', 'VISIT', 'FREED_PLACE_OFFER', 'ENQUIRY', 'CALL_BACK', 'REFERRAL', 'ADVICE_THREAD', 'COMPLAINT');

-- AlterTable
ALTER TABLE "letters" ADD COLUMN     "about_id" UUID,
ADD COLUMN     "about_type" "LetterAbout",
ADD COLUMN     "recipient" "LetterRecipient" NOT NULL DEFAULT 'PATIENT',
ADD COLUMN     "recipient_id" UUID,
ALTER COLUMN "patient_id" DROP NOT NULL;

-- Every letter until now is about its own subject, of which its kind says what it is.
UPDATE "letters" SET
  "about_id" = "subject_id",
  "about_type" = (CASE
    WHEN "kind" IN ('SCAN_BOOKED', 'SCAN_MOVED', 'SCAN_CANCELLED') THEN 'SCAN_BOOKING'
    WHEN "kind" IN ('VISIT_BOOKED', 'VISIT_MOVED', 'VISIT_CANCELLED') THEN 'VISIT'
    ELSE 'FREED_PLACE_OFFER'
  END)::"LetterAbout";

ALTER TABLE "letters" ALTER COLUMN "about_id" SET NOT NULL,
ALTER COLUMN "about_type" SET NOT NULL;

-- CreateIndex
CREATE INDEX "letters_about_id_idx" ON "letters"("about_id");

-- CreateIndex
CREATE INDEX "letters_recipient_id_created_at_idx" ON "letters"("recipient_id", "created_at");

-- A letter to a patient says whose it is; only a referrer's says which referrer.
ALTER TABLE letters
  ADD CONSTRAINT letters_recipient_known
    CHECK ((recipient <> 'PATIENT' OR patient_id IS NOT NULL)
       AND (recipient = 'REFERRER' OR recipient_id IS NULL));
