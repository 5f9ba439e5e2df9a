import { Field, ID, InputType, ObjectType, registerEnumType } from '@nestjs/graphql';
import { IsEnum, IsOptional, IsString, IsUUID, Matches, MaxLength } from 'class-validator';
import {
  ConsentDecision,
  ConsentGiver,
  ConsentMethod,
  ConsentPurpose,
} from '../../platform/database/generated/enums.js';
import { pageOf } from '../../platform/graphql/page.type.js';
import { resultUnion } from '../../platform/graphql/result-union.js';
import { Instant } from '../../platform/graphql/scalars.js';
import type { Temporal } from '../../platform/time/index.js';
import {
  ConsentState,
  ConsentStillInForce,
  NothingToWithdraw,
  WordingDiffers,
  WordingNotInForce,
} from './consent.refusals.js';

/** A remark, not a clinic letter. */
const COMMENT_CHARACTERS_MAX = 1_000;
const GIVER_NAME_CHARACTERS_MAX = 120;
const VERSION_CHARACTERS_MAX = 40;
/** Anything but control characters (line breaks and tabs are fine) and broken UTF-16. */
const FREE_TEXT = /^(?:[^\p{Cc}\p{Cs}]|[\n\r\t])*$/u;
const ONE_LINE = /^[^\p{Cc}\p{Cs}]*$/u;
const PLAIN = { message: '$property: must not contain control characters' };
/** BCP 47, as far as a clinic's wordings go: language, perhaps script, perhaps country. */
const LOCALE = /^[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?$/;
const SHA256 = /^[0-9a-f]{64}$/;

/** What can be answered when somebody is asked. Taking it back later is `withdrawConsent`. */
export const ConsentAnswer = { GIVEN: 'GIVEN', DECLINED: 'DECLINED' } as const;
export type ConsentAnswer = (typeof ConsentAnswer)[keyof typeof ConsentAnswer];

registerEnumType(ConsentAnswer, {
  name: 'ConsentAnswer',
  description: 'The answer of somebody who was asked.',
  valuesMap: { GIVEN: { description: 'Yes.' }, DECLINED: { description: 'No.' } },
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
  },
});

registerEnumType(ConsentDecision, {
  name: 'ConsentDecision',
  description: 'What a record says.',
  valuesMap: {
    GIVEN: { description: 'Consent was given.' },
    DECLINED: { description: 'Asked, and said no.' },
    WITHDRAWN: { description: 'A consent given before was taken back.' },
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
    PAPER_FORM: { description: 'On a signed paper form.' },
  },
});

@ObjectType({
  description: 'The exact text that people are asked to agree to. Never edited: a new text is a new version.',
})
export class ConsentWording {
  @Field(() => ID, { description: 'Id of the wording.' })
  readonly id: string;

  @Field(() => ConsentPurpose, { description: 'What it asks for.' })
  readonly purpose: ConsentPurpose;

  @Field(() => String, { description: 'Version, such as 2026-03.' })
  readonly version: string;

  @Field(() => String, { description: 'Language (BCP 47), such as en-GB.' })
  readonly locale: string;

  @Field(() => String, { description: 'The text.' })
  readonly text: string;

  @Field(() => String, { description: "SHA-256 of the text's UTF-8 bytes, lower-case hexadecimal." })
  readonly sha256: string;

  @Field(() => Instant, { description: 'From when on it is used, until a newer one of its language is.' })
  readonly effectiveFrom: Temporal.Instant;

  @Field(() => Boolean, { description: 'Whether it is the one to read out now.' })
  readonly inForce: boolean;
}

@ObjectType({ description: 'One decision of one person. Never changed: a withdrawal is a new record.' })
export class ConsentRecord {
  @Field(() => ID, { description: 'Id of the record.' })
  readonly id: string;

  @Field(() => ID, { description: 'The patient it is about.' })
  readonly patientId: string;

  @Field(() => ConsentPurpose, { description: 'What it is about.' })
  readonly purpose: ConsentPurpose;

  @Field(() => ConsentDecision, { description: 'What was decided.' })
  readonly decision: ConsentDecision;

  @Field(() => String, { description: 'Version of the wording; of a withdrawal: of the consent withdrawn.' })
  readonly wordingVersion: string;

  @Field(() => String, { description: 'Language of the wording (BCP 47).' })
  readonly locale: string;

  @Field(() => String, {
    description: 'SHA-256 of the wording, as it was at the time: lower-case hexadecimal.',
  })
  readonly wordingSha256: string;

  @Field(() => ConsentGiver, { description: 'Who decided.' })
  readonly givenBy: ConsentGiver;

  @Field(() => String, { nullable: true, description: 'Their name, when it was not the patient.' })
  readonly giverName: string | null;

  @Field(() => ConsentMethod, { description: 'How the decision reached us.' })
  readonly method: ConsentMethod;

  @Field(() => Instant, { description: 'When the person decided.' })
  readonly decidedAt: Temporal.Instant;

  @Field(() => Instant, { description: 'When it was written here.' })
  readonly recordedAt: Temporal.Instant;

  @Field(() => ID, { description: 'Staff account that wrote it.' })
  readonly recordedById: string;

  @Field(() => String, { nullable: true, description: 'Remark.' })
  readonly comment: string | null;
}

@ObjectType({ description: 'Decisions of a patient, the latest first.' })
export class ConsentRecordPage extends pageOf(ConsentRecord) {}

@ObjectType({ description: 'Where a patient stands on a purpose at an instant, and why.' })
export class ConsentStanding {
  @Field(() => Boolean, { description: 'Whether the thing may be done.' })
  readonly inForce: boolean;

  @Field(() => ConsentState, { description: 'The same with its reason.' })
  readonly state: ConsentState;

  @Field(() => String, { description: 'The reason in words, with local times of the clinic.' })
  readonly reason: string;

  @Field(() => ConsentRecord, {
    nullable: true,
    description: 'The decision that says so; null when never asked.',
  })
  readonly record: ConsentRecord | null;
}

@InputType({ isAbstract: true })
abstract class DecisionInput {
  @Field(() => ID, { description: 'The patient.' })
  @IsUUID()
  readonly patientId: string;

  @Field(() => ConsentPurpose, { description: 'What it is about.' })
  @IsEnum(ConsentPurpose)
  readonly purpose: ConsentPurpose;

  @Field(() => ConsentGiver, { description: 'Who decided.' })
  @IsEnum(ConsentGiver)
  readonly givenBy: ConsentGiver;

  @Field(() => String, {
    nullable: true,
    description: 'Name of who decided: needed, and only taken, when it was not the patient.',
  })
  @IsOptional()
  @IsString()
  @MaxLength(GIVER_NAME_CHARACTERS_MAX)
  @Matches(ONE_LINE, PLAIN)
  readonly giverName?: string | null;

  @Field(() => ConsentMethod, { description: 'How the decision reached us.' })
  @IsEnum(ConsentMethod)
  readonly method: ConsentMethod;

  @Field(() => Instant, {
    nullable: true,
    description: 'When the person decided; now when left out. Not in the future, and not before their birth.',
  })
  @IsOptional()
  readonly decidedAt?: Temporal.Instant | null;

  @Field(() => String, { nullable: true, description: 'Remark, at most 1,000 characters.' })
  @IsOptional()
  @IsString()
  @MaxLength(COMMENT_CHARACTERS_MAX)
  @Matches(FREE_TEXT, PLAIN)
  readonly comment?: string | null;
}

@InputType({ description: 'The answer of somebody who was asked.' })
export class RecordConsentInput extends DecisionInput {
  @Field(() => ConsentAnswer, { description: 'Yes or no.' })
  @IsEnum(ConsentAnswer)
  readonly decision: ConsentAnswer;

  @Field(() => String, {
    description: 'Version of the wording that was shown. It must have been in force at the time.',
  })
  @IsString()
  @MaxLength(VERSION_CHARACTERS_MAX)
  readonly wordingVersion: string;

  @Field(() => String, { description: 'Language in which it was shown (BCP 47), such as en-GB.' })
  @Matches(LOCALE, { message: '$property: must be a language such as en-GB' })
  readonly locale: string;

  @Field(() => String, {
    nullable: true,
    description: 'SHA-256 (lower-case hexadecimal) of the text that was really shown, to have it compared.',
  })
  @IsOptional()
  @Matches(SHA256, { message: '$property: must be 64 hexadecimal digits in lower case' })
  readonly wordingSha256?: string | null;
}

@InputType({ description: 'A consent that is taken back.' })
export class WithdrawConsentInput extends DecisionInput {}

export const RecordConsentResult = resultUnion(
  'RecordConsentResult',
  ConsentRecord,
  [WordingNotInForce, WordingDiffers, ConsentStillInForce],
  'The record, or why there is none.',
);

export const WithdrawConsentResult = resultUnion(
  'WithdrawConsentResult',
  ConsentRecord,
  [NothingToWithdraw],
  'The record of the withdrawal, or why there is none.',
);
