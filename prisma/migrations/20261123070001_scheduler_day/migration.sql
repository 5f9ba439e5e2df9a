-- CreateEnum
CREATE TYPE "FreedPlaceStatus" AS ENUM ('OPEN', 'OFFERING', 'TAKEN', 'WITHDRAWN', 'EXPIRED');

-- CreateEnum
CREATE TYPE "FreedPlaceOfferStatus" AS ENUM ('QUEUED', 'SENT', 'ACCEPTED', 'DECLINED', 'LAPSED', 'GONE');

-- CreateEnum
CREATE TYPE "ClosureStatus" AS ENUM ('APPLIED', 'UNDONE');

-- CreateEnum
CREATE TYPE "ClosureDecision" AS ENUM ('MOVE', 'CANCEL');

-- AlterTable
ALTER TABLE "opening_exceptions" ADD COLUMN     "closure_id" UUID;

-- AlterTable
ALTER TABLE "resources" ADD COLUMN     "site_code" TEXT NOT NULL DEFAULT 'MAIN';

-- AlterTable
ALTER TABLE "visit_requests" ADD COLUMN     "notice_hours_min" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "wants_freed" BOOLEAN NOT NULL DEFAULT true;

-- AlterTable
ALTER TABLE "visit_types" ADD COLUMN     "answer_minutes" INTEGER NOT NULL DEFAULT 120,
ADD COLUMN     "offers_at_once" INTEGER NOT NULL DEFAULT 1,
ADD COLUMN     "offers_freed" BOOLEAN NOT NULL DEFAULT false;

-- AlterTable
ALTER TABLE "visits" ADD COLUMN     "companion" TEXT,
ADD COLUMN     "series_id" UUID,
ADD COLUMN     "series_position" INTEGER,
ADD COLUMN     "site_code" TEXT NOT NULL DEFAULT 'MAIN';

-- CreateTable
CREATE TABLE "sites" (
    "code" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "address_lines" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "retired_on" DATE,

    CONSTRAINT "sites_pkey" PRIMARY KEY ("code")
);

-- CreateTable
CREATE TABLE "visit_series" (
    "id" UUID NOT NULL,
    "patient_id" UUID NOT NULL,
    "request_id" UUID,
    "visit_type_code" TEXT NOT NULL,
    "visits_count" INTEGER NOT NULL,
    "every_days" INTEGER NOT NULL,
    "booked_at" TIMESTAMPTZ(3) NOT NULL,
    "booked_by_id" UUID NOT NULL,

    CONSTRAINT "visit_series_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "freed_places" (
    "id" UUID NOT NULL,
    "visit_id" UUID NOT NULL,
    "visit_version" INTEGER NOT NULL,
    "visit_type_code" TEXT NOT NULL,
    "site_code" TEXT NOT NULL,
    "starts_at" TIMESTAMPTZ(3) NOT NULL,
    "ends_at" TIMESTAMPTZ(3) NOT NULL,
    "freed_at" TIMESTAMPTZ(3) NOT NULL,
    "status" "FreedPlaceStatus" NOT NULL DEFAULT 'OPEN',
    "version" INTEGER NOT NULL DEFAULT 0,
    "answer_by" TIMESTAMPTZ(3),
    "settled_at" TIMESTAMPTZ(3),

    CONSTRAINT "freed_places_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "freed_place_spans" (
    "freed_place_id" UUID NOT NULL,
    "resource_id" UUID NOT NULL,
    "starts_at" TIMESTAMPTZ(3) NOT NULL,
    "ends_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "freed_place_spans_pkey" PRIMARY KEY ("freed_place_id","resource_id","starts_at")
);

-- CreateTable
CREATE TABLE "freed_place_offers" (
    "id" UUID NOT NULL,
    "freed_place_id" UUID NOT NULL,
    "request_id" UUID NOT NULL,
    "patient_id" UUID NOT NULL,
    "rank" INTEGER NOT NULL,
    "status" "FreedPlaceOfferStatus" NOT NULL DEFAULT 'QUEUED',
    "version" INTEGER NOT NULL DEFAULT 0,
    "steps" JSONB NOT NULL,
    "starts_at" TIMESTAMPTZ(3) NOT NULL,
    "sent_at" TIMESTAMPTZ(3),
    "answer_by" TIMESTAMPTZ(3),
    "settled_at" TIMESTAMPTZ(3),
    "visit_id" UUID,

    CONSTRAINT "freed_place_offers_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "closures" (
    "id" UUID NOT NULL,
    "resource_ids" UUID[],
    "site_code" TEXT NOT NULL,
    "starts_at" TIMESTAMPTZ(3) NOT NULL,
    "ends_at" TIMESTAMPTZ(3) NOT NULL,
    "reason" TEXT NOT NULL,
    "status" "ClosureStatus" NOT NULL DEFAULT 'APPLIED',
    "version" INTEGER NOT NULL DEFAULT 0,
    "applied_at" TIMESTAMPTZ(3) NOT NULL,
    "applied_by_id" UUID NOT NULL,
    "tells_at" TIMESTAMPTZ(3) NOT NULL,
    "undone_at" TIMESTAMPTZ(3),
    "undone_by_id" UUID,

    CONSTRAINT "closures_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "closure_changes" (
    "closure_id" UUID NOT NULL,
    "visit_id" UUID NOT NULL,
    "decision" "ClosureDecision" NOT NULL,
    "from_version" INTEGER NOT NULL,
    "to_version" INTEGER NOT NULL,

    CONSTRAINT "closure_changes_pkey" PRIMARY KEY ("closure_id","visit_id")
);

-- Everything that is there already is in the one place that the clinic had.
INSERT INTO sites (code, name) VALUES ('MAIN', 'Main clinic');

-- CreateIndex
CREATE INDEX "visit_series_patient_id_idx" ON "visit_series"("patient_id");

-- CreateIndex
CREATE INDEX "visit_series_request_id_idx" ON "visit_series"("request_id");

-- CreateIndex
CREATE INDEX "freed_places_starts_at_idx" ON "freed_places"("starts_at");

-- CreateIndex
CREATE UNIQUE INDEX "freed_places_visit_id_visit_version_key" ON "freed_places"("visit_id", "visit_version");

-- CreateIndex
CREATE INDEX "freed_place_spans_resource_id_idx" ON "freed_place_spans"("resource_id");

-- CreateIndex
CREATE UNIQUE INDEX "freed_place_offers_visit_id_key" ON "freed_place_offers"("visit_id");

-- CreateIndex
CREATE INDEX "freed_place_offers_request_id_idx" ON "freed_place_offers"("request_id");

-- CreateIndex
CREATE UNIQUE INDEX "freed_place_offers_freed_place_id_request_id_key" ON "freed_place_offers"("freed_place_id", "request_id");

-- CreateIndex
CREATE UNIQUE INDEX "freed_place_offers_freed_place_id_rank_key" ON "freed_place_offers"("freed_place_id", "rank");

-- CreateIndex
CREATE INDEX "closures_starts_at_idx" ON "closures"("starts_at");

-- CreateIndex
CREATE INDEX "closure_changes_visit_id_idx" ON "closure_changes"("visit_id");

-- CreateIndex
CREATE INDEX "opening_exceptions_closure_id_idx" ON "opening_exceptions"("closure_id");

-- CreateIndex
CREATE INDEX "visits_series_id_idx" ON "visits"("series_id");

-- AddForeignKey
ALTER TABLE "resources" ADD CONSTRAINT "resources_site_code_fkey" FOREIGN KEY ("site_code") REFERENCES "sites"("code") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "opening_exceptions" ADD CONSTRAINT "opening_exceptions_closure_id_fkey" FOREIGN KEY ("closure_id") REFERENCES "closures"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "visits" ADD CONSTRAINT "visits_site_code_fkey" FOREIGN KEY ("site_code") REFERENCES "sites"("code") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "visits" ADD CONSTRAINT "visits_series_id_fkey" FOREIGN KEY ("series_id") REFERENCES "visit_series"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "visit_series" ADD CONSTRAINT "visit_series_patient_id_fkey" FOREIGN KEY ("patient_id") REFERENCES "patients"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "visit_series" ADD CONSTRAINT "visit_series_request_id_fkey" FOREIGN KEY ("request_id") REFERENCES "visit_requests"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "visit_series" ADD CONSTRAINT "visit_series_visit_type_code_fkey" FOREIGN KEY ("visit_type_code") REFERENCES "visit_types"("code") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "freed_places" ADD CONSTRAINT "freed_places_visit_id_fkey" FOREIGN KEY ("visit_id") REFERENCES "visits"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "freed_place_spans" ADD CONSTRAINT "freed_place_spans_freed_place_id_fkey" FOREIGN KEY ("freed_place_id") REFERENCES "freed_places"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "freed_place_spans" ADD CONSTRAINT "freed_place_spans_resource_id_fkey" FOREIGN KEY ("resource_id") REFERENCES "resources"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "freed_place_offers" ADD CONSTRAINT "freed_place_offers_freed_place_id_fkey" FOREIGN KEY ("freed_place_id") REFERENCES "freed_places"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "freed_place_offers" ADD CONSTRAINT "freed_place_offers_request_id_fkey" FOREIGN KEY ("request_id") REFERENCES "visit_requests"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "freed_place_offers" ADD CONSTRAINT "freed_place_offers_patient_id_fkey" FOREIGN KEY ("patient_id") REFERENCES "patients"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "freed_place_offers" ADD CONSTRAINT "freed_place_offers_visit_id_fkey" FOREIGN KEY ("visit_id") REFERENCES "visits"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "closures" ADD CONSTRAINT "closures_site_code_fkey" FOREIGN KEY ("site_code") REFERENCES "sites"("code") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "closure_changes" ADD CONSTRAINT "closure_changes_closure_id_fkey" FOREIGN KEY ("closure_id") REFERENCES "closures"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "closure_changes" ADD CONSTRAINT "closure_changes_visit_id_fkey" FOREIGN KEY ("visit_id") REFERENCES "visits"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What Prisma cannot say.

-- A request has one visit at a time, or the visits of one series; each place in a series has one visit at a time.
DROP INDEX visits_one_live_per_request;
CREATE UNIQUE INDEX visits_one_live_per_request ON visits (request_id)
  WHERE (series_id IS NULL AND status IN ('HELD', 'BOOKED', 'ARRIVED', 'IN_PROGRESS', 'COMPLETED'));
CREATE UNIQUE INDEX visits_one_live_per_place_in_series ON visits (series_id, series_position)
  WHERE (status IN ('HELD', 'BOOKED', 'ARRIVED', 'IN_PROGRESS', 'COMPLETED'));
ALTER TABLE visits
  ADD CONSTRAINT visits_series_whole CHECK ((series_id IS NULL) = (series_position IS NULL) AND series_position >= 0);
ALTER TABLE visit_series
  ADD CONSTRAINT visit_series_in_bounds CHECK (visits_count BETWEEN 2 AND 52 AND every_days BETWEEN 1 AND 91);

ALTER TABLE visit_types
  ADD CONSTRAINT visit_types_offers_in_bounds
    CHECK (offers_at_once BETWEEN 1 AND 10 AND answer_minutes BETWEEN 5 AND 10080);
ALTER TABLE visit_requests
  ADD CONSTRAINT visit_requests_notice_in_bounds CHECK (notice_hours_min BETWEEN 0 AND 1344);

-- A place that fell free is taken once, and says until when it may be while people are asked.
ALTER TABLE freed_places
  ADD CONSTRAINT freed_places_forwards CHECK (starts_at < ends_at),
  ADD CONSTRAINT freed_places_asked_until CHECK ((status = 'OFFERING') = (answer_by IS NOT NULL)),
  ADD CONSTRAINT freed_places_settled CHECK ((status IN ('TAKEN', 'WITHDRAWN', 'EXPIRED')) = (settled_at IS NOT NULL));
ALTER TABLE freed_place_spans
  ADD CONSTRAINT freed_place_spans_forwards CHECK (starts_at < ends_at);
CREATE UNIQUE INDEX freed_place_offers_one_taker ON freed_place_offers (freed_place_id) WHERE (status = 'ACCEPTED');
CREATE INDEX freed_places_open ON freed_places (starts_at) WHERE (status IN ('OPEN', 'OFFERING'));
ALTER TABLE freed_place_offers
  ADD CONSTRAINT freed_place_offers_in_order CHECK (rank >= 1),
  ADD CONSTRAINT freed_place_offers_sent CHECK ((status = 'QUEUED') <= (sent_at IS NULL) AND (sent_at IS NULL) = (answer_by IS NULL)),
  ADD CONSTRAINT freed_place_offers_taken CHECK ((status = 'ACCEPTED') = (visit_id IS NOT NULL));

ALTER TABLE closures
  ADD CONSTRAINT closures_forwards CHECK (starts_at < ends_at AND tells_at >= applied_at),
  ADD CONSTRAINT closures_undone_by_somebody
    CHECK ((status = 'UNDONE') = (undone_at IS NOT NULL) AND (undone_at IS NULL) = (undone_by_id IS NULL));
ALTER TABLE closure_changes
  ADD CONSTRAINT closure_changes_forwards CHECK (from_version < to_version);

-- Whoever looks at a day hears of a change of a visit when it is committed: where the visit was and where it is.
CREATE FUNCTION tell_day_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  was jsonb;
BEGIN
  SELECT snapshot INTO was FROM visit_revisions WHERE visit_id = NEW.visit_id AND version = NEW.version - 1;
  PERFORM pg_notify('facet_day', jsonb_build_object(
    'visitId', NEW.visit_id, 'version', NEW.version,
    'startsAt', NEW.snapshot->>'startsAt', 'wasStartingAt', was->>'startsAt',
    'siteCode', NEW.snapshot->>'siteCode', 'wasSiteCode', was->>'siteCode')::text);
  RETURN NULL;
END $$;
CREATE TRIGGER visit_revisions_told AFTER INSERT ON visit_revisions FOR EACH ROW EXECUTE FUNCTION tell_day_change();
