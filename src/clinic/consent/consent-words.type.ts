import { registerEnumType } from '@nestjs/graphql';
import {
  ConsentDecision,
  ConsentGiver,
  ConsentMethod,
  ConsentPurpose,
} from '../../platform/database/generated/enums.js';

/** What can be answered when somebody is asked. Taking it back later is `withdrawConsent`. */
export const ConsentAnswer = {
  GIVEN: 'GIVEN',
  DECLINED: 'DECLINED',
  NOT_CHOSEN: 'NOT_CHOSEN',
  REFUSED: 'REFUSED',
  UNKNOWN: 'UNKNOWN',
} as const;
export type ConsentAnswer = (typeof ConsentAnswer)[keyof typeof ConsentAnswer];

registerEnumType(ConsentAnswer, {
  name: 'ConsentAnswer',
  description: 'The answer of somebody who was asked.',
  valuesMap: {
    GIVEN: { description: 'Yes.' },
    DECLINED: { description: 'No.' },
    NOT_CHOSEN: { description: 'Neither: the form came back with no box ticked.' },
    REFUSED: { description: 'Did not want to be asked, or to talk about it.' },
    UNKNOWN: { description: 'There was an answer, and it cannot be told what it was.' },
  },
});

registerEnumType(ConsentPurpose, {
  name: 'ConsentPurpose',
  description: 'What is consented to. Each purpose is asked, given and withdrawn by itself.',
  valuesMap: {
    PRIVACY_NOTICE: { description: 'Has read how the clinic uses personal data.' },
    IMAGING_TRACER_AND_XRAYS: {
      description: 'Imaging with a radioactive tracer and X-rays (SPECT-CT). Needed to book a scan.',
    },
    MARKETING: {
      description: 'Wants news of the clinic. Apart from everything else, and off unless they say so.',
    },
    PROCEDURE: {
      description: 'A procedure, such as an injection; each kind of procedure by its code, side and levels.',
    },
    CONTACT_BY_MESSAGE: {
      description:
        'Wants to be written to about their care by e-mail and text message, which others may read.',
    },
  },
});

registerEnumType(ConsentDecision, {
  name: 'ConsentDecision',
  description: 'What a record says.',
  valuesMap: {
    GIVEN: { description: 'Consent was given.' },
    DECLINED: { description: 'Asked, and said no.' },
    NOT_CHOSEN: { description: 'Asked, and chose neither.' },
    REFUSED: { description: 'Did not want to be asked.' },
    UNKNOWN: { description: 'There was an answer, and it cannot be told what it was.' },
    WITHDRAWN: { description: 'A consent given before was taken back.' },
    INVALIDATED: { description: 'A consent recorded before was found not to be valid.' },
  },
});

registerEnumType(ConsentGiver, {
  name: 'ConsentGiver',
  description: 'Who decided.',
  valuesMap: {
    PATIENT: { description: 'The patient.' },
    PARENT: { description: 'Somebody with parental responsibility.' },
    ATTORNEY: { description: 'A health and welfare attorney or a court-appointed deputy.' },
    BEST_INTERESTS_DECISION: { description: 'A best-interests decision under the Mental Capacity Act 2005.' },
  },
});

registerEnumType(ConsentMethod, {
  name: 'ConsentMethod',
  description: 'How the decision reached us.',
  valuesMap: {
    IN_PERSON: { description: 'Said to a member of staff at the clinic.' },
    TELEPHONE: { description: 'Said on the telephone.' },
    WEB_FORM: { description: 'Through a form on the web.' },
    PAPER_FORM: { description: 'On a signed paper form; its scan is the evidence.' },
  },
});
