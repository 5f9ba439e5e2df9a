import { Field, ID, InputType, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsEnum,
  IsInt,
  IsOptional,
  IsString,
  IsUUID,
  MaxLength,
  Min,
} from 'class-validator';
import { resultUnion } from '../../platform/graphql/result-union.js';
import { Instant } from '../../platform/graphql/scalars.js';
import type { Temporal } from '../../platform/time/index.js';
import { DuplicateReason } from './duplicate.rules.js';
import { REASON_CHARACTERS_MAX } from './note-text.rules.js';
import { Patient } from './patient.type.js';
import { PatientChangedMeanwhile } from './patient-correction.refusals.js';
import { MergeCannotBeUndone, MergeForbidden, SaidToBeDifferentPeople } from './patient-merge.refusals.js';
import { MergeField } from './patient-merge.rules.js';

/** Every character may take two UTF-16 units. */
const REASON_UNITS_MAX = REASON_CHARACTERS_MAX * 2;
/** There are nine fields; a list with more repeats itself. */
const FIELDS_MAX = 18;

registerEnumType(MergeField, {
  name: 'PatientMergeField',
  description: 'What the kept record can take over from the other, each as a whole.',
  valuesMap: {
    NAME: { description: 'Family name, given names and what stands before them.' },
    DATE_OF_BIRTH: { description: 'Date of birth.' },
    SEX_FOR_CLINICAL_USE: { description: 'Sex for clinical use.' },
    STATED_GENDER: { description: 'Gender as the person states it.' },
    ADDRESS: { description: 'Address and postcode.' },
    PHONES: { description: 'Telephone numbers: those of the other are added to the kept ones, up to five.' },
    EMAIL: { description: 'E-mail address.' },
    NHS_NUMBER: { description: 'NHS number, and whether it was checked.' },
    CONTACT_PREFERENCE: { description: 'How the patient wants to hear from us.' },
  },
});

@ObjectType({ description: 'A field in which two records differ, as people read it.' })
export class PatientDifference {
  @Field(() => MergeField, { description: 'Which field.' })
  readonly field: MergeField;

  @Field(() => String, { nullable: true, description: 'On the record to keep; null: nothing.' })
  readonly kept: string | null;

  @Field(() => String, { nullable: true, description: 'On the record to merge; null: nothing.' })
  readonly merged: string | null;
}

@ObjectType({ description: 'How many rows of a kind a room has.' })
export class MergedRows {
  @Field(() => String, { description: 'The room: `visits`.' })
  readonly room: string;

  @Field(() => String, { description: 'What they are: `visits`, `visit requests`.' })
  readonly kind: string;

  @Field(() => Int, { description: 'How many.' })
  readonly count: number;
}

@ObjectType({ description: 'Two records side by side, and what a merge would do. Changes nothing.' })
export class PatientMergePreview {
  @Field(() => Patient, { description: 'The record to keep. Send its version back.' })
  readonly kept: Patient;

  @Field(() => Patient, { description: 'The record to merge. Send its version back.' })
  readonly merged: Patient;

  @Field(() => [DuplicateReason], {
    description: 'Why they may be one person; empty: nothing on them says so.',
  })
  readonly reasons: readonly DuplicateReason[];

  @Field(() => [PatientDifference], { description: 'In what they differ.' })
  readonly differences: readonly PatientDifference[];

  @Field(() => [MergedRows], { description: 'What would follow, by room.' })
  readonly follows: readonly MergedRows[];

  @Field(() => [String], { description: 'What forbids the merge: whole sentences. Empty: nothing does.' })
  readonly conflicts: readonly string[];

  @Field(() => [String], { description: 'What to look at twice: whole sentences.' })
  readonly warnings: readonly string[];
}

@ObjectType({ description: 'That two records were made one.' })
export class PatientMerge {
  @Field(() => ID, { description: 'Id of the merge.' })
  readonly id: string;

  @Field(() => Patient, { description: 'The record that was kept, as it is now.' })
  readonly kept: Patient;

  @Field(() => ID, {
    description: 'Id of the record that was merged: a stub that leads to the one that was kept.',
  })
  readonly mergedId: string;

  @Field(() => [MergedRows], { description: 'What followed, by room.' })
  readonly followed: readonly MergedRows[];

  @Field(() => String, { description: 'Why.' })
  readonly reason: string;

  @Field(() => Instant, { description: 'When.' })
  readonly mergedAt: Temporal.Instant;

  @Field(() => ID, { description: 'Staff account that did it.' })
  readonly mergedById: string;

  @Field(() => Instant, { description: 'Until when it can be undone: 30 days after.' })
  readonly undoUntil: Temporal.Instant;

  @Field(() => Instant, { nullable: true, description: 'When it was undone; null: it holds.' })
  readonly undoneAt: Temporal.Instant | null;
}

@ObjectType({ description: 'That a merge was undone, and what was left where it is.' })
export class UndonePatientMerge {
  @Field(() => PatientMerge, { description: 'The merge.' })
  readonly merge: PatientMerge;

  @Field(() => Patient, { description: 'The record that is its own again.' })
  readonly restored: Patient;

  @Field(() => [MergedRows], {
    description: 'What was added after the merge and stays with the record that was kept: look through it.',
  })
  readonly stayed: readonly MergedRows[];

  @Field(() => [String], {
    description:
      'Fields that the kept record had taken over and that were corrected since: they stay as they are.',
  })
  readonly fieldsLeft: readonly string[];
}

@InputType({ description: 'Which two records are one person’s.' })
export class MergePatientsInput {
  @Field(() => ID, { description: 'The record to keep.' })
  @IsUUID()
  readonly keepId: string;

  @Field(() => Int, { description: 'Its version in the preview.' })
  @IsInt()
  @Min(0)
  readonly keepVersion: number;

  @Field(() => ID, { description: 'The record to merge into it.' })
  @IsUUID()
  readonly mergeId: string;

  @Field(() => Int, { description: 'Its version in the preview.' })
  @IsInt()
  @Min(0)
  readonly mergeVersion: number;

  @Field(() => [MergeField], {
    nullable: true,
    description: 'What the kept record takes over from the other. Left out: nothing.',
  })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(FIELDS_MAX)
  @IsEnum(MergeField, { each: true })
  readonly takeOver?: readonly MergeField[] | null;

  @Field(() => String, { description: 'How it is known that they are one person, in 3 to 500 characters.' })
  @IsString()
  @MaxLength(REASON_UNITS_MAX)
  readonly reason: string;

  @Field(() => String, {
    nullable: true,
    description: 'After SaidToBeDifferentPeople: why that was wrong, in 3 to 500 characters.',
  })
  @IsOptional()
  @IsString()
  @MaxLength(REASON_UNITS_MAX)
  readonly overrideReason?: string | null;
}

@InputType({ description: 'Which merge is undone, and why.' })
export class UndoPatientMergeInput {
  @Field(() => ID, { description: 'Id of the merge.' })
  @IsUUID()
  readonly mergeId: string;

  @Field(() => String, { description: 'Why, in 3 to 500 characters.' })
  @IsString()
  @MaxLength(REASON_UNITS_MAX)
  readonly reason: string;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Also record under your name that these are two different people. Left out: no.',
  })
  @IsOptional()
  @IsBoolean()
  readonly areDifferentPeople?: boolean | null;
}

export const MergePatientsResult = resultUnion(
  'MergePatientsResult',
  PatientMerge,
  [MergeForbidden, SaidToBeDifferentPeople, PatientChangedMeanwhile],
  'The merge, or why the two records are as they were.',
);

export const UndoPatientMergeResult = resultUnion(
  'UndoPatientMergeResult',
  UndonePatientMerge,
  [MergeCannotBeUndone],
  'What was undone, or why nothing was.',
);
