import { Field, ID, ObjectType, registerEnumType } from '@nestjs/graphql';
import { Patient } from '../patients/patient.type.js';
import { EnquiryMatchDoubt, EnquiryMatchReason, MatchStrength } from './match.rules.js';

registerEnumType(EnquiryMatchReason, {
  name: 'EnquiryMatchReason',
  description: 'What speaks for a registered patient being the enquirer.',
  valuesMap: {
    SAME_NHS_NUMBER: { description: 'The NHS number is the same.' },
    SAME_NAME: { description: 'The whole name is the same, in either order, but for case and accents.' },
    SIMILAR_NAME: { description: 'The whole name is alike: a slip, a short form, a part of a double name.' },
    PART_OF_NAME: { description: 'One of the names is alike.' },
    SAME_DATE_OF_BIRTH: { description: 'The date of birth is the same.' },
    DAY_AND_MONTH_SWAPPED: { description: 'The date of birth is the same with day and month changed over.' },
    SAME_PHONE: { description: 'A telephone number is the same.' },
    SAME_EMAIL: { description: 'The e-mail address is the same.' },
  },
});

registerEnumType(EnquiryMatchDoubt, {
  name: 'EnquiryMatchDoubt',
  description: 'What speaks against a registered patient being the enquirer.',
  valuesMap: {
    OTHER_NHS_NUMBER: { description: 'Both have an NHS number, and they differ.' },
    OTHER_NAME: { description: 'No part of the name is alike.' },
    OTHER_DATE_OF_BIRTH: { description: 'Both have a date of birth, and they differ.' },
  },
});

registerEnumType(MatchStrength, {
  name: 'MatchStrength',
  description: 'How much speaks for a candidate. Whatever it is, a person confirms it.',
  valuesMap: {
    CERTAIN: { description: 'NHS number and date of birth agree, and nothing disagrees.' },
    LIKELY: {
      description: 'A number, or a name with a date of birth or a contact, agrees, and nothing disagrees.',
    },
    POSSIBLE: { description: 'Something agrees. Ask.' },
    UNLIKELY: { description: 'Little agrees, or something speaks against it that cannot be a slip.' },
  },
});

@ObjectType({ description: 'A registered patient who may be the enquirer.' })
export class EnquiryMatch {
  @Field(() => ID, { description: 'Id of the patient.' })
  readonly patientId: string;

  @Field(() => Patient, { description: 'The patient.' })
  readonly patient: Patient;

  @Field(() => MatchStrength, { description: 'How much speaks for it.' })
  readonly strength: MatchStrength;

  @Field(() => [EnquiryMatchReason], { description: 'What speaks for it.' })
  readonly reasons: readonly EnquiryMatchReason[];

  @Field(() => [EnquiryMatchDoubt], { description: 'What speaks against it.' })
  readonly doubts: readonly EnquiryMatchDoubt[];
}
