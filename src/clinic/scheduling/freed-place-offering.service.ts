import { Inject, Injectable } from '@nestjs/common';
import { Database, type Tx } from '../../platform/database/database.service.js';
import { AuditService } from '../audit/audit.service.js';
import type { Actor } from '../audit/audit.type.js';
import type { SetFreedPlaceOfferingInput } from './freed-place-offering.type.js';
import { VisitTypeService } from './visit-type.service.js';
import type { VisitType } from './visit-type.type.js';

/** How places that visits of a kind leave are offered to those who wait. */
@Injectable()
export class FreedPlaceOfferingService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(VisitTypeService) private readonly visitTypes: VisitTypeService,
    @Inject(AuditService) private readonly audit: AuditService,
  ) {}

  /** Holds from the next place on; a round that goes on keeps its terms. Throws NOT_FOUND. */
  async setFreedPlaceOffering(actor: Actor, input: SetFreedPlaceOfferingInput): Promise<VisitType> {
    const { visitTypeCode: code, offersFreed, offersAtOnce, answerMinutes } = input;
    return this.database.transaction(async (tx) => {
      const before = await this.#offering(tx, code);
      await tx.visitType.update({
        where: { code },
        data: { offersFreed, offersAtOnce, answerMinutes },
        select: { code: true },
      });
      await this.audit.record(tx, actor, {
        action: 'visit-type.freed-place-offering-set',
        subjectType: 'visit-type',
        before: { code, ...before },
        after: { code, offersFreed, offersAtOnce, answerMinutes },
      });
      return this.visitTypes.visitType(tx, code);
    });
  }

  async #offering(tx: Tx, code: string) {
    const { offersFreed, offersAtOnce, answerMinutes } = await this.visitTypes.visitType(tx, code);
    return { offersFreed, offersAtOnce, answerMinutes };
  }
}
