import { Field, Float, ID, Int, ObjectType } from '@nestjs/graphql';
import {
  AuthorisationMode,
  BreastFeedingSaid,
  ImagingRequestAction,
  ImagingRequestStatus,
  PregnancySaid,
  ReferralPriority,
  RequestAnswer,
  RequestMobility,
  RequestReferrer,
  RequestSignature,
  WeightSource,
} from '../../platform/database/generated/enums.js';
import { Instant, LocalDate } from '../../platform/graphql/scalars.js';
import type { Temporal } from '../../platform/time/index.js';
import { MissingRequestItem } from './missing-item.type.js';
import './request-words.type.js';

@ObjectType({
  description: 'Another examination with a radionuclide that the patient had, as the referrer says.',
})
export class RequestStudy {
  @Field(() => String, { description: 'Which examination.' })
  readonly what: string;

  @Field(() => String, { nullable: true, description: 'The radionuclide, such as Tc-99m; null: not known.' })
  readonly radionuclide: string | null;

  @Field(() => LocalDate, { description: 'Local day on which it was done.' })
  readonly performedOn: string;

  @Field(() => String, { nullable: true, description: 'Where.' })
  readonly place: string | null;
}

@ObjectType({
  description:
    'What an imaging request says, as it was at one time. Never changed: an amendment is a new revision.',
})
export class ImagingRequestContent {
  @Field(() => ID, { description: 'Id of this revision (UUID).' })
  readonly id: string;

  @Field(() => Int, { description: 'Which revision it is, from 1.' })
  readonly revision: number;

  @Field(() => String, { description: 'What is asked for: the code of the kind of visit.' })
  readonly procedureCode: string;

  @Field(() => String, { nullable: true, description: 'What is to be found out; null: was not said.' })
  readonly clinicalQuestion: string | null;

  @Field(() => String, { nullable: true, description: 'Clinical history; null: was not said.' })
  readonly history: string | null;

  @Field(() => RequestAnswer, {
    nullable: true,
    description: 'Whether there is earlier imaging; null: was not said.',
  })
  readonly earlierImaging: RequestAnswer | null;

  @Field(() => String, { nullable: true, description: 'Which, when and with what result.' })
  readonly earlierImagingText: string | null;

  @Field(() => Float, { nullable: true, description: 'Body weight in kilograms; null: was not said.' })
  readonly weightKg: number | null;

  @Field(() => LocalDate, { nullable: true, description: 'Local day on which it was measured or said.' })
  readonly weightOn: string | null;

  @Field(() => WeightSource, { nullable: true, description: 'How it is known.' })
  readonly weightSource: WeightSource | null;

  @Field(() => RequestMobility, { nullable: true, description: 'How the patient moves; null: was not said.' })
  readonly mobility: RequestMobility | null;

  @Field(() => String, { nullable: true, description: 'What else is to be known of it.' })
  readonly mobilityText: string | null;

  @Field(() => PregnancySaid, {
    nullable: true,
    description: 'What the referrer says of a pregnancy; null: nothing.',
  })
  readonly pregnancy: PregnancySaid | null;

  @Field(() => String, {
    nullable: true,
    description: 'Why the question does not apply, or what else was said.',
  })
  readonly pregnancyText: string | null;

  @Field(() => LocalDate, {
    nullable: true,
    description: 'First day of the last menstrual period; null: was not said.',
  })
  readonly lastMenstrualPeriodOn: string | null;

  @Field(() => BreastFeedingSaid, {
    nullable: true,
    description: 'What the referrer says of breast-feeding; null: nothing.',
  })
  readonly breastFeeding: BreastFeedingSaid | null;

  @Field(() => String, { nullable: true, description: 'Special needs.' })
  readonly specialNeeds: string | null;

  @Field(() => ReferralPriority, { description: 'How urgent the examination is.' })
  readonly urgency: ReferralPriority;

  @Field(() => RequestAnswer, {
    nullable: true,
    description: 'Whether there were recent examinations with radionuclides; null: was not said.',
  })
  readonly recentStudies: RequestAnswer | null;

  @Field(() => [RequestStudy], { description: 'Which they were.' })
  readonly studies: readonly RequestStudy[];

  @Field(() => RequestReferrer, { description: 'Who refers for the exposure.' })
  readonly referrerKind: RequestReferrer;

  @Field(() => ID, { nullable: true, description: 'Of STAFF: the staff account that refers.' })
  readonly referrerStaffId: string | null;

  @Field(() => RequestSignature, {
    nullable: true,
    description: 'How the referrer signed; null: was not said.',
  })
  readonly signature: RequestSignature | null;

  @Field(() => LocalDate, { nullable: true, description: 'Local day on which they signed.' })
  readonly signedOn: string | null;

  @Field(() => String, { nullable: true, description: 'Why it was amended; null: the first.' })
  readonly amendReason: string | null;

  @Field(() => Instant, { description: 'When it was written here.' })
  readonly writtenAt: Temporal.Instant;

  @Field(() => ID, { description: 'Staff account that wrote it.' })
  readonly writtenById: string;
}

@ObjectType({
  description:
    'A practitioner’s decision that an exposure is justified. Never changed: taking it back is a move of its own.',
})
export class VettingJustification {
  @Field(() => ID, { description: 'Id of the decision (UUID).' })
  readonly id: string;

  @Field(() => Int, { description: 'The revision of the request that was judged.' })
  readonly revision: number;

  @Field(() => ID, {
    description: 'Staff account of the practitioner who answers for it; under a guideline, who issued it.',
  })
  readonly practitionerId: string;

  @Field(() => ID, { description: 'Staff account that decided.' })
  readonly decidedById: string;

  @Field(() => Instant, { description: 'When.' })
  readonly decidedAt: Temporal.Instant;

  @Field(() => String, { description: 'The procedure as decided: it may differ from what was asked for.' })
  readonly procedureCode: string;

  @Field(() => String, { description: 'Code of the site that the licence was judged for.' })
  readonly siteCode: string;

  @Field(() => Float, {
    nullable: true,
    description: 'Activity in MBq as decided; null: as the protocol says.',
  })
  readonly activityMbq: number | null;

  @Field(() => String, {
    nullable: true,
    description: 'What is to be done otherwise than the protocol says, and why.',
  })
  readonly protocolNote: string | null;

  @Field(() => String, { description: 'What good the exposure does.' })
  readonly benefit: string;

  @Field(() => String, { description: 'What harm it may do.' })
  readonly detriment: string;

  @Field(() => String, { description: 'What was considered without radiation, or with less of it.' })
  readonly alternatives: string;

  @Field(() => String, {
    nullable: true,
    description: 'What was considered of a pregnancy or of breast-feeding.',
  })
  readonly attention: string | null;

  @Field(() => ID, {
    nullable: true,
    description: 'The guideline under which; null: judged for this patient.',
  })
  readonly guidelineId: string | null;

  @Field(() => String, { nullable: true, description: 'Number of the practitioner’s licence on that day.' })
  readonly licenceNumber: string | null;

  @Field(() => LocalDate, { nullable: true, description: 'Last day of that licence, as it was known then.' })
  readonly licenceValidUntil: string | null;
}

@ObjectType({ description: 'That a justified exposure may go ahead. Never changed.' })
export class VettingAuthorisation {
  @Field(() => ID, { description: 'Id of the authorisation (UUID).' })
  readonly id: string;

  @Field(() => ID, { description: 'The justification that it follows.' })
  readonly justificationId: string;

  @Field(() => AuthorisationMode, { description: 'How.' })
  readonly mode: AuthorisationMode;

  @Field(() => ID, { description: 'Staff account that authorised it.' })
  readonly authorisedById: string;

  @Field(() => Instant, { description: 'When.' })
  readonly authorisedAt: Temporal.Instant;

  @Field(() => ID, {
    nullable: true,
    description: 'The guideline under which; null: a practitioner authorised it.',
  })
  readonly guidelineId: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'SHA-256 of the guideline as it was read, in hexadecimal.',
  })
  readonly guidelineSha256: string | null;

  @Field(() => String, { nullable: true, description: 'How the request meets the guideline.' })
  readonly note: string | null;
}

@ObjectType({ description: 'Who refers for the exposure, and whether they may.' })
export class RequestReferrerStanding {
  @Field(() => RequestReferrer, { description: 'Where they are named.' })
  readonly kind: RequestReferrer;

  @Field(() => String, { nullable: true, description: 'Their name; null: nobody is named.' })
  readonly name: string | null;

  @Field(() => Boolean, {
    description: 'Whether they were entitled to refer for exposures on the day of the request.',
  })
  readonly isEntitled: boolean;

  @Field(() => String, { description: 'Why, or what to do, in a sentence.' })
  readonly reason: string;
}

@ObjectType({
  description:
    'What a referrer asks the clinic to image, and what a practitioner decided on it (IR(ME)R 2017). A referral has one that is live at most.',
})
export class ImagingRequest {
  @Field(() => ID, { description: 'Id of the request (UUID).' })
  readonly id: string;

  @Field(() => ID, { description: 'The referral that it belongs to.' })
  readonly referralId: string;

  @Field(() => ImagingRequestStatus, { description: 'How it stands.' })
  readonly status: ImagingRequestStatus;

  @Field(() => [ImagingRequestAction], { description: 'What can be done with it now, by whoever may.' })
  readonly allowedActions: readonly ImagingRequestAction[];

  @Field(() => Int, { description: 'Rises with each change; send it with an amendment.' })
  readonly version: number;

  @Field(() => Int, { description: 'Of what it says now; send it with a decision.' })
  readonly revision: number;

  @Field(() => ImagingRequestContent, { description: 'What it says now.' })
  readonly content: ImagingRequestContent;

  @Field(() => Boolean, {
    description: 'Whether nothing is missing, with what is known of patient and referrer now.',
  })
  readonly isComplete: boolean;

  @Field(() => [MissingRequestItem], { description: 'What is missing, each with what to do.' })
  readonly missing: readonly MissingRequestItem[];

  @Field(() => RequestReferrerStanding, { description: 'Who refers, and whether they may.' })
  readonly referrer: RequestReferrerStanding;

  @Field(() => String, { description: 'The procedure as decided; until then as it was asked for.' })
  readonly procedureCode: string;

  @Field(() => LocalDate, { description: 'Local day of the clinic on which it was asked for.' })
  readonly requestedOn: string;

  @Field(() => Instant, { description: 'When it was entered here.' })
  readonly requestedAt: Temporal.Instant;

  @Field(() => ID, { description: 'Staff account that entered it.' })
  readonly requestedById: string;

  @Field(() => Instant, { nullable: true, description: 'When it was first handed in; null: it never was.' })
  readonly submittedAt: Temporal.Instant | null;

  @Field(() => LocalDate, {
    nullable: true,
    description: 'The day by whose end it is to be decided; null: nothing is left to decide.',
  })
  readonly dueOn: string | null;

  @Field(() => String, { nullable: true, description: 'What the referrer was asked for, while they are.' })
  readonly informationWanted: string | null;

  @Field(() => LocalDate, { nullable: true, description: 'By which day they are to answer.' })
  readonly informationDueOn: string | null;

  @Field(() => ID, { nullable: true, description: 'Staff account that has it in hand; null: nobody.' })
  readonly claimedById: string | null;

  @Field(() => Instant, { nullable: true, description: 'It is free from then on, unless they act before.' })
  readonly claimedUntil: Temporal.Instant | null;

  @Field(() => VettingJustification, {
    nullable: true,
    description: 'The justification that stands; null: there is none.',
  })
  readonly justification: VettingJustification | null;

  @Field(() => VettingAuthorisation, {
    nullable: true,
    description: 'The authorisation that stands; null: there is none.',
  })
  readonly authorisation: VettingAuthorisation | null;

  @Field(() => LocalDate, {
    nullable: true,
    description:
      'The first day on which the authorisation no longer holds; null: none stands, or it was used.',
  })
  readonly lapsesOn: string | null;

  @Field(() => Instant, {
    nullable: true,
    description:
      'When the exposure took place that it was for; null: it has not. Another exposure needs a request of its own.',
  })
  readonly exposedAt: Temporal.Instant | null;

  @Field(() => Int, { description: 'How often the clinic was told that it is overdue.' })
  readonly escalationsCount: number;

  @Field(() => String, {
    nullable: true,
    description: 'Why it has to be decided again; null: it was not decided before, or has been since.',
  })
  readonly decideAgainReason: string | null;

  @Field(() => Instant, { nullable: true, description: 'When it was rejected, withdrawn, or lapsed.' })
  readonly endedAt: Temporal.Instant | null;

  @Field(() => ID, {
    nullable: true,
    description: 'Staff account that ended it; null: nobody, or the clock.',
  })
  readonly endedById: string | null;

  @Field(() => String, { nullable: true, description: 'Why.' })
  readonly endReason: string | null;
}

@ObjectType({ description: 'One move of an imaging request, as it was made. Never changed.' })
export class ImagingRequestEvent {
  @Field(() => ID, { description: 'Id of the move (UUID).' })
  readonly id: string;

  @Field(() => Int, { description: 'Version of the request after it.' })
  readonly version: number;

  @Field(() => Int, { description: 'The revision that held.' })
  readonly revision: number;

  @Field(() => ImagingRequestAction, { description: 'What was done.' })
  readonly action: ImagingRequestAction;

  @Field(() => ImagingRequestStatus, {
    nullable: true,
    description: 'How it stood before; null: it had just been made.',
  })
  readonly from: ImagingRequestStatus | null;

  @Field(() => ImagingRequestStatus, { description: 'How it stood afterwards.' })
  readonly to: ImagingRequestStatus;

  @Field(() => Instant, { description: 'When.' })
  readonly at: Temporal.Instant;

  @Field(() => ID, {
    nullable: true,
    description: 'Staff account that did it; null: the clock, or the end of the referral.',
  })
  readonly actorId: string | null;

  @Field(() => String, { nullable: true, description: 'Why.' })
  readonly reason: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'What was wanted, or what had been judged and was amended.',
  })
  readonly detail: string | null;
}
