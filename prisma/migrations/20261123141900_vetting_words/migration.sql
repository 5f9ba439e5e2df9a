-- New words of an existing list. They are a migration of their own because PostgreSQL lets a new value be used only after the
-- transaction that added it.
ALTER TYPE "LetterKind" ADD VALUE 'IMAGING_REQUEST_TOLD';
ALTER TYPE "LetterKind" ADD VALUE 'IMAGING_REQUEST_OVERDUE';
