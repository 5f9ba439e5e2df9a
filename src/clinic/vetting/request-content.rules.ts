import {
  type BreastFeedingSaid,
  PregnancySaid,
  type ReferralPriority,
  RequestAnswer,
  type RequestMobility,
  RequestReferrer,
  type RequestSignature,
  type WeightSource,
} from '../../platform/database/generated/enums.js';
import { textOrNull } from './vetting-text.rules.js';

/** A study as it is written. Days as YYYY-MM-DD. */
export interface StudyDraft {
  readonly what: string;
  readonly radionuclide: string | null;
  readonly performedOn: string;
  readonly place: string | null;
}

/** What a request says, before it has an id. Days as YYYY-MM-DD. */
export interface ContentDraft {
  readonly procedureCode: string;
  readonly clinicalQuestion: string | null;
  readonly history: string | null;
  readonly earlierImaging: RequestAnswer | null;
  readonly earlierImagingText: string | null;
  readonly weightKg: number | null;
  readonly weightOn: string | null;
  readonly weightSource: WeightSource | null;
  readonly mobility: RequestMobility | null;
  readonly mobilityText: string | null;
  readonly pregnancy: PregnancySaid | null;
  readonly pregnancyText: string | null;
  readonly lastMenstrualPeriodOn: string | null;
  readonly breastFeeding: BreastFeedingSaid | null;
  readonly specialNeeds: string | null;
  readonly urgency: ReferralPriority;
  readonly recentStudies: RequestAnswer | null;
  readonly studies: readonly StudyDraft[];
  readonly referrerKind: RequestReferrer;
  readonly referrerStaffId: string | null;
  readonly signature: RequestSignature | null;
  readonly signedOn: string | null;
}

/** What somebody says of it: what they leave out stays as it was, null takes it away. */
export type ContentSaid = {
  readonly [Name in Exclude<
    keyof ContentDraft,
    'procedureCode' | 'urgency' | 'studies' | 'referrerKind' | 'referrerStaffId'
  >]?: ContentDraft[Name] | undefined;
} & {
  readonly procedureCode?: string | null | undefined;
  readonly urgency?: ReferralPriority | null | undefined;
  readonly studies?:
    | readonly {
        readonly what: string;
        readonly radionuclide?: string | null | undefined;
        readonly performedOn: string;
        readonly place?: string | null | undefined;
      }[]
    | null
    | undefined;
};

/** The content after what is said of it. */
export function contentAfter(before: ContentDraft, said: ContentSaid): ContentDraft {
  const or = <Value>(value: Value | undefined, was: Value): Value => (value === undefined ? was : value);
  const text = (value: string | null | undefined, was: string | null) =>
    value === undefined ? was : textOrNull(value);
  const earlierImaging = or(said.earlierImaging, before.earlierImaging);
  const recentStudies = or(said.recentStudies, before.recentStudies);
  return {
    ...before,
    procedureCode: said.procedureCode ?? before.procedureCode,
    urgency: said.urgency ?? before.urgency,
    clinicalQuestion: text(said.clinicalQuestion, before.clinicalQuestion),
    history: text(said.history, before.history),
    earlierImaging,
    earlierImagingText:
      earlierImaging === RequestAnswer.YES ? text(said.earlierImagingText, before.earlierImagingText) : null,
    weightKg: or(said.weightKg, before.weightKg),
    weightOn: or(said.weightOn, before.weightOn),
    weightSource: or(said.weightSource, before.weightSource),
    mobility: or(said.mobility, before.mobility),
    mobilityText: text(said.mobilityText, before.mobilityText),
    pregnancy: or(said.pregnancy, before.pregnancy),
    pregnancyText: text(said.pregnancyText, before.pregnancyText),
    lastMenstrualPeriodOn: or(said.lastMenstrualPeriodOn, before.lastMenstrualPeriodOn),
    breastFeeding: or(said.breastFeeding, before.breastFeeding),
    specialNeeds: text(said.specialNeeds, before.specialNeeds),
    recentStudies,
    studies: recentStudies === RequestAnswer.YES ? studiesAfter(before, said) : [],
    signature: or(said.signature, before.signature),
    signedOn: or(said.signedOn, before.signedOn),
  };
}

function studiesAfter(before: ContentDraft, { studies }: ContentSaid): readonly StudyDraft[] {
  if (studies === undefined) return before.studies;
  return (studies ?? []).map(({ what, radionuclide, performedOn, place }) => ({
    what: what.trim(),
    radionuclide: textOrNull(radionuclide),
    performedOn,
    place: textOrNull(place),
  }));
}

/** What is wrong with a content on a day, naming the field; null when nothing is. */
export function contentProblem(content: ContentDraft, today: string): string | null {
  const { weightKg, weightOn, weightSource, signature, signedOn } = content;
  const weight = [weightKg, weightOn, weightSource].filter((value) => value === null).length;
  if (weight !== 0 && weight !== 3) {
    return 'weightKg: say the weight with when and how it was measured, or none of them.';
  }
  if ((signature === null) !== (signedOn === null)) {
    return 'signedOn: say how and when the referrer signed, or neither.';
  }
  if (content.pregnancy === PregnancySaid.DOES_NOT_APPLY && content.pregnancyText === null) {
    return 'pregnancyText: say why the question does not apply.';
  }
  const days: readonly (readonly [string, string | null])[] = [
    ['weightOn', weightOn],
    ['signedOn', signedOn],
    ['lastMenstrualPeriodOn', content.lastMenstrualPeriodOn],
    ...content.studies.map(({ performedOn }) => ['studies.performedOn', performedOn] as const),
  ];
  const ahead = days.find(([, day]) => day !== null && day > today);
  return ahead === undefined ? null : `${ahead[0]}: lies in the future.`;
}

/** An empty content, of which all has still to be said. */
export function emptyContent(procedureCode: string, urgency: ReferralPriority): ContentDraft {
  return {
    procedureCode,
    urgency,
    clinicalQuestion: null,
    history: null,
    earlierImaging: null,
    earlierImagingText: null,
    weightKg: null,
    weightOn: null,
    weightSource: null,
    mobility: null,
    mobilityText: null,
    pregnancy: null,
    pregnancyText: null,
    lastMenstrualPeriodOn: null,
    breastFeeding: null,
    specialNeeds: null,
    recentStudies: null,
    studies: [],
    referrerKind: RequestReferrer.REFERRAL,
    referrerStaffId: null,
    signature: null,
    signedOn: null,
  };
}
