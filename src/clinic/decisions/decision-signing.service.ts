import { Inject, Injectable } from '@nestjs/common';
import { Database, type Tx } from '../../platform/database/database.service.js';
import type { Refusal } from '../../platform/refusal/refusal.js';
import { Clock, dateFromInstant } from '../../platform/time/index.js';
import type { StaffActor } from '../audit/audit.type.js';
import { SigningService } from '../auth/signing.service.js';
import type { LockedCase } from '../meetings/meeting-case.type.js';
import { heldDecisionsOf } from './decision.queries.js';
import { canSignOff } from './decision.rules.js';
import { factsOf } from './decision.service.js';
import type { CaseDecision } from './decision.type.js';
import type { SignOffDecisionInput } from './decision-entry.type.js';
import { DecisionGroundService } from './decision-ground.service.js';
import { DecisionLetterService } from './decision-letter.service.js';
import { DecisionRecordService, type DecisionRow, standingOf } from './decision-record.service.js';

/** The signature that locks a decision. */
@Injectable()
export class DecisionSigningService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(SigningService) private readonly signatures: Pick<SigningService, 'mustBeAbleToSign'>,
    @Inject(DecisionGroundService) private readonly ground: DecisionGroundService,
    @Inject(DecisionRecordService) private readonly records: DecisionRecordService,
    @Inject(DecisionLetterService) private readonly letters: DecisionLetterService,
  ) {}

  /** Of many who sign at once one does. Throws NOT_FOUND. */
  async signOffDecision(actor: StaffActor, input: SignOffDecisionInput): Promise<CaseDecision | Refusal> {
    return this.database.transaction<CaseDecision | Refusal>(async (tx) => {
      // The case before the decision, and the patient's decisions in one order, as everybody holds them.
      const { caseId } = await this.records.mustHave(tx, input.decisionId);
      const held = await this.ground.lockCase(tx, caseId);
      await tx.$queryRaw(heldDecisionsOf([held.patientId]));
      const before = await this.records.mustHave(tx, input.decisionId);
      const refusal =
        canSignOff(standingOf(before), input, factsOf(held)) ??
        // Asked last: a code that was right is used up with the signature, and with nothing else.
        (await this.signatures.mustBeAbleToSign(tx, actor, input.secondFactorCode ?? null));
      if (refusal !== null) return refusal;
      const signed = await this.#sign(tx, actor, before, held);
      if (signed.current.kind === 'RECOMMENDATION') {
        await this.letters.discardDraftsOf(tx, actor, await this.records.olderOf(tx, before));
      }
      return signed;
    });
  }

  async #sign(tx: Tx, actor: StaffActor, before: DecisionRow, { quorum }: LockedCase): Promise<CaseDecision> {
    await tx.caseDecision.update({
      where: { id: before.id },
      data: {
        ...{ status: 'SIGNED', signedKind: standingOf(before).kind, signedById: actor.id },
        signedByName: await this.ground.nameOf(tx, actor.id),
        quorumRequired: [...quorum.required],
        quorumPresent: [...quorum.present],
        signedAt: dateFromInstant(this.clock.now()),
      },
    });
    return this.records.record(tx, actor, 'signed', before, before.id, { quorum });
  }
}
