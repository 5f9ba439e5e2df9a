import { Inject, Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.service.js';
import { EnquiryStatus } from '../../platform/database/generated/enums.js';
import { Clock } from '../../platform/time/index.js';
import type { Decider } from '../referrals/referral-decider.type.js';
import { ConversionSettled, type ConversionTooOld } from './conversion.refusals.js';
import { canUndoConversion } from './conversion.rules.js';
import type { EnquiryConversion, UndoConversionInput } from './conversion.type.js';
import { ConversionConsentService } from './conversion-consent.service.js';
import { ConversionRecordService } from './conversion-record.service.js';
import { ConversionTargetService } from './conversion-target.service.js';
import { EnquiryNotInState } from './enquiry.refusals.js';
import { EnquiryRecordService } from './enquiry-record.service.js';

type UndoRefusal = EnquiryNotInState | ConversionTooOld | ConversionSettled;

/** Takes a conversion back that was a mistake, for a day and as long as nobody has built on it. */
@Injectable()
export class ConversionUndoService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(EnquiryRecordService) private readonly enquiries: EnquiryRecordService,
    @Inject(ConversionRecordService) private readonly records: ConversionRecordService,
    @Inject(ConversionTargetService) private readonly targets: ConversionTargetService,
    @Inject(ConversionConsentService) private readonly consents: ConversionConsentService,
  ) {}

  /**
   * The referral is withdrawn or the request closed as entered by mistake, consents are taken back where they were another's,
   * and the enquiry stands as before. A patient who was registered with it stays: a record is never lost. Throws NOT_FOUND.
   */
  async undoConversion(
    decider: Decider,
    input: UndoConversionInput,
  ): Promise<EnquiryConversion | UndoRefusal> {
    const { actor, roles } = decider;
    const reason = input.reason.normalize('NFC').trim();
    return this.database.transaction<EnquiryConversion | UndoRefusal>(async (tx) => {
      const before = await this.enquiries.mustHave(tx, input.enquiryId, { hold: true });
      const standing =
        before.status === EnquiryStatus.CONVERTED ? await this.records.standing(tx, before.id) : null;
      if (standing === null) return new EnquiryNotInState(before.status, before.allowedActions);
      const { conversion, statusBefore, facts } = standing;
      const refusal = canUndoConversion(facts, this.clock.now());
      if (refusal !== null) return refusal;
      // Somebody was quicker with it in its own room.
      if ((await this.targets.end(tx, actor, roles, conversion, reason)) !== null)
        return new ConversionSettled();
      const { patientId, consentRecordIds } = conversion;
      await this.consents.takeBack(tx, actor, patientId, consentRecordIds, before.reference);
      const undone = await this.records.undone(tx, actor, conversion, reason);
      await this.enquiries.change(tx, actor, before, {
        action: 'enquiry.conversion-undone',
        data: { status: backTo(statusBefore), patientId: null },
        detail: { conversionId: conversion.id },
      });
      return undone;
    });
  }
}

/** Nobody has it in hand any more: that ended with the conversion. */
function backTo(statusBefore: EnquiryStatus): EnquiryStatus {
  return statusBefore === EnquiryStatus.IN_HAND ? EnquiryStatus.NEW : statusBefore;
}
