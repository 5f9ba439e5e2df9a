import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import {
  ConsentPurpose,
  type ConsentSide,
  TreatmentKind,
  TreatmentPauseSource,
  TreatmentStatus,
} from '../../platform/database/generated/enums.js';
import type { Refusal } from '../../platform/refusal/refusal.js';
import { instantFromDate, Temporal } from '../../platform/time/index.js';
import { ConsentReason } from '../consent/consent.refusals.js';
import { ConsentService } from '../consent/consent.service.js';
import { ProcedureConsentMissing, WrongLevel, WrongSide } from './safety-pause.refusals.js';
import type { Treatment } from './treatment.type.js';
import { type ConsentedPlace, consentsAskedOf, pointInWords, pointsOf } from './treatment-place.rules.js';

type Consents = Pick<ConsentService, 'inForce'>;

const SAID = { decidedAt: true, ofRecordId: true } as const;

/** Treatments that a yes may still be for. */
const NOT_BEGUN: readonly TreatmentStatus[] = [TreatmentStatus.REQUESTED, TreatmentStatus.PLANNED];

/** The patient's consent to this procedure at these very places, as it holds at a moment. */
@Injectable()
export class TreatmentConsentService {
  constructor(@Inject(ConsentService) private readonly consents: Consents) {}

  /**
   * Id of the decision in force when every side and level of the plan is agreed to and confirmed where that is asked; else
   * what is wrong: a consent to another side or level says which.
   */
  async inForce(tx: Tx, treatment: Treatment, at: Temporal.Instant): Promise<string | Refusal> {
    let recordId: string | null = null;
    for (const place of consentsAskedOf(treatment.targets)) {
      const hold = await this.#ask(tx, treatment, place, at);
      if (!hold.inForce && hold.reasonCode === ConsentReason.PLACE_NOT_COVERED) {
        return this.#elsewhere(tx, treatment, place, at);
      }
      if (!hold.mayBegin) {
        const reason = hold.awaitsConfirmation
          ? 'It has to be confirmed on the day: do that first.'
          : hold.reason;
        return new ProcedureConsentMissing(reason);
      }
      if (await this.#isOfAnother(tx, treatment, hold.recordId)) {
        return new ProcedureConsentMissing(
          'The patient’s yes may be to another procedure: these have no name in a consent. See to the other one first, and ask again.',
        );
      }
      recordId ??= hold.recordId;
    }
    return recordId ?? new ProcedureConsentMissing('Nobody has asked the patient.');
  }

  /**
   * Other procedures share one code, and a consent does not name them. One counts for this one only when the patient said yes
   * after it was asked for, and while no other of them was waiting for its yes.
   */
  async #isOfAnother(tx: Tx, treatment: Treatment, recordId: string | null): Promise<boolean> {
    if (treatment.kind !== TreatmentKind.OTHER || recordId === null) return false;
    const last = await tx.consentRecord.findUnique({ where: { id: recordId }, select: SAID });
    // What was confirmed on the day was said before.
    const yes =
      last?.ofRecordId == null
        ? last
        : await tx.consentRecord.findUnique({ where: { id: last.ofRecordId }, select: SAID });
    if (yes === null || Temporal.Instant.compare(instantFromDate(yes.decidedAt), treatment.requestedAt) < 0) {
      return true;
    }
    const { id, patientId, kind, otherName } = treatment;
    const waiting = await tx.treatment.count({
      where: {
        ...{ patientId, kind, id: { not: id }, otherName: { not: otherName } },
        ...{ status: { in: [...NOT_BEGUN] }, requestedAt: { lte: yes.decidedAt } },
      },
    });
    return waiting > 0;
  }

  /** Which of the two it is: the same level agreed to on some side makes it the side. */
  async #elsewhere(
    tx: Tx,
    treatment: Treatment,
    place: ConsentedPlace,
    at: Temporal.Instant,
  ): Promise<WrongSide | WrongLevel> {
    const planned = pointsOf(treatment.targets).map(pointInWords).join(', ');
    const onSomeSide = await this.#ask(tx, treatment, { ...place, side: null }, at);
    const { CONSENT } = TreatmentPauseSource;
    return onSomeSide.inForce
      ? new WrongSide(CONSENT, planned, 'another side')
      : new WrongLevel(CONSENT, planned, 'other levels');
  }

  #ask(tx: Tx, treatment: Treatment, { side, levels }: ConsentedPlace, at: Temporal.Instant) {
    const subject = {
      procedureCode: treatment.procedureCode,
      side: side satisfies ConsentSide | null,
      levels,
    };
    return this.consents.inForce(tx, treatment.patientId, ConsentPurpose.PROCEDURE, at, subject);
  }
}
