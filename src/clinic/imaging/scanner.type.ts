import { Field, ID, InputType, Int } from '@nestjs/graphql';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsEnum,
  IsIn,
  IsInt,
  IsIP,
  IsOptional,
  IsString,
  IsUUID,
  Matches,
  Max,
  MaxLength,
  Min,
} from 'class-validator';
import { ResponseCharacterSet } from '../../platform/database/generated/enums.js';
import { resultUnion } from '../../platform/graphql/result-union.js';
import {
  CallingAETitleTaken,
  CameraHasScanner,
  ScannerChangedMeanwhile,
  ScannerHasBookings,
  ScannerNameTaken,
  StepInProgress,
} from './scanner.refusals.js';
import { ScannerHabitsInput } from './scanner-habits.type.js';
import { Scanner } from './scanner-profile.type.js';

export { Scanner } from './scanner-profile.type.js';

/** DICOM PS3.5, VR AE: 1 to 16 characters of the default repertoire without backslash; outer spaces do not count. */
const AE_TITLE = /^(?! )[\x20-\x5b\x5d-\x7e]{1,16}(?<! )$/;
const AN_AE_TITLE = 'must be 1 to 16 plain ASCII characters without a backslash, and no space at either end';
const NAME_MAX_CHARACTERS = 64;
/** A console and its spare; more is somebody's mistake. */
const CALLERS_MAX = 8;
/** Twice the items of the largest clinic that was measured: a bound, not a wish. */
const ANSWERS_MAX = 100_000;
/** DICOM PS3.5, VR SH. */
const STATION_NAME_MAX_CHARACTERS = 16;
const STATION_NAME = /^(?=.*\S)[^\\\p{Cc}]+$/u;
const A_STATION_NAME = 'stationName must be some text without a backslash or a control character';

@InputType({ description: 'A scanner to connect.' })
export class ConnectScannerInput extends ScannerHabitsInput {
  @Field(() => String, { description: `Name for people, at most ${NAME_MAX_CHARACTERS} characters.` })
  @IsString()
  @Matches(/\S/, { message: 'name must not be blank' })
  @MaxLength(NAME_MAX_CHARACTERS)
  name: string;

  @Field(() => ID, { description: 'Resource of the kind CAMERA.' })
  @IsUUID()
  cameraId: string;

  @Field(() => ID, {
    nullable: true,
    description:
      'The scanner at the same camera that this one takes the place of; it is retired, and its bookings are shown to the new one.',
  })
  @IsOptional()
  @IsUUID()
  replacesScannerId?: string | null;

  @Field(() => [String], { description: 'AE titles it calls itself, at least one.' })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(CALLERS_MAX)
  @ArrayUnique()
  @Matches(AE_TITLE, { each: true, message: `callingAETitles: each ${AN_AE_TITLE}` })
  callingAETitles: string[];

  @Field(() => [String], {
    nullable: true,
    defaultValue: [],
    description: 'IP addresses it may call from. An AE title is no proof of who calls: name the address too.',
  })
  @IsArray()
  @ArrayMaxSize(CALLERS_MAX)
  @ArrayUnique()
  @IsIP(undefined, { each: true })
  sourceAddresses: string[] = [];

  @Field(() => String, { description: 'Scheduled Station AE Title that it asks for.' })
  @Matches(AE_TITLE, { message: `stationAETitle ${AN_AE_TITLE}` })
  stationAETitle: string;

  @Field(() => String, { description: 'Scheduled Station Name, at most 16 characters without a backslash.' })
  @IsString()
  @MaxLength(STATION_NAME_MAX_CHARACTERS)
  @Matches(STATION_NAME, { message: A_STATION_NAME })
  stationName: string;

  @Field(() => [String], { description: '`NM`, `CT`, or both in the order of the steps.' })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayUnique()
  @IsIn(['NM', 'CT'], { each: true })
  modalities: string[];

  @Field(() => ResponseCharacterSet, { description: 'Character set of the answers.' })
  @IsEnum(ResponseCharacterSet)
  responseCharacterSet: ResponseCharacterSet;

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: true,
    description:
      'A query that names no station asks for this scanner’s own items, so that it never sees other rooms.',
  })
  @IsBoolean()
  ownStationByDefault: boolean = true;

  @Field(() => Int, {
    nullable: true,
    defaultValue: 500,
    description: `Most answers to one query, 1 to ${ANSWERS_MAX}.`,
  })
  @IsInt()
  @Min(1)
  @Max(ANSWERS_MAX)
  answersMax: number = 500;
}

@InputType({
  description:
    'What is to be different about a scanner. What is left out stays. Null stands for nothing only in `timeZone` and `certificateSha256`; elsewhere it is as if left out.',
})
export class ReviseScannerInput extends ScannerHabitsInput {
  @Field(() => ID, { description: 'Which scanner.' })
  @IsUUID()
  id: string;

  @Field(() => Int, { description: 'The `version` of the profile as it was read.' })
  @IsInt()
  @Min(0)
  version: number;

  @Field(() => String, {
    nullable: true,
    description: `Name for people, at most ${NAME_MAX_CHARACTERS} characters.`,
  })
  @IsOptional()
  @IsString()
  @Matches(/\S/, { message: 'name must not be blank' })
  @MaxLength(NAME_MAX_CHARACTERS)
  name?: string | null;

  @Field(() => [String], { nullable: true, description: 'AE titles it calls itself, at least one.' })
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(CALLERS_MAX)
  @ArrayUnique()
  @Matches(AE_TITLE, { each: true, message: `callingAETitles: each ${AN_AE_TITLE}` })
  callingAETitles?: string[] | null;

  @Field(() => [String], { nullable: true, description: 'IP addresses it may call from; empty: any.' })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(CALLERS_MAX)
  @ArrayUnique()
  @IsIP(undefined, { each: true })
  sourceAddresses?: string[] | null;

  @Field(() => String, { nullable: true, description: 'Scheduled Station AE Title that it asks for.' })
  @IsOptional()
  @Matches(AE_TITLE, { message: `stationAETitle ${AN_AE_TITLE}` })
  stationAETitle?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Scheduled Station Name, at most 16 characters without a backslash.',
  })
  @IsOptional()
  @IsString()
  @MaxLength(STATION_NAME_MAX_CHARACTERS)
  @Matches(STATION_NAME, { message: A_STATION_NAME })
  stationName?: string | null;

  @Field(() => [String], { nullable: true, description: '`NM`, `CT`, or both in the order of the steps.' })
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayUnique()
  @IsIn(['NM', 'CT'], { each: true })
  modalities?: string[] | null;

  @Field(() => ResponseCharacterSet, { nullable: true, description: 'Character set of the answers.' })
  @IsOptional()
  @IsEnum(ResponseCharacterSet)
  responseCharacterSet?: ResponseCharacterSet | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'A query that names no station asks for this scanner’s own items.',
  })
  @IsOptional()
  @IsBoolean()
  ownStationByDefault?: boolean | null;

  @Field(() => Int, { nullable: true, description: `Most answers to one query, 1 to ${ANSWERS_MAX}.` })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(ANSWERS_MAX)
  answersMax?: number | null;
}

export const ConnectScannerResult = resultUnion(
  'ConnectScannerResult',
  Scanner,
  [ScannerNameTaken, CallingAETitleTaken, CameraHasScanner],
  'The scanner, or why it was not connected.',
);

export const ReviseScannerResult = resultUnion(
  'ReviseScannerResult',
  Scanner,
  [ScannerChangedMeanwhile, ScannerNameTaken, CallingAETitleTaken, StepInProgress],
  'The scanner as it is from now on, or why it stays as it was.',
);

export const RetireScannerResult = resultUnion(
  'RetireScannerResult',
  Scanner,
  [ScannerHasBookings],
  'The scanner that may no longer call, or why it still may.',
);
