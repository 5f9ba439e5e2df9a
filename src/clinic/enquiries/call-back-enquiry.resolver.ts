import { Inject } from '@nestjs/common';
import { Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { CurrentRequest, type RequestContext } from '../../platform/graphql/request-context.js';
import { requestLoader } from '../../platform/graphql/request-loader.js';
import type { StaffActor } from '../audit/audit.type.js';
import { Allow, CurrentActor, Permission } from '../auth/permission.type.js';
import { CallBack } from './call-back.type.js';
import { CallBackQueueService } from './call-back-queue.service.js';
import { Enquiry } from './enquiry.type.js';

const CALL_BACKS = Symbol('call-backs of enquiries');

/** Enquiry.callBacks. */
@Resolver(() => Enquiry)
export class CallBackEnquiryResolver {
  constructor(@Inject(CallBackQueueService) private readonly queue: CallBackQueueService) {}

  @Allow(Permission.READ_ENQUIRY)
  @ResolveField(() => [CallBack], {
    description:
      'Who is or was to be rung for it, the newest first. The look is recorded. Needs READ_ENQUIRY.',
  })
  async callBacks(
    @Parent() enquiry: Enquiry,
    @CurrentRequest() request: RequestContext,
    @CurrentActor() actor: StaffActor,
  ) {
    const loader = requestLoader(request, CALL_BACKS, (ids) => this.queue.ofEnquiries(actor, ids));
    return (await loader.load(enquiry.id)) ?? [];
  }
}
