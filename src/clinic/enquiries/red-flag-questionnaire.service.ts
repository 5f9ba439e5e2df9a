import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { Database, type Tx } from '../../platform/database/database.service.js';
import type { Prisma } from '../../platform/database/generated/client.js';
import type { RedFlagKind } from '../../platform/database/generated/enums.js';
import { badInput } from '../../platform/refusal/refusal.js';
import { Clock, dateFromInstant, instantFromDate, Temporal } from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { Actor } from '../audit/audit.type.js';
import { CaudaEquinaNotAsked, QuestionnaireVersionTaken } from './red-flag.refusals.js';
import { asksAboutCaudaEquina, inForceAt } from './red-flag.rules.js';
import type { RedFlagQuestionnaire, SetRedFlagQuestionnaireInput } from './red-flag.type.js';

/** A clinic sets new questions once a year or so. */
const QUESTIONNAIRES_MAX = 200;

const WITH_QUESTIONS = {
  questions: { orderBy: { position: 'asc' } },
} as const satisfies Prisma.RedFlagQuestionnaireInclude;
type QuestionnaireRow = Prisma.RedFlagQuestionnaireGetPayload<{ include: typeof WITH_QUESTIONS }>;

type Reader = Pick<Tx, 'redFlagQuestionnaire'>;

/** A questionnaire with the ids of its questions, for whoever keeps answers. */
export type AskedQuestionnaire = RedFlagQuestionnaire & { readonly questionIds: ReadonlyMap<string, string> };

export interface NewQuestionnaire {
  readonly version: string;
  readonly effectiveFrom: Temporal.Instant;
  readonly emergencyAdvice: string;
  readonly watchWords: readonly string[];
  readonly questions: readonly {
    readonly code: string;
    readonly kind: RedFlagKind;
    readonly wording: string;
  }[];
}

/** The questions about dangerous signs, in their versions. They say nothing about a person. */
@Injectable()
export class RedFlagQuestionnaireService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(AuditService) private readonly audit: AuditService,
  ) {}

  /** All versions, the newest first. */
  async questionnaires(): Promise<readonly RedFlagQuestionnaire[]> {
    const all = await this.#all(this.database.client);
    return [...all].sort((a, b) => Temporal.Instant.compare(b.effectiveFrom, a.effectiveFrom));
  }

  /** The one to ask now; null: there is none. */
  async inForce(client: Reader = this.database.client): Promise<AskedQuestionnaire | null> {
    return (await this.#all(client)).find(({ inForce }) => inForce) ?? null;
  }

  /** The one to ask now. Throws when there is none: the clinic was never set up. */
  async mustBeInForce(client: Reader): Promise<AskedQuestionnaire> {
    const found = await this.inForce(client);
    if (found === null) throw new Error('there are no questions about red flags');
    return found;
  }

  async byVersion(
    version: string,
    client: Reader = this.database.client,
  ): Promise<AskedQuestionnaire | null> {
    return (await this.#all(client)).find((one) => one.version === version) ?? null;
  }

  /** For whoever keeps answers. Throws when there is none. */
  async byId(client: Reader, id: string): Promise<AskedQuestionnaire> {
    const row = await client.redFlagQuestionnaire.findUniqueOrThrow({
      where: { id },
      include: WITH_QUESTIONS,
    });
    return toQuestionnaire(row);
  }

  /** Adds new questions. Refused when the version exists, or nothing asks about cauda equina syndrome. */
  async setRedFlagQuestionnaire(
    actor: Actor,
    input: SetRedFlagQuestionnaireInput,
  ): Promise<RedFlagQuestionnaire | QuestionnaireVersionTaken | CaudaEquinaNotAsked> {
    const now = this.clock.now();
    const effectiveFrom = input.effectiveFrom ?? now;
    if (Temporal.Instant.compare(effectiveFrom, now) < 0) {
      throw badInput('effectiveFrom: must not be in the past: people have been asked the questions of then.');
    }
    const codes = input.questions.map(({ code }) => code);
    if (new Set(codes).size !== codes.length) throw badInput('questions: must have a code of its own each.');
    if (!asksAboutCaudaEquina(input.questions)) return new CaudaEquinaNotAsked();
    return this.database.transaction(
      async (tx) => {
        await this.#add(tx, actor, { ...input, effectiveFrom });
        const added = await this.byVersion(input.version, tx);
        return added ?? new QuestionnaireVersionTaken(input.version);
      },
      {
        onConstraint: {
          red_flag_questionnaires_version_key: () => new QuestionnaireVersionTaken(input.version),
        },
      },
    );
  }

  /** For the set-up: the same questions under the same version twice are added once. */
  async publish(actor: Actor, questionnaire: NewQuestionnaire): Promise<void> {
    await this.database.transaction(async (tx) => {
      const { version } = questionnaire;
      if ((await tx.redFlagQuestionnaire.count({ where: { version } })) === 0) {
        await this.#add(tx, actor, questionnaire);
      }
      return null;
    });
  }

  async #all(client: Reader): Promise<readonly AskedQuestionnaire[]> {
    const rows = await client.redFlagQuestionnaire.findMany({
      include: WITH_QUESTIONS,
      orderBy: { effectiveFrom: 'desc' },
      take: QUESTIONNAIRES_MAX,
    });
    const all = rows.map(toQuestionnaire);
    const current = inForceAt(all, this.clock.now());
    return all.map((one) => ({ ...one, inForce: one === current }));
  }

  async #add(tx: Tx, actor: Actor, questionnaire: NewQuestionnaire): Promise<void> {
    const { version, effectiveFrom, emergencyAdvice, watchWords, questions } = questionnaire;
    const sha256 = createHash('sha256')
      .update(
        JSON.stringify([
          version,
          emergencyAdvice,
          watchWords,
          questions.map(({ code, kind, wording }) => [code, kind, wording]),
        ]),
      )
      .digest('hex');
    const row = await tx.redFlagQuestionnaire.create({
      data: {
        version,
        effectiveFrom: dateFromInstant(effectiveFrom),
        emergencyAdvice,
        watchWords: [...watchWords],
        sha256,
        recordedAt: dateFromInstant(this.clock.now()),
        recordedById: actor.id,
        questions: {
          create: questions.map(({ code, kind, wording }, position) => ({ code, kind, wording, position })),
        },
      },
      select: { id: true },
    });
    await this.audit.record(tx, actor, {
      action: 'red-flag.questionnaire-set',
      subjectType: 'red-flag-questionnaire',
      subjectId: row.id,
      after: { version, effectiveFrom: effectiveFrom.toString(), sha256, questions: questions.length },
    });
  }
}

function toQuestionnaire(row: QuestionnaireRow): AskedQuestionnaire {
  const { id, version, emergencyAdvice, watchWords, sha256, questions } = row;
  return {
    ...{ id, version, emergencyAdvice, watchWords, sha256 },
    effectiveFrom: instantFromDate(row.effectiveFrom),
    recordedAt: instantFromDate(row.recordedAt),
    questions: questions.map(({ code, kind, wording }) => ({ code, kind, wording })),
    inForce: false,
    questionIds: new Map(questions.map((question) => [question.code, question.id])),
  };
}
