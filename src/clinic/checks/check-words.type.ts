import { registerEnumType } from '@nestjs/graphql';
import {
  BreastFeedingAnswer,
  CheckAnswerer,
  CheckVerdict,
  ChildbearingPotential,
  IdentityPoint,
  PregnancyAnswer,
  PregnancyAttestation,
  SafetyDecider,
  SafetyItemKind,
  SafetyReply,
} from '../../platform/database/generated/enums.js';

registerEnumType(IdentityPoint, {
  name: 'IdentityPoint',
  description: 'What a patient is asked to be known by.',
  valuesMap: {
    NAME: { description: 'Family name and given name.' },
    DATE_OF_BIRTH: { description: 'Date of birth.' },
    ADDRESS: { description: 'Address, or its first line and postcode.' },
    NHS_NUMBER: { description: 'NHS number.' },
    LOCAL_NUMBER: { description: 'The clinic’s own number, such as from the letter of the appointment.' },
  },
});

registerEnumType(CheckAnswerer, {
  name: 'CheckAnswerer',
  description: 'Who answered.',
  valuesMap: {
    PATIENT: { description: 'The patient.' },
    RELATIVE: { description: 'A relative for the patient.' },
    CARER: { description: 'A carer for the patient.' },
    INTERPRETER: { description: 'The patient, through an interpreter.' },
  },
});

registerEnumType(ChildbearingPotential, {
  name: 'ChildbearingPotential',
  description:
    'Whether somebody could become pregnant, by their own word. Never inferred from gender or from a record.',
  valuesMap: {
    YES: { description: 'Could.' },
    NO: { description: 'Could not: the question about pregnancy does not apply, and the reason is kept.' },
    NOT_SAID: { description: 'Did not want to say, or does not know.' },
  },
});

registerEnumType(PregnancyAnswer, {
  name: 'PregnancyAnswer',
  description: 'The answer to the question about pregnancy.',
  valuesMap: {
    NO: { description: 'Not pregnant.' },
    YES: { description: 'Pregnant. A practitioner decides.' },
    CANNOT_BE_EXCLUDED: { description: 'Cannot be excluded. A practitioner decides.' },
    NOT_APPLICABLE: { description: 'Could not become pregnant, for the reason that is kept.' },
  },
});

registerEnumType(PregnancyAttestation, {
  name: 'PregnancyAttestation',
  description: 'How the patient confirmed the answer.',
  valuesMap: {
    SIGNED: { description: 'By a signature on the form.' },
    SPOKEN: { description: 'Aloud, after the answer was read back.' },
  },
});

registerEnumType(BreastFeedingAnswer, {
  name: 'BreastFeedingAnswer',
  description: 'The answer to the question about breast-feeding.',
  valuesMap: {
    NO: { description: 'Does not breast-feed.' },
    YES: { description: 'Does, and was advised.' },
    NOT_APPLICABLE: { description: 'Does not apply, for the reason that is kept.' },
  },
});

registerEnumType(SafetyItemKind, {
  name: 'SafetyItemKind',
  description: 'How a line of the checklist is answered.',
  valuesMap: {
    YES_OR_NO: { description: 'Yes, no, or not sure.' },
    WEIGHT: { description: 'The weight in kilograms, which is held against what the camera’s table bears.' },
  },
});

registerEnumType(SafetyReply, {
  name: 'SafetyReply',
  description: 'An answer on the checklist.',
  valuesMap: {
    YES: { description: 'Yes.' },
    NO: { description: 'No.' },
    NOT_SURE: { description: 'Not sure: counts as not as it should be.' },
  },
});

registerEnumType(SafetyDecider, {
  name: 'SafetyDecider',
  description: 'Who may decide to go on when an answer is not as it should be.',
  valuesMap: {
    OPERATOR: { description: 'Whoever is entitled to give the tracer, or to justify it.' },
    PRACTITIONER: { description: 'Whoever is entitled to justify it.' },
    NOBODY: { description: 'Nobody: the scan is not possible as it is planned.' },
  },
});

registerEnumType(CheckVerdict, {
  name: 'CheckVerdict',
  description: 'What was decided.',
  valuesMap: {
    PROCEED: { description: 'To go on, for the reason that is kept.' },
    DO_NOT_PROCEED: { description: 'Not to go on.' },
  },
});
