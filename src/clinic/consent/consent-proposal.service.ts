import { Inject, Injectable } from '@nestjs/common';
import { Database, type Tx } from '../../platform/database/database.service.js';
import type { Prisma } from '../../platform/database/generated/client.js';
import { ConsentProposalStatus, ConsentPurpose } from '../../platform/database/generated/enums.js';
import { decodeCursor, encodeCursor, type Page, type PageInput } from '../../platform/graphql/page.type.js';
import { badInput, notFound } from '../../platform/refusal/refusal.js';
import { Clock, dateFromInstant, Temporal } from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { StaffActor } from '../audit/audit.type.js';
import { WordingDiffers } from './consent.refusals.js';
import type { ConsentWording } from './consent.type.js';
import { ProposalAlreadySettled, WordingVersionTaken } from './consent-proposal.refusals.js';
import {
  type ConsentWordingProposal,
  type DiscardConsentWordingInput,
  type ProposeConsentWordingInput,
  type PublishConsentWordingInput,
  toProposal,
} from './consent-proposal.type.js';
import { sha256Of, toWording } from './consent-wording.service.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** How a new wording comes to be: somebody proposes it, somebody who has read it publishes it, nobody edits it. */
@Injectable()
export class ConsentProposalService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(AuditService) private readonly audit: AuditService,
  ) {}

  /** The latest first. They say nothing about a patient. */
  async proposals(
    status: ConsentProposalStatus | null,
    page: PageInput,
  ): Promise<Page<ConsentWordingProposal>> {
    const after = page.after ? decodeCursor(page.after, ['uuid'])[0] : undefined;
    const rows = await this.database.client.consentWordingProposal.findMany({
      where: {
        ...(status === null ? {} : { status }),
        ...(after === undefined ? {} : { id: { lt: after } }),
      },
      // Ids are UUID version 7: their order is the order in time.
      orderBy: { id: 'desc' },
      take: page.size + 1,
    });
    const items = rows.slice(0, page.size).map(toProposal);
    const last = items.at(-1);
    return { items, nextCursor: rows.length > page.size && last ? encodeCursor(last.id) : null };
  }

  /** Throws BAD_INPUT for a procedure of something that is none. */
  async proposeConsentWording(
    actor: StaffActor,
    input: ProposeConsentWordingInput,
  ): Promise<ConsentWordingProposal | WordingVersionTaken> {
    const { purpose, version, locale, text } = input;
    const procedureCode = input.procedureCode ?? null;
    if (procedureCode !== null && purpose !== ConsentPurpose.PROCEDURE) {
      throw badInput('procedureCode: is said of a procedure only.');
    }
    return this.database.transaction(async (tx) => {
      const taken = await tx.consentWording.count({ where: { purpose, version, locale } });
      if (taken > 0) return new WordingVersionTaken(version, locale);
      const row = await tx.consentWordingProposal.create({
        data: {
          ...{ purpose, procedureCode, version, locale, text, sha256: sha256Of(text) },
          ...{ reason: input.reason.trim(), proposedAt: this.#now(), proposedById: actor.id },
        },
      });
      const proposal = toProposal(row);
      await this.#record(tx, actor, 'consent.wording-proposed', proposal);
      return proposal;
    });
  }

  /** Publishes the text as it was proposed. Throws NOT_FOUND, and BAD_INPUT for a moment in the past or one that is taken. */
  async publishConsentWording(
    actor: StaffActor,
    input: PublishConsentWordingInput,
  ): Promise<ConsentWording | ProposalAlreadySettled | WordingDiffers | WordingVersionTaken> {
    const now = this.clock.now();
    const effectiveFrom = input.effectiveFrom ?? now;
    if (Temporal.Instant.compare(effectiveFrom, now) < 0) {
      throw badInput('effectiveFrom: must not be in the past: people were asked the wording of then.');
    }
    const proposed = await this.#mustHave(this.database.client, input.proposalId);
    return this.database.transaction<
      ConsentWording | ProposalAlreadySettled | WordingDiffers,
      WordingVersionTaken
    >(
      async (tx) => {
        if (proposed.sha256 !== input.sha256) return new WordingDiffers(proposed.sha256);
        const settled = await this.#settle(tx, actor, input.proposalId, { status: 'PUBLISHED' });
        if (settled instanceof ProposalAlreadySettled) return settled;
        const { purpose, procedureCode, version, locale, text, sha256 } = settled;
        const begins = dateFromInstant(effectiveFrom);
        const atOnce = await tx.consentWording.count({
          where: { purpose, procedureCode, locale, effectiveFrom: begins },
        });
        if (atOnce > 0) throw badInput('effectiveFrom: another wording begins at that very moment.');
        const row = await tx.consentWording.create({
          data: {
            ...{ purpose, procedureCode, version, locale, text, sha256, effectiveFrom: begins },
            ...{ publishedAt: this.#now(), publishedById: actor.id, proposalId: settled.id },
          },
        });
        const { text: _, ...after } = toWording(row, Temporal.Instant.compare(effectiveFrom, now) <= 0);
        await this.audit.record(tx, actor, {
          action: 'consent.wording-published',
          subjectType: 'consent-wording',
          subjectId: row.id,
          before: { proposalId: settled.id, status: proposed.status },
          after,
        });
        return { ...after, text };
      },
      {
        onConstraint: {
          consent_wordings_purpose_version_locale_key: () =>
            new WordingVersionTaken(proposed.version, proposed.locale),
        },
      },
    );
  }

  /** Throws NOT_FOUND. */
  async discardConsentWording(
    actor: StaffActor,
    input: DiscardConsentWordingInput,
  ): Promise<ConsentWordingProposal | ProposalAlreadySettled> {
    return this.database.transaction(async (tx) => {
      const before = await this.#mustHave(tx, input.proposalId);
      const settleReason = input.reason.trim();
      const settled = await this.#settle(tx, actor, input.proposalId, { status: 'DISCARDED', settleReason });
      if (settled instanceof ProposalAlreadySettled) return settled;
      await this.#record(tx, actor, 'consent.wording-discarded', settled, before);
      return settled;
    });
  }

  /** Once, whoever comes first. */
  async #settle(
    tx: Tx,
    actor: StaffActor,
    id: string,
    as: { readonly status: 'PUBLISHED' | 'DISCARDED'; readonly settleReason?: string },
  ): Promise<ConsentWordingProposal | ProposalAlreadySettled> {
    const { count } = await tx.consentWordingProposal.updateMany({
      where: { id, status: ConsentProposalStatus.PROPOSED },
      data: { ...as, settledAt: this.#now(), settledById: actor.id },
    });
    const proposal = await this.#mustHave(tx, id);
    return count === 1 ? proposal : new ProposalAlreadySettled(proposal.status);
  }

  async #mustHave(
    client: Pick<Prisma.TransactionClient, 'consentWordingProposal'>,
    id: string,
  ): Promise<ConsentWordingProposal> {
    const row = UUID.test(id) ? await client.consentWordingProposal.findUnique({ where: { id } }) : null;
    if (row === null) throw notFound('proposal');
    return toProposal(row);
  }

  #now(): Date {
    return dateFromInstant(this.clock.now());
  }

  async #record(
    tx: Tx,
    actor: StaffActor,
    action: string,
    { text: _, ...after }: ConsentWordingProposal,
    before?: ConsentWordingProposal,
  ): Promise<void> {
    await this.audit.record(tx, actor, {
      action,
      subjectType: 'consent-wording-proposal',
      subjectId: after.id,
      ...(before === undefined ? {} : { before: { status: before.status } }),
      after,
    });
  }
}
