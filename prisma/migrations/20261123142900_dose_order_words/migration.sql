-- New words of existing lists. It is a migration of its own because PostgreSQL lets a new value be used only after the
-- transaction that added it.
ALTER TYPE "LetterKind" ADD VALUE 'DOSE_ORDER_TOLD';
ALTER TYPE "LetterRecipient" ADD VALUE 'SUPPLIER';
ALTER TYPE "LetterAbout" ADD VALUE 'DOSE_ORDER';
