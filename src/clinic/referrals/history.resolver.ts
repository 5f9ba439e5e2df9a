import { Inject } from '@nestjs/common';
import { Args, Mutation, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { CurrentRequest, type RequestContext } from '../../platform/graphql/request-context.js';
import { requestLoader } from '../../platform/graphql/request-loader.js';
import type { StaffActor } from '../audit/audit.type.js';
import { Allow, CurrentActor, Permission } from '../auth/permission.type.js';
import { HistoryService } from './history.service.js';
import {
  CorrectHistoryInput,
  CorrectHistoryResult,
  RecordHistoryInput,
  RecordNoHistoryInput,
  RecordNoHistoryResult,
  ReferralHistory,
  ReferralHistoryItem,
  RetireHistoryInput,
} from './history.type.js';
import { Referral } from './referral.type.js';

const HISTORY = Symbol('history of referrals');

@Resolver(() => Referral)
export class HistoryResolver {
  constructor(@Inject(HistoryService) private readonly historyService: HistoryService) {}

  @Allow(Permission.READ_REFERRAL)
  @ResolveField(() => [ReferralHistory], {
    description:
      'What the referral says of the time before, kind by kind: not asked, none, or what there is. The look is recorded. Needs READ_REFERRAL.',
  })
  async history(
    @Parent() referral: Referral,
    @CurrentRequest() request: RequestContext,
    @CurrentActor() actor: StaffActor,
  ) {
    const loader = requestLoader(request, HISTORY, (ids) => this.historyService.historyOf(actor, ids));
    return (await loader.load(referral.id)) ?? [];
  }

  @Allow(Permission.RECEIVE_REFERRAL)
  @Mutation(() => ReferralHistoryItem, {
    description:
      'Records one thing of the time before, also when the referral is over. BAD_INPUT names the field. Needs RECEIVE_REFERRAL.',
  })
  recordHistory(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'What the referral says.' }) input: RecordHistoryInput,
  ) {
    return this.historyService.recordHistory(actor, input);
  }

  @Allow(Permission.RECEIVE_REFERRAL)
  @Mutation(() => RecordNoHistoryResult, {
    description:
      'Records that somebody has asked and there is none of a kind. Refused as HistoryNotEmpty. Needs RECEIVE_REFERRAL.',
  })
  recordNoHistory(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'Of which kind.' }) input: RecordNoHistoryInput,
  ) {
    return this.historyService.recordNoHistory(actor, input);
  }

  @Allow(Permission.RECEIVE_REFERRAL)
  @Mutation(() => CorrectHistoryResult, {
    description:
      'Corrects an entry; the earlier one stays in the audit trail. BAD_INPUT names the field. Refused as ReferralContentChanged or ReferralContentRetired. Needs RECEIVE_REFERRAL.',
  })
  correctHistory(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'The entry as it should have been.' }) input: CorrectHistoryInput,
  ) {
    return this.historyService.correctHistory(actor, input);
  }

  @Allow(Permission.RECEIVE_REFERRAL)
  @Mutation(() => CorrectHistoryResult, {
    description:
      'Takes an entry away that does not hold. Refused as ReferralContentChanged or ReferralContentRetired. Needs RECEIVE_REFERRAL.',
  })
  retireHistory(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'Which, and why.' }) input: RetireHistoryInput,
  ) {
    return this.historyService.retireHistory(actor, input);
  }
}
