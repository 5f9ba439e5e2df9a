export { HandleLater, type OutboxHandler, OutboxHandlers, type OutboxMessage } from './outbox.handlers.js';
export { OutboxHealth } from './outbox.health.js';
export { OutboxModule } from './outbox.module.js';
export { Outbox, type OutboxPost } from './outbox.service.js';
export { OutboxWorker } from './outbox.worker.js';
