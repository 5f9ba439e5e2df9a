import { Inject, ParseUUIDPipe } from '@nestjs/common';
import { Args, ID, Mutation, Query, Resolver } from '@nestjs/graphql';
import type { StaffActor } from '../audit/audit.type.js';
import { DisciplineService } from './discipline.service.js';
import {
  EndStaffDisciplineInput,
  EndStaffDisciplineResult,
  RecordStaffDisciplineInput,
  RecordStaffDisciplineResult,
  StaffDiscipline,
} from './discipline.type.js';
import { Allow, CurrentActor, Permission } from './permission.type.js';

@Resolver(() => StaffDiscipline)
export class DisciplineResolver {
  constructor(@Inject(DisciplineService) private readonly disciplines: DisciplineService) {}

  @Allow(Permission.READ_OWN_SESSION)
  @Query(() => [StaffDiscipline], {
    description: 'The disciplines in which you practise, past ones too. Needs READ_OWN_SESSION.',
  })
  myDisciplines(@CurrentActor() actor: StaffActor) {
    return this.disciplines.staffDisciplines(actor.id);
  }

  @Allow(Permission.READ_ENTITLEMENT)
  @Query(() => [StaffDiscipline], {
    description:
      'Who practises in which discipline, by name, past ones too; at most 1000. Needs READ_ENTITLEMENT.',
  })
  staffDisciplines(
    @Args(
      'staffId',
      { type: () => ID, nullable: true, description: 'Whose: a staff account. Left out: everybody’s.' },
      new ParseUUIDPipe({ optional: true }),
    )
    staffId: string | null,
  ) {
    return this.disciplines.staffDisciplines(staffId ?? null);
  }

  @Allow(Permission.MANAGE_STAFF)
  @Mutation(() => RecordStaffDisciplineResult, {
    description:
      'Records in which discipline a member of staff practises. Refused as DisciplineAlreadyHeld. Needs MANAGE_STAFF.',
  })
  recordStaffDiscipline(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'Who, which, and from when.' }) input: RecordStaffDisciplineInput,
  ) {
    return this.disciplines.recordStaffDiscipline(actor, input);
  }

  @Allow(Permission.MANAGE_STAFF)
  @Mutation(() => EndStaffDisciplineResult, {
    description:
      'Ends a discipline from a day on. What was signed before stays. Refused as DisciplineAlreadyEnded. Needs MANAGE_STAFF.',
  })
  endStaffDiscipline(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'Which, from which day on, and why.' }) input: EndStaffDisciplineInput,
  ) {
    return this.disciplines.endStaffDiscipline(actor, input);
  }
}
