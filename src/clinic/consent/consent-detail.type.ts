import { Field, ID, InputType, ObjectType, registerEnumType } from '@nestjs/graphql';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsOptional,
  IsString,
  IsUUID,
  Matches,
  MaxLength,
  ValidateNested,
} from 'class-validator';
import {
  ConsentCapacity,
  ConsentCompetence,
  ConsentSide,
  ConsentStage,
} from '../../platform/database/generated/enums.js';

/** A sentence or two; a clinic letter is a document. */
const SENTENCE_CHARACTERS_MAX = 500;
const STATEMENT_CHARACTERS_MAX = 2_000;
/** A conversation tells of a dozen risks, not of a textbook's. */
const TOLD_ITEMS_MAX = 40;
const NAME_CHARACTERS_MAX = 120;
const VERSION_CHARACTERS_MAX = 40;
/** RFC 9110 sets no limit to a User-Agent; browsers send less than this. */
const AGENT_CHARACTERS_MAX = 500;
/** An IPv6 address with a zone. */
const ADDRESS_CHARACTERS_MAX = 64;
/** Something to read, and no control characters but line breaks and tabs, and no broken UTF-16. */
const SOME_TEXT = /^(?=[\s\S]*\S)(?:[^\p{Cc}\p{Cs}]|[\n\r\t])*$/u;
const SOME_LINE = /^(?=.*\S)[^\p{Cc}\p{Cs}]*$/su;
const READABLE = { message: '$property: must not be blank or contain control characters' };
/** BCP 47, as far as interpreters in a clinic go: language, perhaps script, perhaps country. */
const LANGUAGE = /^[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?$/;
const ADDRESS = /^[0-9A-Fa-f:.%]+$/;

registerEnumType(ConsentSide, {
  name: 'ConsentSide',
  description: 'The side of the body.',
  valuesMap: {
    LEFT: { description: 'The patient’s left.' },
    RIGHT: { description: 'The patient’s right.' },
    BILATERAL: { description: 'Both sides.' },
  },
});

registerEnumType(ConsentStage, {
  name: 'ConsentStage',
  description: 'The two stages of a consent to something that is done to the patient.',
  valuesMap: {
    DISCUSSED: { description: 'Talked through and agreed to ahead of the day.' },
    CONFIRMED: { description: 'Confirmed right before it is done.' },
  },
});

registerEnumType(ConsentCapacity, {
  name: 'ConsentCapacity',
  description: 'Whether the patient could make this decision at this time (Mental Capacity Act 2005).',
  valuesMap: {
    HAS_CAPACITY: { description: 'Had the capacity.' },
    COMPETENT_CHILD: { description: 'Under 16 and found competent to decide this.' },
    LACKS_CAPACITY: { description: 'Did not have the capacity; somebody else decided.' },
  },
});

registerEnumType(ConsentCompetence, {
  name: 'ConsentCompetence',
  description: 'Why whoever took the consent was competent to take it.',
  valuesMap: {
    PERFORMS_IT: { description: 'Does the procedure themselves.' },
    TRAINED_AND_DELEGATED: { description: 'Was trained for it and had it delegated; the training is named.' },
  },
});

@ObjectType({ description: 'A risk as it was told.' })
export class ConsentRisk {
  @Field(() => String, { description: 'The risk, such as infection.' })
  readonly risk: string;

  @Field(() => String, { description: 'How likely, in figures, such as 1 in 10,000.' })
  readonly figure: string;
}

@ObjectType({ description: 'A way to go on that was talked about.' })
export class ConsentOption {
  @Field(() => String, { description: 'The option.' })
  readonly option: string;

  @Field(() => Boolean, { description: 'Whether it is to do nothing.' })
  readonly isDoingNothing: boolean;
}

@ObjectType({ description: 'A leaflet that was handed out.' })
export class ConsentLeaflet {
  @Field(() => String, { description: 'Its title.' })
  readonly title: string;

  @Field(() => String, { description: 'Its version or date, as printed.' })
  readonly version: string;
}

@ObjectType({ description: 'What was told before the decision.' })
export class ConsentTold {
  @Field(() => String, { description: 'Why the thing is proposed to this patient.' })
  readonly indication: string;

  @Field(() => [ConsentRisk], { description: 'The risks that matter to this patient, with figures.' })
  readonly risks: readonly ConsentRisk[];

  @Field(() => [ConsentOption], { description: 'The options, doing nothing among them.' })
  readonly options: readonly ConsentOption[];

  @Field(() => [ConsentLeaflet], { description: 'The leaflets that were handed out.' })
  readonly leaflets: readonly ConsentLeaflet[];

  @Field(() => String, {
    nullable: true,
    description: 'What matters most to the patient; null: was not said.',
  })
  readonly priorities: string | null;

  @Field(() => String, { nullable: true, description: 'What the patient asked, and the answers.' })
  readonly questions: string | null;
}

@InputType({ description: 'A risk as it was told.' })
export class ConsentRiskInput {
  @Field(() => String, { description: 'The risk, at most 500 characters.' })
  @MaxLength(SENTENCE_CHARACTERS_MAX)
  @Matches(SOME_LINE, READABLE)
  readonly risk: string;

  @Field(() => String, {
    description: 'How likely, in figures, such as 1 in 10,000. At most 120 characters.',
  })
  @MaxLength(NAME_CHARACTERS_MAX)
  @Matches(SOME_LINE, READABLE)
  readonly figure: string;
}

@InputType({ description: 'A way to go on that was talked about.' })
export class ConsentOptionInput {
  @Field(() => String, { description: 'The option, at most 500 characters.' })
  @MaxLength(SENTENCE_CHARACTERS_MAX)
  @Matches(SOME_LINE, READABLE)
  readonly option: string;

  @Field(() => Boolean, { nullable: true, defaultValue: false, description: 'Whether it is to do nothing.' })
  @IsBoolean()
  isDoingNothing: boolean = false;
}

@InputType({ description: 'A leaflet that was handed out.' })
export class ConsentLeafletInput {
  @Field(() => String, { description: 'Its title, at most 120 characters.' })
  @MaxLength(NAME_CHARACTERS_MAX)
  @Matches(SOME_LINE, READABLE)
  readonly title: string;

  @Field(() => String, { description: 'Its version or date, as printed. At most 40 characters.' })
  @MaxLength(VERSION_CHARACTERS_MAX)
  @Matches(SOME_LINE, READABLE)
  readonly version: string;
}

@InputType({
  description: 'What was told before the decision. Of something that is done to the patient only.',
})
export class ConsentToldInput {
  @Field(() => String, { description: 'Why it is proposed to this patient, at most 2,000 characters.' })
  @MaxLength(STATEMENT_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly indication: string;

  @Field(() => [ConsentRiskInput], { description: 'The risks that matter to this patient, at most 40.' })
  @IsArray()
  @ArrayMaxSize(TOLD_ITEMS_MAX)
  @ValidateNested({ each: true })
  @Type(() => ConsentRiskInput)
  readonly risks: readonly ConsentRiskInput[];

  @Field(() => [ConsentOptionInput], { description: 'The options, doing nothing among them; at most 40.' })
  @IsArray()
  @ArrayMaxSize(TOLD_ITEMS_MAX)
  @ValidateNested({ each: true })
  @Type(() => ConsentOptionInput)
  readonly options: readonly ConsentOptionInput[];

  @Field(() => [ConsentLeafletInput], { nullable: true, description: 'The leaflets handed out, at most 40.' })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(TOLD_ITEMS_MAX)
  @ValidateNested({ each: true })
  @Type(() => ConsentLeafletInput)
  readonly leaflets?: readonly ConsentLeafletInput[] | null;

  @Field(() => String, {
    nullable: true,
    description: 'What matters most to the patient, at most 2,000 characters.',
  })
  @IsOptional()
  @MaxLength(STATEMENT_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly priorities?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'What the patient asked, and the answers, at most 2,000 characters.',
  })
  @IsOptional()
  @MaxLength(STATEMENT_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly questions?: string | null;
}

@ObjectType({ description: 'What shows that a decision was made.' })
export class ConsentEvidence {
  @Field(() => ID, { nullable: true, description: 'The signed form as it was scanned (a document).' })
  readonly documentId: string | null;

  @Field(() => ID, { nullable: true, description: 'A picture of the signature (a document).' })
  readonly signatureDocumentId: string | null;

  @Field(() => String, { nullable: true, description: 'The form on the web with its version.' })
  readonly formId: string | null;

  @Field(() => String, { nullable: true, description: 'The network address that the form was sent from.' })
  readonly formAddress: string | null;

  @Field(() => String, { nullable: true, description: 'What the browser called itself.' })
  readonly formAgent: string | null;
}

@InputType({
  description: 'What shows that a decision was made. Documents have to be filed about the patient.',
})
export class ConsentEvidenceInput {
  @Field(() => ID, { nullable: true, description: 'The signed form as it was scanned: a document.' })
  @IsOptional()
  @IsUUID()
  readonly documentId?: string | null;

  @Field(() => ID, { nullable: true, description: 'A picture of the signature: a document.' })
  @IsOptional()
  @IsUUID()
  readonly signatureDocumentId?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'The form on the web with its version, at most 120 characters.',
  })
  @IsOptional()
  @MaxLength(NAME_CHARACTERS_MAX)
  @Matches(SOME_LINE, READABLE)
  readonly formId?: string | null;

  @Field(() => String, { nullable: true, description: 'The network address that the form was sent from.' })
  @IsOptional()
  @MaxLength(ADDRESS_CHARACTERS_MAX)
  @Matches(ADDRESS, { message: '$property: must be an IPv4 or IPv6 address' })
  readonly formAddress?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'What the browser called itself, at most 500 characters.',
  })
  @IsOptional()
  @MaxLength(AGENT_CHARACTERS_MAX)
  @Matches(SOME_LINE, READABLE)
  readonly formAgent?: string | null;
}

@ObjectType({ description: 'Who put the conversation into the patient’s language.' })
export class ConsentInterpreter {
  @Field(() => String, { description: 'Name, or the number of the interpreting service.' })
  readonly name: string;

  @Field(() => String, { description: 'Into which language (BCP 47).' })
  readonly language: string;
}

@InputType({ description: 'Who put the conversation into the patient’s language.' })
export class ConsentInterpreterInput {
  @Field(() => String, { description: 'Name, or the number of the service. At most 120 characters.' })
  @IsString()
  @MaxLength(NAME_CHARACTERS_MAX)
  @Matches(SOME_LINE, READABLE)
  readonly name: string;

  @Field(() => String, { description: 'Into which language (BCP 47), such as cy-GB.' })
  @Matches(LANGUAGE, { message: '$property: must be a language such as cy-GB' })
  readonly language: string;
}
