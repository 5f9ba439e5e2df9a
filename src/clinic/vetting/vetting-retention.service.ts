import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import type { Tx } from '../../platform/database/database.service.js';
import { instantFromDate, localDate, Temporal } from '../../platform/time/index.js';
import type { Actor } from '../audit/audit.type.js';
import {
  type DestroyedPart,
  type PatientPartFacts,
  type PatientRecordPart,
  RetentionClasses,
} from '../records/retention-class.type.js';
import { isToDecide } from './request-state.rules.js';

/** What imaging requests mean for how long a patient's record is kept, and their destruction with it. */
@Injectable()
export class VettingRetentionService implements PatientRecordPart {
  readonly room = 'vetting';

  constructor(
    @Inject(RetentionClasses) classes: RetentionClasses,
    @Inject(Config) private readonly config: Config,
  ) {
    classes.join(this);
  }

  async facts(tx: Tx, patientIds: readonly string[]): Promise<ReadonlyMap<string, PatientPartFacts>> {
    const rows = await tx.imagingRequest.findMany({
      where: { referral: { patientId: { in: [...patientIds] } } },
      select: {
        status: true,
        exposedVisitId: true,
        requestedAt: true,
        endedAt: true,
        referral: { select: { patientId: true } },
        justifications: { select: { decidedAt: true } },
      },
    });
    return new Map(
      patientIds.map((id) => {
        const own = rows.filter(({ referral }) => referral.patientId === id);
        const moments = own.flatMap(({ requestedAt, endedAt, justifications }) => [
          requestedAt,
          ...(endedAt === null ? [] : [endedAt]),
          ...justifications.map(({ decidedAt }) => decidedAt),
        ]);
        const isOpen = own.some(isToDecide);
        const facts: PatientPartFacts = {
          lastContactOn: this.#latest(moments),
          treatmentEndedOn: null,
          classes: [],
          keptBecause: isOpen ? 'IMAGING_REQUEST_OPEN' : null,
        };
        return [id, facts];
      }),
    );
  }

  /** All of it goes: what the referral keeps says enough of when it came and how it ended. */
  async destroy(tx: Tx, _actor: Actor, patientId: string): Promise<readonly DestroyedPart[]> {
    const where = { request: { referral: { patientId } } };
    const tellings = await tx.vettingTelling.deleteMany({ where });
    const authorisations = await tx.vettingAuthorisation.deleteMany({ where });
    const justifications = await tx.vettingJustification.deleteMany({ where });
    await tx.imagingRequestEvent.deleteMany({ where });
    await tx.imagingRequestStudy.deleteMany({ where: { content: where } });
    const contents = await tx.imagingRequestContent.deleteMany({ where });
    const requests = await tx.imagingRequest.deleteMany({ where: { referral: { patientId } } });
    return [
      { what: 'imaging requests', count: requests.count },
      { what: 'revisions of imaging requests', count: contents.count },
      { what: 'justifications', count: justifications.count },
      { what: 'authorisations', count: authorisations.count },
      { what: 'letters about imaging requests', count: tellings.count },
    ].filter(({ count }) => count > 0);
  }

  #latest(moments: readonly Date[]): Temporal.PlainDate | null {
    const days = moments.map((date) => localDate(instantFromDate(date), this.config.clinicTimeZone));
    return days.toSorted(Temporal.PlainDate.compare).at(-1) ?? null;
  }
}
