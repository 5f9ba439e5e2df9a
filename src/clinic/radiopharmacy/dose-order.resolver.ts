import { Inject } from '@nestjs/common';
import { Args, ID, Mutation, Query, Resolver } from '@nestjs/graphql';
import { LocalDate } from '../../platform/graphql/scalars.js';
import type { StaffActor } from '../audit/audit.type.js';
import { Allow, CurrentActor, Permission } from '../auth/permission.type.js';
import { DoseOrderService } from './dose-order.service.js';
import {
  AmendDoseOrderInput,
  AmendDoseOrderResult,
  CancelDoseOrderInput,
  CancelDoseOrderResult,
  DoseOrder,
  DoseOrderSheet,
  SendDoseOrderInput,
  SendDoseOrderResult,
} from './dose-order.type.js';
import { DoseOrderSheetService } from './dose-order-sheet.service.js';

@Resolver(() => DoseOrder)
export class DoseOrderResolver {
  constructor(
    @Inject(DoseOrderService) private readonly orders: DoseOrderService,
    @Inject(DoseOrderSheetService) private readonly sheets: DoseOrderSheetService,
  ) {}

  @Allow(Permission.READ_RADIOPHARMACY)
  @Query(() => DoseOrderSheet, {
    description:
      'The order of a day as it would go out now, beside what the supplier has, and as text. The look is recorded. Needs ' +
      'READ_RADIOPHARMACY.',
  })
  doseOrderSheet(
    @CurrentActor() actor: StaffActor,
    @Args('supplierId', { type: () => ID, description: 'Id of the supplier.' }) supplierId: string,
    @Args('siteCode', { type: () => String, description: 'Code of the site.' }) siteCode: string,
    @Args('heldOn', { type: () => LocalDate, description: 'Day of the delivery and the injections.' })
    heldOn: string,
  ) {
    return this.sheets.doseOrderSheet(actor, supplierId, siteCode, heldOn);
  }

  @Allow(Permission.READ_RADIOPHARMACY)
  @Query(() => [DoseOrder], {
    description:
      'Orders for days from one to another, both included, with every sheet that went out. At most 92 days. Needs ' +
      'READ_RADIOPHARMACY.',
  })
  doseOrders(
    @Args('from', { type: () => LocalDate, description: 'First day of delivery.' }) from: string,
    @Args('until', { type: () => LocalDate, description: 'Last day of delivery.' }) until: string,
  ) {
    return this.sheets.doseOrders(from, until);
  }

  @Allow(Permission.RUN_RADIOPHARMACY)
  @Mutation(() => SendDoseOrderResult, {
    description:
      'Sends what is wanted of a day to the supplier. Refused as NothingToOrder, DoseOrderAlreadySent, DoseWeightMissing, or ' +
      'DoseOrderCutOffPassed when nobody there agreed. Needs RUN_RADIOPHARMACY.',
  })
  sendDoseOrder(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'Supplier, site and day.' }) input: SendDoseOrderInput,
  ) {
    return this.orders.sendDoseOrder(actor, input);
  }

  @Allow(Permission.RUN_RADIOPHARMACY)
  @Mutation(() => AmendDoseOrderResult, {
    description:
      'Sends what is wanted now in place of what the supplier has; after the cut-off, what nobody can use counts as wasted. ' +
      'Refused as DoseOrderNotSent, DoseOrderChanged, DoseOrderUnchanged, NothingToOrder, DoseWeightMissing, or ' +
      'DoseOrderCutOffPassed when nobody there agreed. Needs RUN_RADIOPHARMACY.',
  })
  amendDoseOrder(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'Supplier, site, day and the version that was looked at.' })
    input: AmendDoseOrderInput,
  ) {
    return this.orders.amendDoseOrder(actor, input);
  }

  @Allow(Permission.RUN_RADIOPHARMACY)
  @Mutation(() => CancelDoseOrderResult, {
    description:
      'Tells the supplier to deliver nothing for a day; after the cut-off all of it counts as wasted, unless it takes it back. ' +
      'Refused as DoseOrderNotSent or DoseOrderChanged. Needs RUN_RADIOPHARMACY.',
  })
  cancelDoseOrder(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'Supplier, site, day and the version that was looked at.' })
    input: CancelDoseOrderInput,
  ) {
    return this.orders.cancelDoseOrder(actor, input);
  }
}
