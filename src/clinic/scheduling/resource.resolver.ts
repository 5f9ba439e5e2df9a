import { Inject } from '@nestjs/common';
import { Args, Mutation, Resolver } from '@nestjs/graphql';
import type { StaffActor } from '../audit/audit.type.js';
import { Allow, CurrentActor, Permission } from '../auth/permission.type.js';
import { ResourceService } from './resource.service.js';
import { SetResourceSkillsInput, SetResourceSkillsResult } from './resource.type.js';

@Resolver()
export class ResourceResolver {
  constructor(@Inject(ResourceService) private readonly resources: ResourceService) {}

  @Allow(Permission.MANAGE_SCHEDULE)
  @Mutation(() => SetResourceSkillsResult, {
    description:
      'Says all that a resource can do beyond its kind. Refused while it is booked for something that it could not do any more. Needs MANAGE_SCHEDULE.',
  })
  setResourceSkills(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'Which resource, which skills.' }) input: SetResourceSkillsInput,
  ) {
    return this.resources.setResourceSkills(actor, input);
  }
}
