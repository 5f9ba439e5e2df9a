import { Inject } from '@nestjs/common';
import { Args, ID, Mutation, Query, Resolver } from '@nestjs/graphql';
import { Instant } from '../../platform/graphql/scalars.js';
import type { Temporal } from '../../platform/time/index.js';
import type { StaffActor } from '../audit/audit.type.js';
import { Allow, CurrentActor, Permission } from '../auth/permission.type.js';
import { ActivityInput, toActivity } from './activity.type.js';
import { RadionuclideService } from './radionuclide.service.js';
import {
  AddRadionuclideInput,
  AddRadionuclideResult,
  AddTracerInput,
  AddTracerResult,
  DecayedActivity,
  Radionuclide,
  SetHalfLifeInput,
  SetHalfLifeResult,
  Tracer,
} from './radionuclide.type.js';

@Resolver(() => Radionuclide)
export class RadionuclideResolver {
  constructor(@Inject(RadionuclideService) private readonly radionuclides: RadionuclideService) {}

  @Allow(Permission.READ_RADIOPHARMACY)
  @Query(() => [Radionuclide], {
    name: 'radionuclides',
    description: 'Radionuclides with their half-lives in all versions. Needs READ_RADIOPHARMACY.',
  })
  all() {
    return this.radionuclides.radionuclides();
  }

  @Allow(Permission.READ_RADIOPHARMACY)
  @Query(() => [Tracer], { description: 'Tracers, by code. Needs READ_RADIOPHARMACY.' })
  tracers() {
    return this.radionuclides.tracers();
  }

  @Allow(Permission.READ_RADIOPHARMACY)
  @Query(() => DecayedActivity, {
    description:
      'An activity of one moment at another, later or earlier, by the half-life in force on the day asked for. Nothing is ' +
      'kept. Needs READ_RADIOPHARMACY.',
  })
  decayedActivity(
    @Args('activity', { description: 'How much there is at `from`.' }) activity: ActivityInput,
    @Args('radionuclide', { type: () => ID, description: 'As it is written: Tc-99m.' }) radionuclide: string,
    @Args('from', { type: () => Instant, description: 'When it was measured.' }) from: Temporal.Instant,
    @Args('to', { type: () => Instant, description: 'The moment asked for.' }) to: Temporal.Instant,
  ) {
    return this.radionuclides.decayedActivity(toActivity(activity), radionuclide, from, to);
  }

  @Allow(Permission.MANAGE_RADIOPHARMACY)
  @Mutation(() => SetHalfLifeResult, {
    description:
      'Sets another half-life from a day on, as a new version; what was given keeps the version that it was computed ' +
      'with, and the doses of booked visits follow. Refused as HalfLifeInThePast or HalfLifeAlreadySet. Needs MANAGE_RADIOPHARMACY.',
  })
  setHalfLife(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'The half-life.' }) input: SetHalfLifeInput,
  ) {
    return this.radionuclides.setHalfLife(actor, input);
  }

  @Allow(Permission.MANAGE_RADIOPHARMACY)
  @Mutation(() => AddRadionuclideResult, {
    description:
      'Adds a radionuclide with its half-life. Refused as RadionuclideKnown. Needs MANAGE_RADIOPHARMACY.',
  })
  addRadionuclide(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'The radionuclide.' }) input: AddRadionuclideInput,
  ) {
    return this.radionuclides.addRadionuclide(actor, input);
  }

  @Allow(Permission.MANAGE_RADIOPHARMACY)
  @Mutation(() => AddTracerResult, {
    description: 'Adds a tracer. Refused as TracerCodeTaken. Needs MANAGE_RADIOPHARMACY.',
  })
  addTracer(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'The tracer.' }) input: AddTracerInput,
  ) {
    return this.radionuclides.addTracer(actor, input);
  }
}
