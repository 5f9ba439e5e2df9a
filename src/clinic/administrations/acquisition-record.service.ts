import { Inject, Injectable } from '@nestjs/common';
import { Database, type Tx } from '../../platform/database/database.service.js';
import type {
  AcquisitionNote as AcquisitionNoteRow,
  Prisma,
} from '../../platform/database/generated/client.js';
import { notFound } from '../../platform/refusal/refusal.js';
import { instantFromDate } from '../../platform/time/index.js';
import type { AcquisitionNote, CtDose } from './acquisition.type.js';

const WITH_REPLACEMENT = { replacedBy: { select: { id: true } } } as const satisfies Prisma.CtDoseInclude;
type CtDoseRow = Prisma.CtDoseGetPayload<{ include: typeof WITH_REPLACEMENT }>;

/** Reading what was said of acquisitions. Whoever shows it records the look. */
@Injectable()
export class AcquisitionRecordService {
  constructor(@Inject(Database) private readonly database: Database) {}

  /** CT doses of these scans, by scan, the first one first, also those that were replaced or taken back. */
  async ctDosesOf(bookingIds: readonly string[]): Promise<ReadonlyMap<string, readonly CtDose[]>> {
    const rows = await this.database.client.ctDose.findMany({
      where: { visitId: { in: [...bookingIds] } },
      include: WITH_REPLACEMENT,
      orderBy: [{ recordedAt: 'asc' }, { id: 'asc' }],
    });
    return byScan(bookingIds, rows.map(toCtDose));
  }

  /** Notes of these scans, by scan, the first one first. */
  async notesOf(bookingIds: readonly string[]): Promise<ReadonlyMap<string, readonly AcquisitionNote[]>> {
    const rows = await this.database.client.acquisitionNote.findMany({
      where: { visitId: { in: [...bookingIds] } },
      orderBy: [{ recordedAt: 'asc' }, { id: 'asc' }],
    });
    return byScan(bookingIds, rows.map(toAcquisitionNote));
  }

  /** For this room. Throws NOT_FOUND. */
  async mustHaveCtDose(tx: Tx, id: string): Promise<CtDose> {
    const row = await tx.ctDose.findUnique({ where: { id }, include: WITH_REPLACEMENT });
    if (row === null) throw notFound('CT dose');
    return toCtDose(row);
  }
}

function byScan<One extends { readonly scanBookingId: string }>(
  bookingIds: readonly string[],
  found: readonly One[],
): ReadonlyMap<string, readonly One[]> {
  const of = new Map<string, One[]>(bookingIds.map((id) => [id, []]));
  for (const one of found) of.get(one.scanBookingId)?.push(one);
  return of;
}

function toCtDose({ visitId, replacedBy, recordedAt, ...row }: CtDoseRow): CtDose {
  return {
    ...row,
    scanBookingId: visitId,
    replacedById: replacedBy?.id ?? null,
    recordedAt: instantFromDate(recordedAt),
  };
}

export function toAcquisitionNote({ visitId, ...row }: AcquisitionNoteRow): AcquisitionNote {
  return {
    ...row,
    scanBookingId: visitId,
    startedAt: instantFromDate(row.startedAt),
    stoppedAt: row.stoppedAt === null ? null : instantFromDate(row.stoppedAt),
    recordedAt: instantFromDate(row.recordedAt),
  };
}
