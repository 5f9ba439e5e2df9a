import { Inject, Injectable } from '@nestjs/common';
import { Database, type Tx } from '../../platform/database/database.service.js';
import type { Prisma } from '../../platform/database/generated/client.js';
import { GateCode } from '../../platform/database/generated/enums.js';
import { notFound } from '../../platform/refusal/refusal.js';
import { instantFromDate, plainDateFromDate, type Temporal } from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { Actor } from '../audit/audit.type.js';
import type { StandingAdministration } from './administration.rules.js';
import { isVoid } from './administration.rules.js';
import type { Administration, AdministrationVersion } from './administration.type.js';

const WHOLE = {
  versions: { orderBy: { version: 'asc' } },
  scanBooking: { select: { patientId: true } },
} as const satisfies Prisma.AdministrationInclude;
type WholeRow = Prisma.AdministrationGetPayload<{ include: typeof WHOLE }>;
type VersionRow = WholeRow['versions'][number];

/** Reading administrations, always whole. */
@Injectable()
export class AdministrationRecordService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(AuditService) private readonly audit: AuditService,
  ) {}

  /** One administration with every entry; the look is recorded. Throws NOT_FOUND. */
  async administration(actor: Actor, id: string): Promise<Administration> {
    return this.database.transaction(async (tx) => {
      const found = await this.mustHave(tx, id);
      await this.audit.record(tx, actor, {
        action: 'administration.viewed',
        subjectType: 'administration',
        subjectId: id,
        patientIds: [found.patientId],
      });
      return found;
    });
  }

  /** For this room. Throws NOT_FOUND. */
  async mustHave(tx: Tx, id: string): Promise<Administration> {
    const row = await tx.administration.findUnique({ where: { id }, include: WHOLE });
    if (row === null) throw notFound('administration');
    return toAdministration(row);
  }

  /** For which booking it was. Throws NOT_FOUND. */
  async bookingOf(tx: Tx, id: string): Promise<string> {
    const row = await tx.administration.findUnique({ where: { id }, select: { visitId: true } });
    if (row === null) throw notFound('administration');
    return row.visitId;
  }

  /** Of these bookings, by booking, the first one first. Whoever shows them records the look. */
  async ofBookings(
    reader: Tx,
    bookingIds: readonly string[],
  ): Promise<ReadonlyMap<string, readonly Administration[]>> {
    const rows = await reader.administration.findMany({
      where: { visitId: { in: [...bookingIds] } },
      include: WHOLE,
      orderBy: [{ visitId: 'asc' }, { ordinal: 'asc' }],
    });
    const found = new Map<string, Administration[]>(bookingIds.map((id) => [id, []]));
    for (const row of rows) found.get(row.visitId)?.push(toAdministration(row));
    return found;
  }

  /** The same for a field, outside of any transaction. */
  known(bookingIds: readonly string[]): Promise<ReadonlyMap<string, readonly Administration[]>> {
    return this.ofBookings(this.database.client, bookingIds);
  }

  /** Of one booking. */
  async ofBooking(tx: Tx, bookingId: string): Promise<readonly Administration[]> {
    return (await this.ofBookings(tx, [bookingId])).get(bookingId) ?? [];
  }
}

/** What the rules want to know of one. */
export function toStanding({ id, ordinal, current }: Administration): StandingAdministration {
  const { version, entry, injectedAt, hasExtravasated, residualActivityMbq } = current;
  return { id, ordinal, version, entry, injectedAt, hasExtravasated, residualActivityMbq };
}

function toAdministration(row: WholeRow): Administration {
  const entries = row.versions.map(toVersion);
  const current = entries.at(-1);
  if (current === undefined) throw new Error(`the administration ${row.id} has no entry`);
  return {
    id: row.id,
    scanBookingId: row.visitId,
    patientId: row.scanBooking.patientId,
    ordinal: row.ordinal,
    isVoid: isVoid(current),
    againBecause: row.againBecause,
    againDecidedBy: row.againDecidedBy,
    current,
    entries,
  };
}

export function toVersion(row: VersionRow): AdministrationVersion & { readonly batchUseId: string | null } {
  const { administrationId: _, visitId: __, gates: ___, ...rest } = row;
  return {
    ...rest,
    administeredOn: plainDateFromDate(row.administeredOn).toString(),
    injectedAt: instantFromDate(row.injectedAt),
    measuredAt: instantFromDate(row.measuredAt),
    residualMeasuredAt: instantOrNull(row.residualMeasuredAt),
    recordedAt: instantFromDate(row.recordedAt),
    closedGates: row.closedGates.filter((code): code is GateCode => code in GateCode),
  };
}

function instantOrNull(date: Date | null): Temporal.Instant | null {
  return date === null ? null : instantFromDate(date);
}
