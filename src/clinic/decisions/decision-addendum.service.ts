import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import { badInput, type Refusal } from '../../platform/refusal/refusal.js';
import { Clock, dateFromInstant, Temporal } from '../../platform/time/index.js';
import type { StaffActor } from '../audit/audit.type.js';
import { SigningService } from '../auth/signing.service.js';
import type { Booker } from '../visits/booker.type.js';
import { IdempotencyService } from '../visits/idempotency.service.js';
import { DecisionNotSigned } from './decision.refusals.js';
import type { CaseDecision } from './decision.type.js';
import {
  ADD_DECISION_ADDENDUM_REFUSALS,
  type AddDecisionAddendumInput,
  RECORD_PATIENT_DECISION_REFUSALS,
  type RecordPatientDecisionInput,
} from './decision-entry.type.js';
import { DecisionGroundService } from './decision-ground.service.js';
import { DecisionRecordService, type DecisionRow } from './decision-record.service.js';

/** What is written beside a signed decision: what is added to it, and what clinician and patient made of it. */
@Injectable()
export class DecisionAddendumService {
  constructor(
    @Inject(Clock) private readonly clock: Clock,
    @Inject(IdempotencyService) private readonly idempotency: IdempotencyService,
    @Inject(SigningService) private readonly signatures: Pick<SigningService, 'mustBeAbleToSign'>,
    @Inject(DecisionGroundService) private readonly ground: DecisionGroundService,
    @Inject(DecisionRecordService) private readonly records: DecisionRecordService,
  ) {}

  /** Once for each key. Throws NOT_FOUND. */
  async addDecisionAddendum(
    booker: Booker,
    input: AddDecisionAddendumInput,
  ): Promise<CaseDecision | Refusal> {
    return this.idempotency.once<CaseDecision>(
      { booker, operation: 'addDecisionAddendum', input, refusals: ADD_DECISION_ADDENDUM_REFUSALS },
      (tx) => this.#add(tx, booker.actor, input),
    );
  }

  /** What clinician and patient decided, apart from what the team recommends; once for each key. Throws NOT_FOUND, BAD_INPUT. */
  async recordPatientDecision(
    booker: Booker,
    input: RecordPatientDecisionInput,
  ): Promise<CaseDecision | Refusal> {
    if (Temporal.Instant.compare(this.clock.now(), input.decidedAt) < 0) {
      throw badInput('decidedAt: must not be in the future.');
    }
    const chosen = input.chosen?.normalize('NFC').trim() ?? null;
    if ((input.choice === 'OTHER_OPTION') !== (chosen !== null)) {
      throw badInput('chosen: goes with OTHER_OPTION, and only with it.');
    }
    return this.idempotency.once<CaseDecision>(
      { booker, operation: 'recordPatientDecision', input, refusals: RECORD_PATIENT_DECISION_REFUSALS },
      (tx) => this.#answer(tx, booker.actor, { ...input, chosen }),
    );
  }

  async #add(
    tx: Tx,
    actor: StaffActor,
    { decisionId, text, secondFactorCode }: AddDecisionAddendumInput,
  ): Promise<CaseDecision | Refusal> {
    const before = await this.records.hold(tx, decisionId);
    if (before.status !== 'SIGNED') return new DecisionNotSigned();
    const refusal = await this.signatures.mustBeAbleToSign(tx, actor, secondFactorCode ?? null);
    if (refusal !== null) return refusal;
    const number = before.addenda.length + 1;
    await tx.decisionAddendum.create({
      data: {
        ...{ decisionId: before.id, number, text: text.normalize('NFC').trim(), signedById: actor.id },
        signedByName: await this.ground.nameOf(tx, actor.id),
        signedAt: dateFromInstant(this.clock.now()),
      },
    });
    return this.records.record(tx, actor, 'added-to', before, before.id, { addendum: number });
  }

  async #answer(tx: Tx, actor: StaffActor, said: Said): Promise<CaseDecision | Refusal> {
    const clinicianId = said.clinicianId.toLowerCase();
    await this.ground.nameOf(tx, clinicianId);
    const before = await this.records.hold(tx, said.decisionId);
    if (before.status !== 'SIGNED') return new DecisionNotSigned();
    await this.#write(tx, actor, before, { ...said, clinicianId });
    return this.records.record(tx, actor, 'answered', before, before.id, { choice: said.choice });
  }

  async #write(tx: Tx, actor: StaffActor, before: DecisionRow, said: Said): Promise<void> {
    await tx.patientDecision.create({
      data: {
        ...{ decisionId: before.id, number: before.patientWords.length + 1 },
        ...{ choice: said.choice, chosen: said.chosen, clinicianId: said.clinicianId },
        alsoPresent: said.alsoPresent?.normalize('NFC').trim() ?? null,
        notes: said.notes.normalize('NFC').trim(),
        decidedAt: dateFromInstant(said.decidedAt),
        recordedAt: dateFromInstant(this.clock.now()),
        recordedById: actor.id,
      },
    });
  }
}

type Said = RecordPatientDecisionInput & { readonly chosen: string | null };
