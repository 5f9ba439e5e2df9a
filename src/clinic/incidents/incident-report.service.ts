import { Inject, Injectable } from '@nestjs/common';
import { Database, type Tx } from '../../platform/database/database.service.js';
import type { Prisma } from '../../platform/database/generated/client.js';
import { decodeCursor, encodeCursor, type Page, type PageInput } from '../../platform/graphql/page.type.js';
import { badInput, notFound } from '../../platform/refusal/refusal.js';
import { Clock, dateFromInstant, Temporal } from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { Actor, StaffActor } from '../audit/audit.type.js';
import { PatientService } from '../patients/patient.service.js';
import type { Incident, IncidentFilterInput } from './incident.type.js';
import type { RaiseIncidentInput } from './incident-input.type.js';
import { IncidentRecordService, WHOLE_INCIDENT } from './incident-record.service.js';

/** Incidents as they come in, and as they are looked through. */
@Injectable()
export class IncidentReportService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(AuditService) private readonly audit: AuditService,
    @Inject(PatientService) private readonly patients: PatientService,
    @Inject(IncidentRecordService) private readonly records: IncidentRecordService,
  ) {}

  /** Anybody may tell of one. Throws NOT_FOUND, BAD_INPUT. */
  async raiseIncident(actor: StaffActor, input: RaiseIncidentInput): Promise<Incident> {
    const now = this.clock.now();
    if (Temporal.Instant.compare(now, input.happenedAt) < 0)
      throw badInput('happenedAt: must not be in the future.');
    const { kind, siteCode = null, patientId = null, visitId = null } = input;
    return this.database.transaction(async (tx) => {
      await mustHavePlaces(tx, { siteCode, visitId });
      if (patientId !== null) await this.patients.lockPatient(tx, patientId);
      const row = await tx.incident.create({
        data: {
          ...{ kind, siteCode, patientId, visitId },
          happenedAt: dateFromInstant(input.happenedAt),
          whatHappened: input.whatHappened.trim(),
          immediateAction: input.immediateAction?.trim() ?? null,
          raisedAt: dateFromInstant(now),
          raisedById: actor.id,
        },
        include: WHOLE_INCIDENT,
      });
      return this.records.record(tx, actor, 'raised', null, row);
    });
  }

  /** One. The look is recorded. Throws NOT_FOUND. */
  async incident(actor: Actor, id: string): Promise<Incident> {
    return this.database.transaction(async (tx) => {
      const row = await this.records.row(tx, id);
      await this.audit.record(tx, actor, {
        action: 'incident.viewed',
        subjectType: 'incident',
        subjectId: id,
        patientIds: row.patientId === null ? [] : [row.patientId],
      });
      return this.records.show(row);
    });
  }

  /** The newest first. The look is recorded. */
  async incidents(actor: Actor, filter: IncidentFilterInput, page: PageInput): Promise<Page<Incident>> {
    return this.database.transaction(async (tx) => {
      const rows = await tx.incident.findMany({
        where: { AND: [toWhere(filter), before(page.after)] },
        include: WHOLE_INCIDENT,
        // Ids are UUID version 7: their order is the order in which they were raised.
        orderBy: { id: 'desc' },
        take: page.size + 1,
      });
      const shown = rows.slice(0, page.size);
      await this.audit.record(tx, actor, {
        action: 'incidents.viewed',
        subjectType: 'incident',
        patientIds: [...new Set(shown.flatMap(({ patientId }) => patientId ?? []))],
        after: { ...filter },
      });
      const last = shown.at(-1);
      return {
        items: shown.map((row) => this.records.show(row)),
        nextCursor: rows.length > page.size && last !== undefined ? encodeCursor(last.id) : null,
      };
    });
  }
}

/** Throws NOT_FOUND for a site or a visit that there is not. */
async function mustHavePlaces(
  tx: Tx,
  { siteCode, visitId }: { readonly siteCode: string | null; readonly visitId: string | null },
): Promise<void> {
  if (siteCode !== null && (await tx.site.count({ where: { code: siteCode } })) === 0) throw notFound('site');
  if (visitId !== null && (await tx.visit.count({ where: { id: visitId } })) === 0) throw notFound('visit');
}

function toWhere(filter: IncidentFilterInput): Prisma.IncidentWhereInput {
  const { status, kind, outcome, patientId, visitId, happenedFrom, happenedBefore, toNotify } = filter;
  return {
    destroyedAt: null,
    AND: [
      status ? { status } : {},
      kind ? { kind } : {},
      outcome ? { outcome } : {},
      patientId ? { patientId } : {},
      visitId ? { visitId } : {},
      happenedFrom ? { happenedAt: { gte: dateFromInstant(happenedFrom) } } : {},
      happenedBefore ? { happenedAt: { lt: dateFromInstant(happenedBefore) } } : {},
      toNotify === true ? { notifyBy: { not: null }, notifiedAt: null } : {},
      toNotify === false ? { OR: [{ notifyBy: null }, { notifiedAt: { not: null } }] } : {},
    ],
  };
}

function before(cursor: string | null | undefined): Prisma.IncidentWhereInput {
  if (!cursor) return {};
  const [id] = decodeCursor(cursor, ['uuid']);
  return { id: { lt: id } };
}
