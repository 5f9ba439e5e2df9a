import { Inject, Injectable } from '@nestjs/common';
import { Database, type Tx } from '../../platform/database/database.service.js';
import type { Prisma } from '../../platform/database/generated/client.js';
import { ProposalStatus, TreatmentOrigin } from '../../platform/database/generated/enums.js';
import { decodeCursor, encodeCursor, type Page, type PageInput } from '../../platform/graphql/page.type.js';
import { isRefusal, notFound, type Refusal } from '../../platform/refusal/refusal.js';
import { Clock, dateFromInstant } from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { StaffActor } from '../audit/audit.type.js';
import { ReferralService } from '../referrals/referral.service.js';
import { TreatmentService } from '../treatments/treatment.service.js';
import type { Treatment } from '../treatments/treatment.type.js';
import { DiaryRecordService } from './diary-record.service.js';
import { toProposal } from './diary-row.type.js';
import type {
  DeclineProposalInput,
  TakeProposalInput,
  TreatmentProposalFilterInput,
} from './proposal.type.js';
import { ProposalSettled, ResponseChanged } from './response.refusals.js';
import type { TreatmentProposal } from './response.type.js';

const AFTER_POSITIVE = 'The response to an earlier block of the same place was positive.';
const AFTER_PARTIAL = 'The response to an earlier block of the same place was partial: it is repeated once.';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const WITH_PATIENT = {
  judgement: {
    select: { followUp: true, diary: { select: { treatment: { select: { patientId: true } } } } },
  },
} as const satisfies Prisma.TreatmentProposalInclude;

type Row = Prisma.TreatmentProposalGetPayload<{ include: typeof WITH_PATIENT }>;

/** What a response proposes: a clinician takes it up, or says why not. */
@Injectable()
export class ProposalService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(AuditService) private readonly audit: AuditService,
    @Inject(TreatmentService)
    private readonly treatments: Pick<
      TreatmentService,
      'lock' | 'request' | 'standingFindings' | 'treatment'
    >,
    @Inject(ReferralService) private readonly referrals: Pick<ReferralService, 'mustHaveReferral'>,
    @Inject(DiaryRecordService) private readonly records: DiaryRecordService,
  ) {}

  /** Proposals, the newest first. The look is recorded. */
  async treatmentProposals(
    actor: StaffActor,
    { status, patientId }: TreatmentProposalFilterInput,
    page: PageInput,
  ): Promise<Page<TreatmentProposal>> {
    const after = page.after ? decodeCursor(page.after, ['uuid'])[0] : null;
    return this.database.transaction(async (tx) => {
      const rows = await tx.treatmentProposal.findMany({
        where: {
          ...(status ? { status } : {}),
          ...(patientId ? { judgement: { diary: { treatment: { patientId } } } } : {}),
          ...(after === null ? {} : { id: { lt: after } }),
        },
        include: WITH_PATIENT,
        orderBy: { id: 'desc' },
        take: page.size + 1,
      });
      const items = rows.slice(0, page.size).map(toOwn);
      await this.records.look(
        tx,
        actor,
        items.map(({ patientId: id }) => id),
      );
      const last = items.at(-1);
      return { items, nextCursor: rows.length > page.size && last ? encodeCursor(last.id) : null };
    });
  }

  /** Asks for the treatment, at the places that were treated. Taken once, however many do at once. Throws NOT_FOUND. */
  async takeProposal(actor: StaffActor, input: TakeProposalInput): Promise<TreatmentProposal | Refusal> {
    return this.database.transaction<TreatmentProposal | Refusal>(async (tx) => {
      const held = await this.#held(tx, input);
      if (isRefusal(held)) return held;
      const { proposal, block } = held;
      const asked = await this.treatments.request(tx, actor, {
        ...{ patientId: block.patientId, referralId: block.referralId, kind: proposal.kind },
        ...{ origin: TreatmentOrigin.RESPONSE, originId: proposal.id },
        ...{ indication: input.indication, alternatives: input.alternatives },
        ...{ conservativeWeeks: block.conservativeWeeks, payerCode: block.payerCode },
        because: proposal.isRepeat ? AFTER_PARTIAL : AFTER_POSITIVE,
        otherName: proposal.isRepeat ? block.otherName : null,
        targets: await this.#placesOf(tx, block, proposal),
      });
      if (isRefusal(asked)) return asked;
      return this.#settle(tx, actor, proposal, 'taken', {
        status: ProposalStatus.TAKEN,
        takenTreatmentId: asked.id,
      });
    });
  }

  /**
   * The places that were treated, each with the finding that suggested it. One that a later version of its report superseded
   * suggests nothing any more: then the response itself is what suggests the place.
   */
  async #placesOf(tx: Tx, { record, targets }: Treatment, { isRepeat }: TreatmentProposal) {
    const treated = new Set(
      record?.targets.flatMap(({ wasTreated, position }) => (wasTreated ? [position] : [])),
    );
    const own = targets.filter(({ position }) => record === null || treated.has(position));
    const ids = own.flatMap(({ findingId }) => findingId ?? []);
    const standing = await this.treatments.standingFindings(tx, ids);
    return own.map(({ structure, level, side, detail, findingId }) => {
      const stands = findingId !== null && standing.has(findingId);
      return {
        ...{ structure, level, side, detail, findingId: stands ? findingId : null },
        noFindingBecause: stands ? null : isRepeat ? AFTER_PARTIAL : AFTER_POSITIVE,
      };
    });
  }

  /** Says no, with a reason. Throws NOT_FOUND. */
  async declineProposal(
    actor: StaffActor,
    input: DeclineProposalInput,
  ): Promise<TreatmentProposal | Refusal> {
    return this.database.transaction<TreatmentProposal | Refusal>(async (tx) => {
      const held = await this.#held(tx, input);
      if (isRefusal(held)) return held;
      return this.#settle(tx, actor, held.proposal, 'declined', {
        status: ProposalStatus.DECLINED,
        reason: input.reason.normalize('NFC').trim(),
      });
    });
  }

  /** The treatment is held: whoever judges it again, or settles the proposal, comes before or after. */
  async #held(
    tx: Tx,
    { proposalId, version }: { readonly proposalId: string; readonly version: number },
  ): Promise<
    { readonly proposal: TreatmentProposal; readonly block: Treatment } | ProposalSettled | ResponseChanged
  > {
    const block = await this.#block(tx, proposalId);
    const proposal = await this.#read(tx, proposalId);
    if (proposal.status !== ProposalStatus.OPEN) return new ProposalSettled(proposal.status);
    return proposal.version === version ? { proposal, block } : new ResponseChanged(proposal.version);
  }

  /** In the house's order a referral is held before its patient: asking for the treatment holds both, and the block after. */
  async #block(tx: Tx, proposalId: string): Promise<Treatment> {
    const { treatmentId } = await this.#read(tx, proposalId);
    const { referralId } = await this.treatments.treatment(tx, treatmentId);
    await this.referrals.mustHaveReferral(tx, referralId, { hold: true });
    return this.treatments.lock(tx, treatmentId);
  }

  async #read(tx: Tx, id: string): Promise<TreatmentProposal> {
    const row = UUID.test(id)
      ? await tx.treatmentProposal.findUnique({ where: { id }, include: WITH_PATIENT })
      : null;
    if (row === null) throw notFound('proposal');
    return toOwn(row);
  }

  async #settle(
    tx: Tx,
    actor: StaffActor,
    { id, treatmentId, patientId, version }: TreatmentProposal,
    done: string,
    change: Prisma.TreatmentProposalUncheckedUpdateInput,
  ): Promise<TreatmentProposal> {
    await tx.treatmentProposal.update({
      where: { id },
      data: {
        ...change,
        settledAt: dateFromInstant(this.clock.now()),
        settledById: actor.id,
        version: { increment: 1 },
      },
      select: { id: true },
    });
    const after = await this.#read(tx, id);
    await this.audit.record(tx, actor, {
      action: `treatment-proposal.${done}`,
      subjectType: 'treatment-proposal',
      subjectId: id,
      patientIds: [patientId],
      before: { version },
      after: {
        treatmentId,
        status: after.status,
        takenTreatmentId: after.takenTreatmentId,
        version: after.version,
      },
    });
    return after;
  }
}

function toOwn({ judgement, ...row }: Row): TreatmentProposal {
  return toProposal(row, judgement.diary.treatment.patientId, judgement.followUp);
}
