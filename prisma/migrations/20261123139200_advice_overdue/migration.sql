-- A question for advice that nobody answers in time is said to the clinic, again and again until somebody does.
ALTER TABLE "advice_threads" ADD COLUMN "escalated_at" TIMESTAMPTZ(3), ADD COLUMN "escalations_count" INTEGER NOT NULL DEFAULT 0;
