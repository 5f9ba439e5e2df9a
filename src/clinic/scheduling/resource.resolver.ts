import { Inject } from '@nestjs/common';
import { Args, Mutation, Resolver } from '@nestjs/graphql';
import type { StaffActor } from '../audit/audit.type.js';
import { Allow, CurrentActor, Permission } from '../auth/permission.type.js';
import { ResourceService } from './resource.service.js';
import { Resource, SetResourceSkillsInput } from './resource.type.js';

@Resolver()
export class ResourceResolver {
  constructor(@Inject(ResourceService) private readonly resources: ResourceService) {}

  @Allow(Permission.MANAGE_SCHEDULE)
  @Mutation(() => Resource, {
    description:
      'Says all that a resource can do beyond its kind. Visits that are booked stay with it. Needs MANAGE_SCHEDULE.',
  })
  setResourceSkills(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'Which resource, which skills.' }) input: SetResourceSkillsInput,
  ) {
    return this.resources.setResourceSkills(actor, input);
  }
}
