import type { Type } from '@nestjs/common';
import { Field, InputType, Int, ObjectType } from '@nestjs/graphql';
import { IsInt, IsOptional, IsString, isUUID, Max, MaxLength, Min } from 'class-validator';
import { badInput } from '../refusal/refusal.js';
import { Temporal } from '../time/index.js';

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

/** What a sort key in a cursor looks like. */
const CURSOR_KEYS = {
  uuid: (key: string) => isUUID(key),
  day: (key: string) => isReadBy(() => Temporal.PlainDate.from(key)),
  instant: (key: string) => isReadBy(() => Temporal.Instant.from(key)),
  count: (key: string) => /^\d{1,9}$/.test(key),
} as const;
export type CursorKey = keyof typeof CURSOR_KEYS;

/** The sort keys in a cursor, in the order and of the kinds that the list wrote. Throws BAD_INPUT for any other text. */
export function decodeCursor<const Kinds extends readonly CursorKey[]>(
  cursor: string,
  kinds: Kinds,
): { readonly [Index in keyof Kinds]: string } {
  const keys = readKeys(cursor);
  const isOurs = keys.length === kinds.length && kinds.every((kind, i) => CURSOR_KEYS[kind](keys[i] ?? ''));
  if (!isOurs) {
    throw badInput('`after` is not a cursor of this list. Send the `nextCursor` of the page before.');
  }
  return keys as { readonly [Index in keyof Kinds]: string };
}

function readKeys(cursor: string): readonly string[] {
  try {
    const keys: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    return Array.isArray(keys) ? keys.map(String) : [];
  } catch {
    return [];
  }
}

function isReadBy(read: () => unknown): boolean {
  try {
    read();
    return true;
  } catch {
    return false;
  }
}
