import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { Database, type Tx } from '../../platform/database/database.service.js';
import type { Prisma } from '../../platform/database/generated/client.js';
import { badInput, type Refusal } from '../../platform/refusal/refusal.js';
import { Clock, dateFromInstant } from '../../platform/time/index.js';
import type { StaffActor } from '../audit/audit.type.js';
import { type CaseOutcomeSource, CaseOutcomes } from '../meetings/case-outcomes.service.js';
import type { LockedCase } from '../meetings/meeting-case.type.js';
import { CaseNotUnderDiscussion, DecisionAlreadySigned, DecisionConflict } from './decision.refusals.js';
import {
  canCheck,
  canNominate,
  type DecisionWords,
  type DiscussionFacts,
  inWords,
} from './decision.rules.js';
import type { CaseDecision } from './decision.type.js';
import type { CheckDecisionInput, TypeDecisionInput } from './decision-entry.type.js';
import { DecisionGroundService } from './decision-ground.service.js';
import {
  currentOf,
  DecisionRecordService,
  type DecisionRow,
  standingOf,
  toVersion,
} from './decision-record.service.js';

/** What the team decided, typed while it meets and checked by another clinician. */
@Injectable()
export class DecisionService implements CaseOutcomeSource {
  readonly room = 'decisions';

  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(CaseOutcomes) outcomes: CaseOutcomes,
    @Inject(DecisionGroundService) private readonly ground: DecisionGroundService,
    @Inject(DecisionRecordService) private readonly records: DecisionRecordService,
  ) {
    outcomes.register(this);
  }

  /** Those of these cases of which nobody has typed what came of them. */
  async undecided(tx: Tx, caseIds: readonly string[]): Promise<readonly string[]> {
    const found = await tx.caseDecision.findMany({
      where: { caseId: { in: [...caseIds] } },
      select: { caseId: true },
    });
    const decided = new Set(found.map(({ caseId }) => caseId));
    return caseIds.filter((id) => !decided.has(id));
  }

  /**
   * A further version; what was checked has to be checked again. Of several who type at once none loses a word. Throws
   * NOT_FOUND, BAD_INPUT.
   */
  async typeDecision(actor: StaffActor, input: TypeDecisionInput): Promise<CaseDecision | Refusal> {
    const content = contentOf(input);
    return this.database.transaction<CaseDecision | Refusal>(async (tx) => {
      const held = await this.ground.lockCase(tx, input.caseId);
      if (held.discussedFrom === null) return new CaseNotUnderDiscussion();
      const before = await this.records.ofCase(tx, held.caseId);
      if (before?.status === 'SIGNED') return new DecisionAlreadySigned();
      const currentVersion = before?.version ?? 0;
      if (input.baseVersion !== currentVersion) {
        const theirs = before === null ? null : wordsOf(before);
        return new DecisionConflict(currentVersion, theirs, inWords(worded(content)));
      }
      const refusal = canNominate(actor.id, content.checkerId, factsOf(held));
      if (refusal !== null) return refusal;
      await this.ground.mustBeClinician(tx, content.checkerId);
      const number = currentVersion + 1;
      const id = before === null ? await this.#open(tx, held) : await this.#reopen(tx, before.id, number);
      await tx.caseDecisionVersion.create({
        data: {
          ...toColumns(content),
          ...{ decisionId: id, number, sha256: fingerprintOf(content), typedById: actor.id },
          typedAt: dateFromInstant(this.clock.now()),
        },
      });
      return this.records.record(tx, actor, 'typed', before, id);
    });
  }

  /** The nominated clinician finds right what they have read. */
  async checkDecision(actor: StaffActor, input: CheckDecisionInput): Promise<CaseDecision | Refusal> {
    return this.database.transaction<CaseDecision | Refusal>(async (tx) => {
      const before = await this.records.hold(tx, input.decisionId);
      const refusal = canCheck(standingOf(before), input, actor.id);
      if (refusal !== null) return refusal;
      await tx.caseDecision.update({
        where: { id: before.id },
        data: {
          ...{ status: 'CHECKED', checkedVersion: before.version, checkedById: actor.id },
          checkedAt: dateFromInstant(this.clock.now()),
        },
      });
      return this.records.record(tx, actor, 'checked', before, before.id);
    });
  }

  async #open(tx: Tx, { caseId, patientId }: LockedCase): Promise<string> {
    const openedAt = dateFromInstant(this.clock.now());
    const { id } = await tx.caseDecision.create({
      data: { caseId, patientId, openedAt },
      select: { id: true },
    });
    return id;
  }

  async #reopen(tx: Tx, id: string, version: number): Promise<string> {
    const unchecked = { checkedVersion: null, checkedAt: null, checkedById: null };
    await tx.caseDecision.update({ where: { id }, data: { ...unchecked, version, status: 'TYPED' } });
    return id;
  }
}

/** Who was there, as the rules ask for it. */
export function factsOf({ discussedTo, quorum, presentStaffIds }: LockedCase): DiscussionFacts {
  const { required, present } = quorum;
  return { isOver: discussedTo !== null, required, present, presentStaffIds };
}

type Content = ReturnType<typeof contentOf>;

/** Throws BAD_INPUT when it does not go together. */
function contentOf(input: TypeDecisionInput) {
  const isRecommendation = input.kind === 'RECOMMENDATION';
  const recommendation = trimmed(input.recommendation);
  const reason = trimmed(input.reason);
  if (isRecommendation !== (recommendation !== null)) {
    throw badInput('recommendation: goes with RECOMMENDATION, and only with it.');
  }
  if (isRecommendation === (reason !== null)) {
    throw badInput('reason: goes with NO_DECISION and DEFERRED, and only with them.');
  }
  if (isRecommendation && input.options.length === 0) {
    throw badInput('options: name at least one that was considered.');
  }
  if (isRecommendation && input.evidence.length === 0) {
    throw badInput('evidence: cite at least one guideline or paper, or say on what else it is founded.');
  }
  return {
    ...{ kind: input.kind, recommendation, reason, followUp: trimmed(input.followUp) },
    options: input.options.map(({ option, inFavour, against }) => ({ option, inFavour, against })),
    codes: input.codes.map(({ system, code, display }) => ({ system, code, display })),
    evidence: input.evidence.map(({ citation, says }) => ({ citation, says })),
    dissent: input.dissent.map(({ who, what }) => ({ who, what })),
    checkerId: input.checkerId.toLowerCase(),
  };
}

function toColumns({ options, codes, evidence, dissent, ...texts }: Content) {
  const lists = { options, codes, evidence, dissent } satisfies Record<string, Prisma.InputJsonValue>;
  return { ...texts, ...lists };
}

function fingerprintOf(content: Content): string {
  return createHash('sha256').update(JSON.stringify(content), 'utf8').digest('hex');
}

type Worded = Omit<DecisionWords, 'codes'> & Pick<Content, 'codes'>;

function worded(content: Worded): DecisionWords {
  return { ...content, codes: content.codes.map(({ code, display }) => `${code} ${display}`) };
}

function wordsOf(row: DecisionRow): string {
  return inWords(worded(toWorded(row)));
}

function toWorded(row: DecisionRow): Worded {
  const { codes, ...version } = toVersion(currentOf(row));
  return { ...version, codes: [...codes] };
}

function trimmed(text: string | null | undefined): string | null {
  const words = text?.normalize('NFC').trim() ?? '';
  return words === '' ? null : words;
}
