import { Inject, Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.service.js';
import type { Refusal } from '../../platform/refusal/refusal.js';
import type { StaffActor } from '../audit/audit.type.js';
import type { Visit } from '../visits/visit.type.js';
import { VisitRecordService } from '../visits/visit-record.service.js';
import { VisitDoesNotFit } from './treatment.refusals.js';
import { canTreatment, LIVE_VISITS } from './treatment.rules.js';
import type { Treatment } from './treatment.type.js';
import { TreatmentRecordService } from './treatment-record.service.js';
import type { BookTreatmentInput } from './treatment-request.type.js';

/** For which visit a treatment is booked. The visit itself is booked by its own room. */
@Injectable()
export class TreatmentBookingService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(VisitRecordService) private readonly visits: Pick<VisitRecordService, 'lock'>,
    @Inject(TreatmentRecordService) private readonly records: TreatmentRecordService,
  ) {}

  /** The visit is held before the treatment. Throws NOT_FOUND. */
  async bookTreatment(actor: StaffActor, input: BookTreatmentInput): Promise<Treatment | Refusal> {
    const { treatmentId, version } = input;
    const visitId = input.visitId ?? null;
    return this.database.transaction<Treatment | Refusal>(async (tx) => {
      const visit = visitId === null ? null : await this.visits.lock(tx, visitId);
      const before = await this.records.hold(tx, treatmentId);
      const refusal = canTreatment(before, 'book', version) ?? doesFit(before, visit);
      if (refusal !== null) return refusal;
      return this.records.write(tx, actor, before, 'booked', {
        visitId: visit?.id ?? null,
        lostVisitId: null,
      });
    });
  }
}

function doesFit({ patientId, procedureCode }: Treatment, visit: Visit | null): VisitDoesNotFit | null {
  if (visit === null) return null;
  if (visit.patientId !== patientId) return new VisitDoesNotFit('That visit is another patient’s.');
  if (visit.visitTypeCode !== procedureCode) {
    return new VisitDoesNotFit(`That visit is of another kind: book one of the kind ${procedureCode}.`);
  }
  return LIVE_VISITS.has(visit.status) ? null : new VisitDoesNotFit('That visit is over, or was not to be.');
}
