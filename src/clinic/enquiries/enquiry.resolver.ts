import { Inject } from '@nestjs/common';
import { Args, ID, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { PageInput } from '../../platform/graphql/page.type.js';
import { CurrentRequest, type RequestContext } from '../../platform/graphql/request-context.js';
import { requestLoader } from '../../platform/graphql/request-loader.js';
import type { StaffActor } from '../audit/audit.type.js';
import { Allow, CurrentActor, Permission } from '../auth/permission.type.js';
import { EnquiryService } from './enquiry.service.js';
import { Enquiry, EnquiryEvent, EnquiryFilterInput, EnquiryMessage, EnquiryPage } from './enquiry.type.js';
import { RegisterEnquiryInput, RegisterEnquiryResult } from './enquiry-action.type.js';
import { EnquiryPartsService } from './enquiry-parts.service.js';
import { EnquiryRegistrationService } from './enquiry-registration.service.js';
import { RedFlagAlert, RedFlagAsking } from './red-flag.type.js';

const MESSAGES = Symbol('messages of enquiries');
const EVENTS = Symbol('events of enquiries');
const ASKINGS = Symbol('red-flag askings of enquiries');
const ALERTS = Symbol('red-flag alerts of enquiries');

@Resolver(() => Enquiry)
export class EnquiryResolver {
  constructor(
    @Inject(EnquiryService) private readonly enquiryService: EnquiryService,
    @Inject(EnquiryPartsService) private readonly parts: EnquiryPartsService,
    @Inject(EnquiryRegistrationService) private readonly registration: EnquiryRegistrationService,
  ) {}

  @Allow(Permission.READ_ENQUIRY)
  @Query(() => Enquiry, {
    description: 'One enquiry. The look is recorded; NOT_FOUND when there is none. Needs READ_ENQUIRY.',
  })
  enquiry(
    @CurrentActor() actor: StaffActor,
    @Args('id', { type: () => ID, description: 'Id of the enquiry.' }) id: string,
  ) {
    return this.enquiryService.enquiry(actor, id);
  }

  @Allow(Permission.READ_ENQUIRY)
  @Query(() => EnquiryPage, {
    description:
      'Enquiries, the newest first unless asked otherwise. The look is recorded. Needs READ_ENQUIRY.',
  })
  enquiries(
    @CurrentActor() actor: StaffActor,
    @Args('filter', { type: () => EnquiryFilterInput, defaultValue: {}, description: 'Narrows the list.' })
    filter: EnquiryFilterInput,
    @Args('page', { type: () => PageInput, defaultValue: {}, description: 'Which part of the list.' })
    page: PageInput,
  ) {
    return this.enquiryService.enquiries(actor, filter, page);
  }

  @Allow(Permission.READ_ENQUIRY)
  @ResolveField(() => [EnquiryMessage], {
    description: 'What was told, written to and fro, and noted, in order. Needs READ_ENQUIRY.',
  })
  async messages(@Parent() enquiry: Enquiry, @CurrentRequest() request: RequestContext) {
    const loader = requestLoader(request, MESSAGES, (ids) => this.parts.messages(ids));
    return (await loader.load(enquiry.id)) ?? [];
  }

  @Allow(Permission.READ_ENQUIRY)
  @ResolveField(() => [EnquiryEvent], { description: 'What happened to it, in order. Needs READ_ENQUIRY.' })
  async events(@Parent() enquiry: Enquiry, @CurrentRequest() request: RequestContext) {
    const loader = requestLoader(request, EVENTS, (ids) => this.parts.events(ids));
    return (await loader.load(enquiry.id)) ?? [];
  }

  @Allow(Permission.READ_ENQUIRY)
  @ResolveField(() => [RedFlagAsking], {
    description:
      'Each time that the questions about dangerous signs were asked, the latest first. Needs READ_ENQUIRY.',
  })
  async redFlagAskings(@Parent() enquiry: Enquiry, @CurrentRequest() request: RequestContext) {
    const loader = requestLoader(request, ASKINGS, (ids) => this.parts.askings(ids));
    return (await loader.load(enquiry.id)) ?? [];
  }

  @Allow(Permission.READ_ENQUIRY)
  @ResolveField(() => [RedFlagAlert], {
    description: 'Its alerts, open and closed, the oldest first. Needs READ_ENQUIRY.',
  })
  async redFlagAlerts(@Parent() enquiry: Enquiry, @CurrentRequest() request: RequestContext) {
    const loader = requestLoader(request, ALERTS, (ids) => this.parts.alerts(ids));
    return (await loader.load(enquiry.id)) ?? [];
  }

  @Allow(Permission.HANDLE_ENQUIRY)
  @Mutation(() => RegisterEnquiryResult, {
    description:
      'Takes down an enquiry, however it came. Whoever is spoken to is asked about dangerous signs, and told at once ' +
      'what to do about a yes. BAD_INPUT names the field; refused as RedFlagsNotAsked or RedFlagQuestionsDiffer. ' +
      'Needs HANDLE_ENQUIRY.',
  })
  registerEnquiry(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'The enquiry.' }) input: RegisterEnquiryInput,
  ) {
    return this.registration.registerEnquiry(actor, input);
  }
}
