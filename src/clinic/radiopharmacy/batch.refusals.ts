import { Field, Float, ObjectType } from '@nestjs/graphql';
import { Instant } from '../../platform/graphql/scalars.js';
import { Refusal } from '../../platform/refusal/refusal.js';
import type { Temporal } from '../../platform/time/index.js';

@ObjectType({
  implements: () => [Refusal],
  description: 'The batch has expired: the minute that its label names was its last.',
})
export class BatchExpired extends Refusal {
  readonly code = 'BatchExpired';

  @Field(() => Instant, { description: 'The last minute in which it could be used.' })
  readonly expiresAt: Temporal.Instant;

  constructor(batchNumber: string, expiresAt: Temporal.Instant) {
    super(`Batch ${batchNumber} has expired. Discard it and use another one.`);
    this.expiresAt = expiresAt;
  }
}

@ObjectType({ implements: () => [Refusal], description: 'The time lies before the batch was prepared.' })
export class BatchNotPreparedYet extends Refusal {
  readonly code = 'BatchNotPreparedYet';

  @Field(() => Instant, { description: 'When it was prepared.' })
  readonly preparedAt: Temporal.Instant;

  constructor(batchNumber: string, preparedAt: Temporal.Instant) {
    super(
      `Batch ${batchNumber} was not prepared yet at that time. Look at the time and at the number of the batch.`,
    );
    this.preparedAt = preparedAt;
  }
}

@ObjectType({ implements: () => [Refusal], description: 'The batch was discarded.' })
export class BatchDiscarded extends Refusal {
  readonly code = 'BatchDiscarded';

  constructor(batchNumber: string) {
    super(`Batch ${batchNumber} was discarded. Use another one.`);
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'The batch is of another tracer than the one wanted.',
})
export class TracerDiffers extends Refusal {
  readonly code = 'TracerDiffers';

  @Field(() => String, { description: 'Code of the tracer that the batch holds.' })
  readonly batchTracerCode: string;

  constructor(batchNumber: string, batchTracerCode: string, wanted: string) {
    super(
      `Batch ${batchNumber} holds ${batchTracerCode}, and ${wanted} is to be given. Take the right batch.`,
    );
    this.batchTracerCode = batchTracerCode;
  }
}

@ObjectType({ implements: () => [Refusal], description: 'The batch does not hold so much at that time.' })
export class StockTooSmall extends Refusal {
  readonly code = 'StockTooSmall';

  @Field(() => Float, { description: 'What it holds at that time, in MBq.' })
  readonly leftMbq: number;

  constructor(batchNumber: string, leftMbq: number) {
    super(
      `Batch ${batchNumber} holds ${leftMbq.toFixed(1)} MBq at that time. Draw less, take another batch, or look at the measurement.`,
    );
    this.leftMbq = leftMbq;
  }
}

@ObjectType({ implements: () => [Refusal], description: 'This batch of this supplier was entered already.' })
export class BatchAlreadyReceived extends Refusal {
  readonly code = 'BatchAlreadyReceived';

  constructor(batchNumber: string) {
    super(
      `Batch ${batchNumber} of this supplier is there already. Open it, or look at the number on the label. If its label was entered wrongly, discard that entry first.`,
    );
  }
}

@ObjectType({
  implements: () => [Refusal],
  description:
    'The expiry is later than the rule for kits allows, and nobody said what the manufacturer says.',
})
export class ExpiryBeyondUseBy extends Refusal {
  readonly code = 'ExpiryBeyondUseBy';

  @Field(() => Instant, { description: 'Until when the rule allows it.' })
  readonly latestAt: Temporal.Instant;

  constructor(latestAt: Temporal.Instant) {
    super(
      'The expiry is later than the rule for kits of this tracer allows. Enter the earlier time, or say in expirySource what the manufacturer says.',
    );
    this.latestAt = latestAt;
  }
}

@ObjectType({ implements: () => [Refusal], description: 'This was given back to the batch already.' })
export class UseGivenBack extends Refusal {
  readonly code = 'UseGivenBack';

  constructor() {
    super('This was given back to its batch already. Nothing is left to do.');
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'It was drawn for a patient: what became of it is in the record of the administration.',
})
export class UseIsOfPatient extends Refusal {
  readonly code = 'UseIsOfPatient';

  constructor() {
    super('It was drawn for a patient. Void or correct the administration instead: the batch follows it.');
  }
}
