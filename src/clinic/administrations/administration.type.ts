import { Field, Float, ID, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import {
  ActivityComparison,
  AdministrationEntry,
  AdministrationSide,
  GateCode,
  TracerRoute,
} from '../../platform/database/generated/enums.js';
import { Instant, LocalDate } from '../../platform/graphql/scalars.js';
import type { Temporal } from '../../platform/time/index.js';

registerEnumType(AdministrationEntry, {
  name: 'AdministrationEntry',
  description: 'What an entry of an administration’s record is.',
  valuesMap: {
    RECORDED: { description: 'The record of the injection, with every hard gate open.' },
    REPORTED_OUTSIDE_GATES: {
      description: 'The report of an injection that was given although a hard gate was closed.',
    },
    RESIDUAL_MEASURED: { description: 'What was left in the syringe, measured afterwards.' },
    CORRECTED: { description: 'An addendum that puts something right. The entry before it stays.' },
    VOIDED: { description: 'An addendum that takes the whole record back. Its entries stay.' },
  },
});

registerEnumType(AdministrationSide, {
  name: 'AdministrationSide',
  description: 'Side of the patient’s body.',
  valuesMap: { LEFT: { description: 'The patient’s left.' }, RIGHT: { description: 'The patient’s right.' } },
});

registerEnumType(ActivityComparison, {
  name: 'ActivityComparison',
  description: 'An activity beside what was planned and beside the diagnostic reference level.',
  valuesMap: {
    BELOW_PLAN: { description: 'Less than planned by more than the tolerance.' },
    AS_PLANNED: { description: 'As planned, within the tolerance.' },
    ABOVE_PLAN: { description: 'More than planned by more than the tolerance.' },
    ABOVE_DRL: { description: 'Above the diagnostic reference level, whatever was planned.' },
  },
});

@ObjectType({
  description:
    'What was known of an injection after one entry of its record, whole. Activities are in MBq. No entry is ever changed.',
})
export class AdministrationVersion {
  @Field(() => Int, { description: 'From 1; the latest counts.' })
  readonly version: number;

  @Field(() => AdministrationEntry, { description: 'What the entry is.' })
  readonly entry: AdministrationEntry;

  @Field(() => String, {
    nullable: true,
    description: 'Of an addendum or a report: why. Null: a first record.',
  })
  readonly reason: string | null;

  @Field(() => Instant, { description: 'When the entry was written.' })
  readonly recordedAt: Temporal.Instant;

  @Field(() => ID, { description: 'Staff account that wrote the entry.' })
  readonly recordedById: string;

  @Field(() => ID, {
    description: 'Staff account of the operator who injected: who was signed in at the first entry.',
  })
  readonly operatorId: string;

  @Field(() => String, { description: 'Code of the procedure: `BONE_SPECT_CT`.' })
  readonly procedureCode: string;

  @Field(() => String, { description: 'Code of the site.' })
  readonly siteCode: string;

  @Field(() => LocalDate, {
    description: 'Day of the injection on the clinic’s calendar, by which licences were judged.',
  })
  readonly administeredOn: string;

  @Field(() => Instant, { description: 'When the tracer was injected.' })
  readonly injectedAt: Temporal.Instant;

  @Field(() => Float, {
    description: 'Measured in the syringe before the injection, in MBq, at `measuredAt`.',
  })
  readonly measuredActivityMbq: number;

  @Field(() => Instant, { description: 'When the syringe was measured.' })
  readonly measuredAt: Temporal.Instant;

  @Field(() => Float, {
    nullable: true,
    description: 'Left in the syringe, in MBq, at `residualMeasuredAt`; null: not measured yet.',
  })
  readonly residualActivityMbq: number | null;

  @Field(() => Instant, { nullable: true, description: 'When what was left was measured.' })
  readonly residualMeasuredAt: Temporal.Instant | null;

  @Field(() => Float, { description: 'In the syringe at the moment of injection, in MBq, by decay.' })
  readonly drawnActivityMbq: number;

  @Field(() => Float, {
    description:
      'Net administered activity at the moment of injection, in MBq: what was drawn less what stayed, both by decay. While the residual is unknown, all that was drawn.',
  })
  readonly netActivityMbq: number;

  @Field(() => ID, { description: 'Id of the version of the half-life that it was computed with.' })
  readonly halfLifeId: string;

  @Field(() => Float, { description: 'That half-life, in hours.' })
  readonly halfLifeHours: number;

  @Field(() => String, { description: 'Code of the tracer.' })
  readonly tracerCode: string;

  @Field(() => String, { description: 'Name of the tracer.' })
  readonly tracerName: string;

  @Field(() => ID, { description: 'Id of the batch that it was drawn from.' })
  readonly batchId: string;

  @Field(() => String, { description: 'Its batch number, as the supplier gave it.' })
  readonly batchNumber: string;

  @Field(() => TracerRoute, { description: 'How it was given.' })
  readonly route: TracerRoute;

  @Field(() => String, { description: 'Where on the body, in words: `back of the hand`.' })
  readonly bodySite: string;

  @Field(() => AdministrationSide, { nullable: true, description: 'On which side; null: not said.' })
  readonly side: AdministrationSide | null;

  @Field(() => Float, { nullable: true, description: 'Injected volume in ml; null: not said.' })
  readonly volumeMl: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'The patient’s weight in kg, as said or measured; null: not said.',
  })
  readonly weightKg: number | null;

  @Field(() => Boolean, { description: 'It ran, or may have run, beside the vein.' })
  readonly hasExtravasated: boolean;

  @Field(() => String, {
    nullable: true,
    description: 'What was seen and done then; null: nothing was said.',
  })
  readonly extravasation: string | null;

  @Field(() => ID, { description: 'Id of the dose protocol that it is compared with.' })
  readonly doseProtocolId: string;

  @Field(() => Float, {
    description:
      'Planned activity in MBq: as the practitioner decided, else as the protocol says for this patient.',
  })
  readonly plannedActivityMbq: number;

  @Field(() => Float, {
    nullable: true,
    description: 'Diagnostic reference level in MBq; null: the protocol names none.',
  })
  readonly drlMbq: number | null;

  @Field(() => String, { nullable: true, description: 'Where the reference level is from.' })
  readonly drlCitation: string | null;

  @Field(() => ActivityComparison, {
    description: 'The net administered activity beside plan and reference level.',
  })
  readonly comparison: ActivityComparison;

  @Field(() => String, { nullable: true, description: 'Of an activity above plan or reference level: why.' })
  readonly departureBecause: string | null;

  @Field(() => ID, { nullable: true, description: 'The practitioner who agreed to it: a staff account.' })
  readonly departureApprovedBy: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Or the approved protocol that allows it, by name and version.',
  })
  readonly approvedProtocol: string | null;

  @Field(() => Float, {
    nullable: true,
    description:
      'Effective dose of the tracer in mSv, an estimate for a grown person of reference size; null: no coefficient.',
  })
  readonly effectiveDoseMsv: number | null;

  @Field(() => String, { nullable: true, description: 'Where its coefficient is from.' })
  readonly effectiveDoseSource: string | null;

  @Field(() => [GateCode], {
    description: 'Hard gates that this entry found closed at the time of the injection; empty: none.',
  })
  readonly closedGates: readonly GateCode[];
}

@ObjectType({ description: 'One injection of one scan booking, with every entry of its record.' })
export class Administration {
  @Field(() => ID, { description: 'Id of the administration.' })
  readonly id: string;

  @Field(() => ID, { description: 'The scan booking that it was for, which is its visit.' })
  readonly scanBookingId: string;

  @Field(() => ID, { description: 'The patient of that booking.' })
  readonly patientId: string;

  @Field(() => Int, { description: 'From 1, of this booking.' })
  readonly ordinal: number;

  @Field(() => Boolean, { description: 'It was taken back: nothing of it counts, all of it is kept.' })
  readonly isVoid: boolean;

  @Field(() => String, {
    nullable: true,
    description: 'Of one given again after an extravasation: why. Null: of every other.',
  })
  readonly againBecause: string | null;

  @Field(() => ID, { nullable: true, description: 'The practitioner who decided that: a staff account.' })
  readonly againDecidedBy: string | null;

  @Field(() => AdministrationVersion, { description: 'As it stands: its latest entry.' })
  readonly current: AdministrationVersion;

  @Field(() => [AdministrationVersion], { description: 'Every entry, the first one first.' })
  readonly entries: readonly AdministrationVersion[];
}
