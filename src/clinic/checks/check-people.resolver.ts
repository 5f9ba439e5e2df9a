import { Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { CurrentRequest, type RequestContext } from '../../platform/graphql/request-context.js';
import { Allow, Permission } from '../auth/permission.type.js';
import { NamedResolver } from '../auth/staff-name.type.js';
import {
  BreastFeedingEnquiry,
  CheckDecision,
  CheckWitness,
  IdentityCheck,
  PregnancyEnquiry,
  SafetyCheck,
} from './check.type.js';

const MADE_BY = {
  nullable: true,
  description: 'Name of who asked or looked; null: there is no such account any more. Needs READ_CHECK.',
} as const;

@Resolver(() => IdentityCheck)
export class IdentityCheckPeopleResolver extends NamedResolver {
  @Allow(Permission.READ_CHECK)
  @ResolveField(() => String, MADE_BY)
  madeByName(@Parent() { madeById }: IdentityCheck, @CurrentRequest() request: RequestContext) {
    return this.nameOf(request, madeById);
  }
}

@Resolver(() => PregnancyEnquiry)
export class PregnancyEnquiryPeopleResolver extends NamedResolver {
  @Allow(Permission.READ_CHECK)
  @ResolveField(() => String, MADE_BY)
  madeByName(@Parent() { madeById }: PregnancyEnquiry, @CurrentRequest() request: RequestContext) {
    return this.nameOf(request, madeById);
  }
}

@Resolver(() => BreastFeedingEnquiry)
export class BreastFeedingEnquiryPeopleResolver extends NamedResolver {
  @Allow(Permission.READ_CHECK)
  @ResolveField(() => String, MADE_BY)
  madeByName(@Parent() { madeById }: BreastFeedingEnquiry, @CurrentRequest() request: RequestContext) {
    return this.nameOf(request, madeById);
  }
}

@Resolver(() => SafetyCheck)
export class SafetyCheckPeopleResolver extends NamedResolver {
  @Allow(Permission.READ_CHECK)
  @ResolveField(() => String, MADE_BY)
  madeByName(@Parent() { madeById }: SafetyCheck, @CurrentRequest() request: RequestContext) {
    return this.nameOf(request, madeById);
  }
}

@Resolver(() => CheckDecision)
export class CheckDecisionPeopleResolver extends NamedResolver {
  @Allow(Permission.READ_CHECK)
  @ResolveField(() => String, {
    nullable: true,
    description: 'Name of who decided; null: there is no such account any more. Needs READ_CHECK.',
  })
  decidedByName(@Parent() { decidedById }: CheckDecision, @CurrentRequest() request: RequestContext) {
    return this.nameOf(request, decidedById);
  }
}

@Resolver(() => CheckWitness)
export class CheckWitnessPeopleResolver extends NamedResolver {
  @Allow(Permission.READ_CHECK)
  @ResolveField(() => String, {
    nullable: true,
    description: 'Name of the witness; null: there is no such account any more. Needs READ_CHECK.',
  })
  witnessedByName(@Parent() { witnessedById }: CheckWitness, @CurrentRequest() request: RequestContext) {
    return this.nameOf(request, witnessedById);
  }
}

export const CHECK_PEOPLE_RESOLVERS = [
  IdentityCheckPeopleResolver,
  PregnancyEnquiryPeopleResolver,
  BreastFeedingEnquiryPeopleResolver,
  SafetyCheckPeopleResolver,
  CheckDecisionPeopleResolver,
  CheckWitnessPeopleResolver,
];
