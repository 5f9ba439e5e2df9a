-- CreateTable
CREATE TABLE "desk_weeks" (
    "effective_from" DATE NOT NULL,
    "reason" TEXT NOT NULL,
    "set_at" TIMESTAMPTZ(3) NOT NULL,
    "set_by_id" UUID,

    CONSTRAINT "desk_weeks_pkey" PRIMARY KEY ("effective_from")
);

-- CreateTable
CREATE TABLE "desk_hours" (
    "effective_from" DATE NOT NULL,
    "iso_weekday" INTEGER NOT NULL,
    "opens_at" TIME(0) NOT NULL,
    "closes_at" TIME(0) NOT NULL,

    CONSTRAINT "desk_hours_pkey" PRIMARY KEY ("effective_from","iso_weekday","opens_at")
);

-- AddForeignKey
ALTER TABLE "desk_hours" ADD CONSTRAINT "desk_hours_effective_from_fkey" FOREIGN KEY ("effective_from") REFERENCES "desk_weeks"("effective_from") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What Prisma cannot say.

ALTER TABLE desk_hours
  ADD CONSTRAINT desk_hours_forwards CHECK (opens_at < closes_at AND iso_weekday BETWEEN 1 AND 7);
-- Spans of one weekday may touch and never overlap: no minute of the desk counts twice.
ALTER TABLE desk_hours
  ADD CONSTRAINT desk_hours_no_overlap EXCLUDE USING gist (
    effective_from WITH =,
    iso_weekday WITH =,
    int4range(extract(epoch FROM opens_at)::int, extract(epoch FROM closes_at)::int) WITH &&
  );

-- The hours that held before there was a table of them, so that nothing that runs changes its end.
INSERT INTO desk_weeks (effective_from, reason, set_at)
VALUES ('2000-01-01', 'The hours with which the system begins.', '2000-01-01T00:00:00Z');
INSERT INTO desk_hours (effective_from, iso_weekday, opens_at, closes_at)
SELECT '2000-01-01', weekday, '08:00', '18:00' FROM generate_series(1, 5) AS weekday;
