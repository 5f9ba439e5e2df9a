import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import type { Refusal } from '../../platform/refusal/refusal.js';
import type { StaffActor } from '../audit/audit.type.js';
import type { Treatment } from './treatment.type.js';
import { TreatmentRecordService } from './treatment-record.service.js';
import { TreatmentRequestService } from './treatment-request.service.js';
import type { TreatmentWish } from './treatment-request.type.js';
import { TreatmentTargetService } from './treatment-target.service.js';

/** For later rooms: treatments as they stand, and asking for one. Records no look: whoever shows one does. */
@Injectable()
export class TreatmentService {
  constructor(
    @Inject(TreatmentRecordService) private readonly records: TreatmentRecordService,
    @Inject(TreatmentRequestService) private readonly requests: TreatmentRequestService,
    @Inject(TreatmentTargetService) private readonly targets: TreatmentTargetService,
  ) {}

  /** One treatment. Throws NOT_FOUND. */
  async treatment(client: Tx, id: string): Promise<Treatment> {
    return this.records.mustHave(client, id);
  }

  /** The same, kept from changing until the transaction ends. Throws NOT_FOUND. */
  async lock(tx: Tx, id: string): Promise<Treatment> {
    return this.records.hold(tx, id);
  }

  /** Those of these that there are, by id, in the same few statements for any number. */
  async byIds(client: Tx, ids: readonly string[]): Promise<ReadonlyMap<string, Treatment>> {
    return this.records.byIds(client, ids);
  }

  /** Every treatment of a patient, the newest first. */
  async treatmentsOf(client: Tx, patientId: string): Promise<readonly Treatment[]> {
    return (await this.records.ofThesePatients(client, [patientId])).get(patientId) ?? [];
  }

  /** The same of several patients, by patient. */
  async treatmentsOfPatients(
    client: Tx,
    patientIds: readonly string[],
  ): Promise<ReadonlyMap<string, readonly Treatment[]>> {
    return this.records.ofThesePatients(client, patientIds);
  }

  /** Those of these findings that a target may still name: of the version of their report that stands. */
  async standingFindings(client: Tx, findingIds: readonly string[]): Promise<ReadonlySet<string>> {
    return this.targets.standing(client, findingIds);
  }

  /** Asks for a treatment inside the caller's transaction. Refused as `requestTreatment` is. Throws NOT_FOUND, BAD_INPUT. */
  async request(tx: Tx, actor: StaffActor, wish: TreatmentWish): Promise<Treatment | Refusal> {
    return this.requests.requestIn(tx, actor, wish);
  }
}
