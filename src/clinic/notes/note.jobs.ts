import { Inject, Injectable } from '@nestjs/common';
import { HandleLater, OutboxHandlers } from '../../platform/outbox/index.js';
import { NOTE_LOCK_DUE } from './note.type.js';
import { NoteLockService } from './note-lock.service.js';

/** What its author has not locked locks itself. */
@Injectable()
export class NoteJobs {
  constructor(
    @Inject(OutboxHandlers) handlers: OutboxHandlers,
    @Inject(NoteLockService) locks: NoteLockService,
  ) {
    handlers.register({
      topic: NOTE_LOCK_DUE,
      handle: async ({ subjectId }) => {
        const again = await locks.passLockTime(subjectId);
        if (again !== null) throw new HandleLater(again);
      },
    });
  }
}
