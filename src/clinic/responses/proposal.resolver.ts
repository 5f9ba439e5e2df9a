import { Inject } from '@nestjs/common';
import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import { PageInput } from '../../platform/graphql/page.type.js';
import type { StaffActor } from '../audit/audit.type.js';
import { Allow, CurrentActor, Permission } from '../auth/permission.type.js';
import { ProposalService } from './proposal.service.js';
import {
  DeclineProposalInput,
  DeclineProposalResult,
  TakeProposalInput,
  TakeProposalResult,
  TreatmentProposalFilterInput,
  TreatmentProposalPage,
} from './proposal.type.js';
import { TreatmentProposal } from './response.type.js';

@Resolver(() => TreatmentProposal)
export class ProposalResolver {
  constructor(@Inject(ProposalService) private readonly proposals: ProposalService) {}

  @Allow(Permission.READ_RESPONSE)
  @Query(() => TreatmentProposalPage, {
    description:
      'Treatments that responses propose, the newest first. The look is recorded. Needs READ_RESPONSE.',
  })
  treatmentProposals(
    @CurrentActor() actor: StaffActor,
    @Args('filter', {
      type: () => TreatmentProposalFilterInput,
      defaultValue: {},
      description: 'Narrows the list.',
    })
    filter: TreatmentProposalFilterInput,
    @Args('page', { type: () => PageInput, defaultValue: {}, description: 'Which part of the list.' })
    page: PageInput,
  ) {
    return this.proposals.treatmentProposals(actor, filter, page);
  }

  @Allow(Permission.REQUEST_TREATMENT)
  @Mutation(() => TakeProposalResult, {
    description:
      'Takes a proposal up: the treatment is asked for, for the same referral and at the places that were treated, each with its finding. Refused as ' +
      'ProposalSettled, ResponseChanged, or as `requestTreatment` is. Needs REQUEST_TREATMENT.',
  })
  takeProposal(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'Which proposal, and what the request says.' }) input: TakeProposalInput,
  ) {
    return this.proposals.takeProposal(actor, input);
  }

  @Allow(Permission.REQUEST_TREATMENT)
  @Mutation(() => DeclineProposalResult, {
    description:
      'Says no to a proposal, with a reason. Refused as ProposalSettled or ResponseChanged. Needs REQUEST_TREATMENT.',
  })
  declineProposal(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'Which proposal, and why.' }) input: DeclineProposalInput,
  ) {
    return this.proposals.declineProposal(actor, input);
  }
}
