import {
  type BreastFeedingSaid,
  PregnancySaid,
  RequestAnswer,
  type RequestMobility,
  RequestReferrer,
} from '../../platform/database/generated/enums.js';
import { Temporal } from '../../platform/time/index.js';

/** What a request has to say before it can be judged. */
export const RequestItem = {
  PATIENT_IDENTIFIERS: 'PATIENT_IDENTIFIERS',
  REFERRER_NAME: 'REFERRER_NAME',
  REFERRER_REGISTRATION: 'REFERRER_REGISTRATION',
  REFERRER_CONTACT: 'REFERRER_CONTACT',
  REFERRER_ENTITLEMENT: 'REFERRER_ENTITLEMENT',
  REFERRER_SIGNATURE: 'REFERRER_SIGNATURE',
  CLINICAL_QUESTION: 'CLINICAL_QUESTION',
  HISTORY: 'HISTORY',
  EARLIER_IMAGING: 'EARLIER_IMAGING',
  RECENT_STUDIES: 'RECENT_STUDIES',
  WEIGHT: 'WEIGHT',
  MOBILITY: 'MOBILITY',
  PREGNANCY: 'PREGNANCY',
  LAST_MENSTRUAL_PERIOD: 'LAST_MENSTRUAL_PERIOD',
  BREAST_FEEDING: 'BREAST_FEEDING',
} as const;
export type RequestItem = (typeof RequestItem)[keyof typeof RequestItem];

/** One thing that is missing, for a program and for a person. */
export interface MissingItem {
  readonly item: RequestItem;
  /** A sentence that says what to do. */
  readonly sentence: string;
}

export interface IdentifiedPatient {
  readonly familyName: string;
  readonly givenName: string;
  readonly dateOfBirth: Temporal.PlainDate | null;
  readonly nhsNumber: string | null;
  readonly localNumber: string | null;
  readonly hasAddress: boolean;
}

export interface RequestingReferrer {
  readonly kind: RequestReferrer;
  readonly name: string | null;
  readonly registration: string | null;
  /** A telephone number, or an e-mail address. */
  readonly hasContact: boolean;
  /** Entitled to refer for exposures on the day of the request. */
  readonly isEntitled: boolean;
}

export interface SaidContent {
  readonly clinicalQuestion: string | null;
  readonly history: string | null;
  readonly earlierImaging: RequestAnswer | null;
  readonly earlierImagingText: string | null;
  readonly recentStudies: RequestAnswer | null;
  readonly studiesCount: number;
  readonly weightKg: number | null;
  readonly weightOn: Temporal.PlainDate | null;
  readonly mobility: RequestMobility | null;
  readonly pregnancy: PregnancySaid | null;
  readonly lastMenstrualPeriodOn: Temporal.PlainDate | null;
  readonly breastFeeding: BreastFeedingSaid | null;
  readonly signedOn: Temporal.PlainDate | null;
}

/** What the policy of the day on which it was asked for wants. */
export interface WantedContent {
  readonly periodAskedFromYears: number;
  readonly periodAskedToYears: number;
  readonly weightHoldsDays: number;
  readonly needsReferrerEntitlement: boolean;
}

export interface CompletenessFacts {
  readonly patient: IdentifiedPatient;
  readonly referrer: RequestingReferrer;
  readonly content: SaidContent;
  readonly policy: WantedContent;
  /** Local day on which it was asked for. */
  readonly requestedOn: Temporal.PlainDate;
}

/** A patient is identified by at least so many of name, birth date, number, and address (HCA UK, Making an imaging referral). */
const IDENTIFIERS_MIN = 3;

/** What is missing, in the order of a form; empty: the request can be judged. */
export function missingItems(facts: CompletenessFacts): readonly MissingItem[] {
  return [
    ...missingIdentifiers(facts.patient),
    ...missingOfReferrer(facts),
    ...missingOfQuestion(facts.content),
    ...missingOfBody(facts),
    ...missingOfPregnancy(facts),
  ];
}

/** In whole years on a day; somebody born on 29 February is a year older on 1 March of common years. */
export function ageInYears(dateOfBirth: Temporal.PlainDate, on: Temporal.PlainDate): number {
  return dateOfBirth.until(on, { largestUnit: 'year' }).years;
}

/** Whether the last menstrual period is asked for at this age. Asked of everybody: nothing is concluded from a gender. */
export function isPeriodAsked(
  dateOfBirth: Temporal.PlainDate | null,
  on: Temporal.PlainDate,
  { periodAskedFromYears, periodAskedToYears }: WantedContent,
): boolean {
  if (dateOfBirth === null) return true;
  const years = ageInYears(dateOfBirth, on);
  return periodAskedFromYears <= years && years <= periodAskedToYears;
}

function missingIdentifiers(patient: IdentifiedPatient): readonly MissingItem[] {
  const known = [
    patient.familyName !== '' && patient.givenName !== '',
    patient.dateOfBirth !== null,
    patient.nhsNumber !== null || patient.localNumber !== null,
    patient.hasAddress,
  ].filter(Boolean).length;
  return known >= IDENTIFIERS_MIN
    ? []
    : [
        missing(
          'PATIENT_IDENTIFIERS',
          'Record at least three identifiers of the patient: name, date of birth, and a number or the address.',
        ),
      ];
}

function missingOfReferrer({ referrer, content, policy }: CompletenessFacts): readonly MissingItem[] {
  const isStaff = referrer.kind === RequestReferrer.STAFF;
  const items: readonly (readonly [boolean, RequestItem, string])[] = [
    [referrer.name === null, 'REFERRER_NAME', 'Name the referrer: nobody is named on the referral.'],
    [
      !isStaff && referrer.registration === null,
      'REFERRER_REGISTRATION',
      "Record the referrer's professional registration in the directory.",
    ],
    [
      !isStaff && !referrer.hasContact,
      'REFERRER_CONTACT',
      'Record a telephone number or an e-mail address of the referrer in the directory.',
    ],
    [
      policy.needsReferrerEntitlement && !referrer.isEntitled,
      'REFERRER_ENTITLEMENT',
      isStaff
        ? 'Whoever refers was not entitled to refer for this examination on the day of the request: ask somebody who is.'
        : 'The referrer is not entered in the directory as entitled to refer for exposures on the day of the request: enter it, or have a clinician who is entitled refer.',
    ],
    [content.signedOn === null, 'REFERRER_SIGNATURE', 'Record how and when the referrer signed the request.'],
  ];
  return items.flatMap(([isMissing, item, sentence]) => (isMissing ? [missing(item, sentence)] : []));
}

function missingOfQuestion(content: SaidContent): readonly MissingItem[] {
  const items: readonly (readonly [boolean, RequestItem, string])[] = [
    [content.clinicalQuestion === null, 'CLINICAL_QUESTION', 'Ask for the clinical question.'],
    [content.history === null, 'HISTORY', 'Ask for the clinical history.'],
    [
      content.earlierImaging === null ||
        (content.earlierImaging === RequestAnswer.YES && content.earlierImagingText === null),
      'EARLIER_IMAGING',
      'Ask for earlier imaging: which, when and with what result, or that there is none.',
    ],
    [
      content.recentStudies === null ||
        (content.recentStudies === RequestAnswer.YES && content.studiesCount === 0),
      'RECENT_STUDIES',
      'Ask for recent examinations with radionuclides: which and when, or that there are none.',
    ],
  ];
  return items.flatMap(([isMissing, item, sentence]) => (isMissing ? [missing(item, sentence)] : []));
}

function missingOfBody({ content, policy, requestedOn }: CompletenessFacts): readonly MissingItem[] {
  const items: MissingItem[] = [];
  if (content.weightKg === null || content.weightOn === null) {
    items.push(missing('WEIGHT', 'Ask for the weight in kilograms, and when and how it was measured.'));
  } else if (content.weightOn.until(requestedOn).days > policy.weightHoldsDays) {
    items.push(
      missing(
        'WEIGHT',
        `The weight is more than ${policy.weightHoldsDays} days older than the request: ask for a newer one.`,
      ),
    );
  }
  if (content.mobility === null) {
    items.push(
      missing('MOBILITY', 'Ask how the patient moves: alone, with help, in a wheelchair, with a hoist.'),
    );
  }
  return items;
}

function missingOfPregnancy({
  patient,
  content,
  policy,
  requestedOn,
}: CompletenessFacts): readonly MissingItem[] {
  if (!isPeriodAsked(patient.dateOfBirth, requestedOn, policy)) return [];
  const items: MissingItem[] = [];
  if (content.pregnancy === null) {
    items.push(
      missing('PREGNANCY', 'Ask whether the patient may be pregnant, or why the question does not apply.'),
    );
  } else if (
    content.pregnancy !== PregnancySaid.DOES_NOT_APPLY &&
    content.pregnancy !== PregnancySaid.PREGNANT &&
    content.lastMenstrualPeriodOn === null
  ) {
    items.push(missing('LAST_MENSTRUAL_PERIOD', 'Ask for the first day of the last menstrual period.'));
  }
  if (content.breastFeeding === null) {
    items.push(
      missing(
        'BREAST_FEEDING',
        'Ask whether the patient is breast-feeding, or why the question does not apply.',
      ),
    );
  }
  return items;
}

function missing(item: RequestItem, sentence: string): MissingItem {
  return { item, sentence };
}
