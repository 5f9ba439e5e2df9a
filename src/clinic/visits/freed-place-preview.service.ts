import { Inject, Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.service.js';
import { FreedPlaceStatus } from '../../platform/database/generated/enums.js';
import { Clock } from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { StaffActor } from '../audit/audit.type.js';
import type { FreedPlaceCandidate } from './freed-place.type.js';
import { FreedPlaceCandidateService } from './freed-place-candidate.service.js';
import { FreedPlaceKindService } from './freed-place-kind.service.js';
import { FreedPlaceRecordService } from './freed-place-record.service.js';

/** Who would be asked about a place now. Looks only. */
@Injectable()
export class FreedPlacePreviewService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(FreedPlaceRecordService) private readonly records: FreedPlaceRecordService,
    @Inject(FreedPlaceCandidateService) private readonly candidates: FreedPlaceCandidateService,
    @Inject(FreedPlaceKindService) private readonly kinds: FreedPlaceKindService,
    @Inject(AuditService) private readonly audit: AuditService,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /** In the order in which they would be asked; nobody for a place that is over. The look is recorded. Throws NOT_FOUND. */
  async freedPlaceCandidates(actor: StaffActor, id: string): Promise<readonly FreedPlaceCandidate[]> {
    const known = await this.kinds.kinds();
    return this.database.transaction(async (tx) => {
      const place = await this.records.read(tx, id);
      const { status } = await this.records.shown(tx, place);
      const isOver = status !== FreedPlaceStatus.OPEN && status !== FreedPlaceStatus.OFFERING;
      const found = isOver
        ? []
        : (await this.candidates.candidates(tx, place, known, this.clock.now())).candidates;
      await this.audit.record(tx, actor, {
        action: 'freed-place.candidates-viewed',
        subjectType: 'freed-place',
        subjectId: id,
        patientIds: [...new Set(found.map(({ patientId }) => patientId))],
      });
      return found.map(({ requestId, patientId, movesVisitId, startsAt, steps }) => {
        return { requestId, patientId, movesVisitId, startsAt, steps };
      });
    });
  }
}
