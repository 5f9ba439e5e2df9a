import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import { KEEP_SCANNERS } from './scan-booking.queries.js';

@Injectable()
export class ScannerService {
  /**
   * Whether a scanner stands at this camera, so that a booking on it appears on a worklist. It stays there until the
   * transaction ends: whoever sets scanners up waits. Read after waiting for them, so that one that was replaced
   * meanwhile is found.
   */
  async holdScanner(tx: Tx, cameraId: string): Promise<boolean> {
    await this.keepScanners(tx);
    const found = await tx.scanner.findFirst({
      where: { resourceId: cameraId, retiredAt: null },
      select: { id: true },
    });
    return found !== null;
  }

  /** Before a scan is held whose entries are to be written anew: whoever sets scanners up holds scans, too. */
  async keepScanners(tx: Tx): Promise<void> {
    await tx.$queryRawUnsafe(KEEP_SCANNERS);
  }

  /** Cameras that a scanner stands at. */
  async camerasWithScanner(tx: Tx): Promise<string[]> {
    const scanners = await tx.scanner.findMany({ where: { retiredAt: null }, select: { resourceId: true } });
    return [...new Set(scanners.map((scanner) => scanner.resourceId))];
  }
}
