import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import { plainDateFromDate } from '../../platform/time/index.js';
import type { IncidentNotificationMatter } from './incident-letter.type.js';

/** What the clinic is told, read afresh when the notice is written. */
@Injectable()
export class IncidentLetterService {
  /** Null: there was no such reminder or a newer one, or whoever has to hear was told since, or need not hear any more. */
  async notificationMatter(
    client: Pick<Tx, 'incident'>,
    incidentId: string,
    reminder: number,
  ): Promise<IncidentNotificationMatter | null> {
    const row = await client.incident.findUnique({ where: { id: incidentId } });
    if (row === null || row.reminders !== reminder || row.notifyBy === null || row.notifiedAt !== null)
      return null;
    const { patientId, reference, notifyBy } = row;
    return { incidentId, patientId, reference, notifyBy: plainDateFromDate(notifyBy) };
  }
}
