import { Field, ID, InputType, Int, ObjectType, OmitType } from '@nestjs/graphql';
import { Type } from 'class-transformer';
import {
  IsBoolean,
  IsEnum,
  IsInt,
  IsISO8601,
  IsOptional,
  IsString,
  IsUUID,
  Matches,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import {
  ActionOutcomeKind,
  DecisionActionKind,
  DecisionActionStatus,
  LetterAudience,
  VisitStatus,
} from '../../platform/database/generated/enums.js';
import { pageOf } from '../../platform/graphql/page.type.js';
import { resultUnion } from '../../platform/graphql/result-union.js';
import { Instant, LocalDate } from '../../platform/graphql/scalars.js';
import type { Temporal } from '../../platform/time/index.js';
import {
  AlreadyRequested,
  FindingNotStanding,
  PlacesDoNotFit,
  ReferralOfSomebodyElse,
} from '../treatments/treatment.refusals.js';
import { RequestTreatmentInput } from '../treatments/treatment-request.type.js';
import { ImagingRequestExists, ReferralIsOver } from '../vetting/imaging-request.refusals.js';
import { RequestImagingInput } from '../vetting/request-entry.type.js';
import { AlreadyWaiting, ReferralNotYetAccepted, VisitTypeRetired } from '../visits/request.refusals.js';
import { RequestVisitInput } from '../visits/request.type.js';
import { IdempotencyKeyReused, VisitNeedsReferral } from '../visits/visit.refusals.js';
import { BookedElsewhere } from '../visits/visit-companion.refusals.js';
import {
  ActionChanged,
  ActionStandsOtherwise,
  CaseWithoutReferral,
  DecisionNotSigned,
  DecisionSuperseded,
  LetterAlreadyDrafted,
  PatientHasNotAgreed,
} from './decision.refusals.js';
import { LINE_CHARACTERS_MAX, READABLE, SOME_TEXT, TEXT_CHARACTERS_MAX } from './decision-words.type.js';

/** This room's own alarm clock: an action is to be looked at. */
export const ACTION_WATCH = 'decision-action.watched';
/** Notices about actions. Subject: the action. Version: how often somebody was told of it. */
export const ACTION_TOPICS = { due: 'action.due', overdue: 'action.overdue' } as const;

@ObjectType({ description: 'What an action has made, as it stands now.' })
export class ActionOutcome {
  @Field(() => ActionOutcomeKind, { description: 'What it is.' })
  readonly kind: ActionOutcomeKind;

  @Field(() => ID, { description: 'Its id.' })
  readonly id: string;

  @Field(() => String, {
    nullable: true,
    description:
      'Its state, in its own words: of ImagingRequestStatus, TreatmentStatus, VisitRequestStatus or DecisionLetterStatus; ' +
      'null: it is gone.',
  })
  readonly state: string | null;

  @Field(() => [VisitStatus], {
    description: 'Of a request: where the visits stand that it led to, by time. Empty: none yet.',
  })
  readonly visitStates: readonly VisitStatus[];

  @Field(() => Boolean, {
    description: 'Nothing more comes of it: it was done, declined, cancelled or sent. Then close the action.',
  })
  readonly isSettled: boolean;
}

@ObjectType({ description: 'What somebody has to do because of a decision.' })
export class DecisionAction {
  @Field(() => ID, { description: 'Its id.' })
  readonly id: string;

  @Field(() => ID, { description: 'The decision that it comes of.' })
  readonly decisionId: string;

  @Field(() => ID, { description: 'The patient.' })
  readonly patientId: string;

  @Field(() => DecisionActionKind, { description: 'What kind of thing is to be done.' })
  readonly kind: DecisionActionKind;

  @Field(() => String, { description: 'What, in words.' })
  readonly what: string;

  @Field(() => ID, { description: 'Who sees to it.' })
  readonly ownerId: string;

  @Field(() => LocalDate, { description: 'By when: local day of the clinic.' })
  readonly dueOn: string;

  @Field(() => DecisionActionStatus, { description: 'Where it stands.' })
  readonly status: DecisionActionStatus;

  @Field(() => Boolean, { description: 'Its day is over and it is not settled.' })
  readonly isOverdue: boolean;

  @Field(() => ActionOutcome, {
    nullable: true,
    description: 'What became of it; null: it has made nothing.',
  })
  readonly becameOf: ActionOutcome | null;

  @Field(() => String, { nullable: true, description: 'Of a settled one: what was done, or why not.' })
  readonly endNote: string | null;

  @Field(() => Int, { description: 'How often somebody was told of it.' })
  readonly remindersCount: number;

  @Field(() => Instant, {
    nullable: true,
    description: 'When its owner was told last, for this day; null: not yet.',
  })
  readonly remindedAt: Temporal.Instant | null;

  @Field(() => Int, { description: 'Rises with each change.' })
  readonly version: number;
}

@ObjectType({ description: 'Part of a list of actions.' })
export class DecisionActionPage extends pageOf(DecisionAction) {}

@InputType({ description: 'Narrows the list of actions. Several filters together: all must hold.' })
export class DecisionActionFilterInput {
  @Field(() => ID, { nullable: true, description: 'Only of this owner.' })
  @IsOptional()
  @IsUUID()
  readonly ownerId?: string | null;

  @Field(() => ID, { nullable: true, description: 'Only of this patient.' })
  @IsOptional()
  @IsUUID()
  readonly patientId?: string | null;

  @Field(() => Boolean, { nullable: true, description: 'True: only those whose day is over.' })
  @IsOptional()
  @IsBoolean()
  readonly isOverdue?: boolean | null;

  @Field(() => [DecisionActionStatus], {
    nullable: true,
    description: 'Only these states. Left out: those that are not settled.',
  })
  @IsOptional()
  @IsEnum(DecisionActionStatus, { each: true })
  readonly statuses?: readonly DecisionActionStatus[] | null;
}

@InputType({ description: 'Something to do because of a decision.' })
export class AddDecisionActionInput {
  @Field(() => ID, { description: 'The decision.' })
  @IsUUID()
  readonly decisionId: string;

  @Field(() => DecisionActionKind, { description: 'What kind of thing is to be done.' })
  @IsEnum(DecisionActionKind)
  readonly kind: DecisionActionKind;

  @Field(() => String, { description: 'What, in words; at most 1,000 characters.' })
  @IsString()
  @MaxLength(LINE_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly what: string;

  @Field(() => ID, { description: 'Who sees to it: a staff account.' })
  @IsUUID()
  readonly ownerId: string;

  @Field(() => LocalDate, { description: 'By when: local day of the clinic, not in the past.' })
  @IsISO8601({ strict: true })
  readonly dueOn: string;
}

@InputType({ description: 'Another owner or another day for an action.' })
export class ChangeDecisionActionInput {
  @Field(() => ID, { description: 'The action.' })
  @IsUUID()
  readonly actionId: string;

  @Field(() => Int, { description: '`version` as you have seen it.' })
  @IsInt()
  @Min(0)
  readonly version: number;

  @Field(() => ID, { description: 'Who sees to it from now on.' })
  @IsUUID()
  readonly ownerId: string;

  @Field(() => LocalDate, { description: 'By when: local day of the clinic, not in the past.' })
  @IsISO8601({ strict: true })
  readonly dueOn: string;
}

@InputType({ description: 'An action that is settled.' })
export class EndDecisionActionInput {
  @Field(() => ID, { description: 'The action.' })
  @IsUUID()
  readonly actionId: string;

  @Field(() => Int, { description: '`version` as you have seen it.' })
  @IsInt()
  @Min(0)
  readonly version: number;

  @Field(() => String, {
    description: 'What was done, or why it is not to be done; at most 10,000 characters.',
  })
  @IsString()
  @MaxLength(TEXT_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly note: string;
}

@InputType({
  description: 'The treatment that an action asks for; patient and referral are those of the case.',
})
export class ActionTreatmentInput extends OmitType(
  RequestTreatmentInput,
  ['patientId', 'referralId'] as const,
  InputType,
) {}

@InputType({ description: 'For whom a letter is drafted.' })
export class LetterRecipientInput {
  @Field(() => LetterAudience, { description: 'For whom.' })
  @IsEnum(LetterAudience)
  readonly audience: LetterAudience;

  @Field(() => ID, {
    nullable: true,
    description:
      'Of GP and REFERRER: their entry in the directory; null: name them. Of REFERRER: the referral’s own referrer or somebody ' +
      'of the same practice; left out, with the name, it is the referral’s own. Of GP: an entry of that kind.',
  })
  @IsOptional()
  @IsUUID()
  readonly recipientId?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Of GP and REFERRER who are not in the directory: their name; at most 1,000 characters. Of REFERRER: as the referral ' +
      'names them, where it does.',
  })
  @IsOptional()
  @IsString()
  @MaxLength(LINE_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly recipientName?: string | null;
}

@InputType({
  description:
    'The scan that an action asks for; the referral is that of the case. Without a clinical question the words of the action are it.',
})
export class ActionScanInput extends OmitType(RequestImagingInput, ['referralId'] as const, InputType) {}

@InputType({ description: 'The visits that an action asks for; patient and referral are those of the case.' })
export class ActionVisitsInput extends OmitType(
  RequestVisitInput,
  ['patientId', 'referralId'] as const,
  InputType,
) {}

@InputType({
  description: 'What starting an action is to make. Send the part that its kind needs, and no other.',
})
export class StartDecisionActionInput {
  @Field(() => ID, { description: 'The action.' })
  @IsUUID()
  readonly actionId: string;

  @Field(() => Int, { description: '`version` as you have seen it.' })
  @IsInt()
  @Min(0)
  readonly version: number;

  @Field(() => ActionScanInput, { nullable: true, description: 'Of SCAN_REQUEST: the scan.' })
  @IsOptional()
  @ValidateNested()
  @Type(() => ActionScanInput)
  readonly scan?: ActionScanInput | null;

  @Field(() => ActionTreatmentInput, { nullable: true, description: 'Of TREATMENT_REQUEST: the treatment.' })
  @IsOptional()
  @ValidateNested()
  @Type(() => ActionTreatmentInput)
  readonly treatment?: ActionTreatmentInput | null;

  @Field(() => ActionVisitsInput, {
    nullable: true,
    description: 'Of PHYSIOTHERAPY_SERIES: the visits. A series of them then answers the request.',
  })
  @IsOptional()
  @ValidateNested()
  @Type(() => ActionVisitsInput)
  readonly visits?: ActionVisitsInput | null;

  @Field(() => LetterRecipientInput, { nullable: true, description: 'Of LETTER: for whom.' })
  @IsOptional()
  @ValidateNested()
  @Type(() => LetterRecipientInput)
  readonly letter?: LetterRecipientInput | null;
}

/** Every refusal that adding an action can meet. */
export const ADD_DECISION_ACTION_REFUSALS = [IdempotencyKeyReused] as const;

export const AddDecisionActionResult = resultUnion(
  'AddDecisionActionResult',
  DecisionAction,
  [...ADD_DECISION_ACTION_REFUSALS],
  'The action, or why it was not added.',
);

export const ChangeDecisionActionResult = resultUnion(
  'ChangeDecisionActionResult',
  DecisionAction,
  [ActionStandsOtherwise, ActionChanged],
  'The action as it stands now, or why nothing was changed.',
);

/** Every refusal that starting an action can meet. */
export const START_DECISION_ACTION_REFUSALS = [
  ActionStandsOtherwise,
  ActionChanged,
  DecisionNotSigned,
  PatientHasNotAgreed,
  CaseWithoutReferral,
  ImagingRequestExists,
  ReferralIsOver,
  ReferralOfSomebodyElse,
  PlacesDoNotFit,
  FindingNotStanding,
  AlreadyRequested,
  AlreadyWaiting,
  VisitNeedsReferral,
  ReferralNotYetAccepted,
  VisitTypeRetired,
  BookedElsewhere,
  LetterAlreadyDrafted,
  DecisionSuperseded,
  IdempotencyKeyReused,
] as const;

export const StartDecisionActionResult = resultUnion(
  'StartDecisionActionResult',
  DecisionAction,
  [...START_DECISION_ACTION_REFUSALS],
  'The action with what it has made, or why it was not started. Refused, nothing was made.',
);
