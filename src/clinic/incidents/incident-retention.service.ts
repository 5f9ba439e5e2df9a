import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import { dateFromInstant, instantFromDate, Temporal } from '../../platform/time/index.js';
import type { Actor } from '../audit/audit.type.js';
import {
  type DestroyedPart,
  type Destruction,
  type PatientPartFacts,
  type PatientRecordPart,
  RetentionClasses,
} from '../records/retention-class.type.js';
import { IncidentRecordService } from './incident-record.service.js';

/** A column that must say something says this. */
const DESTROYED = 'Destroyed';

/** An incident that is open keeps the record; one that is closed goes with it, except for what it was. */
@Injectable()
export class IncidentRetentionService implements PatientRecordPart {
  readonly room = 'incidents';

  constructor(
    @Inject(RetentionClasses) classes: RetentionClasses,
    @Inject(IncidentRecordService) private readonly records: IncidentRecordService,
  ) {
    classes.join(this);
  }

  async facts(tx: Tx, patientIds: readonly string[]): Promise<ReadonlyMap<string, PatientPartFacts>> {
    const rows = await tx.incident.findMany({
      where: { patientId: { in: [...patientIds] }, destroyedAt: null },
      select: { patientId: true, status: true, happenedAt: true },
    });
    return new Map(
      patientIds.map((id) => {
        const own = rows.filter(({ patientId }) => patientId === id);
        const days = own.map(({ happenedAt }) => this.records.dayOf(instantFromDate(happenedAt)));
        return [
          id,
          {
            lastContactOn: days.toSorted(Temporal.PlainDate.compare).at(-1) ?? null,
            treatmentEndedOn: null,
            classes: [],
            keptBecause: own.some(({ status }) => status !== 'CLOSED') ? 'INCIDENT_OPEN' : null,
          },
        ];
      }),
    );
  }

  /** The stub stays, for the figures: what kind of thing, when, what it was found to be. What was told goes. */
  async destroy(
    tx: Tx,
    _actor: Actor,
    patientId: string,
    { at }: Destruction,
  ): Promise<readonly DestroyedPart[]> {
    const ofThem = { incident: { patientId } };
    const notes = await tx.incidentNote.deleteMany({ where: ofThem });
    const assessments = await tx.incidentAssessment.deleteMany({ where: ofThem });
    const notifications = await tx.incidentNotification.deleteMany({ where: ofThem });
    const closings = await tx.incidentClosing.deleteMany({ where: ofThem });
    const incidents = await tx.incident.updateMany({
      where: { patientId, destroyedAt: null },
      data: {
        ...{ whatHappened: DESTROYED, immediateAction: null, destroyedAt: dateFromInstant(at) },
        version: { increment: 1 },
      },
    });
    return [
      { what: 'incidents', count: incidents.count },
      { what: 'assessments of incidents', count: assessments.count },
      { what: 'notifications of incidents', count: notifications.count },
      { what: 'notes on incidents', count: notes.count },
      { what: 'closings of incidents', count: closings.count },
    ].filter(({ count }) => count > 0);
  }
}
