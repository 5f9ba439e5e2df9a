-- A new word of an existing list, in a migration of its own: PostgreSQL lets it be used only after the transaction that added it.
ALTER TYPE "LetterKind" ADD VALUE 'ADVICE_OVERDUE';
