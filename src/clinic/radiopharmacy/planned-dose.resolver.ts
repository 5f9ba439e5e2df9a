import { Inject } from '@nestjs/common';
import { Args, ID, Query, Resolver } from '@nestjs/graphql';
import { LocalDate } from '../../platform/graphql/scalars.js';
import type { StaffActor } from '../audit/audit.type.js';
import { Allow, CurrentActor, Permission } from '../auth/permission.type.js';
import { PlannedDoseService } from './planned-dose.service.js';
import { PlannedDose } from './planned-dose.type.js';
import { WastedDoseService } from './wasted-dose.service.js';
import { WastedDoseReport } from './wasted-dose.type.js';

@Resolver(() => PlannedDose)
export class PlannedDoseResolver {
  constructor(
    @Inject(PlannedDoseService) private readonly doses: PlannedDoseService,
    @Inject(WastedDoseService) private readonly wasted: WastedDoseService,
  ) {}

  @Allow(Permission.READ_RADIOPHARMACY)
  @Query(() => [PlannedDose], {
    description:
      'The doses of a day by time, with what stands in the way of each. The look is recorded. Needs READ_RADIOPHARMACY.',
  })
  plannedDoses(
    @CurrentActor() actor: StaffActor,
    @Args('on', { type: () => LocalDate, description: 'Day of the injections.' }) on: string,
    @Args('siteCode', {
      type: () => String,
      nullable: true,
      description: 'Only at this site; left out: at all.',
    })
    siteCode?: string | null,
  ) {
    return this.doses.plannedDoses(actor, on, siteCode ?? null);
  }

  @Allow(Permission.READ_RADIOPHARMACY)
  @Query(() => PlannedDose, {
    nullable: true,
    description: 'The dose of a visit; null: it takes none. The look is recorded. Needs READ_RADIOPHARMACY.',
  })
  plannedDose(
    @CurrentActor() actor: StaffActor,
    @Args('visitId', { type: () => ID, description: 'Id of the visit, which is that of the scan booking.' })
    visitId: string,
  ) {
    return this.doses.plannedDose(actor, visitId);
  }

  @Allow(Permission.READ_RADIOPHARMACY)
  @Query(() => WastedDoseReport, {
    description:
      'Doses that were ordered for days from one to another, both included, and that nobody could use. At most 366 days. The ' +
      'look is recorded. Needs READ_RADIOPHARMACY.',
  })
  wastedDoses(
    @CurrentActor() actor: StaffActor,
    @Args('from', { type: () => LocalDate, description: 'First day of delivery.' }) from: string,
    @Args('until', { type: () => LocalDate, description: 'Last day of delivery.' }) until: string,
  ) {
    return this.wasted.wastedDoses(actor, from, until);
  }
}
