import { Field, ID, InputType, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
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
  ScannerHasBookings,
  ScannerNameTaken,
} from './scanner.refusals.js';

/** DICOM PS3.5, VR AE: 1 to 16 characters of the default repertoire without backslash; outer spaces do not count. */
const AE_TITLE = /^(?! )[\x20-\x5b\x5d-\x7e]{1,16}(?<! )$/;
const AN_AE_TITLE = 'must be 1 to 16 plain ASCII characters without a backslash, and no space at either end';
const NAME_MAX_CHARACTERS = 64;
/** A console and its spare; more is somebody's mistake. */
const CALLERS_MAX = 8;
/** What one console can show and we stream in well under a second. */
const ANSWERS_MAX = 5_000;
/** DICOM PS3.5, VR SH. */
const STATION_NAME_MAX_CHARACTERS = 16;

registerEnumType(ResponseCharacterSet, {
  name: 'ResponseCharacterSet',
  description: 'DICOM Specific Character Set (0008,0005) of answers that are not plain ASCII.',
  valuesMap: {
    ISO_IR_100: {
      description: 'ISO_IR 100, Latin alphabet No. 1. What it lacks is sent as its base letter.',
    },
    ISO_IR_192: { description: 'ISO_IR 192, Unicode in UTF-8.' },
  },
});

@ObjectType({ description: 'A scanner that may ask for its worklist.' })
export class Scanner {
  @Field(() => ID, { description: 'Id of the scanner.' })
  readonly id: string;

  @Field(() => String, { description: 'Name for people.' })
  readonly name: string;

  @Field(() => ID, { description: 'The camera that patients are booked on.' })
  readonly cameraId: string;

  @Field(() => [String], { description: 'AE titles it may call itself.' })
  readonly callingAETitles: readonly string[];

  @Field(() => [String], { description: 'IP addresses it may call from; empty: any.' })
  readonly sourceAddresses: readonly string[];

  @Field(() => String, { description: 'DICOM Scheduled Station AE Title (0040,0001) of its worklist items.' })
  readonly stationAETitle: string;

  @Field(() => String, { description: 'DICOM Scheduled Station Name (0040,0010).' })
  readonly stationName: string;

  @Field(() => [String], {
    description: 'One scheduled step for each: NM, or NM and CT where it wants them apart.',
  })
  readonly modalities: readonly string[];

  @Field(() => ResponseCharacterSet, { description: 'Character set of the answers.' })
  readonly responseCharacterSet: ResponseCharacterSet;

  @Field(() => Boolean, { description: 'A query that names no station asks for this scanner’s own items.' })
  readonly ownStationByDefault: boolean;

  @Field(() => Int, { description: 'Largest number of answers to one query; more ends it with A700.' })
  readonly answersMax: number;
}

@InputType({ description: 'A scanner to connect.' })
export class ConnectScannerInput {
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
  @Matches(/^(?=.*\S)[^\\\p{Cc}]+$/u, {
    message: 'stationName must be some text without a backslash or a control character',
  })
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

export const ConnectScannerResult = resultUnion(
  'ConnectScannerResult',
  Scanner,
  [ScannerNameTaken, CallingAETitleTaken, CameraHasScanner],
  'The scanner, or why it was not connected.',
);

export const RetireScannerResult = resultUnion(
  'RetireScannerResult',
  Scanner,
  [ScannerHasBookings],
  'The scanner that may no longer call, or why it still may.',
);
