import { Inject, Injectable } from '@nestjs/common';
import { HandleLater, OutboxHandlers } from '../../platform/outbox/index.js';
import { Clock } from '../../platform/time/index.js';
import { DestructionService } from './destruction.service.js';
import { DestructionListingService } from './destruction-listing.service.js';
import { DESTRUCTION_WORK } from './destruction-run.type.js';

/** Turns in a row before others have theirs: well inside of the time for which a message is handed over. */
const TURNS_MAX = 10;
/** Long enough that a list of thousands does not keep the worker from everything else. */
const PAUSE_SECONDS = 1;

/** Draws up lists and carries them out: small steps, each of which may be repeated or taken up by another process. */
@Injectable()
export class DestructionRunJobs {
  constructor(
    @Inject(OutboxHandlers) handlers: OutboxHandlers,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(DestructionListingService) listing: DestructionListingService,
    @Inject(DestructionService) destruction: DestructionService,
  ) {
    handlers.register({
      topic: DESTRUCTION_WORK.listing,
      handle: ({ subjectId }) => this.#turns(() => listing.goOn(subjectId)),
    });
    handlers.register({
      topic: DESTRUCTION_WORK.approved,
      handle: ({ subjectId }) => this.#turns(() => destruction.goOn(subjectId)),
    });
  }

  async #turns(turn: () => Promise<boolean>): Promise<void> {
    for (let turns = 0; turns < TURNS_MAX; turns += 1) {
      if (!(await turn())) return;
    }
    throw new HandleLater(this.clock.now().add({ seconds: PAUSE_SECONDS }));
  }
}
