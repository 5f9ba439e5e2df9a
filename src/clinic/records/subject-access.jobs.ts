import { Inject, Injectable } from '@nestjs/common';
import { OutboxHandlers } from '../../platform/outbox/index.js';
import { SubjectAccessCopyService } from './subject-access-copy.service.js';
import { SUBJECT_ACCESS_WORK } from './subject-access-request.type.js';

/** Prepares copies, and removes them when their time is over. */
@Injectable()
export class SubjectAccessJobs {
  constructor(
    @Inject(OutboxHandlers) handlers: OutboxHandlers,
    @Inject(SubjectAccessCopyService) copies: SubjectAccessCopyService,
  ) {
    handlers.register({
      topic: SUBJECT_ACCESS_WORK.requested,
      handle: ({ subjectId, version }) => copies.prepare(subjectId, version),
    });
    handlers.register({
      topic: SUBJECT_ACCESS_WORK.due,
      handle: ({ subjectId, version }) => copies.expire(subjectId, version),
    });
  }
}
