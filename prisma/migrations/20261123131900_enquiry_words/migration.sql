-- A new value of an enum can be used only after the transaction that adds it: hence a migration of its own.

-- AlterEnum
ALTER TYPE "ConsentPurpose" ADD VALUE 'MARKETING';
