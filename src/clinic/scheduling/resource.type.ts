import { Field, ID, InputType, ObjectType, registerEnumType } from '@nestjs/graphql';
import {
  ArrayMaxSize,
  ArrayUnique,
  IsEnum,
  IsNotEmpty,
  IsOptional,
  IsString,
  IsUUID,
  Matches,
  MaxLength,
} from 'class-validator';
import type { Resource as ResourceRow } from '../../platform/database/generated/client.js';
import { ResourceKind } from '../../platform/database/generated/enums.js';
import { resultUnion } from '../../platform/graphql/result-union.js';
import { LocalDate } from '../../platform/graphql/scalars.js';
import { plainDateFromDate } from '../../platform/time/index.js';
import { ClosureHitsBookings, InThePast, ResourceNameTaken, SkillStillNeeded } from './schedule.refusals.js';
import { SiteNotSaid, SiteRetired } from './site.refusals.js';
import { SITE_CODE, SITE_CODE_EXPECTED } from './site.type.js';

const RESOURCE_NAME_MAX_CHARACTERS = 60;
/** More than a person can be asked for at once; a chain of visits knows a handful. */
const SKILLS_MAX = 20;
const SKILL = /^[A-Z][A-Z0-9_]{1,59}$/;
const SKILL_MESSAGE = 'each value in $property must be a skill in capitals such as ULTRASOUND';

registerEnumType(ResourceKind, {
  name: 'ResourceKind',
  description: 'What a visit can need one of.',
  valuesMap: {
    CAMERA: { description: 'A camera.' },
    INJECTION_ROOM: { description: 'A room in which injections are given.' },
    NUCLEAR_MEDICINE_TECHNOLOGIST: { description: 'A person who may inject and operate the camera.' },
    CONSULTING_ROOM: { description: 'A room to talk and to examine in.' },
    PROCEDURE_ROOM: { description: 'A room in which injections into the spine and denervations are done.' },
    THERAPY_ROOM: { description: 'A room for physiotherapy.' },
    MEETING_ROOM: { description: 'A room in which a team sees a patient together.' },
    WAITING_PLACE: { description: 'One chair or trolley to wait, to be prepared or to recover on.' },
    C_ARM: { description: 'A mobile X-ray image intensifier.' },
    RADIOFREQUENCY_GENERATOR: { description: 'A generator for radiofrequency denervation.' },
    PAIN_CONSULTANT: { description: 'A consultant in pain medicine.' },
    SURGEON: { description: 'A spinal surgeon.' },
    PHYSIOTHERAPIST: { description: 'A physiotherapist.' },
    PSYCHOLOGIST: { description: 'A psychologist.' },
    RADIOLOGIST: { description: 'A radiologist.' },
    NURSE: { description: 'A nurse.' },
  },
});

@ObjectType({ description: 'Something of which there is one and which one person at a time can have.' })
export class Resource {
  @Field(() => ID, { description: 'Id of the resource.' })
  readonly id: string;

  @Field(() => ResourceKind, { description: 'What it is.' })
  readonly kind: ResourceKind;

  @Field(() => String, { description: 'Its name, different from all others.' })
  readonly name: string;

  @Field(() => String, { description: 'Code of the site at which it is: `MAIN`.' })
  readonly siteCode: string;

  @Field(() => LocalDate, {
    nullable: true,
    description: 'The first day on which it can no longer be booked; null while it is in use.',
  })
  readonly retiredOn: string | null;

  @Field(() => [String], {
    description:
      'What it can do beyond its kind, in capitals, such as ULTRASOUND, in order. Steps may ask for one.',
  })
  readonly skills: readonly string[];
}

@InputType({ description: 'A new resource. It is closed until it is given opening hours.' })
export class AddResourceInput {
  @Field(() => ResourceKind, { description: 'What it is.' })
  @IsEnum(ResourceKind)
  kind: ResourceKind;

  @Field(() => String, { description: `Its name, at most ${RESOURCE_NAME_MAX_CHARACTERS} characters.` })
  @IsString()
  @IsNotEmpty()
  @MaxLength(RESOURCE_NAME_MAX_CHARACTERS)
  @Matches(/^\S(.*\S)?$/u, { message: '$property must not begin or end with a space' })
  name: string;

  @Field(() => [String], {
    nullable: true,
    description: `What it can do beyond its kind, in capitals, at most ${SKILLS_MAX}. Left out: nothing more.`,
  })
  @IsOptional()
  @ArrayMaxSize(SKILLS_MAX)
  @ArrayUnique()
  @Matches(SKILL, { each: true, message: SKILL_MESSAGE })
  skills?: string[] | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Code of the site at which it is. Left out: the only one that is open; with several it must be said.',
  })
  @IsOptional()
  @IsString()
  @Matches(SITE_CODE, { message: SITE_CODE_EXPECTED })
  siteCode?: string | null;
}

@InputType({ description: 'All that a resource can do beyond its kind, from now on.' })
export class SetResourceSkillsInput {
  @Field(() => ID, { description: 'Which resource.' })
  @IsUUID()
  resourceId: string;

  @Field(() => [String], { description: `The skills in capitals, at most ${SKILLS_MAX}; none: empty.` })
  @ArrayMaxSize(SKILLS_MAX)
  @ArrayUnique()
  @Matches(SKILL, { each: true, message: SKILL_MESSAGE })
  skills: string[];
}

@InputType({ description: 'Takes a resource out of use from a day on.' })
export class RetireResourceInput {
  @Field(() => ID, { description: 'Which resource.' })
  @IsUUID()
  resourceId: string;

  @Field(() => LocalDate, {
    description: 'The first day on which it can no longer be booked; today or later.',
  })
  @IsString()
  retiredOn: string;
}

export const AddResourceResult = resultUnion(
  'AddResourceResult',
  Resource,
  [ResourceNameTaken, SiteNotSaid, SiteRetired],
  'The new resource, or why there is none.',
);

export const SetResourceSkillsResult = resultUnion(
  'SetResourceSkillsResult',
  Resource,
  [SkillStillNeeded],
  'The resource with its skills, or why it keeps those it has.',
);

export const RetireResourceResult = resultUnion(
  'RetireResourceResult',
  Resource,
  [ClosureHitsBookings, InThePast],
  'The resource with its last day, or why it stays in use.',
);

export function toResource(row: ResourceRow): Resource {
  return {
    id: row.id,
    kind: row.kind,
    name: row.name,
    siteCode: row.siteCode,
    skills: row.skills.toSorted(),
    retiredOn: row.retiredOn && plainDateFromDate(row.retiredOn).toString(),
  };
}
