import { Inject, Injectable } from '@nestjs/common';
import { HandleLater, OutboxHandlers } from '../../platform/outbox/index.js';
import { LICENCE_WORK } from './licence-letter.type.js';
import { LicenceRenewalService } from './licence-renewal.service.js';

/** A licence comes up again until it is renewed, ended or over. Doing it twice is doing it once. */
@Injectable()
export class LicenceJobs {
  constructor(
    @Inject(OutboxHandlers) handlers: OutboxHandlers,
    @Inject(LicenceRenewalService) renewals: LicenceRenewalService,
  ) {
    handlers.register({
      topic: LICENCE_WORK.watched,
      handle: async ({ subjectId }) => {
        const again = await renewals.look(subjectId);
        if (again !== null) throw new HandleLater(again);
      },
    });
  }
}
