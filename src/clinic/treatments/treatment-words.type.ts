import { registerEnumType } from '@nestjs/graphql';
import {
  ComplicationSeverity,
  ComplicationType,
  TreatmentAgentKind,
  TreatmentAspect,
  TreatmentAspectFinding,
  TreatmentCriterion,
  TreatmentEnforcement,
  TreatmentGuidance,
  TreatmentKind,
  TreatmentOrigin,
  TreatmentPauseSource,
  TreatmentStatus,
} from '../../platform/database/generated/enums.js';

/** What fits on a screen and into a letter. */
export const TEXT_CHARACTERS_MAX = 2_000;
/** A name, a needle, a leaflet with its version. */
export const LINE_CHARACTERS_MAX = 200;
/** More places than anybody treats in one session. */
export const TARGETS_MAX = 20;
/** More drugs, of more batches, than one tray holds. */
export const AGENTS_MAX = 40;
export const SOME_LINE = /^(?=.*\S)[^\p{Cc}\p{Cs}]*$/su;
export const SOME_TEXT = /^(?=.*\S)(?:[^\p{Cc}\p{Cs}]|[\n\r\t])*$/su;
export const READABLE = { message: '$property: must not be blank or contain control characters' };
/** Code of an insurer: BUPA. */
export const PAYER_CODE = /^[A-Z0-9][A-Z0-9_]{0,29}$/;
export const PAYER_CODED = { message: '$property: capitals, digits and underscores, at most 30' };

registerEnumType(TreatmentKind, {
  name: 'TreatmentKind',
  description: 'What is done.',
  valuesMap: {
    FACET_JOINT_INJECTION: { description: 'An injection into a facet joint.' },
    MEDIAL_BRANCH_BLOCK: {
      description: 'A block of the nerves of a facet joint, which are named by their joint.',
    },
    SACRO_ILIAC_INJECTION: { description: 'An injection into a sacro-iliac joint.' },
    RADIOFREQUENCY_DENERVATION: { description: 'The nerves of a joint are heated until they tell nothing.' },
    OTHER: { description: 'Something else, which has a name of its own.' },
  },
});

registerEnumType(TreatmentStatus, {
  name: 'TreatmentStatus',
  description: 'How far a treatment is.',
  valuesMap: {
    REQUESTED: { description: 'Asked for; nobody has planned it.' },
    PLANNED: { description: 'There is a plan. It starts after a safety pause.' },
    IN_PROGRESS: { description: 'Started, and what was given is not recorded.' },
    DONE: { description: 'Given. Its record is corrected by further versions only.' },
    DECLINED: { description: 'Whoever plans said no.' },
    CANCELLED: { description: 'Not wanted any more, before it was started.' },
    ABANDONED: { description: 'Started and broken off.' },
  },
});

registerEnumType(TreatmentOrigin, {
  name: 'TreatmentOrigin',
  description: 'What a treatment came of.',
  valuesMap: {
    MANUAL: { description: 'Somebody asked for it.' },
    DECISION_ACTION: { description: 'An action that a meeting decided on.' },
    RESPONSE: { description: 'The response to an earlier treatment.' },
  },
});

registerEnumType(TreatmentGuidance, {
  name: 'TreatmentGuidance',
  description: 'How the operator sees where the needle is.',
  valuesMap: {
    FLUOROSCOPY: { description: 'X-rays as it goes. An exposure.' },
    CT: { description: 'Computed tomography. An exposure.' },
    ULTRASOUND: { description: 'Ultrasound.' },
    NONE: { description: 'By feeling.' },
  },
});

registerEnumType(TreatmentAspect, {
  name: 'TreatmentAspect',
  description: 'What may forbid a treatment, or change how it is done.',
  valuesMap: {
    ANTICOAGULANT: { description: 'Medicines that thin the blood.' },
    ALLERGY: { description: 'Allergy to what is given, to contrast, latex or skin preparation.' },
    INFECTION: { description: 'An infection, of the skin there or of the body.' },
    CARDIAC_IMPLANT: { description: 'A pacemaker, a defibrillator, another stimulator.' },
    DIABETES: { description: 'Diabetes, which a steroid upsets.' },
    PREGNANCY: { description: 'Pregnancy, where X-rays are used.' },
  },
});

registerEnumType(TreatmentAspectFinding, {
  name: 'TreatmentAspectFinding',
  description: 'What was found when it was looked at.',
  valuesMap: {
    NO_CONCERN: { description: 'Nothing.' },
    MANAGED: { description: 'Something, and the note says what is done about it.' },
    NOT_APPLICABLE: { description: 'It does not apply to this patient, and the note says why.' },
  },
});

registerEnumType(TreatmentPauseSource, {
  name: 'TreatmentPauseSource',
  description: 'From what side and levels are read out at the pause.',
  valuesMap: {
    CONSENT: { description: 'The consent that the patient gave.' },
    MARK: { description: 'The mark on the skin.' },
    IMAGE: { description: 'The image on the screen.' },
    PLAN: { description: 'The plan.' },
  },
});

registerEnumType(TreatmentCriterion, {
  name: 'TreatmentCriterion',
  description: 'A term that has to be met before a treatment.',
  valuesMap: {
    PAIN_SCORE: { description: 'Pain of at least so much, 0 to 10.' },
    CONSERVATIVE_CARE: { description: 'So many weeks of treatment without needles.' },
    BLOCK_RESPONSE: {
      description: 'A diagnostic block of the same joints relieved enough, not too long ago.',
    },
    REPEAT_INTERVAL: { description: 'The same was done there long enough ago, or never.' },
    STEROID_CEILING: { description: 'Not more steroid in twelve months than that.' },
  },
});

registerEnumType(TreatmentEnforcement, {
  name: 'TreatmentEnforcement',
  description: 'What a term that is not met means.',
  valuesMap: {
    ADVISORY: { description: 'Whoever plans may go on, with a reason.' },
    MANDATORY: { description: 'It is refused.' },
  },
});

registerEnumType(TreatmentAgentKind, {
  name: 'TreatmentAgentKind',
  description: 'What kind of drug it is.',
  valuesMap: {
    STEROID: { description: 'A glucocorticoid; counts towards the ceiling.' },
    LOCAL_ANAESTHETIC: { description: 'A local anaesthetic.' },
    CONTRAST: { description: 'Contrast medium.' },
    OTHER: { description: 'Anything else.' },
  },
});

registerEnumType(ComplicationType, {
  name: 'ComplicationType',
  description: 'What went wrong.',
  valuesMap: {
    VASOVAGAL: { description: 'Faintness, a slow pulse.' },
    BLEEDING: { description: 'Bleeding or a haematoma.' },
    INFECTION: { description: 'An infection.' },
    NERVE_INJURY: { description: 'New weakness, numbness or neuritis.' },
    DURAL_PUNCTURE: { description: 'The dura was punctured.' },
    ALLERGIC_REACTION: { description: 'An allergic reaction.' },
    STEROID_EFFECT: { description: 'Flushing, high blood sugar, and the like.' },
    PAIN_FLARE: { description: 'More pain than before.' },
    WRONG_SITE: { description: 'The wrong side, level or patient.' },
    OTHER: { description: 'Anything else.' },
  },
});

registerEnumType(ComplicationSeverity, {
  name: 'ComplicationSeverity',
  description: 'How grave a complication is.',
  valuesMap: {
    MILD: { description: 'Passes by itself.' },
    MODERATE: { description: 'Had to be treated.' },
    SEVERE: { description: 'Brought the patient into hospital, or left something.' },
    LIFE_THREATENING: { description: 'Was a danger to life.' },
  },
});
