import { EnquiryTime, HeardOfUs, PainArea, RedFlagReply } from '../../platform/database/generated/enums.js';
import type { FormField } from '../../platform/http/public-form-field.js';
import type { FormControl, FormOption } from '../../platform/http/public-form-page.js';
import {
  EMAIL_CHARACTERS_MAX,
  MESSAGE_CHARACTERS_MAX,
  NAME_CHARACTERS_MAX,
  PHONE_CHARACTERS_MAX,
  REMARK_CHARACTERS_MAX,
} from './enquiry-action.type.js';
import { QUESTIONS_MAX } from './red-flag.type.js';

// The form on the clinic's website: its fields, and how they are asked on a page without scripts.

const DATE_CHARACTERS_MAX = 10;

/** On the website nobody gives an address, so nobody can be written to on paper. */
export const WEB_WAYS = ['TELEPHONE', 'EMAIL', 'SMS'] as const;
const YES_OR_NO = ['YES', 'NO'] as const;
/** The gravest first: when one question comes back with two answers, that one says whether there is danger. */
const ANSWERS = [RedFlagReply.YES, RedFlagReply.NOT_SURE, RedFlagReply.NO] as const;

export const ENQUIRY_FIELDS: readonly FormField[] = [
  { name: 'name', kind: 'LINE', charactersMax: NAME_CHARACTERS_MAX },
  { name: 'dateOfBirth', kind: 'LINE', charactersMax: DATE_CHARACTERS_MAX },
  { name: 'nhsNumber', kind: 'LINE', charactersMax: PHONE_CHARACTERS_MAX },
  { name: 'phone', kind: 'LINE', charactersMax: PHONE_CHARACTERS_MAX },
  { name: 'email', kind: 'LINE', charactersMax: EMAIL_CHARACTERS_MAX },
  { name: 'preferredWay', kind: 'CHOICE', options: WEB_WAYS },
  { name: 'bestTimes', kind: 'CHOICES', options: Object.values(EnquiryTime) },
  { name: 'bestTimesText', kind: 'TEXT', charactersMax: REMARK_CHARACTERS_MAX },
  { name: 'safeToLeaveMessage', kind: 'CHOICE', options: YES_OR_NO },
  { name: 'painAreas', kind: 'CHOICES', options: Object.values(PainArea) },
  { name: 'painAreaOther', kind: 'TEXT', charactersMax: REMARK_CHARACTERS_MAX },
  { name: 'message', kind: 'TEXT', charactersMax: MESSAGE_CHARACTERS_MAX },
  { name: 'heardOfUs', kind: 'CHOICE', options: Object.values(HeardOfUs) },
  { name: 'heardOfUsText', kind: 'TEXT', charactersMax: REMARK_CHARACTERS_MAX },
  { name: 'redFlags', kind: 'ANSWERS', options: ANSWERS, answersMax: QUESTIONS_MAX },
  { name: 'privacyNotice', kind: 'TICK' },
  { name: 'marketing', kind: 'TICK' },
];

const option = (value: string, label: string): FormOption => ({ value, label });

const WAYS: readonly FormOption[] = [
  option('TELEPHONE', 'Telephone'),
  option('EMAIL', 'E-mail'),
  option('SMS', 'Text message'),
];
const TIMES: Readonly<Record<EnquiryTime, string>> = {
  WEEKDAY_MORNING: 'Monday to Friday, morning',
  WEEKDAY_MIDDAY: 'Monday to Friday, noon to two',
  WEEKDAY_AFTERNOON: 'Monday to Friday, two to five',
  WEEKDAY_EVENING: 'Monday to Friday, after five',
  SATURDAY: 'Saturday',
  ANY_TIME: 'Any time',
};
const AREAS: Readonly<Record<PainArea, string>> = {
  LOWER_BACK: 'Lower back',
  UPPER_BACK: 'Upper back',
  NECK: 'Neck',
  BUTTOCK_OR_HIP: 'Buttock or hip',
  LEG: 'Leg',
  SHOULDER: 'Shoulder',
  ARM: 'Arm or hand',
  KNEE: 'Knee',
  FOOT: 'Foot or ankle',
  HEAD_OR_FACE: 'Head or face',
  CHEST_OR_ABDOMEN: 'Chest or abdomen',
  PELVIS: 'Pelvis',
  WIDESPREAD: 'In many places',
  OTHER: 'Somewhere else',
};
const SOURCES: Readonly<Record<HeardOfUs, string>> = {
  GP: 'My GP',
  OTHER_CLINICIAN: 'Another clinician',
  INSURER: 'My insurer',
  FRIEND_OR_FAMILY: 'Friends or family',
  BEEN_BEFORE: 'I have been before',
  SEARCH: 'A search engine',
  SOCIAL_MEDIA: 'Social media',
  ADVERTISEMENT: 'An advertisement',
  OTHER: 'Something else',
};
const REPLIES: readonly FormOption[] = [
  option('NO', 'No'),
  option('YES', 'Yes'),
  option('NOT_SURE', 'Not sure'),
];

const options = (labels: Readonly<Record<string, string>>): readonly FormOption[] =>
  Object.entries(labels).map(([value, label]) => option(value, label));

/** The choices of the form, for programs that draw it themselves. */
export const ENQUIRY_CHOICES = {
  preferredWay: WAYS,
  bestTimes: options(TIMES),
  painAreas: options(AREAS),
  heardOfUs: options(SOURCES),
  redFlags: REPLIES,
} as const;

/** The questions of the page, in the order in which a person expects them: first what may be dangerous. */
export function enquiryControls(
  redFlags: readonly { readonly code: string; readonly wording: string }[],
  marketing: string | null,
): readonly FormControl[] {
  return [
    {
      kind: 'ANSWERS',
      name: 'redFlags',
      label: 'Signs that need help at once',
      questions: redFlags.map(({ code, wording }) => option(code, wording)),
      options: REPLIES,
      isRequired: true,
    },
    { kind: 'LINE', name: 'name', label: 'Your name', type: 'text', autocomplete: 'name', isRequired: true },
    { kind: 'LINE', name: 'phone', label: 'Telephone', type: 'tel', autocomplete: 'tel' },
    { kind: 'LINE', name: 'email', label: 'E-mail', type: 'email', autocomplete: 'email' },
    { kind: 'CHOICE', name: 'preferredWay', label: 'How would you like to be reached?', options: WAYS },
    { kind: 'CHOICES', name: 'bestTimes', label: 'When are you best reached?', options: options(TIMES) },
    {
      kind: 'LINE',
      name: 'bestTimesText',
      label: 'Anything else about times',
      type: 'text',
      autocomplete: 'off',
    },
    {
      kind: 'CHOICE',
      name: 'safeToLeaveMessage',
      label: 'May we leave a message if you do not answer?',
      options: [option('YES', 'Yes'), option('NO', 'No')],
    },
    { kind: 'CHOICES', name: 'painAreas', label: 'Where does it hurt?', options: options(AREAS) },
    { kind: 'LINE', name: 'painAreaOther', label: 'Where else?', type: 'text', autocomplete: 'off' },
    { kind: 'TEXT', name: 'message', label: 'What would you like to tell us?' },
    {
      ...{ kind: 'LINE', name: 'dateOfBirth', label: 'Date of birth', type: 'date' },
      ...{ autocomplete: 'bday', hint: '(if you like)' },
    },
    {
      ...{ kind: 'LINE', name: 'nhsNumber', label: 'NHS number', type: 'text' },
      ...{ autocomplete: 'off', hint: '(if you have it to hand)' },
    },
    { kind: 'CHOICE', name: 'heardOfUs', label: 'How did you find us?', options: options(SOURCES) },
    { kind: 'LINE', name: 'heardOfUsText', label: 'Tell us more', type: 'text', autocomplete: 'off' },
    {
      kind: 'TICK',
      name: 'privacyNotice',
      label: 'I have read how you use what I tell you',
      link: { path: '/privacy-notice', label: 'Read the privacy notice' },
      isRequired: true,
    },
    ...(marketing === null ? [] : [{ kind: 'TICK', name: 'marketing', label: marketing } as const]),
  ];
}
