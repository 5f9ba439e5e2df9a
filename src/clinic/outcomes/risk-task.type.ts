import { Field, ID, InputType, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { IsBoolean, IsEnum, IsOptional, IsString, IsUUID, Matches, MaxLength } from 'class-validator';
import { RiskTaskEventKind, RiskTaskStatus } from '../../platform/database/generated/enums.js';
import { pageOf } from '../../platform/graphql/page.type.js';
import { resultUnion } from '../../platform/graphql/result-union.js';
import { Instant } from '../../platform/graphql/scalars.js';
import type { Temporal } from '../../platform/time/index.js';
import { RiskTaskClaimed, RiskTaskClosed, RiskTaskNotClaimed } from './risk-task.refusals.js';

const NOTE_CHARACTERS_MAX = 2_000;
const SOME_TEXT = /^(?=.*\S)(?:[^\p{Cc}\p{Cs}]|[\n\r\t])*$/su;
const READABLE = { message: '$property: must not be blank or contain control characters' };

/** This room's own message: time to look whether somebody has seen to it. Subject: the risk task. */
export const RISK_TASK_DUE = 'risk-task.due';

registerEnumType(RiskTaskStatus, {
  name: 'RiskTaskStatus',
  description: 'Where a risk task stands.',
  valuesMap: {
    OPEN: { description: 'Nobody has taken it on. The clinic is told again and again.' },
    CLAIMED: {
      description: 'Somebody has taken it on. When it is not closed in time, the clinic is told again.',
    },
    CLOSED: { description: 'Closed with a note.' },
  },
});

registerEnumType(RiskTaskEventKind, {
  name: 'RiskTaskEventKind',
  description: 'What somebody did about a risk task.',
  valuesMap: {
    CLAIMED: { description: 'Took it on.' },
    RELEASED: { description: 'Gave it back, or took it from somebody who cannot go on; the note says why.' },
    NOTED: { description: 'Wrote down what they did: rang, reached nobody.' },
  },
});

@ObjectType({ description: 'What somebody did about a risk task. Never edited.' })
export class RiskTaskEvent {
  @Field(() => ID, { description: 'Id (UUID).' })
  readonly id: string;

  @Field(() => RiskTaskEventKind, { description: 'What.' })
  readonly kind: RiskTaskEventKind;

  @Field(() => String, { nullable: true, description: 'In words; null: they took it on.' })
  readonly note: string | null;

  @Field(() => Instant, { description: 'When.' })
  readonly at: Temporal.Instant;

  @Field(() => ID, { description: 'Staff account that did it.' })
  readonly byId: string;
}

@ObjectType({
  description:
    'A patient answered that they had thoughts of being dead or of hurting themselves (PHQ-9, item 9 above 0): a clinician ' +
    'speaks with them.',
})
export class RiskTask {
  @Field(() => ID, { description: 'Id (UUID).' })
  readonly id: string;

  @Field(() => String, { description: 'Reference, K and seven digits. Says nothing of anybody.' })
  readonly reference: string;

  @Field(() => ID, { description: 'Whom it is about.' })
  readonly patientId: string;

  @Field(() => ID, { description: 'The score with the answer.' })
  readonly scoreId: string;

  @Field(() => Int, { description: 'The answer, 1 to 3, as it was marked when the task was raised.' })
  readonly answer: number;

  @Field(() => Boolean, {
    description:
      'The score still stands; false: it was put right or taken back since, and the task stays until somebody closes it.',
  })
  readonly isAnswerStanding: boolean;

  @Field(() => RiskTaskStatus, { description: 'Where it stands.' })
  readonly status: RiskTaskStatus;

  @Field(() => Instant, { description: 'When it was raised.' })
  readonly raisedAt: Temporal.Instant;

  @Field(() => ID, { description: 'Staff account that recorded the answers.' })
  readonly raisedById: string;

  @Field(() => Instant, { description: 'By when somebody takes it on or, once somebody has, closes it.' })
  readonly dueAt: Temporal.Instant;

  @Field(() => Boolean, { description: 'It is not closed, and that moment has passed.' })
  readonly isOverdue: boolean;

  @Field(() => Instant, { nullable: true, description: 'When somebody took it on; null: nobody has.' })
  readonly claimedAt: Temporal.Instant | null;

  @Field(() => ID, { nullable: true, description: 'Staff account that has it.' })
  readonly claimedById: string | null;

  @Field(() => [RiskTaskEvent], { description: 'What was done about it, in order.' })
  readonly events: readonly RiskTaskEvent[];

  @Field(() => Instant, { nullable: true, description: 'When it was closed.' })
  readonly closedAt: Temporal.Instant | null;

  @Field(() => ID, { nullable: true, description: 'Staff account that closed it.' })
  readonly closedById: string | null;

  @Field(() => String, { nullable: true, description: 'The note with which it was closed.' })
  readonly closingNote: string | null;

  @Field(() => Int, { description: 'How often the clinic has been told that it is late.' })
  readonly escalationsCount: number;

  @Field(() => Instant, { nullable: true, description: 'When it was told last.' })
  readonly escalatedAt: Temporal.Instant | null;

  @Field(() => [String], { description: 'What may be done with it: `claim`, `release`, `note`, `close`.' })
  readonly allowedActions: readonly string[];
}

@ObjectType({ description: 'A page of risk tasks, those due first first.' })
export class RiskTaskPage extends pageOf(RiskTask) {}

@InputType({ description: 'Which risk tasks. Several filters together: all must hold.' })
export class RiskTaskFilterInput {
  @Field(() => RiskTaskStatus, { nullable: true, description: 'Only those that stand so.' })
  @IsOptional()
  @IsEnum(RiskTaskStatus)
  readonly status?: RiskTaskStatus | null;

  @Field(() => ID, { nullable: true, description: 'Only this patient’s.' })
  @IsOptional()
  @IsUUID()
  readonly patientId?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Only those that are late (true), or are not (false).',
  })
  @IsOptional()
  @IsBoolean()
  readonly isOverdue?: boolean | null;
}

@InputType({ description: 'A risk task, with words about it.' })
export class RiskTaskNoteInput {
  @Field(() => ID, { description: 'Id of the risk task.' })
  @IsUUID()
  readonly riskTaskId: string;

  @Field(() => String, { description: 'What was done, said or agreed; at most 2,000 characters.' })
  @IsString()
  @MaxLength(NOTE_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly note: string;
}

export const ClaimRiskTaskResult = resultUnion(
  'ClaimRiskTaskResult',
  RiskTask,
  [RiskTaskClaimed, RiskTaskClosed],
  'The task, which is yours now, or why it is not.',
);
export const ReleaseRiskTaskResult = resultUnion(
  'ReleaseRiskTaskResult',
  RiskTask,
  [RiskTaskNotClaimed, RiskTaskClosed],
  'The task, open again, or why nothing was changed.',
);
export const NoteRiskTaskResult = resultUnion(
  'NoteRiskTaskResult',
  RiskTask,
  [RiskTaskClosed],
  'The task with the note, or why nothing was written.',
);
export const CloseRiskTaskResult = resultUnion(
  'CloseRiskTaskResult',
  RiskTask,
  [RiskTaskNotClaimed, RiskTaskClaimed, RiskTaskClosed],
  'The closed task, or why it stays as it is.',
);
