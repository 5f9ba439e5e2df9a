import { Inject, Injectable } from '@nestjs/common';
import { Database, type Tx } from '../../platform/database/database.service.js';
import { ConsentCompetence, ConsentDecision, ConsentStage } from '../../platform/database/generated/enums.js';
import { badInput, isRefusal, notFound } from '../../platform/refusal/refusal.js';
import { Temporal } from '../../platform/time/index.js';
import type { StaffActor } from '../audit/audit.type.js';
import {
  ConsentIncomplete,
  ConsentKind,
  ConsentNotInForce,
  ConsentPlaceDiffers,
  ConsentState,
} from './consent.refusals.js';
import { describeStanding, kindOf } from './consent.rules.js';
import type { ConsentRecord } from './consent.type.js';
import type { ConfirmConsentInput, InvalidateConsentInput } from './consent-confirmation.type.js';
import { giverProblem, hasEvidence } from './consent-entry.rules.js';
import { textOf } from './consent-entry.service.js';
import { ConsentGroundService } from './consent-ground.service.js';
import { describePlace, isSamePlace, readLevels } from './consent-place.rules.js';
import { policyAt } from './consent-policy.rules.js';
import { ConsentRecordService, type RecordedDecision } from './consent-record.service.js';
import { standingAt } from './consent-standing.rules.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** What comes after a "yes": it is confirmed on the day, or it turns out not to be valid. */
@Injectable()
export class ConsentConfirmationService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(ConsentRecordService) private readonly records: ConsentRecordService,
    @Inject(ConsentGroundService) private readonly grounds: ConsentGroundService,
  ) {}

  /** The second stage: the consent is confirmed before the thing is done. Throws NOT_FOUND, BAD_INPUT. */
  async confirmConsent(
    actor: StaffActor,
    input: ConfirmConsentInput,
  ): Promise<ConsentRecord | ConsentNotInForce | ConsentPlaceDiffers | ConsentIncomplete> {
    const giverName = textOf(input.giverName);
    const problem = giverProblem({ ...input, giverName });
    if (problem !== null) throw badInput(problem);
    return this.database.transaction(async (tx) => {
      const held = await this.#hold(tx, input.recordId, input.decidedAt ?? null);
      if (isRefusal(held)) return held;
      const { yes, history, decidedAt, ground } = held;
      if (kindOf(yes.purpose) !== ConsentKind.CLINICAL)
        throw badInput('recordId: only clinical consent is confirmed.');
      const place = { side: input.side ?? null, levels: readLevels(input.levels ?? []) };
      if (!isSamePlace(place, yes)) return new ConsentPlaceDiffers(describePlace(yes));
      const evidence = {
        documentId: input.evidence?.documentId ?? null,
        signatureDocumentId: input.evidence?.signatureDocumentId ?? null,
        formId: textOf(input.evidence?.formId),
        formAddress: textOf(input.evidence?.formAddress),
        formAgent: textOf(input.evidence?.formAgent),
      };
      const takerTraining = textOf(input.takerTraining);
      const needsEvidence = policyAt(ground, yes.procedureCode, decidedAt)?.needsEvidence === true;
      const isTrained =
        input.takerCompetence !== ConsentCompetence.TRAINED_AND_DELEGATED || takerTraining !== null;
      const missing = [
        ...(isTrained ? [] : ['takerTraining']),
        ...(needsEvidence && !hasEvidence(evidence) ? ['evidence'] : []),
      ];
      if (missing.length > 0) return new ConsentIncomplete(missing);
      await this.records.mustHaveDocuments(tx, held.patientId, { giverDocumentIds: [], ...evidence });
      return this.records.write(
        tx,
        actor,
        {
          ...copied(yes),
          ...evidence,
          ...{ patientId: held.patientId, decision: ConsentDecision.GIVEN, stage: ConsentStage.CONFIRMED },
          ...{ ofRecordId: yes.id, decidedAt, givenBy: input.givenBy, giverName, method: input.method },
          ...{ takerCompetence: input.takerCompetence, takerTraining, comment: textOf(input.comment) },
          interpreterName: textOf(input.interpreter?.name),
          interpreterLanguage: input.interpreter?.language ?? null,
        },
        history,
      );
    });
  }

  /** A consent that is in force is found not to be valid; what stood on it is flagged at once. Throws NOT_FOUND, BAD_INPUT. */
  async invalidateConsent(
    actor: StaffActor,
    input: InvalidateConsentInput,
  ): Promise<ConsentRecord | ConsentNotInForce> {
    const comment = textOf(input.reason);
    if (comment === null) throw badInput('reason: say why it is not valid.');
    return this.database.transaction(async (tx) => {
      const held = await this.#hold(tx, input.recordId, null);
      if (isRefusal(held)) return held;
      const { yes, history, decidedAt } = held;
      const { givenBy, giverName, method } = yes;
      return this.records.write(
        tx,
        actor,
        {
          ...copied(yes),
          ...{ patientId: held.patientId, decision: ConsentDecision.INVALIDATED, ofRecordId: yes.id },
          ...{ decidedAt, givenBy, giverName, method, comment },
        },
        history,
      );
    });
  }

  /** The "yes" of a record, with its patient held, while it is in force as far as that record goes. Throws NOT_FOUND, BAD_INPUT. */
  async #hold(tx: Tx, recordId: string, decided: Temporal.Instant | null) {
    const row = UUID.test(recordId)
      ? await tx.consentRecord.findUnique({
          where: { id: recordId },
          select: {
            patient: { select: { id: true, mergedIntoId: true } },
            purpose: true,
            procedureCode: true,
          },
        })
      : null;
    if (row === null) throw notFound('consent record');
    const patientId = row.patient.mergedIntoId ?? row.patient.id;
    const { decidedAt } = await this.records.holdPatient(tx, patientId, decided);
    const ground = await this.grounds.ground(tx, row.purpose);
    const history = await this.records.decisionsOf(tx, patientId, row.purpose, row.procedureCode);
    const yes = history.find(({ id }) => id === recordId);
    if (yes === undefined) throw notFound('consent record');
    if (Temporal.Instant.compare(decidedAt, yes.decidedAt) < 0) {
      throw badInput('decidedAt: must not be before the consent.');
    }
    const standing = standingAt(history, decidedAt, ground, yes);
    if (standing.state !== ConsentState.IN_FORCE) {
      return new ConsentNotInForce(standing.state, describeStanding(standing, ground.timeZone));
    }
    if (standing.yes?.id !== yes.id) {
      return new ConsentNotInForce(standing.state, 'A later consent has taken its place: name that one.');
    }
    return { patientId, yes, history, decidedAt, ground };
  }
}

/** What a later record says of the same consent. */
function copied(yes: RecordedDecision) {
  const { purpose, procedureCode, side, levels, wordingId, wordingSha256 } = yes;
  return { purpose, procedureCode, side, levels: [...levels], wordingId, wordingSha256 };
}
