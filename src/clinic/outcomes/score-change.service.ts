import { Inject, Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.service.js';
import { isImportantChange } from './instrument.rules.js';
import type { OutcomeScore, ScoreChange } from './outcome.type.js';
import { previousScores } from './score.queries.js';
import { ScoreRecordService } from './score-record.service.js';

/** What has changed from one score to the next. */
@Injectable()
export class ScoreChangeService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(ScoreRecordService) private readonly scores: ScoreRecordService,
  ) {}

  /** The change of each of these scores, by id; those without one before are left out. The look is recorded with the score. */
  async changesOf(ids: readonly string[]): Promise<ReadonlyMap<string, ScoreChange>> {
    const { client } = this.database;
    const pairs = await client.$queryRaw<readonly { id: string; previousId: string }[]>(previousScores(ids));
    const known = await this.scores.byIds(
      client,
      pairs.flatMap(({ id, previousId }) => [id, previousId]),
    );
    return new Map(
      pairs.flatMap(({ id, previousId }) => {
        const [score, since] = [known.get(id), known.get(previousId)];
        return score === undefined || since === undefined ? [] : [[id, toChange(score, since)] as const];
      }),
    );
  }
}

function toChange(score: OutcomeScore, since: OutcomeScore): ScoreChange {
  const points = score.total === null || since.total === null ? null : score.total - since.total;
  return { since, points, isImportant: isImportantChange(score.instrument, since.total, score.total) };
}
