import { Field, ID, ObjectType } from '@nestjs/graphql';
import { Refusal } from '../../platform/refusal/refusal.js';

@ObjectType({
  implements: () => [Refusal],
  description:
    'A red-flag alert of this enquiry is open. It cannot be closed, converted or put away before a clinician has closed the alert.',
})
export class RedFlagOpen extends Refusal {
  readonly code = 'RedFlagOpen';

  @Field(() => [ID], { description: 'The alerts that are open.' })
  readonly alertIds: readonly string[];

  constructor(alertIds: readonly string[]) {
    super('A red flag is open on this enquiry. A clinician has to see to it and close it with a note first.');
    this.alertIds = alertIds;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description:
    'The questions about dangerous signs have not been asked. On this channel, or for this step, they must be.',
})
export class RedFlagsNotAsked extends Refusal {
  readonly code = 'RedFlagsNotAsked';

  constructor() {
    super('Ask the questions about dangerous signs first, all of them, and record the answers.');
  }
}

@ObjectType({
  implements: () => [Refusal],
  description:
    'The answers are not answers to the questions in force: one is missing, or belongs to other questions.',
})
export class RedFlagQuestionsDiffer extends Refusal {
  readonly code = 'RedFlagQuestionsDiffer';

  @Field(() => String, { description: 'Version of the questionnaire to ask.' })
  readonly versionInForce: string;

  @Field(() => [String], { description: 'Codes of its questions that have no answer.' })
  readonly unanswered: readonly string[];

  constructor(versionInForce: string, unanswered: readonly string[]) {
    super(`Ask every question of version ${versionInForce}, and give each exactly one answer.`);
    this.versionInForce = versionInForce;
    this.unanswered = unanswered;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'This alert has been closed by somebody. Their note stands.',
})
export class RedFlagAlertClosed extends Refusal {
  readonly code = 'RedFlagAlertClosed';

  @Field(() => ID, { description: 'Staff account that closed it.' })
  readonly closedById: string;

  constructor(closedById: string) {
    super('This alert has been closed already. Look at it again before you do more.');
    this.closedById = closedById;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description:
    'A questionnaire of this version exists already. People were asked in its words: a new one gets a new version.',
})
export class QuestionnaireVersionTaken extends Refusal {
  readonly code = 'QuestionnaireVersionTaken';

  constructor(version: string) {
    super(`Version ${version} exists already and is never edited. Give the new questions a new version.`);
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'The questions leave out what must always be asked.',
})
export class CaudaEquinaNotAsked extends Refusal {
  readonly code = 'CaudaEquinaNotAsked';

  constructor() {
    super('At least one question must ask about signs of cauda equina syndrome (kind CAUDA_EQUINA).');
  }
}
