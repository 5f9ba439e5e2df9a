-- DropIndex
DROP INDEX "freed_place_offers_visit_id_key";

-- DropIndex
DROP INDEX "freed_places_visit_id_visit_version_key";

-- AlterTable
ALTER TABLE "freed_place_offers" ADD COLUMN     "moves_visit_id" UUID;

-- AlterTable
ALTER TABLE "freed_places" ADD COLUMN     "rest_of_id" UUID;

-- CreateTable
CREATE TABLE "sooner_wishes" (
    "visit_id" UUID NOT NULL,
    "notice_hours_min" INTEGER NOT NULL DEFAULT 0,
    "said_at" TIMESTAMPTZ(3) NOT NULL,
    "said_by_id" UUID NOT NULL,

    CONSTRAINT "sooner_wishes_pkey" PRIMARY KEY ("visit_id")
);

-- CreateIndex
CREATE INDEX "freed_place_offers_visit_id_idx" ON "freed_place_offers"("visit_id");

-- CreateIndex
CREATE INDEX "freed_place_offers_moves_visit_id_idx" ON "freed_place_offers"("moves_visit_id");

-- CreateIndex
CREATE UNIQUE INDEX "freed_places_rest_of_id_key" ON "freed_places"("rest_of_id");

-- CreateIndex
CREATE INDEX "freed_places_visit_id_idx" ON "freed_places"("visit_id");

-- AddForeignKey
ALTER TABLE "freed_places" ADD CONSTRAINT "freed_places_rest_of_id_fkey" FOREIGN KEY ("rest_of_id") REFERENCES "freed_places"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "freed_place_offers" ADD CONSTRAINT "freed_place_offers_moves_visit_id_fkey" FOREIGN KEY ("moves_visit_id") REFERENCES "visits"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sooner_wishes" ADD CONSTRAINT "sooner_wishes_visit_id_fkey" FOREIGN KEY ("visit_id") REFERENCES "visits"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What Prisma cannot say.

-- A change of a visit leaves one place; what is left of it, once a part is taken, is another.
CREATE UNIQUE INDEX freed_places_one_per_change ON freed_places (visit_id, visit_version) WHERE (rest_of_id IS NULL);

-- A visit that comes sooner stays the visit that it is. One that is booked anew takes one place.
CREATE UNIQUE INDEX freed_place_offers_one_place ON freed_place_offers (visit_id) WHERE (moves_visit_id IS NULL);
ALTER TABLE freed_place_offers
  ADD CONSTRAINT freed_place_offers_moved CHECK (moves_visit_id IS NULL OR visit_id IS NULL OR visit_id = moves_visit_id);
ALTER TABLE sooner_wishes
  ADD CONSTRAINT sooner_wishes_notice_in_bounds CHECK (notice_hours_min BETWEEN 0 AND 1344);
