import { Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { CurrentRequest, type RequestContext } from '../../platform/graphql/request-context.js';
import { Allow, Permission } from '../auth/permission.type.js';
import { NamedResolver, named } from '../auth/staff-name.type.js';
import { Entitlement } from './duty.type.js';
import { Licence } from './licence.type.js';

@Resolver(() => Licence)
export class LicenceNamesResolver extends NamedResolver {
  @Allow(Permission.READ_ENTITLEMENT)
  @ResolveField(() => String, named('who recorded it', 'READ_ENTITLEMENT'))
  recordedByName(@Parent() { recordedById }: Licence, @CurrentRequest() request: RequestContext) {
    return this.nameOf(request, recordedById);
  }

  @Allow(Permission.READ_ENTITLEMENT)
  @ResolveField(() => String, named('who ended it', 'READ_ENTITLEMENT'))
  endedByName(@Parent() { endedById }: Licence, @CurrentRequest() request: RequestContext) {
    return this.nameOf(request, endedById);
  }
}

@Resolver(() => Entitlement)
export class EntitlementNamesResolver extends NamedResolver {
  @Allow(Permission.READ_ENTITLEMENT)
  @ResolveField(() => String, named('who gave it', 'READ_ENTITLEMENT'))
  entitledByName(@Parent() { entitledById }: Entitlement, @CurrentRequest() request: RequestContext) {
    return this.nameOf(request, entitledById);
  }

  @Allow(Permission.READ_ENTITLEMENT)
  @ResolveField(() => String, named('who ended it', 'READ_ENTITLEMENT'))
  endedByName(@Parent() { endedById }: Entitlement, @CurrentRequest() request: RequestContext) {
    return this.nameOf(request, endedById);
  }
}

export const ENTITLEMENT_NAMES_RESOLVERS = [LicenceNamesResolver, EntitlementNamesResolver] as const;
