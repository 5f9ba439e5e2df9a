import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import { Database, type Tx } from '../../platform/database/database.service.js';
import { Clock, instantFromDate, type Temporal } from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { StaffActor } from '../audit/audit.type.js';
import { PatientService } from '../patients/patient.service.js';
import { STEROID_GIVEN, type SteroidRow } from './treatment.queries.js';
import type { CumulativeSteroidDose } from './treatment-policy.type.js';

/** How much steroid a patient was given in a year, by the records that stand. */
@Injectable()
export class SteroidDoseService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Config) private readonly config: Config,
    @Inject(AuditService) private readonly audit: AuditService,
    @Inject(PatientService) private readonly patients: Pick<PatientService, 'mustHavePatient'>,
  ) {}

  /** In the year up to a moment, or up to now. The look is recorded. Throws NOT_FOUND. */
  async cumulativeSteroidDose(
    actor: StaffActor,
    patientId: string,
    until: Temporal.Instant | null,
  ): Promise<CumulativeSteroidDose> {
    return this.database.transaction(async (tx) => {
      const patient = await this.patients.mustHavePatient(tx, patientId);
      const dose = await this.given(tx, patient.id, until ?? this.clock.now());
      await this.audit.record(tx, actor, {
        action: 'steroid-dose.viewed',
        subjectType: 'patient',
        subjectId: patient.id,
        patientIds: [patient.id],
      });
      return dose;
    });
  }

  /** For this room: the same without a look. A year goes by the clinic's calendar. */
  async given(client: Tx, patientId: string, until: Temporal.Instant): Promise<CumulativeSteroidDose> {
    const from = until.toZonedDateTimeISO(this.config.clinicTimeZone).subtract({ years: 1 }).toInstant();
    const rows = await client.$queryRawUnsafe<readonly SteroidRow[]>(
      STEROID_GIVEN,
      patientId,
      from.toString(),
      until.toString(),
    );
    const inOrder = rows.toSorted(
      (a, b) => instantFromDate(a.givenAt).epochMilliseconds - instantFromDate(b.givenAt).epochMilliseconds,
    );
    return {
      ...{ patientId, from, until },
      steroidMg: rows.reduce((sum, { steroidMg }) => sum + steroidMg, 0),
      treatmentIds: [...new Set(inOrder.map(({ treatmentId }) => treatmentId))],
    };
  }
}
