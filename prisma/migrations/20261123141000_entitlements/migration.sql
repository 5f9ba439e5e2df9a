-- Licences to administer radioactive substances, and who is entitled to which act of an exposure. Dated rows, only ever added to.

-- CreateEnum
CREATE TYPE "LicenceKind" AS ENUM ('EMPLOYER', 'PRACTITIONER');

-- CreateEnum
CREATE TYPE "ExposureAct" AS ENUM ('REFER', 'JUSTIFY', 'AUTHORISE_UNDER_GUIDELINE', 'PREPARE_TRACER', 'MEASURE_ACTIVITY', 'IDENTIFY_PATIENT', 'ENQUIRE_PREGNANCY', 'ADMINISTER_TRACER', 'ACQUIRE_IMAGES', 'EVALUATE_IMAGES');

-- CreateTable
CREATE TABLE "licences" (
    "id" UUID NOT NULL,
    "kind" "LicenceKind" NOT NULL,
    "number" TEXT NOT NULL,
    "site_codes" TEXT[],
    "staff_id" UUID,
    "procedure_codes" TEXT[],
    "valid_from" DATE NOT NULL,
    "valid_until" DATE NOT NULL,
    "source" TEXT NOT NULL,
    "recorded_at" TIMESTAMPTZ(3) NOT NULL,
    "recorded_by_id" UUID NOT NULL,

    CONSTRAINT "licences_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "licence_endings" (
    "licence_id" UUID NOT NULL,
    "ended_on" DATE NOT NULL,
    "reason" TEXT NOT NULL,
    "recorded_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_by_id" UUID NOT NULL,

    CONSTRAINT "licence_endings_pkey" PRIMARY KEY ("licence_id")
);

-- CreateTable
CREATE TABLE "licence_renewals" (
    "licence_id" UUID NOT NULL,
    "applied_on" DATE NOT NULL,
    "reference" TEXT NOT NULL,
    "recorded_at" TIMESTAMPTZ(3) NOT NULL,
    "recorded_by_id" UUID NOT NULL,

    CONSTRAINT "licence_renewals_pkey" PRIMARY KEY ("licence_id")
);

-- CreateTable
CREATE TABLE "licence_reminders" (
    "licence_id" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "reminded_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "licence_reminders_pkey" PRIMARY KEY ("licence_id","number")
);

-- CreateTable
CREATE TABLE "licence_policies" (
    "id" UUID NOT NULL,
    "apply_weeks" INTEGER NOT NULL,
    "remind_weeks" INTEGER NOT NULL,
    "remind_again_days" INTEGER NOT NULL,
    "effective_from" DATE NOT NULL,
    "source" TEXT NOT NULL,
    "set_at" TIMESTAMPTZ(3) NOT NULL,
    "set_by_id" UUID,

    CONSTRAINT "licence_policies_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "entitlements" (
    "id" UUID NOT NULL,
    "staff_id" UUID NOT NULL,
    "act" "ExposureAct" NOT NULL,
    "procedure_codes" TEXT[],
    "valid_from" DATE NOT NULL,
    "valid_until" DATE,
    "review_on" DATE NOT NULL,
    "evidence" TEXT NOT NULL,
    "entitled_at" TIMESTAMPTZ(3) NOT NULL,
    "entitled_by_id" UUID NOT NULL,

    CONSTRAINT "entitlements_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "entitlement_endings" (
    "entitlement_id" UUID NOT NULL,
    "ended_on" DATE NOT NULL,
    "reason" TEXT NOT NULL,
    "recorded_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_by_id" UUID NOT NULL,

    CONSTRAINT "entitlement_endings_pkey" PRIMARY KEY ("entitlement_id")
);

-- CreateTable
CREATE TABLE "entitlement_reminders" (
    "entitlement_id" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "reminded_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "entitlement_reminders_pkey" PRIMARY KEY ("entitlement_id","number")
);

-- CreateIndex
CREATE INDEX "licences_staff_id_idx" ON "licences"("staff_id");

-- CreateIndex
CREATE INDEX "licences_valid_until_idx" ON "licences"("valid_until");

-- CreateIndex
CREATE UNIQUE INDEX "licences_kind_number_valid_from_key" ON "licences"("kind", "number", "valid_from");

-- CreateIndex
CREATE UNIQUE INDEX "licence_policies_effective_from_key" ON "licence_policies"("effective_from");

-- CreateIndex
CREATE INDEX "entitlements_review_on_idx" ON "entitlements"("review_on");

-- CreateIndex
CREATE UNIQUE INDEX "entitlements_staff_id_act_procedure_codes_valid_from_key" ON "entitlements"("staff_id", "act", "procedure_codes", "valid_from");

-- AddForeignKey
ALTER TABLE "licences" ADD CONSTRAINT "licences_staff_id_fkey" FOREIGN KEY ("staff_id") REFERENCES "staff_accounts"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "licence_endings" ADD CONSTRAINT "licence_endings_licence_id_fkey" FOREIGN KEY ("licence_id") REFERENCES "licences"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "licence_renewals" ADD CONSTRAINT "licence_renewals_licence_id_fkey" FOREIGN KEY ("licence_id") REFERENCES "licences"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "licence_reminders" ADD CONSTRAINT "licence_reminders_licence_id_fkey" FOREIGN KEY ("licence_id") REFERENCES "licences"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "entitlements" ADD CONSTRAINT "entitlements_staff_id_fkey" FOREIGN KEY ("staff_id") REFERENCES "staff_accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "entitlement_endings" ADD CONSTRAINT "entitlement_endings_entitlement_id_fkey" FOREIGN KEY ("entitlement_id") REFERENCES "entitlements"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "entitlement_reminders" ADD CONSTRAINT "entitlement_reminders_entitlement_id_fkey" FOREIGN KEY ("entitlement_id") REFERENCES "entitlements"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What Prisma cannot say.

-- An employer's licence is for one site and nobody's own; a practitioner's is somebody's. Either covers something, forwards in time.
ALTER TABLE licences
  ADD CONSTRAINT licences_of_their_kind
    CHECK (CASE kind WHEN 'EMPLOYER' THEN staff_id IS NULL AND COALESCE(cardinality(site_codes), 0) = 1 ELSE staff_id IS NOT NULL END),
  ADD CONSTRAINT licences_cover_something CHECK (COALESCE(cardinality(procedure_codes), 0) > 0),
  ADD CONSTRAINT licences_in_order CHECK (valid_from <= valid_until),
  ADD CONSTRAINT licences_named CHECK (number ~ '\S' AND source ~ '\S');
ALTER TABLE licence_endings ADD CONSTRAINT licence_endings_in_words CHECK (reason ~ '\S');
ALTER TABLE licence_renewals ADD CONSTRAINT licence_renewals_named CHECK (reference ~ '\S');
ALTER TABLE licence_reminders ADD CONSTRAINT licence_reminders_counted CHECK (number > 0);
ALTER TABLE licence_policies
  ADD CONSTRAINT licence_policies_in_bounds
    CHECK (apply_weeks BETWEEN 1 AND 104 AND remind_weeks BETWEEN apply_weeks AND 104 AND remind_again_days BETWEEN 1 AND 366),
  ADD CONSTRAINT licence_policies_sourced CHECK (source ~ '\S');
ALTER TABLE entitlements
  ADD CONSTRAINT entitlements_in_order CHECK (valid_from <= valid_until AND valid_from <= review_on),
  ADD CONSTRAINT entitlements_in_words CHECK (evidence ~ '\S');
ALTER TABLE entitlement_endings ADD CONSTRAINT entitlement_endings_in_words CHECK (reason ~ '\S');
ALTER TABLE entitlement_reminders ADD CONSTRAINT entitlement_reminders_counted CHECK (number > 0);

-- An ending falls between the first day and the last: a day on which it would not have held anyway ends nothing.
CREATE FUNCTION refuse_ending_out_of_term() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_TABLE_NAME = 'licence_endings' THEN
    IF NOT EXISTS (SELECT FROM licences WHERE id = NEW.licence_id AND NEW.ended_on BETWEEN valid_from AND valid_until) THEN
      RAISE EXCEPTION 'licence % does not hold on %', NEW.licence_id, NEW.ended_on USING ERRCODE = 'check_violation';
    END IF;
  ELSIF NOT EXISTS (SELECT FROM entitlements
                     WHERE id = NEW.entitlement_id AND NEW.ended_on BETWEEN valid_from AND COALESCE(valid_until, 'infinity')) THEN
    RAISE EXCEPTION 'entitlement % does not hold on %', NEW.entitlement_id, NEW.ended_on USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER licence_endings_in_term BEFORE INSERT ON licence_endings
  FOR EACH ROW EXECUTE FUNCTION refuse_ending_out_of_term();
CREATE TRIGGER entitlement_endings_in_term BEFORE INSERT ON entitlement_endings
  FOR EACH ROW EXECUTE FUNCTION refuse_ending_out_of_term();

-- Only ever added to.
CREATE TRIGGER licences_append_only BEFORE UPDATE OR DELETE ON licences FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER licences_no_truncate BEFORE TRUNCATE ON licences FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER licence_endings_append_only BEFORE UPDATE OR DELETE ON licence_endings FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER licence_endings_no_truncate BEFORE TRUNCATE ON licence_endings FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER licence_renewals_append_only BEFORE UPDATE OR DELETE ON licence_renewals FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER licence_renewals_no_truncate BEFORE TRUNCATE ON licence_renewals FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER licence_reminders_append_only BEFORE UPDATE OR DELETE ON licence_reminders FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER licence_reminders_no_truncate BEFORE TRUNCATE ON licence_reminders FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER licence_policies_append_only BEFORE UPDATE OR DELETE ON licence_policies FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER licence_policies_no_truncate BEFORE TRUNCATE ON licence_policies FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER entitlements_append_only BEFORE UPDATE OR DELETE ON entitlements FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER entitlements_no_truncate BEFORE TRUNCATE ON entitlements FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER entitlement_endings_append_only BEFORE UPDATE OR DELETE ON entitlement_endings FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER entitlement_endings_no_truncate BEFORE TRUNCATE ON entitlement_endings FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER entitlement_reminders_append_only BEFORE UPDATE OR DELETE ON entitlement_reminders FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER entitlement_reminders_no_truncate BEFORE TRUNCATE ON entitlement_reminders FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- What the scanner is offered depends on them: whoever mirrors it looks again.
CREATE TRIGGER licences_noted AFTER INSERT ON licences
  FOR EACH ROW EXECUTE FUNCTION note_worklist_change('licences', 'id');
CREATE TRIGGER licence_endings_noted AFTER INSERT ON licence_endings
  FOR EACH ROW EXECUTE FUNCTION note_worklist_change('licences', 'licence_id');
CREATE TRIGGER entitlements_noted AFTER INSERT ON entitlements
  FOR EACH ROW EXECUTE FUNCTION note_worklist_change('licences', 'id');
CREATE TRIGGER entitlement_endings_noted AFTER INSERT ON entitlement_endings
  FOR EACH ROW EXECUTE FUNCTION note_worklist_change('licences', 'entitlement_id');

-- What a clinic begins with, as the licensing authority asks it. It sets its own by adding rows.
INSERT INTO licence_policies (id, apply_weeks, remind_weeks, remind_again_days, effective_from, source, set_at)
VALUES ('0193c100-0000-7000-8000-000000000001', 8, 14, 14, '2000-01-01',
        'ARSAC, notes for guidance and licence letters (gov.uk): renewal applied for at least 8 weeks before expiry, reminder at 14 weeks. The days between reminders are the clinic''s default.',
        '2000-01-01T00:00:00Z');
