import { Inject, Injectable } from '@nestjs/common';
import { Database, type Tx } from '../../platform/database/database.service.js';
import type { DecisionLetter as LetterRow, Prisma } from '../../platform/database/generated/client.js';
import { Outbox } from '../../platform/outbox/index.js';
import { notFound, type Refusal } from '../../platform/refusal/refusal.js';
import { Clock, dateFromInstant, instantFromDate } from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { StaffActor } from '../audit/audit.type.js';
import { heldLetter } from './decision.queries.js';
import { LetterBehindDecision, LetterChanged, LetterStandsOtherwise } from './decision.refusals.js';
import { DecisionGroundService } from './decision-ground.service.js';
import {
  type DecisionLetter,
  LETTER_APPROVED,
  type RewordDecisionLetterInput,
} from './decision-letter.type.js';
import { DecisionRecordService, type DecisionRow } from './decision-record.service.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** A letter with its decision, both held. */
interface HeldLetter {
  readonly letter: LetterRow;
  readonly decision: DecisionRow;
}

/** What patient, GP and referrer are told of a decision: written, approved by a clinician, sent once. */
@Injectable()
export class DecisionLetterService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Outbox) private readonly outbox: Outbox,
    @Inject(AuditService) private readonly audit: AuditService,
    @Inject(DecisionRecordService) private readonly decisions: DecisionRecordService,
    @Inject(DecisionGroundService) private readonly ground: DecisionGroundService,
  ) {
    outbox.declare(LETTER_APPROVED);
  }

  /**
   * Of several who write at once none loses a word. What came since it was drafted its facts do not know of: another text
   * does not change that, and it is drafted anew. Throws NOT_FOUND.
   */
  async rewordDecisionLetter(
    actor: StaffActor,
    { letterId, version, text }: RewordDecisionLetterInput,
  ): Promise<DecisionLetter | Refusal> {
    return this.database.transaction<DecisionLetter | Refusal>(async (tx) => {
      const held = await this.#hold(tx, letterId);
      const refusal = cannotChange(held, version, text) ?? behind(held);
      if (refusal !== null) return refusal;
      return this.#write(tx, actor, held, 'edited', { text: text.normalize('NFC').trim() });
    });
  }

  /** As the clinician who is signed in has read it; it is sent once. Throws NOT_FOUND. */
  async approveDecisionLetter(
    actor: StaffActor,
    letterId: string,
    version: number,
  ): Promise<DecisionLetter | Refusal> {
    return this.database.transaction<DecisionLetter | Refusal>(async (tx) => {
      const held = await this.#hold(tx, letterId);
      const refusal = cannotChange(held, version, null) ?? behind(held);
      if (refusal !== null) return refusal;
      const approved = await this.#write(tx, actor, held, 'approved', {
        ...{ status: 'APPROVED', approvedById: actor.id },
        approvedByName: await this.ground.nameOf(tx, actor.id),
        approvedAt: dateFromInstant(this.clock.now()),
      });
      await this.outbox.post(tx, {
        ...{ topic: LETTER_APPROVED, subjectId: approved.id, version: approved.version },
      });
      return approved;
    });
  }

  /** Throws NOT_FOUND. */
  async discardDecisionLetter(
    actor: StaffActor,
    letterId: string,
    version: number,
  ): Promise<DecisionLetter | Refusal> {
    return this.database.transaction<DecisionLetter | Refusal>(async (tx) => {
      const held = await this.#hold(tx, letterId);
      const refusal = cannotChange(held, version, null);
      if (refusal !== null) return refusal;
      return this.#write(tx, actor, held, 'discarded', this.#discarded());
    });
  }

  /** For this room: of what the team has decided otherwise since nobody is told any more. Those decisions are held. */
  async discardDraftsOf(tx: Tx, actor: StaffActor, decisionIds: readonly string[]): Promise<void> {
    const drafts = await tx.decisionLetter.findMany({
      where: { decisionId: { in: [...decisionIds] }, status: 'DRAFT' },
      orderBy: { id: 'asc' },
      select: { id: true },
    });
    for (const { id } of drafts) {
      await this.#write(tx, actor, await this.#hold(tx, id), 'discarded', this.#discarded());
    }
  }

  /** By decision, in one statement. Whoever shows the decisions records the look. */
  async ofDecisions(decisionIds: readonly string[]): Promise<ReadonlyMap<string, readonly DecisionLetter[]>> {
    const rows = await this.database.client.decisionLetter.findMany({
      where: { decisionId: { in: [...decisionIds] } },
      orderBy: { id: 'asc' },
    });
    return new Map(decisionIds.map((id) => [id, rows.filter((row) => row.decisionId === id).map(toLetter)]));
  }

  /** For this room: says what was done with a letter. Words stay out of the record. */
  async record(
    tx: Tx,
    actor: StaffActor,
    done: string,
    patientId: string,
    row: LetterRow,
  ): Promise<DecisionLetter> {
    const { decisionId, audience, status, version } = row;
    await this.audit.record(tx, actor, {
      action: `decision-letter.${done}`,
      subjectType: 'decision-letter',
      subjectId: row.id,
      patientIds: [patientId],
      after: { decisionId, audience, status, version },
    });
    return toLetter(row);
  }

  async #write(
    tx: Tx,
    actor: StaffActor,
    { letter, decision }: HeldLetter,
    done: 'edited' | 'approved' | 'discarded',
    data: Prisma.DecisionLetterUncheckedUpdateInput,
  ): Promise<DecisionLetter> {
    const row = await tx.decisionLetter.update({
      where: { id: letter.id },
      data: {
        ...{ ...data, version: { increment: 1 }, changedById: actor.id },
        changedAt: dateFromInstant(this.clock.now()),
      },
    });
    return this.record(tx, actor, done, decision.patientId, row);
  }

  #discarded() {
    return { status: 'DISCARDED', discardedAt: dateFromInstant(this.clock.now()) } as const;
  }

  /** The decision before its letter, as everybody holds them. */
  async #hold(tx: Tx, id: string): Promise<HeldLetter> {
    const known = UUID.test(id)
      ? await tx.decisionLetter.findUnique({ where: { id }, select: { decisionId: true } })
      : null;
    if (known === null) throw notFound('letter');
    const decision = await this.decisions.hold(tx, known.decisionId);
    await tx.$queryRaw(heldLetter(id));
    return { decision, letter: await tx.decisionLetter.findUniqueOrThrow({ where: { id } }) };
  }
}

function cannotChange(
  { letter: { status, version: current, text } }: HeldLetter,
  version: number,
  yours: string | null,
): LetterStandsOtherwise | LetterChanged | null {
  if (status !== 'DRAFT') return new LetterStandsOtherwise(status);
  return version === current ? null : new LetterChanged(current, text, yours);
}

/** Nobody is told what the patient has taken back since, or what was put right. */
function behind({ letter, decision }: HeldLetter): LetterBehindDecision | null {
  const isUpToDate =
    letter.addendaSeen === decision.addenda.length && letter.wordsSeen === decision.patientWords.length;
  return isUpToDate ? null : new LetterBehindDecision();
}

function toLetter(row: LetterRow): DecisionLetter {
  const { id, decisionId, audience, status, recipientId, recipientName, text, version, changedById } = row;
  return {
    ...{ id, decisionId, audience, status, recipientId, recipientName, text, version, changedById },
    ...{ approvedByName: row.approvedByName, changedAt: instantFromDate(row.changedAt) },
    approvedAt: row.approvedAt === null ? null : instantFromDate(row.approvedAt),
  };
}
