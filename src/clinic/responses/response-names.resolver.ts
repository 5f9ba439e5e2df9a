import { Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { CurrentRequest, type RequestContext } from '../../platform/graphql/request-context.js';
import { Allow, Permission } from '../auth/permission.type.js';
import { NamedResolver, named } from '../auth/staff-name.type.js';
import { DiaryPolicy, LearningPolicy } from './diary-policy.type.js';
import { DiaryEntry, ResponseJudgement, TreatmentProposal } from './response.type.js';

@Resolver(() => DiaryEntry)
export class DiaryEntryNamesResolver extends NamedResolver {
  @Allow(Permission.READ_RESPONSE)
  @ResolveField(() => String, named('who settled it', 'READ_RESPONSE'))
  settledByName(@Parent() { settledById }: DiaryEntry, @CurrentRequest() request: RequestContext) {
    return this.nameOf(request, settledById);
  }
}

@Resolver(() => ResponseJudgement)
export class ResponseJudgementNamesResolver extends NamedResolver {
  @Allow(Permission.READ_RESPONSE)
  @ResolveField(() => String, named('who recorded the last figure', 'READ_RESPONSE'))
  judgedByName(@Parent() { judgedById }: ResponseJudgement, @CurrentRequest() request: RequestContext) {
    return this.nameOf(request, judgedById);
  }
}

@Resolver(() => TreatmentProposal)
export class TreatmentProposalNamesResolver extends NamedResolver {
  @Allow(Permission.READ_RESPONSE)
  @ResolveField(() => String, named('who settled it', 'READ_RESPONSE'))
  settledByName(@Parent() { settledById }: TreatmentProposal, @CurrentRequest() request: RequestContext) {
    return this.nameOf(request, settledById);
  }
}

@Resolver(() => DiaryPolicy)
export class DiaryPolicyNamesResolver extends NamedResolver {
  @Allow(Permission.READ_TREATMENT)
  @ResolveField(() => String, named('who set it', 'READ_TREATMENT'))
  setByName(@Parent() { setById }: DiaryPolicy, @CurrentRequest() request: RequestContext) {
    return this.nameOf(request, setById);
  }
}

@Resolver(() => LearningPolicy)
export class LearningPolicyNamesResolver extends NamedResolver {
  @Allow(Permission.READ_LEARNING)
  @ResolveField(() => String, named('who set it', 'READ_LEARNING'))
  setByName(@Parent() { setById }: LearningPolicy, @CurrentRequest() request: RequestContext) {
    return this.nameOf(request, setById);
  }
}

/** Who did what, by name. */
export const RESPONSE_NAMES_RESOLVERS = [
  DiaryEntryNamesResolver,
  ResponseJudgementNamesResolver,
  TreatmentProposalNamesResolver,
  DiaryPolicyNamesResolver,
  LearningPolicyNamesResolver,
] as const;
