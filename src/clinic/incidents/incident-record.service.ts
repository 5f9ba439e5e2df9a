import { Inject, Injectable } from '@nestjs/common';
import { isUUID } from 'class-validator';
import { Config } from '../../platform/config/index.js';
import type { Tx } from '../../platform/database/database.service.js';
import type { Prisma } from '../../platform/database/generated/client.js';
import { notFound } from '../../platform/refusal/refusal.js';
import { Clock, instantFromDate, localDate, plainDateFromDate, Temporal } from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { Actor } from '../audit/audit.type.js';
import { HELD_INCIDENT } from './incident.queries.js';
import { allowedActions, type IncidentStanding, regulatorsToTell } from './incident.rules.js';
import type { Incident, IncidentAssessment } from './incident.type.js';

/** An incident with more notes than this is an inquiry with papers of its own. */
export const NOTES_MAX = 500;

const BY_NUMBER = { orderBy: { number: 'asc' } } as const;
export const WHOLE_INCIDENT = {
  assessments: BY_NUMBER,
  notifications: { orderBy: [{ notifiedAt: 'asc' }, { id: 'asc' }] },
  notes: { orderBy: [{ notedAt: 'asc' }, { id: 'asc' }], take: NOTES_MAX },
  closings: BY_NUMBER,
} as const satisfies Prisma.IncidentInclude;
export type IncidentRow = Prisma.IncidentGetPayload<{ include: typeof WHOLE_INCIDENT }>;

/** Incidents as they are kept, shown and written down. */
@Injectable()
export class IncidentRecordService {
  constructor(
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Config) private readonly config: Config,
    @Inject(AuditService) private readonly audit: AuditService,
  ) {}

  /** The day on the clinic's wall calendar, now or at an instant. */
  dayOf(at: Temporal.Instant = this.clock.now()): Temporal.PlainDate {
    return localDate(at, this.config.clinicTimeZone);
  }

  /** One, held until the transaction ends. Throws NOT_FOUND, also when it was destroyed. */
  async hold(tx: Tx, id: string): Promise<IncidentRow> {
    if (!isUUID(id)) throw notFound('incident');
    await tx.$queryRawUnsafe(HELD_INCIDENT, id);
    return this.row(tx, id);
  }

  async row(client: Pick<Tx, 'incident'>, id: string): Promise<IncidentRow> {
    const row = isUUID(id)
      ? await client.incident.findUnique({ where: { id }, include: WHOLE_INCIDENT })
      : null;
    if (row === null || row.destroyedAt !== null) throw notFound('incident');
    return row;
  }

  /** Changes a held one and writes down how it stood before and stands after. */
  async write(
    tx: Tx,
    actor: Actor,
    before: IncidentRow,
    action: string,
    change: Prisma.IncidentUncheckedUpdateInput,
  ): Promise<Incident> {
    const row = await tx.incident.update({
      where: { id: before.id },
      data: { ...change, version: { increment: 1 } },
      include: WHOLE_INCIDENT,
    });
    return this.record(tx, actor, action, before, row);
  }

  async record(
    tx: Tx,
    actor: Actor,
    action: string,
    before: IncidentRow | null,
    row: IncidentRow,
  ): Promise<Incident> {
    const after = this.show(row);
    await this.audit.record(tx, actor, {
      action: `incident.${action}`,
      subjectType: 'incident',
      subjectId: row.id,
      patientIds: row.patientId === null ? [] : [row.patientId],
      ...(before === null ? {} : { before: auditFacts(this.show(before)) }),
      after: auditFacts(after),
    });
    return after;
  }

  show(row: IncidentRow): Incident {
    const { id, reference, kind, status, version, siteCode, patientId, visitId, outcome, codes } = row;
    const notifyBy = row.notifyBy === null ? null : plainDateFromDate(row.notifyBy);
    return {
      ...{ id, reference, kind, status, version, siteCode, patientId, visitId, outcome, codes },
      allowedActions: allowedActions(standingOf(row)),
      regulatorsToTell: regulatorsToTell(row.regulators, toldOf(row)),
      whatHappened: row.whatHappened,
      immediateAction: row.immediateAction,
      happenedAt: instantFromDate(row.happenedAt),
      raisedAt: instantFromDate(row.raisedAt),
      raisedById: row.raisedById,
      notifyBy: notifyBy?.toString() ?? null,
      isNotificationOverdue:
        notifyBy !== null &&
        row.notifiedAt === null &&
        Temporal.PlainDate.compare(notifyBy, this.dayOf()) < 0,
      notifiedAt: instantOrNull(row.notifiedAt),
      closedAt: instantOrNull(row.closedAt),
      assessments: row.assessments.map(toAssessment),
      notifications: row.notifications.map((each) => ({
        ...each,
        notifiedAt: instantFromDate(each.notifiedAt),
        recordedAt: instantFromDate(each.recordedAt),
      })),
      notes: row.notes.map((each) => ({ ...each, notedAt: instantFromDate(each.notedAt) })),
      closings: row.closings.map((each) => ({
        ...each,
        candourToldAt: instantOrNull(each.candourToldAt),
        closedAt: instantFromDate(each.closedAt),
      })),
    };
  }
}

/** Who did what when, and what it was found to be. What was told, noted and learnt stays with the incident: it names people. */
function auditFacts(incident: Incident) {
  const { assessments, notifications, notes, closings, ...rest } = incident;
  const { whatHappened: _, immediateAction: __, allowedActions: ___, ...facts } = rest;
  return {
    ...facts,
    assessments: assessments.length,
    notifications: notifications.map(({ regulator, reference }) => ({ regulator, reference })),
    notes: notes.length,
    closings: closings.length,
  };
}

export function standingOf(row: IncidentRow): IncidentStanding {
  const { status, outcome, notifiedAt, regulators } = row;
  return {
    ...{ status, outcome },
    isNotified: notifiedAt !== null,
    toTell: regulatorsToTell(regulators, toldOf(row)),
  };
}

/** Regulators who were told. */
export function toldOf({ notifications }: Pick<IncidentRow, 'notifications'>) {
  return notifications.map(({ regulator }) => regulator);
}

function instantOrNull(date: Date | null): Temporal.Instant | null {
  return date === null ? null : instantFromDate(date);
}

const numberOf = (decimal: Prisma.Decimal | null): number | null => decimal?.toNumber() ?? null;

function toAssessment(row: IncidentRow['assessments'][number]): IncidentAssessment {
  return {
    ...row,
    intendedActivityMbq: numberOf(row.intendedActivityMbq),
    actualActivityMbq: numberOf(row.actualActivityMbq),
    intendedDoseMsv: numberOf(row.intendedDoseMsv),
    actualDoseMsv: numberOf(row.actualDoseMsv),
    foetalDoseMgy: numberOf(row.foetalDoseMgy),
    infantDoseMsv: numberOf(row.infantDoseMsv),
    assessedAt: instantFromDate(row.assessedAt),
  };
}
