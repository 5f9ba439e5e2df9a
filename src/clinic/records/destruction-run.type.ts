import { Field, ID, InputType, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsEnum,
  IsISO8601,
  IsOptional,
  IsString,
  IsUUID,
  Matches,
  MaxLength,
} from 'class-validator';
import {
  DestructionItemStatus,
  DestructionRunStatus,
  RecordClass,
  RetentionTrigger,
} from '../../platform/database/generated/enums.js';
import { pageOf } from '../../platform/graphql/page.type.js';
import { resultUnion } from '../../platform/graphql/result-union.js';
import { Instant, LocalDate } from '../../platform/graphql/scalars.js';
import type { Temporal } from '../../platform/time/index.js';
import {
  DestructionAction,
  DestructionListTooOld,
  DestructionRunStandsOtherwise,
  NothingToDestroy,
  SecondPersonNeeded,
} from './destruction-run.refusals.js';
import { READABLE, RECORDS_TEXT_CHARACTERS_MAX, SOME_TEXT } from './retention-rule.type.js';

/** One for each class there is, and a few more. */
const CLASSES_MAX = 20;
/** As many as a list may hold. */
const ITEMS_EXCLUDED_MAX = 500;

/** Work that goes on after a commit: small steps, each of which may be repeated. */
export const DESTRUCTION_WORK = {
  /** Subject: the run. The dry run looks at records. */
  listing: 'destruction-run.started',
  /** Subject: the run. What is on it is destroyed, one record at a time. */
  approved: 'destruction-run.approved',
} as const;

registerEnumType(DestructionItemStatus, {
  name: 'DestructionItemStatus',
  description: 'What became of a record on a list.',
  valuesMap: {
    LISTED: { description: 'Due, and to be destroyed when the list is approved.' },
    HELD: { description: 'Due, but kept: by a legal hold or because something is still open.' },
    EXCLUDED: { description: 'Due, but left out by a person, with a reason.' },
    DESTROYED: { description: 'Destroyed; a stub is left.' },
    SKIPPED: { description: 'Not destroyed: at the moment of destruction something stood against it.' },
  },
});

@ObjectType({ description: 'One record on a list, why it is due, and what became of it.' })
export class DestructionItem {
  @Field(() => ID, { description: 'Id of the item.' })
  readonly id: string;

  @Field(() => RecordClass, {
    description: 'Of the classes that the record belongs to the one that is kept longest.',
  })
  readonly recordClass: RecordClass;

  @Field(() => String, {
    description: 'What it is: `patient` for a whole record, `document`, `enquiry`, `performed-step`.',
  })
  readonly subjectType: string;

  @Field(() => ID, { description: 'Id of the record.' })
  readonly subjectId: string;

  @Field(() => ID, { nullable: true, description: 'Whose it is; null: nobody’s who is registered.' })
  readonly patientId: string | null;

  @Field(() => DestructionItemStatus, { description: 'What became of it.' })
  readonly status: DestructionItemStatus;

  @Field(() => ID, { description: 'The rule by which it is due.' })
  readonly ruleId: string;

  @Field(() => RetentionTrigger, { description: 'From what its period runs.' })
  readonly trigger: RetentionTrigger;

  @Field(() => LocalDate, { description: 'Since when its period runs.' })
  readonly triggerOn: string;

  @Field(() => LocalDate, { description: 'The day from which it may go.' })
  readonly dueOn: string;

  @Field(() => String, {
    nullable: true,
    description:
      'Why it was held or skipped: LEGAL_HOLD, NOT_DUE (a new contact or a longer rule), GONE, a room’s own reason such as ' +
      'REFERRAL_OPEN or VISIT_AHEAD.',
  })
  readonly code: string | null;

  @Field(() => ID, { nullable: true, description: 'The legal hold that keeps it.' })
  readonly holdId: string | null;

  @Field(() => String, { nullable: true, description: 'Why somebody left it out.' })
  readonly comment: string | null;

  @Field(() => Instant, { nullable: true, description: 'When it was destroyed, left out or skipped.' })
  readonly settledAt: Temporal.Instant | null;

  @Field(() => ID, { nullable: true, description: 'Staff account that left it out.' })
  readonly settledById: string | null;
}

@ObjectType({ description: 'A page of a list, in the order in which it was drawn up.' })
export class DestructionItemPage extends pageOf(DestructionItem) {}

@ObjectType({ description: 'What is left of a record that was destroyed. It outlives everything.' })
export class DestructionStub {
  @Field(() => ID, { description: 'Id of the stub.' })
  readonly id: string;

  @Field(() => ID, { description: 'The list on which it was destroyed.' })
  readonly runId: string;

  @Field(() => RecordClass, { description: 'The class by which it was kept.' })
  readonly recordClass: RecordClass;

  @Field(() => String, { description: 'What it was: `patient`, `document`, `enquiry`, `performed-step`.' })
  readonly subjectType: string;

  @Field(() => ID, { description: 'Id of what it was.' })
  readonly subjectId: string;

  @Field(() => ID, { nullable: true, description: 'Whose it was; null: nobody’s who was registered.' })
  readonly patientId: string | null;

  @Field(() => ID, { description: 'The rule by which it went.' })
  readonly ruleId: string;

  @Field(() => RetentionTrigger, { description: 'From what its period ran.' })
  readonly trigger: RetentionTrigger;

  @Field(() => LocalDate, { description: 'Since when its period ran.' })
  readonly triggerOn: string;

  @Field(() => LocalDate, { description: 'The day from which it could go.' })
  readonly dueOn: string;

  @Field(() => String, {
    description:
      'What was destroyed, as JSON: counts, and identifiers by which others find their own copies. No content.',
  })
  readonly parts: string;

  @Field(() => ID, { description: 'Staff account that drew up the list.' })
  readonly startedById: string;

  @Field(() => ID, { description: 'Staff account that approved it.' })
  readonly approvedById: string;

  @Field(() => Instant, { description: 'When it was destroyed.' })
  readonly destroyedAt: Temporal.Instant;
}

@ObjectType({ description: 'A page of stubs, the newest first.' })
export class DestructionStubPage extends pageOf(DestructionStub) {}

@ObjectType({ description: 'How many records on a list stand in a state.' })
export class DestructionCount {
  @Field(() => DestructionItemStatus, { description: 'The state.' })
  readonly status: DestructionItemStatus;

  @Field(() => Int, { description: 'How many.' })
  readonly count: number;
}

@ObjectType({
  description:
    'A list of records that the rules let go: a dry run first, then perhaps approved by a second person and carried out.',
})
export class DestructionRun {
  @Field(() => ID, { description: 'Id of the run.' })
  readonly id: string;

  @Field(() => LocalDate, { description: 'The day by which records are due.' })
  readonly asOf: string;

  @Field(() => [RecordClass], { description: 'Which classes were looked at.' })
  readonly classes: readonly RecordClass[];

  @Field(() => DestructionRunStatus, { description: 'How it stands.' })
  readonly status: DestructionRunStatus;

  @Field(() => [DestructionAction], { description: 'What can be done with it now.' })
  readonly allowedActions: readonly DestructionAction[];

  @Field(() => Int, { description: 'How many records the dry run has looked at.' })
  readonly lookedAtCount: number;

  @Field(() => Boolean, { description: 'The list is as long as one may be; a further run would find more.' })
  readonly isFull: boolean;

  @Field(() => [DestructionCount], { description: 'How many records on it stand in which state.' })
  readonly counts: readonly DestructionCount[];

  @Field(() => Instant, { description: 'When the dry run began.' })
  readonly startedAt: Temporal.Instant;

  @Field(() => ID, { description: 'Staff account that began it.' })
  readonly startedById: string;

  @Field(() => Instant, { nullable: true, description: 'When the dry run was over.' })
  readonly listedAt: Temporal.Instant | null;

  @Field(() => Instant, { nullable: true, description: 'When it was approved.' })
  readonly approvedAt: Temporal.Instant | null;

  @Field(() => ID, { nullable: true, description: 'Staff account that approved it.' })
  readonly approvedById: string | null;

  @Field(() => Instant, { nullable: true, description: 'Nothing is destroyed by it after this.' })
  readonly approvedUntil: Temporal.Instant | null;

  @Field(() => Instant, { nullable: true, description: 'When it was carried out, given up or lapsed.' })
  readonly finishedAt: Temporal.Instant | null;

  @Field(() => String, { nullable: true, description: 'Why it was given up.' })
  readonly abandonReason: string | null;
}

@ObjectType({ description: 'A page of runs, the newest first.' })
export class DestructionRunPage extends pageOf(DestructionRun) {}

@InputType({ description: 'Which stubs. Several filters together: all must hold.' })
export class DestructionStubFilterInput {
  @Field(() => ID, { nullable: true, description: 'Of this patient’s record or a part of it.' })
  @IsOptional()
  @IsUUID()
  patientId?: string | null;

  @Field(() => ID, { nullable: true, description: 'Of this record.' })
  @IsOptional()
  @IsUUID()
  subjectId?: string | null;

  @Field(() => ID, { nullable: true, description: 'Of this run.' })
  @IsOptional()
  @IsUUID()
  runId?: string | null;
}

@InputType({ description: 'What to look for. Nothing is changed by looking.' })
export class RetentionDryRunInput {
  @Field(() => LocalDate, {
    nullable: true,
    description: 'The day by which records are due: today when left out, and never later than today.',
  })
  @IsOptional()
  @IsISO8601({ strict: true })
  readonly asOf?: string | null;

  @Field(() => [RecordClass], {
    description: 'Classes to look at, at least one. AUDIT_STUB is never destroyed.',
  })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(CLASSES_MAX)
  @ArrayUnique()
  @IsEnum(RecordClass, { each: true })
  readonly classes: readonly RecordClass[];
}

@InputType({ description: 'Records that stay although they are due, and why.' })
export class ExcludeFromDestructionInput {
  @Field(() => ID, { description: 'The run.' })
  @IsUUID()
  readonly runId: string;

  @Field(() => [ID], { description: `Ids of items of its list, at most ${ITEMS_EXCLUDED_MAX}.` })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(ITEMS_EXCLUDED_MAX)
  @IsUUID('all', { each: true })
  readonly itemIds: readonly string[];

  @Field(() => String, { description: `Why, at most ${RECORDS_TEXT_CHARACTERS_MAX} characters.` })
  @IsString()
  @MaxLength(RECORDS_TEXT_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly reason: string;
}

@InputType({ description: 'A run that is given up, and why.' })
export class AbandonDestructionInput {
  @Field(() => ID, { description: 'The run.' })
  @IsUUID()
  readonly runId: string;

  @Field(() => String, { description: `Why, at most ${RECORDS_TEXT_CHARACTERS_MAX} characters.` })
  @IsString()
  @MaxLength(RECORDS_TEXT_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly reason: string;
}

export const ApproveDestructionResult = resultUnion(
  'ApproveDestructionResult',
  DestructionRun,
  [DestructionRunStandsOtherwise, SecondPersonNeeded, DestructionListTooOld, NothingToDestroy],
  'The run as it was approved, or why it was not.',
);

export const ChangeDestructionResult = resultUnion(
  'ChangeDestructionResult',
  DestructionRun,
  [DestructionRunStandsOtherwise],
  'The run as it stands now, or why it was not changed.',
);
