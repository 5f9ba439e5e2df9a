import { Field, ID, InputType, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { Type } from 'class-transformer';
import {
  IsBoolean,
  IsEmail,
  IsEnum,
  IsInt,
  IsISO8601,
  IsOptional,
  IsString,
  IsUUID,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { MayBeTold, ProxyBasis, RelatedPersonRelationship } from '../../platform/database/generated/enums.js';
import { resultUnion } from '../../platform/graphql/result-union.js';
import { Instant, LocalDate } from '../../platform/graphql/scalars.js';
import type { Temporal } from '../../platform/time/index.js';
import { NOTE_CHARACTERS_MAX, REASON_CHARACTERS_MAX } from './note-text.rules.js';
import { NoProxyToRevoke, RelatedPersonChanged } from './related-person.refusals.js';

/** A first bound in UTF-16 units; the rules then count what is left in characters. */
const TEXT_UNITS_MAX = 300;
/** Every character may take two UTF-16 units. */
const NOTE_UNITS_MAX = NOTE_CHARACTERS_MAX * 2;
const REASON_UNITS_MAX = REASON_CHARACTERS_MAX * 2;

registerEnumType(RelatedPersonRelationship, {
  name: 'RelatedPersonRelationship',
  description: 'What somebody is to the patient. Close to HL7 v3 RoleCode, PersonalRelationshipRoleType.',
  valuesMap: {
    SPOUSE: { description: 'Husband, wife or civil partner.' },
    PARTNER: { description: 'Partner without marriage.' },
    PARENT: { description: 'Mother or father, also by adoption.' },
    CHILD: { description: 'Son or daughter, also by adoption.' },
    SIBLING: { description: 'Brother or sister.' },
    GRANDPARENT: { description: 'Grandmother or grandfather.' },
    GRANDCHILD: { description: 'Grandson or granddaughter.' },
    OTHER_RELATIVE: { description: 'Another relative.' },
    GUARDIAN: { description: 'Guardian.' },
    CARER: { description: 'Looks after the patient, paid or not.' },
    FRIEND: { description: 'Friend.' },
    NEIGHBOUR: { description: 'Neighbour.' },
    OTHER: { description: 'Somebody else; the text says who.' },
  },
});

registerEnumType(MayBeTold, {
  name: 'MayBeTold',
  description: 'What the patient lets us tell somebody.',
  valuesMap: {
    NOTHING: { description: 'Nothing, not even that the patient is one.' },
    APPOINTMENTS: { description: 'When and where the patient is expected, and nothing of why.' },
    EVERYTHING: { description: 'Whatever the patient would be told.' },
  },
});

registerEnumType(ProxyBasis, {
  name: 'ProxyBasis',
  description: 'By what right somebody decides for the patient.',
  valuesMap: {
    PARENT: { description: 'Parental responsibility; ends on the eighteenth birthday.' },
    LPA_HEALTH: {
      description: 'Lasting power of attorney for health and welfare (Mental Capacity Act 2005 s.9).',
    },
    DEPUTY: { description: 'Deputy appointed by the Court of Protection (Mental Capacity Act 2005 s.16).' },
    OTHER: { description: 'Another right, which the evidence names.' },
  },
});

@ObjectType({ description: 'Somebody who belongs to a patient.' })
export class RelatedPerson {
  @Field(() => ID, { description: 'Id of the entry.' })
  readonly id: string;

  @Field(() => ID, { description: 'To whom they belong.' })
  readonly patientId: string;

  @Field(() => String, { description: 'The whole name.' })
  readonly name: string;

  @Field(() => RelatedPersonRelationship, { description: 'What they are to the patient.' })
  readonly relationship: RelatedPersonRelationship;

  @Field(() => String, { nullable: true, description: 'The same in words, where the code says too little.' })
  readonly relationshipText: string | null;

  @Field(() => String, { nullable: true, description: 'Telephone number in E.164, for dialling.' })
  readonly phoneE164: string | null;

  @Field(() => String, { nullable: true, description: 'Telephone number as it was entered.' })
  readonly phoneAsEntered: string | null;

  @Field(() => String, { nullable: true, description: 'E-mail address.' })
  readonly email: string | null;

  @Field(() => Boolean, { description: 'The patient names them as next of kin. No right follows from it.' })
  readonly isNextOfKin: boolean;

  @Field(() => Boolean, { description: 'Is rung in an emergency.' })
  readonly isEmergencyContact: boolean;

  @Field(() => MayBeTold, { description: 'What the patient lets us tell them.' })
  readonly mayBeTold: MayBeTold;

  @Field(() => ProxyBasis, {
    nullable: true,
    description: 'By what right they decide for the patient; null: they do not.',
  })
  readonly proxyBasis: ProxyBasis | null;

  @Field(() => String, { nullable: true, description: 'What was seen of that right.' })
  readonly proxyEvidence: string | null;

  @Field(() => LocalDate, { nullable: true, description: 'From which day on they decide; null: from ever.' })
  readonly proxyFromOn: string | null;

  @Field(() => LocalDate, {
    nullable: true,
    description: 'The last day on which they do; null: without end.',
  })
  readonly proxyUntilOn: string | null;

  @Field(() => Instant, { nullable: true, description: 'When the right was taken back; null: it was not.' })
  readonly proxyRevokedAt: Temporal.Instant | null;

  @Field(() => String, { nullable: true, description: 'Why it was taken back.' })
  readonly proxyRevokedWhy: string | null;

  @Field(() => Boolean, { description: 'They may decide for the patient today.' })
  readonly isProxyInForce: boolean;

  @Field(() => Instant, { description: 'When they were recorded.' })
  readonly recordedAt: Temporal.Instant;

  @Field(() => Int, { description: 'Rises with each change. Send it back when changing or ending.' })
  readonly version: number;

  @Field(() => Instant, { nullable: true, description: 'When the entry ended; null: it holds.' })
  readonly endedAt: Temporal.Instant | null;

  @Field(() => String, { nullable: true, description: 'Why it ended.' })
  readonly endReason: string | null;
}

@InputType({ description: 'A right to decide for the patient.' })
export class ProxyInput {
  @Field(() => ProxyBasis, { description: 'Which right.' })
  @IsEnum(ProxyBasis)
  readonly basis: ProxyBasis;

  @Field(() => String, {
    description:
      'What was seen of it, in at most 200 characters: `LPA registered 2024-05-01, reference checked`.',
  })
  @IsString()
  @MaxLength(NOTE_UNITS_MAX)
  readonly evidence: string;

  @Field(() => LocalDate, { nullable: true, description: 'From which day on. Left out: from ever.' })
  @IsOptional()
  @IsISO8601({ strict: true })
  readonly fromOn?: string | null;

  @Field(() => LocalDate, {
    nullable: true,
    description:
      'The last day. Left out: without end; of a parent never later than the day before the eighteenth birthday.',
  })
  @IsOptional()
  @IsISO8601({ strict: true })
  readonly untilOn?: string | null;
}

@InputType({ description: 'Somebody who belongs to a patient, as they are to be kept.' })
export class RelatedPersonInput {
  @Field(() => String, { description: 'The whole name, at most 64 characters.' })
  @IsString()
  @MaxLength(TEXT_UNITS_MAX)
  readonly name: string;

  @Field(() => RelatedPersonRelationship, { description: 'What they are to the patient.' })
  @IsEnum(RelatedPersonRelationship)
  readonly relationship: RelatedPersonRelationship;

  @Field(() => String, { nullable: true, description: 'The same in words, at most 200 characters.' })
  @IsOptional()
  @IsString()
  @MaxLength(NOTE_UNITS_MAX)
  readonly relationshipText?: string | null;

  @Field(() => String, { nullable: true, description: 'Telephone number.' })
  @IsOptional()
  @IsString()
  @MaxLength(TEXT_UNITS_MAX)
  readonly phone?: string | null;

  @Field(() => String, { nullable: true, description: 'E-mail address.' })
  @IsOptional()
  @IsEmail()
  readonly email?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'The patient names them as next of kin. Left out: no.',
  })
  @IsOptional()
  @IsBoolean()
  readonly isNextOfKin?: boolean | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Is rung in an emergency: needs a telephone number. Left out: no.',
  })
  @IsOptional()
  @IsBoolean()
  readonly isEmergencyContact?: boolean | null;

  @Field(() => MayBeTold, { description: 'What the patient lets us tell them.' })
  @IsEnum(MayBeTold)
  readonly mayBeTold: MayBeTold;

  @Field(() => ProxyInput, {
    nullable: true,
    description: 'By what right they decide for the patient; left out: they do not.',
  })
  @IsOptional()
  @ValidateNested()
  @Type(() => ProxyInput)
  readonly proxy?: ProxyInput | null;
}

@InputType({ description: 'Somebody to record with a patient.' })
export class RecordRelatedPersonInput {
  @Field(() => ID, { description: 'To whom they belong.' })
  @IsUUID()
  readonly patientId: string;

  @Field(() => RelatedPersonInput, { description: 'Who they are.' })
  @ValidateNested()
  @Type(() => RelatedPersonInput)
  readonly person: RelatedPersonInput;
}

@InputType({ description: 'Somebody’s entry as it is to be from now on.' })
export class CorrectRelatedPersonInput {
  @Field(() => ID, { description: 'Id of the entry.' })
  @IsUUID()
  readonly relatedPersonId: string;

  @Field(() => Int, { description: 'The version that was read.' })
  @IsInt()
  @Min(0)
  readonly version: number;

  @Field(() => RelatedPersonInput, { description: 'The whole entry: what is left out is no more.' })
  @ValidateNested()
  @Type(() => RelatedPersonInput)
  readonly person: RelatedPersonInput;
}

@InputType({ description: 'Which entry, at which version, and why.' })
export class EndRelatedPersonInput {
  @Field(() => ID, { description: 'Id of the entry.' })
  @IsUUID()
  readonly relatedPersonId: string;

  @Field(() => Int, { description: 'The version that was read.' })
  @IsInt()
  @Min(0)
  readonly version: number;

  @Field(() => String, { description: 'Why, in 3 to 500 characters.' })
  @IsString()
  @MaxLength(REASON_UNITS_MAX)
  readonly reason: string;
}

export const ChangeRelatedPersonResult = resultUnion(
  'ChangeRelatedPersonResult',
  RelatedPerson,
  [RelatedPersonChanged],
  'The entry as it is now, or why nothing was changed.',
);

export const RevokeProxyResult = resultUnion(
  'RevokeProxyResult',
  RelatedPerson,
  [RelatedPersonChanged, NoProxyToRevoke],
  'The entry without the right to decide, or why nothing was changed.',
);
