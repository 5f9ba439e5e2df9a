import { Field, ID, ObjectType } from '@nestjs/graphql';
import { ExposureAct } from '../../platform/database/generated/enums.js';
import { Refusal } from '../../platform/refusal/refusal.js';
import { MissingRequestItem } from './missing-item.type.js';
import type { MissingItem } from './request-completeness.rules.js';

@ObjectType({
  implements: () => [Refusal],
  description: 'The request does not say all that it has to before it can be judged. Ask the referrer.',
})
export class ImagingRequestIncomplete extends Refusal {
  readonly code = 'ImagingRequestIncomplete';

  @Field(() => [MissingRequestItem], { description: 'What is missing, each with what to do.' })
  readonly missing: readonly MissingItem[];

  constructor(missing: readonly MissingItem[]) {
    super(`This imaging request is incomplete. ${missing.map(({ sentence }) => sentence).join(' ')}`);
    this.missing = missing;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'You are not entitled to this act for this procedure today (IR(ME)R 2017, regulation 10).',
})
export class NotEntitledToAct extends Refusal {
  readonly code = 'NotEntitledToAct';

  @Field(() => ExposureAct, { description: 'The act.' })
  readonly act: ExposureAct;

  constructor(act: ExposureAct, reason: string) {
    super(reason);
    this.act = act;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description:
    'The practitioner has no licence for this procedure at this site today (IR(ME)R 2017, regulation 5).',
})
export class NoPractitionerLicence extends Refusal {
  readonly code = 'NoPractitionerLicence';

  @Field(() => ID, { description: 'Staff account of the practitioner.' })
  readonly practitionerId: string;

  constructor(practitionerId: string, reason: string) {
    super(reason);
    this.practitionerId = practitionerId;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description:
    'A pregnancy was not excluded, or the patient is breast-feeding: the decision has to say what was considered of it.',
})
export class AttentionNotGiven extends Refusal {
  readonly code = 'AttentionNotGiven';

  constructor() {
    super(
      'The request says that a pregnancy is not excluded or that the patient is breast-feeding. Say in `attention` what was considered of it, as the law wants, or ask the referrer.',
    );
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'The guideline does not cover this request: a practitioner has to decide.',
})
export class GuidelineDoesNotApply extends Refusal {
  readonly code = 'GuidelineDoesNotApply';

  @Field(() => [String], { description: 'Why not, in sentences.' })
  readonly reasons: readonly string[];

  constructor(reasons: readonly string[]) {
    super(`This guideline does not cover the request. ${reasons.join(' ')} A practitioner has to decide.`);
    this.reasons = reasons;
  }
}
