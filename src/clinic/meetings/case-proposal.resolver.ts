import { Inject } from '@nestjs/common';
import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import { CaseProposalStatus } from '../../platform/database/generated/enums.js';
import { PageInput } from '../../platform/graphql/page.type.js';
import type { StaffActor } from '../audit/audit.type.js';
import { Allow, CurrentActor, Permission } from '../auth/permission.type.js';
import { CaseProposalService } from './case-proposal.service.js';
import {
  AcceptProposalInput,
  AcceptProposalResult,
  CaseProposal,
  CaseProposalPage,
  DismissProposalInput,
  DismissProposalResult,
  ProposeForTeamInput,
  ProposeForTeamResult,
} from './case-proposal.type.js';

@Resolver(() => CaseProposal)
export class CaseProposalResolver {
  constructor(@Inject(CaseProposalService) private readonly proposals: CaseProposalService) {}

  @Allow(Permission.READ_MEETING)
  @Query(() => CaseProposalPage, {
    description:
      'Who ought to be brought before the team, the oldest first. The look is recorded. Needs READ_MEETING.',
  })
  caseProposals(
    @CurrentActor() actor: StaffActor,
    @Args('status', {
      type: () => CaseProposalStatus,
      nullable: true,
      description: 'Only those that stand so. Left out: all.',
    })
    status: CaseProposalStatus | null,
    @Args('page', { type: () => PageInput, defaultValue: {}, description: 'Which part of the list.' })
    page: PageInput,
  ) {
    return this.proposals.caseProposals(actor, status ?? null, page);
  }

  @Allow(Permission.PREPARE_CASE)
  @Mutation(() => ProposeForTeamResult, {
    description:
      'Proposes a patient for the team: one proposal for each source. Refused as AlreadyProposed. Needs PREPARE_CASE.',
  })
  proposeForTeam(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'Who, from what, and why.' }) input: ProposeForTeamInput,
  ) {
    return this.proposals.proposeForTeam(actor, input);
  }

  @Allow(Permission.PREPARE_CASE)
  @Mutation(() => AcceptProposalResult, {
    description: 'Makes a case of a proposal. Refused as CaseProposalAlreadySettled. Needs PREPARE_CASE.',
  })
  acceptProposal(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'Which, and what the team is asked.' }) input: AcceptProposalInput,
  ) {
    return this.proposals.acceptProposal(actor, input);
  }

  @Allow(Permission.PREPARE_CASE)
  @Mutation(() => DismissProposalResult, {
    description:
      'Says that a proposal is no matter for the team, and why. Refused as CaseProposalAlreadySettled. Needs PREPARE_CASE.',
  })
  dismissProposal(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'Which, and why.' }) input: DismissProposalInput,
  ) {
    return this.proposals.dismissProposal(actor, input);
  }
}
