-- New words of existing lists. They are a migration of their own because PostgreSQL lets a new value be used only after
-- the transaction that added it.
ALTER TYPE "ExceptionKind" ADD VALUE 'LEAVE';
ALTER TYPE "ResourceKind" ADD VALUE 'CONSULTING_ROOM';
ALTER TYPE "ResourceKind" ADD VALUE 'PROCEDURE_ROOM';
ALTER TYPE "ResourceKind" ADD VALUE 'THERAPY_ROOM';
ALTER TYPE "ResourceKind" ADD VALUE 'MEETING_ROOM';
ALTER TYPE "ResourceKind" ADD VALUE 'WAITING_PLACE';
ALTER TYPE "ResourceKind" ADD VALUE 'C_ARM';
ALTER TYPE "ResourceKind" ADD VALUE 'RADIOFREQUENCY_GENERATOR';
ALTER TYPE "ResourceKind" ADD VALUE 'PAIN_CONSULTANT';
ALTER TYPE "ResourceKind" ADD VALUE 'SURGEON';
ALTER TYPE "ResourceKind" ADD VALUE 'PHYSIOTHERAPIST';
ALTER TYPE "ResourceKind" ADD VALUE 'PSYCHOLOGIST';
ALTER TYPE "ResourceKind" ADD VALUE 'RADIOLOGIST';
ALTER TYPE "ResourceKind" ADD VALUE 'NURSE';
