import { Inject, Injectable } from '@nestjs/common';
import { Database, type Tx } from '../../platform/database/database.service.js';
import type { Actor, UnattendedActor } from '../audit/audit.type.js';
import { type DosedVisitSource, DosedVisits } from '../radiopharmacy/dosed-visits.service.js';
import { ScanDoseService } from './scan-dose.service.js';
import { ScanRecordService } from './scan-record.service.js';

const ACTOR: UnattendedActor = {
  kind: 'SYSTEM',
  id: null,
  label: 'imaging',
  requestId: null,
  source: null,
};

/** The dose of a scan follows what its own visit did not bring about: what its request says now, and new numbers. */
@Injectable()
export class ScanDoseFollowService implements DosedVisitSource {
  constructor(
    @Inject(DosedVisits) visits: DosedVisits,
    @Inject(Database) private readonly database: Database,
    @Inject(ScanRecordService) private readonly records: ScanRecordService,
    @Inject(ScanDoseService) private readonly doses: ScanDoseService,
  ) {
    visits.register(this);
  }

  async refollow(tx: Tx, actor: Actor, visitId: string): Promise<void> {
    const known = await tx.scanBooking.findUnique({ where: { id: visitId }, select: { id: true } });
    if (known === null) return;
    const booking = await this.records.lockVisit(tx, visitId);
    await this.doses.follow(tx, actor, booking);
  }

  /** Weight, activity or decision are others: whatever is booked for the referral. Doing it twice is doing it once. */
  async requestChanged(referralId: string): Promise<void> {
    const bookings = await this.database.client.scanBooking.findMany({
      where: { referralId, injectedAt: null, status: { in: ['BOOKED', 'IN_PROGRESS'] } },
      select: { id: true },
      orderBy: { id: 'asc' },
    });
    for (const { id } of bookings) {
      await this.database.transaction((tx) => this.refollow(tx, ACTOR, id));
    }
  }
}
