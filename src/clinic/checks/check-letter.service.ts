import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import type { Tx } from '../../platform/database/database.service.js';
import { Outbox } from '../../platform/outbox/index.js';
import { instantFromDate, localDate, plainDateFromDate } from '../../platform/time/index.js';
import { awaitsPractitioner, type DecidableFacts } from './check-decision.rules.js';
import { takesPlace } from './check-entry.rules.js';
import { CHECK_TOPICS, type DecisionAwaitedMatter } from './check-letter.type.js';

/** The practitioner need not be in the room: the clinic is told when a check waits for them. */
@Injectable()
export class CheckLetterService {
  constructor(
    @Inject(Config) private readonly config: Config,
    @Inject(Outbox) private readonly outbox: Outbox,
  ) {
    outbox.declare(CHECK_TOPICS.decisionAwaited);
  }

  /** In the transaction in which the check is written. */
  async tell(tx: Tx, check: DecidableFacts & { readonly id: string }): Promise<void> {
    if (!awaitsPractitioner(check)) return;
    await this.outbox.post(tx, { topic: CHECK_TOPICS.decisionAwaited, subjectId: check.id, version: 0 });
  }

  /**
   * Read afresh when the notice is written. Null: it was decided, another check stands instead, or the visit came to nothing
   * or to another day, on which all is asked anew.
   */
  async decisionMatter(
    client: Pick<Tx, 'visitCheck'>,
    checkId: string,
  ): Promise<DecisionAwaitedMatter | null> {
    const row = await client.visitCheck.findUnique({
      where: { id: checkId },
      select: {
        ...{ visitId: true, madeOn: true, madeAt: true },
        ...{ replacedBy: { select: { id: true } }, decisions: { take: 1 } },
        visit: { select: { patientId: true, status: true, startsAt: true } },
      },
    });
    if (row === null || row.replacedBy !== null || row.decisions.length > 0) return null;
    const { visitId, madeOn, madeAt, visit } = row;
    if (!takesPlace(visit.status)) return null;
    const visitOn = localDate(instantFromDate(visit.startsAt), this.config.clinicTimeZone);
    if (!visitOn.equals(plainDateFromDate(madeOn))) return null;
    return { visitId, patientId: visit.patientId, madeAt: instantFromDate(madeAt) };
  }
}
