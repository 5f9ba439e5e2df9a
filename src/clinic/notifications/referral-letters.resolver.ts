import { Inject } from '@nestjs/common';
import { Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { CurrentRequest, type RequestContext } from '../../platform/graphql/request-context.js';
import { requestLoader } from '../../platform/graphql/request-loader.js';
import { Allow, Permission } from '../auth/permission.type.js';
import { Referral } from '../referrals/referral.type.js';
import { LetterService } from './letter.service.js';
import { Letter } from './letter.type.js';

const LETTERS = Symbol('letters by referral');

/** Referral.letters: the room that owns the letters adds the field. */
@Resolver(() => Referral)
export class ReferralLettersResolver {
  constructor(@Inject(LetterService) private readonly service: LetterService) {}

  @Allow(Permission.READ_LETTER)
  @ResolveField(() => [Letter], {
    description:
      'The letters about this referral, to its referrer, its patient and the clinic, oldest first. Needs READ_LETTER.',
  })
  async letters(@Parent() referral: Referral, @CurrentRequest() request: RequestContext) {
    const loader = requestLoader(request, LETTERS, (ids) => this.service.ofSubjects(ids));
    return (await loader.load(referral.id)) ?? [];
  }
}
