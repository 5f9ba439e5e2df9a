import { Inject, Injectable } from '@nestjs/common';
import { OutboxHandlers } from '../../platform/outbox/index.js';
import { VETTING_NEWS } from '../vetting/vetting-work.type.js';
import { ScanDoseFollowService } from './scan-dose-follow.service.js';

/** A request that says something else has the doses of what is booked for it follow. */
@Injectable()
export class ScanDoseJobs {
  constructor(
    @Inject(OutboxHandlers) handlers: OutboxHandlers,
    @Inject(ScanDoseFollowService) doses: ScanDoseFollowService,
  ) {
    handlers.register({
      topic: VETTING_NEWS.requestChanged,
      handle: ({ subjectId }) => doses.requestChanged(subjectId),
    });
  }
}
