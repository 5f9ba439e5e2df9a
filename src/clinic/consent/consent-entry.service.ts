import { Inject, Injectable } from '@nestjs/common';
import { Database, type Tx } from '../../platform/database/database.service.js';
import { ConsentDecision } from '../../platform/database/generated/enums.js';
import { badInput, isRefusal } from '../../platform/refusal/refusal.js';
import { instantFromDate, localDate, Temporal } from '../../platform/time/index.js';
import type { StaffActor } from '../audit/audit.type.js';
import {
  ConsentIncomplete,
  type ConsentStillInForce,
  type GiverMayNotDecide,
  type NothingToWithdraw,
  WordingDiffers,
  WordingNotInForce,
} from './consent.refusals.js';
import { canDecline, canWithdraw, describeStanding } from './consent.rules.js';
import type { ConsentRecord } from './consent.type.js';
import {
  type ConsentEntry,
  canDecide,
  entryProblem,
  giverProblem,
  missingAnswers,
  placeProblem,
  stageOf,
} from './consent-entry.rules.js';
import type { DecisionInput, RecordConsentInput, WithdrawConsentInput } from './consent-entry.type.js';
import { ConsentGroundService } from './consent-ground.service.js';
import { readLevels } from './consent-place.rules.js';
import { policyAt, wordingFor } from './consent-policy.rules.js';
import { ConsentRecordService } from './consent-record.service.js';

/** A purpose gets a new wording every few years. */
const WORDINGS_OF_A_LANGUAGE_MAX = 500;

export type RecordConsentRefusal =
  | WordingNotInForce
  | WordingDiffers
  | ConsentStillInForce
  | ConsentIncomplete
  | GiverMayNotDecide;

/** Writes down what was decided, and what was taken back. */
@Injectable()
export class ConsentEntryService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(ConsentRecordService) private readonly records: ConsentRecordService,
    @Inject(ConsentGroundService) private readonly grounds: ConsentGroundService,
  ) {}

  /** Records the answer of somebody who was asked, with the wording they were shown. Throws NOT_FOUND, BAD_INPUT. */
  async recordConsent(
    actor: StaffActor,
    input: RecordConsentInput,
  ): Promise<ConsentRecord | RecordConsentRefusal> {
    const entry = readEntry(input);
    const problem = entryProblem(entry);
    if (problem !== null) throw badInput(problem);
    return this.database.transaction(async (tx) => {
      const { now, decidedAt, born } = await this.records.holdPatient(tx, input.patientId, input.decidedAt);
      const wording = await this.#wordingShown(tx, input, decidedAt);
      if (isRefusal(wording)) return wording;
      const ground = await this.grounds.ground(tx, input.purpose);
      const policy = policyAt(ground, entry.procedureCode, decidedAt);
      const missing = missingAnswers(entry, policy);
      if (missing.length > 0) return new ConsentIncomplete(missing);
      const refusal = canDecide(entry, { born, day: localDate(decidedAt, ground.timeZone) }, policy);
      if (refusal !== null) return refusal;
      await this.records.mustHaveDocuments(tx, input.patientId, entry);
      const history = await this.records.decisionsOf(tx, input.patientId, input.purpose, entry.procedureCode);
      if (entry.decision !== ConsentDecision.GIVEN) {
        const stillInForce = canDecline(history, { decidedAt, now, place: entry }, ground);
        if (stillInForce !== null) return stillInForce;
      }
      const { side, levels, giverDocumentIds, ...said } = entry;
      return this.records.write(
        tx,
        actor,
        {
          ...said,
          ...{ side, levels: [...levels], giverDocumentIds: [...giverDocumentIds] },
          ...{ patientId: input.patientId, method: input.method, comment: textOf(input.comment), decidedAt },
          ...{ wordingId: wording.id, wordingSha256: wording.sha256, stage: stageOf(entry, policy) },
        },
        history,
      );
    });
  }

  /**
   * Takes back a consent in force; later rooms ask each time they act on it, and flag what was booked on it in this very
   * transaction. Bookings hold the patient's row while they look at the consent, so they see it before or after, never in
   * between. Throws NOT_FOUND, BAD_INPUT.
   */
  async withdrawConsent(
    actor: StaffActor,
    input: WithdrawConsentInput,
  ): Promise<ConsentRecord | NothingToWithdraw> {
    const subject = readSubject(input);
    const giverName = textOf(input.giverName);
    const problem =
      placeProblem({ ...subject, purpose: input.purpose }) ?? giverProblem({ ...input, giverName });
    if (problem !== null) throw badInput(problem);
    return this.database.transaction(async (tx) => {
      const { patientId, purpose, givenBy, method } = input;
      const { now, decidedAt } = await this.records.holdPatient(tx, patientId, input.decidedAt);
      const ground = await this.grounds.ground(tx, purpose);
      const history = await this.records.decisionsOf(tx, patientId, purpose, subject.procedureCode);
      const held = canWithdraw(history, { now, place: subject }, ground);
      if (isRefusal(held)) return held;
      const { standing, latest } = held;
      if (Temporal.Instant.compare(decidedAt, latest.decidedAt) < 0) {
        throw badInput(
          `decidedAt: must not be before the consent that it withdraws. ${describeStanding(standing, ground.timeZone)}`,
        );
      }
      const { wordingId, wordingSha256 } = latest;
      return this.records.write(
        tx,
        actor,
        {
          ...{ patientId, purpose, givenBy, giverName, method, wordingId, wordingSha256, decidedAt },
          ...{ procedureCode: subject.procedureCode, side: subject.side, levels: [...subject.levels] },
          ...{ decision: ConsentDecision.WITHDRAWN, ofRecordId: standing.yes?.id ?? latest.id },
          comment: textOf(input.comment),
        },
        history,
      );
    });
  }

  async #wordingShown(tx: Tx, input: RecordConsentInput, decidedAt: Temporal.Instant) {
    const { purpose, locale, wordingVersion: version } = input;
    const rows = await tx.consentWording.findMany({
      where: { purpose, locale },
      select: {
        id: true,
        version: true,
        locale: true,
        sha256: true,
        procedureCode: true,
        effectiveFrom: true,
      },
      orderBy: { effectiveFrom: 'desc' },
      take: WORDINGS_OF_A_LANGUAGE_MAX,
    });
    const dated = rows.map((row) => ({ ...row, effectiveFrom: instantFromDate(row.effectiveFrom) }));
    const inForce = wordingFor(dated, { locale, procedureCode: input.procedureCode ?? null }, decidedAt);
    if (inForce === null || inForce.version !== version) {
      return new WordingNotInForce({ version, locale }, inForce?.version ?? null);
    }
    const shown = input.wordingSha256 ?? inForce.sha256;
    return shown === inForce.sha256 ? inForce : new WordingDiffers(inForce.sha256);
  }
}

/** What was not said is null, and so is what was left blank: a blank is no answer. */
export function textOf(typed: string | null | undefined): string | null {
  return typed?.trim() || null;
}

export function readSubject(input: Pick<DecisionInput, 'procedureCode' | 'side' | 'levels'>) {
  return {
    procedureCode: input.procedureCode ?? null,
    side: input.side ?? null,
    levels: readLevels(input.levels ?? []),
  };
}

function readEntry(input: RecordConsentInput): ConsentEntry {
  const { told, interpreter, evidence } = input;
  return {
    ...readSubject(input),
    purpose: input.purpose,
    decision: input.decision,
    givenBy: input.givenBy,
    giverName: textOf(input.giverName),
    giverEvidence: textOf(input.giverEvidence),
    giverDocumentIds: input.giverDocumentIds ?? [],
    capacity: input.capacity ?? null,
    capacityStatement: textOf(input.capacityStatement),
    interpreterName: textOf(interpreter?.name),
    interpreterLanguage: interpreter?.language ?? null,
    takerCompetence: input.takerCompetence ?? null,
    takerTraining: textOf(input.takerTraining),
    told: told ? readTold(told) : null,
    documentId: evidence?.documentId ?? null,
    signatureDocumentId: evidence?.signatureDocumentId ?? null,
    formId: textOf(evidence?.formId),
    formAddress: textOf(evidence?.formAddress),
    formAgent: textOf(evidence?.formAgent),
  };
}

function readTold(told: NonNullable<RecordConsentInput['told']>): NonNullable<ConsentEntry['told']> {
  return {
    indication: told.indication.trim(),
    risks: told.risks.map(({ risk, figure }) => ({ risk: risk.trim(), figure: figure.trim() })),
    options: told.options.map(({ option, isDoingNothing }) => ({
      option: option.trim(),
      isDoingNothing: isDoingNothing ?? false,
    })),
    leaflets: (told.leaflets ?? []).map(({ title, version }) => ({
      title: title.trim(),
      version: version.trim(),
    })),
    priorities: textOf(told.priorities),
    questions: textOf(told.questions),
  };
}
