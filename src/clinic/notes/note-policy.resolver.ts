import { Inject } from '@nestjs/common';
import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import type { StaffActor } from '../audit/audit.type.js';
import { Allow, CurrentActor, Permission } from '../auth/permission.type.js';
import { NotePolicyService } from './note-policy.service.js';
import { NotePolicy, SetNotePolicyInput, SetNotePolicyResult } from './note-policy.type.js';

@Resolver(() => NotePolicy)
export class NotePolicyResolver {
  constructor(@Inject(NotePolicyService) private readonly policies: NotePolicyService) {}

  @Allow(Permission.READ_OWN_SESSION)
  @Query(() => [NotePolicy], {
    description: 'When notes lock themselves, by day, past and coming rows too. Needs READ_OWN_SESSION.',
  })
  notePolicies() {
    return this.policies.notePolicies();
  }

  @Allow(Permission.MANAGE_NOTES)
  @Mutation(() => SetNotePolicyResult, {
    description:
      'Sets when notes that are signed from a day on lock themselves; what is signed already keeps its own. Refused as ' +
      'NotePolicyAlreadySet or NotePolicyInThePast. Needs MANAGE_NOTES.',
  })
  setNotePolicy(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'The new row.' }) input: SetNotePolicyInput,
  ) {
    return this.policies.setNotePolicy(actor, input);
  }
}
