import './response-words.type.js';
import { Field, Float, Int, ObjectType } from '@nestjs/graphql';
import { TreatmentKind } from '../../platform/database/generated/enums.js';
import { LearningPolicy } from './diary-policy.type.js';
import { LearningDimension } from './response-words.type.js';

@ObjectType({ description: 'A proportion with its 95 % interval (Wilson 1927).' })
export class LearnedProportion {
  @Field(() => Int, { description: 'So many.' })
  readonly count: number;

  @Field(() => Int, { description: 'Of so many.' })
  readonly of: number;

  @Field(() => Float, { description: 'The proportion, 0 to 1.' })
  readonly value: number;

  @Field(() => Float, { description: 'Lower end of the interval, 0 to 1.' })
  readonly lower: number;

  @Field(() => Float, { description: 'Upper end of the interval, 0 to 1.' })
  readonly upper: number;
}

@ObjectType({
  description: 'Responses of one group. Places are counted: a block of two joints counts twice.',
})
export class LearnedGroup {
  @Field(() => String, {
    description: 'Its code: L4_L5, INTENSE, an agent’s code, NO_SCAN; of operators the account.',
  })
  readonly key: string;

  @Field(() => String, { description: 'In words; of operators the name.' })
  readonly label: string;

  @Field(() => Int, { description: 'How many patients.' })
  readonly patientsCount: number;

  @Field(() => Int, { description: 'How many places.' })
  readonly placesCount: number;

  @Field(() => Int, { description: 'Of them with a positive response.' })
  readonly positiveCount: number;

  @Field(() => Int, { description: 'Of them with a negative one.' })
  readonly negativeCount: number;

  @Field(() => Int, { description: 'Of them with a partial one.' })
  readonly partialCount: number;

  @Field(() => Int, { description: 'Of them with one of which nobody can tell.' })
  readonly undefinedCount: number;

  @Field(() => LearnedProportion, {
    nullable: true,
    description: 'Positive ones of those of which somebody can tell; null: of none.',
  })
  readonly positive: LearnedProportion | null;
}

@ObjectType({ description: 'Responses by one dimension.' })
export class LearnedDimension {
  @Field(() => LearningDimension, { description: 'By what.' })
  readonly dimension: LearningDimension;

  @Field(() => [LearnedGroup], { description: 'The groups that may be shown.' })
  readonly groups: readonly LearnedGroup[];

  @Field(() => Int, {
    description:
      'How many groups are not shown: too small, or needed so that a small one cannot be found by subtraction.',
  })
  readonly hiddenCount: number;
}

@ObjectType({
  description:
    'The scan against the block: uptake or none, positive or negative. What is partial, undefined or without a scan is left out.',
})
export class ScanPredictiveValue {
  @Field(() => Int, { description: 'Uptake, and relief.' })
  readonly truePositives: number;

  @Field(() => Int, { description: 'Uptake, and no relief.' })
  readonly falsePositives: number;

  @Field(() => Int, { description: 'No uptake, and relief.' })
  readonly falseNegatives: number;

  @Field(() => Int, { description: 'No uptake, and no relief.' })
  readonly trueNegatives: number;

  @Field(() => LearnedProportion, { nullable: true, description: 'Uptake among places with relief.' })
  readonly sensitivity: LearnedProportion | null;

  @Field(() => LearnedProportion, { nullable: true, description: 'No uptake among places without relief.' })
  readonly specificity: LearnedProportion | null;

  @Field(() => LearnedProportion, { nullable: true, description: 'Relief among places with uptake.' })
  readonly positivePredictiveValue: LearnedProportion | null;

  @Field(() => LearnedProportion, { nullable: true, description: 'No relief among places without uptake.' })
  readonly negativePredictiveValue: LearnedProportion | null;
}

@ObjectType({ description: 'What the clinic learns of its treatments of one kind.' })
export class ClinicLearning {
  @Field(() => TreatmentKind, { description: 'Of which kind.' })
  readonly kind: TreatmentKind;

  @Field(() => LearningPolicy, { description: 'From how many patients on a group is shown.' })
  readonly policy: LearningPolicy;

  @Field(() => LearnedGroup, { nullable: true, description: 'All together; null: too few patients.' })
  readonly whole: LearnedGroup | null;

  @Field(() => [LearnedDimension], { description: 'By each dimension.' })
  readonly dimensions: readonly LearnedDimension[];

  @Field(() => ScanPredictiveValue, {
    nullable: true,
    description: 'What the scan predicts; null: a row or column of the table has too few patients.',
  })
  readonly predictiveValue: ScanPredictiveValue | null;
}
