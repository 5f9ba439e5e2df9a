import { Inject, Injectable } from '@nestjs/common';
import { Database, type Tx } from '../../platform/database/database.service.js';
import { ConsentPurpose } from '../../platform/database/generated/enums.js';
import { Clock } from '../../platform/time/index.js';
import type { Actor } from '../audit/audit.type.js';
import { PatientService } from '../patients/patient.service.js';
import { describeStanding, kindOf } from './consent.rules.js';
import { ConsentGroundService } from './consent-ground.service.js';
import { ConsentLookService } from './consent-look.service.js';
import { ConsentRecordService } from './consent-record.service.js';
import { timelineOf } from './consent-timeline.rules.js';
import type { ConsentSpan, ConsentTimeline } from './consent-timeline.type.js';

/** What a patient agreed to over time, with what ended by itself. */
@Injectable()
export class ConsentTimelineService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(PatientService) private readonly patients: PatientService,
    @Inject(ConsentRecordService) private readonly records: ConsentRecordService,
    @Inject(ConsentGroundService) private readonly grounds: ConsentGroundService,
    @Inject(ConsentLookService) private readonly looks: ConsentLookService,
  ) {}

  /** All purposes, or one. The look is recorded. Throws NOT_FOUND. */
  async consentTimeline(
    actor: Actor,
    patientId: string,
    purpose: ConsentPurpose | null,
  ): Promise<ConsentTimeline> {
    return this.database.transaction(async (tx) => {
      await this.patients.mustHavePatient(tx, patientId);
      const spans: ConsentSpan[] = [];
      for (const one of purpose === null ? Object.values(ConsentPurpose) : [purpose]) {
        spans.push(...(await this.#ofPurpose(tx, patientId, one)));
      }
      await this.looks.recordLook(tx, actor, patientId, { purpose });
      return { spans };
    });
  }

  async #ofPurpose(tx: Tx, patientId: string, purpose: ConsentPurpose): Promise<readonly ConsentSpan[]> {
    const history = await this.records.decisionsOf(tx, patientId, purpose);
    if (history.length === 0) return [];
    const ground = await this.grounds.ground(tx, purpose);
    const codes = [...new Set(history.map(({ procedureCode }) => procedureCode))].sort();
    return codes.flatMap((code) => {
      const own = history.filter(({ procedureCode }) => procedureCode === code);
      return timelineOf(own, ground, this.clock.now()).map(({ point, from, until, standing }) => ({
        ...{ purpose, kind: kindOf(purpose), procedureCode: code, side: point.side, level: point.level },
        ...{ from, until, state: standing.state, reasonCode: standing.reasonCode },
        reason: describeStanding({ ...standing, awaitsConfirmation: false }, ground.timeZone),
        recordId: standing.decision?.id ?? null,
      }));
    });
  }
}
