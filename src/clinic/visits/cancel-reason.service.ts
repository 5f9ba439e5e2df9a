import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import { Database, type Tx } from '../../platform/database/database.service.js';
import { Clock, dateFromPlainDate, localDate } from '../../platform/time/index.js';
import type { CancelReason } from './cancel-reason.type.js';
import { isOfTheClinic } from './visit.rules.js';

/** The reasons for which visits are cancelled: reference data, retired and never removed. */
@Injectable()
export class CancelReasonService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Config) private readonly config: Config,
  ) {}

  /** Those in use today, by name. Whoever asks inside a transaction hands it in. */
  async cancelReasons(
    reader: Pick<Tx, 'cancelReason'> = this.database.client,
  ): Promise<readonly CancelReason[]> {
    const today = dateFromPlainDate(localDate(this.clock.now(), this.config.clinicTimeZone));
    const rows = await reader.cancelReason.findMany({
      where: { OR: [{ retiredOn: null }, { retiredOn: { gt: today } }] },
      select: { code: true, name: true, fhirCode: true, allowedRoles: true, needsComment: true },
      orderBy: [{ name: 'asc' }, { code: 'asc' }],
    });
    return rows.map((reason) => ({ ...reason, isOfTheClinic: isOfTheClinic(reason) }));
  }
}
