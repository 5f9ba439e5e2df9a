import { Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { CurrentRequest, type RequestContext } from '../../platform/graphql/request-context.js';
import { Allow, Permission } from '../auth/permission.type.js';
import { NamedResolver, named } from '../auth/staff-name.type.js';
import { AcquisitionNote, CtDose } from './acquisition.type.js';
import { Administration, AdministrationVersion } from './administration.type.js';
import { AdministrationPolicy } from './administration-policy.type.js';
import { ScanOutsideUptake } from './uptake.type.js';

@Resolver(() => AdministrationVersion)
export class AdministrationVersionPeopleResolver extends NamedResolver {
  @Allow(Permission.READ_ADMINISTRATION)
  @ResolveField(() => String, named('the operator who injected', 'READ_ADMINISTRATION'))
  operatorName(@Parent() { operatorId }: AdministrationVersion, @CurrentRequest() request: RequestContext) {
    return this.nameOf(request, operatorId);
  }

  @Allow(Permission.READ_ADMINISTRATION)
  @ResolveField(() => String, named('who wrote the entry', 'READ_ADMINISTRATION'))
  recordedByName(
    @Parent() { recordedById }: AdministrationVersion,
    @CurrentRequest() request: RequestContext,
  ) {
    return this.nameOf(request, recordedById);
  }

  @Allow(Permission.READ_ADMINISTRATION)
  @ResolveField(
    () => String,
    named('the practitioner who agreed to an activity above the plan', 'READ_ADMINISTRATION'),
  )
  departureApprovedByName(
    @Parent() { departureApprovedBy }: AdministrationVersion,
    @CurrentRequest() request: RequestContext,
  ) {
    return this.nameOf(request, departureApprovedBy);
  }
}

@Resolver(() => Administration)
export class AdministrationPeopleResolver extends NamedResolver {
  @Allow(Permission.READ_ADMINISTRATION)
  @ResolveField(() => String, named('the practitioner who decided to inject again', 'READ_ADMINISTRATION'))
  againDecidedByName(
    @Parent() { againDecidedBy }: Administration,
    @CurrentRequest() request: RequestContext,
  ) {
    return this.nameOf(request, againDecidedBy);
  }
}

@Resolver(() => CtDose)
export class CtDosePeopleResolver extends NamedResolver {
  @Allow(Permission.READ_ADMINISTRATION)
  @ResolveField(() => String, named('who entered it', 'READ_ADMINISTRATION'))
  recordedByName(@Parent() { recordedById }: CtDose, @CurrentRequest() request: RequestContext) {
    return this.nameOf(request, recordedById);
  }
}

@Resolver(() => AcquisitionNote)
export class AcquisitionNotePeopleResolver extends NamedResolver {
  @Allow(Permission.READ_ADMINISTRATION)
  @ResolveField(() => String, named('who wrote it', 'READ_ADMINISTRATION'))
  recordedByName(@Parent() { recordedById }: AcquisitionNote, @CurrentRequest() request: RequestContext) {
    return this.nameOf(request, recordedById);
  }
}

@Resolver(() => ScanOutsideUptake)
export class ScanOutsideUptakePeopleResolver extends NamedResolver {
  @Allow(Permission.READ_ADMINISTRATION)
  @ResolveField(() => String, named('who said why it began outside of its window', 'READ_ADMINISTRATION'))
  explainedByName(@Parent() { explainedById }: ScanOutsideUptake, @CurrentRequest() request: RequestContext) {
    return this.nameOf(request, explainedById);
  }
}

@Resolver(() => AdministrationPolicy)
export class AdministrationPolicyPeopleResolver extends NamedResolver {
  @Allow(Permission.READ_ADMINISTRATION)
  @ResolveField(() => String, named('who set it', 'READ_ADMINISTRATION'))
  setByName(@Parent() { setById }: AdministrationPolicy, @CurrentRequest() request: RequestContext) {
    return this.nameOf(request, setById);
  }
}

export const ADMINISTRATION_PEOPLE_RESOLVERS = [
  AdministrationPolicyPeopleResolver,
  AdministrationVersionPeopleResolver,
  AdministrationPeopleResolver,
  CtDosePeopleResolver,
  AcquisitionNotePeopleResolver,
  ScanOutsideUptakePeopleResolver,
] as const;
