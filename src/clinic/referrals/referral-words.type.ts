import { registerEnumType } from '@nestjs/graphql';
import {
  ReferralAcceptedFor,
  ReferralAction,
  ReferralAudience,
  ReferralPriority,
  ReferralSource,
  ReferralStatus,
  TellingMethod,
} from '../../platform/database/generated/enums.js';

registerEnumType(ReferralStatus, {
  name: 'ReferralStatus',
  description: 'How a referral stands.',
  valuesMap: {
    RECEIVED: { description: 'It has arrived; nobody has taken it up.' },
    BEING_TRIAGED: { description: 'A clinician has taken it up and decides.' },
    INFORMATION_REQUESTED: { description: 'The referrer was asked for more before it can be decided.' },
    ACCEPTED: { description: 'A clinician accepted it: visits and scans may be booked, and none is.' },
    BOOKED: {
      description: 'A visit of it is booked, or has been. More may be. ACCEPTED again when none stands.',
    },
    REDIRECTED: { description: 'Passed on to somebody else.' },
    DECLINED: { description: 'A clinician declined it, with a reason.' },
    RETURNED_WITH_ADVICE: { description: 'Returned to the referrer, with advice instead of a visit.' },
    COMPLETED: { description: 'What it asked for is done.' },
    WITHDRAWN: {
      description: 'Nobody wants it any more: the patient, the referrer or the clinic took it back.',
    },
    MERGED: { description: 'It was the same as another, which goes on instead.' },
  },
});

registerEnumType(ReferralAction, {
  name: 'ReferralAction',
  description: 'What can be done with a referral, and what was done with it.',
  valuesMap: {
    RECEIVE: { description: '`receiveReferral`.' },
    TAKE_UP: {
      description:
        '`takeUpReferral`: a clinician begins to read it, also when what was asked for did not come.',
    },
    PUT_BACK: { description: '`putBackReferral`: it waits again for whoever takes it up.' },
    ASSIGN: { description: 'It is given to a clinician.' },
    REQUEST_INFORMATION: { description: '`requestInformation`.' },
    RECORD_INFORMATION: { description: '`recordInformationReceived`.' },
    ACCEPT: { description: '`acceptReferral`.' },
    REDIRECT: { description: '`redirectReferral`.' },
    DECLINE: { description: '`declineReferral`.' },
    RETURN_WITH_ADVICE: { description: '`returnReferralWithAdvice`.' },
    BOOK: { description: 'A first visit of it is booked, by whichever verb books.' },
    UNBOOK: { description: 'Its last visit that stood is cancelled, missed or broken off.' },
    COMPLETE: { description: '`completeReferral`.' },
    WITHDRAW: { description: '`withdrawReferral`.' },
    MERGE: { description: '`mergeReferrals`: it goes on as another that asks for the same.' },
    REOPEN: { description: '`reopenReferral`: what was decided or ended is looked at again.' },
  },
});

registerEnumType(ReferralSource, {
  name: 'ReferralSource',
  description: 'Who sends the patient.',
  valuesMap: {
    GP: { description: 'General practitioner.' },
    CONSULTANT: { description: 'A consultant, of this clinic or another.' },
    PHYSIOTHERAPIST: { description: 'Physiotherapist.' },
    INSURER: { description: 'Insurer or case manager.' },
    SELF: { description: 'The patient comes by themselves.' },
    MDT: { description: "The clinic's multidisciplinary team." },
  },
});

registerEnumType(ReferralPriority, {
  name: 'ReferralPriority',
  description: 'How urgent the referrer says it is.',
  valuesMap: {
    ROUTINE: { description: 'Routine.' },
    URGENT: { description: 'Urgent.' },
    TWO_WEEK_WAIT: { description: 'Suspected cancer pathway (in England: 28-day faster diagnosis).' },
  },
});

registerEnumType(ReferralAcceptedFor, {
  name: 'ReferralAcceptedFor',
  description: 'What a referral is accepted for.',
  valuesMap: {
    CLINIC: { description: 'The patient is seen first.' },
    STRAIGHT_TO_TEST: { description: 'A scan is made first, and the patient is seen with its result.' },
  },
});

registerEnumType(ReferralAudience, {
  name: 'ReferralAudience',
  description: 'Who is told.',
  valuesMap: {
    REFERRER: { description: 'Whoever sent the patient.' },
    PATIENT: { description: 'The patient.' },
  },
});

registerEnumType(TellingMethod, {
  name: 'TellingMethod',
  description: 'How somebody is told.',
  valuesMap: {
    EMAIL: { description: 'By e-mail, which is sent from here.' },
    LETTER: { description: 'By post, with a letter that is written here.' },
    TELEPHONE: { description: 'By telephone: was told already.' },
    IN_PERSON: { description: 'Face to face: was told already.' },
  },
});
