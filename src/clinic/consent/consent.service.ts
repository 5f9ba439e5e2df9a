import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import { Database, type Tx } from '../../platform/database/database.service.js';
import type { Prisma } from '../../platform/database/generated/client.js';
import {
  ConsentDecision,
  ConsentGiver,
  type ConsentPurpose,
} from '../../platform/database/generated/enums.js';
import { decodeCursor, encodeCursor, type Page, type PageInput } from '../../platform/graphql/page.type.js';
import { badInput } from '../../platform/refusal/refusal.js';
import { Clock, dateFromInstant, instantFromDate, startOfDay, Temporal } from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { Actor, StaffActor } from '../audit/audit.type.js';
import { PatientService } from '../patients/patient.service.js';
import { DECISIONS_OF_PATIENTS } from './consent.queries.js';
import type { ConsentStillInForce, NothingToWithdraw } from './consent.refusals.js';
import { ConsentState, WordingDiffers, WordingNotInForce } from './consent.refusals.js';
import {
  canDecline,
  canWithdraw,
  type Decision,
  decidedAtProblem,
  describeStanding,
  type Standing,
  standingAt,
  wordingAt,
} from './consent.rules.js';
import type {
  ConsentRecord,
  ConsentStanding,
  RecordConsentInput,
  WithdrawConsentInput,
} from './consent.type.js';

/** A purpose gets a new wording every few years. */
const WORDINGS_OF_A_LANGUAGE_MAX = 200;

const WITH_WORDING = { wording: { select: { version: true, locale: true } } } as const;
type DecisionRow = Pick<RecordRow, 'id' | 'patientId' | 'decision' | 'decidedAt' | 'recordedAt'>;
type RecordRow = Prisma.ConsentRecordGetPayload<{ include: typeof WITH_WORDING }>;
type WordingRow = Prisma.ConsentWordingGetPayload<object>;

@Injectable()
export class ConsentService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Config) private readonly config: Config,
    @Inject(AuditService) private readonly audit: AuditService,
    @Inject(PatientService) private readonly patients: PatientService,
  ) {}

  /** Records the answer of somebody who was asked, with the wording they were shown. Throws NOT_FOUND, BAD_INPUT. */
  async recordConsent(
    actor: StaffActor,
    input: RecordConsentInput,
  ): Promise<ConsentRecord | WordingNotInForce | WordingDiffers | ConsentStillInForce> {
    const giverName = readGiverName(input);
    return this.database.transaction(async (tx) => {
      const { history, decidedAt, now } = await this.#prepare(tx, input);
      const wording = await this.#wordingShown(tx, input, decidedAt);
      if (wording instanceof WordingNotInForce || wording instanceof WordingDiffers) return wording;
      if (input.decision === ConsentDecision.DECLINED) {
        const refusal = canDecline(history, decidedAt, now, this.config.clinicTimeZone);
        if (refusal !== null) return refusal;
      }
      return this.#write(tx, actor, input, {
        decision: input.decision,
        wordingId: wording.id,
        wordingSha256: wording.sha256,
        giverName,
        decidedAt,
        now,
        standing: standingAt(history, now),
      });
    });
  }

  /**
   * Takes back a consent in force; later rooms ask each time they act on it. Bookings hold the patient's row while they look at the
   * consent, so they see it before or after, never in between. Throws NOT_FOUND, BAD_INPUT.
   */
  async withdrawConsent(
    actor: StaffActor,
    input: WithdrawConsentInput,
  ): Promise<ConsentRecord | NothingToWithdraw> {
    const giverName = readGiverName(input);
    return this.database.transaction(async (tx) => {
      const { history, decidedAt, now } = await this.#prepare(tx, input);
      const standing = standingAt(history, now);
      const refusal = canWithdraw(standing, this.config.clinicTimeZone);
      if (refusal !== null) return refusal;
      if (standing.decision === null) throw new Error('a consent in force has a record');
      if (Temporal.Instant.compare(decidedAt, standing.decision.decidedAt) < 0) {
        throw badInput(
          `decidedAt: must not be before the consent that it withdraws. ${describeStanding(standing, this.config.clinicTimeZone)}`,
        );
      }
      const { wordingId, wordingSha256 } = standing.decision;
      const decision = ConsentDecision.WITHDRAWN;
      return this.#write(tx, actor, input, {
        ...{ decision, wordingId, wordingSha256, giverName, decidedAt, now, standing },
      });
    });
  }

  /** Where a patient stands on a purpose, now or at another time. The look is recorded. Throws NOT_FOUND. */
  async consentInForce(
    actor: Actor,
    patientId: string,
    purpose: ConsentPurpose,
    at: Temporal.Instant = this.clock.now(),
  ): Promise<ConsentStanding> {
    return this.database.transaction(async (tx) => {
      await this.patients.mustHavePatient(tx, patientId);
      const standing = standingAt(await this.decisionsOf(tx, patientId, purpose), at);
      await this.#recordLook(tx, actor, patientId, { purpose });
      return {
        inForce: standing.state === ConsentState.IN_FORCE,
        state: standing.state,
        reason: describeStanding(standing, this.config.clinicTimeZone),
        record: standing.decision,
      };
    });
  }

  /** Every decision of a patient, the latest first. The look is recorded. Throws NOT_FOUND. */
  async consentRecords(actor: Actor, patientId: string, page: PageInput): Promise<Page<ConsentRecord>> {
    const after = page.after ? decodeCursor(page.after, ['uuid'])[0] : undefined;
    return this.database.transaction(async (tx) => {
      await this.patients.mustHavePatient(tx, patientId);
      const patientIds = await this.patients.allIdsOf(tx, patientId);
      const rows = await tx.consentRecord.findMany({
        where: { patientId: { in: [...patientIds] } },
        include: WITH_WORDING,
        orderBy: [{ decidedAt: 'desc' }, { recordedAt: 'desc' }, { id: 'desc' }],
        take: page.size + 1,
        ...(after === undefined ? {} : { cursor: { id: after }, skip: 1 }),
      });
      await this.#recordLook(tx, actor, patientId, {});
      const shown = rows.slice(0, page.size).map(toRecord);
      const last = shown.at(-1);
      return { items: shown, nextCursor: rows.length > page.size && last ? encodeCursor(last.id) : null };
    });
  }

  /** For later rooms: does consent hold at an instant? Lock the patient first to keep it so. Does not record a look. */
  async inForce(
    tx: Tx,
    patientId: string,
    purpose: ConsentPurpose,
    at: Temporal.Instant,
  ): Promise<{ inForce: boolean; reason: string; recordId: string | null }> {
    const standing = standingAt(await this.decisionsOf(tx, patientId, purpose), at);
    return {
      inForce: standing.state === ConsentState.IN_FORCE,
      reason: describeStanding(standing, this.config.clinicTimeZone),
      recordId: standing.decision?.id ?? null,
    };
  }

  /** For later rooms: those of these patients whose consent holds at an instant, in one statement. */
  async patientsInForce(
    client: Tx,
    patientIds: readonly string[],
    purpose: ConsentPurpose,
    at: Temporal.Instant,
  ): Promise<ReadonlySet<string>> {
    const rows = await client.$queryRawUnsafe<DecisionRow[]>(DECISIONS_OF_PATIENTS, patientIds, purpose);
    const byPatient = new Map<string, Decision[]>();
    for (const { patientId, decidedAt, recordedAt, ...row } of rows) {
      const decision = {
        ...row,
        decidedAt: instantFromDate(decidedAt),
        recordedAt: instantFromDate(recordedAt),
      };
      const own = byPatient.get(patientId);
      if (own === undefined) byPatient.set(patientId, [decision]);
      else own.push(decision);
    }
    const holds = [...byPatient].filter(([, own]) => standingAt(own, at).state === ConsentState.IN_FORCE);
    return new Set(holds.map(([patientId]) => patientId));
  }

  /** Locks the patient, then reads what the decision has to fit to: so that two decisions at once come one after the other. */
  async #prepare(tx: Tx, input: WithdrawConsentInput) {
    await this.patients.lockPatient(tx, input.patientId);
    const patient = await this.patients.mustHavePatient(tx, input.patientId);
    const now = this.clock.now();
    const decidedAt = input.decidedAt ?? now;
    const birthday = Temporal.PlainDate.from(patient.dateOfBirth);
    const bornAt = startOfDay(birthday, this.config.clinicTimeZone);
    const problem = decidedAtProblem(decidedAt, { bornAt, now });
    if (problem !== null) throw badInput(problem);
    return { history: await this.decisionsOf(tx, input.patientId, input.purpose), decidedAt, now };
  }

  async #wordingShown(
    tx: Tx,
    input: RecordConsentInput,
    decidedAt: Temporal.Instant,
  ): Promise<WordingRow | WordingNotInForce | WordingDiffers> {
    const { purpose, locale, wordingVersion: version } = input;
    const rows = await tx.consentWording.findMany({
      where: { purpose, locale },
      take: WORDINGS_OF_A_LANGUAGE_MAX,
    });
    const dated = rows.map((row) => ({ row, effectiveFrom: instantFromDate(row.effectiveFrom) }));
    const inForce = wordingAt(dated, decidedAt)?.row ?? null;
    if (inForce === null || inForce.version !== version) {
      return new WordingNotInForce({ version, locale }, inForce?.version ?? null);
    }
    const shown = input.wordingSha256 ?? inForce.sha256;
    return shown === inForce.sha256 ? inForce : new WordingDiffers(inForce.sha256);
  }

  /** For this room. Also what was decided under a record that was merged into this one: a decision stays where it was written. */
  async decisionsOf(client: Tx, patientId: string, purpose: ConsentPurpose) {
    const patientIds = await this.patients.allIdsOf(client, patientId);
    const rows = await client.consentRecord.findMany({
      where: { patientId: { in: [...patientIds] }, purpose },
      include: WITH_WORDING,
    });
    return rows.map((row) => ({ ...toRecord(row), wordingId: row.wordingId }));
  }

  async #write(
    tx: Tx,
    actor: StaffActor,
    input: WithdrawConsentInput,
    decided: {
      readonly decision: ConsentDecision;
      readonly wordingId: string;
      readonly wordingSha256: string;
      readonly giverName: string | null;
      readonly decidedAt: Temporal.Instant;
      readonly now: Temporal.Instant;
      readonly standing: Standing;
    },
  ): Promise<ConsentRecord> {
    const { decision, wordingId, wordingSha256, giverName, standing } = decided;
    const { patientId, purpose, givenBy, method } = input;
    const row = await tx.consentRecord.create({
      data: {
        ...{ patientId, purpose, decision, wordingId, wordingSha256, givenBy, giverName, method },
        decidedAt: dateFromInstant(decided.decidedAt),
        recordedAt: dateFromInstant(decided.now),
        recordedById: actor.id,
        comment: input.comment?.trim() || null,
      },
      include: WITH_WORDING,
    });
    const record = toRecord(row);
    await this.audit.record(tx, actor, {
      action: decision === ConsentDecision.WITHDRAWN ? 'consent.withdrawn' : 'consent.recorded',
      subjectType: 'consent-record',
      subjectId: record.id,
      patientIds: [patientId],
      before: { state: standing.state, recordId: standing.decision?.id ?? null },
      after: record,
    });
    return record;
  }

  async #recordLook(tx: Tx, actor: Actor, patientId: string, after: object): Promise<void> {
    const patientIds = [patientId];
    await this.audit.record(tx, actor, {
      action: 'consent.viewed',
      subjectType: 'consent-record',
      patientIds,
      after,
    });
  }
}

function readGiverName(input: WithdrawConsentInput): string | null {
  const name = input.giverName?.trim() || null;
  if (input.givenBy === ConsentGiver.PATIENT && name !== null) {
    throw badInput('giverName: leave it out when the patient decided.');
  }
  if (input.givenBy !== ConsentGiver.PATIENT && name === null) {
    throw badInput('giverName: say who decided for the patient.');
  }
  return name;
}

function toRecord(row: RecordRow): ConsentRecord {
  const { wording, wordingId: _, decidedAt, recordedAt, ...rest } = row;
  return {
    ...rest,
    wordingVersion: wording.version,
    locale: wording.locale,
    decidedAt: instantFromDate(decidedAt),
    recordedAt: instantFromDate(recordedAt),
  };
}
