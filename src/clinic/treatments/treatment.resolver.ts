import { Inject } from '@nestjs/common';
import { Args, ID, Mutation, Query, Resolver } from '@nestjs/graphql';
import { PageInput } from '../../platform/graphql/page.type.js';
import type { StaffActor } from '../audit/audit.type.js';
import { Allow, CurrentActor, Permission } from '../auth/permission.type.js';
import { type Booker, CurrentBooker } from '../visits/booker.type.js';
import { Treatment, TreatmentFilterInput, TreatmentPage } from './treatment.type.js';
import { TreatmentBookingService } from './treatment-booking.service.js';
import { TreatmentEligibilityService } from './treatment-eligibility.service.js';
import { TreatmentPlanService } from './treatment-plan.service.js';
import { PlanTreatmentInput, PlanTreatmentResult } from './treatment-plan.type.js';
import { TreatmentEligibility } from './treatment-policy.type.js';
import { TreatmentRecordService } from './treatment-record.service.js';
import { TreatmentRequestService } from './treatment-request.service.js';
import {
  BookTreatmentInput,
  BookTreatmentResult,
  EndTreatmentInput,
  EndTreatmentResult,
  RequestTreatmentInput,
  RequestTreatmentResult,
} from './treatment-request.type.js';

@Resolver(() => Treatment)
export class TreatmentResolver {
  constructor(
    @Inject(TreatmentRecordService) private readonly records: TreatmentRecordService,
    @Inject(TreatmentRequestService) private readonly requests: TreatmentRequestService,
    @Inject(TreatmentPlanService) private readonly plans: TreatmentPlanService,
    @Inject(TreatmentBookingService) private readonly bookings: TreatmentBookingService,
    @Inject(TreatmentEligibilityService) private readonly eligibility: TreatmentEligibilityService,
  ) {}

  @Allow(Permission.READ_TREATMENT)
  @Query(() => Treatment, {
    description:
      'One treatment with every plan, pause and record. The look is recorded. Needs READ_TREATMENT.',
  })
  treatment(
    @CurrentActor() actor: StaffActor,
    @Args('id', { type: () => ID, description: 'Id of the treatment.' }) id: string,
  ) {
    return this.records.treatment(actor, id);
  }

  @Allow(Permission.READ_TREATMENT)
  @Query(() => TreatmentPage, {
    description: 'Treatments, those last asked for first. The look is recorded. Needs READ_TREATMENT.',
  })
  treatments(
    @CurrentActor() actor: StaffActor,
    @Args('filter', { type: () => TreatmentFilterInput, defaultValue: {}, description: 'Narrows the list.' })
    filter: TreatmentFilterInput,
    @Args('page', { type: () => PageInput, defaultValue: {}, description: 'Which part of the list.' })
    page: PageInput,
  ) {
    return this.records.treatments(actor, filter, page);
  }

  @Allow(Permission.READ_TREATMENT)
  @Query(() => TreatmentEligibility, {
    description:
      'Whether the terms of a treatment are met today, each with what is known of it and the source of the terms. The look ' +
      'is recorded. Needs READ_TREATMENT.',
  })
  treatmentEligibility(
    @CurrentActor() actor: StaffActor,
    @Args('treatmentId', { type: () => ID, description: 'Of which treatment.' }) treatmentId: string,
  ) {
    return this.eligibility.treatmentEligibility(actor, treatmentId);
  }

  @Allow(Permission.REQUEST_TREATMENT)
  @Mutation(() => RequestTreatmentResult, {
    description:
      'Asks for a treatment, with the findings that suggested its places. With an `Idempotency-Key` it is done once. Refused ' +
      'as ReferralOfSomebodyElse, PlacesDoNotFit, FindingNotStanding or IdempotencyKeyReused. Needs REQUEST_TREATMENT.',
  })
  requestTreatment(
    @CurrentBooker() booker: Booker,
    @Args('input', { description: 'What is asked for.' }) input: RequestTreatmentInput,
  ) {
    return this.requests.requestTreatment(booker, input);
  }

  @Allow(Permission.PLAN_TREATMENT)
  @Mutation(() => PlanTreatmentResult, {
    description:
      'Plans a treatment, or plans it anew: places, approach, guidance, drugs, and what may forbid it looked at. Terms that ' +
      'are not met need a reason, or refuse it. Refused as TreatmentStandsOtherwise, TreatmentChanged, PlacesDoNotFit, ' +
      'FindingNotStanding, AgentNotKnown, NotLookedAt, NotEntitledToExpose or TermsNotMet. Needs PLAN_TREATMENT.',
  })
  planTreatment(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'The plan, whole.' }) input: PlanTreatmentInput,
  ) {
    return this.plans.planTreatment(actor, input);
  }

  @Allow(Permission.BOOK_VISIT)
  @Mutation(() => BookTreatmentResult, {
    description:
      'Says for which visit of the patient a treatment is booked, or that it is for none any more. Refused as ' +
      'TreatmentStandsOtherwise, TreatmentChanged or VisitDoesNotFit. Needs BOOK_VISIT.',
  })
  bookTreatment(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'Which treatment for which visit.' }) input: BookTreatmentInput,
  ) {
    return this.bookings.bookTreatment(actor, input);
  }

  @Allow(Permission.PLAN_TREATMENT)
  @Mutation(() => EndTreatmentResult, {
    description:
      'Says no to a treatment that was asked for, with a reason. Refused as TreatmentStandsOtherwise or TreatmentChanged. ' +
      'Needs PLAN_TREATMENT.',
  })
  declineTreatment(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'Which, and why.' }) input: EndTreatmentInput,
  ) {
    return this.requests.declineTreatment(actor, input);
  }

  @Allow(Permission.REQUEST_TREATMENT)
  @Mutation(() => EndTreatmentResult, {
    description:
      'Takes a treatment back that was not started, with a reason. Refused as TreatmentStandsOtherwise or TreatmentChanged. ' +
      'Needs REQUEST_TREATMENT.',
  })
  cancelTreatment(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'Which, and why.' }) input: EndTreatmentInput,
  ) {
    return this.requests.cancelTreatment(actor, input);
  }
}
