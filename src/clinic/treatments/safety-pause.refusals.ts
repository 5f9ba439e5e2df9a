import { Field, ObjectType } from '@nestjs/graphql';
import { TreatmentPauseSource } from '../../platform/database/generated/enums.js';
import { Refusal } from '../../platform/refusal/refusal.js';

@ObjectType({
  implements: () => [Refusal],
  description: 'A side was named that is not the planned one. Nothing starts.',
})
export class WrongSide extends Refusal {
  readonly code = 'WrongSide';

  @Field(() => TreatmentPauseSource, { description: 'From what it was read.' })
  readonly source: TreatmentPauseSource;

  @Field(() => String, { description: 'What was planned, in words.' })
  readonly planned: string;

  @Field(() => String, { description: 'What was read, in words.' })
  readonly read: string;

  constructor(source: TreatmentPauseSource, planned: string, read: string) {
    super(
      `Stop. ${SOURCE_WORDS[source]}: ${read}. Planned: ${planned}. Find out which side is right; do not begin.`,
    );
    this.source = source;
    this.planned = planned;
    this.read = read;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'A level was named that is not a planned one, or one is missing. Nothing starts.',
})
export class WrongLevel extends Refusal {
  readonly code = 'WrongLevel';

  @Field(() => TreatmentPauseSource, { description: 'From what it was read.' })
  readonly source: TreatmentPauseSource;

  @Field(() => String, { description: 'What was planned, in words.' })
  readonly planned: string;

  @Field(() => String, { description: 'What was read, in words.' })
  readonly read: string;

  constructor(source: TreatmentPauseSource, planned: string, read: string) {
    super(
      `Stop. ${SOURCE_WORDS[source]}: ${read}. Planned: ${planned}. Find out which level is right; do not begin.`,
    );
    this.source = source;
    this.planned = planned;
    this.read = read;
  }
}

const SOURCE_WORDS = {
  CONSENT: 'The consent says',
  MARK: 'The mark says',
  IMAGE: 'The image says',
  PLAN: 'Read from the plan',
} as const satisfies Record<TreatmentPauseSource, string>;

@ObjectType({
  implements: () => [Refusal],
  description: 'The patient’s consent to this procedure at these places does not hold, or was not confirmed.',
})
export class ProcedureConsentMissing extends Refusal {
  readonly code = 'ProcedureConsentMissing';

  constructor(reason: string) {
    super(`Do not begin: the consent does not hold. ${reason}`);
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'Who is on the table was not confirmed.',
})
export class PatientNotConfirmed extends Refusal {
  readonly code = 'PatientNotConfirmed';

  constructor() {
    super('Do not begin: ask the patient who they are, and confirm it with the record.');
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'Something that has to be asked at the pause was not asked, or is not safe.',
})
export class PauseNotPassed extends Refusal {
  readonly code = 'PauseNotPassed';

  @Field(() => [String], { description: 'What, one sentence each.' })
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`Do not begin. ${problems.join(' ')}`);
    this.problems = problems;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'There is no safety pause for the plan that stands, or it was too long ago.',
})
export class PauseTooLongAgo extends Refusal {
  readonly code = 'PauseTooLongAgo';

  constructor(minutes: number) {
    super(
      `A treatment starts within ${minutes} minutes of a safety pause for the plan that stands. Hold one now, and start then.`,
    );
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'Whoever starts was not there when the pause was held.',
})
export class NotAtThePause extends Refusal {
  readonly code = 'NotAtThePause';

  constructor() {
    super('You were not there when the pause was held. Hold one now, with everybody who takes part.');
  }
}
