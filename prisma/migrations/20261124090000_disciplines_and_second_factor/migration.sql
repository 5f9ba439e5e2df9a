-- CreateEnum
CREATE TYPE "Discipline" AS ENUM ('PAIN_MEDICINE', 'SPINAL_SURGERY', 'PHYSIOTHERAPY', 'PSYCHOLOGY', 'RADIOLOGY', 'NURSING', 'OTHER');

-- CreateTable
CREATE TABLE "staff_disciplines" (
    "id" UUID NOT NULL,
    "staff_id" UUID NOT NULL,
    "discipline" "Discipline" NOT NULL,
    "registration_body" "RegistrationBody",
    "registration_number" TEXT,
    "effective_from" DATE NOT NULL,
    "recorded_at" TIMESTAMPTZ(3) NOT NULL,
    "recorded_by_id" UUID NOT NULL,
    "ended_on" DATE,
    "end_reason" TEXT,
    "ended_at" TIMESTAMPTZ(3),
    "ended_by_id" UUID,

    CONSTRAINT "staff_disciplines_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "second_factors" (
    "id" UUID NOT NULL,
    "staff_id" UUID NOT NULL,
    "wrapped_secret" BYTEA,
    "key_name" TEXT NOT NULL,
    "begun_at" TIMESTAMPTZ(3) NOT NULL,
    "confirmed_at" TIMESTAMPTZ(3),
    "last_step" INTEGER,
    "failed_tries" INTEGER NOT NULL DEFAULT 0,
    "locked_until" TIMESTAMPTZ(3),
    "removed_at" TIMESTAMPTZ(3),
    "removed_by_id" UUID,

    CONSTRAINT "second_factors_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "second_factor_recovery_codes" (
    "id" UUID NOT NULL,
    "second_factor_id" UUID NOT NULL,
    "code_hash" BYTEA NOT NULL,
    "made_at" TIMESTAMPTZ(3) NOT NULL,
    "used_at" TIMESTAMPTZ(3),
    "replaced_at" TIMESTAMPTZ(3),

    CONSTRAINT "second_factor_recovery_codes_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "staff_disciplines_staff_id_effective_from_idx" ON "staff_disciplines"("staff_id", "effective_from");

-- CreateIndex
CREATE INDEX "second_factors_staff_id_idx" ON "second_factors"("staff_id");

-- CreateIndex
CREATE UNIQUE INDEX "second_factor_recovery_codes_second_factor_id_code_hash_key" ON "second_factor_recovery_codes"("second_factor_id", "code_hash");

-- AddForeignKey
ALTER TABLE "staff_disciplines" ADD CONSTRAINT "staff_disciplines_staff_id_fkey" FOREIGN KEY ("staff_id") REFERENCES "staff_accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "second_factors" ADD CONSTRAINT "second_factors_staff_id_fkey" FOREIGN KEY ("staff_id") REFERENCES "staff_accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "second_factor_recovery_codes" ADD CONSTRAINT "second_factor_recovery_codes_second_factor_id_fkey" FOREIGN KEY ("second_factor_id") REFERENCES "second_factors"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- Nobody holds a discipline twice on one day.
ALTER TABLE staff_disciplines
  ADD CONSTRAINT staff_disciplines_once_a_day
    EXCLUDE USING gist (staff_id WITH =, discipline WITH =, daterange(effective_from, ended_on, '[)') WITH &&);

-- A number says whose it is; an end says when, why and by whom, and does not lie before the beginning.
ALTER TABLE staff_disciplines
  ADD CONSTRAINT staff_disciplines_registered
    CHECK ((registration_body IS NULL) = (registration_number IS NULL) AND registration_number ~ '\S' IS NOT FALSE),
  ADD CONSTRAINT staff_disciplines_ended
    CHECK (num_nonnulls(ended_on, end_reason, ended_at, ended_by_id) IN (0, 4)
           AND ended_on >= effective_from IS NOT FALSE AND end_reason ~ '\S' IS NOT FALSE);

-- Ending is the one change, and it happens once.
CREATE FUNCTION keep_staff_discipline() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.ended_on IS NOT NULL OR NEW.ended_on IS NULL
     OR (NEW.id, NEW.staff_id, NEW.discipline, NEW.registration_body, NEW.registration_number, NEW.effective_from, NEW.recorded_at, NEW.recorded_by_id)
        IS DISTINCT FROM
        (OLD.id, OLD.staff_id, OLD.discipline, OLD.registration_body, OLD.registration_number, OLD.effective_from, OLD.recorded_at, OLD.recorded_by_id) THEN
    RAISE EXCEPTION 'staff_disciplines: what is recorded is never edited, and ended once' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER staff_disciplines_forward BEFORE UPDATE ON staff_disciplines FOR EACH ROW EXECUTE FUNCTION keep_staff_discipline();
CREATE TRIGGER staff_disciplines_no_delete BEFORE DELETE ON staff_disciplines FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER staff_disciplines_no_truncate BEFORE TRUNCATE ON staff_disciplines FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- One second factor at a time. One that was removed has no secret any more; one that counts has.
CREATE UNIQUE INDEX second_factors_one_each ON second_factors (staff_id) WHERE removed_at IS NULL;
ALTER TABLE second_factors
  ADD CONSTRAINT second_factors_removed
    CHECK ((removed_at IS NULL) = (wrapped_secret IS NOT NULL) AND (removed_at IS NULL) = (removed_by_id IS NULL)),
  ADD CONSTRAINT second_factors_counts
    CHECK (failed_tries >= 0 AND last_step >= 0 IS NOT FALSE AND (confirmed_at IS NOT NULL OR last_step IS NULL));

-- A step is never given back, and neither is what was confirmed or removed.
CREATE FUNCTION keep_second_factor() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.id, NEW.staff_id, NEW.begun_at) IS DISTINCT FROM (OLD.id, OLD.staff_id, OLD.begun_at)
     OR OLD.removed_at IS NOT NULL
     OR (OLD.confirmed_at IS NOT NULL AND NEW.confirmed_at IS DISTINCT FROM OLD.confirmed_at)
     OR (OLD.last_step IS NOT NULL AND (NEW.last_step IS NULL OR NEW.last_step < OLD.last_step)) THEN
    RAISE EXCEPTION 'second_factors: a code that was used stays used' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER second_factors_forward BEFORE UPDATE ON second_factors FOR EACH ROW EXECUTE FUNCTION keep_second_factor();
CREATE TRIGGER second_factors_no_delete BEFORE DELETE ON second_factors FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE FUNCTION keep_recovery_code() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.used_at IS NOT NULL OR OLD.replaced_at IS NOT NULL
     OR (NEW.id, NEW.second_factor_id, NEW.code_hash, NEW.made_at) IS DISTINCT FROM (OLD.id, OLD.second_factor_id, OLD.code_hash, OLD.made_at) THEN
    RAISE EXCEPTION 'second_factor_recovery_codes: a code that was used stays used' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER second_factor_recovery_codes_forward BEFORE UPDATE ON second_factor_recovery_codes FOR EACH ROW EXECUTE FUNCTION keep_recovery_code();
CREATE TRIGGER second_factor_recovery_codes_no_delete BEFORE DELETE ON second_factor_recovery_codes FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER second_factors_no_truncate BEFORE TRUNCATE ON second_factors FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER second_factor_recovery_codes_no_truncate BEFORE TRUNCATE ON second_factor_recovery_codes FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
