import { Field, Float, ID, Int, ObjectType } from '@nestjs/graphql';
import { VisitStatus } from '../../platform/database/generated/enums.js';
import { Instant } from '../../platform/graphql/scalars.js';
import { Refusal } from '../../platform/refusal/refusal.js';
import type { Temporal } from '../../platform/time/index.js';

@ObjectType({
  implements: () => [Refusal],
  description:
    'Nobody is injected for a visit that stands so: the patient has not been marked as arrived, or the visit was cancelled or missed.',
})
export class PatientNotHere extends Refusal {
  readonly code = 'PatientNotHere';

  @Field(() => VisitStatus, { description: 'Where the visit stands.' })
  readonly status: VisitStatus;

  constructor(status: VisitStatus) {
    super(
      status === VisitStatus.BOOKED
        ? 'The patient has not been marked as arrived. Mark them as arrived first; that also asks the gates of the arrival.'
        : `Nobody can be injected for this visit: it is ${status}. Look whether it is the right patient and the right booking.`,
    );
    this.status = status;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description:
    'The time of the injection cannot be right: it is in the future, or on another day than the visit, by the clinic’s calendar.',
})
export class InjectionTimeImplausible extends Refusal {
  readonly code = 'InjectionTimeImplausible';

  @Field(() => Instant, { description: 'The earliest that it could be.' })
  readonly earliestAt: Temporal.Instant;

  @Field(() => Instant, { description: 'The latest that it could be.' })
  readonly latestAt: Temporal.Instant;

  constructor(why: string, possible: { earliestAt: Temporal.Instant; latestAt: Temporal.Instant }) {
    super(why);
    this.earliestAt = possible.earliestAt;
    this.latestAt = possible.latestAt;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description:
    'The measurements do not fit the injection: the syringe is measured before it and what is left in it after it, both on its day.',
})
export class MeasurementOutOfOrder extends Refusal {
  readonly code = 'MeasurementOutOfOrder';

  @Field(() => String, { description: 'Which measurement: `measuredAt` or `residualMeasuredAt`.' })
  readonly measurement: string;

  constructor(measurement: 'measuredAt' | 'residualMeasuredAt', why: string) {
    super(why);
    this.measurement = measurement;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description:
    'More is said to be left in the syringe than was in it at that time. Read both again from the calibrator, with their units and times.',
})
export class ResidualExceedsDose extends Refusal {
  readonly code = 'ResidualExceedsDose';

  @Field(() => Float, { description: 'What was in the syringe at the injection, in MBq.' })
  readonly drawnActivityMbq: number;

  @Field(() => Float, { description: 'The residual brought to the time of the injection, in MBq.' })
  readonly residualActivityMbq: number;

  constructor(drawnMbq: number, residualMbq: number) {
    super(
      `What was left over comes to ${shown(residualMbq)} MBq at the injection, and ${shown(drawnMbq)} MBq were in the syringe then. ` +
        'Read both again from the calibrator, with their units and times.',
    );
    this.drawnActivityMbq = drawnMbq;
    this.residualActivityMbq = residualMbq;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description:
    'The activity is so far from the plan that its unit may be wrong: a figure in mCi or kBq, say. Read it again; if it is right, say so with `activityReadAgain`.',
})
export class ActivityImplausible extends Refusal {
  readonly code = 'ActivityImplausible';

  @Field(() => Float, { description: 'As it was sent, in MBq, at the time of the injection.' })
  readonly activityMbq: number;

  @Field(() => Float, { description: 'As planned, in MBq.' })
  readonly plannedActivityMbq: number;

  constructor(activityMbq: number, plannedMbq: number) {
    super(
      `${shown(activityMbq)} MBq at the injection are far from the ${shown(plannedMbq)} MBq that are planned. ` +
        'Read the calibrator again, and look at its unit. If the figure is right, say that it was read again.',
    );
    this.activityMbq = activityMbq;
    this.plannedActivityMbq = plannedMbq;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description:
    'The activity is above the plan or above the diagnostic reference level. It can be recorded with a reason and the practitioner, or the approved protocol, that covers it.',
})
export class DepartureNeedsReason extends Refusal {
  readonly code = 'DepartureNeedsReason';

  @Field(() => Float, { description: 'The activity at the injection, in MBq.' })
  readonly activityMbq: number;

  @Field(() => Float, { description: 'As planned, in MBq.' })
  readonly plannedActivityMbq: number;

  @Field(() => Float, {
    nullable: true,
    description: 'Diagnostic reference level in MBq, when it is exceeded; null: it is not.',
  })
  readonly exceededDrlMbq: number | null;

  constructor(
    activityMbq: number,
    plannedMbq: number,
    exceededDrl: { mbq: number; citation: string } | null,
  ) {
    const above =
      exceededDrl === null
        ? `the ${shown(plannedMbq)} MBq that are planned`
        : `the diagnostic reference level of ${shown(exceededDrl.mbq)} MBq (${exceededDrl.citation})`;
    super(
      `${shown(activityMbq)} MBq are above ${above}. Say why, and name the practitioner who agreed or the approved protocol that allows it.`,
    );
    this.activityMbq = activityMbq;
    this.plannedActivityMbq = plannedMbq;
    this.exceededDrlMbq = exceededDrl?.mbq ?? null;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description:
    'Whoever is signed in, or was named as the practitioner, is not entitled to this act on that day.',
})
export class StaffNotEntitled extends Refusal {
  readonly code = 'StaffNotEntitled';

  @Field(() => ID, { description: 'Whose entitlement was asked for: a staff account.' })
  readonly staffId: string;

  @Field(() => String, { description: 'For which act: `ADMINISTER_TRACER`, `JUSTIFY` and so on.' })
  readonly act: string;

  constructor(staffId: string, act: string, reason: string) {
    super(reason);
    this.staffId = staffId;
    this.act = act;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description:
    'The booking has an administration already. A second injection is recorded only after the first was taken back as void, or when it ran beside the vein and a practitioner decided to inject again.',
})
export class AlreadyAdministered extends Refusal {
  readonly code = 'AlreadyAdministered';

  @Field(() => ID, {
    nullable: true,
    description: 'The administration that stands; null: it was recorded at this moment.',
  })
  readonly administrationId: string | null;

  @Field(() => Instant, {
    nullable: true,
    description: 'When it was injected; null: it was recorded at this moment.',
  })
  readonly injectedAt: Temporal.Instant | null;

  constructor(standing: { id: string; injectedAt: Temporal.Instant; hasExtravasated: boolean } | null) {
    super(
      standing?.hasExtravasated === true
        ? 'An injection is recorded that ran beside the vein. To inject again, say why and which practitioner decided it.'
        : 'An injection is recorded for this booking already. Look at it first: what is wrong in it is corrected or taken back there.',
    );
    this.administrationId = standing?.id ?? null;
    this.injectedAt = standing?.injectedAt ?? null;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description:
    'No dose protocol holds for this procedure on that day, so there is no tracer, no plan and no reference level to record against.',
})
export class DoseProtocolMissing extends Refusal {
  readonly code = 'DoseProtocolMissing';

  @Field(() => String, { description: 'Code of the procedure.' })
  readonly procedureCode: string;

  constructor(procedureCode: string) {
    super(
      `No dose protocol holds for ${procedureCode} on that day. Have one set up in the radiopharmacy before anything is injected.`,
    );
    this.procedureCode = procedureCode;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description:
    'The administration was taken back as void: nothing is added to it any more. Its entries stay.',
})
export class AdministrationVoid extends Refusal {
  readonly code = 'AdministrationVoid';

  constructor() {
    super(
      'This administration was taken back as void. Nothing is added to it any more; record the injection anew.',
    );
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'The residual is recorded already. If it is wrong, correct the administration and say why.',
})
export class ResidualAlreadyRecorded extends Refusal {
  readonly code = 'ResidualAlreadyRecorded';

  @Field(() => Float, { description: 'As recorded, in MBq, at its own time.' })
  readonly residualActivityMbq: number;

  constructor(residualMbq: number) {
    super(
      `A residual of ${shown(residualMbq)} MBq is recorded already. If it is wrong, correct the administration and say why.`,
    );
    this.residualActivityMbq = residualMbq;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'Somebody has added to the administration since it was read. Read it again and decide anew.',
})
export class AdministrationChangedMeanwhile extends Refusal {
  readonly code = 'AdministrationChangedMeanwhile';

  @Field(() => Int, { description: 'Its version now.' })
  readonly currentVersion: number;

  constructor(version: number) {
    super('Somebody has added to this administration since you read it. Read it again, then decide.');
    this.currentVersion = version;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'No gate was closed at that time: what was injected is recorded as every administration is.',
})
export class NoGateWasClosed extends Refusal {
  readonly code = 'NoGateWasClosed';

  constructor() {
    super(
      'No gate was closed at that time. Record the administration as usual; there is nothing out of order to report.',
    );
  }
}

/** Two decimals are what a calibrator is good for. */
function shown(mbq: number): string {
  return String(Math.round(mbq * 100) / 100);
}
