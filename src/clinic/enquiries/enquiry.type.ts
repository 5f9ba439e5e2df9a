import { Field, ID, InputType, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsEnum,
  IsOptional,
  IsString,
  IsUUID,
  Matches,
  MaxLength,
} from 'class-validator';
import {
  ActorKind,
  ContactPreference,
  EnquiryChannel,
  EnquiryCloseReason,
  EnquiryMessageDirection,
  EnquirySpamReason,
  EnquiryStatus,
  EnquiryTime,
  HeardOfUs,
  PainArea,
  RedFlagsAsked,
  SafeToLeaveMessage,
} from '../../platform/database/generated/enums.js';
import { pageOf } from '../../platform/graphql/page.type.js';
import { Instant, LocalDate } from '../../platform/graphql/scalars.js';
import type { Temporal } from '../../platform/time/index.js';
import { EnquiryAction } from './enquiry.refusals.js';

/** A name, a number, an address or some words: what a person types into a search box. */
const SEARCH_CHARACTERS_MAX = 100;
const STATUSES_MAX = 10;
const CHANNELS_MAX = 10;
const ONE_LINE = /^[^\p{Cc}\p{Cs}]*$/u;

registerEnumType(EnquiryChannel, {
  name: 'EnquiryChannel',
  description: 'How somebody came to us, or how a message went.',
  valuesMap: {
    WEB: { description: "Through the form on the clinic's website." },
    TELEPHONE: { description: 'Spoke to somebody on the telephone.' },
    VOICEMAIL: { description: 'Left a voicemail, or rang and nobody answered.' },
    EMAIL: { description: 'Wrote an e-mail.' },
    LETTER: { description: 'Wrote on paper.' },
    WALK_IN: { description: 'Came to the desk.' },
  },
});

registerEnumType(EnquiryStatus, {
  name: 'EnquiryStatus',
  description: 'How an enquiry stands.',
  valuesMap: {
    NEW: { description: 'Nobody has taken it yet.' },
    IN_HAND: { description: 'Somebody has taken it.' },
    ANSWERED: { description: 'We wrote back; the enquirer may answer.' },
    CONVERTED: { description: 'It has become a referral or a booking request of a patient.' },
    CLOSED: { description: 'Closed, with a reason.' },
    SPAM: { description: 'Not from a person who wants something of the clinic. Kept, and in no queue.' },
  },
});

registerEnumType(EnquiryTime, {
  name: 'EnquiryTime',
  description: 'When somebody is best reached, by local time.',
  valuesMap: {
    WEEKDAY_MORNING: { description: 'Monday to Friday before noon.' },
    WEEKDAY_MIDDAY: { description: 'Monday to Friday from noon to two.' },
    WEEKDAY_AFTERNOON: { description: 'Monday to Friday from two to five.' },
    WEEKDAY_EVENING: { description: 'Monday to Friday after five.' },
    SATURDAY: { description: 'Saturdays.' },
    ANY_TIME: { description: 'Whenever the clinic is open.' },
  },
});

registerEnumType(SafeToLeaveMessage, {
  name: 'SafeToLeaveMessage',
  description: 'Whether a message may be left where others may hear it.',
  valuesMap: {
    YES: { description: 'Yes.' },
    NO: { description: 'No: ring again instead.' },
    NOT_ASKED: { description: 'Nobody asked. Taken as no.' },
  },
});

registerEnumType(PainArea, {
  name: 'PainArea',
  description: 'Where it hurts, in the words of the form.',
  valuesMap: {
    LOWER_BACK: { description: 'Lower back.' },
    UPPER_BACK: { description: 'Upper back.' },
    NECK: { description: 'Neck.' },
    BUTTOCK_OR_HIP: { description: 'Buttock or hip.' },
    LEG: { description: 'Leg.' },
    SHOULDER: { description: 'Shoulder.' },
    ARM: { description: 'Arm or hand.' },
    KNEE: { description: 'Knee.' },
    FOOT: { description: 'Foot or ankle.' },
    HEAD_OR_FACE: { description: 'Head or face.' },
    CHEST_OR_ABDOMEN: { description: 'Chest or abdomen.' },
    PELVIS: { description: 'Pelvis.' },
    WIDESPREAD: { description: 'In many places.' },
    OTHER: { description: 'Somewhere else: in words.' },
  },
});

registerEnumType(HeardOfUs, {
  name: 'HeardOfUs',
  description: 'How somebody found the clinic.',
  valuesMap: {
    GP: { description: 'Through their GP.' },
    OTHER_CLINICIAN: { description: 'Through a consultant, a physiotherapist or another clinician.' },
    INSURER: { description: 'Through their insurer.' },
    FRIEND_OR_FAMILY: { description: 'Through friends or family.' },
    BEEN_BEFORE: { description: 'Has been here before.' },
    SEARCH: { description: 'Through a search engine.' },
    SOCIAL_MEDIA: { description: 'Through social media.' },
    ADVERTISEMENT: { description: 'Through an advertisement.' },
    OTHER: { description: 'Otherwise: in words.' },
  },
});

registerEnumType(EnquiryCloseReason, {
  name: 'EnquiryCloseReason',
  description: 'Why an enquiry was closed.',
  valuesMap: {
    ANSWERED_FULLY: { description: 'The enquirer has what they asked for.' },
    SENT_TO_EMERGENCY_CARE: { description: 'The enquirer was sent to emergency care.' },
    NOT_OUR_SERVICE: { description: 'The clinic does not do what is needed.' },
    WENT_ELSEWHERE: { description: 'The enquirer goes somewhere else.' },
    NO_LONGER_WANTED: { description: 'The enquirer no longer wants anything.' },
    CANNOT_BE_REACHED: { description: 'Every attempt to reach the enquirer has failed.' },
    DUPLICATE: { description: 'Another enquiry of the same person goes on.' },
    OTHER: { description: 'Something else: the comment says what.' },
  },
});

registerEnumType(EnquirySpamReason, {
  name: 'EnquirySpamReason',
  description: 'Why something is taken for spam.',
  valuesMap: {
    HIDDEN_FIELD_FILLED: { description: 'A field was filled in that no person sees.' },
    SENT_TOO_SOON: { description: 'It was sent faster than a person reads the questions.' },
    MARKED_BY_STAFF: { description: 'A member of staff said so.' },
  },
});

registerEnumType(EnquiryMessageDirection, {
  name: 'EnquiryMessageDirection',
  description: 'Who wrote to whom.',
  valuesMap: {
    IN: { description: 'The enquirer, to us.' },
    OUT: { description: 'We, to the enquirer.' },
    NOTE: { description: 'A note among ourselves.' },
  },
});

registerEnumType(RedFlagsAsked, {
  name: 'RedFlagsAsked',
  description: 'Whether the questions about dangerous signs were asked.',
  valuesMap: {
    ASKED: { description: 'Asked and answered.' },
    TO_ASK: { description: 'Still to be asked.' },
  },
});

@ObjectType({ description: 'Somebody who wrote, rang or came, and what became of it.' })
export class Enquiry {
  @Field(() => ID, { description: 'Id of the enquiry (UUID).' })
  readonly id: string;

  @Field(() => String, {
    description: 'Told to the enquirer: E and eight letters or digits, such as E7K3M9QT2.',
  })
  readonly reference: string;

  @Field(() => EnquiryChannel, { description: 'How it came.' })
  readonly channel: EnquiryChannel;

  @Field(() => EnquiryStatus, { description: 'How it stands.' })
  readonly status: EnquiryStatus;

  @Field(() => [EnquiryAction], { description: 'What can be done with it now, by somebody who may.' })
  readonly allowedActions: readonly EnquiryAction[];

  @Field(() => Int, { description: 'Counts its changes.' })
  readonly version: number;

  @Field(() => Instant, { description: 'When it came.' })
  readonly receivedAt: Temporal.Instant;

  @Field(() => ID, { nullable: true, description: 'Staff account that entered it; null: it came by itself.' })
  readonly recordedById: string | null;

  @Field(() => String, { nullable: true, description: 'Name as it was given.' })
  readonly name: string | null;

  @Field(() => LocalDate, { nullable: true, description: 'Date of birth, as it was given.' })
  readonly dateOfBirth: string | null;

  @Field(() => String, { nullable: true, description: 'NHS number, ten digits.' })
  readonly nhsNumber: string | null;

  @Field(() => String, { nullable: true, description: 'Telephone number as it was written.' })
  readonly phoneAsEntered: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'The same as E.164; null when it cannot be read as one.',
  })
  readonly phoneE164: string | null;

  @Field(() => String, { nullable: true, description: 'E-mail address.' })
  readonly email: string | null;

  @Field(() => ContactPreference, { nullable: true, description: 'How they like to be reached.' })
  readonly preferredWay: ContactPreference | null;

  @Field(() => [EnquiryTime], { description: 'When they are best reached.' })
  readonly bestTimes: readonly EnquiryTime[];

  @Field(() => String, { nullable: true, description: 'The same in their words.' })
  readonly bestTimesText: string | null;

  @Field(() => SafeToLeaveMessage, { description: 'Whether a message may be left.' })
  readonly safeToLeaveMessage: SafeToLeaveMessage;

  @Field(() => [PainArea], { description: 'Where it hurts.' })
  readonly painAreas: readonly PainArea[];

  @Field(() => String, { nullable: true, description: 'Where else.' })
  readonly painAreaOther: string | null;

  @Field(() => HeardOfUs, { nullable: true, description: 'How they found the clinic.' })
  readonly heardOfUs: HeardOfUs | null;

  @Field(() => String, { nullable: true, description: 'The same in their words.' })
  readonly heardOfUsText: string | null;

  @Field(() => ID, {
    nullable: true,
    description:
      'Wording of the privacy notice that they have seen; null: not shown yet, which is to be done.',
  })
  readonly privacyNoticeId: string | null;

  @Field(() => Instant, { nullable: true, description: 'When they ticked it, or it was read out to them.' })
  readonly privacyNoticeTickedAt: Temporal.Instant | null;

  @Field(() => ID, {
    nullable: true,
    description: 'Staff account that showed it; null: they ticked it themselves.',
  })
  readonly privacyNoticeById: string | null;

  @Field(() => ID, {
    nullable: true,
    description: 'Wording about news of the clinic that they agreed to; null: no news is sent.',
  })
  readonly marketingWordingId: string | null;

  @Field(() => Instant, { nullable: true, description: 'When they agreed to it.' })
  readonly marketingOptedInAt: Temporal.Instant | null;

  @Field(() => RedFlagsAsked, { description: 'Whether the questions about dangerous signs were asked.' })
  readonly redFlagsAsked: RedFlagsAsked;

  @Field(() => String, { nullable: true, description: 'Why they were not asked when it came.' })
  readonly redFlagsNotAskedWhy: string | null;

  @Field(() => ID, { nullable: true, description: 'Staff account that has taken it.' })
  readonly claimedById: string | null;

  @Field(() => Instant, { nullable: true, description: 'Since when.' })
  readonly claimedAt: Temporal.Instant | null;

  @Field(() => ID, { nullable: true, description: 'The patient that it was matched with; null: not yet.' })
  readonly patientId: string | null;

  @Field(() => EnquiryCloseReason, { nullable: true, description: 'Why it was closed.' })
  readonly closeReason: EnquiryCloseReason | null;

  @Field(() => String, { nullable: true, description: 'What was said to that.' })
  readonly closeComment: string | null;

  @Field(() => Instant, { nullable: true, description: 'When it was closed.' })
  readonly closedAt: Temporal.Instant | null;

  @Field(() => ID, { nullable: true, description: 'Staff account that closed it.' })
  readonly closedById: string | null;

  @Field(() => EnquirySpamReason, { nullable: true, description: 'Why it is taken for spam.' })
  readonly spamReason: EnquirySpamReason | null;

  @Field(() => Boolean, { description: 'Written by a machine, such as an out-of-office answer.' })
  readonly isAutomatic: boolean;

  @Field(() => Instant, {
    nullable: true,
    description: 'When what was told has been destroyed; only this stub is left.',
  })
  readonly destroyedAt: Temporal.Instant | null;
}

@ObjectType({ description: 'One message of an enquiry, or a note among ourselves.' })
export class EnquiryMessage {
  @Field(() => ID, { description: 'Id of the message.' })
  readonly id: string;

  @Field(() => ID, { description: 'The enquiry that it belongs to.' })
  readonly enquiryId: string;

  @Field(() => EnquiryMessageDirection, { description: 'Who wrote to whom.' })
  readonly direction: EnquiryMessageDirection;

  @Field(() => EnquiryChannel, { description: 'How it went.' })
  readonly channel: EnquiryChannel;

  @Field(() => String, { description: 'What it says: plain text, whatever it looks like.' })
  readonly text: string;

  @Field(() => String, { nullable: true, description: 'Subject line of an e-mail.' })
  readonly subject: string | null;

  @Field(() => Instant, { description: 'When it was written or came.' })
  readonly at: Temporal.Instant;

  @Field(() => ID, { nullable: true, description: 'Staff account that wrote it; null: the enquirer.' })
  readonly byId: string | null;

  @Field(() => [ID], { description: 'Documents that came with it.' })
  readonly documentIds: readonly string[];
}

@ObjectType({ description: 'Something that happened to an enquiry. Only ever added to.' })
export class EnquiryEvent {
  @Field(() => ID, { description: 'Id of the event.' })
  readonly id: string;

  @Field(() => Instant, { description: 'When.' })
  readonly at: Temporal.Instant;

  @Field(() => ActorKind, { description: 'What kind of actor did it.' })
  readonly actorKind: ActorKind;

  @Field(() => ID, { nullable: true, description: 'Staff account, when a person did it.' })
  readonly actorId: string | null;

  @Field(() => String, { description: 'What, in the past tense: `enquiry.claimed`.' })
  readonly action: string;

  @Field(() => String, {
    description: 'Codes and ids that belong to it, as JSON; nothing that anybody told.',
  })
  readonly detail: string;
}

@ObjectType({ description: 'A page of enquiries.' })
export class EnquiryPage extends pageOf(Enquiry) {}

@InputType({ description: 'Narrows the list of enquiries. Several filters together: all must hold.' })
export class EnquiryFilterInput {
  @Field(() => [EnquiryStatus], { nullable: true, description: 'Only these states.' })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(STATUSES_MAX)
  @IsEnum(EnquiryStatus, { each: true })
  readonly statuses?: readonly EnquiryStatus[] | null;

  @Field(() => [EnquiryChannel], { nullable: true, description: 'Only these ways.' })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(CHANNELS_MAX)
  @IsEnum(EnquiryChannel, { each: true })
  readonly channels?: readonly EnquiryChannel[] | null;

  @Field(() => Boolean, { nullable: true, description: 'With an open red-flag alert, or without one.' })
  @IsOptional()
  @IsBoolean()
  readonly hasOpenRedFlag?: boolean | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whose red flags are still to be asked, or were asked.',
  })
  @IsOptional()
  @IsBoolean()
  readonly redFlagsToAsk?: boolean | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'To whom the privacy notice is still to be shown, or was.',
  })
  @IsOptional()
  @IsBoolean()
  readonly privacyNoticeToShow?: boolean | null;

  @Field(() => Boolean, { nullable: true, description: 'Taken by somebody, or by nobody.' })
  @IsOptional()
  @IsBoolean()
  readonly isClaimed?: boolean | null;

  @Field(() => ID, { nullable: true, description: 'Only those that this staff account has taken.' })
  @IsOptional()
  @IsUUID()
  readonly claimedById?: string | null;

  @Field(() => ID, { nullable: true, description: 'Only of this patient.' })
  @IsOptional()
  @IsUUID()
  readonly patientId?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Finds a reference, a telephone number, an e-mail address, an NHS number, part of a name, or words of what was ' +
      'told. At most 100 characters.',
  })
  @IsOptional()
  @IsString()
  @MaxLength(SEARCH_CHARACTERS_MAX)
  @Matches(ONE_LINE, { message: '$property: must not contain control characters' })
  readonly search?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description: 'The longest waiting first, as a queue; else the newest first.',
  })
  @IsOptional()
  @IsBoolean()
  readonly oldestFirst: boolean = false;
}
