import { Inject, Injectable } from '@nestjs/common';
import { Database, type Tx } from '../../platform/database/database.service.js';
import { AuditService } from '../audit/audit.service.js';
import { accessionNumberOf } from './scan-booking.rules.js';
import { canonicalAddress } from './scanner.rules.js';
import type { KnownScanner } from './worklist.type.js';

/** One query of a scanner, as it is written down. */
export interface ScannerLook {
  readonly scannerId: string;
  readonly callingAETitle: string;
  readonly remoteAddress: string;
  /** Scheduled procedure step ids that were answered. */
  readonly stepIds: readonly string[];
  /** DIMSE status of the last response; null when the association ended before it. */
  readonly status: number | null;
}

@Injectable()
export class ScannerService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(AuditService) private readonly audit: AuditService,
  ) {}

  /** The scanner that calls itself so, from where it may call; null when nobody knows it. */
  async recognise(callingAETitle: string, remoteAddress: string): Promise<KnownScanner | null> {
    const scanners = await this.database.client.scanner.findMany({
      where: { callingAETitles: { has: callingAETitle }, retiredAt: null },
      orderBy: { id: 'asc' },
    });
    const address = canonicalAddress(remoteAddress);
    return (
      scanners.find(
        ({ sourceAddresses }) => sourceAddresses.length === 0 || sourceAddresses.includes(address),
      ) ?? null
    );
  }

  /**
   * Whether a scanner stands at this camera, so that a booking on it appears on a worklist. It stays there until the
   * transaction ends: whoever retires or replaces it waits.
   */
  async holdScanner(tx: Tx, cameraId: string): Promise<boolean> {
    const held = await tx.$queryRaw<readonly unknown[]>`
      SELECT 1 FROM scanners WHERE resource_id = ${cameraId}::uuid AND retired_at IS NULL FOR SHARE`;
    return held.length > 0;
  }

  /** Cameras that a scanner stands at. */
  async camerasWithScanner(tx: Tx): Promise<string[]> {
    const scanners = await tx.scanner.findMany({ where: { retiredAt: null }, select: { resourceId: true } });
    return [...new Set(scanners.map((scanner) => scanner.resourceId))];
  }

  /** Writes down which patients a scanner was shown (PS3.15 §A.5.3, Query). */
  async recordLook(look: ScannerLook): Promise<void> {
    await this.database.transaction(async (tx) => {
      // By the booking and not by its entries: they may have gone since the scanner was shown them.
      const bookings = await tx.scanBooking.findMany({
        where: { accessionNumber: { in: look.stepIds.map(accessionNumberOf) } },
        select: { patientId: true },
      });
      await this.audit.record(
        tx,
        {
          kind: 'SCANNER',
          id: null,
          label: look.callingAETitle,
          requestId: null,
          source: look.remoteAddress,
        },
        {
          action: 'worklist.queried',
          subjectType: 'scanner',
          subjectId: look.scannerId,
          patientIds: [...new Set(bookings.map((booking) => booking.patientId))],
          after: { stepIds: look.stepIds, status: look.status },
        },
      );
    });
  }

  /** Writes down a caller that was turned away (PS3.15 §A.5.3, Security Alert). */
  async recordRejection(callingAETitle: string, remoteAddress: string, reason: string): Promise<void> {
    await this.database.transaction((tx) =>
      this.audit.record(
        tx,
        { kind: 'SCANNER', id: null, label: callingAETitle, requestId: null, source: remoteAddress },
        { action: 'association.rejected', subjectType: 'scanner', after: { reason } },
      ),
    );
  }
}
