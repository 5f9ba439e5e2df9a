import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import { Database, type Tx } from '../../platform/database/database.service.js';
import type { Prisma, RelatedPerson as RelatedRow } from '../../platform/database/generated/client.js';
import { badInput, notFound } from '../../platform/refusal/refusal.js';
import {
  Clock,
  dateFromInstant,
  dateFromPlainDate,
  instantFromDate,
  localDate,
  plainDateFromDate,
  Temporal,
} from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { StaffActor } from '../audit/audit.type.js';
import { REASON_PROBLEM, readReason } from './note-text.rules.js';
import { PatientRecordService } from './patient-record.service.js';
import { NoProxyToRevoke, RelatedPersonChanged } from './related-person.refusals.js';
import { isProxyInForce, type ReadRelatedPerson, readRelatedPerson } from './related-person.rules.js';
import type {
  CorrectRelatedPersonInput,
  EndRelatedPersonInput,
  RecordRelatedPersonInput,
  RelatedPerson,
  RelatedPersonInput,
} from './related-person.type.js';

@Injectable()
export class RelatedPersonService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Config) private readonly config: Config,
    @Inject(AuditService) private readonly audit: AuditService,
    @Inject(PatientRecordService) private readonly records: PatientRecordService,
  ) {}

  /** Records somebody with a patient. Throws NOT_FOUND, and BAD_INPUT naming each field. */
  async recordRelatedPerson(actor: StaffActor, input: RecordRelatedPersonInput): Promise<RelatedPerson> {
    return this.database.transaction(async (tx) => {
      await this.records.lock(tx, input.patientId);
      const { dateOfBirth } = await this.records.mustBeOwn(tx, input.patientId);
      const row = await tx.relatedPerson.create({
        data: {
          ...this.#columns(input.person, dateOfBirth),
          patientId: input.patientId,
          recordedAt: dateFromInstant(this.clock.now()),
          recordedById: actor.id,
        },
      });
      const person = this.#toRelatedPerson(row);
      await this.#record(tx, actor, 'related-person.recorded', null, person);
      return person;
    });
  }

  /** The entry is what was sent from now on. Throws NOT_FOUND, and BAD_INPUT naming each field. */
  async correctRelatedPerson(
    actor: StaffActor,
    input: CorrectRelatedPersonInput,
  ): Promise<RelatedPerson | RelatedPersonChanged> {
    return this.#change<never>(actor, input, 'related-person.corrected', async (tx, before) => {
      const patient = await this.records.mustBeOwn(tx, before.patientId);
      const columns = this.#columns(input.person, patient.dateOfBirth);
      const { proxyBasis, proxyEvidence } = before;
      const isSameProxy = columns.proxyBasis === proxyBasis && columns.proxyEvidence === proxyEvidence;
      // Another right is a new one; what was taken back of the old one stays in the audit record.
      const asNew = { proxyRevokedAt: null, proxyRevokedById: null, proxyRevokedWhy: null };
      return { ...columns, ...(isSameProxy ? {} : asNew) };
    });
  }

  /** They belong to the patient no longer; the entry stays as ended, and with it ends a right to decide. Throws NOT_FOUND, BAD_INPUT. */
  async endRelatedPerson(
    actor: StaffActor,
    input: EndRelatedPersonInput,
  ): Promise<RelatedPerson | RelatedPersonChanged> {
    const endReason = mustReadReason(input.reason);
    const endedAt = dateFromInstant(this.clock.now());
    return this.#change<never>(actor, input, 'related-person.ended', async () => ({
      ...{ endReason, endedAt, endedById: actor.id },
    }));
  }

  /** They decide for the patient no longer. Throws NOT_FOUND, BAD_INPUT. */
  async revokeProxy(
    actor: StaffActor,
    input: EndRelatedPersonInput,
  ): Promise<RelatedPerson | RelatedPersonChanged | NoProxyToRevoke> {
    const proxyRevokedWhy = mustReadReason(input.reason);
    const proxyRevokedAt = dateFromInstant(this.clock.now());
    return this.#change(actor, input, 'related-person.proxy-revoked', async (_, before) => {
      if (before.proxyBasis === null || before.proxyRevokedAt !== null) return new NoProxyToRevoke();
      return { proxyRevokedWhy, proxyRevokedAt, proxyRevokedById: actor.id };
    });
  }

  /** Who belongs to these patients: those who do first, then the latest. */
  async ofPatients(patientIds: readonly string[]): Promise<ReadonlyMap<string, readonly RelatedPerson[]>> {
    const rows = await this.database.client.relatedPerson.findMany({
      where: { patientId: { in: [...patientIds] } },
      orderBy: [{ endedAt: { sort: 'desc', nulls: 'first' } }, { recordedAt: 'asc' }, { id: 'asc' }],
    });
    const people = new Map<string, RelatedPerson[]>();
    for (const row of rows) {
      people.set(row.patientId, [...(people.get(row.patientId) ?? []), this.#toRelatedPerson(row)]);
    }
    return people;
  }

  async #change<R extends NoProxyToRevoke = never>(
    actor: StaffActor,
    read: { readonly relatedPersonId: string; readonly version: number },
    action: string,
    decide: (tx: Tx, before: RelatedPerson) => Promise<Prisma.RelatedPersonUncheckedUpdateManyInput | R>,
  ): Promise<RelatedPerson | RelatedPersonChanged | R> {
    return this.database.transaction(async (tx): Promise<RelatedPerson | RelatedPersonChanged | R> => {
      const { relatedPersonId: id, version } = read;
      const before = await this.#mustHave(tx, id);
      if (before.version !== version || before.endedAt !== null) {
        return new RelatedPersonChanged(before.version, before.endedAt !== null);
      }
      const data = await decide(tx, before);
      if (data instanceof NoProxyToRevoke) return data as R;
      const { count } = await tx.relatedPerson.updateMany({
        where: { id, version, endedAt: null },
        data: { ...(data as Prisma.RelatedPersonUncheckedUpdateManyInput), version: { increment: 1 } },
      });
      const after = await this.#mustHave(tx, id);
      if (count === 0) return new RelatedPersonChanged(after.version, after.endedAt !== null);
      await this.#record(tx, actor, action, before, after);
      return after;
    });
  }

  #columns(input: RelatedPersonInput, dateOfBirth: string) {
    const today = localDate(this.clock.now(), this.config.clinicTimeZone);
    const read = readRelatedPerson(input, { dateOfBirth, today });
    if (!('name' in read)) throw badInput(read.join(' '));
    return { ...columnsOf(read), mayBeTold: input.mayBeTold };
  }

  async #mustHave(tx: Tx, id: string): Promise<RelatedPerson> {
    const row = await tx.relatedPerson.findUnique({ where: { id } });
    if (row === null) throw notFound('related person');
    return this.#toRelatedPerson(row);
  }

  async #record(
    tx: Tx,
    actor: StaffActor,
    action: string,
    before: RelatedPerson | null,
    after: RelatedPerson,
  ): Promise<void> {
    await this.audit.record(tx, actor, {
      ...{ action, subjectType: 'related-person', subjectId: after.id, patientIds: [after.patientId] },
      ...(before === null ? {} : { before }),
      after,
    });
  }

  #toRelatedPerson(row: RelatedRow): RelatedPerson {
    const proxyFromOn = dayOf(row.proxyFromOn);
    const proxyUntilOn = dayOf(row.proxyUntilOn);
    const today = localDate(this.clock.now(), this.config.clinicTimeZone);
    return {
      ...row,
      ...{ proxyFromOn, proxyUntilOn },
      isProxyInForce: isProxyInForce({ ...row, proxyFromOn, proxyUntilOn }, today),
      proxyRevokedAt: row.proxyRevokedAt === null ? null : instantFromDate(row.proxyRevokedAt),
      recordedAt: instantFromDate(row.recordedAt),
      endedAt: row.endedAt === null ? null : instantFromDate(row.endedAt),
    };
  }
}

function columnsOf({ proxy, ...person }: ReadRelatedPerson) {
  return {
    ...person,
    proxyBasis: proxy?.basis ?? null,
    proxyEvidence: proxy?.evidence ?? null,
    proxyFromOn: toColumn(proxy?.fromOn ?? null),
    proxyUntilOn: toColumn(proxy?.untilOn ?? null),
  };
}

function mustReadReason(typed: string): string {
  const reason = readReason(typed);
  if (reason === null) throw badInput(`reason: ${REASON_PROBLEM}.`);
  return reason;
}

function toColumn(day: string | null): Date | null {
  return day === null ? null : dateFromPlainDate(Temporal.PlainDate.from(day));
}

function dayOf(column: Date | null): string | null {
  return column === null ? null : plainDateFromDate(column).toString();
}
