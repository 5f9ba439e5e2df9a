import { ObjectType } from '@nestjs/graphql';
import { Refusal } from '../../platform/refusal/refusal.js';

@ObjectType({
  implements: () => [Refusal],
  description: 'The clinic does not run the clock from referral to treatment: RTT_CLOCK is off.',
})
export class RttClockOff extends Refusal {
  readonly code = 'RttClockOff';

  constructor() {
    super('This clinic does not run the clock from referral to treatment, so nothing is recorded for it.');
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'The clock has been stopped: a second stop does not count. A new start begins a new clock.',
})
export class RttClockStopped extends Refusal {
  readonly code = 'RttClockStopped';

  constructor() {
    super(
      'The clock of this referral has been stopped already. If that was wrong, record it as an error first.',
    );
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'The clock runs: a new start is recorded after a stop alone.',
})
export class RttClockRunning extends Refusal {
  readonly code = 'RttClockRunning';

  constructor() {
    super('The clock of this referral runs, so it cannot be started anew. Record its stop first.');
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'The referral was merged into another, and its clock is that of the other.',
})
export class RttClockElsewhere extends Refusal {
  readonly code = 'RttClockElsewhere';

  constructor() {
    super('This referral was merged into another: record it there.');
  }
}
