-- New words of existing lists. They are a migration of their own because PostgreSQL lets a new value be used only after
-- the transaction that added it.
ALTER TYPE "LetterKind" ADD VALUE 'VISIT_BOOKED';
ALTER TYPE "LetterKind" ADD VALUE 'VISIT_MOVED';
ALTER TYPE "LetterKind" ADD VALUE 'VISIT_CANCELLED';
ALTER TYPE "LetterKind" ADD VALUE 'FREED_PLACE_OFFERED';
ALTER TYPE "LetterKind" ADD VALUE 'FREED_PLACE_GONE';
ALTER TYPE "ScanBookingStatus" ADD VALUE 'NO_SHOW';
