import { Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { CurrentRequest, type RequestContext } from '../../platform/graphql/request-context.js';
import { Allow, Permission } from '../auth/permission.type.js';
import { NamedResolver, named } from '../auth/staff-name.type.js';
import { BatchUse, TracerBatch } from './batch.type.js';
import { DoseOrderVersion } from './dose-order.type.js';
import { DoseProtocol } from './dose-protocol.type.js';
import { HalfLifeVersion } from './radionuclide.type.js';
import { DoseSupplierTerms } from './supplier.type.js';

@Resolver(() => TracerBatch)
export class TracerBatchPeopleResolver extends NamedResolver {
  @Allow(Permission.READ_RADIOPHARMACY)
  @ResolveField(() => String, named('who received it', 'READ_RADIOPHARMACY'))
  receivedByName(@Parent() { receivedById }: TracerBatch, @CurrentRequest() request: RequestContext) {
    return this.nameOf(request, receivedById);
  }
}

@Resolver(() => BatchUse)
export class BatchUsePeopleResolver extends NamedResolver {
  @Allow(Permission.READ_RADIOPHARMACY)
  @ResolveField(() => String, named('who recorded it', 'READ_RADIOPHARMACY'))
  recordedByName(@Parent() { recordedById }: BatchUse, @CurrentRequest() request: RequestContext) {
    return this.nameOf(request, recordedById);
  }
}

@Resolver(() => DoseOrderVersion)
export class DoseOrderVersionPeopleResolver extends NamedResolver {
  @Allow(Permission.READ_RADIOPHARMACY)
  @ResolveField(() => String, named('who sent it', 'READ_RADIOPHARMACY'))
  sentByName(@Parent() { sentById }: DoseOrderVersion, @CurrentRequest() request: RequestContext) {
    return this.nameOf(request, sentById);
  }
}

@Resolver(() => DoseProtocol)
export class DoseProtocolPeopleResolver extends NamedResolver {
  @Allow(Permission.READ_RADIOPHARMACY)
  @ResolveField(() => String, named('who set it', 'READ_RADIOPHARMACY'))
  setByName(@Parent() { setById }: DoseProtocol, @CurrentRequest() request: RequestContext) {
    return this.nameOf(request, setById);
  }
}

@Resolver(() => HalfLifeVersion)
export class HalfLifeVersionPeopleResolver extends NamedResolver {
  @Allow(Permission.READ_RADIOPHARMACY)
  @ResolveField(() => String, named('who set it', 'READ_RADIOPHARMACY'))
  setByName(@Parent() { setById }: HalfLifeVersion, @CurrentRequest() request: RequestContext) {
    return this.nameOf(request, setById);
  }
}

@Resolver(() => DoseSupplierTerms)
export class DoseSupplierTermsPeopleResolver extends NamedResolver {
  @Allow(Permission.READ_RADIOPHARMACY)
  @ResolveField(() => String, named('who set it', 'READ_RADIOPHARMACY'))
  setByName(@Parent() { setById }: DoseSupplierTerms, @CurrentRequest() request: RequestContext) {
    return this.nameOf(request, setById);
  }
}

export const RADIOPHARMACY_PEOPLE_RESOLVERS = [
  DoseProtocolPeopleResolver,
  HalfLifeVersionPeopleResolver,
  DoseSupplierTermsPeopleResolver,
  TracerBatchPeopleResolver,
  BatchUsePeopleResolver,
  DoseOrderVersionPeopleResolver,
] as const;
