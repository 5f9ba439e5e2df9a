import { Inject } from '@nestjs/common';
import { Args, Mutation, Resolver } from '@nestjs/graphql';
import type { StaffActor } from '../audit/audit.type.js';
import { Allow, CurrentActor, Permission } from '../auth/permission.type.js';
import { Visit } from './visit.type.js';
import { VisitDayService } from './visit-day.service.js';
import {
  FinishVisitInput,
  FinishVisitResult,
  FinishVisitStepResult,
  MarkArrivedResult,
  MarkNoShowResult,
  StartVisitResult,
  StartVisitStepResult,
  UndoVisitStepResult,
  VisitStepInput,
  VisitVersionInput,
} from './visit-day.type.js';

/** What people say of a visit on its day. */
@Resolver(() => Visit)
export class VisitDayResolver {
  constructor(@Inject(VisitDayService) private readonly day: VisitDayService) {}

  @Allow(Permission.RUN_VISIT)
  @Mutation(() => MarkArrivedResult, {
    description:
      'Says that the patient of a booked visit is here; not before the day of the visit. Of a scan, a gate that is closed refuses it and says what to do: see its `gates`. Needs RUN_VISIT.',
  })
  markArrived(
    @CurrentActor() actor: StaffActor,
    @Args('input', { type: () => VisitVersionInput, description: 'Which visit, as it was read.' })
    input: VisitVersionInput,
  ) {
    return this.day.markArrived(actor, input);
  }

  @Allow(Permission.RUN_VISIT)
  @Mutation(() => StartVisitResult, {
    description:
      'Says that the visit of a patient who has arrived begins, and its first step with it. Needs RUN_VISIT.',
  })
  startVisit(
    @CurrentActor() actor: StaffActor,
    @Args('input', { type: () => VisitVersionInput, description: 'Which visit, as it was read.' })
    input: VisitVersionInput,
  ) {
    return this.day.startVisit(actor, input);
  }

  @Allow(Permission.RUN_VISIT)
  @Mutation(() => StartVisitStepResult, {
    description:
      'Says that the next step of a visit begins; the step before must have ended. Needs RUN_VISIT.',
  })
  startVisitStep(
    @CurrentActor() actor: StaffActor,
    @Args('input', { type: () => VisitStepInput, description: 'Which step, as it was read.' })
    input: VisitStepInput,
  ) {
    return this.day.startVisitStep(actor, input);
  }

  @Allow(Permission.RUN_VISIT)
  @Mutation(() => FinishVisitStepResult, {
    description:
      'Says that the running step of a visit has ended. When the next must start follows from that moment. Needs RUN_VISIT.',
  })
  finishVisitStep(
    @CurrentActor() actor: StaffActor,
    @Args('input', { type: () => VisitStepInput, description: 'Which step, as it was read.' })
    input: VisitStepInput,
  ) {
    return this.day.finishVisitStep(actor, input);
  }

  @Allow(Permission.RUN_VISIT)
  @Mutation(() => FinishVisitResult, {
    description:
      'Says that a visit is done, or with a reason that it was broken off. A step that still runs ends with it. Needs RUN_VISIT.',
  })
  finishVisit(
    @CurrentActor() actor: StaffActor,
    @Args('input', { type: () => FinishVisitInput, description: 'Which visit, and how it ended.' })
    input: FinishVisitInput,
  ) {
    return this.day.finishVisit(actor, input);
  }

  @Allow(Permission.RUN_VISIT)
  @Mutation(() => MarkNoShowResult, {
    description:
      'Says that the patient did not come, or left without being seen; not before the planned start. The time is free at once and the request waits again. Needs RUN_VISIT.',
  })
  markNoShow(
    @CurrentActor() actor: StaffActor,
    @Args('input', { type: () => VisitVersionInput, description: 'Which visit, as it was read.' })
    input: VisitVersionInput,
  ) {
    return this.day.markNoShow(actor, input);
  }

  @Allow(Permission.RUN_VISIT)
  @Mutation(() => UndoVisitStepResult, {
    description:
      'Takes back the last thing that was said of a visit on its day: one step back. A visit that had given back its time takes it again, and is refused when it is taken. Needs RUN_VISIT.',
  })
  undoVisitStep(
    @CurrentActor() actor: StaffActor,
    @Args('input', { type: () => VisitVersionInput, description: 'Which visit, as it was read.' })
    input: VisitVersionInput,
  ) {
    return this.day.undoVisitStep(actor, input);
  }
}
