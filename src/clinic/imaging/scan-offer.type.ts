import { Field, ID, InputType, Int, ObjectType } from '@nestjs/graphql';
import {
  IsInt,
  IsNotEmpty,
  IsOptional,
  IsString,
  IsUUID,
  Matches,
  Max,
  MaxLength,
  Min,
} from 'class-validator';
import { LocalDate } from '../../platform/graphql/scalars.js';
import { BookedResource, ScanPlace } from './scan-place.type.js';

const OFFERS_DEFAULT = 10;
export const OFFERS_MAX = 50;
const WALL_CLOCK_TIME = /^([01]\d|2[0-3]):[0-5]\d$/;
const WALL_CLOCK_TIME_EXPECTED = 'must be a wall-clock time as HH:MM, such as 09:30';

@ObjectType({ description: 'A visit that could be booked now: send its times and ids to `bookScan`.' })
export class ScanOffer extends ScanPlace {
  @Field(() => Int, { description: 'Minutes from the end of the injection step to the acquisition.' })
  readonly uptakeMinutes: number;

  @Field(() => BookedResource, {
    nullable: true,
    description: 'Who takes the early images, beside who injects; null when there are none.',
  })
  readonly earlyTechnologist: BookedResource | null;

  @Field(() => Boolean, {
    description: 'The visit lies within the promised days from receipt of the referral.',
  })
  readonly withinTarget: boolean;
}

@ObjectType({ description: 'Something that would make `bookScan` refuse now, whatever the time.' })
export class BookingObstacle {
  @Field(() => String, { description: 'Name of the refusal, such as `ConsentMissing`.' })
  readonly code: string;

  @Field(() => String, { description: 'What is in the way and what to do about it.' })
  readonly message: string;
}

@ObjectType({
  description: 'The possible visits for a referral, best first, and the days they were looked for in.',
})
export class ScanOffers {
  @Field(() => [ScanOffer], {
    description:
      'Best first: inside the promise, then the earlier day, then an uptake within two hours of its target, then the earlier start, then the fewest unusable gaps, then the uptake nearest its target.',
  })
  readonly offers: readonly ScanOffer[];

  @Field(() => LocalDate, { description: 'First day that may be booked (notice from today).' })
  readonly earliestOn: string;

  @Field(() => LocalDate, { description: 'Last day that keeps the promise (from receipt of the referral).' })
  readonly targetOn: string;

  @Field(() => LocalDate, { description: 'Last day for which the diary is open.' })
  readonly latestOn: string;

  @Field(() => [BookingObstacle], {
    description:
      'What must be put right before any of these can be booked; empty when nothing is in the way.',
  })
  readonly obstacles: readonly BookingObstacle[];

  @Field(() => String, { nullable: true, description: 'When there is no offer: what was missing, in words.' })
  readonly whyNone: string | null;
}

@InputType({ description: 'Which visits the patient could take.' })
export class ScanOfferFilterInput {
  @Field(() => LocalDate, { nullable: true, description: 'Not before this day.' })
  @IsOptional()
  from?: string | null;

  @Field(() => LocalDate, { nullable: true, description: 'Not after this day.' })
  @IsOptional()
  until?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'The visit starts no earlier than this wall-clock time, HH:MM.',
  })
  @IsOptional()
  @Matches(WALL_CLOCK_TIME, { message: WALL_CLOCK_TIME_EXPECTED })
  notBefore?: string | null;

  @Field(() => String, { nullable: true, description: 'The visit is over by this wall-clock time, HH:MM.' })
  @IsOptional()
  @Matches(WALL_CLOCK_TIME, { message: WALL_CLOCK_TIME_EXPECTED })
  notAfter?: string | null;

  @Field(() => ID, { nullable: true, description: 'Only on this camera.' })
  @IsOptional()
  @IsUUID()
  cameraId?: string | null;

  @Field(() => ID, {
    nullable: true,
    description: 'Offers for moving this booking: its own times count as free.',
  })
  @IsOptional()
  @IsUUID()
  movingScanBookingId?: string | null;

  @Field(() => String, {
    nullable: true,
    defaultValue: 'BONE_SPECT_CT',
    description:
      'Code of the imaging protocol, which is that of the visit type: BONE_SPECT_CT, or BONE_SPECT_CT_EARLY with early images.',
  })
  @IsString()
  @IsNotEmpty()
  @MaxLength(40)
  protocolCode: string = 'BONE_SPECT_CT';

  @Field(() => Int, {
    nullable: true,
    defaultValue: OFFERS_DEFAULT,
    description: `How many at the most, 1 to ${OFFERS_MAX}.`,
  })
  @IsInt()
  @Min(1)
  @Max(OFFERS_MAX)
  limit: number = OFFERS_DEFAULT;
}
