import { Inject, ParseUUIDPipe } from '@nestjs/common';
import { Args, ID, Mutation, Query, Resolver } from '@nestjs/graphql';
import { ResourceKind } from '../../platform/database/generated/enums.js';
import { LocalDate } from '../../platform/graphql/scalars.js';
import type { StaffActor } from '../audit/audit.type.js';
import { Allow, CurrentActor, Permission } from '../auth/permission.type.js';
import { LeadTimeService } from './lead-time.service.js';
import { LeadTimePolicy, SetLeadTimePolicyInput, SetLeadTimePolicyResult } from './lead-time.type.js';
import { OpeningService } from './opening.service.js';
import {
  AddOpeningExceptionInput,
  AddOpeningExceptionResult,
  OpeningException,
  OpeningHours,
  RemoveOpeningExceptionInput,
  RemoveOpeningExceptionResult,
  SetOpeningHoursInput,
  SetOpeningHoursResult,
} from './opening.type.js';
import {
  AddResourceInput,
  AddResourceResult,
  Resource,
  RetireResourceInput,
  RetireResourceResult,
} from './resource.type.js';

@Resolver()
export class ScheduleResolver {
  constructor(
    @Inject(OpeningService) private readonly openings: OpeningService,
    @Inject(LeadTimeService) private readonly leadTimes: LeadTimeService,
  ) {}

  @Allow(Permission.READ_SCHEDULE)
  @Query(() => [Resource], {
    description: 'What visits can be booked on, by kind and name, retired ones too. Needs READ_SCHEDULE.',
  })
  resources(
    @Args('kind', { type: () => ResourceKind, nullable: true, description: 'Only this kind.' })
    kind: ResourceKind | null,
  ) {
    return this.openings.resources(kind ?? null);
  }

  @Allow(Permission.READ_SCHEDULE)
  @Query(() => [OpeningHours], {
    description: 'All weekly hours of a resource, past and planned ones too. Needs READ_SCHEDULE.',
  })
  openingHours(
    @Args('resourceId', { type: () => ID, description: 'Whose hours.' }, ParseUUIDPipe) resourceId: string,
  ) {
    return this.openings.openingHours(resourceId);
  }

  @Allow(Permission.READ_SCHEDULE)
  @Query(() => [OpeningException], {
    description: 'Closures and extra sessions between two days, both included. Needs READ_SCHEDULE.',
  })
  openingExceptions(
    @Args('from', { type: () => LocalDate, description: 'First day.' }) from: string,
    @Args('until', { type: () => LocalDate, description: 'Last day.' }) until: string,
  ) {
    return this.openings.openingExceptions(from, until);
  }

  @Allow(Permission.READ_SCHEDULE)
  @Query(() => [LeadTimePolicy], {
    description: 'Lead times by kind of visit and first day, past ones too. Needs READ_SCHEDULE.',
  })
  leadTimePolicies(
    @Args('visitType', { type: () => String, nullable: true, description: 'Only this kind of visit.' })
    visitType: string | null,
  ) {
    return this.leadTimes.leadTimePolicies(visitType ?? null);
  }

  @Allow(Permission.MANAGE_SCHEDULE)
  @Mutation(() => AddResourceResult, {
    description: 'Adds a camera, a room or a technologist. Closed until it has hours. Needs MANAGE_SCHEDULE.',
  })
  addResource(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'The resource.' }) input: AddResourceInput,
  ) {
    return this.openings.addResource(actor, input);
  }

  @Allow(Permission.MANAGE_SCHEDULE)
  @Mutation(() => RetireResourceResult, {
    description:
      'Takes a resource out of use from a day on. Refused while it is booked after that. Needs MANAGE_SCHEDULE.',
  })
  retireResource(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'Which resource, from when.' }) input: RetireResourceInput,
  ) {
    return this.openings.retireResource(actor, input);
  }

  @Allow(Permission.MANAGE_SCHEDULE)
  @Mutation(() => SetOpeningHoursResult, {
    description:
      'Replaces the week of a resource from a day on. Refused when it would close booked time. Needs MANAGE_SCHEDULE.',
  })
  setOpeningHours(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'The new week.' }) input: SetOpeningHoursInput,
  ) {
    return this.openings.setOpeningHours(actor, input);
  }

  @Allow(Permission.MANAGE_SCHEDULE)
  @Mutation(() => AddOpeningExceptionResult, {
    description:
      'Closes a day or part of one, or opens an extra session. Refused when it would close booked time. Needs MANAGE_SCHEDULE.',
  })
  addOpeningException(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'The closure or the session.' }) input: AddOpeningExceptionInput,
  ) {
    return this.openings.addOpeningException(actor, input);
  }

  @Allow(Permission.MANAGE_SCHEDULE)
  @Mutation(() => RemoveOpeningExceptionResult, {
    description:
      'Takes back a closure or an extra session. Refused when it would close booked time. Needs MANAGE_SCHEDULE.',
  })
  removeOpeningException(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'Which one.' }) input: RemoveOpeningExceptionInput,
  ) {
    return this.openings.removeOpeningException(actor, input);
  }

  @Allow(Permission.MANAGE_SCHEDULE)
  @Mutation(() => SetLeadTimePolicyResult, {
    description: 'Sets the lead times of a kind of visit from a day on, as a new row. Needs MANAGE_SCHEDULE.',
  })
  setLeadTimePolicy(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'The new lead times.' }) input: SetLeadTimePolicyInput,
  ) {
    return this.leadTimes.setLeadTimePolicy(actor, input);
  }
}
