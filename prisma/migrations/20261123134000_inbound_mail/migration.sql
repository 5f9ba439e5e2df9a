-- The clinic's mailbox: what was read of it, and what became of each message.

-- CreateEnum
CREATE TYPE "InboundMailOutcome" AS ENUM ('ENQUIRY', 'ADDED', 'KNOWN', 'OUR_OWN', 'TOO_LARGE', 'UNREADABLE');

-- CreateTable
CREATE TABLE "inbound_mailboxes" (
    "address" TEXT NOT NULL,
    "uid_validity" BIGINT NOT NULL,
    "next_uid" BIGINT NOT NULL,
    "first_look_at" TIMESTAMPTZ(3) NOT NULL,
    "last_look_at" TIMESTAMPTZ(3) NOT NULL,
    "held_until" TIMESTAMPTZ(3),
    "failure_code" TEXT,
    "failing_since" TIMESTAMPTZ(3),

    CONSTRAINT "inbound_mailboxes_pkey" PRIMARY KEY ("address")
);

-- CreateTable
CREATE TABLE "inbound_mails" (
    "id" UUID NOT NULL,
    "mailbox_address" TEXT NOT NULL,
    "uid_validity" BIGINT NOT NULL,
    "uid" BIGINT NOT NULL,
    "outcome" "InboundMailOutcome" NOT NULL,
    "taken_at" TIMESTAMPTZ(3) NOT NULL,
    "enquiry_id" UUID,
    "message_id" UUID,
    "attachments_kept" INTEGER NOT NULL DEFAULT 0,
    "attachments_refused" INTEGER NOT NULL DEFAULT 0,
    "attachments_done_at" TIMESTAMPTZ(3),

    CONSTRAINT "inbound_mails_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "inbound_mails_mailbox_address_uid_validity_uid_key" ON "inbound_mails"("mailbox_address", "uid_validity", "uid");

-- CreateIndex
CREATE INDEX "inbound_mails_enquiry_id_idx" ON "inbound_mails"("enquiry_id");

-- CreateIndex
CREATE INDEX "inbound_mails_taken_at_idx" ON "inbound_mails"("taken_at");

-- AddForeignKey
ALTER TABLE "inbound_mails" ADD CONSTRAINT "inbound_mails_mailbox_address_fkey" FOREIGN KEY ("mailbox_address") REFERENCES "inbound_mailboxes"("address") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "inbound_mails" ADD CONSTRAINT "inbound_mails_enquiry_id_fkey" FOREIGN KEY ("enquiry_id") REFERENCES "enquiries"("id") ON DELETE SET NULL ON UPDATE CASCADE;
