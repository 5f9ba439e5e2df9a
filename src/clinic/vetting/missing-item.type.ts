import { Field, ObjectType, registerEnumType } from '@nestjs/graphql';
import { RequestItem } from './request-completeness.rules.js';

registerEnumType(RequestItem, {
  name: 'RequestItem',
  description: 'What an imaging request has to say before it can be judged.',
  valuesMap: {
    PATIENT_IDENTIFIERS: { description: 'At least three of name, date of birth, a number, and the address.' },
    REFERRER_NAME: { description: 'Who refers.' },
    REFERRER_REGISTRATION: { description: 'Their professional registration.' },
    REFERRER_CONTACT: { description: 'A telephone number or an e-mail address of theirs.' },
    REFERRER_ENTITLEMENT: { description: 'That they may refer for exposures on the day of the request.' },
    REFERRER_SIGNATURE: { description: 'How and when they signed.' },
    CLINICAL_QUESTION: { description: 'What is to be found out.' },
    HISTORY: { description: 'The clinical history.' },
    EARLIER_IMAGING: { description: 'Earlier imaging, or that there is none.' },
    RECENT_STUDIES: { description: 'Recent examinations with radionuclides, or that there are none.' },
    WEIGHT: { description: 'The weight in kilograms, when and how it was measured, and not too long ago.' },
    MOBILITY: { description: 'How the patient moves.' },
    PREGNANCY: { description: 'Whether a pregnancy is possible; asked at the ages that the policy says.' },
    LAST_MENSTRUAL_PERIOD: { description: 'The first day of the last menstrual period, at the same ages.' },
    BREAST_FEEDING: { description: 'Whether the patient is breast-feeding, at the same ages.' },
  },
});

@ObjectType({ description: 'One thing that an imaging request does not say yet.' })
export class MissingRequestItem {
  @Field(() => RequestItem, { description: 'What is missing.' })
  readonly item: RequestItem;

  @Field(() => String, { description: 'A sentence that says what to do.' })
  readonly sentence: string;
}
