import { Inject } from '@nestjs/common';
import { Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { CurrentRequest, type RequestContext } from '../../platform/graphql/request-context.js';
import { requestLoader } from '../../platform/graphql/request-loader.js';
import { Allow, Permission } from '../auth/permission.type.js';
import { AdviceThread } from '../referrals/advice.type.js';
import { LetterService } from './letter.service.js';
import { Letter } from './letter.type.js';

const LETTERS = Symbol('letters by thread');

/** AdviceThread.letters: the room that owns the letters adds the field. */
@Resolver(() => AdviceThread)
export class AdviceLettersResolver {
  constructor(@Inject(LetterService) private readonly service: LetterService) {}

  @Allow(Permission.READ_LETTER)
  @ResolveField(() => [Letter], {
    description: 'The letters that carried our answers to the referrer, oldest first. Needs READ_LETTER.',
  })
  async letters(@Parent() thread: AdviceThread, @CurrentRequest() request: RequestContext) {
    const loader = requestLoader(request, LETTERS, (ids) => this.service.ofSubjects(ids));
    return (await loader.load(thread.id)) ?? [];
  }
}
