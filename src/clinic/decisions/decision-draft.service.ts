import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import { badInput, type Refusal } from '../../platform/refusal/refusal.js';
import { Clock, dateFromInstant } from '../../platform/time/index.js';
import type { StaffActor } from '../audit/audit.type.js';
import type { Booker } from '../visits/booker.type.js';
import { IdempotencyService } from '../visits/idempotency.service.js';
import { DecisionNotSigned, DecisionSuperseded, LetterAlreadyDrafted } from './decision.refusals.js';
import type { LetterRecipientInput } from './decision-action.type.js';
import {
  draftLetter,
  isReferrerOrTheirPractice,
  isSame,
  type KnownReferrer,
  type LetterFacts,
} from './decision-letter.rules.js';
import { DecisionLetterService } from './decision-letter.service.js';
import { type DecisionLetter, DRAFT_DECISION_LETTER_REFUSALS } from './decision-letter.type.js';
import { currentOf, DecisionRecordService, type DecisionRow, toVersion } from './decision-record.service.js';

/** The database's own "no": there is a draft for that party at this moment. */
export const DRAFT_CONSTRAINTS = {
  case_decision_letters_one_draft: () => new LetterAlreadyDrafted(),
} as const;

/** Whom a letter names: in the directory, by name alone, or (both null) the patient. */
interface Named {
  readonly recipientId: string | null;
  readonly recipientName: string | null;
}

const ENTRY = { id: true, title: true, name: true, organisation: true, odsCode: true } as const;

/** The first draft of a letter, from what was signed and what patient and clinician decided since. */
@Injectable()
export class DecisionDraftService {
  constructor(
    @Inject(Clock) private readonly clock: Clock,
    @Inject(IdempotencyService) private readonly idempotency: IdempotencyService,
    @Inject(DecisionRecordService) private readonly decisions: DecisionRecordService,
    @Inject(DecisionLetterService) private readonly letters: DecisionLetterService,
  ) {}

  /** Once for each key. Throws NOT_FOUND, BAD_INPUT. */
  async draftDecisionLetter(
    booker: Booker,
    decisionId: string,
    to: LetterRecipientInput,
  ): Promise<DecisionLetter | Refusal> {
    const input = { decisionId, to };
    return this.idempotency.once<DecisionLetter>(
      { booker, operation: 'draftDecisionLetter', input, refusals: DRAFT_DECISION_LETTER_REFUSALS },
      (tx) => this.draftIn(tx, booker.actor, decisionId, to),
      DRAFT_CONSTRAINTS,
    );
  }

  /** The same inside the transaction of whoever asks, which names `DRAFT_CONSTRAINTS`. */
  async draftIn(
    tx: Tx,
    actor: StaffActor,
    decisionId: string,
    to: LetterRecipientInput,
  ): Promise<DecisionLetter | DecisionNotSigned | DecisionSuperseded | LetterAlreadyDrafted> {
    const decision = await this.decisions.hold(tx, decisionId);
    if (decision.status !== 'SIGNED') return new DecisionNotSigned();
    const newer = await this.decisions.newerOf(tx, decision);
    if (newer !== null) return new DecisionSuperseded(newer);
    const { audience } = to;
    const drafts = { decisionId: decision.id, audience, status: 'DRAFT' } as const;
    if ((await tx.decisionLetter.count({ where: drafts })) > 0) return new LetterAlreadyDrafted();
    const named =
      audience === 'REFERRER'
        ? await this.#referrer(tx, decision.caseId, to)
        : await this.#named(tx, to, audience === 'GP');
    if ((audience === 'PATIENT') !== (named.recipientName === null)) {
      throw badInput(
        'recipientName: goes with GP and REFERRER, and only with them; or choose an entry of the directory.',
      );
    }
    const now = dateFromInstant(this.clock.now());
    const row = await tx.decisionLetter.create({
      data: {
        ...{ decisionId: decision.id, audience, ...named, draftedById: actor.id, changedById: actor.id },
        ...{ addendaSeen: decision.addenda.length, wordsSeen: decision.patientWords.length },
        ...{ draftedAt: now, changedAt: now, text: draftLetter(audience, await this.#facts(tx, decision)) },
      },
    });
    return this.letters.record(tx, actor, 'drafted', decision.patientId, row);
  }

  /** Somebody of the directory, or as they are named. Throws BAD_INPUT for who is not in it, is retired, or is no GP. */
  async #named(
    tx: Tx,
    { recipientId, recipientName }: Omit<LetterRecipientInput, 'audience'>,
    isForGp = false,
  ): Promise<Named> {
    if (!recipientId)
      return { recipientId: null, recipientName: recipientName?.normalize('NFC').trim() ?? null };
    const known = await tx.referrer.findUnique({
      where: { id: recipientId },
      select: { title: true, name: true, kind: true, retiredAt: true },
    });
    if (known === null || known.retiredAt !== null) {
      throw badInput('recipientId: the directory of referrers has no such entry, or it is retired.');
    }
    if (isForGp && known.kind !== 'GP')
      throw badInput('recipientId: is not a GP in the directory of referrers.');
    return { recipientId, recipientName: known.title === null ? known.name : `${known.title} ${known.name}` };
  }

  /**
   * Whoever referred the patient, unless somebody of their practice is chosen; a case of no referral, or of one that nobody
   * is named in, takes whom it is given. Throws BAD_INPUT for anybody else.
   */
  async #referrer(tx: Tx, caseId: string, to: LetterRecipientInput): Promise<Named> {
    const referrer = await this.#referrerOf(tx, caseId);
    if (referrer === null) return this.#named(tx, to);
    if (to.recipientId) {
      const chosen = await tx.referrer.findUnique({ where: { id: to.recipientId }, select: ENTRY });
      if (chosen !== null && !isReferrerOrTheirPractice(chosen, referrer)) {
        throw badInput('recipientId: is neither whoever referred the patient nor of their practice.');
      }
      return this.#named(tx, to);
    }
    if (to.recipientName && !isSame(to.recipientName, referrer.name)) {
      throw badInput('recipientName: the referral names somebody else. Leave it out to write to them.');
    }
    return this.#named(tx, { recipientId: referrer.entry?.id ?? null, recipientName: referrer.name });
  }

  async #referrerOf(tx: Tx, caseId: string): Promise<KnownReferrer | null> {
    const { referral } = await tx.meetingCase.findUniqueOrThrow({
      where: { id: caseId },
      select: {
        referral: {
          select: { referrerName: true, referrerOrganisation: true, referrer: { select: ENTRY } },
        },
      },
    });
    if (referral === null) return null;
    const { referrer: entry, referrerName: name, referrerOrganisation: organisation } = referral;
    return entry === null && name === null ? null : { name, organisation, entry };
  }

  async #facts(tx: Tx, decision: DecisionRow): Promise<LetterFacts> {
    const { kind, recommendation, reason, options, evidence, dissent, followUp } = toVersion(
      currentOf(decision),
    );
    const { question } = await tx.meetingCase.findUniqueOrThrow({
      where: { id: decision.caseId },
      select: { question: true },
    });
    const actions = await tx.decisionAction.findMany({
      where: { decisionId: decision.id, status: { not: 'CANCELLED' }, kind: { not: 'LETTER' } },
      orderBy: { id: 'asc' },
      select: { what: true },
    });
    const last = decision.patientWords.at(-1);
    return {
      ...{ kind, question, recommendation, reason, options, followUp },
      evidence: evidence.map(({ citation, says }) => `${citation}: ${says}`),
      dissent: dissent.map(({ who, what }) => `${who}: ${what}`),
      addenda: decision.addenda.map(({ text }) => text),
      steps: actions.map(({ what }) => what),
      choice: last?.choice ?? null,
      chosen: last?.chosen ?? null,
    };
  }
}
