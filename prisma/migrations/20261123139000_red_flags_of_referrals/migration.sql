-- Dangerous signs are asked about, and raised, of a referral too: a letter may name them as well as a form.
ALTER TABLE "red_flag_askings" ALTER COLUMN "enquiry_id" DROP NOT NULL, ADD COLUMN "referral_id" UUID;
ALTER TABLE "red_flag_alerts" ALTER COLUMN "enquiry_id" DROP NOT NULL, ADD COLUMN "referral_id" UUID;

CREATE INDEX "red_flag_askings_referral_id_asked_at_idx" ON "red_flag_askings"("referral_id", "asked_at");
CREATE INDEX "red_flag_alerts_referral_id_idx" ON "red_flag_alerts"("referral_id");

ALTER TABLE "red_flag_askings" ADD CONSTRAINT "red_flag_askings_referral_id_fkey" FOREIGN KEY ("referral_id") REFERENCES "referrals"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "red_flag_alerts" ADD CONSTRAINT "red_flag_alerts_referral_id_fkey" FOREIGN KEY ("referral_id") REFERENCES "referrals"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- Each is about one enquiry or about one referral.
ALTER TABLE red_flag_askings ADD CONSTRAINT red_flag_askings_about_one CHECK (num_nonnulls(enquiry_id, referral_id) = 1);
ALTER TABLE red_flag_alerts ADD CONSTRAINT red_flag_alerts_about_one CHECK (num_nonnulls(enquiry_id, referral_id) = 1);
