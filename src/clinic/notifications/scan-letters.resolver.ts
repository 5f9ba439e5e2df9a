import { Inject } from '@nestjs/common';
import { Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { CurrentRequest, type RequestContext } from '../../platform/graphql/request-context.js';
import { requestLoader } from '../../platform/graphql/request-loader.js';
import { Allow, Permission } from '../auth/permission.type.js';
import { ScanBooking } from '../imaging/scan-booking.type.js';
import { LetterService } from './letter.service.js';
import { Letter } from './letter.type.js';

const LETTERS = Symbol('letters by scan booking');

/** ScanBooking.letters: the room that owns the letters adds the field. */
@Resolver(() => ScanBooking)
export class ScanLettersResolver {
  constructor(@Inject(LetterService) private readonly service: LetterService) {}

  @Allow(Permission.READ_LETTER)
  @ResolveField(() => [Letter], {
    description: 'The letters about this booking, oldest first. Needs READ_LETTER.',
  })
  async letters(@Parent() booking: ScanBooking, @CurrentRequest() request: RequestContext) {
    const loader = requestLoader(request, LETTERS, (ids) => this.service.ofSubjects(ids));
    return (await loader.load(booking.id)) ?? [];
  }
}
