import { Field, ID, InputType, Int, ObjectType } from '@nestjs/graphql';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsEnum,
  IsInt,
  IsOptional,
  IsString,
  IsUUID,
  Matches,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import {
  CaseEventKind,
  CaseExhibitKind,
  CaseSourceKind,
  Discipline,
  MeetingCaseStatus,
  MeetingCaseUrgency,
} from '../../platform/database/generated/enums.js';
import { resultUnion } from '../../platform/graphql/result-union.js';
import { Instant } from '../../platform/graphql/scalars.js';
import type { Temporal } from '../../platform/time/index.js';
import { IdempotencyKeyReused } from '../visits/visit.refusals.js';
import { MeetingStandsOtherwise } from './meeting.refusals.js';
import { CaseAction } from './meeting.rules.js';
import { REASON_CHARACTERS_MAX } from './meeting.type.js';
import {
  AgendaClosed,
  AlreadyShown,
  AnotherCaseUnderDiscussion,
  CaseChangedSince,
  CaseNotPrepared,
  CaseStandsOtherwise,
  PatientAlreadyListed,
  WhoKnowsPatientAbsent,
} from './meeting-case.refusals.js';
import './meeting-words.type.js';

const QUESTION_CHARACTERS_MAX = 2000;
const ANSWER_CHARACTERS_MAX = 4000;
const LABEL_CHARACTERS_MAX = 200;
const SOURCES_MAX = 20;
/** DICOM PS3.5 §9.1: at most 64 characters of digits and dots. */
const STUDY_UID = /^(?=.{1,64}$)\d+(\.\d+)+$/;
const NOT_BLANK = /\S/;

@ObjectType({ description: 'Who had to be there while a case was discussed, and who was.' })
export class CaseQuorum {
  @Field(() => [Discipline], { description: 'Disciplines of which somebody had to be there.' })
  readonly required: readonly Discipline[];

  @Field(() => [Discipline], {
    description: 'Disciplines of which somebody was there from the beginning of the discussion to its end.',
  })
  readonly present: readonly Discipline[];

  @Field(() => Boolean, { description: 'Was every one of them there?' })
  readonly isMet: boolean;
}

@ObjectType({
  description:
    'What the team has to know before it discusses a patient. Never edited: a change is a new one.',
})
export class CaseProforma {
  @Field(() => Int, { description: '1 for the first.' })
  readonly number: number;

  @Field(() => String, {
    description: 'What the patient wants and does not want, in their own words where possible.',
  })
  readonly preferences: string;

  @Field(() => String, { description: 'What matters to the patient.' })
  readonly whatMatters: string;

  @Field(() => String, { description: 'What the patient can do and cannot do.' })
  readonly function: string;

  @Field(() => String, { description: 'Work, and what the pain means for it.' })
  readonly work: string;

  @Field(() => String, { description: 'Medication, anticoagulants and opioids among it.' })
  readonly medication: string;

  @Field(() => String, { description: 'What was tried before, and what became of it.' })
  readonly previousTreatments: string;

  @Field(() => String, { description: 'Other illnesses.' })
  readonly comorbidity: string;

  @Field(() => String, { description: 'Capacity to decide, and needs of communication and access.' })
  readonly capacityAndNeeds: string;

  @Field(() => Instant, { description: 'When it was written.' })
  readonly writtenAt: Temporal.Instant;

  @Field(() => ID, { description: 'Staff account that wrote it.' })
  readonly writtenById: string;
}

@ObjectType({ description: 'Why a case is brought.' })
export class CaseSource {
  @Field(() => CaseSourceKind, { description: 'What kind of thing it is.' })
  readonly kind: CaseSourceKind;

  @Field(() => ID, { description: 'Its id, in its own room.' })
  readonly sourceId: string;
}

@ObjectType({
  description: 'What is shown to the team, in the version that is shown, whatever is corrected later.',
})
export class CaseExhibit {
  @Field(() => ID, { description: 'Id.' })
  readonly id: string;

  @Field(() => CaseExhibitKind, { description: 'What kind of thing it is.' })
  readonly kind: CaseExhibitKind;

  @Field(() => ID, {
    nullable: true,
    description:
      'Of a report its scan booking, of a score the score, of a document the document; null: images.',
  })
  readonly shownId: string | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Of a report the number of its signed version, of a document that of its version.',
  })
  readonly versionNumber: number | null;

  @Field(() => String, { nullable: true, description: 'Of images: their Study Instance UID.' })
  readonly studyInstanceUid: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Of a document: SHA-256 of what was shown, in hexadecimal. Whether it can be opened says the document.',
  })
  readonly sha256: string | null;

  @Field(() => String, { description: 'What it is, in a line.' })
  readonly label: string;

  @Field(() => Instant, { description: 'When it was added.' })
  readonly addedAt: Temporal.Instant;

  @Field(() => ID, { description: 'Staff account that added it.' })
  readonly addedById: string;
}

@ObjectType({ description: 'What happened to a case.' })
export class CaseEvent {
  @Field(() => CaseEventKind, { description: 'What happened.' })
  readonly kind: CaseEventKind;

  @Field(() => ID, { nullable: true, description: 'At which meeting; null: at none.' })
  readonly meetingId: string | null;

  @Field(() => String, { nullable: true, description: 'Why, where a reason was asked for.' })
  readonly reason: string | null;

  @Field(() => Instant, { description: 'When.' })
  readonly happenedAt: Temporal.Instant;

  @Field(() => ID, { description: 'Staff account that did it.' })
  readonly staffId: string;
}

@ObjectType({ description: 'A patient who is brought before the team, with a question.' })
export class MeetingCase {
  @Field(() => ID, { description: 'Id.' })
  readonly id: string;

  @Field(() => ID, { description: 'Who it is.' })
  readonly patientId: string;

  @Field(() => ID, { nullable: true, description: 'The referral that it belongs to; null: none.' })
  readonly referralId: string | null;

  @Field(() => ID, { nullable: true, description: 'On the list of which meeting; null: of none.' })
  readonly meetingId: string | null;

  @Field(() => MeetingCaseStatus, { description: 'Where it stands.' })
  readonly status: MeetingCaseStatus;

  @Field(() => [CaseAction], { description: 'What can be done with it now.' })
  readonly allowedActions: readonly CaseAction[];

  @Field(() => String, { description: 'What the team is asked.' })
  readonly question: string;

  @Field(() => ID, { nullable: true, description: 'Staff account that presents it; null: nobody yet.' })
  readonly presenterId: string | null;

  @Field(() => ID, {
    nullable: true,
    description: 'Staff account that knows the patient and has to be there; null: nobody yet.',
  })
  readonly knowsPatientId: string | null;

  @Field(() => CaseProforma, { nullable: true, description: 'The newest proforma; null: there is none yet.' })
  readonly proforma: CaseProforma | null;

  @Field(() => [CaseSource], { description: 'Why it is brought.' })
  readonly sources: readonly CaseSource[];

  @Field(() => [CaseExhibit], { description: 'What is shown to the team.' })
  readonly exhibits: readonly CaseExhibit[];

  @Field(() => MeetingCaseUrgency, {
    nullable: true,
    description: 'How urgent it is, of a case that came after the list was closed; null: it came in time.',
  })
  readonly lateUrgency: MeetingCaseUrgency | null;

  @Field(() => String, { nullable: true, description: 'Why it came late; null: it came in time.' })
  readonly lateReason: string | null;

  @Field(() => Instant, { nullable: true, description: 'When the team began to discuss it; null: not yet.' })
  readonly discussedFrom: Temporal.Instant | null;

  @Field(() => Instant, { nullable: true, description: 'When the discussion ended; null: not yet.' })
  readonly discussedTo: Temporal.Instant | null;

  @Field(() => CaseQuorum, {
    nullable: true,
    description:
      'Who was there while it was discussed, until now if it is not over; null: it was not discussed.',
  })
  readonly quorum: CaseQuorum | null;

  @Field(() => [CaseEvent], { description: 'What happened to it, in the order of time.' })
  readonly events: readonly CaseEvent[];

  @Field(() => Int, { description: 'Rises with each change; send it with the next.' })
  readonly version: number;
}

/** A case held until the transaction ends, for rooms that write down what became of it. */
export interface LockedCase {
  readonly caseId: string;
  readonly patientId: string;
  readonly referralId: string | null;
  readonly status: MeetingCaseStatus;
  readonly meetingId: string | null;
  readonly discussedFrom: Temporal.Instant | null;
  /** Null while the team is discussing it. */
  readonly discussedTo: Temporal.Instant | null;
  /** From the beginning of the discussion to its end, or to now. Before it: nobody is present. */
  readonly quorum: CaseQuorum;
  /** Staff accounts that were there at any moment of the discussion. */
  readonly presentStaffIds: readonly string[];
}

@InputType({ description: 'Why a case is brought.' })
export class CaseSourceInput {
  @Field(() => CaseSourceKind, { description: 'What kind of thing it is.' })
  @IsEnum(CaseSourceKind)
  readonly kind: CaseSourceKind;

  @Field(() => ID, { description: 'Its id, in its own room.' })
  @IsUUID()
  readonly sourceId: string;
}

@InputType({ description: 'A patient for the team, with a question.' })
export class ProposeCaseInput {
  @Field(() => ID, { description: 'Who it is.' })
  @IsUUID()
  readonly patientId: string;

  @Field(() => ID, { nullable: true, description: 'A referral of the patient that it belongs to.' })
  @IsOptional()
  @IsUUID()
  readonly referralId?: string | null;

  @Field(() => String, {
    description: `What the team is asked, at most ${QUESTION_CHARACTERS_MAX} characters.`,
  })
  @IsString()
  @Matches(NOT_BLANK, { message: 'question must not be blank' })
  @MaxLength(QUESTION_CHARACTERS_MAX)
  readonly question: string;

  @Field(() => [CaseSourceInput], { description: `Why it is brought: at least one, at most ${SOURCES_MAX}.` })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(SOURCES_MAX)
  @ValidateNested({ each: true })
  @Type(() => CaseSourceInput)
  readonly sources: readonly CaseSourceInput[];

  @Field(() => ID, { nullable: true, description: 'Staff account that presents it.' })
  @IsOptional()
  @IsUUID()
  readonly presenterId?: string | null;

  @Field(() => ID, { nullable: true, description: 'Staff account that knows the patient.' })
  @IsOptional()
  @IsUUID()
  readonly knowsPatientId?: string | null;
}

@InputType({ description: 'Changes what the team is asked, and by whom. What is left out stays.' })
export class PrepareCaseInput {
  @Field(() => ID, { description: 'Which case.' })
  @IsUUID()
  readonly caseId: string;

  @Field(() => Int, { description: 'Its version as you saw it.' })
  @IsInt()
  @Min(0)
  readonly version: number;

  @Field(() => String, { nullable: true, description: 'What the team is asked.' })
  @IsOptional()
  @IsString()
  @Matches(NOT_BLANK, { message: 'question must not be blank' })
  @MaxLength(QUESTION_CHARACTERS_MAX)
  readonly question?: string | null;

  @Field(() => ID, { nullable: true, description: 'Staff account that presents it.' })
  @IsOptional()
  @IsUUID()
  readonly presenterId?: string | null;

  @Field(() => ID, { nullable: true, description: 'Staff account that knows the patient.' })
  @IsOptional()
  @IsUUID()
  readonly knowsPatientId?: string | null;
}

const Answer =
  (what: string): PropertyDecorator =>
  (target, name) => {
    Field(() => String, {
      description: `${what} At most ${ANSWER_CHARACTERS_MAX} characters; say so if nothing is known.`,
    })(target, name);
    IsString()(target, name);
    Matches(NOT_BLANK, { message: `${String(name)} must not be blank` })(target, name);
    MaxLength(ANSWER_CHARACTERS_MAX)(target, name);
  };

@InputType({ description: 'What the team has to know before it discusses a patient: all of it.' })
export class WriteCaseProformaInput {
  @Field(() => ID, { description: 'Which case.' })
  @IsUUID()
  readonly caseId: string;

  @Field(() => Int, { description: 'The case’s version as you saw it.' })
  @IsInt()
  @Min(0)
  readonly version: number;

  @Answer('What the patient wants and does not want, in their own words where possible.')
  readonly preferences: string;

  @Answer('What matters to the patient.')
  readonly whatMatters: string;

  @Answer('What the patient can do and cannot do.')
  readonly function: string;

  @Answer('Work, and what the pain means for it.')
  readonly work: string;

  @Answer('Medication, anticoagulants and opioids among it.')
  readonly medication: string;

  @Answer('What was tried before, and what became of it.')
  readonly previousTreatments: string;

  @Answer('Other illnesses.')
  readonly comorbidity: string;

  @Answer('Capacity to decide, and needs of communication and access.')
  readonly capacityAndNeeds: string;
}

@InputType({
  description: 'Something to show to the team: a signed version of a report, a score, or images.',
})
export class ShowToTeamInput {
  @Field(() => ID, { description: 'In which case.' })
  @IsUUID()
  readonly caseId: string;

  @Field(() => CaseExhibitKind, { description: 'What kind of thing it is.' })
  @IsEnum(CaseExhibitKind)
  readonly kind: CaseExhibitKind;

  @Field(() => ID, {
    nullable: true,
    description:
      'Of a report its scan booking, of a score the score, of a document the document; of images left out.',
  })
  @IsOptional()
  @IsUUID()
  readonly shownId?: string | null;

  @Field(() => Int, {
    nullable: true,
    description:
      'Of a report: which signed version; of a document: which one. Left out: the one that stands now.',
  })
  @IsOptional()
  @IsInt()
  @Min(1)
  readonly versionNumber?: number | null;

  @Field(() => String, { nullable: true, description: 'Of images: their Study Instance UID.' })
  @IsOptional()
  @Matches(STUDY_UID, { message: 'studyInstanceUid must be digits and dots, at most 64 characters' })
  readonly studyInstanceUid?: string | null;

  @Field(() => String, {
    description: `What it is, in a line of at most ${LABEL_CHARACTERS_MAX} characters.`,
  })
  @IsString()
  @Matches(NOT_BLANK, { message: 'label must not be blank' })
  @MaxLength(LABEL_CHARACTERS_MAX)
  readonly label: string;
}

@InputType({ description: 'Puts a case on the list of a meeting.' })
export class ListCaseInput {
  @Field(() => ID, { description: 'Which case.' })
  @IsUUID()
  readonly caseId: string;

  @Field(() => Int, { description: 'Its version as you saw it.' })
  @IsInt()
  @Min(0)
  readonly version: number;

  @Field(() => ID, { description: 'On the list of which meeting.' })
  @IsUUID()
  readonly meetingId: string;

  @Field(() => MeetingCaseUrgency, {
    nullable: true,
    description: 'How urgent it is: needed once the list is closed, and only then.',
  })
  @IsOptional()
  @IsEnum(MeetingCaseUrgency)
  readonly lateUrgency?: MeetingCaseUrgency | null;

  @Field(() => String, {
    nullable: true,
    description: `Why it comes late: needed once the list is closed. At most ${REASON_CHARACTERS_MAX} characters.`,
  })
  @IsOptional()
  @IsString()
  @Matches(NOT_BLANK, { message: 'lateReason must not be blank' })
  @MaxLength(REASON_CHARACTERS_MAX)
  readonly lateReason?: string | null;
}

@InputType({ description: 'Takes a case off a list, or back for good.' })
export class CaseReasonInput {
  @Field(() => ID, { description: 'Which case.' })
  @IsUUID()
  readonly caseId: string;

  @Field(() => String, { description: `Why, at most ${REASON_CHARACTERS_MAX} characters.` })
  @IsString()
  @Matches(NOT_BLANK, { message: 'reason must not be blank' })
  @MaxLength(REASON_CHARACTERS_MAX)
  readonly reason: string;
}

export const PROPOSE_CASE_REFUSALS = [IdempotencyKeyReused] as const;
export const ProposeCaseResult = resultUnion(
  'ProposeCaseResult',
  MeetingCase,
  PROPOSE_CASE_REFUSALS,
  'The case, or why there is none.',
);

export const PrepareCaseResult = resultUnion(
  'PrepareCaseResult',
  MeetingCase,
  [CaseStandsOtherwise, CaseChangedSince],
  'The case as it is brought now, or why it did not change.',
);

export const WriteCaseProformaResult = resultUnion(
  'WriteCaseProformaResult',
  MeetingCase,
  [CaseStandsOtherwise, CaseChangedSince],
  'The case with its proforma, or why it did not change.',
);

export const ShowToTeamResult = resultUnion(
  'ShowToTeamResult',
  MeetingCase,
  [CaseStandsOtherwise, AlreadyShown],
  'The case with what is shown, or why nothing was added.',
);

export const ListCaseResult = resultUnion(
  'ListCaseResult',
  MeetingCase,
  [
    CaseStandsOtherwise,
    CaseChangedSince,
    CaseNotPrepared,
    AgendaClosed,
    MeetingStandsOtherwise,
    PatientAlreadyListed,
  ],
  'The case on the list, or why it is not.',
);

export const BeginCaseResult = resultUnion(
  'BeginCaseResult',
  MeetingCase,
  [CaseStandsOtherwise, MeetingStandsOtherwise, AnotherCaseUnderDiscussion, WhoKnowsPatientAbsent],
  'The case under discussion, or why it is not.',
);

export const EndCaseResult = resultUnion(
  'EndCaseResult',
  MeetingCase,
  [CaseStandsOtherwise],
  'The discussed case, or why the discussion did not end.',
);

export const DeferCaseResult = resultUnion(
  'DeferCaseResult',
  MeetingCase,
  [CaseStandsOtherwise],
  'The deferred case, or why it is not.',
);

export const WithdrawCaseResult = resultUnion(
  'WithdrawCaseResult',
  MeetingCase,
  [CaseStandsOtherwise],
  'The withdrawn case, or why it is not.',
);
