import { Inject, ParseUUIDPipe } from '@nestjs/common';
import { Args, ID, Mutation, Query, Resolver } from '@nestjs/graphql';
import { PageInput } from '../../platform/graphql/page.type.js';
import type { StaffActor } from '../audit/audit.type.js';
import { Allow, CurrentActor, Permission } from '../auth/permission.type.js';
import { type Booker, CurrentBooker } from './booker.type.js';
import { FreedPlaceService } from './freed-place.service.js';
import {
  AnswerFreedPlaceOfferInput,
  AnswerFreedPlaceOfferResult,
  FreedPlace,
  FreedPlaceCandidate,
  FreedPlaceFilterInput,
  FreedPlacePage,
  OfferFreedPlaceInput,
  OfferFreedPlaceResult,
  WithdrawFreedPlaceInput,
  WithdrawFreedPlaceResult,
} from './freed-place.type.js';
import { FreedPlaceAnswerService } from './freed-place-answer.service.js';
import { FreedPlacePreviewService } from './freed-place-preview.service.js';
import { FreedPlaceRecordService } from './freed-place-record.service.js';

/** Places that fell free, and who is asked about them. */
@Resolver(() => FreedPlace)
export class FreedPlaceResolver {
  constructor(
    @Inject(FreedPlaceService) private readonly places: FreedPlaceService,
    @Inject(FreedPlaceAnswerService) private readonly answers: FreedPlaceAnswerService,
    @Inject(FreedPlaceRecordService) private readonly records: FreedPlaceRecordService,
    @Inject(FreedPlacePreviewService) private readonly previews: FreedPlacePreviewService,
  ) {}

  @Allow(Permission.READ_VISIT)
  @Query(() => FreedPlace, {
    description:
      'One freed place as it stands at this moment, with those who were asked. The look is recorded. NOT_FOUND otherwise. Needs READ_VISIT.',
  })
  freedPlace(
    @CurrentActor() actor: StaffActor,
    @Args('id', { type: () => ID, description: 'Id of the place.' }, ParseUUIDPipe) id: string,
  ) {
    return this.records.freedPlace(actor, id);
  }

  @Allow(Permission.READ_VISIT)
  @Query(() => FreedPlacePage, {
    description:
      'Freed places by their start: by default those that are open or about which people are being asked. The look is recorded. Needs READ_VISIT.',
  })
  freedPlaces(
    @CurrentActor() actor: StaffActor,
    @Args('filter', {
      type: () => FreedPlaceFilterInput,
      defaultValue: {},
      description: 'Narrows the list.',
    })
    filter: FreedPlaceFilterInput,
    @Args('page', { type: () => PageInput, defaultValue: {}, description: 'Which part of the list.' })
    page: PageInput,
  ) {
    return this.records.freedPlaces(actor, filter, page);
  }

  @Allow(Permission.READ_VISIT)
  @Query(() => [FreedPlaceCandidate], {
    description:
      'Who would be asked about a place now, in that order; empty when nobody fits or the place is over. Asks nobody. The look is recorded. NOT_FOUND otherwise. Needs READ_VISIT.',
  })
  freedPlaceCandidates(
    @CurrentActor() actor: StaffActor,
    @Args('freedPlaceId', { type: () => ID, description: 'Id of the place.' }, ParseUUIDPipe) id: string,
  ) {
    return this.previews.freedPlaceCandidates(actor, id);
  }

  @Allow(Permission.BOOK_VISIT)
  @Mutation(() => OfferFreedPlaceResult, {
    description:
      'Asks those who wait and could have the place: whoever a later day would be a breach for comes first, then the longest wait, then the best fit; after all of them, in the same order, whoever has a later visit and would come sooner. Each has until a moment to answer, and until the last of these nobody else can book the place. Needs BOOK_VISIT.',
  })
  offerFreedPlace(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'Which place, and on what terms.' }) input: OfferFreedPlaceInput,
  ) {
    return this.places.offerFreedPlace(actor, input);
  }

  @Allow(Permission.BOOK_VISIT)
  @Mutation(() => WithdrawFreedPlaceResult, {
    description:
      'Ends the asking about a place, or keeps it from beginning. Those who could still have answered are told. Needs BOOK_VISIT.',
  })
  withdrawFreedPlace(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'Which place.' }) input: WithdrawFreedPlaceInput,
  ) {
    return this.places.withdrawFreedPlace(actor, input);
  }

  @Allow(Permission.BOOK_VISIT)
  @Mutation(() => AnswerFreedPlaceOfferResult, {
    description:
      'What the patient says to an offer. Yes books the visit, or brings the one they have here, in the same moment, by every rule of booking or moving; the first has it, the others are told, and what is left of the place is one of its own. A refusal changes nothing. No is kept, and the next is asked. With the header `Idempotency-Key`, the same request sent again gets the same answer. Needs BOOK_VISIT.',
  })
  answerFreedPlaceOffer(
    @CurrentBooker() booker: Booker,
    @Args('input', { description: 'Which offer, and yes or no.' }) input: AnswerFreedPlaceOfferInput,
  ) {
    return this.answers.answer(booker, input);
  }
}
