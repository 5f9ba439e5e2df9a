import { Field, ID, InputType, Int, registerEnumType } from '@nestjs/graphql';
import { IsEnum, IsInt, IsOptional, IsString, IsUUID, Matches, MaxLength, Min } from 'class-validator';
import {
  CallBackAttemptOutcome,
  CallBackLetter,
  CallBackOutcome,
  CallBackPriority,
  SafeToLeaveMessage,
} from '../../platform/database/generated/enums.js';
import { resultUnion } from '../../platform/graphql/result-union.js';
import { Instant } from '../../platform/graphql/scalars.js';
import type { Temporal } from '../../platform/time/index.js';
import {
  CallBackChangedMeanwhile,
  CallBackClaimedByOther,
  CallBackHasRedFlag,
  CallBackNotConverted,
  CallBackNotOpen,
  CallBackNotTriedEnough,
  MessageNotSafe,
  NumberWaitingAlready,
} from './call-back.refusals.js';
import { CallBack } from './call-back.type.js';

/** As people write numbers, with brackets, blanks and an extension. */
const PHONE_CHARACTERS_MAX = 40;
const NAME_CHARACTERS_MAX = 120;
/** A voicemail of three minutes, written down. */
const SAID_CHARACTERS_MAX = 4_000;
const NOTE_CHARACTERS_MAX = 1_000;
/** Anything but control characters (line breaks and tabs are fine) and broken UTF-16, with something to read in it. */
const SOME_TEXT = /^(?=.*\S)(?:[^\p{Cc}\p{Cs}]|[\n\r\t])*$/su;
const ONE_LINE = /^(?=.*\S)[^\p{Cc}\p{Cs}]*$/u;
const READABLE = { message: '$property: must not be blank or contain control characters' };

/** Which call-backs are wanted. */
export const CallBackShow = {
  OPEN: 'OPEN',
  DUE: 'DUE',
  OVERDUE: 'OVERDUE',
  MINE: 'MINE',
  UNCLAIMED: 'UNCLAIMED',
  CLOSED: 'CLOSED',
} as const;
export type CallBackShow = (typeof CallBackShow)[keyof typeof CallBackShow];

registerEnumType(CallBackShow, {
  name: 'CallBackShow',
  description: 'Which call-backs are wanted.',
  valuesMap: {
    OPEN: { description: 'All that are not closed.' },
    DUE: { description: 'They wait, and can be rung now.' },
    OVERDUE: { description: 'They wait, and should have been rung by now.' },
    MINE: { description: 'Those that you have in hand.' },
    UNCLAIMED: { description: 'They wait, and nobody has them in hand.' },
    CLOSED: { description: 'Those that are settled.' },
  },
});

@InputType({ description: 'Narrows the list of call-backs. Several filters together: all must hold.' })
export class CallBackFilterInput {
  @Field(() => CallBackShow, {
    nullable: true,
    defaultValue: CallBackShow.OPEN,
    description: 'Which ones.',
  })
  @IsOptional()
  @IsEnum(CallBackShow)
  readonly show?: CallBackShow = CallBackShow.OPEN;

  @Field(() => CallBackPriority, { nullable: true, description: 'Only of this priority.' })
  @IsOptional()
  @IsEnum(CallBackPriority)
  readonly priority?: CallBackPriority | null;

  @Field(() => ID, { nullable: true, description: 'Only of this enquiry.' })
  @IsOptional()
  @IsUUID()
  readonly enquiryId?: string | null;
}

@InputType({ description: 'Somebody rang, and nobody answered.' })
export class RecordMissedCallInput {
  @Field(() => String, {
    nullable: true,
    description: `The number as shown, at most ${PHONE_CHARACTERS_MAX} characters; left out: withheld.`,
  })
  @IsOptional()
  @IsString()
  @MaxLength(PHONE_CHARACTERS_MAX)
  @Matches(ONE_LINE, READABLE)
  readonly phone?: string | null;

  @Field(() => String, {
    nullable: true,
    description: `Name, where it is known, at most ${NAME_CHARACTERS_MAX} characters.`,
  })
  @IsOptional()
  @IsString()
  @MaxLength(NAME_CHARACTERS_MAX)
  @Matches(ONE_LINE, READABLE)
  readonly name?: string | null;

  @Field(() => Instant, {
    nullable: true,
    description: 'When they rang; now when left out. Not in the future.',
  })
  @IsOptional()
  readonly receivedAt?: Temporal.Instant | null;

  @Field(() => ID, { nullable: true, description: 'An open enquiry that it certainly belongs to.' })
  @IsOptional()
  @IsUUID()
  readonly enquiryId?: string | null;
}

@InputType({ description: 'Somebody left a voicemail.' })
export class RecordVoicemailInput extends RecordMissedCallInput {
  @Field(() => String, {
    description: `What was said, as it was heard, at most ${SAID_CHARACTERS_MAX} characters.`,
  })
  @IsString()
  @MaxLength(SAID_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly said: string;

  @Field(() => SafeToLeaveMessage, {
    nullable: true,
    description: 'Whether a message may be left, where they said so. Left out: nobody asked.',
  })
  @IsOptional()
  @IsEnum(SafeToLeaveMessage)
  readonly safeToLeaveMessage?: SafeToLeaveMessage | null;
}

@InputType({ description: 'An enquirer asks to be rung.' })
export class AskForCallBackInput {
  @Field(() => ID, { description: 'Their enquiry.' })
  @IsUUID()
  readonly enquiryId: string;

  @Field(() => String, {
    nullable: true,
    description: `By which number, at most ${PHONE_CHARACTERS_MAX} characters; left out: that of the enquiry.`,
  })
  @IsOptional()
  @IsString()
  @MaxLength(PHONE_CHARACTERS_MAX)
  @Matches(ONE_LINE, READABLE)
  readonly phone?: string | null;

  @Field(() => String, {
    nullable: true,
    description: `What for, at most ${SAID_CHARACTERS_MAX} characters.`,
  })
  @IsOptional()
  @IsString()
  @MaxLength(SAID_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly said?: string | null;
}

@InputType({ description: 'Which call-back.' })
export class CallBackInput {
  @Field(() => ID, { description: 'The call-back.' })
  @IsUUID()
  readonly callBackId: string;
}

@InputType({ description: 'A number by which they can be reached.' })
export class GiveCallBackNumberInput extends CallBackInput {
  @Field(() => String, { description: `The number, at most ${PHONE_CHARACTERS_MAX} characters.` })
  @IsString()
  @MaxLength(PHONE_CHARACTERS_MAX)
  @Matches(ONE_LINE, READABLE)
  readonly phone: string;
}

@InputType({ description: 'Somebody rang them.' })
export class RecordCallBackAttemptInput extends CallBackInput {
  @Field(() => Int, { description: 'The version that you have read: of two who ring at once one finds out.' })
  @IsInt()
  @Min(0)
  readonly version: number;

  @Field(() => CallBackAttemptOutcome, { description: 'How it went.' })
  @IsEnum(CallBackAttemptOutcome)
  readonly outcome: CallBackAttemptOutcome;

  @Field(() => Instant, {
    nullable: true,
    description: 'With ASKED_TO_RING_LATER: when, at most 60 days ahead. Left out: they did not say.',
  })
  @IsOptional()
  readonly ringAgainAt?: Temporal.Instant | null;

  @Field(() => String, {
    nullable: true,
    description: `What to remember of it, at most ${NOTE_CHARACTERS_MAX} characters.`,
  })
  @IsOptional()
  @IsString()
  @MaxLength(NOTE_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly note?: string | null;
}

@InputType({ description: 'What came of a call-back.' })
export class CloseCallBackInput extends CallBackInput {
  @Field(() => Int, { description: 'The version that you have read.' })
  @IsInt()
  @Min(0)
  readonly version: number;

  @Field(() => CallBackOutcome, { description: 'What came of it.' })
  @IsEnum(CallBackOutcome)
  readonly outcome: CallBackOutcome;

  @Field(() => CallBackLetter, {
    nullable: true,
    description: 'With UNREACHABLE: what was sent to them. Needed then, and only then.',
  })
  @IsOptional()
  @IsEnum(CallBackLetter)
  readonly letter?: CallBackLetter | null;

  @Field(() => String, {
    nullable: true,
    description: `What to add, at most ${NOTE_CHARACTERS_MAX} characters. NO_FURTHER_ACTION needs the reason.`,
  })
  @IsOptional()
  @IsString()
  @MaxLength(NOTE_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly comment?: string | null;
}

@InputType({ description: 'They are to be rung after all.' })
export class ReopenCallBackInput extends CallBackInput {
  @Field(() => String, { description: `Why, at most ${NOTE_CHARACTERS_MAX} characters.` })
  @IsString()
  @MaxLength(NOTE_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly reason: string;
}

export const HandleCallBackResult = resultUnion(
  'HandleCallBackResult',
  CallBack,
  [CallBackNotOpen, CallBackClaimedByOther, NumberWaitingAlready],
  'The call-back as it stands now, or why nothing was changed.',
);

export const RecordCallBackAttemptResult = resultUnion(
  'RecordCallBackAttemptResult',
  CallBack,
  [CallBackNotOpen, CallBackClaimedByOther, CallBackChangedMeanwhile, MessageNotSafe],
  'The call-back as it stands now, or why the attempt was not recorded.',
);

export const CloseCallBackResult = resultUnion(
  'CloseCallBackResult',
  CallBack,
  [
    CallBackNotOpen,
    CallBackClaimedByOther,
    CallBackChangedMeanwhile,
    CallBackNotTriedEnough,
    CallBackHasRedFlag,
    CallBackNotConverted,
  ],
  'The call-back as it stands now, or why it stays open.',
);
