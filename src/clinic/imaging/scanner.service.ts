import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';

@Injectable()
export class ScannerService {
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
}
