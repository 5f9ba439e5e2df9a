import { Inject } from '@nestjs/common';
import { Args, ID, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { PageInput } from '../../platform/graphql/page.type.js';
import { Instant } from '../../platform/graphql/scalars.js';
import type { Temporal } from '../../platform/time/index.js';
import type { StaffActor } from '../audit/audit.type.js';
import { Allow, CurrentActor, Permission } from '../auth/permission.type.js';
import { BatchService } from './batch.service.js';
import {
  BatchStock,
  DiscardBatchInput,
  DiscardBatchResult,
  DrawFromBatchInput,
  DrawFromBatchResult,
  GiveBackToBatchInput,
  GiveBackToBatchResult,
  ReceiveBatchInput,
  ReceiveBatchResult,
  TracerBatch,
  TracerBatchFilterInput,
  TracerBatchPage,
} from './batch.type.js';
import { BatchKeepingService } from './batch-keeping.service.js';
import { BatchReceptionService } from './batch-reception.service.js';

@Resolver(() => TracerBatch)
export class BatchResolver {
  constructor(
    @Inject(BatchService) private readonly batches: BatchService,
    @Inject(BatchReceptionService) private readonly reception: BatchReceptionService,
    @Inject(BatchKeepingService) private readonly keeping: BatchKeepingService,
  ) {}

  @Allow(Permission.READ_RADIOPHARMACY)
  @Query(() => TracerBatchPage, {
    description:
      'Batches, the one that expires last first. Looks at what was drawn for patients are recorded. Needs READ_RADIOPHARMACY.',
  })
  tracerBatches(
    @CurrentActor() actor: StaffActor,
    @Args('filter', {
      type: () => TracerBatchFilterInput,
      defaultValue: {},
      description: 'Narrows the list.',
    })
    filter: TracerBatchFilterInput,
    @Args('page', { type: () => PageInput, defaultValue: {}, description: 'Which part of the list.' })
    page: PageInput,
  ) {
    return this.batches.batches(actor, filter, page);
  }

  @Allow(Permission.READ_RADIOPHARMACY)
  @Query(() => TracerBatch, {
    description: 'One batch. A look at what was drawn for patients is recorded. Needs READ_RADIOPHARMACY.',
  })
  tracerBatch(
    @CurrentActor() actor: StaffActor,
    @Args('id', { type: () => ID, description: 'Id of the batch.' }) id: string,
  ) {
    return this.batches.batch(actor, id);
  }

  @Allow(Permission.READ_RADIOPHARMACY)
  @ResolveField(() => BatchStock, {
    description:
      'What is left in it at a moment, by decay and by what was drawn until now. Needs READ_RADIOPHARMACY.',
  })
  stock(
    @Parent() batch: TracerBatch,
    @Args('at', { type: () => Instant, nullable: true, description: 'The moment; now when left out.' })
    at?: Temporal.Instant | null,
  ) {
    return this.batches.stockOf(batch, at ?? null);
  }

  @Allow(Permission.RUN_RADIOPHARMACY)
  @Mutation(() => ReceiveBatchResult, {
    description:
      'Takes in a vial or a syringe as its label says. Refused as BatchAlreadyReceived, or ExpiryBeyondUseBy when it expires ' +
      'later than the rule for kits allows and nobody says what the manufacturer says. Needs RUN_RADIOPHARMACY.',
  })
  receiveBatch(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'What the label says.' }) input: ReceiveBatchInput,
  ) {
    return this.reception.receiveBatch(actor, input);
  }

  @Allow(Permission.RUN_RADIOPHARMACY)
  @Mutation(() => DiscardBatchResult, {
    description:
      'Says that nothing more is drawn from a batch. Refused as BatchDiscarded. Needs RUN_RADIOPHARMACY.',
  })
  discardBatch(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'Which, and why.' }) input: DiscardBatchInput,
  ) {
    return this.keeping.discardBatch(actor, input);
  }

  @Allow(Permission.RUN_RADIOPHARMACY)
  @Mutation(() => DrawFromBatchResult, {
    description:
      'Records what was drawn for a test or thrown away. Refused as BatchExpired, BatchNotPreparedYet, BatchDiscarded or ' +
      'StockTooSmall. Needs RUN_RADIOPHARMACY.',
  })
  drawFromBatch(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'How much, and what for.' }) input: DrawFromBatchInput,
  ) {
    return this.keeping.drawFromBatch(actor, input);
  }

  @Allow(Permission.RUN_RADIOPHARMACY)
  @Mutation(() => GiveBackToBatchResult, {
    description:
      'Takes back an entry: it never left the batch, or was entered in error. Refused as UseGivenBack or UseIsOfPatient. ' +
      'Needs RUN_RADIOPHARMACY.',
  })
  giveBackToBatch(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'Which, and why.' }) input: GiveBackToBatchInput,
  ) {
    return this.keeping.giveBackToBatch(actor, input);
  }
}
