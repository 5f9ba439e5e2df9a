import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import { Temporal } from '../../platform/time/index.js';
import type { LicenceRenewalMatter } from './licence-letter.type.js';
import { LicenceRecordService } from './licence-record.service.js';
import { LicenceRenewalState } from './licence-renewal.rules.js';

/** Renewals that still have to be seen to: what a notice of the past is worth today. */
const OPEN: readonly LicenceRenewalState[] = [
  LicenceRenewalState.DUE,
  LicenceRenewalState.LATE,
  LicenceRenewalState.APPLIED,
];

/** What the clinic is told, read afresh when the notice is written. */
@Injectable()
export class LicenceLetterService {
  constructor(@Inject(LicenceRecordService) private readonly records: LicenceRecordService) {}

  /** Null: there is no such reminder or a newer one, or nothing is to be seen to any more. */
  async renewalMatter(client: Tx, licenceId: string, number: number): Promise<LicenceRenewalMatter | null> {
    const last = await client.licenceReminder.findFirst({
      where: { licenceId },
      orderBy: { number: 'desc' },
    });
    if (last?.number !== number) return null;
    const licence = await this.records.read(client, licenceId);
    if (!OPEN.includes(licence.renewalState)) return null;
    const lastDay = Temporal.PlainDate.from(licence.validUntil);
    // Whoever has applied is told only of the last day.
    const isLast = lastDay.equals(this.records.today());
    if (licence.renewalState === LicenceRenewalState.APPLIED && !isLast) return null;
    return { licenceId, number: licence.number, lastDay, applyBy: Temporal.PlainDate.from(licence.applyBy) };
  }
}
