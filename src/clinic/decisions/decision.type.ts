import { Field, ID, Int, ObjectType } from '@nestjs/graphql';
import {
  CaseDecisionStatus,
  DecisionKind,
  Discipline,
  PatientChoice,
} from '../../platform/database/generated/enums.js';
import { Instant } from '../../platform/graphql/scalars.js';
import type { Temporal } from '../../platform/time/index.js';

@ObjectType({ description: 'An option that the team considered.' })
export class DecisionOption {
  @Field(() => String, { description: 'What could be done.' })
  readonly option: string;

  @Field(() => String, { description: 'What speaks for it.' })
  readonly inFavour: string;

  @Field(() => String, { description: 'What speaks against it.' })
  readonly against: string;
}

@ObjectType({ description: 'A code of what is recommended.' })
export class DecisionCode {
  @Field(() => String, { description: 'The code system, such as OPCS-4 or SNOMED CT.' })
  readonly system: string;

  @Field(() => String, { description: 'The code.' })
  readonly code: string;

  @Field(() => String, { description: 'What it means.' })
  readonly display: string;
}

@ObjectType({ description: 'What a recommendation is founded on.' })
export class DecisionEvidence {
  @Field(() => String, { description: 'The guideline or paper, so that it can be found again.' })
  readonly citation: string;

  @Field(() => String, { description: 'What it says for this patient.' })
  readonly says: string;
}

@ObjectType({ description: 'Who saw it otherwise.' })
export class DecisionDissent {
  @Field(() => String, { description: 'Whose view it is: name and discipline.' })
  readonly who: string;

  @Field(() => String, { description: 'What they think instead, and why.' })
  readonly what: string;
}

@ObjectType({ description: 'What was typed, as it stood at some moment.' })
export class DecisionVersion {
  @Field(() => Int, { description: 'Number of the version, from 1.' })
  readonly number: number;

  @Field(() => DecisionKind, { description: 'What came of the discussion.' })
  readonly kind: DecisionKind;

  @Field(() => [DecisionOption], { description: 'What was considered, in order.' })
  readonly options: readonly DecisionOption[];

  @Field(() => String, { nullable: true, description: 'What the team recommends; null: nothing.' })
  readonly recommendation: string | null;

  @Field(() => [DecisionCode], { description: 'Codes of it, in order.' })
  readonly codes: readonly DecisionCode[];

  @Field(() => [DecisionEvidence], { description: 'What it is founded on, in order.' })
  readonly evidence: readonly DecisionEvidence[];

  @Field(() => [DecisionDissent], { description: 'Who saw it otherwise, in order.' })
  readonly dissent: readonly DecisionDissent[];

  @Field(() => String, {
    nullable: true,
    description: 'Without a recommendation: why, or until when it waits.',
  })
  readonly reason: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'What is to be looked at again, and when; null: nothing.',
  })
  readonly followUp: string | null;

  @Field(() => ID, { description: 'The clinician who is asked to check it.' })
  readonly checkerId: string;

  @Field(() => ID, { description: 'Who typed it.' })
  readonly typedById: string;

  @Field(() => Instant, { description: 'When.' })
  readonly typedAt: Temporal.Instant;

  @Field(() => String, {
    description: 'SHA-256 of the content, hexadecimal. Whoever checks or signs sends it back.',
  })
  readonly fingerprint: string;
}

@ObjectType({ description: 'What was added to a signed decision.' })
export class DecisionAddendum {
  @Field(() => Int, { description: 'From 1.' })
  readonly number: number;

  @Field(() => String, { description: 'The words.' })
  readonly text: string;

  @Field(() => Instant, { description: 'When it was signed.' })
  readonly signedAt: Temporal.Instant;

  @Field(() => ID, { description: 'Who signed it.' })
  readonly signedById: string;

  @Field(() => String, { description: 'Their name at the time.' })
  readonly signedByName: string;
}

@ObjectType({ description: 'What patient and clinician decided, apart from what the team recommends.' })
export class PatientWord {
  @Field(() => Int, { description: 'From 1; the last one stands.' })
  readonly number: number;

  @Field(() => PatientChoice, { description: 'What they decided.' })
  readonly choice: PatientChoice;

  @Field(() => String, { nullable: true, description: 'Of OTHER_OPTION: what.' })
  readonly chosen: string | null;

  @Field(() => Instant, { description: 'When.' })
  readonly decidedAt: Temporal.Instant;

  @Field(() => ID, { description: 'With which clinician.' })
  readonly clinicianId: string;

  @Field(() => String, { nullable: true, description: 'Who else was there; null: nobody.' })
  readonly alsoPresent: string | null;

  @Field(() => String, { description: 'What was talked about, and what mattered to the patient.' })
  readonly notes: string;

  @Field(() => Instant, { description: 'When it was written down.' })
  readonly recordedAt: Temporal.Instant;

  @Field(() => ID, { description: 'By whom.' })
  readonly recordedById: string;
}

@ObjectType({ description: 'What the team decided of a case, and what patient and clinician made of it.' })
export class CaseDecision {
  @Field(() => ID, { description: 'Its id.' })
  readonly id: string;

  @Field(() => ID, { description: 'The case.' })
  readonly caseId: string;

  @Field(() => ID, { description: 'The patient.' })
  readonly patientId: string;

  @Field(() => CaseDecisionStatus, { description: 'How far it is.' })
  readonly status: CaseDecisionStatus;

  @Field(() => Int, { description: 'Number of the version that stands.' })
  readonly version: number;

  @Field(() => DecisionVersion, { description: 'What stands.' })
  readonly current: DecisionVersion;

  @Field(() => [DecisionVersion], { description: 'Every version, the first one first.' })
  readonly versions: readonly DecisionVersion[];

  @Field(() => ID, { nullable: true, description: 'Who has checked what stands; null: nobody.' })
  readonly checkedById: string | null;

  @Field(() => Instant, { nullable: true, description: 'When.' })
  readonly checkedAt: Temporal.Instant | null;

  @Field(() => ID, { nullable: true, description: 'Who has signed it; null: nobody.' })
  readonly signedById: string | null;

  @Field(() => String, { nullable: true, description: 'Their name at the time.' })
  readonly signedByName: string | null;

  @Field(() => Instant, { nullable: true, description: 'When.' })
  readonly signedAt: Temporal.Instant | null;

  @Field(() => [Discipline], { description: 'Of a signed one: who had to be there.' })
  readonly quorumRequired: readonly Discipline[];

  @Field(() => [Discipline], { description: 'Of a signed one: who was, from beginning to end.' })
  readonly quorumPresent: readonly Discipline[];

  @Field(() => [DecisionAddendum], { description: 'What was added, in order.' })
  readonly addenda: readonly DecisionAddendum[];

  @Field(() => [PatientWord], {
    description: 'What patient and clinician decided, in order; the last one stands.',
  })
  readonly patientWords: readonly PatientWord[];
}
