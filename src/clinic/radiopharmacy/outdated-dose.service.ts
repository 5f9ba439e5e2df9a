import { Inject, Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.service.js';
import { PlannedDoseStatus } from '../../platform/database/generated/enums.js';
import { Clock, dateFromInstant, dateFromPlainDate, type Temporal } from '../../platform/time/index.js';
import type { UnattendedActor } from '../audit/audit.type.js';
import { DosedVisits } from './dosed-visits.service.js';
import { OUTDATED_DOSES } from './planned-dose.queries.js';

/** So many doses follow before the job hands itself over: less than a minute of work. */
const FOLLOWED_AT_ONCE_MAX = 200;

const ACTOR: UnattendedActor = {
  kind: 'SYSTEM',
  id: null,
  label: 'radiopharmacy',
  requestId: null,
  source: null,
};

/** Doses of booked visits follow a new protocol, half-life, supplier or terms: one visit after the other, each whole. */
@Injectable()
export class OutdatedDoseService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(DosedVisits) private readonly visits: DosedVisits,
  ) {}

  /**
   * What was sent to a supplier stays as it was sent: the difference is a conflict of the dose. Done twice, or broken off and
   * begun anew, it comes to the same. Whether there may be more.
   */
  async followAll(countMax = FOLLOWED_AT_ONCE_MAX): Promise<boolean> {
    const rows = await this.database.client.$queryRawUnsafe<readonly { readonly visitId: string }[]>(
      OUTDATED_DOSES,
      this.clock.now().toString(),
      countMax,
    );
    await this.#follow(rows);
    return rows.length === countMax;
  }

  /** Before a supplier is told of a day: each dose as its visit, its patient and the calendar stand now. */
  async followDay(siteCode: string, heldOn: Temporal.PlainDate): Promise<void> {
    const rows = await this.database.client.plannedDose.findMany({
      where: {
        ...{ siteCode, heldOn: dateFromPlainDate(heldOn), status: PlannedDoseStatus.WANTED },
        injectionAt: { gt: dateFromInstant(this.clock.now()) },
      },
      select: { visitId: true },
      orderBy: { injectionAt: 'asc' },
    });
    await this.#follow(rows);
  }

  async #follow(rows: readonly { readonly visitId: string }[]): Promise<void> {
    const failures: unknown[] = [];
    for (const { visitId } of rows) {
      // One visit that cannot be computed keeps no other waiting; whoever asked hears of it and asks again.
      await this.database
        .transaction((tx) => this.visits.refollow(tx, ACTOR, visitId))
        .catch((failure: unknown) => failures.push(failure));
    }
    if (failures.length > 0) throw failures[0];
  }
}
