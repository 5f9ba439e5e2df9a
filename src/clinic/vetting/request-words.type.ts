import { registerEnumType } from '@nestjs/graphql';
import {
  AuthorisationMode,
  BreastFeedingSaid,
  ImagingRequestAction,
  ImagingRequestStatus,
  PregnancySaid,
  RequestAnswer,
  RequestMobility,
  RequestReferrer,
  RequestSignature,
  WeightSource,
} from '../../platform/database/generated/enums.js';

registerEnumType(ImagingRequestStatus, {
  name: 'ImagingRequestStatus',
  description: 'How an imaging request stands.',
  valuesMap: {
    DRAFT: { description: 'Being written; the practitioner does not see it yet.' },
    INCOMPLETE: { description: 'Handed in, and something is missing: it cannot be judged.' },
    SUBMITTED: { description: 'Complete; waits for the practitioner.' },
    INFORMATION_ASKED: { description: 'The referrer was asked for something.' },
    JUSTIFIED: { description: 'A practitioner has justified the exposure; it is not authorised yet.' },
    AUTHORISED: {
      description:
        'Justified and authorised: the exposure may be planned, and carried out when every gate is open.',
    },
    REJECTED: { description: 'Not justified; the referrer is told. A new request may be made.' },
    WITHDRAWN: { description: 'Taken back by whoever asked.' },
    LAPSED: { description: 'Its referral is over, or its authorisation was not used in time.' },
  },
});

registerEnumType(ImagingRequestAction, {
  name: 'ImagingRequestAction',
  description: 'What happens to an imaging request.',
  valuesMap: {
    REQUEST: { description: '`requestImaging`.' },
    AMEND: { description: '`amendImagingRequest`.' },
    SUBMIT: { description: '`submitImagingRequest`.' },
    ASK: { description: '`askAboutImagingRequest`.' },
    RECORD_ANSWER: { description: '`recordImagingRequestAnswer`.' },
    JUSTIFY: { description: '`justifyImagingRequest`.' },
    AUTHORISE: { description: '`authoriseImagingRequest`.' },
    AUTHORISE_UNDER_GUIDELINE: { description: '`authoriseUnderGuideline`.' },
    WITHDRAW_AUTHORISATION: { description: '`withdrawAuthorisation`.' },
    WITHDRAW_JUSTIFICATION: { description: '`withdrawJustification`.' },
    REJECT: { description: '`rejectImagingRequest`.' },
    WITHDRAW: { description: '`withdrawImagingRequest`.' },
    LAPSE: { description: 'By the clock, or with its referral.' },
    CLAIM: { description: '`claimImagingRequest`.' },
    TAKE_OVER: { description: '`claimImagingRequest` with a reason, from somebody else.' },
    RELEASE: { description: '`releaseImagingRequest`.' },
    EXPOSE: { description: 'The exposure took place: the injection was recorded, or the images began.' },
    UNDO_EXPOSURE: { description: 'The record of the injection was taken back.' },
    ESCALATE: { description: 'It is overdue, and the clinic was told.' },
  },
});

registerEnumType(RequestAnswer, {
  name: 'RequestAnswer',
  description: 'Whether there is any. Not asked is not an answer.',
  valuesMap: {
    YES: { description: 'There is some; the details say which.' },
    NONE: { description: 'Asked, and there is none.' },
  },
});

registerEnumType(WeightSource, {
  name: 'WeightSource',
  description: 'How a weight is known.',
  valuesMap: {
    MEASURED: { description: 'On scales.' },
    SAID_BY_PATIENT: { description: 'The patient said it.' },
    SAID_BY_REFERRER: { description: 'The referrer wrote it.' },
    ESTIMATED: { description: 'Estimated.' },
  },
});

registerEnumType(RequestMobility, {
  name: 'RequestMobility',
  description: 'How the patient moves.',
  valuesMap: {
    WALKS: { description: 'Alone.' },
    WALKS_WITH_HELP: { description: 'With an aid, or with somebody.' },
    WHEELCHAIR: { description: 'In a wheelchair; can be helped over.' },
    HOIST_OR_TROLLEY: { description: 'Needs a hoist, or comes on a trolley.' },
  },
});

registerEnumType(PregnancySaid, {
  name: 'PregnancySaid',
  description: 'What the referrer says of a pregnancy. It is asked again on the day.',
  valuesMap: {
    NOT_PREGNANT: { description: 'Not pregnant.' },
    CANNOT_BE_EXCLUDED: { description: 'A pregnancy cannot be excluded.' },
    PREGNANT: { description: 'Pregnant.' },
    DOES_NOT_APPLY: { description: 'The question does not apply, for a reason that is said.' },
  },
});

registerEnumType(BreastFeedingSaid, {
  name: 'BreastFeedingSaid',
  description: 'What the referrer says of breast-feeding. It is asked again on the day.',
  valuesMap: {
    NO: { description: 'Not breast-feeding.' },
    YES: { description: 'Breast-feeding.' },
    DOES_NOT_APPLY: { description: 'The question does not apply.' },
  },
});

registerEnumType(RequestReferrer, {
  name: 'RequestReferrer',
  description: 'Who refers for the exposure.',
  valuesMap: {
    REFERRAL: { description: 'Whoever is named on the referral.' },
    STAFF: { description: 'A member of staff who is entitled to refer: who made the request.' },
  },
});

registerEnumType(RequestSignature, {
  name: 'RequestSignature',
  description: 'How the referrer signed.',
  valuesMap: {
    HANDWRITTEN: { description: 'On paper, which is filed with the referral.' },
    ELECTRONIC: { description: 'In a system that knows who they are.' },
    SESSION: { description: 'Here, by their own session.' },
  },
});

registerEnumType(AuthorisationMode, {
  name: 'AuthorisationMode',
  description: 'How an exposure was authorised (IR(ME)R 2017, regulation 11).',
  valuesMap: {
    PRACTITIONER: { description: 'By a practitioner.' },
    OPERATOR_UNDER_GUIDELINE: {
      description: 'By an operator, under a guideline that a practitioner issued.',
    },
  },
});
