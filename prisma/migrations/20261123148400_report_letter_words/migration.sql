-- New words of existing lists. They are a migration of their own because PostgreSQL lets a new value be used only after the
-- transaction that added it.
ALTER TYPE "LetterKind" ADD VALUE 'REPORT_TOLD_REFERRER';
ALTER TYPE "LetterKind" ADD VALUE 'REPORT_TOLD_GP';
ALTER TYPE "LetterKind" ADD VALUE 'REPORT_TOLD_PATIENT';
ALTER TYPE "LetterKind" ADD VALUE 'REPORT_UNACKNOWLEDGED';
ALTER TYPE "LetterKind" ADD VALUE 'CRITICAL_FINDING_RAISED';
ALTER TYPE "LetterKind" ADD VALUE 'CRITICAL_FINDING_OVERDUE';
ALTER TYPE "LetterAbout" ADD VALUE 'SCAN_REPORT';
ALTER TYPE "LetterRecipient" ADD VALUE 'GP';
