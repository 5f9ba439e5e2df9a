import { Inject } from '@nestjs/common';
import { Args, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { PageInput } from '../../platform/graphql/page.type.js';
import { CurrentRequest, type RequestContext } from '../../platform/graphql/request-context.js';
import { requestLoader } from '../../platform/graphql/request-loader.js';
import type { StaffActor } from '../audit/audit.type.js';
import { Allow, CurrentActor, Permission } from '../auth/permission.type.js';
import {
  AttachPerformedStepInput,
  AttachPerformedStepResult,
  DetachPerformedStepInput,
  DetachPerformedStepResult,
  PerformedStep,
  PerformedStepFilterInput,
  PerformedStepPage,
} from './performed-step.type.js';
import { PerformedStepAttachmentService } from './performed-step-attachment.service.js';
import { PerformedStepRecordService } from './performed-step-record.service.js';
import { ScanBooking } from './scan-booking.type.js';

const STEPS = Symbol('performed steps by booking');

@Resolver(() => ScanBooking)
export class PerformedStepResolver {
  constructor(
    @Inject(PerformedStepRecordService) private readonly steps: PerformedStepRecordService,
    @Inject(PerformedStepAttachmentService) private readonly attachments: PerformedStepAttachmentService,
  ) {}

  @Allow(Permission.READ_SCAN)
  @Query(() => PerformedStepPage, {
    description:
      'What scanners say that they did, the last begun first. `filter: { unmatched: true }` is the list that a person must work through. Needs READ_SCAN; the look is recorded.',
  })
  performedSteps(
    @CurrentActor() actor: StaffActor,
    @Args('filter', {
      type: () => PerformedStepFilterInput,
      defaultValue: {},
      description: 'Narrows the list.',
    })
    filter: PerformedStepFilterInput,
    @Args('page', { type: () => PageInput, defaultValue: {}, description: 'Which part of the list.' })
    page: PageInput,
  ) {
    return this.steps.performedSteps(actor, filter, page);
  }

  @Allow(Permission.CLOSE_SCAN)
  @Mutation(() => AttachPerformedStepResult, {
    description:
      'Says to which booking a step belongs that the scanner’s own words did not lead to one. The booking moves as if the scanner had named it. Needs CLOSE_SCAN.',
  })
  attachPerformedStep(
    @CurrentActor() actor: StaffActor,
    @Args('input', {
      type: () => AttachPerformedStepInput,
      description: 'Which step, to which booking, why.',
    })
    input: AttachPerformedStepInput,
  ) {
    return this.attachments.attachPerformedStep(actor, input);
  }

  @Allow(Permission.CLOSE_SCAN)
  @Mutation(() => DetachPerformedStepResult, {
    description:
      'Takes a step from its booking, whoever brought them together. The booking goes back to what its other steps say. One that had been broken off and is to come again needs its whole place again; when somebody else has part of it by now, nothing is changed. Needs CLOSE_SCAN.',
  })
  detachPerformedStep(
    @CurrentActor() actor: StaffActor,
    @Args('input', { type: () => DetachPerformedStepInput, description: 'Which step, and why.' })
    input: DetachPerformedStepInput,
  ) {
    return this.attachments.detachPerformedStep(actor, input);
  }

  @Allow(Permission.READ_SCAN)
  @ResolveField('performedSteps', () => [PerformedStep], {
    description: 'What the scanner says that it did for this booking, the first begun first.',
  })
  async performedStepsOf(@Parent() booking: ScanBooking, @CurrentRequest() request: RequestContext) {
    const loader = requestLoader(request, STEPS, (ids) => this.steps.ofBookings(ids));
    return (await loader.load(booking.id)) ?? [];
  }
}
