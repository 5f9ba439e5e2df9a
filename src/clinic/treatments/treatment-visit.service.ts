import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import { VisitStatus } from '../../platform/database/generated/enums.js';
import type { Actor } from '../audit/audit.type.js';
import type { Visit } from '../visits/visit.type.js';
import { type VisitChange, VisitCompanions, type VisitFollower } from '../visits/visit-companion.service.js';
import { HELD_TREATMENTS_OF_VISITS } from './treatment.queries.js';
import { LIVE_VISITS } from './treatment.rules.js';
import { TreatmentRecordService } from './treatment-record.service.js';

/** Visits that came to nothing: what was booked for one waits for another. */
const GONE: ReadonlySet<VisitStatus> = new Set([
  VisitStatus.CANCELLED,
  VisitStatus.NO_SHOW,
  VisitStatus.DISCONTINUED,
  VisitStatus.LAPSED,
]);

/**
 * A treatment that has not begun follows its visit, in the transaction in which that changes. One that is moved is the same
 * visit at another time; one that comes to nothing leaves the treatment without, until it is restored or another is booked
 * instead of it. The visit is held by whoever changes it, and holding a treatment needs no more: nobody books one without
 * holding the visit.
 */
@Injectable()
export class TreatmentVisitService implements VisitFollower {
  readonly room = 'treatments';

  constructor(
    @Inject(VisitCompanions) companions: VisitCompanions,
    @Inject(TreatmentRecordService) private readonly records: TreatmentRecordService,
  ) {
    companions.attend(this);
  }

  async follow(tx: Tx, actor: Actor, { before, after }: VisitChange): Promise<void> {
    if (GONE.has(after.status)) return this.#lose(tx, actor, after);
    const wasLive = before !== null && LIVE_VISITS.has(before.status);
    if (LIVE_VISITS.has(after.status) && !wasLive) await this.#regain(tx, actor, after);
  }

  async #lose(tx: Tx, actor: Actor, { id }: Visit): Promise<void> {
    for (const treatment of await this.#held(tx, [id])) {
      if (treatment.visitId !== id) continue;
      await this.records.write(tx, actor, treatment, 'visit-lost', { visitId: null, lostVisitId: id });
    }
  }

  /** A visit that is booked instead of another takes over what that was for, where it is of the same kind. */
  async #regain(tx: Tx, actor: Actor, visit: Visit): Promise<void> {
    const lost = [visit.id, ...(visit.replacesId === null ? [] : [visit.replacesId])];
    for (const treatment of await this.#held(tx, lost)) {
      const { lostVisitId, patientId, procedureCode } = treatment;
      if (lostVisitId === null || !lost.includes(lostVisitId)) continue;
      if (patientId !== visit.patientId || procedureCode !== visit.visitTypeCode) continue;
      await this.records.write(tx, actor, treatment, 'visit-regained', {
        visitId: visit.id,
        lostVisitId: null,
      });
    }
  }

  async #held(tx: Tx, visitIds: readonly string[]) {
    const rows = await tx.$queryRawUnsafe<readonly { id: string }[]>(HELD_TREATMENTS_OF_VISITS, visitIds);
    const ids = rows.map(({ id }) => id);
    return ids.length === 0 ? [] : [...(await this.records.byIds(tx, ids)).values()];
  }
}
