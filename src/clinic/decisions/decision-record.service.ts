import { Inject, Injectable } from '@nestjs/common';
import { Database, type Tx } from '../../platform/database/database.service.js';
import type { CaseDecisionVersion, Prisma } from '../../platform/database/generated/client.js';
import { notFound } from '../../platform/refusal/refusal.js';
import { instantFromDate } from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { Actor, StaffActor } from '../audit/audit.type.js';
import { heldDecision } from './decision.queries.js';
import type { DecisionStanding } from './decision.rules.js';
import type {
  CaseDecision,
  DecisionCode,
  DecisionDissent,
  DecisionEvidence,
  DecisionOption,
  DecisionVersion,
} from './decision.type.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** What the record of one patient shows; older ones are found with their cases. */
export const DECISIONS_OF_A_PATIENT_MAX = 100;

const WHOLE_DECISION = {
  versions: { orderBy: { number: 'asc' } },
  addenda: { orderBy: { number: 'asc' } },
  patientWords: { orderBy: { number: 'asc' } },
} as const satisfies Prisma.CaseDecisionInclude;
export type DecisionRow = Prisma.CaseDecisionGetPayload<{ include: typeof WHOLE_DECISION }>;

/** Decisions as they are read and written down. */
@Injectable()
export class DecisionRecordService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(AuditService) private readonly audit: AuditService,
  ) {}

  /** One. The look is recorded. Throws NOT_FOUND. */
  async caseDecision(actor: StaffActor, id: string): Promise<CaseDecision> {
    return this.database.transaction(async (tx) => {
      const shown = toDecision(await this.mustHave(tx, id));
      await this.#look(tx, actor, [shown]);
      return shown;
    });
  }

  /** By case, in one statement. The look is recorded. */
  async ofCases(actor: StaffActor, caseIds: readonly string[]): Promise<ReadonlyMap<string, CaseDecision>> {
    const shown = await this.#shown(actor, { caseId: { in: [...caseIds] } });
    return new Map(shown.map((decision) => [decision.caseId, decision]));
  }

  /** By patient, the newest first, of each at most `DECISIONS_OF_A_PATIENT_MAX`. The look is recorded. */
  async ofPatients(
    actor: StaffActor,
    patientIds: readonly string[],
  ): Promise<ReadonlyMap<string, readonly CaseDecision[]>> {
    const known = await this.database.client.caseDecision.findMany({
      where: { patientId: { in: [...patientIds] } },
      select: { id: true, patientId: true },
      orderBy: { id: 'desc' },
    });
    const last = patientIds.flatMap((id) =>
      known.filter(({ patientId }) => patientId === id).slice(0, DECISIONS_OF_A_PATIENT_MAX),
    );
    const shown = await this.#shown(actor, { id: { in: last.map(({ id }) => id) } });
    return new Map(patientIds.map((id) => [id, shown.filter(({ patientId }) => patientId === id)]));
  }

  /** For this room: a decision as it stands. Throws NOT_FOUND. */
  async mustHave(client: Tx, id: string): Promise<DecisionRow> {
    const row = UUID.test(id)
      ? await client.caseDecision.findUnique({ where: { id }, include: WHOLE_DECISION })
      : null;
    if (row === null) throw notFound('decision');
    return row;
  }

  /** For this room: the decision of a case; null: none yet. The case is held. */
  async ofCase(tx: Tx, caseId: string): Promise<DecisionRow | null> {
    return tx.caseDecision.findUnique({ where: { caseId }, include: WHOLE_DECISION });
  }

  /** For this room: a decision, held until the transaction ends. Throws NOT_FOUND. */
  async hold(tx: Tx, id: string): Promise<DecisionRow> {
    if (!UUID.test(id)) throw notFound('decision');
    await tx.$queryRaw(heldDecision(id));
    return this.mustHave(tx, id);
  }

  /**
   * For this room: the decision that stands instead of a signed one, which is a recommendation of a later discussion for the
   * same referral; null: none.
   */
  async newerOf(client: Tx, decision: Pick<DecisionRow, 'caseId' | 'patientId'>): Promise<string | null> {
    const { referralId, discussedFrom } = await this.#discussionOf(client, decision);
    const newer = await client.caseDecision.findFirst({
      where: {
        ...{ patientId: decision.patientId, status: 'SIGNED', signedKind: 'RECOMMENDATION' },
        meetingCase: { referralId, discussedFrom: { gt: discussedFrom } },
      },
      orderBy: { meetingCase: { discussedFrom: 'desc' } },
      select: { id: true },
    });
    return newer?.id ?? null;
  }

  /** For this room: the signed decisions of earlier discussions for the same referral, in whose stead this one stands. */
  async olderOf(client: Tx, decision: DecisionRow): Promise<readonly string[]> {
    const { referralId, discussedFrom } = await this.#discussionOf(client, decision);
    const older = await client.caseDecision.findMany({
      where: {
        ...{ patientId: decision.patientId, status: 'SIGNED' },
        meetingCase: { referralId, discussedFrom: { lt: discussedFrom } },
      },
      orderBy: { id: 'asc' },
      select: { id: true },
    });
    return older.map(({ id }) => id);
  }

  /** For this room: says what was done with a decision, and answers with it as it stands. Words stay out of the record. */
  async record(
    tx: Tx,
    actor: Actor,
    done: string,
    before: DecisionRow | null,
    id: string,
    said: object = {},
  ): Promise<CaseDecision> {
    const row = await this.mustHave(tx, id);
    await this.audit.record(tx, actor, {
      action: `case-decision.${done}`,
      subjectType: 'case-decision',
      subjectId: id,
      patientIds: [row.patientId],
      ...(before === null ? {} : { before: standingInRecord(before) }),
      after: { ...standingInRecord(row), ...said },
    });
    return toDecision(row);
  }

  async #discussionOf(client: Tx, { caseId }: Pick<DecisionRow, 'caseId'>) {
    const { referralId, discussedFrom } = await client.meetingCase.findUniqueOrThrow({
      where: { id: caseId },
      select: { referralId: true, discussedFrom: true },
    });
    if (discussedFrom === null) throw new Error(`case ${caseId} has a decision and was not discussed`);
    return { referralId, discussedFrom };
  }

  async #shown(actor: StaffActor, where: Prisma.CaseDecisionWhereInput): Promise<readonly CaseDecision[]> {
    return this.database.transaction(async (tx) => {
      const rows = await tx.caseDecision.findMany({
        where,
        include: WHOLE_DECISION,
        orderBy: { id: 'desc' },
      });
      const shown = rows.map(toDecision);
      await this.#look(tx, actor, shown);
      return shown;
    });
  }

  async #look(tx: Tx, actor: Actor, shown: readonly CaseDecision[]): Promise<void> {
    const [first, ...others] = shown;
    if (first === undefined) return;
    await this.audit.record(tx, actor, {
      action: others.length === 0 ? 'case-decision.viewed' : 'case-decisions.viewed',
      subjectType: 'case-decision',
      ...(others.length === 0 ? { subjectId: first.id } : {}),
      patientIds: [...new Set(shown.map(({ patientId }) => patientId))],
    });
  }
}

function standingInRecord({ caseId, status, version, checkedVersion, signedKind }: DecisionRow) {
  return { caseId, status, version, checkedVersion, signedKind };
}

/** What stands, as the rules ask for it. */
export function standingOf(row: DecisionRow): DecisionStanding {
  const { kind, typedById, checkerId, sha256 } = currentOf(row);
  return { status: row.status, version: row.version, kind, typedById, checkerId, sha256 };
}

export function currentOf(row: DecisionRow): CaseDecisionVersion {
  const current = row.versions.find(({ number }) => number === row.version);
  if (current === undefined) throw new Error(`decision ${row.id} has no version ${row.version}`);
  return current;
}

export function toVersion(row: CaseDecisionVersion): DecisionVersion {
  const { number, kind, recommendation, reason, followUp, checkerId, typedById, sha256 } = row;
  return {
    ...{ number, kind, recommendation, reason, followUp, checkerId, typedById },
    // Written by this room alone, and never changed: they are what was typed.
    options: row.options as unknown as DecisionOption[],
    codes: row.codes as unknown as DecisionCode[],
    evidence: row.evidence as unknown as DecisionEvidence[],
    dissent: row.dissent as unknown as DecisionDissent[],
    typedAt: instantFromDate(row.typedAt),
    fingerprint: sha256,
  };
}

export function toDecision(row: DecisionRow): CaseDecision {
  const { id, caseId, patientId, status, version, checkedById, signedById, signedByName } = row;
  return {
    ...{ id, caseId, patientId, status, version, checkedById, signedById, signedByName },
    current: toVersion(currentOf(row)),
    versions: row.versions.map(toVersion),
    checkedAt: row.checkedAt === null ? null : instantFromDate(row.checkedAt),
    signedAt: row.signedAt === null ? null : instantFromDate(row.signedAt),
    quorumRequired: row.quorumRequired,
    quorumPresent: row.quorumPresent,
    addenda: row.addenda.map(({ id: _, decisionId: __, signedAt, ...addendum }) => ({
      ...addendum,
      signedAt: instantFromDate(signedAt),
    })),
    patientWords: row.patientWords.map(({ id: _, decisionId: __, decidedAt, recordedAt, ...word }) => ({
      ...word,
      decidedAt: instantFromDate(decidedAt),
      recordedAt: instantFromDate(recordedAt),
    })),
  };
}
