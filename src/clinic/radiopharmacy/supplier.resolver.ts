import { Inject } from '@nestjs/common';
import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import type { StaffActor } from '../audit/audit.type.js';
import { Allow, CurrentActor, Permission } from '../auth/permission.type.js';
import { SupplierService } from './supplier.service.js';
import {
  AddDoseSupplierInput,
  AddDoseSupplierResult,
  ChangeDoseSupplierContactInput,
  DoseSupplier,
  SetDoseSupplyInput,
  SetDoseSupplyResult,
  SetSupplierTermsInput,
  SetSupplierTermsResult,
} from './supplier.type.js';
import { SupplierChangeService } from './supplier-change.service.js';

@Resolver(() => DoseSupplier)
export class SupplierResolver {
  constructor(
    @Inject(SupplierService) private readonly suppliers: SupplierService,
    @Inject(SupplierChangeService) private readonly changes: SupplierChangeService,
  ) {}

  @Allow(Permission.READ_RADIOPHARMACY)
  @Query(() => [DoseSupplier], {
    description:
      'Suppliers with their terms and what they supply to which site, past and coming rows too. Needs READ_RADIOPHARMACY.',
  })
  doseSuppliers() {
    return this.suppliers.doseSuppliers();
  }

  @Allow(Permission.MANAGE_RADIOPHARMACY)
  @Mutation(() => AddDoseSupplierResult, {
    description: 'Adds a supplier. Refused as SupplierCodeTaken. Needs MANAGE_RADIOPHARMACY.',
  })
  addDoseSupplier(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'The supplier.' }) input: AddDoseSupplierInput,
  ) {
    return this.changes.addDoseSupplier(actor, input);
  }

  @Allow(Permission.MANAGE_RADIOPHARMACY)
  @Mutation(() => DoseSupplier, {
    description: 'Changes how a supplier is reached. Needs MANAGE_RADIOPHARMACY.',
  })
  changeDoseSupplierContact(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'How it is reached.' }) input: ChangeDoseSupplierContactInput,
  ) {
    return this.changes.changeDoseSupplierContact(actor, input);
  }

  @Allow(Permission.MANAGE_RADIOPHARMACY)
  @Mutation(() => SetSupplierTermsResult, {
    description:
      'Sets cut-off and deliveries of a supplier from a day of delivery on. The doses of visits that are booked already ' +
      'follow. Refused as SupplyInThePast or SupplyAlreadySet. Needs MANAGE_RADIOPHARMACY.',
  })
  setSupplierTerms(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'The terms.' }) input: SetSupplierTermsInput,
  ) {
    return this.changes.setSupplierTerms(actor, input);
  }

  @Allow(Permission.MANAGE_RADIOPHARMACY)
  @Mutation(() => SetDoseSupplyResult, {
    description:
      'Says who supplies a tracer to a site from a day on; the doses of visits that are booked already follow. Refused as SupplyInThePast or SupplyAlreadySet. Needs ' +
      'MANAGE_RADIOPHARMACY.',
  })
  setDoseSupply(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'Who supplies what to which site.' }) input: SetDoseSupplyInput,
  ) {
    return this.changes.setDoseSupply(actor, input);
  }
}
