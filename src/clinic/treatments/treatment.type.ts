import { Field, Float, ID, InputType, Int, ObjectType } from '@nestjs/graphql';
import { IsEnum, IsOptional, IsUUID } from 'class-validator';
import {
  ComplicationSeverity,
  ComplicationType,
  FindingSide,
  FindingStructure,
  SpineLevel,
  TreatmentAgentKind,
  TreatmentAspect,
  TreatmentAspectFinding,
  TreatmentCriterion,
  TreatmentGuidance,
  TreatmentKind,
  TreatmentOrigin,
  TreatmentPauseSource,
  TreatmentStatus,
} from '../../platform/database/generated/enums.js';
import { pageOf } from '../../platform/graphql/page.type.js';
import { Instant, LocalDate } from '../../platform/graphql/scalars.js';
import type { Temporal } from '../../platform/time/index.js';
import './treatment-words.type.js';

/** Posted when a treatment was given to its end, and again when its record was put right; the subject is the treatment. */
export const TREATMENT_DONE = 'treatment.done';

@ObjectType({ description: 'A place that is treated.' })
export class TreatmentTarget {
  @Field(() => Int, { description: 'Its number among the places, from 1.' })
  readonly position: number;

  @Field(() => FindingStructure, { description: 'Of what; nerves are named by their joint.' })
  readonly structure: FindingStructure;

  @Field(() => SpineLevel, { nullable: true, description: 'At which level; null: it has none.' })
  readonly level: SpineLevel | null;

  @Field(() => FindingSide, { description: 'On which side.' })
  readonly side: FindingSide;

  @Field(() => String, { nullable: true, description: 'Of another structure: which.' })
  readonly detail: string | null;

  @Field(() => ID, {
    nullable: true,
    description: 'The finding of a signed report that suggested it; null: none did.',
  })
  readonly findingId: string | null;

  @Field(() => String, { nullable: true, description: 'Without a finding: what suggested it.' })
  readonly noFindingBecause: string | null;

  @Field(() => String, { description: 'The place in words: L4/L5 facet joint, left.' })
  readonly inWords: string;
}

@ObjectType({ description: 'A drug that is planned, all places together.' })
export class PlannedAgent {
  @Field(() => ID, { description: 'Id of the agent’s row.' })
  readonly agentId: string;

  @Field(() => String, { description: 'Its code: TRIAMCINOLONE.' })
  readonly agentCode: string;

  @Field(() => String, { description: 'Its name.' })
  readonly agentName: string;

  @Field(() => TreatmentAgentKind, { description: 'What kind of drug it is.' })
  readonly agentKind: TreatmentAgentKind;

  @Field(() => Float, { nullable: true, description: 'Dose in mg; null: was not said.' })
  readonly doseMg: number | null;

  @Field(() => Float, { nullable: true, description: 'Volume in ml; null: was not said.' })
  readonly volumeMl: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'Of a steroid whose dose was said: the same in mg of methylprednisolone.',
  })
  readonly steroidMg: number | null;
}

@ObjectType({ description: 'That somebody looked at what may forbid a treatment.' })
export class LookedAt {
  @Field(() => TreatmentAspect, { description: 'At what.' })
  readonly aspect: TreatmentAspect;

  @Field(() => TreatmentAspectFinding, { description: 'What was found.' })
  readonly finding: TreatmentAspectFinding;

  @Field(() => String, { nullable: true, description: 'In words; null: nothing was added.' })
  readonly note: string | null;
}

@ObjectType({ description: 'How a treatment is to be done. Never edited: another plan is another number.' })
export class TreatmentPlan {
  @Field(() => Int, { description: 'Number of the plan, from 1.' })
  readonly number: number;

  @Field(() => [TreatmentTarget], { description: 'Where.' })
  readonly targets: readonly TreatmentTarget[];

  @Field(() => String, { description: 'How the needle goes.' })
  readonly approach: string;

  @Field(() => TreatmentGuidance, { description: 'How the operator sees it.' })
  readonly guidance: TreatmentGuidance;

  @Field(() => [PlannedAgent], { description: 'What is to be given.' })
  readonly agents: readonly PlannedAgent[];

  @Field(() => String, { description: 'What is done about medicines that thin the blood.' })
  readonly anticoagulantPlan: string;

  @Field(() => [LookedAt], { description: 'What was looked at.' })
  readonly aspects: readonly LookedAt[];

  @Field(() => String, { nullable: true, description: 'With X-rays: why they are justified.' })
  readonly justification: string | null;

  @Field(() => ID, { description: 'The terms that held when it was planned.' })
  readonly policyId: string;

  @Field(() => [TreatmentCriterion], { description: 'Terms that were not met, or of which nobody knew.' })
  readonly unmetCriteria: readonly TreatmentCriterion[];

  @Field(() => String, { nullable: true, description: 'Why it goes on all the same.' })
  readonly proceedBecause: string | null;

  @Field(() => String, { nullable: true, description: 'Of a further plan: what changed.' })
  readonly replanBecause: string | null;

  @Field(() => Instant, { description: 'When it was planned.' })
  readonly plannedAt: Temporal.Instant;

  @Field(() => ID, { description: 'Staff account that planned it.' })
  readonly plannedById: string;
}

@ObjectType({ description: 'Side and level as they were read out.' })
export class PauseReading {
  @Field(() => TreatmentPauseSource, { description: 'From what.' })
  readonly source: TreatmentPauseSource;

  @Field(() => SpineLevel, { nullable: true, description: 'The level; null: none.' })
  readonly level: SpineLevel | null;

  @Field(() => FindingSide, { description: 'The side.' })
  readonly side: FindingSide;
}

@ObjectType({ description: 'What was asked at a pause, and is safe.' })
export class PauseAnswer {
  @Field(() => TreatmentAspect, { description: 'About what.' })
  readonly aspect: TreatmentAspect;

  @Field(() => String, { nullable: true, description: 'In words; null: nothing was added.' })
  readonly note: string | null;
}

@ObjectType({
  description:
    'A safety pause that found everything right. One that did not is refused and leaves no row here, but an entry in the audit record.',
})
export class SafetyPause {
  @Field(() => ID, { description: 'Id of the pause (UUID).' })
  readonly id: string;

  @Field(() => Int, { description: 'For which plan.' })
  readonly planVersion: number;

  @Field(() => Instant, { description: 'When it was held.' })
  readonly heldAt: Temporal.Instant;

  @Field(() => Instant, { description: 'Until then the treatment may start.' })
  readonly holdsUntil: Temporal.Instant;

  @Field(() => ID, { description: 'Staff account that recorded it.' })
  readonly recordedById: string;

  @Field(() => [ID], { description: 'Staff accounts that were there.' })
  readonly presentIds: readonly string[];

  @Field(() => [String], { description: 'Who was there without an account.' })
  readonly presentNames: readonly string[];

  @Field(() => ID, { description: 'The decision of the patient that was in force.' })
  readonly consentRecordId: string;

  @Field(() => [PauseReading], { description: 'What was read out from where.' })
  readonly readings: readonly PauseReading[];

  @Field(() => [PauseAnswer], { description: 'What was asked.' })
  readonly answers: readonly PauseAnswer[];

  @Field(() => String, { nullable: true, description: 'In words; null: nothing was added.' })
  readonly comment: string | null;
}

@ObjectType({ description: 'A place of the plan, and what was done there.' })
export class GivenTarget {
  @Field(() => Int, { description: 'Its number in the plan, from 1.' })
  readonly position: number;

  @Field(() => FindingStructure, { description: 'Of what.' })
  readonly structure: FindingStructure;

  @Field(() => SpineLevel, { nullable: true, description: 'At which level; null: it has none.' })
  readonly level: SpineLevel | null;

  @Field(() => FindingSide, { description: 'On which side.' })
  readonly side: FindingSide;

  @Field(() => String, { nullable: true, description: 'Of another structure: which.' })
  readonly detail: string | null;

  @Field(() => Boolean, { description: 'It was treated.' })
  readonly wasTreated: boolean;

  @Field(() => String, { nullable: true, description: 'Of one that was left out: why.' })
  readonly leftOutBecause: string | null;

  @Field(() => String, { nullable: true, description: 'Which needle.' })
  readonly needle: string | null;

  @Field(() => String, { nullable: true, description: 'How the contrast spread.' })
  readonly contrastSpread: string | null;

  @Field(() => Float, { nullable: true, description: 'Of a denervation: temperature in °C.' })
  readonly temperatureC: number | null;

  @Field(() => Int, { nullable: true, description: 'Of a denervation: seconds of each lesion.' })
  readonly lesionSeconds: number | null;

  @Field(() => Int, { nullable: true, description: 'Of a denervation: number of lesions.' })
  readonly lesionsCount: number | null;

  @Field(() => String, { nullable: true, description: 'Of a denervation: which electrode.' })
  readonly electrode: string | null;

  @Field(() => String, { description: 'The place in words: L4/L5 facet joint, left.' })
  readonly inWords: string;
}

@ObjectType({ description: 'A drug that was given, from one batch.' })
export class GivenAgent {
  @Field(() => Int, { nullable: true, description: 'Place that it was given at; null: all of them.' })
  readonly targetPosition: number | null;

  @Field(() => ID, { description: 'Id of the agent’s row.' })
  readonly agentId: string;

  @Field(() => String, { description: 'Its code: TRIAMCINOLONE.' })
  readonly agentCode: string;

  @Field(() => String, { description: 'Its name.' })
  readonly agentName: string;

  @Field(() => Float, { nullable: true, description: 'Concentration in mg/ml; null: it has none.' })
  readonly concentrationMgMl: number | null;

  @Field(() => Float, { description: 'Volume in ml.' })
  readonly volumeMl: number;

  @Field(() => Float, {
    nullable: true,
    description: 'Dose in mg: concentration times volume; null: it has no concentration.',
  })
  readonly doseMg: number | null;

  @Field(() => String, { description: 'Batch number as printed.' })
  readonly batchNumber: string;

  @Field(() => LocalDate, { description: 'Last day on which it may be used.' })
  readonly expiresOn: string;

  @Field(() => Float, {
    nullable: true,
    description: 'Of a steroid: as milligrams of methylprednisolone, by the row of the agent that held then.',
  })
  readonly steroidMg: number | null;
}

@ObjectType({ description: 'What was given. Never edited: a correction is another number.' })
export class TreatmentRecord {
  @Field(() => Int, { description: 'Number of the record, from 1.' })
  readonly number: number;

  @Field(() => ID, { description: 'Staff account that held the needle.' })
  readonly operatorId: string;

  @Field(() => TreatmentGuidance, { description: 'How the operator saw it.' })
  readonly guidance: TreatmentGuidance;

  @Field(() => [GivenTarget], { description: 'What was done at each place.' })
  readonly targets: readonly GivenTarget[];

  @Field(() => [GivenAgent], { description: 'What was given.' })
  readonly agents: readonly GivenAgent[];

  @Field(() => Instant, { description: 'When the needle was out.' })
  readonly finishedAt: Temporal.Instant;

  @Field(() => Float, { nullable: true, description: 'Of fluoroscopy: dose area product in Gy·cm².' })
  readonly doseAreaProductGyCm2: number | null;

  @Field(() => Int, { nullable: true, description: 'Of fluoroscopy: screening time in seconds.' })
  readonly fluoroscopySeconds: number | null;

  @Field(() => Float, { nullable: true, description: 'Of CT: dose length product in mGy·cm.' })
  readonly ctDlpMgyCm: number | null;

  @Field(() => Instant, { nullable: true, description: 'Until then the patient was watched.' })
  readonly observedUntil: Temporal.Instant | null;

  @Field(() => String, { nullable: true, description: 'What was seen meanwhile.' })
  readonly observation: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Leaflet that the patient was given, with its version.',
  })
  readonly leaflet: string | null;

  @Field(() => String, { nullable: true, description: 'What the patient was told.' })
  readonly advice: string | null;

  @Field(() => String, { nullable: true, description: 'In words; null: nothing was added.' })
  readonly comment: string | null;

  @Field(() => String, { nullable: true, description: 'Of one that was broken off: why.' })
  readonly abandonedBecause: string | null;

  @Field(() => String, { nullable: true, description: 'Of a correction: what was wrong.' })
  readonly correctedBecause: string | null;

  @Field(() => Instant, { description: 'When it was recorded.' })
  readonly recordedAt: Temporal.Instant;

  @Field(() => ID, { description: 'Staff account that recorded it.' })
  readonly recordedById: string;
}

@ObjectType({ description: 'Something that went wrong with a treatment, then or later. Never edited.' })
export class Complication {
  @Field(() => ID, { description: 'Id of the complication (UUID).' })
  readonly id: string;

  @Field(() => ID, { description: 'Of which treatment.' })
  readonly treatmentId: string;

  @Field(() => ComplicationType, { description: 'What.' })
  readonly type: ComplicationType;

  @Field(() => ComplicationSeverity, { description: 'How grave.' })
  readonly severity: ComplicationSeverity;

  @Field(() => Instant, { description: 'When it happened.' })
  readonly happenedAt: Temporal.Instant;

  @Field(() => String, { description: 'What happened.' })
  readonly description: string;

  @Field(() => String, { description: 'What was done.' })
  readonly actionTaken: string;

  @Field(() => Instant, { description: 'When it was recorded.' })
  readonly recordedAt: Temporal.Instant;

  @Field(() => ID, { description: 'Staff account that recorded it.' })
  readonly recordedById: string;

  @Field(() => ID, { nullable: true, description: 'The entry that this one stands instead of; null: none.' })
  readonly replacesId: string | null;

  @Field(() => String, { nullable: true, description: 'Why it stands instead.' })
  readonly replaceReason: string | null;

  @Field(() => Boolean, { description: 'A later entry stands instead of it.' })
  readonly isReplaced: boolean;
}

@ObjectType({ description: 'A treatment: wanted, planned, given, or not.' })
export class Treatment {
  @Field(() => ID, { description: 'Id of the treatment (UUID).' })
  readonly id: string;

  @Field(() => ID, { description: 'Whose it is.' })
  readonly patientId: string;

  @Field(() => ID, { description: 'For which referral.' })
  readonly referralId: string;

  @Field(() => TreatmentKind, { description: 'What is done.' })
  readonly kind: TreatmentKind;

  @Field(() => String, { nullable: true, description: 'Of OTHER: what it is.' })
  readonly otherName: string | null;

  @Field(() => String, {
    description: 'Code of the kind of visit that it is booked as; the consent to it names the same.',
  })
  readonly procedureCode: string;

  @Field(() => TreatmentStatus, { description: 'How far it is.' })
  readonly status: TreatmentStatus;

  @Field(() => TreatmentOrigin, { description: 'What it came of.' })
  readonly origin: TreatmentOrigin;

  @Field(() => ID, { nullable: true, description: 'Id of what it came of; null: somebody’s own request.' })
  readonly originId: string | null;

  @Field(() => Instant, { description: 'When it was asked for.' })
  readonly requestedAt: Temporal.Instant;

  @Field(() => ID, { description: 'Staff account that asked for it.' })
  readonly requestedById: string;

  @Field(() => String, { description: 'Why.' })
  readonly because: string;

  @Field(() => String, { description: 'The indication.' })
  readonly indication: string;

  @Field(() => String, { description: 'What else was offered, doing nothing among it.' })
  readonly alternatives: string;

  @Field(() => Int, {
    nullable: true,
    description: 'Weeks of treatment without needles, before; null: was not said.',
  })
  readonly conservativeWeeks: number | null;

  @Field(() => String, {
    nullable: true,
    description: 'Code of the insurer whose terms hold; null: the clinic’s own.',
  })
  readonly payerCode: string | null;

  @Field(() => ID, {
    nullable: true,
    description:
      'The visit that it is booked for; null: none. When that is, says the visit: it may be moved.',
  })
  readonly visitId: string | null;

  @Field(() => ID, {
    nullable: true,
    description:
      'The visit that it was booked for until that was cancelled, missed or broken off; null: none was lost, or there is another.',
  })
  readonly lostVisitId: string | null;

  @Field(() => [TreatmentTarget], { description: 'Where it was asked for.' })
  readonly requestedTargets: readonly TreatmentTarget[];

  @Field(() => [TreatmentTarget], {
    description: 'Where: by the plan that stands, else as it was asked for.',
  })
  readonly targets: readonly TreatmentTarget[];

  @Field(() => Int, { description: 'Number of the plan that stands; 0: none.' })
  readonly planVersion: number;

  @Field(() => TreatmentPlan, { nullable: true, description: 'The plan that stands; null: none.' })
  readonly plan: TreatmentPlan | null;

  @Field(() => [TreatmentPlan], { description: 'Every plan, the first one first.' })
  readonly plans: readonly TreatmentPlan[];

  @Field(() => [SafetyPause], { description: 'Safety pauses that found everything right, in order.' })
  readonly pauses: readonly SafetyPause[];

  @Field(() => Instant, { nullable: true, description: 'When it was started.' })
  readonly startedAt: Temporal.Instant | null;

  @Field(() => ID, { nullable: true, description: 'Staff account that started it.' })
  readonly startedById: string | null;

  @Field(() => Int, { description: 'Number of the record that stands; 0: nothing is recorded.' })
  readonly recordVersion: number;

  @Field(() => TreatmentRecord, { nullable: true, description: 'What was given; null: nothing is recorded.' })
  readonly record: TreatmentRecord | null;

  @Field(() => [TreatmentRecord], { description: 'Every version of that, the first one first.' })
  readonly records: readonly TreatmentRecord[];

  @Field(() => [Complication], { description: 'What went wrong, in the order in which it was recorded.' })
  readonly complications: readonly Complication[];

  @Field(() => Instant, {
    nullable: true,
    description: 'When it was done, declined, cancelled or broken off.',
  })
  readonly endedAt: Temporal.Instant | null;

  @Field(() => ID, { nullable: true, description: 'Staff account that recorded that.' })
  readonly endedById: string | null;

  @Field(() => String, { nullable: true, description: 'Of one that was not done, or not to its end: why.' })
  readonly endReason: string | null;

  @Field(() => Int, { description: 'Rises with each change. Send it back with the next one.' })
  readonly version: number;

  @Field(() => [String], {
    description:
      'What may be done with it as it stands: `plan`, `book`, `decline`, `cancel`, `pause`, `start`, `record`, `correct`, `addComplication`.',
  })
  readonly allowedActions: readonly string[];
}

@ObjectType({ description: 'A page of treatments, those last asked for first.' })
export class TreatmentPage extends pageOf(Treatment) {}

@InputType({ description: 'Narrows the list of treatments. Several filters together: all must hold.' })
export class TreatmentFilterInput {
  @Field(() => [TreatmentStatus], { nullable: true, description: 'Only those that stand so.' })
  @IsOptional()
  @IsEnum(TreatmentStatus, { each: true })
  readonly statuses?: readonly TreatmentStatus[] | null;

  @Field(() => TreatmentKind, { nullable: true, description: 'Only of this kind.' })
  @IsOptional()
  @IsEnum(TreatmentKind)
  readonly kind?: TreatmentKind | null;

  @Field(() => ID, { nullable: true, description: 'Only this patient’s.' })
  @IsOptional()
  @IsUUID()
  readonly patientId?: string | null;

  @Field(() => ID, { nullable: true, description: 'Only for this referral.' })
  @IsOptional()
  @IsUUID()
  readonly referralId?: string | null;
}
