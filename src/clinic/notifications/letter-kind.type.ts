import { registerEnumType } from '@nestjs/graphql';
import {
  LetterAbout,
  LetterChannel,
  LetterKind,
  LetterRecipient,
  LetterStatus,
} from '../../platform/database/generated/enums.js';
import { LetterTask } from './letter-task.rules.js';

registerEnumType(LetterKind, {
  name: 'LetterKind',
  description: 'What a letter is about.',
  valuesMap: {
    SCAN_BOOKED: { description: 'A scan was booked: times, how to prepare, a calendar invitation.' },
    SCAN_MOVED: { description: 'A scan was moved: the new times; complete by itself.' },
    SCAN_CANCELLED: { description: 'A scan was cancelled; takes the appointment out of the calendar.' },
    SCAN_CONSENT_WITHDRAWN: {
      description:
        'To the clinic: consent to a booked scan was withdrawn. A reference, and nothing of health.',
    },
    CHECK_AWAITS_DECISION: {
      description:
        'To the clinic, urgent: a check before an injection waits for a practitioner. A reference, and nothing of health.',
    },
    VISIT_BOOKED: { description: 'A visit was booked: when, where or how, a calendar invitation.' },
    VISIT_MOVED: { description: 'A visit was moved: the new times; complete by itself.' },
    VISIT_CANCELLED: { description: 'A visit was cancelled; takes the appointment out of the calendar.' },
    VISIT_CONSENT_WITHDRAWN: {
      description:
        'To the clinic: consent to a booked visit was withdrawn. A reference, and nothing of health.',
    },
    FREED_PLACE_OFFERED: { description: 'A place fell free: when and where, until when to answer, and how.' },
    FREED_PLACE_GONE: { description: 'A place that was offered has gone; the request goes on waiting.' },
    ENQUIRY_RECEIVED: {
      description: 'An enquiry came in: what happens next, and the advice for emergencies.',
    },
    ENQUIRY_NOTICE: { description: 'To the clinic: an enquiry came in. A reference, and nothing of health.' },
    ENQUIRY_REPLY: { description: 'What staff answered to an enquiry, in its thread of e-mails.' },
    RED_FLAG_RAISED: { description: 'To the clinic, urgent: an enquiry names a sign of danger.' },
    RED_FLAG_OVERDUE: { description: 'To the clinic, urgent: such an alert is still open.' },
    CALL_BACK_OVERDUE: { description: 'To the clinic: somebody was to be rung back and was not.' },
    REFERRAL_TOLD_REFERRER: { description: 'To the referrer: what has become of the referral.' },
    REFERRAL_TOLD_PATIENT: { description: 'To the patient: what has become of the referral.' },
    REFERRAL_OVERDUE: { description: 'To the clinic: a referral waits for its decision for too long.' },
    LICENCE_RENEWAL_DUE: { description: 'To the clinic: a licence runs out and is to be renewed.' },
    ENTITLEMENT_REVIEW_DUE: {
      description: 'To the clinic: an entitlement of a member of staff is to be looked at.',
    },
    INCIDENT_NOTIFICATION_DUE: { description: 'To the clinic: a regulator has to hear of an incident.' },
    ADVICE_ANSWERED: { description: 'To the referrer: the clinic’s answer to a question.' },
    IMAGING_REQUEST_TOLD: {
      description: 'To the referrer: what is asked about an imaging request, or why it was rejected.',
    },
    IMAGING_REQUEST_OVERDUE: {
      description: 'To the clinic: an imaging request waits for somebody for too long.',
    },
    ADVICE_OVERDUE: { description: 'To the clinic: a referrer waits for an answer for too long.' },
    COMPLAINT_RECEIVED: { description: 'To the patient: their complaint came in, and when they hear of it.' },
    REPORT_TOLD_REFERRER: {
      description: 'To the referrer: the report of a scan, and until when to acknowledge it.',
    },
    REPORT_TOLD_GP: {
      description: 'To the GP, or another clinician of the patient: a copy of the report of a scan.',
    },
    REPORT_TOLD_PATIENT: {
      description: 'To the patient: the report of their scan, released by a clinician.',
    },
    REPORT_UNACKNOWLEDGED: {
      description: 'To the clinic: a referrer has not acknowledged a report in time.',
    },
    CRITICAL_FINDING_RAISED: {
      description: 'To the clinic, urgent: a scan shows what cannot wait for the letter.',
    },
    CRITICAL_FINDING_OVERDUE: { description: 'To the clinic, urgent: nobody has read that back in time.' },
    RISK_TASK_RAISED: {
      description:
        'To the clinic, urgent: a clinician has to speak with a patient because of what they answered.',
    },
    RISK_TASK_OVERDUE: { description: 'To the clinic, urgent: nobody has closed that in time.' },
    DIARY_POINT_DUE: {
      description: 'To the patient: how they are now, so long after a treatment; asked once.',
    },
    MEETING_LIST_CLOSED: {
      description:
        'To a member of the team: the list of a meeting has closed; when, where, and how many cases. Nobody’s name.',
    },
    MEETING_CANCELLED: { description: 'To a member of the team: a meeting is not held.' },
    DECISION_TOLD_REFERRER: {
      description: 'To the referrer: what the team decided, as a clinician approved it.',
    },
    DECISION_TOLD_GP: { description: 'To the GP: what the team decided, as a clinician approved it.' },
    DECISION_TOLD_PATIENT: {
      description: 'To the patient: what the team advises, as a clinician approved it.',
    },
    DECISION_ACTION_DUE: {
      description: 'To whoever sees to an action: its day is near. A reference, and nothing of health.',
    },
    DECISION_ACTION_OVERDUE: {
      description:
        'To whoever sees to an action: its day is over and it is not settled. A reference, and nothing of health.',
    },
    DOSE_ORDER_TOLD: { description: 'To a supplier of doses: the order of a day, as it stands now.' },
  },
});

registerEnumType(LetterRecipient, {
  name: 'LetterRecipient',
  description: 'Whom a letter is for.',
  valuesMap: {
    PATIENT: { description: 'The patient.' },
    ENQUIRER: { description: 'Whoever enquired, who need not be a patient.' },
    REFERRER: { description: 'Whoever referred the patient or asked for advice.' },
    GP: {
      description:
        'The patient’s GP, or another clinician who looks after them: they get copies and letters of their own.',
    },
    CLINIC: { description: 'The clinic itself: those whom CLINIC_NOTICES_TO names.' },
    SUPPLIER: { description: 'Who supplies doses of a tracer.' },
    STAFF: {
      description:
        'One member of staff, at the address of their account. Where it is closed, the clinic itself in their place.',
    },
  },
});

registerEnumType(LetterAbout, {
  name: 'LetterAbout',
  description: 'What kind of thing a letter is about.',
  valuesMap: {
    SCAN_BOOKING: { description: 'A scan booking.' },
    VISIT: { description: 'A visit of any other kind.' },
    FREED_PLACE_OFFER: { description: 'The offer of a place that fell free.' },
    ENQUIRY: { description: 'An enquiry, with its replies and alerts.' },
    CALL_BACK: { description: 'A call-back that belongs to no enquiry.' },
    REFERRAL: { description: 'A referral.' },
    ADVICE_THREAD: { description: 'An exchange of advice with a referrer.' },
    COMPLAINT: { description: 'A complaint.' },
    SCAN_REPORT: { description: 'The report of a scan, with its tasks and critical findings.' },
    RISK_TASK: { description: 'A risk task, raised by what a patient answered.' },
    TREATMENT: { description: 'A treatment, with its pain diary.' },
    MEETING: { description: 'A meeting of the team.' },
    CASE_DECISION: { description: 'What the team decided of a case, with its letters and actions.' },
    LICENCE: { description: 'A licence to administer radioactive substances.' },
    ENTITLEMENT: { description: 'A member of staff’s entitlement to an act of an exposure.' },
    INCIDENT: { description: 'An incident.' },
    DOSE_ORDER: { description: 'An order of doses for a day.' },
  },
});

registerEnumType(LetterChannel, {
  name: 'LetterChannel',
  description: 'How a letter travels.',
  valuesMap: { EMAIL: { description: 'By e-mail.' } },
});

registerEnumType(LetterStatus, {
  name: 'LetterStatus',
  description: 'Where a letter stands.',
  valuesMap: {
    DUE: { description: 'To be sent, at once or after a pause.' },
    CLAIMED: { description: 'A worker is preparing it.' },
    SENDING: { description: 'It is on its way to the mail server.' },
    SENT: { description: 'The mail server has taken it.' },
    AMBIGUOUS: {
      description:
        'The connection was lost while it was being sent: it may have arrived. Never repeated by itself.',
    },
    FAILED: { description: 'It could not be sent. Whom it is for has to be reached another way.' },
    SUPERSEDED: {
      description:
        'Not sent: what it is about has changed, and what is to be said of that a newer letter says.',
    },
    SUPPRESSED: { description: 'Not sent, for the reason in `outcomeCode`.' },
  },
});

registerEnumType(LetterTask, {
  name: 'LetterTask',
  description: 'What a person has to do about a letter.',
  valuesMap: {
    NONE: { description: 'Nothing.' },
    POST_IT: {
      description: 'Post is preferred, or the referrer has no e-mail address: print it and post it.',
    },
    TELEPHONE: { description: 'The patient prefers the telephone: call them.' },
    ASK_FOR_ADDRESS: { description: 'There is no e-mail address: call, and ask for one or post it.' },
    CHECK_ARRIVAL: { description: 'It may have arrived: ask, then send it again if it has not.' },
    REACH_PATIENT: { description: 'It could not be delivered to the patient: call, and check the address.' },
    REACH_ENQUIRER: {
      description: 'It could not be delivered to whoever enquired: call, and check the address.',
    },
    REACH_REFERRER: {
      description: 'It could not be delivered to the referrer: call, and check the address.',
    },
    REACH_GP: { description: 'It could not be delivered to the GP: call, and check the address.' },
    REACH_SUPPLIER: {
      description: 'It could not be delivered to the supplier: call, and check the address.',
    },
    REACH_STAFF: {
      description: 'It could not be delivered to a member of staff: tell them, and check the address.',
    },
    SEE_TO_IT: {
      description: 'A notice to the clinic did not arrive, or may not have: see to what it is about.',
    },
  },
});
