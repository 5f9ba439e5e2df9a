import { Field, ObjectType } from '@nestjs/graphql';
import { Refusal } from '../../platform/refusal/refusal.js';

@ObjectType({
  implements: () => [Refusal],
  description:
    'Another room books this kind of visit in its own way: a scan also needs its place on the scanner’s worklist.',
})
export class BookedElsewhere extends Refusal {
  readonly code = 'BookedElsewhere';

  @Field(() => String, { description: 'What books it: `SCAN` stands for `scanOffers` and `bookScan`.' })
  readonly companion: string;

  constructor(companion: string) {
    super(
      companion === 'SCAN'
        ? 'This kind of visit is a scan, which the scanner must know of. Ask for scanOffers and book a scan instead.'
        : `This kind of visit is booked by ${companion}, not here.`,
    );
    this.companion = companion;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description:
    'The part of the clinic that follows this kind of visit says no: a camera without a scanner, for instance. The message says why and what to do.',
})
export class CompanionRefused extends Refusal {
  readonly code = 'CompanionRefused';

  @Field(() => String, { description: 'Which part of the clinic: `SCAN`, imaging.' })
  readonly companion: string;

  @Field(() => String, { description: 'Its own code for the reason.' })
  readonly reasonCode: string;

  /** What it said, for a door of that part of the clinic, which may name it. */
  readonly said: Refusal;

  constructor(companion: string, said: Refusal) {
    super(said.message);
    this.companion = companion;
    this.reasonCode = said.code;
    this.said = said;
  }
}
