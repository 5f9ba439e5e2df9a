import { Inject } from '@nestjs/common';
import { Args, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { PageInput } from '../../platform/graphql/page.type.js';
import { CurrentRequest, type RequestContext } from '../../platform/graphql/request-context.js';
import { requestLoader } from '../../platform/graphql/request-loader.js';
import type { StaffActor } from '../audit/audit.type.js';
import { Allow, CurrentActor, Permission } from '../auth/permission.type.js';
import { Referral } from './referral.type.js';
import {
  TriageEntry,
  TriageEntryPage,
  TriageFilterInput,
  TriageOrder,
  TriageSummary,
} from './triage.type.js';
import { TriageEventService } from './triage-event.service.js';
import { TriageEvent } from './triage-event.type.js';
import { TriageQueueService } from './triage-queue.service.js';

const ENTRIES = Symbol('triage entries of referrals');
const EVENTS = Symbol('triage events of referrals');

@Resolver(() => Referral)
export class TriageResolver {
  constructor(
    @Inject(TriageQueueService) private readonly queue: TriageQueueService,
    @Inject(TriageEventService) private readonly log: TriageEventService,
  ) {}

  @Allow(Permission.READ_REFERRAL)
  @Query(() => TriageEntryPage, {
    description:
      'Referrals that wait for a decision, with what is due and why they are here. The look is recorded. Needs READ_REFERRAL.',
  })
  triageQueue(
    @CurrentActor() actor: StaffActor,
    @Args('filter', { type: () => TriageFilterInput, defaultValue: {}, description: 'Narrows the queue.' })
    filter: TriageFilterInput,
    @Args('order', {
      type: () => TriageOrder,
      nullable: true,
      defaultValue: TriageOrder.DUE,
      description: 'In which order it stands.',
    })
    order: TriageOrder | null,
    @Args('page', { type: () => PageInput, defaultValue: {}, description: 'Which part of the queue.' })
    page: PageInput,
  ) {
    return this.queue.triageQueue(actor, filter, order ?? TriageOrder.DUE, page);
  }

  @Allow(Permission.READ_REFERRAL)
  @Query(() => TriageSummary, { description: 'The triage queue in numbers. Needs READ_REFERRAL.' })
  triageSummary(@CurrentActor() actor: StaffActor) {
    return this.queue.triageSummary(actor);
  }

  @Allow(Permission.READ_REFERRAL)
  @ResolveField(() => TriageEntry, {
    nullable: true,
    description:
      'What is due and why it waits; null once it is decided. The look is recorded. Needs READ_REFERRAL.',
  })
  triage(
    @Parent() referral: Referral,
    @CurrentRequest() request: RequestContext,
    @CurrentActor() actor: StaffActor,
  ) {
    const loader = requestLoader(request, ENTRIES, (ids) => this.queue.ofReferrals(actor, ids));
    return loader.load(referral.id);
  }

  @Allow(Permission.READ_REFERRAL)
  @ResolveField(() => [TriageEvent], {
    description:
      'What happened to it beside its moves, the first first: claims, assignments, priorities, escalations, merges, and what counts for its clock. The look is recorded. Needs READ_REFERRAL.',
  })
  async triageEvents(
    @Parent() referral: Referral,
    @CurrentRequest() request: RequestContext,
    @CurrentActor() actor: StaffActor,
  ) {
    const loader = requestLoader(request, EVENTS, (ids) => this.log.eventsOf(actor, ids));
    return (await loader.load(referral.id)) ?? [];
  }
}
