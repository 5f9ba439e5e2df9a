import { Inject, ParseUUIDPipe } from '@nestjs/common';
import { Args, ID, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { PageInput } from '../../platform/graphql/page.type.js';
import { CurrentRequest, type RequestContext } from '../../platform/graphql/request-context.js';
import { requestLoader } from '../../platform/graphql/request-loader.js';
import type { StaffActor } from '../audit/audit.type.js';
import { Allow, CurrentActor, Permission } from '../auth/permission.type.js';
import { type Booker, CurrentBooker } from './booker.type.js';
import { ClosureService } from './closure.service.js';
import {
  ApplyClosureInput,
  Closure,
  ClosureChange,
  ClosureFilterInput,
  ClosureInput,
  ClosurePage,
  UndoClosureInput,
} from './closure.type.js';
import { ClosurePreviewService } from './closure-preview.service.js';
import { ApplyClosureResult, ClosurePreviewResult, UndoClosureResult } from './closure-preview.type.js';
import { ClosureRecordService } from './closure-record.service.js';
import { Visit } from './visit.type.js';

const VISITS = Symbol('visits of closures');

/** What the mutations here have in common, for their descriptions. */
const REPEATABLE = 'With the header `Idempotency-Key`, the same request sent again gets the same answer.';

@Resolver(() => ClosureChange)
export class ClosureResolver {
  constructor(
    @Inject(ClosureService) private readonly work: ClosureService,
    @Inject(ClosurePreviewService) private readonly previews: ClosurePreviewService,
    @Inject(ClosureRecordService) private readonly records: ClosureRecordService,
  ) {}

  @Allow(Permission.MANAGE_SCHEDULE)
  @Query(() => ClosurePreviewResult, {
    description:
      'What closing cameras, rooms or people for a time would do: the visits in it, another place for each that keeps its promise, those that cannot be kept and why, and the letters that would go. Changes nothing; the look at the patients is recorded. Needs MANAGE_SCHEDULE.',
  })
  closurePreview(
    @CurrentActor() actor: StaffActor,
    @Args('input', { type: () => ClosureInput, description: 'What and when.' }) input: ClosureInput,
  ) {
    return this.previews.closurePreview(actor, input);
  }

  @Allow(Permission.MANAGE_SCHEDULE, Permission.BOOK_VISIT)
  @Mutation(() => ApplyClosureResult, {
    description: `Closes the time, and moves or cancels every visit in it as decided: all of it as one change, or nothing. For a patient it does not count as a move. Letters go only after \`lettersAfterMinutes\`, and until then it can be undone. ${REPEATABLE} Needs MANAGE_SCHEDULE and, as it moves and cancels patients’ visits, BOOK_VISIT.`,
  })
  applyClosure(
    @CurrentBooker() booker: Booker,
    @Args('input', { type: () => ApplyClosureInput, description: 'The plan of the preview, decided.' })
    input: ApplyClosureInput,
  ) {
    return this.work.applyClosure(booker, input);
  }

  @Allow(Permission.MANAGE_SCHEDULE, Permission.BOOK_VISIT)
  @Mutation(() => UndoClosureResult, {
    description: `Takes a closure back while nobody has been told: the time is open again, and every visit is where it was, or nothing is changed. A hold that was given back stays so. ${REPEATABLE} Needs MANAGE_SCHEDULE and BOOK_VISIT.`,
  })
  undoClosure(
    @CurrentBooker() booker: Booker,
    @Args('input', { type: () => UndoClosureInput, description: 'Which closure.' }) input: UndoClosureInput,
  ) {
    return this.work.undoClosure(booker, input);
  }

  @Allow(Permission.READ_SCHEDULE)
  @Query(() => ClosurePage, { description: 'Closures by their start. Needs READ_SCHEDULE.' })
  closures(
    @Args('filter', { type: () => ClosureFilterInput, defaultValue: {}, description: 'Narrows the list.' })
    filter: ClosureFilterInput,
    @Args('page', { type: () => PageInput, defaultValue: {}, description: 'Which part of the list.' })
    page: PageInput,
  ) {
    return this.records.closures(filter, page);
  }

  @Allow(Permission.READ_SCHEDULE)
  @Query(() => Closure, { description: 'One closure. Needs READ_SCHEDULE.' })
  closure(@Args('id', { type: () => ID, description: 'Id of the closure.' }, ParseUUIDPipe) id: string) {
    return this.records.closure(id);
  }

  @Allow(Permission.READ_VISIT)
  @ResolveField(() => Visit, {
    description: 'The visit as it stands now. Needs READ_VISIT; the look is recorded.',
  })
  visit(
    @Parent() change: ClosureChange,
    @CurrentRequest() request: RequestContext,
    @CurrentActor() actor: StaffActor,
  ) {
    return requestLoader(request, VISITS, (ids) => this.records.visitsOf(actor, ids)).load(change.visitId);
  }
}
