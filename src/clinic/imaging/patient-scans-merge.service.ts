import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import { ScanBookingStatus } from '../../platform/database/generated/enums.js';
import { dateFromInstant } from '../../platform/time/index.js';
import type { Actor } from '../audit/audit.type.js';
import {
  type MergePreviewOfRoom,
  type MergeRecorder,
  type MovedRows,
  type PatientMergeFollower,
  PatientMergeFollowers,
  type UnfollowedRows,
} from '../patients/patient-merge-followers.service.js';

const SCANS = 'scan bookings';
/** The scanner has made images under the Patient ID that it was given. */
const WITH_IMAGES: ScanBookingStatus[] = [
  ScanBookingStatus.IN_PROGRESS,
  ScanBookingStatus.UNCONFIRMED,
  ScanBookingStatus.COMPLETED,
  ScanBookingStatus.DISCONTINUED,
];

/**
 * Scan bookings follow when two records become one: the worklist joins the patient, so the scanner's next answer names the
 * record that was kept. Accession number and Study Instance UID stay, and with them the match of what the scanner says.
 */
@Injectable()
export class PatientScansMergeService implements PatientMergeFollower {
  readonly room = 'imaging';

  constructor(@Inject(PatientMergeFollowers) followers: PatientMergeFollowers) {
    followers.register(this);
  }

  async preview(tx: Tx, from: string, into: string): Promise<MergePreviewOfRoom> {
    const rows = { [SCANS]: await tx.scanBooking.count({ where: { patientId: from } }) };
    const onScanner = await tx.scanBooking.findMany({
      where: { patientId: { in: [from, into] }, status: ScanBookingStatus.IN_PROGRESS },
      select: { patientId: true },
    });
    const now = new Set(onScanner.map(({ patientId }) => patientId));
    const conflicts =
      now.size > 1
        ? ['Both are on the scanner now. Wait until the scans are over, and look whose they are.']
        : [];
    return { rows, conflicts, warnings: await this.#warnings(tx, from, now) };
  }

  async follow(
    tx: Tx,
    _actor: Actor,
    _mergeId: string,
    from: string,
    into: string,
    moved: MergeRecorder,
  ): Promise<void> {
    const scans = await tx.scanBooking.updateManyAndReturn({
      where: { patientId: from },
      data: { patientId: into },
      select: { id: true },
    });
    await moved(
      SCANS,
      scans.map(({ id }) => id),
    );
  }

  /** A scan belongs to whom its visit belongs to, which has gone back by now. */
  async unfollow(
    tx: Tx,
    _actor: Actor,
    _mergeId: string,
    from: string,
    into: string,
    moved: MovedRows,
  ): Promise<UnfollowedRows> {
    await tx.scanBooking.updateMany({
      where: { patientId: into, visit: { patientId: from } },
      data: { patientId: from },
    });
    const since = { gt: dateFromInstant(moved.mergedAt) };
    const count = await tx.scanBooking.count({ where: { patientId: into, bookedAt: since } });
    return { stayed: { [SCANS]: count }, impossible: [] };
  }

  async #warnings(tx: Tx, from: string, now: ReadonlySet<string>): Promise<readonly string[]> {
    const imaged = await tx.scanBooking.count({ where: { patientId: from, status: { in: WITH_IMAGES } } });
    const warnings: string[] = [];
    if (now.has(from)) {
      warnings.push(
        'The record to merge is on the scanner now: its Patient ID changes while the scan goes on.',
      );
    }
    if (imaged > 0) {
      const scans = imaged === 1 ? 'The images of 1 scan are' : `The images of ${imaged} scans are`;
      warnings.push(
        `${scans} archived under the Patient ID of the record to merge: have the archive put right as well.`,
      );
    }
    return warnings;
  }
}
