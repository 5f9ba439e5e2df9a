import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import { ConversionTarget, EnquiryStatus, RedFlagsAsked } from '../../platform/database/generated/enums.js';
import { badInput, isRefusal, type Refusal } from '../../platform/refusal/refusal.js';
import type { Booker } from '../visits/booker.type.js';
import { IdempotencyService } from '../visits/idempotency.service.js';
import { CONVERT_REFUSALS, type ConvertEnquiryInput, type EnquiryConversion } from './conversion.type.js';
import { ConversionConsentService } from './conversion-consent.service.js';
import { ConversionPatientService } from './conversion-patient.service.js';
import { ConversionRecordService } from './conversion-record.service.js';
import { ConversionTargetService } from './conversion-target.service.js';
import { EnquiryAction, EnquiryNotInState } from './enquiry.refusals.js';
import { nextStatus } from './enquiry.rules.js';
import type { Enquiry } from './enquiry.type.js';
import { EnquiryRecordService } from './enquiry-record.service.js';

/** From somebody who asked to somebody who is a patient: who they are, what they agreed to, and what becomes of it. */
@Injectable()
export class ConversionService {
  constructor(
    @Inject(IdempotencyService) private readonly idempotency: IdempotencyService,
    @Inject(EnquiryRecordService) private readonly enquiries: EnquiryRecordService,
    @Inject(ConversionPatientService) private readonly people: ConversionPatientService,
    @Inject(ConversionTargetService) private readonly targets: ConversionTargetService,
    @Inject(ConversionRecordService) private readonly records: ConversionRecordService,
    @Inject(ConversionConsentService) private readonly consents: ConversionConsentService,
  ) {}

  /**
   * All of it or nothing, and with the same idempotency key once. An open red flag stays open, and is seen with the patient from
   * now on. Throws NOT_FOUND, BAD_INPUT.
   */
  async convertEnquiry(booker: Booker, input: ConvertEnquiryInput): Promise<EnquiryConversion | Refusal> {
    const fault = faultOfConversion(input);
    if (fault !== null) throw badInput(fault);
    const answer = await this.idempotency.once<EnquiryConversion>(
      { booker, operation: 'convertEnquiry', input, refusals: CONVERT_REFUSALS },
      (tx) => this.#convert(tx, booker, input),
    );
    await this.people.recordShown(booker.actor, answer);
    await this.targets.recordShown(booker.actor, input.patient.patientId ?? null, answer);
    return answer;
  }

  async #convert(
    tx: Tx,
    { actor }: Booker,
    input: ConvertEnquiryInput,
  ): Promise<EnquiryConversion | Refusal> {
    const before = await this.enquiries.mustHave(tx, input.enquiryId, { hold: true });
    const refusal = canConvert(before, actor.id);
    if (refusal !== null) return refusal;
    const found = await this.people.settle(tx, actor, before, input.patient);
    if (isRefusal(found)) return found;
    const { patientId } = found;
    const made = await this.targets.make(tx, actor, before, patientId, input);
    if (isRefusal(made)) return made;
    const consentRecordIds = await this.consents.carry(tx, actor, before, patientId);
    const { target } = input;
    const became = { ...made, target, found, consentRecordIds };
    const conversion = await this.records.write(tx, actor, before, became);
    await this.enquiries.change(tx, actor, before, {
      action: 'enquiry.converted',
      data: { status: EnquiryStatus.CONVERTED, patientId, claimedById: null, claimedAt: null },
      detail: { ...made, conversionId: conversion.id, target, registered: found.registered },
    });
    await this.records.settle(tx, actor, conversion);
    return conversion;
  }
}

/**
 * Somebody in danger can be made a patient, and mostly has to be: the alert stays open. But nobody is converted who was
 * not asked.
 */
function canConvert(enquiry: Enquiry, actorId: string): Refusal | null {
  const { status, claimedById, claimedAt } = enquiry;
  if (enquiry.destroyedAt !== null) return new EnquiryNotInState(status, []);
  const areRedFlagsAsked = enquiry.redFlagsAsked === RedFlagsAsked.ASKED;
  const facts = { status, claimedById, claimedAt, openAlertIds: [], areRedFlagsAsked };
  const next = nextStatus(facts, EnquiryAction.CONVERT, actorId);
  return isRefusal(next) ? next : null;
}

function faultOfConversion({ target, referral, request }: ConvertEnquiryInput): string | null {
  if ((target === ConversionTarget.SELF_REFERRAL) !== Boolean(referral))
    return 'referral: give it with SELF_REFERRAL, and only then.';
  if ((target === ConversionTarget.BOOKING_REQUEST) !== Boolean(request))
    return 'request: give it with BOOKING_REQUEST, and only then.';
  return null;
}
