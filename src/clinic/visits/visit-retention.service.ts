import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import type { Tx } from '../../platform/database/database.service.js';
import type { Prisma } from '../../platform/database/generated/client.js';
import { RecordClass, VisitStatus } from '../../platform/database/generated/enums.js';
import { instantFromDate, localDate, Temporal } from '../../platform/time/index.js';
import type { Actor } from '../audit/audit.type.js';
import {
  type DestroyedPart,
  type PatientPartFacts,
  type PatientRecordPart,
  RetentionClasses,
} from '../records/retention-class.type.js';

/** Columns that must say something say this. */
const DESTROYED = 'Destroyed';
/** Kinds of visits whose record is kept as mental health care is. */
const PSYCHOLOGY_KINDS: readonly string[] = ['PSYCHOLOGY'];

/** The patient was there, or was expected: the last contact. */
const SEEN: readonly VisitStatus[] = [
  VisitStatus.ARRIVED,
  VisitStatus.IN_PROGRESS,
  VisitStatus.COMPLETED,
  VisitStatus.DISCONTINUED,
  VisitStatus.NO_SHOW,
];
const AHEAD: readonly VisitStatus[] = [
  VisitStatus.HELD,
  VisitStatus.BOOKED,
  VisitStatus.ARRIVED,
  VisitStatus.IN_PROGRESS,
];

const FACTS = {
  patientId: true,
  status: true,
  startsAt: true,
  visitTypeCode: true,
} as const satisfies Prisma.VisitSelect;
type FactsRow = Prisma.VisitGetPayload<{ select: typeof FACTS }>;

/** What visits and requests mean for how long a patient's record is kept, and what of them goes with it. */
@Injectable()
export class VisitRetentionService implements PatientRecordPart {
  readonly room = 'visits';

  constructor(
    @Inject(RetentionClasses) classes: RetentionClasses,
    @Inject(Config) private readonly config: Config,
  ) {
    classes.join(this);
  }

  async facts(tx: Tx, patientIds: readonly string[]): Promise<ReadonlyMap<string, PatientPartFacts>> {
    const patientId = { in: [...patientIds] };
    const visits = await tx.visit.findMany({ where: { patientId }, select: FACTS });
    const waiting = await tx.visitRequest.findMany({
      where: { patientId, status: 'WAITING' },
      select: { patientId: true },
    });
    const waits = new Set(waiting.map((row) => row.patientId));
    return new Map(
      patientIds.map((id) => [
        id,
        this.#factsOf(
          visits.filter((visit) => visit.patientId === id),
          waits.has(id),
        ),
      ]),
    );
  }

  /** The skeleton stays, as the diary and its figures refer to it: kind, times, resources, how it ended. What was said goes. */
  async destroy(tx: Tx, _actor: Actor, patientId: string): Promise<readonly DestroyedPart[]> {
    const revisions = await tx.visitRevision.deleteMany({ where: { visit: { patientId } } });
    await tx.soonerWish.deleteMany({ where: { visit: { patientId } } });
    await tx.freedPlaceOffer.updateMany({ where: { patientId }, data: { steps: [] } });
    await tx.visitRequestTime.deleteMany({ where: { request: { patientId } } });
    await tx.visitRequest.updateMany({
      where: { patientId, closeReason: { not: null } },
      data: { closeReason: DESTROYED },
    });
    await tx.visit.updateMany({
      where: { patientId, discontinuedBecause: { not: null } },
      data: { discontinuedBecause: DESTROYED },
    });
    const visits = await tx.visit.updateMany({
      where: { patientId },
      data: { overrideReason: null, cancelComment: null },
    });
    const requests = await tx.visitRequest.count({ where: { patientId } });
    return [
      { what: 'visits', count: visits.count },
      { what: 'revisions of visits', count: revisions.count },
      { what: 'requests', count: requests },
    ].filter(({ count }) => count > 0);
  }

  #factsOf(visits: readonly FactsRow[], isWaiting: boolean): PatientPartFacts {
    const seen = visits.filter(({ status }) => SEEN.includes(status));
    const treated = visits.filter(({ status }) => status === VisitStatus.COMPLETED);
    const isAhead = visits.some(({ status }) => AHEAD.includes(status));
    const isPsychology = seen.some(({ visitTypeCode }) => PSYCHOLOGY_KINDS.includes(visitTypeCode));
    return {
      lastContactOn: this.#latest(seen),
      treatmentEndedOn: this.#latest(treated),
      classes: isPsychology ? [RecordClass.PSYCHOLOGY] : [],
      keptBecause: isAhead ? 'VISIT_AHEAD' : isWaiting ? 'REQUEST_WAITING' : null,
    };
  }

  #latest(visits: readonly FactsRow[]): Temporal.PlainDate | null {
    const days = visits.map(({ startsAt }) =>
      localDate(instantFromDate(startsAt), this.config.clinicTimeZone),
    );
    return days.toSorted(Temporal.PlainDate.compare).at(-1) ?? null;
  }
}
