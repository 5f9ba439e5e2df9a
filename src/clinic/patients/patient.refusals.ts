import { Field, ID, ObjectType, registerEnumType } from '@nestjs/graphql';
import { LocalDate } from '../../platform/graphql/scalars.js';
import { Refusal } from '../../platform/refusal/refusal.js';
import { DuplicateReason } from './duplicate.rules.js';

registerEnumType(DuplicateReason, {
  name: 'DuplicateReason',
  description: 'Why two records may be one person. Names are compared without accents, case and small slips.',
  valuesMap: {
    SAME_DATE_OF_BIRTH_SIMILAR_NAME: {
      description:
        'Born on the same day, and the given or the family name is alike, or the two are changed over.',
    },
    DAY_AND_MONTH_SWAPPED: {
      description: 'The whole name is alike, and day and month of birth are changed over.',
    },
    SAME_NAME_SAME_PHONE: { description: 'The whole name is alike, and they share a telephone number.' },
    SAME_NAME_SAME_EMAIL: { description: 'The whole name is alike, and they share an e-mail address.' },
  },
});

@ObjectType({
  description: 'A registered patient who may be the person at the desk: enough to ask, no more.',
})
export class DuplicateCandidate {
  @Field(() => ID, { description: 'Id of the registered patient.' })
  readonly patientId: string;

  @Field(() => String, { description: 'Local number of the registered patient: F and seven digits.' })
  readonly localNumber: string;

  @Field(() => String, { description: 'Family name.' })
  readonly familyName: string;

  @Field(() => String, { description: 'Given name.' })
  readonly givenName: string;

  @Field(() => LocalDate, { description: 'Date of birth.' })
  readonly dateOfBirth: string;

  @Field(() => [DuplicateReason], {
    description: 'Why it may be the same person; empty when only the NHS number is.',
  })
  readonly reasons: readonly DuplicateReason[];
}

@ObjectType({
  implements: () => [Refusal],
  description:
    'Somebody very like this is registered already. If the person at the desk is one of the candidates, use that ' +
    'record. If not, register again with `confirmedDifferentFrom` naming every candidate: it is recorded who said so.',
})
export class LikelyDuplicate extends Refusal {
  readonly code = 'LikelyDuplicate';

  @Field(() => [DuplicateCandidate], { description: 'The patients to compare with, at most 20 at a time.' })
  readonly candidates: readonly DuplicateCandidate[];

  constructor(candidates: readonly DuplicateCandidate[]) {
    super(
      'Somebody very like this is registered already. Compare with the candidates; if they are all other people, ' +
        'confirm that and register again.',
    );
    this.candidates = candidates;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description:
    'Another patient holds this NHS number. A number belongs to one person, so this cannot be confirmed away: ' +
    'use that record, or register without the number and have it traced.',
})
export class NhsNumberTaken extends Refusal {
  readonly code = 'NhsNumberTaken';

  @Field(() => DuplicateCandidate, { description: 'The patient who holds the number.' })
  readonly holder: DuplicateCandidate;

  constructor(holder: DuplicateCandidate) {
    super(
      `Patient ${holder.localNumber} is registered with this NHS number. If it is the same person, use that record; ` +
        'if not, leave the number out here and have both checked.',
    );
    this.holder = holder;
  }
}
