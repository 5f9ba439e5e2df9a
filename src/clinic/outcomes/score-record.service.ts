import { Inject, Injectable } from '@nestjs/common';
import { Database, type Tx } from '../../platform/database/database.service.js';
import type { Prisma } from '../../platform/database/generated/client.js';
import type { OutcomeInstrument } from '../../platform/database/generated/enums.js';
import { decodeCursor, encodeCursor, type Page, type PageInput } from '../../platform/graphql/page.type.js';
import { notFound } from '../../platform/refusal/refusal.js';
import { dateFromInstant, instantFromDate, Temporal } from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { Actor, StaffActor } from '../audit/audit.type.js';
import {
  bandOf,
  isRiskUnanswered,
  itemValues,
  type Marks,
  noTotalReason,
  riskAnswerOf,
} from './instrument.rules.js';
import type { OutcomeScore, ScoreQuestion } from './outcome.type.js';
import { latestScores, scorePages } from './score.queries.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** How many scores of a patient one list of all of them holds: more than anybody has answered. */
const SCORES_OF_A_PATIENT_MAX = 2_000;

const WHOLE = {
  replacedBy: { select: { id: true } },
  riskTask: { select: { id: true } },
} as const satisfies Prisma.OutcomeScoreInclude;
type WholeRow = Prisma.OutcomeScoreGetPayload<{ include: typeof WHOLE }>;

/** What a page of scores of a patient is asked for with. */
export interface ScorePageKey {
  readonly patientId: string;
  readonly instrument: OutcomeInstrument | null;
  readonly areAll: boolean;
  readonly size: number;
  readonly after: string | null;
}

/** Reading scores, and writing the one row that each of them is. */
@Injectable()
export class ScoreRecordService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(AuditService) private readonly audit: AuditService,
  ) {}

  /** One score, also one that was put right or taken back. The look is recorded. Throws NOT_FOUND. */
  async score(actor: StaffActor, id: string): Promise<OutcomeScore> {
    return this.database.transaction(async (tx) => {
      const score = await this.mustHave(tx, id);
      await this.#looked(tx, actor, [score.patientId]);
      return score;
    });
  }

  /** Pages of the scores of patients, by the key that `toScorePageKey` makes, those taken last first. The look is recorded. */
  async pagesOfPatients(
    actor: StaffActor,
    keys: readonly string[],
  ): Promise<ReadonlyMap<string, Page<OutcomeScore>>> {
    const asked = keys.map((key) => JSON.parse(key) as ScorePageKey);
    const rounds = new Map<string, ScorePageKey[]>();
    for (const key of asked) {
      const { patientId: _, ...alike } = key;
      const round = JSON.stringify(alike);
      rounds.set(round, [...(rounds.get(round) ?? []), key]);
    }
    const pages = new Map<string, Page<OutcomeScore>>();
    await this.database.transaction(async (tx) => {
      for (const round of rounds.values()) {
        const scores = await this.#round(tx, round);
        for (const key of round) {
          const own = scores.filter(({ patientId }) => patientId === key.patientId);
          pages.set(toScorePageKey(key), toPage(own, key.size));
        }
      }
      await this.#looked(tx, actor, [...new Set(asked.map(({ patientId }) => patientId))]);
    });
    return pages;
  }

  /** The score of each of these patients that stands and was taken last. */
  async latest(
    client: Tx,
    patientIds: readonly string[],
    instrument: OutcomeInstrument,
    { until, period }: Omit<ScoreQuestion, 'instrument'>,
  ): Promise<ReadonlyMap<string, OutcomeScore>> {
    if (patientIds.length === 0) return new Map();
    const rows = await client.$queryRaw<readonly { id: string }[]>(
      latestScores({
        ...{ patientIds, instrument, period: period ?? null },
        until: until ? dateFromInstant(until) : null,
      }),
    );
    const scores = await this.byIds(
      client,
      rows.map(({ id }) => id),
    );
    return new Map([...scores.values()].map((score) => [score.patientId, score]));
  }

  /** Scores by id, also those that were put right or taken back; those that are not there are left out. */
  async byIds(client: Tx, ids: readonly string[]): Promise<ReadonlyMap<string, OutcomeScore>> {
    const wanted = [...new Set(ids)].filter((id) => UUID.test(id)).map((id) => id.toLowerCase());
    if (wanted.length === 0) return new Map();
    const rows = await client.outcomeScore.findMany({ where: { id: { in: wanted } }, include: WHOLE });
    const byId = new Map((await this.#toScores(client, rows)).map((score) => [score.id, score]));
    return new Map(wanted.flatMap((id) => mapEntry(id, byId.get(id))));
  }

  /** Scores of patients that stand, those taken last first. */
  async standing(
    client: Tx,
    patientIds: readonly string[],
    { instrument, period, until }: ScoreQuestion,
  ): Promise<ReadonlyMap<string, readonly OutcomeScore[]>> {
    const rows = await client.outcomeScore.findMany({
      where: {
        ...{ patientId: { in: [...patientIds] }, isVoid: false, replacedBy: { is: null } },
        ...(instrument ? { instrument } : {}),
        ...(period ? { period } : {}),
        ...(until ? { takenAt: { lte: dateFromInstant(until) } } : {}),
      },
      include: WHOLE,
      orderBy: [{ takenAt: 'desc' }, { id: 'desc' }],
      take: SCORES_OF_A_PATIENT_MAX * Math.max(patientIds.length, 1),
    });
    const scores = await this.#toScores(client, rows);
    return new Map(patientIds.map((id) => [id, scores.filter(({ patientId }) => patientId === id)]));
  }

  /** For this room: one score. Throws NOT_FOUND. */
  async mustHave(client: Tx, id: string): Promise<OutcomeScore> {
    const score = (await this.byIds(client, [id])).get(id.toLowerCase());
    if (score === undefined) throw notFound('score');
    return score;
  }

  /** For this room: the newest row of the same answers. */
  async newestOf(client: Tx, entryId: string): Promise<OutcomeScore> {
    const { id } = await client.outcomeScore.findFirstOrThrow({
      where: { entryId },
      orderBy: { version: 'desc' },
      select: { id: true },
    });
    return this.mustHave(client, id);
  }

  /** For this room: writes the row. What it says of a patient stays in it: the audit record says that it was written. */
  async write(
    tx: Tx,
    actor: Actor,
    action: string,
    data: Prisma.OutcomeScoreUncheckedCreateInput,
  ): Promise<OutcomeScore> {
    const { id } = await tx.outcomeScore.create({ data, select: { id: true } });
    const after = await this.mustHave(tx, id);
    const { patientId, entryId, version, instrument, mode, takenAt, isVoid, replacesId } = after;
    await this.audit.record(tx, actor, {
      action,
      subjectType: 'outcome-score',
      subjectId: id,
      patientIds: [patientId],
      ...(replacesId === null ? {} : { before: { scoreId: replacesId } }),
      after: { entryId, version, instrument, mode, takenAt, isVoid },
    });
    return after;
  }

  async #round(tx: Tx, round: readonly ScorePageKey[]): Promise<readonly OutcomeScore[]> {
    const [first] = round;
    if (first === undefined) return [];
    const { instrument, areAll, size, after } = first;
    const [takenAt, id] = after === null ? [null, null] : decodeCursor(after, ['instant', 'uuid']);
    const rows = await tx.$queryRaw<readonly { id: string }[]>(
      scorePages({
        ...{ instrument, areAll, limit: size + 1, patientIds: round.map(({ patientId }) => patientId) },
        after: takenAt === null ? null : { takenAt: dateFromInstant(Temporal.Instant.from(takenAt)), id },
      }),
    );
    const ids = rows.map((row) => row.id);
    return [...(await this.byIds(tx, ids)).values()];
  }

  /** A task belongs to the row that raised it, and to what that was put right to while the answer is there. */
  async #toScores(client: Tx, rows: readonly WholeRow[]): Promise<readonly OutcomeScore[]> {
    const corrected = rows.filter((row) => row.version > 1 && row.riskTask === null && hasRiskAnswer(row));
    const tasks =
      corrected.length === 0
        ? []
        : await client.riskTask.findMany({
            where: { entryId: { in: corrected.map(({ entryId }) => entryId) } },
            select: { id: true, entryId: true },
            orderBy: { id: 'desc' },
          });
    return rows.map((row) => {
      const inherited = corrected.includes(row)
        ? tasks.find(({ entryId }) => entryId === row.entryId)?.id
        : undefined;
      return toScore(row, row.riskTask?.id ?? inherited ?? null);
    });
  }

  async #looked(tx: Tx, actor: StaffActor, patientIds: readonly string[]): Promise<void> {
    await this.audit.record(tx, actor, {
      ...{ action: 'outcome-scores.viewed', subjectType: 'outcome-score', patientIds },
    });
  }
}

/** The key under which a page of a patient's scores is loaded. */
export function toScorePageKey({ patientId, instrument, areAll, size, after }: ScorePageKey): string {
  return JSON.stringify({ patientId, instrument, areAll, size, after } satisfies ScorePageKey);
}

export function toPageQuestion(
  patientId: string,
  asked: { readonly instrument: OutcomeInstrument | null; readonly areAll: boolean },
  { size, after }: PageInput,
): ScorePageKey {
  return { patientId, ...asked, size, after: after ?? null };
}

function toPage(scores: readonly OutcomeScore[], size: number): Page<OutcomeScore> {
  const items = scores.slice(0, size);
  const last = items.at(-1);
  const isMore = scores.length > size && last !== undefined;
  return { items, nextCursor: isMore ? encodeCursor(last.takenAt.toString(), last.id) : null };
}

function mapEntry<T>(id: string, value: T | undefined): readonly (readonly [string, T])[] {
  return value === undefined ? [] : [[id, value]];
}

/** The database keeps nothing else in this column. */
function marksOf({ answers }: Pick<WholeRow, 'answers'>): Marks {
  return answers as unknown as Marks;
}

function hasRiskAnswer(row: WholeRow): boolean {
  return !row.isVoid && riskAnswerOf(row.instrument, marksOf(row)) !== null;
}

function toScore(row: WholeRow, riskTaskId: string | null): OutcomeScore {
  const { answers: _, riskTask: __, replacedBy, ...rest } = row;
  const marks = marksOf(row);
  const values = itemValues(marks);
  return {
    ...rest,
    ...{ riskTaskId, replacedById: replacedBy?.id ?? null },
    takenAt: instantFromDate(row.takenAt),
    recordedAt: instantFromDate(row.recordedAt),
    answers: marks.map((marked, at) => ({ item: at + 1, marked, value: values[at] ?? null })),
    noTotalReason: noTotalReason(row.instrument, row),
    band: bandOf(row.instrument, row.total),
    isRiskUnanswered: isRiskUnanswered(row.instrument, marks),
    isStanding: !row.isVoid && replacedBy === null,
  };
}
