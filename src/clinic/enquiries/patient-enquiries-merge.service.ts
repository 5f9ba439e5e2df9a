import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import { dateFromInstant } from '../../platform/time/index.js';
import type { Actor } from '../audit/audit.type.js';
import {
  MergeHoldOrder,
  type MergePreviewOfRoom,
  type MergeRecorder,
  type MovedRows,
  type PatientMergeFollower,
  PatientMergeFollowers,
  type UnfollowedRows,
} from '../patients/patient-merge-followers.service.js';
import { HOLD_ENQUIRIES_OF_PATIENTS } from './patient-enquiries-merge.queries.js';

const ENQUIRIES = 'enquiries';
const CONVERSIONS = 'conversions of enquiries';

/** Enquiries of a patient, and what became of them, follow when two records become one, and go back when that is undone. */
@Injectable()
export class PatientEnquiriesMergeService implements PatientMergeFollower {
  readonly room = 'enquiries';
  readonly holdOrder = MergeHoldOrder.ENQUIRIES;

  constructor(@Inject(PatientMergeFollowers) followers: PatientMergeFollowers) {
    followers.register(this);
  }

  async hold(tx: Tx, patientIds: readonly string[]): Promise<void> {
    await tx.$queryRawUnsafe(HOLD_ENQUIRIES_OF_PATIENTS, patientIds);
  }

  async preview(tx: Tx, from: string): Promise<MergePreviewOfRoom> {
    const where = { patientId: from };
    const rows = {
      [ENQUIRIES]: await tx.enquiry.count({ where }),
      [CONVERSIONS]: await tx.enquiryConversion.count({ where }),
    };
    return { rows, conflicts: [] };
  }

  async follow(
    tx: Tx,
    _actor: Actor,
    _mergeId: string,
    from: string,
    into: string,
    moved: MergeRecorder,
  ): Promise<void> {
    const change = { where: { patientId: from }, data: { patientId: into }, select: { id: true } } as const;
    const enquiries = await tx.enquiry.updateManyAndReturn(change);
    await moved(
      ENQUIRIES,
      enquiries.map(({ id }) => id),
    );
    const conversions = await tx.enquiryConversion.updateManyAndReturn(change);
    await moved(
      CONVERSIONS,
      conversions.map(({ id }) => id),
    );
  }

  async unfollow(
    tx: Tx,
    _actor: Actor,
    _mergeId: string,
    from: string,
    into: string,
    moved: MovedRows,
  ): Promise<UnfollowedRows> {
    const back = (ids: readonly string[] = []) => ({
      where: { id: { in: [...ids] }, patientId: into },
      data: { patientId: from },
    });
    const ids = [...(moved.get(ENQUIRIES) ?? [])];
    // What was joined since to an enquiry that goes back is part of it.
    await tx.enquiry.updateMany({
      where: { OR: [{ id: { in: ids } }, { joinedIntoId: { in: ids } }], patientId: into },
      data: { patientId: from },
    });
    await tx.enquiryConversion.updateMany(back(moved.get(CONVERSIONS)));
    const since = { gt: dateFromInstant(moved.mergedAt) };
    return {
      stayed: {
        [ENQUIRIES]: await tx.enquiry.count({ where: { patientId: into, receivedAt: since } }),
        [CONVERSIONS]: await tx.enquiryConversion.count({ where: { patientId: into, convertedAt: since } }),
      },
      impossible: [],
    };
  }
}
