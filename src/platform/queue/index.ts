export { QueueModule } from './queue.module.js';
export { QueueService } from './queue.service.js';
