import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import type { Tx } from '../../platform/database/database.service.js';
import { TreatmentStatus } from '../../platform/database/generated/enums.js';
import { instantFromDate, localDate, Temporal } from '../../platform/time/index.js';
import type { Actor } from '../audit/audit.type.js';
import {
  type DestroyedPart,
  type PatientPartFacts,
  type PatientRecordPart,
  RetentionClasses,
} from '../records/retention-class.type.js';

const OPEN: ReadonlySet<TreatmentStatus> = new Set([
  TreatmentStatus.REQUESTED,
  TreatmentStatus.PLANNED,
  TreatmentStatus.IN_PROGRESS,
]);

/** What treatments mean for how long a patient's record is kept, and their destruction with it. */
@Injectable()
export class TreatmentRetentionService implements PatientRecordPart {
  readonly room = 'treatments';

  constructor(
    @Inject(RetentionClasses) classes: RetentionClasses,
    @Inject(Config) private readonly config: Config,
  ) {
    classes.join(this);
  }

  async facts(tx: Tx, patientIds: readonly string[]): Promise<ReadonlyMap<string, PatientPartFacts>> {
    const rows = await tx.treatment.findMany({
      where: { patientId: { in: [...patientIds] } },
      select: { patientId: true, status: true, startedAt: true, endedAt: true },
    });
    return new Map(
      patientIds.map((id) => {
        const own = rows.filter(({ patientId }) => patientId === id);
        // What was never started was no contact.
        const given = own.filter(({ startedAt }) => startedAt !== null);
        const days = given.flatMap(({ endedAt }) => (endedAt === null ? [] : [this.#day(endedAt)]));
        const last = days.toSorted(Temporal.PlainDate.compare).at(-1) ?? null;
        const isOpen = own.some(({ status }) => OPEN.has(status));
        const keptBecause = isOpen ? 'TREATMENT_OPEN' : null;
        return [id, { lastContactOn: last, treatmentEndedOn: last, classes: [], keptBecause }];
      }),
    );
  }

  /** Mostly only ever added to: the database lets go of it under a lawful destruction, and never otherwise. */
  async destroy(tx: Tx, _actor: Actor, patientId: string): Promise<readonly DestroyedPart[]> {
    const where = { treatment: { patientId } };
    const complications = await this.#complications(tx, patientId);
    await tx.treatmentGivenAgent.deleteMany({ where: { record: where } });
    await tx.treatmentGivenTarget.deleteMany({ where: { record: where } });
    const records = await tx.treatmentRecord.deleteMany({ where });
    await tx.treatmentPauseAnswer.deleteMany({ where: { pause: where } });
    await tx.treatmentPauseReading.deleteMany({ where: { pause: where } });
    const pauses = await tx.treatmentPause.deleteMany({ where });
    await tx.treatmentPlanAspect.deleteMany({ where: { plan: where } });
    await tx.treatmentPlanAgent.deleteMany({ where: { plan: where } });
    const plans = await tx.treatmentPlan.deleteMany({ where });
    await tx.treatmentTarget.deleteMany({ where });
    const treatments = await tx.treatment.deleteMany({ where: { patientId } });
    return [
      { what: 'treatments', count: treatments.count },
      { what: 'plans of treatments', count: plans.count },
      { what: 'safety pauses', count: pauses.count },
      { what: 'records of what was given', count: records.count },
      { what: 'complications', count: complications },
    ].filter(({ count }) => count > 0);
  }

  /** Those that stand instead of others first. */
  async #complications(tx: Tx, patientId: string): Promise<number> {
    let count = 0;
    for (;;) {
      const where = { treatment: { patientId }, replacedBy: { is: null } };
      const last = await tx.treatmentComplication.deleteMany({ where });
      if (last.count === 0) return count;
      count += last.count;
    }
  }

  #day(date: Date): Temporal.PlainDate {
    return localDate(instantFromDate(date), this.config.clinicTimeZone);
  }
}
