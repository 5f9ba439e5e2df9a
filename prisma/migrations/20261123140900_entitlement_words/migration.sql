-- New words of existing lists: a migration of their own, because PostgreSQL lets a new value be used only after the
-- transaction that added it.
ALTER TYPE "LetterKind" ADD VALUE 'LICENCE_RENEWAL_DUE';
ALTER TYPE "LetterKind" ADD VALUE 'ENTITLEMENT_REVIEW_DUE';
ALTER TYPE "LetterKind" ADD VALUE 'INCIDENT_NOTIFICATION_DUE';
ALTER TYPE "LetterAbout" ADD VALUE 'LICENCE';
ALTER TYPE "LetterAbout" ADD VALUE 'ENTITLEMENT';
ALTER TYPE "LetterAbout" ADD VALUE 'INCIDENT';
ALTER TYPE "DocumentSubjectType" ADD VALUE 'LICENCE';
ALTER TYPE "DocumentSubjectType" ADD VALUE 'ENTITLEMENT';
ALTER TYPE "DocumentSubjectType" ADD VALUE 'INCIDENT';
