import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import { PatientService } from '../patients/patient.service.js';
import { ReferralService } from '../referrals/referral.service.js';
import { ClosedTimeService } from '../scheduling/closed-time.service.js';
import { RequestRecordService } from './request-record.service.js';
import type { Visit } from './visit.type.js';
import { VisitRecordService } from './visit-record.service.js';

/**
 * Everything that a closure changes, held at once and in the one order in which everybody takes it: visits, requests,
 * referrals, patients, resources. Whoever changes one visit then waits for the whole closure, and never the other way
 * round in a circle.
 */
@Injectable()
export class ClosureLockService {
  constructor(
    @Inject(VisitRecordService) private readonly records: VisitRecordService,
    @Inject(RequestRecordService) private readonly requests: RequestRecordService,
    @Inject(ReferralService) private readonly referrals: ReferralService,
    @Inject(PatientService) private readonly patients: PatientService,
    @Inject(ClosedTimeService) private readonly closedTime: ClosedTimeService,
  ) {}

  /** Holds the visits with all that stands behind them, then the resources; the visits as they stand then, by id. */
  async hold(
    tx: Tx,
    visitIds: readonly string[],
    resourceIds: readonly string[],
  ): Promise<ReadonlyMap<string, Visit>> {
    const visits = await this.records.lockAll(tx, visitIds);
    const requestIds = visits.flatMap(({ requestId }) => (requestId === null ? [] : [requestId]));
    const referralIds = new Set<string>();
    for (const id of inOrder(requestIds)) {
      const { referralId } = await this.requests.lock(tx, id);
      if (referralId !== null) referralIds.add(referralId);
    }
    for (const id of inOrder(referralIds)) await this.referrals.mustHaveReferral(tx, id, { hold: true });
    for (const id of inOrder(visits.map(({ patientId }) => patientId))) {
      await this.patients.lockPatient(tx, id);
    }
    await this.closedTime.lock(tx, inOrder(resourceIds));
    return new Map(visits.map((visit) => [visit.id, visit]));
  }
}

function inOrder(ids: Iterable<string>): readonly string[] {
  return [...new Set(ids)].toSorted();
}
