import { Inject, Injectable } from '@nestjs/common';
import type { Refusal } from '../../platform/refusal/refusal.js';
import type { Booker } from '../visits/booker.type.js';
import { IdempotencyService } from '../visits/idempotency.service.js';
import { OutcomeService } from './outcome.service.js';
import {
  CHANGE_SCORE_REFUSALS,
  type CorrectScoreInput,
  type OutcomeScore,
  RECORD_SCORE_REFUSALS,
  type RecordScoreInput,
  type VoidScoreInput,
} from './outcome.type.js';
import { ScoreReplaced } from './score.refusals.js';

/** The database's own "no": somebody has put the score right at this moment. */
const REPLACED = { outcome_scores_replaces_id_key: () => new ScoreReplaced(null) } as const;

/** What somebody records of what a patient answered, each once however often it is sent. */
@Injectable()
export class ScoreService {
  constructor(
    @Inject(IdempotencyService) private readonly idempotency: IdempotencyService,
    @Inject(OutcomeService) private readonly outcomes: OutcomeService,
  ) {}

  async recordScore(booker: Booker, input: RecordScoreInput): Promise<OutcomeScore | Refusal> {
    return this.idempotency.once<OutcomeScore>(
      { booker, operation: 'recordScore', input, refusals: RECORD_SCORE_REFUSALS },
      (tx) => this.outcomes.record(tx, booker.actor, input),
    );
  }

  async correctScore(booker: Booker, input: CorrectScoreInput): Promise<OutcomeScore | Refusal> {
    return this.idempotency.once<OutcomeScore>(
      { booker, operation: 'correctScore', input, refusals: CHANGE_SCORE_REFUSALS },
      (tx) => this.outcomes.correct(tx, booker.actor, input),
      REPLACED,
    );
  }

  async voidScore(booker: Booker, input: VoidScoreInput): Promise<OutcomeScore | Refusal> {
    return this.idempotency.once<OutcomeScore>(
      { booker, operation: 'voidScore', input, refusals: CHANGE_SCORE_REFUSALS },
      (tx) => this.outcomes.takeBack(tx, booker.actor, input),
      REPLACED,
    );
  }
}
