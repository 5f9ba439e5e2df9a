import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import { Database, type Tx } from '../../platform/database/database.service.js';
import { DiaryPurpose } from '../../platform/database/generated/enums.js';
import { instantFromDate, localDate, Temporal } from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { StaffActor } from '../audit/audit.type.js';
import { PatientService } from '../patients/patient.service.js';
import { TreatmentService } from '../treatments/treatment.service.js';
import type { Treatment } from '../treatments/treatment.type.js';
import { DiaryRecordService } from './diary-record.service.js';
import { type StandingFindingRow, standingFindingsOf } from './pain-source.queries.js';
import {
  type PainSourceFacts,
  painSources,
  type SourceFinding,
  type SourceTreatment,
} from './pain-source.rules.js';
import type { PainSource, PainSourceMap } from './pain-source.type.js';
import type { PainDiary } from './response.type.js';
import { PainSourceStatus } from './response-words.type.js';

/** What may be the source of a patient's pain: findings that stand, treatments, and what their responses say. */
@Injectable()
export class PainSourceService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Config) private readonly config: Config,
    @Inject(AuditService) private readonly audit: AuditService,
    @Inject(PatientService) private readonly patients: Pick<PatientService, 'mustHavePatient'>,
    @Inject(TreatmentService) private readonly treatments: Pick<TreatmentService, 'treatmentsOf'>,
    @Inject(DiaryRecordService) private readonly records: DiaryRecordService,
  ) {}

  /** The look is recorded. Throws NOT_FOUND. */
  async painSourceMap(actor: StaffActor, patientId: string): Promise<PainSourceMap> {
    return this.database.transaction(async (tx) => {
      const { id } = await this.patients.mustHavePatient(tx, patientId);
      const map = await this.mapOf(tx, id);
      await this.audit.record(tx, actor, {
        action: 'pain-sources.viewed',
        subjectType: 'patient',
        subjectId: id,
        patientIds: [id],
      });
      return map;
    });
  }

  /** For later rooms: the same without a look. */
  async mapOf(client: Tx, patientId: string): Promise<PainSourceMap> {
    const rows = await client.$queryRaw<readonly StandingFindingRow[]>(standingFindingsOf(patientId));
    const treatments = await this.treatments.treatmentsOf(client, patientId);
    const diaries = await this.records.byTreatments(
      client,
      treatments.map(({ id }) => id),
    );
    const findings = rows.map((row) => this.#toFinding(row));
    const found = painSources(
      findings,
      treatments.map((treatment) => toSourceTreatment(treatment, diaries.get(treatment.id))),
    );
    const kinds = new Map(treatments.map(({ id, kind }) => [id, kind]));
    const sources = found.sources.map((source) => toSource(source, kinds));
    return { patientId, sources, next: found.next === null ? null : (sources[found.next] ?? null) };
  }

  #toFinding({ scannedAt, ...row }: StandingFindingRow): SourceFinding {
    const scannedOn = localDate(instantFromDate(scannedAt), this.config.clinicTimeZone).toString();
    return { ...row, scannedOn };
  }
}

/** A treatment that was never given says nothing of a place. */
function toSourceTreatment(treatment: Treatment, diary: PainDiary | undefined): SourceTreatment {
  const { id: treatmentId, status, record, targets, requestedAt } = treatment;
  const treated = new Set(
    record?.targets.flatMap(({ wasTreated, position }) => (wasTreated ? [position] : [])) ?? [],
  );
  const judgement = diary?.policy.purpose === DiaryPurpose.DIAGNOSTIC ? diary.judgement : null;
  return {
    ...{ treatmentId, status, at: (record?.finishedAt ?? requestedAt).toString() },
    targets: record === null ? targets : targets.filter(({ position }) => treated.has(position)),
    response:
      judgement === null
        ? null
        : {
            judgementId: judgement.id,
            verdict: judgement.verdict,
            percentRelief: judgement.percentRelief,
          },
  };
}

function toSource(source: PainSourceFacts, kinds: ReadonlyMap<string, Treatment['kind']>): PainSource {
  return {
    ...source,
    status: PainSourceStatus[source.status],
    treatments: source.treatments.flatMap(({ treatmentId, status, at, targets, response }) => {
      const kind = kinds.get(treatmentId);
      if (kind === undefined) return [];
      return [
        {
          ...{ treatmentId, kind, status, at: Temporal.Instant.from(at), placesCount: targets.length },
          judgementId: response?.judgementId ?? null,
          verdict: response?.verdict ?? null,
          percentRelief: response?.percentRelief ?? null,
        },
      ];
    }),
  };
}
