import { Inject, Injectable } from '@nestjs/common';
import { HandleLater, OutboxHandlers } from '../../platform/outbox/index.js';
import { Clock } from '../../platform/time/index.js';
import { DoseOrderService } from './dose-order.service.js';
import { OutdatedDoseService } from './outdated-dose.service.js';
import { RADIOPHARMACY_WORK } from './radiopharmacy-work.type.js';

/** What doses and orders come to by themselves. Doing it twice is doing it once. */
@Injectable()
export class RadiopharmacyJobs {
  constructor(
    @Inject(OutboxHandlers) handlers: OutboxHandlers,
    @Inject(Clock) clock: Clock,
    @Inject(OutdatedDoseService) outdated: OutdatedDoseService,
    @Inject(DoseOrderService) orders: DoseOrderService,
  ) {
    handlers.register({
      topic: RADIOPHARMACY_WORK.basisSet,
      handle: async () => {
        if (await outdated.followAll()) throw new HandleLater(clock.now());
      },
    });
    handlers.register({
      topic: RADIOPHARMACY_WORK.cutOffPassed,
      handle: async ({ subjectId }) => {
        const again = await orders.passCutOff(subjectId);
        if (again !== null) throw new HandleLater(again);
      },
    });
  }
}
