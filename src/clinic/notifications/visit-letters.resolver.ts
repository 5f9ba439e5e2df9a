import { Inject } from '@nestjs/common';
import { Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { CurrentRequest, type RequestContext } from '../../platform/graphql/request-context.js';
import { requestLoader } from '../../platform/graphql/request-loader.js';
import { Allow, Permission } from '../auth/permission.type.js';
import { Visit } from '../visits/visit.type.js';
import { LetterService } from './letter.service.js';
import { Letter } from './letter.type.js';

const LETTERS = Symbol('letters by visit');

/** Visit.letters: the room that owns the letters adds the field. */
@Resolver(() => Visit)
export class VisitLettersResolver {
  constructor(@Inject(LetterService) private readonly service: LetterService) {}

  @Allow(Permission.READ_LETTER)
  @ResolveField(() => [Letter], {
    description:
      'The letters about this visit, oldest first; of a scan, those about its booking. Needs READ_LETTER.',
  })
  async letters(@Parent() visit: Visit, @CurrentRequest() request: RequestContext) {
    const loader = requestLoader(request, LETTERS, (ids) => this.service.ofSubjects(ids));
    return (await loader.load(visit.id)) ?? [];
  }
}
