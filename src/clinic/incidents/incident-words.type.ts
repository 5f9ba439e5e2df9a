import { registerEnumType } from '@nestjs/graphql';
import {
  IncidentCandour,
  IncidentExposure,
  IncidentKind,
  IncidentOutcome,
  IncidentRegulator,
  IncidentThresholdBasis,
} from '../../platform/database/generated/enums.js';

/** What happened, or what was learnt: a page or two. */
export const STORY_CHARACTERS_MAX = 8_000;
/** A sentence or two. */
export const WORDS_CHARACTERS_MAX = 1_000;
/** What a regulator or a table calls something: one line. */
export const REFERENCE_CHARACTERS_MAX = 100;
/** Something that can be read, and nothing that cannot: one line, or several. */
export const SOME_LINE = /^(?=.*\S)[^\p{Cc}\p{Cs}]*$/su;
export const SOME_LINES = /^(?=[\s\S]*\S)(?:[^\p{Cc}\p{Cs}]|[\n\r\t])*$/u;
export const READABLE = { message: '$property: must hold text, without control characters' };

registerEnumType(IncidentKind, {
  name: 'IncidentKind',
  description: 'What kind of thing went wrong, or nearly did.',
  valuesMap: {
    WRONG_PATIENT: { description: 'Somebody else than was meant.' },
    WRONG_PROCEDURE: { description: 'Another exposure than was authorised.' },
    WRONG_ACTIVITY: { description: 'More or less activity than was meant.' },
    WRONG_RADIOPHARMACEUTICAL: { description: 'Another radiopharmaceutical than was meant.' },
    EXTRAVASATION: { description: 'The tracer went beside the vein.' },
    REPEATED_EXPOSURE: { description: 'It had to be done again.' },
    PREGNANCY_NOT_KNOWN: { description: 'A pregnancy was not known of.' },
    BREAST_FEEDING_NOT_KNOWN: { description: 'Breast-feeding was not known of.' },
    NOT_JUSTIFIED: { description: 'Nobody had justified or authorised it.' },
    LICENCE_BREACH: { description: 'It was not licensed, at this site or of this practitioner.' },
    EQUIPMENT_FAULT: { description: 'Equipment did not do what it should.' },
    CONTAMINATION: { description: 'A person or a place was contaminated.' },
    OTHER: { description: 'Something else: the words say what.' },
  },
});

registerEnumType(IncidentOutcome, {
  name: 'IncidentOutcome',
  description: 'What an incident was found to be.',
  valuesMap: {
    NEAR_MISS: {
      description: 'Nobody was exposed otherwise than intended, and no regulator has to hear of it.',
    },
    LOCAL: { description: 'Somebody was, below every threshold: the clinic learns from it.' },
    NOTIFIABLE: { description: 'A regulator has to hear of it.' },
  },
});

registerEnumType(IncidentExposure, {
  name: 'IncidentExposure',
  description: 'How somebody was exposed otherwise than intended (IR(ME)R 2017).',
  valuesMap: {
    NONE: { description: 'Nobody was.' },
    ACCIDENTAL: { description: 'Accidental: no exposure of this person was intended at all.' },
    UNINTENDED: { description: 'Unintended: an exposure was intended, and another dose was received.' },
  },
});

registerEnumType(IncidentRegulator, {
  name: 'IncidentRegulator',
  description: 'Who is told.',
  valuesMap: {
    CQC: { description: 'Care Quality Commission: enforces IR(ME)R in England.' },
    ARSAC: { description: 'ARSAC Support Unit: licences.' },
    HSE: { description: 'Health and Safety Executive: staff, equipment.' },
    MHRA: { description: 'Medicines and Healthcare products Regulatory Agency: devices and medicines.' },
    ENVIRONMENT_AGENCY: { description: 'Environment Agency: radioactive substances and waste.' },
    OTHER: { description: 'Another: the reference says who.' },
  },
});

registerEnumType(IncidentCandour, {
  name: 'IncidentCandour',
  description: 'Whether the person was told what happened (duty of candour).',
  valuesMap: {
    TOLD: { description: 'They, or whoever speaks for them, were told.' },
    NOT_NEEDED: { description: 'Nobody was harmed or could have been.' },
    NOT_POSSIBLE: { description: 'It was not possible, or would have done harm.' },
  },
});

registerEnumType(IncidentThresholdBasis, {
  name: 'IncidentThresholdBasis',
  description: 'What a threshold asks.',
  valuesMap: {
    ACCIDENTAL_DOSE: { description: 'The effective dose of an accidental exposure, in mSv.' },
    UNINTENDED_DOSE: {
      description: 'The whole effective dose of an unintended exposure, in mSv, by what was intended.',
    },
    FOETAL_DOSE: { description: 'The absorbed dose to an unborn child, in mGy.' },
    INFANT_DOSE: { description: 'The effective dose to a breast-fed infant, in mSv.' },
    WRONG_RADIOPHARMACEUTICAL: { description: 'Another radiopharmaceutical than was meant.' },
    LICENCE_BREACH: { description: 'Something was administered without the right licence.' },
  },
});
