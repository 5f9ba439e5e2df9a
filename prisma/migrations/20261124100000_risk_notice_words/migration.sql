-- New words of existing lists. They are a migration of their own because PostgreSQL lets a new value be used only after the
-- transaction that added it.
ALTER TYPE "LetterKind" ADD VALUE 'RISK_TASK_RAISED';
ALTER TYPE "LetterKind" ADD VALUE 'RISK_TASK_OVERDUE';
ALTER TYPE "LetterAbout" ADD VALUE 'RISK_TASK';
