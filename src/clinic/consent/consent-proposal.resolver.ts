import { Inject } from '@nestjs/common';
import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import { ConsentProposalStatus } from '../../platform/database/generated/enums.js';
import { PageInput } from '../../platform/graphql/page.type.js';
import type { StaffActor } from '../audit/audit.type.js';
import { Allow, CurrentActor, Permission } from '../auth/permission.type.js';
import { ConsentProposalService } from './consent-proposal.service.js';
import {
  ConsentWordingProposal,
  ConsentWordingProposalPage,
  DiscardConsentWordingInput,
  DiscardConsentWordingResult,
  ProposeConsentWordingInput,
  ProposeConsentWordingResult,
  PublishConsentWordingInput,
  PublishConsentWordingResult,
} from './consent-proposal.type.js';

@Resolver(() => ConsentWordingProposal)
export class ConsentProposalResolver {
  constructor(@Inject(ConsentProposalService) private readonly proposalService: ConsentProposalService) {}

  @Allow(Permission.MANAGE_CONSENT)
  @Query(() => ConsentWordingProposalPage, {
    description: 'Proposed wordings, the latest first. Needs MANAGE_CONSENT.',
  })
  consentWordingProposals(
    @Args('status', {
      type: () => ConsentProposalStatus,
      nullable: true,
      description: 'Only those of this status; all when left out.',
    })
    status: ConsentProposalStatus | null,
    @Args('page', { type: () => PageInput, defaultValue: {}, description: 'Which part of the list.' })
    page: PageInput,
  ) {
    return this.proposalService.proposals(status ?? null, page);
  }

  @Allow(Permission.MANAGE_CONSENT)
  @Mutation(() => ProposeConsentWordingResult, {
    description:
      'Proposes a text to ask people. Nothing is asked with it before it is published. Refused as WordingVersionTaken. Needs MANAGE_CONSENT.',
  })
  proposeConsentWording(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'The text.' }) input: ProposeConsentWordingInput,
  ) {
    return this.proposalService.proposeConsentWording(actor, input);
  }

  @Allow(Permission.MANAGE_CONSENT)
  @Mutation(() => PublishConsentWordingResult, {
    description:
      'Publishes a proposed text exactly as it is; nobody can edit it afterwards. Refused as ProposalAlreadySettled, WordingDiffers or WordingVersionTaken. Needs MANAGE_CONSENT.',
  })
  publishConsentWording(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'The proposal, and the text that was read.' })
    input: PublishConsentWordingInput,
  ) {
    return this.proposalService.publishConsentWording(actor, input);
  }

  @Allow(Permission.MANAGE_CONSENT)
  @Mutation(() => DiscardConsentWordingResult, {
    description:
      'Discards a proposed text, with a reason. Refused as ProposalAlreadySettled. Needs MANAGE_CONSENT.',
  })
  discardConsentWording(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'The proposal and the reason.' }) input: DiscardConsentWordingInput,
  ) {
    return this.proposalService.discardConsentWording(actor, input);
  }
}
