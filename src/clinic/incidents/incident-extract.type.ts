import { Field, Float, ObjectType } from '@nestjs/graphql';
import {
  IncidentExposure,
  IncidentKind,
  IncidentOutcome,
  IncidentRegulator,
} from '../../platform/database/generated/enums.js';
import { LocalDate } from '../../platform/graphql/scalars.js';

@ObjectType({ description: 'A threshold that is met, with where it is written.' })
export class IncidentExtractCode {
  @Field(() => String, { description: 'As the regulator has it.' })
  readonly code: string;

  @Field(() => IncidentRegulator, { description: 'Who has to hear of it.' })
  readonly regulator: IncidentRegulator;

  @Field(() => String, { description: 'The row’s source.' })
  readonly source: string;
}

@ObjectType({
  description:
    'What a regulator is told of an incident: nothing by which a patient or a member of staff could be known. Free words are left out where they would give somebody away as they are known today.',
})
export class IncidentExtract {
  @Field(() => String, { description: 'The clinic’s own reference of the incident.' })
  readonly reference: string;

  @Field(() => IncidentKind, { description: 'What kind of thing.' })
  readonly kind: IncidentKind;

  @Field(() => IncidentOutcome, { description: 'What it was found to be.' })
  readonly outcome: IncidentOutcome;

  @Field(() => [IncidentExtractCode], { description: 'Which thresholds are met.' })
  readonly codes: readonly IncidentExtractCode[];

  @Field(() => LocalDate, { description: 'The local day on which it happened.' })
  readonly happenedOn: string;

  @Field(() => String, { nullable: true, description: 'Code of the site; null: at none.' })
  readonly siteCode: string | null;

  @Field(() => IncidentExposure, { description: 'How somebody was exposed otherwise than intended.' })
  readonly exposure: IncidentExposure;

  @Field(() => Boolean, { description: 'A child.' })
  readonly isChild: boolean;

  @Field(() => String, { nullable: true, description: 'Code of the tracer.' })
  readonly tracerCode: string | null;

  @Field(() => Float, { nullable: true, description: 'The activity that was intended, in MBq.' })
  readonly intendedActivityMbq: number | null;

  @Field(() => Float, { nullable: true, description: 'The activity that was administered, in MBq.' })
  readonly actualActivityMbq: number | null;

  @Field(() => Float, { nullable: true, description: 'The effective dose that was intended, in mSv.' })
  readonly intendedDoseMsv: number | null;

  @Field(() => Float, { nullable: true, description: 'The whole effective dose that was received, in mSv.' })
  readonly actualDoseMsv: number | null;

  @Field(() => Float, { nullable: true, description: 'Absorbed dose to an unborn child, in mGy.' })
  readonly foetalDoseMgy: number | null;

  @Field(() => Float, { nullable: true, description: 'Effective dose to a breast-fed infant, in mSv.' })
  readonly infantDoseMsv: number | null;

  @Field(() => Boolean, { description: 'A procedure of the employer was not followed.' })
  readonly isProceduralFailure: boolean;

  @Field(() => String, { description: 'What happened and why.' })
  readonly summary: string;

  @Field(() => String, { nullable: true, description: 'What was learnt; null: it is not closed yet.' })
  readonly learning: string | null;
}
