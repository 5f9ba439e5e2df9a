-- New words of an existing list. They are a migration of their own because PostgreSQL lets a new value be used only after the
-- transaction that added it.
ALTER TYPE "LetterKind" ADD VALUE 'SCAN_CONSENT_WITHDRAWN' AFTER 'SCAN_CANCELLED';
ALTER TYPE "LetterKind" ADD VALUE 'CHECK_AWAITS_DECISION' AFTER 'SCAN_CONSENT_WITHDRAWN';
