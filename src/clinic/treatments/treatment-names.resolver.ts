import { Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { CurrentRequest, type RequestContext } from '../../platform/graphql/request-context.js';
import { Allow, Permission } from '../auth/permission.type.js';
import { NamedResolver, named } from '../auth/staff-name.type.js';
import { Complication, SafetyPause, Treatment, TreatmentPlan, TreatmentRecord } from './treatment.type.js';
import { TreatmentAgent, TreatmentPolicy } from './treatment-policy.type.js';

@Resolver(() => Treatment)
export class TreatmentNamesResolver extends NamedResolver {
  @Allow(Permission.READ_TREATMENT)
  @ResolveField(() => String, named('who asked for it', 'READ_TREATMENT'))
  requestedByName(@Parent() { requestedById }: Treatment, @CurrentRequest() request: RequestContext) {
    return this.nameOf(request, requestedById);
  }

  @Allow(Permission.READ_TREATMENT)
  @ResolveField(() => String, named('who started it', 'READ_TREATMENT'))
  startedByName(@Parent() { startedById }: Treatment, @CurrentRequest() request: RequestContext) {
    return this.nameOf(request, startedById);
  }

  @Allow(Permission.READ_TREATMENT)
  @ResolveField(() => String, named('who recorded its end', 'READ_TREATMENT'))
  endedByName(@Parent() { endedById }: Treatment, @CurrentRequest() request: RequestContext) {
    return this.nameOf(request, endedById);
  }
}

@Resolver(() => TreatmentPlan)
export class TreatmentPlanNamesResolver extends NamedResolver {
  @Allow(Permission.READ_TREATMENT)
  @ResolveField(() => String, named('who planned it', 'READ_TREATMENT'))
  plannedByName(@Parent() { plannedById }: TreatmentPlan, @CurrentRequest() request: RequestContext) {
    return this.nameOf(request, plannedById);
  }
}

@Resolver(() => SafetyPause)
export class SafetyPauseNamesResolver extends NamedResolver {
  @Allow(Permission.READ_TREATMENT)
  @ResolveField(() => String, named('who recorded it', 'READ_TREATMENT'))
  recordedByName(@Parent() { recordedById }: SafetyPause, @CurrentRequest() request: RequestContext) {
    return this.nameOf(request, recordedById);
  }
}

@Resolver(() => TreatmentRecord)
export class TreatmentRecordNamesResolver extends NamedResolver {
  @Allow(Permission.READ_TREATMENT)
  @ResolveField(() => String, named('who held the needle', 'READ_TREATMENT'))
  operatorName(@Parent() { operatorId }: TreatmentRecord, @CurrentRequest() request: RequestContext) {
    return this.nameOf(request, operatorId);
  }

  @Allow(Permission.READ_TREATMENT)
  @ResolveField(() => String, named('who recorded it', 'READ_TREATMENT'))
  recordedByName(@Parent() { recordedById }: TreatmentRecord, @CurrentRequest() request: RequestContext) {
    return this.nameOf(request, recordedById);
  }
}

@Resolver(() => Complication)
export class ComplicationNamesResolver extends NamedResolver {
  @Allow(Permission.READ_TREATMENT)
  @ResolveField(() => String, named('who recorded it', 'READ_TREATMENT'))
  recordedByName(@Parent() { recordedById }: Complication, @CurrentRequest() request: RequestContext) {
    return this.nameOf(request, recordedById);
  }
}

@Resolver(() => TreatmentPolicy)
export class TreatmentPolicyNamesResolver extends NamedResolver {
  @Allow(Permission.READ_TREATMENT)
  @ResolveField(() => String, named('who set it', 'READ_TREATMENT'))
  setByName(@Parent() { setById }: TreatmentPolicy, @CurrentRequest() request: RequestContext) {
    return this.nameOf(request, setById);
  }
}

@Resolver(() => TreatmentAgent)
export class TreatmentAgentNamesResolver extends NamedResolver {
  @Allow(Permission.READ_TREATMENT)
  @ResolveField(() => String, named('who set it', 'READ_TREATMENT'))
  setByName(@Parent() { setById }: TreatmentAgent, @CurrentRequest() request: RequestContext) {
    return this.nameOf(request, setById);
  }
}

/** Who did what, by name. */
export const TREATMENT_NAMES_RESOLVERS = [
  TreatmentNamesResolver,
  TreatmentPlanNamesResolver,
  SafetyPauseNamesResolver,
  TreatmentRecordNamesResolver,
  ComplicationNamesResolver,
  TreatmentPolicyNamesResolver,
  TreatmentAgentNamesResolver,
] as const;
