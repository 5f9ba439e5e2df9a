import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import type { Tx } from '../../platform/database/database.service.js';
import type { Prisma } from '../../platform/database/generated/client.js';
import { ConsentDecision, type ConsentPurpose } from '../../platform/database/generated/enums.js';
import { badInput } from '../../platform/refusal/refusal.js';
import { Clock, dateFromInstant, instantFromDate, startOfDay, Temporal } from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { StaffActor } from '../audit/audit.type.js';
import { PatientService } from '../patients/patient.service.js';
import { decidedAtProblem, kindOf } from './consent.rules.js';
import type { ConsentRecord } from './consent.type.js';
import { ConsentDependents, type EndedConsent } from './consent-dependents.service.js';
import { documentsOf, type Told } from './consent-entry.rules.js';
import { type Decision, standingAt } from './consent-standing.rules.js';

export const WITH_WORDING = { wording: { select: { version: true, locale: true } } } as const;
export type RecordRow = Prisma.ConsentRecordGetPayload<{ include: typeof WITH_WORDING }>;

/** A decision as the rules read it and as people see it. */
export type RecordedDecision = ConsentRecord & Decision;

/** What is written; when and by whom it is recorded is not chosen. */
export type NewRecord = Omit<
  Prisma.ConsentRecordUncheckedCreateInput,
  'id' | 'recordedAt' | 'recordedById' | 'decidedAt' | 'told'
> & { readonly decidedAt: Temporal.Instant; readonly told?: Told | null };

/** What ends a consent: later rooms are told at once. */
const ENDS: readonly ConsentDecision[] = [ConsentDecision.WITHDRAWN, ConsentDecision.INVALIDATED];
const ACTIONS: Partial<Record<ConsentDecision, string>> = {
  WITHDRAWN: 'consent.withdrawn',
  INVALIDATED: 'consent.invalidated',
};

/** Rows of decisions as the services of this room read and write them. */
@Injectable()
export class ConsentRecordService {
  constructor(
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Config) private readonly config: Config,
    @Inject(AuditService) private readonly audit: AuditService,
    @Inject(PatientService) private readonly patients: PatientService,
    @Inject(ConsentDependents) private readonly dependents: ConsentDependents,
  ) {}

  /** Also what was decided under a record that was merged into this one: a decision stays where it was written. */
  async decisionsOf(
    client: Tx,
    patientId: string,
    purpose: ConsentPurpose,
    procedureCode: string | null = null,
  ): Promise<readonly RecordedDecision[]> {
    const patientIds = await this.patients.allIdsOf(client, patientId);
    const rows = await client.consentRecord.findMany({
      where: {
        patientId: { in: [...patientIds] },
        purpose,
        ...(procedureCode === null ? {} : { procedureCode }),
      },
      include: WITH_WORDING,
    });
    return rows.map(toDecision);
  }

  /**
   * Holds the patient and says when a decision was made, so that two decisions at once come one after the other. Throws
   * NOT_FOUND, and BAD_INPUT for a time in the future or before birth.
   */
  async holdPatient(tx: Tx, patientId: string, decided: Temporal.Instant | null | undefined) {
    await this.patients.lockPatient(tx, patientId);
    const patient = await this.patients.mustHavePatient(tx, patientId);
    const now = this.clock.now();
    const decidedAt = decided ?? now;
    const born = Temporal.PlainDate.from(patient.dateOfBirth);
    const problem = decidedAtProblem(decidedAt, {
      bornAt: startOfDay(born, this.config.clinicTimeZone),
      now,
    });
    if (problem !== null) throw badInput(problem);
    return { now, decidedAt, born };
  }

  /** Papers are evidence only when they are filed about this patient and are still there. Throws BAD_INPUT. */
  async mustHaveDocuments(
    tx: Tx,
    patientId: string,
    entry: Parameters<typeof documentsOf>[0],
  ): Promise<void> {
    const ids = documentsOf(entry);
    if (ids.length === 0) return;
    const patientIds = await this.patients.allIdsOf(tx, patientId);
    const found = await tx.document.findMany({
      where: {
        id: { in: [...ids] },
        patientId: { in: [...patientIds] },
        withdrawnAt: null,
        destroyedAt: null,
      },
      select: { id: true },
    });
    const known = new Set(found.map(({ id }) => id));
    const missing = ids.filter((id) => !known.has(id));
    if (missing.length > 0) {
      throw badInput(`evidence: no such document is filed about this patient: ${missing.join(', ')}.`);
    }
  }

  /** Writes one decision and its audit row; where it ends a consent, what stands on that one is flagged at once. */
  async write(
    tx: Tx,
    actor: StaffActor,
    record: NewRecord,
    history: readonly Decision[],
  ): Promise<RecordedDecision> {
    const now = this.clock.now();
    const before = standingAt(history, now);
    const { told, ...columns } = record;
    const row = await tx.consentRecord.create({
      data: {
        ...columns,
        ...(told ? { told: { ...told } as unknown as Prisma.InputJsonObject } : {}),
        decidedAt: dateFromInstant(record.decidedAt),
        recordedAt: dateFromInstant(now),
        recordedById: actor.id,
      },
      include: WITH_WORDING,
    });
    const written = toDecision(row);
    const { patientId, purpose, procedureCode, decision } = written;
    await this.audit.record(tx, actor, {
      action: ACTIONS[decision] ?? (written.stage === 'CONFIRMED' ? 'consent.confirmed' : 'consent.recorded'),
      subjectType: 'consent-record',
      subjectId: row.id,
      patientIds: [patientId],
      before: { state: before.state, recordId: before.decision?.id ?? null },
      after: written,
    });
    if (ENDS.includes(decision)) {
      await this.tellEnded(tx, actor, { patientId, purpose, procedureCode, recordId: row.id });
    }
    return written;
  }

  /** Later rooms flag what stands on a consent that has ended. */
  async tellEnded(tx: Tx, actor: StaffActor, ended: EndedConsent): Promise<void> {
    await this.dependents.tell(tx, actor, ended);
  }
}

export function toDecision(row: RecordRow): RecordedDecision {
  const { wording, told, interpreterName, interpreterLanguage, ...rest } = row;
  const { documentId, signatureDocumentId, formId, formAddress, formAgent, ...plain } = rest;
  return {
    ...plain,
    kind: kindOf(row.purpose),
    wordingVersion: wording.version,
    locale: wording.locale,
    told: toTold(told),
    interpreter:
      interpreterName === null || interpreterLanguage === null
        ? null
        : { name: interpreterName, language: interpreterLanguage },
    evidence: { documentId, signatureDocumentId, formId, formAddress, formAgent },
    decidedAt: instantFromDate(row.decidedAt),
    recordedAt: instantFromDate(row.recordedAt),
  };
}

/** Written by this room alone, whose database keeps its shape, and never changed since. */
function toTold(json: Prisma.JsonValue): Told | null {
  return json === null ? null : (json as unknown as Told);
}
