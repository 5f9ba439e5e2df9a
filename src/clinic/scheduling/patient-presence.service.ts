import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import { Clock, instantFromDate, type Temporal } from '../../platform/time/index.js';
import { SWEEP_PRESENCES } from './claim.queries.js';
import { PRESENCES_OF_BOTH } from './patient-presence.queries.js';

/** When two records are expected at once: a person can be in one place only. */
export interface PresenceOfBoth {
  readonly startsAt: Temporal.Instant;
  readonly endsAt: Temporal.Instant;
}

/** Where patients have to be, when it turns out that two of them are one, or one of them two. */
@Injectable()
export class PatientPresenceService {
  constructor(@Inject(Clock) private readonly clock: Clock) {}

  /** When both are expected somewhere, the earliest first. Holds that are over do not count. */
  async ofBoth(tx: Tx, one: string, other: string): Promise<readonly PresenceOfBoth[]> {
    const rows = await tx.$queryRawUnsafe<{ startsAt: Date; endsAt: Date }[]>(
      PRESENCES_OF_BOTH,
      one,
      other,
      this.clock.now().toString(),
    );
    return rows.map(({ startsAt, endsAt }) => ({
      startsAt: instantFromDate(startsAt),
      endsAt: instantFromDate(endsAt),
    }));
  }

  /** Everywhere one had to be, the other has to be. Holds of both that are over are swept first: they would stand in the way. */
  async moveAll(tx: Tx, from: string, into: string): Promise<void> {
    const now = this.clock.now().toString();
    for (const id of [from, into].toSorted()) await tx.$executeRawUnsafe(SWEEP_PRESENCES, id, now);
    await tx.patientPresence.updateMany({ where: { patientId: from }, data: { patientId: into } });
  }

  /** Whoever comes for these visits is somebody else. */
  async moveOf(tx: Tx, visitIds: readonly string[], to: string): Promise<void> {
    await tx.patientPresence.updateMany({
      where: { holderId: { in: [...visitIds] } },
      data: { patientId: to },
    });
  }
}
