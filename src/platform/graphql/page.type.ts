import type { Type } from '@nestjs/common';
import { Field, InputType, Int, ObjectType } from '@nestjs/graphql';
import { IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import { badInput } from '../refusal/refusal.js';

const PAGE_SIZE_DEFAULT_ITEMS = 25;
// What a person can look through on one screen; a larger page only makes one slow answer out of two quick ones.
const PAGE_SIZE_MAX_ITEMS = 100;
const CURSOR_MAX_CHARACTERS = 500;

@InputType({ description: 'Which part of a list: its size and where to go on.' })
export class PageInput {
  // Nullable as well as defaulted: the compiled executor asks for every non-null field of a variable, default or not.
  @Field(() => Int, {
    nullable: true,
    defaultValue: PAGE_SIZE_DEFAULT_ITEMS,
    description: `How many items, 1 to ${PAGE_SIZE_MAX_ITEMS}.`,
  })
  @IsInt()
  @Min(1)
  @Max(PAGE_SIZE_MAX_ITEMS)
  size: number = PAGE_SIZE_DEFAULT_ITEMS;

  @Field(() => String, {
    nullable: true,
    description: 'The `nextCursor` of the page before. Leave it out for the first page.',
  })
  @IsOptional()
  @IsString()
  @MaxLength(CURSOR_MAX_CHARACTERS)
  after?: string | null;
}

export interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextCursor: string | null;
}

/** A page of a list as a GraphQL type. Extend it with the noun's own name: `class PatientPage extends pageOf(Patient) {}`. */
export function pageOf<Item>(item: Type<Item>) {
  @ObjectType({ isAbstract: true })
  abstract class PageOfItems implements Page<Item> {
    @Field(() => [item], { description: 'The items of this page, in the order of the list.' })
    readonly items: readonly Item[];

    @Field(() => String, {
      nullable: true,
      description: 'Send it as `after` for the next page; null when this is the last.',
    })
    readonly nextCursor: string | null;
  }
  return PageOfItems;
}

/** An opaque place in a list: the sort keys of the last item shown. */
export function encodeCursor(...keys: readonly string[]): string {
  return Buffer.from(JSON.stringify(keys), 'utf8').toString('base64url');
}

export function decodeCursor(cursor: string, keyCount: number): readonly string[] {
  const refusal = badInput('`after` is not a cursor of this list. Send the `nextCursor` of the page before.');
  let keys: unknown;
  try {
    keys = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    throw refusal;
  }
  if (!Array.isArray(keys) || keys.length !== keyCount) throw refusal;
  if (!keys.every((key): key is string => typeof key === 'string')) throw refusal;
  return keys;
}
