import { Inject, Injectable } from '@nestjs/common';
import { HandleLater, OutboxHandlers } from '../../platform/outbox/index.js';
import { TREATMENT_DONE } from '../treatments/treatment.type.js';
import { DiaryFollowingService } from './diary-following.service.js';
import { DiaryOpeningService } from './diary-opening.service.js';
import { DiaryReminderService } from './diary-reminder.service.js';
import { DIARY_DUE } from './response.type.js';

/** A treatment that was done gets its diary, which follows its record; a point that is due is asked for, and given up when it is too late. */
@Injectable()
export class ResponseJobs {
  constructor(
    @Inject(OutboxHandlers) handlers: OutboxHandlers,
    @Inject(DiaryOpeningService) opening: DiaryOpeningService,
    @Inject(DiaryFollowingService) following: DiaryFollowingService,
    @Inject(DiaryReminderService) reminders: DiaryReminderService,
  ) {
    handlers.register({
      topic: TREATMENT_DONE,
      handle: async ({ subjectId }) => {
        await opening.open(subjectId);
        await following.follow(subjectId);
      },
    });
    handlers.register({
      topic: DIARY_DUE,
      handle: async ({ subjectId }) => {
        const later = await reminders.remind(subjectId);
        if (later !== null) throw new HandleLater(later);
      },
    });
  }
}
