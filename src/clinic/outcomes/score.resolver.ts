import { Inject } from '@nestjs/common';
import { Args, ID, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { CurrentRequest, type RequestContext } from '../../platform/graphql/request-context.js';
import { requestLoader } from '../../platform/graphql/request-loader.js';
import type { StaffActor } from '../audit/audit.type.js';
import { Allow, CurrentActor, Permission } from '../auth/permission.type.js';
import { type Booker, CurrentBooker } from '../visits/booker.type.js';
import { InstrumentService } from './instrument.service.js';
import {
  CorrectScoreInput,
  CorrectScoreResult,
  OutcomeInstrumentRules,
  OutcomeScore,
  RecordScoreInput,
  RecordScoreResult,
  ScoreChange,
  VoidScoreInput,
  VoidScoreResult,
} from './outcome.type.js';
import { ScoreService } from './score.service.js';
import { ScoreChangeService } from './score-change.service.js';
import { ScoreRecordService } from './score-record.service.js';

const CHANGES = Symbol('changes of scores');

@Resolver(() => OutcomeScore)
export class ScoreResolver {
  constructor(
    @Inject(ScoreService) private readonly scores: ScoreService,
    @Inject(ScoreRecordService) private readonly records: ScoreRecordService,
    @Inject(InstrumentService) private readonly instruments: InstrumentService,
    @Inject(ScoreChangeService) private readonly changes: ScoreChangeService,
  ) {}

  @Allow(Permission.READ_OWN_SESSION)
  @Query(() => [OutcomeInstrumentRules], {
    description: 'How each instrument is scored, with the source of each figure. Needs READ_OWN_SESSION.',
  })
  outcomeInstruments() {
    return this.instruments.outcomeInstruments();
  }

  @Allow(Permission.READ_OUTCOME)
  @Query(() => OutcomeScore, {
    description:
      'One score, also one that was put right or taken back. NOT_FOUND when there is none. The look is recorded. Needs READ_OUTCOME.',
  })
  outcomeScore(
    @CurrentActor() actor: StaffActor,
    @Args('id', { type: () => ID, description: 'Id of the score.' }) id: string,
  ) {
    return this.records.score(actor, id);
  }

  @Allow(Permission.READ_OWN_SESSION)
  @ResolveField(() => OutcomeInstrumentRules, {
    description: 'How its instrument is scored now, with the source of each figure. Needs READ_OWN_SESSION.',
  })
  rules(@Parent() { instrument }: OutcomeScore) {
    return this.instruments.rulesOf(instrument);
  }

  @Allow(Permission.READ_OUTCOME)
  @ResolveField(() => ScoreChange, {
    nullable: true,
    description: 'What has changed since the score before; null: there is none. Needs READ_OUTCOME.',
  })
  change(@Parent() { id }: OutcomeScore, @CurrentRequest() request: RequestContext) {
    return requestLoader(request, CHANGES, (ids) => this.changes.changesOf(ids)).load(id);
  }

  @Allow(Permission.RECORD_OUTCOME)
  @Mutation(() => RecordScoreResult, {
    description:
      'Records what a patient answered, and scores it. An answer above 0 to item 9 of PHQ-9 raises a task for a clinician, ' +
      'whatever the total: `riskTaskId` says so. With an `Idempotency-Key` it is done once. BAD_INPUT names the field. Needs ' +
      'RECORD_OUTCOME.',
  })
  recordScore(
    @CurrentBooker() booker: Booker,
    @Args('input', { description: 'The answers.' }) input: RecordScoreInput,
  ) {
    return this.scores.recordScore(booker, input);
  }

  @Allow(Permission.RECORD_OUTCOME)
  @Mutation(() => CorrectScoreResult, {
    description:
      'Puts answers right that were recorded wrongly: another score stands in the place of the wrong one, which stays readable. ' +
      'Refused as ScoreReplaced or ScoreVoid. With an `Idempotency-Key` it is done once. Needs RECORD_OUTCOME.',
  })
  correctScore(
    @CurrentBooker() booker: Booker,
    @Args('input', { description: 'The answers as they were given, and why.' }) input: CorrectScoreInput,
  ) {
    return this.scores.correctScore(booker, input);
  }

  @Allow(Permission.RECORD_OUTCOME)
  @Mutation(() => VoidScoreResult, {
    description:
      'Takes a score back, which was somebody else’s, say. It stays readable and counts no more; a task that it raised stays ' +
      'until somebody closes it. Refused as ScoreReplaced or ScoreVoid. With an `Idempotency-Key` it is done once. Needs ' +
      'RECORD_OUTCOME.',
  })
  voidScore(
    @CurrentBooker() booker: Booker,
    @Args('input', { description: 'Which score, and why.' }) input: VoidScoreInput,
  ) {
    return this.scores.voidScore(booker, input);
  }
}
