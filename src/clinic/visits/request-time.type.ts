import { Field, InputType, Int, ObjectType } from '@nestjs/graphql';
import { IsBoolean, IsInt, IsISO8601, IsOptional, Matches, Max, Min } from 'class-validator';
import { LocalDate } from '../../platform/graphql/scalars.js';

const LOCAL_TIME = /^([01]\d|2[0-3]):[0-5]\d$/;
const LOCAL_TIME_MESSAGE = "$property must be a time on the clinic's clock as HH:MM, 00:00 to 23:59";

@ObjectType({
  description:
    'A time that the patient can, or cannot, come. All its parts hold together; parts that are null do not narrow it.',
})
export class RequestTime {
  @Field(() => Int, {
    nullable: true,
    description: 'Day of the week, ISO 8601: 1 is Monday. Null: every day.',
  })
  readonly isoWeekday: number | null;

  @Field(() => String, {
    nullable: true,
    description: 'From, HH:MM on the wall; null: from the beginning of the day.',
  })
  readonly fromTime: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Until, HH:MM on the wall; null: to the end of the day.',
  })
  readonly untilTime: string | null;

  @Field(() => LocalDate, { nullable: true, description: 'First day on which it holds; null: at once.' })
  readonly firstOn: string | null;

  @Field(() => LocalDate, { nullable: true, description: 'Last day on which it holds; null: for good.' })
  readonly lastOn: string | null;

  @Field(() => Boolean, {
    description:
      'True: the patient cannot come then. False: the patient can; where any such time is stated, no other suits.',
  })
  readonly isExcluded: boolean;
}

@InputType({
  description: 'A time that the patient can, or cannot, come. At least one part besides isExcluded.',
})
export class RequestTimeInput {
  @Field(() => Int, {
    nullable: true,
    description: 'Day of the week, ISO 8601: 1 is Monday. Left out: every day.',
  })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(7)
  readonly isoWeekday?: number | null;

  @Field(() => String, { nullable: true, description: 'From, HH:MM on the wall.' })
  @IsOptional()
  @Matches(LOCAL_TIME, { message: LOCAL_TIME_MESSAGE })
  readonly fromTime?: string | null;

  @Field(() => String, { nullable: true, description: 'Until, HH:MM on the wall; after fromTime.' })
  @IsOptional()
  @Matches(LOCAL_TIME, { message: LOCAL_TIME_MESSAGE })
  readonly untilTime?: string | null;

  @Field(() => LocalDate, { nullable: true, description: 'First day on which it holds.' })
  @IsOptional()
  @IsISO8601({ strict: true })
  readonly firstOn?: string | null;

  @Field(() => LocalDate, { nullable: true, description: 'Last day on which it holds; not before firstOn.' })
  @IsOptional()
  @IsISO8601({ strict: true })
  readonly lastOn?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description: 'True: the patient cannot come then.',
  })
  @IsBoolean()
  readonly isExcluded: boolean = false;
}
