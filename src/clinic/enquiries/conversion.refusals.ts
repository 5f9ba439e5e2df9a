import { Field, ObjectType } from '@nestjs/graphql';
import { Instant } from '../../platform/graphql/scalars.js';
import { Refusal } from '../../platform/refusal/refusal.js';
import type { Temporal } from '../../platform/time/index.js';
import { EnquiryMatchDoubt, EnquiryMatchReason, MatchStrength } from './match.rules.js';

@ObjectType({
  implements: () => [Refusal],
  description:
    'It is not certain that the enquirer is this patient. Find out, and say how: `howConfirmed` is recorded under your name.',
})
export class MatchNotConfirmed extends Refusal {
  readonly code = 'MatchNotConfirmed';

  @Field(() => MatchStrength, { description: 'How much speaks for it.' })
  readonly strength: MatchStrength;

  @Field(() => [EnquiryMatchReason], { description: 'What speaks for it.' })
  readonly reasons: readonly EnquiryMatchReason[];

  @Field(() => [EnquiryMatchDoubt], { description: 'What speaks against it.' })
  readonly doubts: readonly EnquiryMatchDoubt[];

  constructor(match: {
    readonly strength: MatchStrength;
    readonly reasons: readonly EnquiryMatchReason[];
    readonly doubts: readonly EnquiryMatchDoubt[];
  }) {
    super(
      'It is not certain that the enquirer is this patient. Ask for the date of birth or the NHS number, and say in howConfirmed how you know.',
    );
    this.strength = match.strength;
    this.reasons = match.reasons;
    this.doubts = match.doubts;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'Too long ago to be taken back. Correct the patient, the referral or the request instead.',
})
export class ConversionTooOld extends Refusal {
  readonly code = 'ConversionTooOld';

  @Field(() => Instant, { description: 'Until when it could have been taken back.' })
  readonly undoableUntil: Temporal.Instant;

  constructor(undoableUntil: Temporal.Instant) {
    super('This was converted too long ago to be taken back. Correct the referral or the request instead.');
    this.undoableUntil = undoableUntil;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'Others have built on it: something was booked or requested, or a clinician has taken it up.',
})
export class ConversionSettled extends Refusal {
  readonly code = 'ConversionSettled';

  constructor() {
    super(
      'Something was booked on it, or a clinician has taken it up. Cancel or withdraw that first, or correct it there.',
    );
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'Both enquiries say who they are from, and it is not the same person.',
})
export class EnquiriesDiffer extends Refusal {
  readonly code = 'EnquiriesDiffer';

  @Field(() => [String], { description: 'In what they differ: nhsNumber, dateOfBirth or patientId.' })
  readonly fields: readonly string[];

  constructor(fields: readonly string[]) {
    super(
      'These two enquiries say that they are from different people. Correct the one that is wrong first.',
    );
    this.fields = fields;
  }
}
