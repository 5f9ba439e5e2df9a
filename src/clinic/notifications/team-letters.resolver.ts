import { Inject } from '@nestjs/common';
import { Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { CurrentRequest, type RequestContext } from '../../platform/graphql/request-context.js';
import { requestLoader } from '../../platform/graphql/request-loader.js';
import { Allow, Permission } from '../auth/permission.type.js';
import { DecisionLetter } from '../decisions/decision-letter.type.js';
import { Meeting } from '../meetings/meeting.type.js';
import { Treatment } from '../treatments/treatment.type.js';
import { LetterService } from './letter.service.js';
import { Letter } from './letter.type.js';

const OF_MEETINGS = Symbol('letters of meetings');
const OF_TREATMENTS = Symbol('letters of treatments');
const OF_DECISION_LETTERS = Symbol('what became of approved letters');

/** Meeting.letters: who was told of a meeting. */
@Resolver(() => Meeting)
export class MeetingLettersResolver {
  constructor(@Inject(LetterService) private readonly service: LetterService) {}

  @Allow(Permission.READ_LETTER)
  @ResolveField(() => [Letter], {
    description: 'Notices of this meeting to members of the team, oldest first. Needs READ_LETTER.',
  })
  async letters(@Parent() meeting: Meeting, @CurrentRequest() request: RequestContext) {
    const loader = requestLoader(request, OF_MEETINGS, (ids) => this.service.ofSubjects(ids));
    return (await loader.load(meeting.id)) ?? [];
  }
}

/** Treatment.letters: what the patient was asked after a treatment. */
@Resolver(() => Treatment)
export class TreatmentLettersResolver {
  constructor(@Inject(LetterService) private readonly service: LetterService) {}

  @Allow(Permission.READ_LETTER)
  @ResolveField(() => [Letter], {
    description:
      'Letters about this treatment, with those of its pain diary, oldest first. Needs READ_LETTER.',
  })
  async letters(@Parent() treatment: Treatment, @CurrentRequest() request: RequestContext) {
    const loader = requestLoader(request, OF_TREATMENTS, (ids) => this.service.ofSubjects(ids));
    return (await loader.load(treatment.id)) ?? [];
  }
}

/** DecisionLetter.sentAs: what became of a letter once it was approved. */
@Resolver(() => DecisionLetter)
export class DecisionLettersResolver {
  constructor(@Inject(LetterService) private readonly service: LetterService) {}

  @Allow(Permission.READ_LETTER)
  @ResolveField(() => Letter, {
    nullable: true,
    description:
      'As it went out, or is still to: whether it was sent, or has to be posted. Null: it is not approved, or there was ' +
      'nobody to send it to any more. Needs READ_LETTER.',
  })
  async sentAs(@Parent() letter: DecisionLetter, @CurrentRequest() request: RequestContext) {
    const loader = requestLoader(request, OF_DECISION_LETTERS, (ids) => this.service.bySubjects(ids));
    return (await loader.load(letter.id)) ?? null;
  }
}

export const TEAM_LETTERS_RESOLVERS = [
  MeetingLettersResolver,
  TreatmentLettersResolver,
  DecisionLettersResolver,
];
