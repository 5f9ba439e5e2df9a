import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import type { Tx } from '../../platform/database/database.service.js';
import { instantFromDate, localDate } from '../../platform/time/index.js';
import type { Actor } from '../audit/audit.type.js';
import {
  type DestroyedPart,
  type PatientPartFacts,
  type PatientRecordPart,
  RetentionClasses,
} from '../records/retention-class.type.js';

/** Whoever answers is in contact; a risk task that nobody has closed keeps the record. All of it goes with the record. */
@Injectable()
export class OutcomeRetentionService implements PatientRecordPart {
  readonly room = 'outcomes';

  constructor(
    @Inject(RetentionClasses) classes: RetentionClasses,
    @Inject(Config) private readonly config: Config,
  ) {
    classes.join(this);
  }

  async facts(tx: Tx, patientIds: readonly string[]): Promise<ReadonlyMap<string, PatientPartFacts>> {
    const ofThem = { patientId: { in: [...patientIds] } };
    const taken = await tx.outcomeScore.groupBy({
      by: ['patientId'],
      where: { ...ofThem, isVoid: false, replacedBy: { is: null } },
      _max: { takenAt: true },
    });
    const lastOf = new Map(taken.map(({ patientId, _max }) => [patientId, _max.takenAt]));
    const unclosed = await tx.riskTask.findMany({
      where: { ...ofThem, status: { not: 'CLOSED' } },
      select: { patientId: true },
    });
    const kept = new Set(unclosed.map(({ patientId }) => patientId));
    return new Map(
      patientIds.map((id) => {
        const last = lastOf.get(id) ?? null;
        return [
          id,
          {
            lastContactOn:
              last === null ? null : localDate(instantFromDate(last), this.config.clinicTimeZone),
            treatmentEndedOn: null,
            classes: [],
            keptBecause: kept.has(id) ? 'RISK_TASK_OPEN' : null,
          },
        ];
      }),
    );
  }

  /** The database lets go of them under a lawful destruction, and never otherwise. */
  async destroy(tx: Tx, _actor: Actor, patientId: string): Promise<readonly DestroyedPart[]> {
    const events = await tx.riskTaskEvent.deleteMany({ where: { riskTask: { patientId } } });
    const tasks = await tx.riskTask.deleteMany({ where: { patientId } });
    const scores = await tx.outcomeScore.deleteMany({ where: { patientId } });
    return [
      { what: 'questionnaires and scores', count: scores.count },
      { what: 'risk tasks', count: tasks.count },
      { what: 'notes on risk tasks', count: events.count },
    ].filter(({ count }) => count > 0);
  }
}
