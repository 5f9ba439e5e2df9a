import { Inject } from '@nestjs/common';
import { type RequestContext } from '../../platform/graphql/request-context.js';
import { requestLoader } from '../../platform/graphql/request-loader.js';

const NAMES = Symbol('names of members of staff');

/** Names as colleagues see them, by account: one statement for any number. Who has no account is left out. */
export abstract class StaffNames {
  abstract namesOf(ids: readonly string[]): Promise<ReadonlyMap<string, string>>;
}

/** What a resolver that says who did something stands on: one statement for all names of a whole answer. */
export abstract class NamedResolver {
  constructor(@Inject(StaffNames) private readonly staff: StaffNames) {}

  protected async nameOf(request: RequestContext, id: string | null): Promise<string | null> {
    if (id === null) return null;
    return requestLoader(request, NAMES, (ids) => this.staff.namesOf(ids)).load(id);
  }
}

/** A field with the name of `who`. */
export const named = (who: string, permission: string) =>
  ({
    nullable: true,
    description: `Name of ${who}; null: nobody, or there is no such account any more. Needs ${permission}.`,
  }) as const;
