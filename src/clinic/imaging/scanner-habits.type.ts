import { Field, InputType, Int } from '@nestjs/graphql';
import {
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsEnum,
  IsInt,
  IsOptional,
  IsTimeZone,
  Matches,
  Max,
  Min,
} from 'class-validator';
import { ScannerTransport, ScheduledStepStatus } from '../../platform/database/generated/enums.js';

/** A year and the day that makes it whole; the database holds the same bound. */
const DAYS_MAX = 366;
/** Three days: over a bank holiday weekend. The database holds the same bound. */
const STEP_HOURS_MAX = 72;

/** SHA-256 as programs show it: with colons or without, in either case. */
const FINGERPRINT = /^(?:[0-9a-f]{64}|[0-9a-f]{2}(?::[0-9a-f]{2}){31})$/i;

/** What has a default and can be left out, the same for a new scanner and one that is revised. */
@InputType({ isAbstract: true })
export abstract class ScannerHabitsInput {
  @Field(() => Boolean, {
    nullable: true,
    description: 'Never offered the items of another scanner, whatever its query names. True for a new one.',
  })
  @IsOptional()
  @IsBoolean()
  ownItemsOnly?: boolean | null;

  @Field(() => [ScheduledStepStatus], {
    nullable: true,
    description: 'Steps that stand so are not offered. COMPLETED and DISCONTINUED for a new one.',
  })
  @IsOptional()
  @IsArray()
  @ArrayUnique()
  @IsEnum(ScheduledStepStatus, { each: true })
  hiddenStatuses?: ScheduledStepStatus[] | null;

  @Field(() => Int, {
    nullable: true,
    description: `Days before today that are offered, 0 to ${DAYS_MAX}. 1 for a new one.`,
  })
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(DAYS_MAX)
  daysBefore?: number | null;

  @Field(() => Int, {
    nullable: true,
    description: `Days after today that are offered, 0 to ${DAYS_MAX}. 90 for a new one.`,
  })
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(DAYS_MAX)
  daysAfter?: number | null;

  @Field(() => String, {
    nullable: true,
    description:
      'IANA name of the clock beside the scanner, such as Europe/London; null: the clinic’s. A fixed offset is refused: clocks change.',
  })
  @IsOptional()
  @Matches(/^[A-Za-z]/, { message: 'timeZone must be an IANA time zone, such as Europe/London' })
  @IsTimeZone({ message: 'timeZone must be an IANA time zone, such as Europe/London' })
  timeZone?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Send every type 2 attribute, if only empty, asked for or not. False for a new one.',
  })
  @IsOptional()
  @IsBoolean()
  sendsEveryType2?: boolean | null;

  @Field(() => ScannerTransport, {
    nullable: true,
    description: 'How it has to call. PLAIN_OR_TLS for a new one.',
  })
  @IsOptional()
  @IsEnum(ScannerTransport)
  transport?: ScannerTransport | null;

  @Field(() => String, {
    nullable: true,
    description:
      'SHA-256 of the certificate that it must show: 64 hexadecimal digits, with or without colons. Only with MUTUAL_TLS; null: any that our authority signed.',
  })
  @IsOptional()
  @Matches(FINGERPRINT, {
    message: 'certificateSha256 must be 64 hexadecimal digits, with or without colons between pairs',
  })
  certificateSha256?: string | null;

  @Field(() => Int, {
    nullable: true,
    description: `Hours after which a step that has not ended is shown to staff, 1 to ${STEP_HOURS_MAX}. 12 for a new one.`,
  })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(STEP_HOURS_MAX)
  performedStepHoursMax?: number | null;
}
