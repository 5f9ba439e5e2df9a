import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.service.js';
import { countParkedMessages } from './outbox.queries.js';

/** What health and logs may tell of the outbox. */
@Injectable()
export class OutboxHealth {
  constructor(private readonly database: Database) {}

  /** Messages that were given up and wait for a person. Zero on a good day. */
  async outboxStuck(): Promise<number> {
    const [counted] = await this.database.client.$queryRaw<{ count: number }[]>(countParkedMessages);
    return counted?.count ?? 0;
  }
}
