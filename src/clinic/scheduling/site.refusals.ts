import { Field, ObjectType } from '@nestjs/graphql';
import { Refusal } from '../../platform/refusal/refusal.js';

@ObjectType({ implements: () => [Refusal], description: 'Another site has this code.' })
export class SiteCodeTaken extends Refusal {
  readonly code = 'SiteCodeTaken';

  constructor() {
    super('Another site has this code, in use or not. Choose another.');
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'There are several sites, and nobody said which.',
})
export class SiteNotSaid extends Refusal {
  readonly code = 'SiteNotSaid';

  @Field(() => [String], { description: 'Codes of the sites that are open, in order.' })
  readonly siteCodes: readonly string[];

  constructor(siteCodes: readonly string[]) {
    super(
      siteCodes.length === 0
        ? 'No site is open: add one first.'
        : `Say at which site it is: ${siteCodes.join(', ')}.`,
    );
    this.siteCodes = siteCodes;
  }
}

@ObjectType({ implements: () => [Refusal], description: 'The site is given up, or will be.' })
export class SiteRetired extends Refusal {
  readonly code = 'SiteRetired';

  constructor(name: string) {
    super(`“${name}” is being given up: choose another site.`);
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'Something at the site can still be booked on or after that day. Retire that first.',
})
export class SiteInUse extends Refusal {
  readonly code = 'SiteInUse';

  @Field(() => [String], { description: 'Names of what can still be booked there, in order.' })
  readonly resourceNames: readonly string[];

  constructor(resourceNames: readonly string[]) {
    super(`Retire what is at the site first: ${resourceNames.join(', ')}. Nothing was changed.`);
    this.resourceNames = resourceNames;
  }
}
