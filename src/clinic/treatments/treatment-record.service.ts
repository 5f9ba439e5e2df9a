import { Inject, Injectable } from '@nestjs/common';
import { Database, type Tx } from '../../platform/database/database.service.js';
import type { Prisma } from '../../platform/database/generated/client.js';
import { decodeCursor, encodeCursor, type Page, type PageInput } from '../../platform/graphql/page.type.js';
import { Fault, notFound } from '../../platform/refusal/refusal.js';
import { AuditService } from '../audit/audit.service.js';
import type { Actor } from '../audit/audit.type.js';
import { PatientService } from '../patients/patient.service.js';
import { HELD_TREATMENT } from './treatment.queries.js';
import type { Treatment, TreatmentFilterInput } from './treatment.type.js';
import { toTreatment, WHOLE_TREATMENT } from './treatment-row.type.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** What the record of one patient shows; older ones are found through `treatments`. */
const TREATMENTS_OF_A_PATIENT_MAX = 100;

/** Reading treatments. Whoever shows one says who looks. */
@Injectable()
export class TreatmentRecordService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(AuditService) private readonly audit: AuditService,
    @Inject(PatientService) private readonly patients: Pick<PatientService, 'lockPatient'>,
  ) {}

  /** One treatment. The look is recorded. Throws NOT_FOUND. */
  async treatment(actor: Actor, id: string): Promise<Treatment> {
    return this.database.transaction(async (tx) => {
      const treatment = await this.mustHave(tx, id);
      await this.#look(tx, actor, [treatment]);
      return treatment;
    });
  }

  /** Treatments, those last asked for first. The look is recorded. */
  async treatments(actor: Actor, filter: TreatmentFilterInput, page: PageInput): Promise<Page<Treatment>> {
    const after = page.after ? decodeCursor(page.after, ['uuid'])[0] : null;
    return this.database.transaction(async (tx) => {
      const rows = await tx.treatment.findMany({
        where: { ...toWhere(filter), ...(after === null ? {} : { id: { lt: after } }) },
        include: WHOLE_TREATMENT,
        // Ids are UUID version 7: their order is the order in time.
        orderBy: { id: 'desc' },
        take: page.size + 1,
      });
      const items = rows.slice(0, page.size).map(toTreatment);
      await this.#look(tx, actor, items);
      const last = items.at(-1);
      return { items, nextCursor: rows.length > page.size && last ? encodeCursor(last.id) : null };
    });
  }

  /** The newest of each of these patients, by patient. One look, one record. */
  async ofPatients(
    actor: Actor,
    patientIds: readonly string[],
  ): Promise<ReadonlyMap<string, readonly Treatment[]>> {
    return this.database.transaction(async (tx) => {
      const found = await this.ofThesePatients(tx, patientIds);
      await this.#look(tx, actor, [...found.values()].flat());
      return found;
    });
  }

  /** Those of these visits, by visit. One look, one record. */
  async ofVisits(
    actor: Actor,
    visitIds: readonly string[],
  ): Promise<ReadonlyMap<string, readonly Treatment[]>> {
    return this.database.transaction(async (tx) => {
      const rows = await tx.treatment.findMany({
        where: { visitId: { in: [...visitIds] } },
        include: WHOLE_TREATMENT,
        orderBy: { id: 'asc' },
      });
      const treatments = rows.map(toTreatment);
      await this.#look(tx, actor, treatments);
      return new Map(visitIds.map((id) => [id, treatments.filter(({ visitId }) => visitId === id)]));
    });
  }

  /** For this room: the same without a look. */
  async ofThesePatients(
    client: Tx,
    patientIds: readonly string[],
  ): Promise<ReadonlyMap<string, readonly Treatment[]>> {
    const rows = await client.treatment.findMany({
      where: { patientId: { in: [...patientIds] } },
      include: WHOLE_TREATMENT,
      orderBy: { id: 'desc' },
    });
    const treatments = rows.map(toTreatment);
    return new Map(
      patientIds.map((id) => [
        id,
        treatments.filter(({ patientId }) => patientId === id).slice(0, TREATMENTS_OF_A_PATIENT_MAX),
      ]),
    );
  }

  /** For this room: the treatment as it stands. Throws NOT_FOUND. */
  async mustHave(client: Tx, id: string): Promise<Treatment> {
    const treatment = (await this.byIds(client, [id])).get(id.toLowerCase());
    if (treatment === undefined) throw notFound('treatment');
    return treatment;
  }

  /** For this room: those of these that there are, by id. */
  async byIds(client: Tx, ids: readonly string[]): Promise<ReadonlyMap<string, Treatment>> {
    const rows = await client.treatment.findMany({
      where: { id: { in: ids.filter((id) => UUID.test(id)) } },
      include: WHOLE_TREATMENT,
    });
    return new Map(rows.map((row) => [row.id, toTreatment(row)]));
  }

  /** For this room: the treatment with its patient, kept from changing until the transaction ends. Throws NOT_FOUND. */
  async hold(tx: Tx, id: string): Promise<Treatment> {
    if (!UUID.test(id)) throw notFound('treatment');
    const known = await tx.treatment.findUnique({ where: { id }, select: { patientId: true } });
    if (known === null) throw notFound('treatment');
    await this.patients.lockPatient(tx, known.patientId);
    await tx.$queryRawUnsafe(HELD_TREATMENT, id);
    const treatment = await this.mustHave(tx, id);
    if (treatment.patientId !== known.patientId) {
      throw new Fault('TRY_AGAIN', 'The patient’s record was merged at this moment. Send it again.');
    }
    return treatment;
  }

  /** For this room: changes its row, writes down who did what, and answers with the treatment as it stands then. */
  async write(
    tx: Tx,
    actor: Actor,
    before: Treatment,
    done: string,
    change: Prisma.TreatmentUncheckedUpdateInput,
    said: object = {},
  ): Promise<Treatment> {
    await tx.treatment.update({
      where: { id: before.id },
      data: { ...change, version: { increment: 1 } },
      select: { id: true },
    });
    const after = await this.mustHave(tx, before.id);
    await this.audit.record(tx, actor, {
      action: `treatment.${done}`,
      subjectType: 'treatment',
      subjectId: after.id,
      patientIds: [after.patientId],
      before: standingOf(before),
      after: { ...standingOf(after), ...said },
    });
    return after;
  }

  async #look(tx: Tx, actor: Actor, shown: readonly Treatment[]): Promise<void> {
    const [first, ...others] = shown;
    if (first === undefined) return;
    await this.audit.record(tx, actor, {
      action: others.length === 0 ? 'treatment.viewed' : 'treatments.viewed',
      subjectType: 'treatment',
      ...(others.length === 0 ? { subjectId: first.id } : {}),
      patientIds: [...new Set(shown.map(({ patientId }) => patientId))],
    });
  }
}

/** What the audit record has of a treatment: how it stands, not what was written of it. */
export function standingOf({ kind, status, planVersion, recordVersion, visitId, version }: Treatment) {
  return { kind, status, planVersion, recordVersion, visitId, version };
}

function toWhere({
  statuses,
  kind,
  patientId,
  referralId,
}: TreatmentFilterInput): Prisma.TreatmentWhereInput {
  return {
    ...(statuses ? { status: { in: [...statuses] } } : {}),
    ...(kind ? { kind } : {}),
    ...(patientId ? { patientId } : {}),
    ...(referralId ? { referralId } : {}),
  };
}
