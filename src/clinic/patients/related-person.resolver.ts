import { Inject } from '@nestjs/common';
import { Args, Mutation, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { CurrentRequest, type RequestContext } from '../../platform/graphql/request-context.js';
import { requestLoader } from '../../platform/graphql/request-loader.js';
import type { StaffActor } from '../audit/audit.type.js';
import { Allow, CurrentActor, Permission } from '../auth/permission.type.js';
import { Patient } from './patient.type.js';
import { RelatedPersonService } from './related-person.service.js';
import {
  ChangeRelatedPersonResult,
  CorrectRelatedPersonInput,
  EndRelatedPersonInput,
  RecordRelatedPersonInput,
  RelatedPerson,
  RevokeProxyResult,
} from './related-person.type.js';

const RELATED = Symbol('related people by patient');

@Resolver(() => Patient)
export class RelatedPersonResolver {
  constructor(@Inject(RelatedPersonService) private readonly related: RelatedPersonService) {}

  @Allow(Permission.READ_PATIENT)
  @ResolveField(() => [RelatedPerson], {
    description:
      'Who belongs to the patient, what they may be told and whether they decide; with `ended: true` also who no longer ' +
      'does. Needs READ_PATIENT.',
  })
  async relatedPeople(
    @Parent() patient: Patient,
    @CurrentRequest() request: RequestContext,
    @Args('ended', {
      type: () => Boolean,
      nullable: true,
      defaultValue: false,
      description: 'Also entries that have ended.',
    })
    ended: boolean | null,
  ) {
    const loader = requestLoader(request, RELATED, (ids) => this.related.ofPatients(ids));
    const people = (await loader.load(patient.id)) ?? [];
    return ended === true ? people : people.filter(({ endedAt }) => endedAt === null);
  }

  @Allow(Permission.CORRECT_PATIENT)
  @Mutation(() => RelatedPerson, {
    description:
      'Records somebody with a patient. BAD_INPUT names each field; whoever decides for a patient needs a right that was ' +
      'seen. Needs CORRECT_PATIENT.',
  })
  recordRelatedPerson(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'Who, and with whom.' }) input: RecordRelatedPersonInput,
  ) {
    return this.related.recordRelatedPerson(actor, input);
  }

  @Allow(Permission.CORRECT_PATIENT)
  @Mutation(() => ChangeRelatedPersonResult, {
    description:
      'Puts an entry right: it is what is sent from now on. Refused as RelatedPersonChanged when somebody else changed ' +
      'or ended it first. Needs CORRECT_PATIENT.',
  })
  correctRelatedPerson(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'The entry.' }) input: CorrectRelatedPersonInput,
  ) {
    return this.related.correctRelatedPerson(actor, input);
  }

  @Allow(Permission.CORRECT_PATIENT)
  @Mutation(() => ChangeRelatedPersonResult, {
    description:
      'Somebody belongs to the patient no longer; a right to decide ends with the entry. Refused as ' +
      'RelatedPersonChanged. Needs CORRECT_PATIENT.',
  })
  endRelatedPerson(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'Which entry, and why.' }) input: EndRelatedPersonInput,
  ) {
    return this.related.endRelatedPerson(actor, input);
  }

  @Allow(Permission.CORRECT_PATIENT)
  @Mutation(() => RevokeProxyResult, {
    description:
      'Somebody decides for the patient no longer; the entry stays. Refused as RelatedPersonChanged, and as ' +
      'NoProxyToRevoke when there is no such right. Needs CORRECT_PATIENT.',
  })
  revokeProxy(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'Which entry, and why.' }) input: EndRelatedPersonInput,
  ) {
    return this.related.revokeProxy(actor, input);
  }
}
