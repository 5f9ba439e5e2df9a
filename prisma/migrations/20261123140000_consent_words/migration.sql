-- New words of existing lists. They are a migration of their own because PostgreSQL lets a new value be used only after
-- the transaction that added it.
ALTER TYPE "ConsentPurpose" ADD VALUE 'PROCEDURE';
ALTER TYPE "ConsentPurpose" ADD VALUE 'CONTACT_BY_MESSAGE';
ALTER TYPE "ConsentDecision" ADD VALUE 'NOT_CHOSEN';
ALTER TYPE "ConsentDecision" ADD VALUE 'REFUSED';
ALTER TYPE "ConsentDecision" ADD VALUE 'UNKNOWN';
ALTER TYPE "ConsentDecision" ADD VALUE 'INVALIDATED';
ALTER TYPE "LetterKind" ADD VALUE 'VISIT_CONSENT_WITHDRAWN' AFTER 'VISIT_CANCELLED';
