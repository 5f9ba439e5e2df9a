import { Inject } from '@nestjs/common';
import { Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { CurrentRequest, type RequestContext } from '../../platform/graphql/request-context.js';
import { requestLoader } from '../../platform/graphql/request-loader.js';
import { Allow, Permission } from '../auth/permission.type.js';
import { Enquiry } from '../enquiries/enquiry.type.js';
import { LetterService } from './letter.service.js';
import { Letter } from './letter.type.js';

const LETTERS = Symbol('letters by enquiry');

/** Enquiry.letters: the room that owns the letters adds the field. */
@Resolver(() => Enquiry)
export class EnquiryLettersResolver {
  constructor(@Inject(LetterService) private readonly service: LetterService) {}

  @Allow(Permission.READ_LETTER)
  @ResolveField(() => [Letter], {
    description:
      'The letters about this enquiry, its replies, its alerts and its call-backs, to whomever they went, oldest first. Needs READ_LETTER.',
  })
  async letters(@Parent() enquiry: Enquiry, @CurrentRequest() request: RequestContext) {
    const loader = requestLoader(request, LETTERS, (ids) => this.service.ofSubjects(ids));
    return (await loader.load(enquiry.id)) ?? [];
  }
}
