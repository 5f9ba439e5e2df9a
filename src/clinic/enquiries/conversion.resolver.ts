import { Inject, ParseUUIDPipe } from '@nestjs/common';
import { Args, ID, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { CurrentRequest, type RequestContext } from '../../platform/graphql/request-context.js';
import { requestLoader } from '../../platform/graphql/request-loader.js';
import type { StaffActor } from '../audit/audit.type.js';
import { Allow, CurrentActor, Permission } from '../auth/permission.type.js';
import { CurrentDecider, type Decider } from '../referrals/referral-decider.type.js';
import { type Booker, CurrentBooker } from '../visits/booker.type.js';
import { ConversionService } from './conversion.service.js';
import {
  ConvertEnquiryInput,
  ConvertEnquiryResult,
  EnquiryConversion,
  JoinEnquiriesInput,
  JoinEnquiriesResult,
  UndoConversionInput,
  UndoConversionResult,
} from './conversion.type.js';
import { ConversionJoinService } from './conversion-join.service.js';
import { ConversionRecordService } from './conversion-record.service.js';
import { ConversionUndoService } from './conversion-undo.service.js';
import { Enquiry } from './enquiry.type.js';
import { MatchService } from './match.service.js';
import { EnquiryMatch } from './match.type.js';

const CONVERSIONS = Symbol('conversions of enquiries');
const JOINED_INTO = Symbol('enquiries into which others were joined');
const JOINED_FROM = Symbol('enquiries that were joined to others');

@Resolver(() => Enquiry)
export class ConversionResolver {
  constructor(
    @Inject(MatchService) private readonly matches: MatchService,
    @Inject(ConversionService) private readonly converting: ConversionService,
    @Inject(ConversionUndoService) private readonly undoing: ConversionUndoService,
    @Inject(ConversionJoinService) private readonly joining: ConversionJoinService,
    @Inject(ConversionRecordService) private readonly records: ConversionRecordService,
  ) {}

  @Allow(Permission.READ_ENQUIRY, Permission.READ_PATIENT)
  @Query(() => [EnquiryMatch], {
    description:
      'Registered patients who may be the enquirer, the strongest first, at most 20. Nobody is matched by this: a person confirms it. Each one shown is recorded as seen. Needs READ_ENQUIRY and READ_PATIENT.',
  })
  enquiryMatches(
    @CurrentActor() actor: StaffActor,
    @Args('enquiryId', { type: () => ID, description: 'The enquiry.' }, ParseUUIDPipe) enquiryId: string,
  ) {
    return this.matches.enquiryMatches(actor, enquiryId);
  }

  @Allow(
    Permission.HANDLE_ENQUIRY,
    Permission.REGISTER_PATIENT,
    Permission.RECEIVE_REFERRAL,
    Permission.BOOK_VISIT,
  )
  @Mutation(() => ConvertEnquiryResult, {
    description:
      'Makes a referral, a booking request or a patient of an enquiry, all of it or nothing; with an Idempotency-Key once. What was ticked becomes consent records, and an open red flag stays open. Needs HANDLE_ENQUIRY, REGISTER_PATIENT, RECEIVE_REFERRAL and BOOK_VISIT.',
  })
  convertEnquiry(
    @CurrentBooker() booker: Booker,
    @Args('input', { description: 'Who the enquirer is, and what becomes of it.' })
    input: ConvertEnquiryInput,
  ) {
    return this.converting.convertEnquiry(booker, input);
  }

  @Allow(
    Permission.HANDLE_ENQUIRY,
    Permission.REGISTER_PATIENT,
    Permission.RECEIVE_REFERRAL,
    Permission.BOOK_VISIT,
  )
  @Mutation(() => UndoConversionResult, {
    description:
      'Takes a conversion back, within a day and while nobody has built on it. A patient who was registered with it stays. Needs HANDLE_ENQUIRY, REGISTER_PATIENT, RECEIVE_REFERRAL and BOOK_VISIT.',
  })
  undoConversion(
    @CurrentDecider() decider: Decider,
    @Args('input', { description: 'Which enquiry, and why.' }) input: UndoConversionInput,
  ) {
    return this.undoing.undoConversion(decider, input);
  }

  @Allow(Permission.HANDLE_ENQUIRY)
  @Mutation(() => JoinEnquiriesResult, {
    description:
      'Joins two enquiries of one person: messages, alerts and call-backs go with the one that goes on. Refused where both say who they are and it is not the same. Needs HANDLE_ENQUIRY.',
  })
  joinEnquiries(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'Which two.' }) input: JoinEnquiriesInput,
  ) {
    return this.joining.joinEnquiries(actor, input);
  }

  @Allow(Permission.READ_ENQUIRY)
  @ResolveField(() => ID, {
    nullable: true,
    description:
      'The enquiry of the same person that goes on instead of this one; null: none. Needs READ_ENQUIRY.',
  })
  async joinedIntoId(@Parent() enquiry: Enquiry, @CurrentRequest() request: RequestContext) {
    return requestLoader(request, JOINED_INTO, (ids) => this.joining.joinedInto(ids)).load(enquiry.id);
  }

  @Allow(Permission.READ_ENQUIRY)
  @ResolveField(() => [ID], {
    description:
      'Enquiries of the same person that were joined to this one, the oldest first. Needs READ_ENQUIRY.',
  })
  async joinedFromIds(@Parent() enquiry: Enquiry, @CurrentRequest() request: RequestContext) {
    const loader = requestLoader(request, JOINED_FROM, (ids) => this.joining.joinedFrom(ids));
    return (await loader.load(enquiry.id)) ?? [];
  }

  @Allow(Permission.READ_ENQUIRY)
  @ResolveField(() => [EnquiryConversion], {
    description:
      'What it became, the latest first; what was taken back is there too. The look is recorded. Needs READ_ENQUIRY.',
  })
  async conversions(
    @Parent() enquiry: Enquiry,
    @CurrentRequest() request: RequestContext,
    @CurrentActor() actor: StaffActor,
  ) {
    const loader = requestLoader(request, CONVERSIONS, (ids) => this.records.ofEnquiries(actor, ids));
    return (await loader.load(enquiry.id)) ?? [];
  }
}
