import { Inject, Injectable } from '@nestjs/common';
import { Database, type Tx } from '../../platform/database/database.service.js';
import type { Prisma } from '../../platform/database/generated/client.js';
import type { EnquiryStatus } from '../../platform/database/generated/enums.js';
import { Clock, dateFromInstant } from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { Actor, StaffActor } from '../audit/audit.type.js';
import { DocumentOwnerService } from '../documents/document-owner.service.js';
import { CallBackFollowService } from './call-back-follow.service.js';
import type { ConversionFacts } from './conversion.rules.js';
import { type EnquiryConversion, toConversion } from './conversion.type.js';
import type { EnquirerFound } from './conversion-patient.service.js';
import type { TargetMade } from './conversion-target.service.js';
import type { Enquiry } from './enquiry.type.js';

/** What hangs on what was made of an enquiry. */
const WHAT_HANGS = {
  referral: {
    select: { takenUpAt: true, _count: { select: { visitRequests: true, scanBookings: true } } },
  },
  visitRequest: { select: { status: true, _count: { select: { visits: true } } } },
} as const satisfies Prisma.EnquiryConversionInclude;

/** A conversion that stands, with the state that its enquiry had before. */
export interface StandingConversion {
  readonly conversion: EnquiryConversion;
  readonly statusBefore: EnquiryStatus;
  readonly facts: ConversionFacts;
}

/** Conversions as they are kept: what became of an enquiry, and what was taken back. */
@Injectable()
export class ConversionRecordService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(AuditService) private readonly audit: AuditService,
    @Inject(CallBackFollowService) private readonly callBacks: CallBackFollowService,
    @Inject(DocumentOwnerService) private readonly owners: DocumentOwnerService,
  ) {}

  async write(
    tx: Tx,
    actor: StaffActor,
    enquiry: Enquiry,
    became: TargetMade & {
      readonly target: EnquiryConversion['target'];
      readonly found: EnquirerFound;
      readonly consentRecordIds: readonly string[];
    },
  ): Promise<EnquiryConversion> {
    const { found, target, referralId, visitRequestId } = became;
    const row = await tx.enquiryConversion.create({
      data: {
        enquiryId: enquiry.id,
        patientId: found.patientId,
        ...{ target, referralId, visitRequestId },
        registered: found.registered,
        consentRecordIds: [...became.consentRecordIds],
        matchReasons: [...found.match.reasons],
        matchDoubts: [...found.match.doubts],
        statusBefore: enquiry.status,
        convertedAt: dateFromInstant(this.clock.now()),
        convertedById: actor.id,
      },
    });
    const conversion = toConversion(row);
    await this.audit.record(tx, actor, {
      action: 'enquiry-conversion.made',
      subjectType: 'enquiry-conversion',
      subjectId: row.id,
      patientIds: [found.patientId],
      after: { ...conversion, howConfirmed: found.howConfirmed },
    });
    return conversion;
  }

  /** The enquiry is the patient's by now, those that were joined to it too, and what was spoken about is settled. */
  async settle(tx: Tx, actor: StaffActor, { enquiryId, patientId }: EnquiryConversion): Promise<void> {
    await this.#joinedAreAbout(tx, actor, enquiryId, patientId);
    await this.callBacks.converted(tx, actor, enquiryId);
  }

  /** The one that stands; null: the enquiry was not converted. Its enquiry is held by the caller. */
  async standing(tx: Tx, enquiryId: string): Promise<StandingConversion | null> {
    const row = await tx.enquiryConversion.findFirst({
      where: { enquiryId, undoneAt: null },
      include: WHAT_HANGS,
    });
    if (row === null) return null;
    const { referral, visitRequest, ...own } = row;
    const conversion = toConversion(own);
    const ofReferral = referral === null ? 0 : referral._count.visitRequests + referral._count.scanBookings;
    const facts = {
      convertedAt: conversion.convertedAt,
      bookedCount: ofReferral + (visitRequest?._count.visits ?? 0),
      isTakenUp: (referral?.takenUpAt ?? null) !== null,
    };
    return { conversion, statusBefore: row.statusBefore, facts };
  }

  async undone(
    tx: Tx,
    actor: StaffActor,
    before: EnquiryConversion,
    reason: string,
  ): Promise<EnquiryConversion> {
    const row = await tx.enquiryConversion.update({
      where: { id: before.id },
      data: {
        undoneAt: dateFromInstant(this.clock.now()),
        undoneById: actor.id,
        undoReason: reason,
      },
    });
    const after = toConversion(row);
    await this.#joinedAreAbout(tx, actor, row.enquiryId, null);
    await this.audit.record(tx, actor, {
      action: 'enquiry-conversion.undone',
      subjectType: 'enquiry-conversion',
      subjectId: row.id,
      patientIds: [row.patientId],
      before,
      after,
    });
    return after;
  }

  /** Those that were joined to an enquiry are about the same person, and so is what was filed with them. */
  async #joinedAreAbout(
    tx: Tx,
    actor: StaffActor,
    enquiryId: string,
    patientId: string | null,
  ): Promise<void> {
    await tx.enquiry.updateMany({ where: { joinedIntoId: enquiryId }, data: { patientId } });
    const joined = await tx.enquiry.findMany({
      where: { joinedIntoId: enquiryId },
      select: { id: true },
      orderBy: { id: 'asc' },
    });
    for (const { id } of joined)
      await this.owners.subjectIsAbout(tx, actor, { type: 'ENQUIRY', id }, patientId);
  }

  /** What each of these enquiries became, those that were taken back too, the latest first. The look is recorded. */
  async ofEnquiries(
    actor: Actor,
    enquiryIds: readonly string[],
  ): Promise<ReadonlyMap<string, readonly EnquiryConversion[]>> {
    return this.database.transaction(async (tx) => {
      const rows = await tx.enquiryConversion.findMany({
        where: { enquiryId: { in: [...enquiryIds] } },
        orderBy: [{ convertedAt: 'desc' }, { id: 'desc' }],
      });
      await this.audit.record(tx, actor, {
        action: 'enquiry-conversions.viewed',
        subjectType: 'enquiry-conversion',
        patientIds: [...new Set(rows.map(({ patientId }) => patientId))],
      });
      const conversions = rows.map((row) => toConversion(row));
      const own = (enquiryId: string) =>
        conversions.filter((conversion) => conversion.enquiryId === enquiryId);
      return new Map(enquiryIds.map((enquiryId) => [enquiryId, own(enquiryId)]));
    });
  }
}
