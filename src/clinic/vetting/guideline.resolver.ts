import { Inject } from '@nestjs/common';
import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import type { StaffActor } from '../audit/audit.type.js';
import { Allow, CurrentActor, Permission } from '../auth/permission.type.js';
import { GuidelineService } from './guideline.service.js';
import {
  AuthoriseUnderGuidelineInput,
  AuthoriseUnderGuidelineResult,
  EndVettingGuidelineInput,
  EndVettingGuidelineResult,
  IssueVettingGuidelineInput,
  IssueVettingGuidelineResult,
  VettingGuideline,
  VettingGuidelineFilterInput,
} from './guideline.type.js';
import { GuidelineAuthorisationService } from './guideline-authorisation.service.js';

@Resolver(() => VettingGuideline)
export class GuidelineResolver {
  constructor(
    @Inject(GuidelineService) private readonly guidelines: GuidelineService,
    @Inject(GuidelineAuthorisationService) private readonly authorisations: GuidelineAuthorisationService,
  ) {}

  @Allow(Permission.READ_VETTING)
  @Query(() => [VettingGuideline], {
    description:
      'Guidelines under which operators authorise, every version, by code, the newest first. Needs READ_VETTING.',
  })
  vettingGuidelines(
    @Args('filter', {
      type: () => VettingGuidelineFilterInput,
      defaultValue: {},
      description: 'Narrows the list.',
    })
    filter: VettingGuidelineFilterInput,
  ) {
    return this.guidelines.vettingGuidelines(filter);
  }

  @Allow(Permission.VET_REQUEST)
  @Mutation(() => IssueVettingGuidelineResult, {
    description:
      'Issues a guideline, or its next version, as the practitioner who answers for it; what was authorised under an earlier version stays so. You must be entitled to justify and licensed for each procedure at the site. Refused as GuidelineIssuedMeanwhile, GuidelineInThePast, NotEntitledToAct, NoPractitionerLicence, SiteNotSaid or SiteRetired. Needs VET_REQUEST.',
  })
  issueVettingGuideline(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'The guideline.' }) input: IssueVettingGuidelineInput,
  ) {
    return this.guidelines.issueVettingGuideline(actor, input);
  }

  @Allow(Permission.VET_REQUEST)
  @Mutation(() => EndVettingGuidelineResult, {
    description:
      'Has nothing more authorised under a version of a guideline from a day on; what was stays so. Refused as GuidelineEndedBefore or GuidelineInThePast. Needs VET_REQUEST.',
  })
  endVettingGuideline(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'Which, from when and why.' }) input: EndVettingGuidelineInput,
  ) {
    return this.guidelines.endVettingGuideline(actor, input);
  }

  @Allow(Permission.VET_REQUEST)
  @Mutation(() => AuthoriseUnderGuidelineResult, {
    description:
      'Authorises an exposure as an operator under a guideline that covers it. Where no practitioner has justified it, the guideline does, and its issuer must be entitled and licensed today. Refused as ImagingRequestNotPossible, ImagingRequestChangedMeanwhile, ImagingRequestClaimedByAnother, ExposureHasBegun, ImagingRequestIncomplete, NotEntitledToAct, NoPractitionerLicence or GuidelineDoesNotApply. Needs VET_REQUEST.',
  })
  authoriseUnderGuideline(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'Which request, under which guideline, and how it meets it.' })
    input: AuthoriseUnderGuidelineInput,
  ) {
    return this.authorisations.authoriseUnderGuideline(actor, input);
  }
}
