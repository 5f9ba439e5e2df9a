import { Field, ID, InputType, ObjectType, registerEnumType } from '@nestjs/graphql';
import { IsEnum, IsNotEmpty, IsString, IsUUID, Matches, MaxLength } from 'class-validator';
import type { Resource as ResourceRow } from '../../platform/database/generated/client.js';
import { ResourceKind } from '../../platform/database/generated/enums.js';
import { resultUnion } from '../../platform/graphql/result-union.js';
import { LocalDate } from '../../platform/graphql/scalars.js';
import { plainDateFromDate } from '../../platform/time/index.js';
import { ClosureHitsBookings, InThePast, ResourceNameTaken } from './schedule.refusals.js';

const RESOURCE_NAME_MAX_CHARACTERS = 60;

registerEnumType(ResourceKind, {
  name: 'ResourceKind',
  description: 'What a visit can need one of.',
  valuesMap: {
    CAMERA: { description: 'A camera.' },
    INJECTION_ROOM: { description: 'A room in which injections are given.' },
    NUCLEAR_MEDICINE_TECHNOLOGIST: { description: 'A person who may inject and operate the camera.' },
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

  @Field(() => LocalDate, {
    nullable: true,
    description: 'The first day on which it can no longer be booked; null while it is in use.',
  })
  readonly retiredOn: string | null;
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
  [ResourceNameTaken],
  'The new resource, or why there is none.',
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
    retiredOn: row.retiredOn && plainDateFromDate(row.retiredOn).toString(),
  };
}
