import { Field, ID, InputType, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsEnum,
  IsInt,
  IsOptional,
  IsString,
  IsUUID,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { ClockStart, ReferralPriority, VisitRequestStatus } from '../../platform/database/generated/enums.js';
import { pageOf } from '../../platform/graphql/page.type.js';
import { resultUnion } from '../../platform/graphql/result-union.js';
import { Instant, LocalDate } from '../../platform/graphql/scalars.js';
import type { Temporal } from '../../platform/time/index.js';
import {
  AlreadyWaiting,
  ReferralNotYetAccepted,
  RequestNotWaiting,
  VisitTypeRetired,
} from './request.refusals.js';
import { ClockState, STATED_TIMES_MAX } from './request.rules.js';
import { RequestTime, RequestTimeInput } from './request-time.type.js';
import { VisitNeedsReferral } from './visit.refusals.js';
import { BookedElsewhere } from './visit-companion.refusals.js';

const VISIT_TYPE_CODE = /^[A-Z][A-Z0-9_]{1,59}$/;
const VISIT_TYPE_MESSAGE = '$property must be a kind of visit such as PHYSIOTHERAPY';
/** Four hours each way: whoever travels longer stays the night. */
const TRAVEL_MAX_MINUTES = 240;
/** Eight weeks: whoever has to know sooner has no use for a place that falls free. */
export const NOTICE_MAX_HOURS = 1344;
const REASON_MAX_CHARACTERS = 300;
const STATUSES_MAX = 10;
/** Anything but control characters and broken UTF-16, with something to read in it. */
const SOME_TEXT = /^(?=.*\S)(?:[^\p{Cc}\p{Cs}]|[\n\r\t])*$/su;
const READABLE = { message: '$property: must not be blank or contain control characters' };

registerEnumType(ClockState, {
  name: 'ClockState',
  description: 'Where a wait stands to the promise that was made.',
  valuesMap: {
    INSIDE_PROMISE: { description: 'Not longer than promised: up to and with the target day.' },
    BEYOND_PROMISE: {
      description: 'Longer than promised, and no breach yet: up to and with the breach day.',
    },
    BREACHED: { description: 'Longer than the clinic allows itself: after the breach day.' },
  },
});

@ObjectType({
  description:
    'How long somebody has waited, by the lead time that was in force when they were put on the list. It runs until the visit, until the request is closed, or else until today. All days are local dates of the clinic.',
})
export class RequestClock {
  @Field(() => LocalDate, { description: 'The day from which the wait is counted.' })
  readonly startedOn: string;

  @Field(() => ClockStart, { description: 'What happened on that day.' })
  readonly startedBy: ClockStart;

  @Field(() => LocalDate, { description: 'The last day that keeps the promise.' })
  readonly targetOn: string;

  @Field(() => LocalDate, { description: 'The last day that is no breach.' })
  readonly breachOn: string;

  @Field(() => Int, { description: 'Calendar days waited; 0 on the first day.' })
  readonly daysWaited: number;

  @Field(() => ClockState, { description: 'Where that stands to the promise.' })
  readonly state: ClockState;
}

@ObjectType({ description: 'A wish for a visit. It waits until a visit is booked for it or it is closed.' })
export class VisitRequest {
  @Field(() => ID, { description: 'Id of the request (UUID).' })
  readonly id: string;

  @Field(() => ID, { description: 'Who waits.' })
  readonly patientId: string;

  @Field(() => ID, { nullable: true, description: 'The referral it is made on; null where none is needed.' })
  readonly referralId: string | null;

  @Field(() => String, { description: 'Code of the kind of visit, such as PHYSIOTHERAPY.' })
  readonly visitTypeCode: string;

  @Field(() => ReferralPriority, { description: 'How urgent it is.' })
  readonly priority: ReferralPriority;

  @Field(() => VisitRequestStatus, { description: 'How it stands.' })
  readonly status: VisitRequestStatus;

  @Field(() => Int, { description: 'Rises with each change.' })
  readonly version: number;

  @Field(() => RequestClock, { description: 'How long the patient has waited, against what was promised.' })
  readonly clock: RequestClock;

  @Field(() => Int, { description: 'Minutes that the patient needs to and from other appointments.' })
  readonly travelMinutes: number;

  @Field(() => Boolean, { description: 'The patient wants to see the same people throughout.' })
  readonly keepsStaff: boolean;

  @Field(() => Boolean, { description: 'The patient may be asked when a place falls free.' })
  readonly wantsFreed: boolean;

  @Field(() => Int, { description: 'How many hours before a visit the patient has to know of it.' })
  readonly noticeHoursMin: number;

  @Field(() => [RequestTime], {
    description: `When the patient can and cannot come; at most ${STATED_TIMES_MAX}.`,
  })
  readonly times: readonly RequestTime[];

  @Field(() => Instant, { description: 'When it was entered.' })
  readonly requestedAt: Temporal.Instant;

  @Field(() => ID, { description: 'Staff account that entered it.' })
  readonly requestedById: string;

  @Field(() => Instant, { nullable: true, description: 'When it was closed; null: it was not.' })
  readonly closedAt: Temporal.Instant | null;

  @Field(() => ID, { nullable: true, description: 'Staff account that closed it.' })
  readonly closedById: string | null;

  @Field(() => String, { nullable: true, description: 'Why it was closed.' })
  readonly closeReason: string | null;
}

@ObjectType({ description: 'A page of requests, the one whose breach is nearest, or longest ago, first.' })
export class VisitRequestPage extends pageOf(VisitRequest) {}

@InputType({ description: 'A wish for a visit.' })
export class RequestVisitInput {
  @Field(() => ID, { description: 'Who wants to come.' })
  @IsUUID()
  readonly patientId: string;

  @Field(() => String, { description: 'Code of the kind of visit, such as PHYSIOTHERAPY.' })
  @Matches(VISIT_TYPE_CODE, { message: VISIT_TYPE_MESSAGE })
  readonly visitTypeCode: string;

  @Field(() => ReferralPriority, {
    nullable: true,
    description: 'How urgent it is. Left out: as the referral says, or routine without one.',
  })
  @IsOptional()
  @IsEnum(ReferralPriority)
  readonly priority?: ReferralPriority | null;

  @Field(() => ID, {
    nullable: true,
    description: 'An accepted referral of the patient. Needed for kinds of visit that need a referral.',
  })
  @IsOptional()
  @IsUUID()
  readonly referralId?: string | null;

  @Field(() => [RequestTimeInput], {
    nullable: true,
    description: `When the patient can and cannot come, at most ${STATED_TIMES_MAX}. Left out: always.`,
  })
  @ArrayMaxSize(STATED_TIMES_MAX)
  @ValidateNested({ each: true })
  @Type(() => RequestTimeInput)
  readonly times: readonly RequestTimeInput[] = [];

  @Field(() => Int, {
    nullable: true,
    defaultValue: 0,
    description: `Minutes to and from other appointments, 0 to ${TRAVEL_MAX_MINUTES}.`,
  })
  @IsInt()
  @Min(0)
  @Max(TRAVEL_MAX_MINUTES)
  readonly travelMinutes: number = 0;

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description: 'The patient wants to see the same people throughout.',
  })
  @IsBoolean()
  readonly keepsStaff: boolean = false;

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: true,
    description: 'The patient may be asked when a place falls free.',
  })
  @IsBoolean()
  readonly wantsFreed: boolean = true;

  @Field(() => Int, {
    nullable: true,
    defaultValue: 0,
    description: `How many hours before a visit the patient has to know of it, 0 to ${NOTICE_MAX_HOURS}. Freed places nearer than that are not offered.`,
  })
  @IsInt()
  @Min(0)
  @Max(NOTICE_MAX_HOURS)
  readonly noticeHoursMin: number = 0;
}

@InputType({ description: 'Takes a request off the waiting list without a visit.' })
export class CloseRequestInput {
  @Field(() => ID, { description: 'Which request.' })
  @IsUUID()
  readonly requestId: string;

  @Field(() => String, { description: `Why, at most ${REASON_MAX_CHARACTERS} characters.` })
  @IsString()
  @MaxLength(REASON_MAX_CHARACTERS)
  @Matches(SOME_TEXT, READABLE)
  readonly reason: string;
}

@InputType({ description: 'Narrows the list of requests. Several filters together: all must hold.' })
export class VisitRequestFilterInput {
  @Field(() => [VisitRequestStatus], {
    nullable: true,
    description: 'Only these states. Left out: those that wait.',
  })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(STATUSES_MAX)
  @IsEnum(VisitRequestStatus, { each: true })
  readonly statuses?: readonly VisitRequestStatus[] | null;

  @Field(() => String, { nullable: true, description: 'Only this kind of visit.' })
  @IsOptional()
  @IsString()
  readonly visitTypeCode?: string | null;

  @Field(() => ReferralPriority, { nullable: true, description: 'Only this urgency.' })
  @IsOptional()
  @IsEnum(ReferralPriority)
  readonly priority?: ReferralPriority | null;

  @Field(() => ID, { nullable: true, description: 'Only of this patient.' })
  @IsOptional()
  @IsUUID()
  readonly patientId?: string | null;
}

export const RequestVisitResult = resultUnion(
  'RequestVisitResult',
  VisitRequest,
  [AlreadyWaiting, VisitNeedsReferral, ReferralNotYetAccepted, VisitTypeRetired, BookedElsewhere],
  'The request, or why there is none.',
);

export const CloseRequestResult = resultUnion(
  'CloseRequestResult',
  VisitRequest,
  [RequestNotWaiting],
  'The closed request, or why it was not closed.',
);
