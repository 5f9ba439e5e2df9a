import './response-words.type.js';
import { Field, Float, ID, Int, ObjectType } from '@nestjs/graphql';
import {
  CtGrade,
  FindingSide,
  FindingStructure,
  ResponseVerdict,
  SpineLevel,
  TreatmentKind,
  TreatmentStatus,
  UptakeGrade,
} from '../../platform/database/generated/enums.js';
import { Instant, LocalDate } from '../../platform/graphql/scalars.js';
import type { Temporal } from '../../platform/time/index.js';
import { PainSourceStatus } from './response-words.type.js';

@ObjectType({
  description:
    'A finding of a report as it stands that points at a place, or says that nothing is to be seen.',
})
export class PainSourceFinding {
  @Field(() => ID, { description: 'Id of the finding.' })
  readonly findingId: string;

  @Field(() => ID, { description: 'Of which scan.' })
  readonly scanBookingId: string;

  @Field(() => Int, { description: 'In which version of its report.' })
  readonly versionNumber: number;

  @Field(() => LocalDate, { description: 'Local date of the scan.' })
  readonly scannedOn: string;

  @Field(() => UptakeGrade, { description: 'How much tracer.' })
  readonly uptake: UptakeGrade;

  @Field(() => CtGrade, { nullable: true, description: 'How much change on CT; null: not looked at on CT.' })
  readonly ctGrade: CtGrade | null;

  @Field(() => String, { description: 'In words; empty: nothing was added.' })
  readonly comment: string;
}

@ObjectType({ description: 'A treatment of a place, and what its response says.' })
export class PainSourceTreatment {
  @Field(() => ID, { description: 'Which treatment.' })
  readonly treatmentId: string;

  @Field(() => TreatmentKind, { description: 'What is done.' })
  readonly kind: TreatmentKind;

  @Field(() => TreatmentStatus, { description: 'How far it is.' })
  readonly status: TreatmentStatus;

  @Field(() => Instant, { description: 'When it was done; before that, when it was asked for.' })
  readonly at: Temporal.Instant;

  @Field(() => Int, {
    description: 'How many places were treated together. Of several, relief does not say which it was.',
  })
  readonly placesCount: number;

  @Field(() => ID, {
    nullable: true,
    description: 'The judgement that stands; null: none, or it says nothing of the source.',
  })
  readonly judgementId: string | null;

  @Field(() => ResponseVerdict, { nullable: true, description: 'What it says; null: nothing.' })
  readonly verdict: ResponseVerdict | null;

  @Field(() => Float, { nullable: true, description: 'Relief in per cent; null: nobody can tell.' })
  readonly percentRelief: number | null;
}

@ObjectType({ description: 'One side of one structure that may be the source of the pain.' })
export class PainSource {
  @Field(() => FindingStructure, { description: 'Which structure.' })
  readonly structure: FindingStructure;

  @Field(() => SpineLevel, { nullable: true, description: 'At which level; null: it has none.' })
  readonly level: SpineLevel | null;

  @Field(() => FindingSide, { description: 'On which side; both sides are two sources.' })
  readonly side: FindingSide;

  @Field(() => String, { nullable: true, description: 'Of another structure: which.' })
  readonly detail: string | null;

  @Field(() => PainSourceStatus, { description: 'What is known of it.' })
  readonly status: PainSourceStatus;

  @Field(() => Boolean, {
    description: 'Blocks of it contradict each other: the latest counts, and all of them are listed.',
  })
  readonly isContradictory: boolean;

  @Field(() => UptakeGrade, { nullable: true, description: 'The highest uptake; null: no finding stands.' })
  readonly uptake: UptakeGrade | null;

  @Field(() => CtGrade, { nullable: true, description: 'The highest change on CT; null: none was graded.' })
  readonly ctGrade: CtGrade | null;

  @Field(() => [PainSourceFinding], { description: 'Findings that stand, the newest scan first.' })
  readonly findings: readonly PainSourceFinding[];

  @Field(() => [PainSourceTreatment], { description: 'Treatments of it, the first one first.' })
  readonly treatments: readonly PainSourceTreatment[];
}

@ObjectType({ description: 'What may be the source of a patient’s pain, with the evidence for it.' })
export class PainSourceMap {
  @Field(() => ID, { description: 'Whose it is.' })
  readonly patientId: string;

  @Field(() => [PainSource], {
    description:
      'Confirmed ones first, then suspected ones by uptake and change on CT, untested ones, excluded ones.',
  })
  readonly sources: readonly PainSource[];

  @Field(() => PainSource, {
    nullable: true,
    description:
      'What to test next: the suspected one with most uptake for which nothing is under way; null: none.',
  })
  readonly next: PainSource | null;
}
