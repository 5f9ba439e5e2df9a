import { Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { CurrentRequest, type RequestContext } from '../../platform/graphql/request-context.js';
import { Allow, Permission } from '../auth/permission.type.js';
import { NamedResolver, named } from '../auth/staff-name.type.js';
import { OutcomeScore } from './outcome.type.js';
import { RiskTask, RiskTaskEvent } from './risk-task.type.js';

@Resolver(() => OutcomeScore)
export class OutcomeScoreNamesResolver extends NamedResolver {
  @Allow(Permission.READ_OUTCOME)
  @ResolveField(() => String, named('who recorded it', 'READ_OUTCOME'))
  recordedByName(@Parent() { recordedById }: OutcomeScore, @CurrentRequest() request: RequestContext) {
    return this.nameOf(request, recordedById);
  }
}

@Resolver(() => RiskTask)
export class RiskTaskNamesResolver extends NamedResolver {
  @Allow(Permission.READ_OUTCOME)
  @ResolveField(() => String, named('who recorded the answers', 'READ_OUTCOME'))
  raisedByName(@Parent() { raisedById }: RiskTask, @CurrentRequest() request: RequestContext) {
    return this.nameOf(request, raisedById);
  }

  @Allow(Permission.READ_OUTCOME)
  @ResolveField(() => String, named('who has it', 'READ_OUTCOME'))
  claimedByName(@Parent() { claimedById }: RiskTask, @CurrentRequest() request: RequestContext) {
    return this.nameOf(request, claimedById);
  }

  @Allow(Permission.READ_OUTCOME)
  @ResolveField(() => String, named('who closed it', 'READ_OUTCOME'))
  closedByName(@Parent() { closedById }: RiskTask, @CurrentRequest() request: RequestContext) {
    return this.nameOf(request, closedById);
  }
}

@Resolver(() => RiskTaskEvent)
export class RiskTaskEventNamesResolver extends NamedResolver {
  @Allow(Permission.READ_OUTCOME)
  @ResolveField(() => String, named('who did it', 'READ_OUTCOME'))
  byName(@Parent() { byId }: RiskTaskEvent, @CurrentRequest() request: RequestContext) {
    return this.nameOf(request, byId);
  }
}

export const OUTCOME_NAMES_RESOLVERS = [
  OutcomeScoreNamesResolver,
  RiskTaskNamesResolver,
  RiskTaskEventNamesResolver,
] as const;
