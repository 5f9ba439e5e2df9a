import { Inject } from '@nestjs/common';
import { Args, Query, Resolver } from '@nestjs/graphql';
import { PageInput } from '../../platform/graphql/page.type.js';
import type { StaffActor } from '../audit/audit.type.js';
import { Allow, CurrentActor, Permission } from '../auth/permission.type.js';
import { VettingQueueService } from './vetting-queue.service.js';
import {
  VettingEntry,
  VettingEntryPage,
  VettingFilterInput,
  VettingOrder,
  VettingSummary,
} from './vetting-queue.type.js';

@Resolver(() => VettingEntry)
export class VettingQueueResolver {
  constructor(@Inject(VettingQueueService) private readonly queue: VettingQueueService) {}

  @Allow(Permission.READ_VETTING)
  @Query(() => VettingEntryPage, {
    description:
      'Imaging requests that wait for a decision or for what is missing, with what is due. The look is recorded. Needs READ_VETTING.',
  })
  vettingQueue(
    @CurrentActor() actor: StaffActor,
    @Args('filter', { type: () => VettingFilterInput, defaultValue: {}, description: 'Narrows the queue.' })
    filter: VettingFilterInput,
    @Args('order', {
      type: () => VettingOrder,
      nullable: true,
      defaultValue: VettingOrder.DUE,
      description: 'In which order it stands.',
    })
    order: VettingOrder | null,
    @Args('page', { type: () => PageInput, defaultValue: {}, description: 'Which part of the queue.' })
    page: PageInput,
  ) {
    return this.queue.vettingQueue(actor, filter, order ?? VettingOrder.DUE, page);
  }

  @Allow(Permission.READ_VETTING)
  @Query(() => VettingSummary, { description: 'The vetting queue in numbers. Needs READ_VETTING.' })
  vettingSummary(@CurrentActor() actor: StaffActor) {
    return this.queue.vettingSummary(actor);
  }
}
