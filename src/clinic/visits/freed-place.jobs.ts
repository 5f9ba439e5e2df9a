import { Inject, Injectable } from '@nestjs/common';
import { HandleLater, OutboxHandlers } from '../../platform/outbox/index.js';
import type { Temporal } from '../../platform/time/index.js';
import { FreedPlaceService, UNATTENDED } from './freed-place.service.js';
import { FREED_PLACE_WORK } from './freed-place-letter.type.js';

/** A place fell free, somebody said no, or a deadline has passed: small steps, each of which may be repeated. */
@Injectable()
export class FreedPlaceJobs {
  constructor(
    @Inject(OutboxHandlers) handlers: OutboxHandlers,
    @Inject(FreedPlaceService) places: FreedPlaceService,
  ) {
    handlers.register({
      topic: FREED_PLACE_WORK.freed,
      handle: async ({ subjectId }) => comeAgain(await places.offerUnasked(subjectId)),
    });
    handlers.register({
      topic: FREED_PLACE_WORK.declined,
      handle: async ({ subjectId }) => comeAgain(await places.goOn(UNATTENDED, subjectId)),
    });
    handlers.register({
      topic: FREED_PLACE_WORK.due,
      handle: async ({ subjectId }) => comeAgain(await places.passDeadline(subjectId)),
    });
  }
}

function comeAgain(at: Temporal.Instant | null): void {
  if (at !== null) throw new HandleLater(at);
}
