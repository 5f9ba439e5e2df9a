import './check-words.type.js';
import { Field, Float, ID, Int, ObjectType } from '@nestjs/graphql';
import {
  BreastFeedingAnswer,
  CheckAnswerer,
  CheckVerdict,
  ChildbearingPotential,
  IdentityPoint,
  PregnancyAnswer,
  PregnancyAttestation,
  SafetyDecider,
  SafetyReply,
} from '../../platform/database/generated/enums.js';
import { Instant, LocalDate } from '../../platform/graphql/scalars.js';
import type { Temporal } from '../../platform/time/index.js';
import { CheckState } from './check.refusals.js';
import { BreastFeedingPolicy, PregnancyPolicy } from './check-policy.type.js';
import { SafetyTemplate } from './safety-template.type.js';

@ObjectType({ description: 'What somebody decided where a check was not as it should be. Never changed.' })
export class CheckDecision {
  @Field(() => ID, { description: 'Id of the decision (UUID).' })
  readonly id: string;

  @Field(() => CheckVerdict, { description: 'To go on or not.' })
  readonly verdict: CheckVerdict;

  @Field(() => String, { description: 'Why.' })
  readonly reason: string;

  @Field(() => String, { nullable: true, description: 'What the patient was told.' })
  readonly advice: string | null;

  @Field(() => Instant, { description: 'When.' })
  readonly decidedAt: Temporal.Instant;

  @Field(() => ID, { description: 'Staff account that decided.' })
  readonly decidedById: string;

  @Field(() => ID, { nullable: true, description: 'The earlier decision that this one stands instead of.' })
  readonly replacesId: string | null;
}

@ObjectType({ description: 'A second member of staff was there when it was asked.' })
export class CheckWitness {
  @Field(() => Instant, { description: 'When they said so.' })
  readonly witnessedAt: Temporal.Instant;

  @Field(() => ID, { description: 'Staff account of the witness.' })
  readonly witnessedById: string;
}

@ObjectType({ isAbstract: true })
abstract class MadeCheck {
  @Field(() => ID, { description: 'Id of the record (UUID).' })
  readonly id: string;

  @Field(() => ID, { description: 'The visit.' })
  readonly visitId: string;

  @Field(() => ID, { description: 'The patient, by the record under which it was made.' })
  readonly patientId: string;

  @Field(() => String, { description: 'Code of the visit’s kind when it was made.' })
  readonly procedureCode: string;

  @Field(() => LocalDate, { description: 'The day on which it counts.' })
  readonly madeOn: string;

  @Field(() => Instant, { description: 'When it was made.' })
  readonly madeAt: Temporal.Instant;

  @Field(() => ID, { description: 'Staff account that asked or looked.' })
  readonly madeById: string;

  @Field(() => ID, { nullable: true, description: 'The earlier record that this one stands instead of.' })
  readonly replacesId: string | null;

  @Field(() => String, { nullable: true, description: 'Why it stands instead.' })
  readonly replaceReason: string | null;

  @Field(() => ID, {
    nullable: true,
    description: 'The later record that stands instead; null: this one stands.',
  })
  readonly replacedById: string | null;
}

@ObjectType({ isAbstract: true })
abstract class AskedCheck extends MadeCheck {
  @Field(() => CheckAnswerer, { description: 'Who answered.' })
  readonly answeredBy: CheckAnswerer;

  @Field(() => String, { nullable: true, description: 'Their name, when it was not the patient alone.' })
  readonly answererName: string | null;

  @Field(() => String, { nullable: true, description: 'Remark.' })
  readonly comment: string | null;
}

@ObjectType({ description: 'Who somebody said that they are, held against the record. Never changed.' })
export class IdentityCheck extends AskedCheck {
  @Field(() => [IdentityPoint], { description: 'What agreed with the record.' })
  readonly matched: readonly IdentityPoint[];

  @Field(() => [IdentityPoint], { description: 'What differed from it.' })
  readonly differing: readonly IdentityPoint[];

  @Field(() => Boolean, { description: 'The patient said it; it was not read out to be agreed to.' })
  readonly askedOpenly: boolean;
}

@ObjectType({ description: 'The question about pregnancy and its answer. Never changed.' })
export class PregnancyEnquiry extends AskedCheck {
  @Field(() => ID, { description: 'The policy by whose words it was asked.' })
  readonly policyId: string;

  @Field(() => ChildbearingPotential, {
    description: 'Whether they could become pregnant, by their own word.',
  })
  readonly potential: ChildbearingPotential;

  @Field(() => PregnancyAnswer, { description: 'The answer.' })
  readonly answer: PregnancyAnswer;

  @Field(() => String, { nullable: true, description: 'Of NOT_APPLICABLE: why.' })
  readonly notApplicableReason: string | null;

  @Field(() => LocalDate, { nullable: true, description: 'First day of the last period.' })
  readonly lastPeriodOn: string | null;

  @Field(() => String, { nullable: true, description: 'Why no such day can be named.' })
  readonly lastPeriodUnknownWhy: string | null;

  @Field(() => PregnancyAttestation, { description: 'How the patient confirmed it.' })
  readonly attestation: PregnancyAttestation;

  @Field(() => CheckWitness, {
    nullable: true,
    description: 'Who was there beside; null: nobody has said so.',
  })
  readonly witness: CheckWitness | null;

  @Field(() => [CheckDecision], { description: 'What practitioners decided on it, the earliest first.' })
  readonly decisions: readonly CheckDecision[];
}

@ObjectType({ description: 'The question about breast-feeding, its answer and the advice. Never changed.' })
export class BreastFeedingEnquiry extends AskedCheck {
  @Field(() => ID, { description: 'The policy by whose words it was asked.' })
  readonly policyId: string;

  @Field(() => BreastFeedingAnswer, { description: 'The answer.' })
  readonly answer: BreastFeedingAnswer;

  @Field(() => String, { nullable: true, description: 'Of NOT_APPLICABLE: why.' })
  readonly notApplicableReason: string | null;

  @Field(() => Int, { nullable: true, description: 'Of a yes: hours without feeding after the injection.' })
  readonly interruptionHours: number | null;

  @Field(() => Int, { nullable: true, description: 'Of a yes: how many feeds are thrown away.' })
  readonly feedsDiscarded: number | null;

  @Field(() => Instant, {
    nullable: true,
    description:
      'Of a yes: when feeding may go on, counted from the end of the injection as it was planned then.',
  })
  readonly resumeAt: Temporal.Instant | null;

  @Field(() => String, { nullable: true, description: 'Of a yes: what the patient was told.' })
  readonly advice: string | null;
}

@ObjectType({ description: 'An answer on a checklist.' })
export class SafetyAnswer {
  @Field(() => String, { description: 'Code of the item.' })
  readonly code: string;

  @Field(() => SafetyReply, { description: 'The answer.' })
  readonly reply: SafetyReply;

  @Field(() => String, { nullable: true, description: 'What was said beside.' })
  readonly note: string | null;
}

@ObjectType({ description: 'The safety checklist as it was gone through. Never changed.' })
export class SafetyCheck extends MadeCheck {
  @Field(() => ID, { description: 'The checklist.' })
  readonly templateId: string;

  @Field(() => [SafetyAnswer], { description: 'The answers, in the order of the checklist.' })
  readonly answers: readonly SafetyAnswer[];

  @Field(() => Float, { nullable: true, description: 'Weight on the day, in kilograms, to a tenth.' })
  readonly weightKg: number | null;

  @Field(() => ID, { nullable: true, description: 'The camera on whose table the patient will lie.' })
  readonly cameraId: string | null;

  @Field(() => Float, {
    nullable: true,
    description: 'What that table bears, in kilograms; null: nobody has said.',
  })
  readonly weightLimitKg: number | null;

  @Field(() => [String], { description: 'Codes of the items that were not as they should be.' })
  readonly concerns: readonly string[];

  @Field(() => SafetyDecider, {
    nullable: true,
    description: 'Who may decide about them; null: everything was as it should be.',
  })
  readonly decidedBy: SafetyDecider | null;

  @Field(() => String, { nullable: true, description: 'Remark.' })
  readonly comment: string | null;

  @Field(() => [CheckDecision], { description: 'What was decided on it, the earliest first.' })
  readonly decisions: readonly CheckDecision[];
}

@ObjectType({ description: 'How one check stands on a day.' })
export class CheckStandingView {
  @Field(() => CheckState, { description: 'The state.' })
  readonly state: CheckState;

  @Field(() => String, { description: 'The reason in capitals, safe to branch on: NOT_WITNESSED.' })
  readonly reasonCode: string;

  @Field(() => String, { description: 'The reason as a sentence; where something is to be done, with what.' })
  readonly reason: string;

  @Field(() => ID, {
    nullable: true,
    description: 'Staff account of who asked or decided last; null: nobody yet.',
  })
  readonly byId: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Their name; null: nobody yet.',
  })
  readonly byName: string | null;

  @Field(() => Instant, { nullable: true, description: 'When; null: not yet.' })
  readonly at: Temporal.Instant | null;
}

@ObjectType({
  description:
    'The checks of a visit: how they stand on its day, what is to be asked, and what was recorded.',
})
export class VisitChecks {
  @Field(() => ID, { description: 'The visit.' })
  readonly visitId: string;

  @Field(() => LocalDate, { description: 'The day of the visit, on which they are made.' })
  readonly on: string;

  @Field(() => CheckStandingView, { description: 'Three points of identity.' })
  readonly identity: CheckStandingView;

  @Field(() => CheckStandingView, { description: 'The question about pregnancy.' })
  readonly pregnancy: CheckStandingView;

  @Field(() => CheckStandingView, { description: 'The question about breast-feeding.' })
  readonly breastFeeding: CheckStandingView;

  @Field(() => CheckStandingView, { description: 'The safety checklist.' })
  readonly safety: CheckStandingView;

  @Field(() => PregnancyPolicy, { nullable: true, description: 'How to ask about pregnancy on that day.' })
  readonly pregnancyPolicy: PregnancyPolicy | null;

  @Field(() => BreastFeedingPolicy, {
    nullable: true,
    description: 'How to ask about breast-feeding on that day, and what to advise.',
  })
  readonly breastFeedingPolicy: BreastFeedingPolicy | null;

  @Field(() => SafetyTemplate, { nullable: true, description: 'The checklist to go through on that day.' })
  readonly safetyTemplate: SafetyTemplate | null;

  @Field(() => Float, {
    nullable: true,
    description: 'What the camera’s table bears on that day, in kilograms; null: nobody has said.',
  })
  readonly weightLimitKg: number | null;

  @Field(() => [IdentityCheck], { description: 'Every check of identity, the earliest first.' })
  readonly identityChecks: readonly IdentityCheck[];

  @Field(() => [PregnancyEnquiry], { description: 'Every question about pregnancy, the earliest first.' })
  readonly pregnancyEnquiries: readonly PregnancyEnquiry[];

  @Field(() => [BreastFeedingEnquiry], {
    description: 'Every question about breast-feeding, the earliest first.',
  })
  readonly breastFeedingEnquiries: readonly BreastFeedingEnquiry[];

  @Field(() => [SafetyCheck], { description: 'Every safety checklist, the earliest first.' })
  readonly safetyChecks: readonly SafetyCheck[];
}
