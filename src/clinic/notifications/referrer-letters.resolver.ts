import { Inject } from '@nestjs/common';
import { Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { CurrentRequest, type RequestContext } from '../../platform/graphql/request-context.js';
import { requestLoader } from '../../platform/graphql/request-loader.js';
import { Allow, Permission } from '../auth/permission.type.js';
import { Referrer } from '../referrals/referrer.type.js';
import { LetterService } from './letter.service.js';
import { Letter } from './letter.type.js';

const LETTER_WITH_TASK = Symbol('newest letter that leaves something to do, by referrer');

/** Referrer.letterWithTask: whether the address in the directory is any good. */
@Resolver(() => Referrer)
export class ReferrerLettersResolver {
  constructor(@Inject(LetterService) private readonly service: LetterService) {}

  @Allow(Permission.READ_LETTER)
  @ResolveField(() => Letter, {
    nullable: true,
    description:
      'The newest letter to this referrer, when it leaves something to do: there is no e-mail address, or the address ' +
      'refuses mail. Null: the last one went, or there was none. Needs READ_LETTER.',
  })
  async letterWithTask(@Parent() referrer: Referrer, @CurrentRequest() request: RequestContext) {
    const loader = requestLoader(request, LETTER_WITH_TASK, (ids) => this.service.withTaskTo(ids));
    return (await loader.load(referrer.id)) ?? null;
  }
}
