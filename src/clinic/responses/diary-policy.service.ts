import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import { Database, type Tx } from '../../platform/database/database.service.js';
import { DiaryPoint, TreatmentKind } from '../../platform/database/generated/enums.js';
import { badInput, Fault } from '../../platform/refusal/refusal.js';
import { Clock, dateFromInstant, dateFromPlainDate, localDate, Temporal } from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { StaffActor } from '../audit/audit.type.js';
import {
  type DiaryPolicy,
  type LearningPolicy,
  type SetDiaryPolicyInput,
  type SetLearningPolicyInput,
  toDiaryPolicy,
  toLearningPolicy,
} from './diary-policy.type.js';
import { DiaryRowAlreadySet, DiaryRowInThePast } from './response.refusals.js';

type NotSet = DiaryRowAlreadySet | DiaryRowInThePast;

const WITH_POINTS = { points: true } as const;

/** When patients are asked and what it means, in rows that hold from a day on. A change is a new row. */
@Injectable()
export class DiaryPolicyService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Config) private readonly config: Config,
    @Inject(AuditService) private readonly audit: AuditService,
  ) {}

  /** Every row, by kind and day, past and coming ones too. */
  async diaryPolicies(): Promise<readonly DiaryPolicy[]> {
    const rows = await this.database.client.diaryPolicy.findMany({
      include: WITH_POINTS,
      orderBy: [{ kind: 'asc' }, { effectiveFrom: 'asc' }],
    });
    return rows.map(toDiaryPolicy);
  }

  /** Every row, by day, past and coming ones too. */
  async learningPolicies(): Promise<readonly LearningPolicy[]> {
    const rows = await this.database.client.learningPolicy.findMany({ orderBy: { effectiveFrom: 'asc' } });
    return rows.map(toLearningPolicy);
  }

  /** A new row, from today or a later day on. Throws BAD_INPUT. */
  async setDiaryPolicy(actor: StaffActor, input: SetDiaryPolicyInput): Promise<DiaryPolicy | NotSet> {
    const problem = problemOf(input);
    if (problem !== null) throw badInput(problem);
    const stamp = this.#stamp(actor, input);
    if (stamp instanceof DiaryRowInThePast) return stamp;
    const { kind, purpose, judgedBy, positivePercentMin, negativePercentBelow, partialFollowUp } = input;
    return this.database.transaction<DiaryPolicy, DiaryRowAlreadySet>(
      async (tx) => {
        const row = await tx.diaryPolicy.create({
          data: {
            ...{ kind, purpose, judgedBy, positivePercentMin, negativePercentBelow, partialFollowUp },
            ...stamp,
            judgedPoints: [...input.judgedPoints],
            proposedKind: input.proposedKind ?? null,
            points: {
              create: input.points.map(({ point, earlyMinutes, lateMinutes }) => ({
                ...{ point, earlyMinutes, lateMinutes },
              })),
            },
          },
          include: WITH_POINTS,
        });
        const policy = toDiaryPolicy(row);
        await this.#record(tx, actor, 'diary-policy', policy);
        return policy;
      },
      { onConstraint: { diary_policies_kind_effective_from_key: () => new DiaryRowAlreadySet() } },
    );
  }

  /** A new row, from today or a later day on. */
  async setLearningPolicy(
    actor: StaffActor,
    input: SetLearningPolicyInput,
  ): Promise<LearningPolicy | NotSet> {
    const stamp = this.#stamp(actor, input);
    if (stamp instanceof DiaryRowInThePast) return stamp;
    return this.database.transaction<LearningPolicy, DiaryRowAlreadySet>(
      async (tx) => {
        const { minimumCount } = input;
        const policy = toLearningPolicy(await tx.learningPolicy.create({ data: { minimumCount, ...stamp } }));
        await this.#record(tx, actor, 'learning-policy', policy);
        return policy;
      },
      { onConstraint: { learning_policies_effective_from_key: () => new DiaryRowAlreadySet() } },
    );
  }

  /** For this room: the policy of a kind on a day. */
  async policyOn(client: Tx, kind: TreatmentKind, day: Temporal.PlainDate): Promise<DiaryPolicy> {
    const row = await client.diaryPolicy.findFirst({
      where: { kind, effectiveFrom: { lte: dateFromPlainDate(day) } },
      include: WITH_POINTS,
      orderBy: { effectiveFrom: 'desc' },
    });
    // The first rows come with the tables and are never taken away.
    if (row === null) throw new Fault('INTERNAL', `No policy of diaries is set for ${kind}.`);
    return toDiaryPolicy(row);
  }

  /** For this room: what holds today. */
  async learningToday(client: Tx): Promise<LearningPolicy> {
    const today = localDate(this.clock.now(), this.config.clinicTimeZone);
    const row = await client.learningPolicy.findFirst({
      where: { effectiveFrom: { lte: dateFromPlainDate(today) } },
      orderBy: { effectiveFrom: 'desc' },
    });
    if (row === null) throw new Fault('INTERNAL', 'No policy of learning is set.');
    return toLearningPolicy(row);
  }

  #stamp(actor: StaffActor, input: { readonly effectiveFrom: string; readonly source: string }) {
    const now = this.clock.now();
    const from = Temporal.PlainDate.from(input.effectiveFrom);
    if (Temporal.PlainDate.compare(from, localDate(now, this.config.clinicTimeZone)) < 0) {
      return new DiaryRowInThePast();
    }
    return {
      effectiveFrom: dateFromPlainDate(from),
      source: input.source.normalize('NFC').trim(),
      setAt: dateFromInstant(now),
      setById: actor.id,
    };
  }

  async #record(tx: Tx, actor: StaffActor, subjectType: string, row: { readonly id: string }): Promise<void> {
    await this.audit.record(tx, actor, {
      action: `${subjectType}.set`,
      subjectType,
      subjectId: row.id,
      after: row,
    });
  }
}

/** What does not go together, with the name of the field; null: nothing. */
function problemOf(input: SetDiaryPolicyInput): string | null {
  const asked = new Set(input.points.map(({ point }) => point));
  if (!asked.has(DiaryPoint.BEFORE)) return 'points: BEFORE has to be among them.';
  if (input.judgedPoints.includes(DiaryPoint.BEFORE)) {
    return 'judgedPoints: a figure is held against the one BEFORE. Leave BEFORE out.';
  }
  if (input.judgedPoints.some((point) => !asked.has(point))) {
    return 'judgedPoints: a point that judges has to be among `points`.';
  }
  if (input.negativePercentBelow > input.positivePercentMin) {
    return 'negativePercentBelow: must not be more than `positivePercentMin`.';
  }
  // Another treatment has a name of its own, which no policy knows.
  return input.proposedKind === TreatmentKind.OTHER ? 'proposedKind: OTHER cannot be proposed.' : null;
}
