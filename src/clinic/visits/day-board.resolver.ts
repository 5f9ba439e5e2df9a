import { Inject } from '@nestjs/common';
import { Args, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { AccessPolicy } from '../../platform/graphql/access.js';
import { CurrentRequest, type RequestContext } from '../../platform/graphql/request-context.js';
import { LocalDate } from '../../platform/graphql/scalars.js';
import type { StaffActor } from '../audit/audit.type.js';
import { Allow, CurrentActor, Permission } from '../auth/permission.type.js';
import { Patient } from '../patients/patient.type.js';
import { DayBoardService } from './day-board.service.js';
import { DayBoard, DayBoardRow } from './day-board.type.js';

@Resolver(() => DayBoardRow)
export class DayBoardResolver {
  constructor(
    @Inject(DayBoardService) private readonly board: DayBoardService,
    @Inject(AccessPolicy) private readonly policy: AccessPolicy,
  ) {}

  @Allow(Permission.READ_VISIT)
  @Query(() => DayBoard, {
    description:
      'Everything reception needs of one local day: its visits, how they go and what can be done with them, and when each resource is open. Needs READ_VISIT; the look is recorded.',
  })
  dayBoard(
    @CurrentActor() actor: StaffActor,
    @CurrentRequest() request: RequestContext,
    @Args('date', { type: () => LocalDate, description: 'The day on the clinic’s calendar.' }) date: string,
    @Args('siteCode', {
      type: () => String,
      nullable: true,
      description: 'Only what happens and is at this site, by its code. Left out: at every site.',
    })
    siteCode: string | null,
    @Args('includeCancelled', {
      type: () => Boolean,
      nullable: true,
      defaultValue: false,
      description: 'Cancelled visits too. Left out: without them.',
    })
    includeCancelled: boolean | null,
  ) {
    const permissions = new Set(
      [Permission.BOOK_VISIT, Permission.RUN_VISIT].filter((name) => this.policy.holds(request.caller, name)),
    );
    return this.board.dayBoard(actor, {
      date,
      siteCode: siteCode ?? null,
      includeCancelled: includeCancelled ?? false,
      permissions,
    });
  }

  @Allow(Permission.READ_PATIENT)
  @ResolveField(() => Patient, {
    nullable: true,
    description: 'Whose visit it is. Needs READ_PATIENT. The look at the board covers it.',
  })
  patient(@Parent() row: DayBoardRow) {
    return row.person;
  }
}
