import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import type { Tx } from '../../platform/database/database.service.js';
import type { ImagingRequest as RequestRow } from '../../platform/database/generated/client.js';
import { Outbox } from '../../platform/outbox/index.js';
import { plainDateFromDate, type Temporal } from '../../platform/time/index.js';
import { overdueFrom } from '../referrals/triage-due.service.js';
import { lapsesFrom } from './vetting-due.rules.js';
import { VETTING_NEWS, VETTING_WORK } from './vetting-work.type.js';

/** What of requests is due when, and who comes to look. Every verb works in the caller's transaction. */
@Injectable()
export class VettingDueService {
  constructor(
    @Inject(Config) private readonly config: Config,
    @Inject(Outbox) private readonly outbox: Outbox,
  ) {
    outbox.declare(VETTING_WORK.due);
    outbox.declare(VETTING_WORK.lapses);
    outbox.declare(VETTING_NEWS.requestChanged);
  }

  /** Has the request looked at when that day has passed. Whoever looks judges it as it stands then. */
  async watch(tx: Tx, request: Pick<RequestRow, 'id' | 'version'>, dueOn: Date): Promise<void> {
    const dueAt = overdueFrom(plainDateFromDate(dueOn), this.config.clinicTimeZone);
    await this.#lookAt(tx, VETTING_WORK.due, request, dueAt);
  }

  /** Has the request looked at on the day on which its authorisation lapses. Whoever looks judges it as it stands then. */
  async watchLapse(
    tx: Tx,
    request: Pick<RequestRow, 'id' | 'version'>,
    lapsesOn: Temporal.PlainDate,
  ): Promise<void> {
    const dueAt = lapsesFrom(lapsesOn, this.config.clinicTimeZone);
    await this.#lookAt(tx, VETTING_WORK.lapses, request, dueAt);
  }

  /** Tells the room that has planned something by what the request said: it looks anew, after the commit. */
  async tell(
    tx: Tx,
    { referralId: subjectId, version }: Pick<RequestRow, 'referralId' | 'version'>,
  ): Promise<void> {
    await this.outbox.post(tx, { topic: VETTING_NEWS.requestChanged, subjectId, version });
  }

  async #lookAt(
    tx: Tx,
    topic: string,
    { id: subjectId, version }: Pick<RequestRow, 'id' | 'version'>,
    dueAt: Temporal.Instant,
  ): Promise<void> {
    await this.outbox.withdraw(tx, [topic], [subjectId]);
    await this.outbox.post(tx, { topic, subjectId, version, dueAt });
  }
}
