import { registerEnumType } from '@nestjs/graphql';
import {
  ContactPreference,
  PersonStatedGender,
  PhoneKind,
  SexForClinicalUse,
} from '../../platform/database/generated/enums.js';

registerEnumType(SexForClinicalUse, {
  name: 'SexForClinicalUse',
  description:
    'What clinical decisions (doses, pregnancy questions) go by. Not a statement about identity. Source: HL7 SPCU.',
  valuesMap: {
    FEMALE: { description: 'Apply what holds for female bodies. F on the scanner.' },
    MALE: { description: 'Apply what holds for male bodies. M on the scanner.' },
    SPECIFIED: { description: 'Neither applies without looking: see the record. O on the scanner.' },
    UNKNOWN: { description: 'Not known. Empty on the scanner.' },
  },
});

registerEnumType(PersonStatedGender, {
  name: 'PersonStatedGender',
  description: 'Gender as the person states it. Source: NHS Data Dictionary, Person Stated Gender Code.',
  valuesMap: {
    MALE: { description: 'NHS code 1.' },
    FEMALE: { description: 'NHS code 2.' },
    INDETERMINATE: { description: 'Unable to be classified as either male or female. NHS code 9.' },
    NOT_KNOWN: { description: 'Not asked or not answered. NHS code X.' },
  },
});

registerEnumType(PhoneKind, {
  name: 'PhoneKind',
  description: 'What kind of telephone number it is.',
  valuesMap: {
    MOBILE: { description: 'Carried about; receives text messages.' },
    HOME: { description: 'At home. Others may answer.' },
    WORK: { description: 'At work. Others may answer.' },
  },
});

registerEnumType(ContactPreference, {
  name: 'ContactPreference',
  description: 'How the patient wants to hear from us. What it needs must be on the record.',
  valuesMap: {
    LETTER: { description: 'By post: needs an address.' },
    TELEPHONE: { description: 'By telephone: needs a number.' },
    EMAIL: { description: 'By e-mail: needs an address.' },
    SMS: { description: 'By text message: needs a mobile number.' },
  },
});
