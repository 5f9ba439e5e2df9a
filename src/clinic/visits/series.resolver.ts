import { Inject, ParseUUIDPipe } from '@nestjs/common';
import { Args, ID, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { CurrentRequest, type RequestContext } from '../../platform/graphql/request-context.js';
import { requestLoader } from '../../platform/graphql/request-loader.js';
import type { StaffActor } from '../audit/audit.type.js';
import { Allow, CurrentActor, Permission } from '../auth/permission.type.js';
import { type Booker, CurrentBooker } from './booker.type.js';
import { SeriesService } from './series.service.js';
import {
  BookSeriesInput,
  BookSeriesResult,
  CancelSeriesInput,
  CancelSeriesResult,
  VisitSeries,
} from './series.type.js';
import { SeriesOfferService } from './series-offer.service.js';
import { SeriesOfferFilterInput, SeriesOffersResult } from './series-offer.type.js';
import { SeriesRecordService } from './series-record.service.js';
import { Visit } from './visit.type.js';

const SERIES = Symbol('series of visits');

/** What every mutation here has in common, for its description. */
const REPEATABLE = 'With the header `Idempotency-Key`, the same request sent again gets the same answer.';

@Resolver(() => Visit)
export class SeriesResolver {
  constructor(
    @Inject(SeriesService) private readonly series: SeriesService,
    @Inject(SeriesRecordService) private readonly records: SeriesRecordService,
    @Inject(SeriesOfferService) private readonly offers: SeriesOfferService,
  ) {}

  @Allow(Permission.READ_VISIT)
  @Query(() => VisitSeries, {
    description: 'One series with its visits. NOT_FOUND otherwise. Needs READ_VISIT; the look is recorded.',
  })
  visitSeries(
    @CurrentActor() actor: StaffActor,
    @Args('id', { type: () => ID, description: 'Id of the series.' }, ParseUUIDPipe) id: string,
  ) {
    return this.records.visitSeries(actor, id);
  }

  @Allow(Permission.READ_VISIT)
  @Query(() => SeriesOffersResult, {
    description:
      'Whole series that could be booked now, best first: every visit at the same time on the wall, so many days apart, each checked against hours, holidays, leave, what is taken and the patient’s own time. Where one is not possible, the nearest time is proposed and marked. Nothing is held. Needs READ_VISIT; a look at a patient is recorded.',
  })
  seriesOffers(
    @CurrentActor() actor: StaffActor,
    @Args('filter', { type: () => SeriesOfferFilterInput, description: 'What series is looked for.' })
    filter: SeriesOfferFilterInput,
  ) {
    return this.offers.seriesOffers(actor, filter);
  }

  @Allow(Permission.BOOK_VISIT)
  @Mutation(() => BookSeriesResult, {
    description: `Books visits as one: every one of them, or none, with the first that cannot be and why. The request is answered by the whole series. The lead time binds the first; the others may lie beyond the end of the diary. ${REPEATABLE} Needs BOOK_VISIT.`,
  })
  bookSeries(
    @CurrentBooker() booker: Booker,
    @Args('input', { type: () => BookSeriesInput, description: 'For whom, when and with what.' })
    input: BookSeriesInput,
  ) {
    return this.series.bookSeries(booker, input);
  }

  @Allow(Permission.BOOK_VISIT)
  @Mutation(() => CancelSeriesResult, {
    description: `Cancels all visits of a series that have not begun, for one of \`cancelReasons\`, as one change. Its request waits again unless one has taken place; with PATIENT_DIED, PATIENT_DECLINED, CLINICALLY_NOT_NEEDED or BOOKED_IN_ERROR the wish is over and the request is closed. ${REPEATABLE} Needs BOOK_VISIT.`,
  })
  cancelSeries(
    @CurrentBooker() booker: Booker,
    @Args('input', { type: () => CancelSeriesInput, description: 'Which series, and why.' })
    input: CancelSeriesInput,
  ) {
    return this.series.cancelSeries(booker, input);
  }

  @Allow(Permission.READ_VISIT)
  @ResolveField('series', () => VisitSeries, {
    nullable: true,
    description: 'The series it is one of; null: booked by itself. Needs READ_VISIT; the look is recorded.',
  })
  seriesOf(
    @Parent() visit: Visit,
    @CurrentRequest() request: RequestContext,
    @CurrentActor() actor: StaffActor,
  ) {
    if (visit.seriesId === null) return null;
    return requestLoader(request, SERIES, (ids) => this.records.seen(actor, ids)).load(visit.seriesId);
  }
}
