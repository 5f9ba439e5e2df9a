import { Inject, Injectable } from '@nestjs/common';
import { Database, type Tx } from '../../platform/database/database.service.js';
import type { Prisma, CaseProposal as ProposalRow } from '../../platform/database/generated/client.js';
import { CaseProposalStatus, type CaseSourceKind } from '../../platform/database/generated/enums.js';
import { decodeCursor, encodeCursor, type Page, type PageInput } from '../../platform/graphql/page.type.js';
import { notFound } from '../../platform/refusal/refusal.js';
import { Clock, dateFromInstant, instantFromDate } from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { Actor, StaffActor } from '../audit/audit.type.js';
import { CaseGroundService } from './case-ground.service.js';
import { CasePreparationService } from './case-preparation.service.js';
import type {
  AcceptProposalInput,
  CaseProposal,
  DismissProposalInput,
  ProposeForTeamInput,
} from './case-proposal.type.js';
import { heldProposal } from './meeting.queries.js';
import { AlreadyProposed, CaseProposalAlreadySettled } from './meeting-case.refusals.js';
import type { MeetingCase } from './meeting-case.type.js';

/** What the system proposes because of a source, or no longer does. */
export interface CaseSuggestion {
  readonly patientId: string;
  readonly referralId: string | null;
  readonly kind: CaseSourceKind;
  readonly sourceId: string;
  /** What it stands on: the judgement, or the signed version. */
  readonly groundId: string;
  /** Null: as things stand there is nothing to propose. */
  readonly because: string | null;
  /** Of an earlier proposal that this one, or none, stands in the place of. */
  readonly withdrawReason: string;
}

/** Who ought to be brought before the team. One proposal for what a source says, settled once. */
@Injectable()
export class CaseProposalService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(AuditService) private readonly audit: AuditService,
    @Inject(CaseGroundService) private readonly ground: CaseGroundService,
    @Inject(CasePreparationService) private readonly preparation: CasePreparationService,
  ) {}

  /** The oldest first. The look is recorded. */
  async caseProposals(
    actor: StaffActor,
    status: CaseProposalStatus | null,
    page: PageInput,
  ): Promise<Page<CaseProposal>> {
    const after = page.after ? decodeCursor(page.after, ['uuid'])[0] : null;
    return this.database.transaction(async (tx) => {
      const rows = await tx.caseProposal.findMany({
        where: { ...(status ? { status } : {}), ...(after === null ? {} : { id: { gt: after } }) },
        orderBy: { id: 'asc' },
        take: page.size + 1,
      });
      const shown = rows.slice(0, page.size);
      await this.audit.record(tx, actor, {
        action: 'case-proposals.viewed',
        subjectType: 'case-proposal',
        patientIds: [...new Set(shown.map(({ patientId }) => patientId))],
      });
      const last = shown.at(-1);
      const isMore = rows.length > page.size && last !== undefined;
      return { items: shown.map(toProposal), nextCursor: isMore ? encodeCursor(last.id) : null };
    });
  }

  /** Throws NOT_FOUND. */
  async proposeForTeam(
    actor: StaffActor,
    input: ProposeForTeamInput,
  ): Promise<CaseProposal | AlreadyProposed> {
    return this.database.transaction<CaseProposal | AlreadyProposed, AlreadyProposed>(
      async (tx) => {
        await this.ground.mustHavePatient(tx, input.patientId, input.referralId ?? null);
        await this.ground.mustHaveSources(tx, input.patientId, [input]);
        const { patientId, kind, sourceId } = input;
        const status = { not: CaseProposalStatus.WITHDRAWN };
        const known = await tx.caseProposal.count({ where: { patientId, kind, sourceId, status } });
        if (known > 0) return new AlreadyProposed();
        const row = await tx.caseProposal.create({ data: this.#data(input, actor.id) });
        return this.#record(tx, actor, 'made', null, row);
      },
      {
        onConstraint: {
          case_proposals_once: () => new AlreadyProposed(),
          case_proposals_one_open: () => new AlreadyProposed(),
        },
      },
    );
  }

  /**
   * For this room: what the system proposes because of a source, as things stand now. The patient is held. What a person
   * proposed or settled stays as it is, and is not proposed again until the source stands on other ground; an open proposal of
   * the system goes with the ground that it stood on.
   */
  async suggest(tx: Tx, actor: Actor, wish: CaseSuggestion): Promise<void> {
    const { patientId, kind, sourceId, groundId, because } = wish;
    const mine = { patientId, kind, sourceId };
    const open = await tx.caseProposal.findFirst({ where: { ...mine, status: CaseProposalStatus.OPEN } });
    const before = open === null ? null : await this.#hold(tx, open.id);
    if (before?.status === CaseProposalStatus.OPEN) {
      if (before.groundId === null || (because !== null && before.groundId === groundId)) return;
      const status = CaseProposalStatus.WITHDRAWN;
      await this.#settle(tx, actor, before, { status, withdrawReason: wish.withdrawReason });
    }
    if (because === null) return;
    const standing = { ...mine, groundId, status: { not: CaseProposalStatus.WITHDRAWN } };
    if ((await tx.caseProposal.count({ where: standing })) > 0) return;
    const row = await tx.caseProposal.create({
      data: { ...this.#data({ ...wish, because }, null), groundId },
    });
    await this.#record(tx, actor, 'made', null, row);
  }

  /** It becomes a case, with its source. Throws NOT_FOUND. */
  async acceptProposal(
    actor: StaffActor,
    { proposalId, question }: AcceptProposalInput,
  ): Promise<MeetingCase | CaseProposalAlreadySettled> {
    return this.database.transaction(async (tx) => {
      const found = await this.#row(tx, proposalId);
      const { patientId, referralId, kind, sourceId } = found;
      await this.ground.mustHavePatient(tx, patientId, referralId);
      const before = await this.#hold(tx, proposalId);
      if (before.status !== 'OPEN') return new CaseProposalAlreadySettled();
      const sources = [{ kind, sourceId }];
      const made = await this.preparation.propose(tx, actor, { patientId, referralId, question, sources });
      await this.#settle(tx, actor, before, { status: 'ACCEPTED', caseId: made.id });
      return made;
    });
  }

  /** Throws NOT_FOUND. */
  async dismissProposal(
    actor: StaffActor,
    { proposalId, reason }: DismissProposalInput,
  ): Promise<CaseProposal | CaseProposalAlreadySettled> {
    return this.database.transaction(async (tx) => {
      const before = await this.#hold(tx, proposalId);
      if (before.status !== 'OPEN') return new CaseProposalAlreadySettled();
      return this.#settle(tx, actor, before, { status: 'DISMISSED', dismissReason: reason.trim() });
    });
  }

  #data(input: ProposeForTeamInput, proposedById: string | null): Prisma.CaseProposalUncheckedCreateInput {
    return {
      patientId: input.patientId,
      referralId: input.referralId ?? null,
      kind: input.kind,
      sourceId: input.sourceId,
      because: input.because.trim(),
      proposedAt: dateFromInstant(this.clock.now()),
      proposedById,
    };
  }

  async #settle(
    tx: Tx,
    actor: Actor,
    before: ProposalRow,
    outcome: Prisma.CaseProposalUncheckedUpdateInput,
  ): Promise<CaseProposal> {
    const row = await tx.caseProposal.update({
      where: { id: before.id },
      data: { ...outcome, settledAt: dateFromInstant(this.clock.now()), settledById: actor.id },
    });
    return this.#record(tx, actor, row.status.toLowerCase(), before, row);
  }

  async #hold(tx: Tx, id: string): Promise<ProposalRow> {
    await tx.$queryRaw(heldProposal(id));
    return this.#row(tx, id);
  }

  async #row(tx: Tx, id: string): Promise<ProposalRow> {
    const row = await tx.caseProposal.findUnique({ where: { id } });
    if (row === null) throw notFound('proposal');
    return row;
  }

  async #record(
    tx: Tx,
    actor: Actor,
    action: string,
    before: ProposalRow | null,
    row: ProposalRow,
  ): Promise<CaseProposal> {
    await this.audit.record(tx, actor, {
      action: `case-proposal.${action}`,
      subjectType: 'case-proposal',
      subjectId: row.id,
      patientIds: [row.patientId],
      ...(before === null ? {} : { before: withoutWords(before) }),
      after: withoutWords(row),
    });
    return toProposal(row);
  }
}

function toProposal(row: ProposalRow): CaseProposal {
  return {
    ...row,
    proposedAt: instantFromDate(row.proposedAt),
    settledAt: row.settledAt === null ? null : instantFromDate(row.settledAt),
  };
}

/** Reasons name responses and findings: they stay in this room. */
function withoutWords(row: ProposalRow): object {
  const { because: _, dismissReason: __, withdrawReason: ___, ...facts } = toProposal(row);
  return facts;
}
