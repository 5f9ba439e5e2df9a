import { Inject, Injectable } from '@nestjs/common';
import type { LetterKind } from '../../platform/database/generated/enums.js';
import { OutboxHandlers } from '../../platform/outbox/index.js';
import { SCAN_TOPICS } from '../imaging/scan-letter.type.js';
import { FREED_PLACE_TOPICS, VISIT_TOPICS } from '../visits/visit-letter.type.js';
import { LETTER_DUE, LetterService } from './letter.service.js';
import { LetterDeliveryService } from './letter-delivery.service.js';

/** What earlier rooms post, and the letter that it calls for. */
const KIND_BY_TOPIC: readonly (readonly [string, LetterKind])[] = [
  [SCAN_TOPICS.booked, 'SCAN_BOOKED'],
  [SCAN_TOPICS.moved, 'SCAN_MOVED'],
  [SCAN_TOPICS.cancelled, 'SCAN_CANCELLED'],
  [VISIT_TOPICS.booked, 'VISIT_BOOKED'],
  [VISIT_TOPICS.moved, 'VISIT_MOVED'],
  [VISIT_TOPICS.cancelled, 'VISIT_CANCELLED'],
  [FREED_PLACE_TOPICS.offered, 'FREED_PLACE_OFFERED'],
  [FREED_PLACE_TOPICS.gone, 'FREED_PLACE_GONE'],
];

/** News opens a letter; a letter that is due is delivered. Two small steps, each of which may be repeated. */
@Injectable()
export class LetterJobs {
  constructor(
    @Inject(OutboxHandlers) handlers: OutboxHandlers,
    @Inject(LetterService) letters: LetterService,
    @Inject(LetterDeliveryService) delivery: LetterDeliveryService,
  ) {
    for (const [topic, kind] of KIND_BY_TOPIC) {
      handlers.register({
        topic,
        handle: ({ subjectId, version }) => letters.open(kind, subjectId, version),
      });
    }
    handlers.register({ topic: LETTER_DUE, handle: ({ subjectId }) => delivery.deliver(subjectId) });
  }
}
