import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import type { Tx } from '../../platform/database/database.service.js';
import type { Prisma } from '../../platform/database/generated/client.js';
import { instantFromDate, localDate, plainDateFromDate, Temporal } from '../../platform/time/index.js';
import type { Actor } from '../audit/audit.type.js';
import {
  type DestroyedPart,
  type PatientPartFacts,
  type PatientRecordPart,
  RetentionClasses,
} from '../records/retention-class.type.js';

/** Columns that must say something say this. */
const DESTROYED = 'Destroyed';

const FACTS = {
  patientId: true,
  status: true,
  receivedOn: true,
  decidedAt: true,
  endedAt: true,
} as const satisfies Prisma.ReferralSelect;
type FactsRow = Prisma.ReferralGetPayload<{ select: typeof FACTS }>;

/** What referrals and questions for advice mean for how long a patient's record is kept, and their destruction with it. */
@Injectable()
export class ReferralRetentionService implements PatientRecordPart {
  readonly room = 'referrals';

  constructor(
    @Inject(RetentionClasses) classes: RetentionClasses,
    @Inject(Config) private readonly config: Config,
  ) {
    classes.join(this);
  }

  async facts(tx: Tx, patientIds: readonly string[]): Promise<ReadonlyMap<string, PatientPartFacts>> {
    const patientId = { in: [...patientIds] };
    const rows = await tx.referral.findMany({ where: { patientId }, select: FACTS });
    const open = await tx.adviceThread.findMany({
      where: { patientId, status: { in: ['OPEN', 'ANSWERED'] } },
      select: { patientId: true },
    });
    const asking = new Set(open.map((row) => row.patientId));
    return new Map(
      patientIds.map((id) => [
        id,
        this.#factsOf(
          rows.filter((row) => row.patientId === id),
          asking.has(id),
        ),
      ]),
    );
  }

  /** The skeleton stays: when it came, from which kind of source, how it ended. What was told goes. */
  async destroy(tx: Tx, _actor: Actor, patientId: string): Promise<readonly DestroyedPart[]> {
    const ofThem = { referral: { patientId } };
    const tellings = await tx.referralTelling.deleteMany({ where: { event: ofThem } });
    await tx.referralEvent.deleteMany({ where: ofThem });
    await tx.triageEvent.deleteMany({ where: ofThem });
    const complaints = await tx.referralComplaint.deleteMany({ where: ofThem });
    const history = await tx.referralHistoryItem.deleteMany({ where: ofThem });
    await tx.referralHistoryAnswer.deleteMany({ where: ofThem });
    const authorisations = await tx.referralAuthorisation.deleteMany({ where: ofThem });
    await tx.referralMerge.updateMany({ where: { kept: { patientId } }, data: { reason: DESTROYED } });
    const undone = { kept: { patientId }, undoReason: { not: null } };
    await tx.referralMerge.updateMany({ where: undone, data: { undoReason: DESTROYED } });
    const messages = await tx.adviceMessage.deleteMany({ where: { thread: { patientId } } });
    const threads = await tx.adviceThread.deleteMany({ where: { patientId } });
    const referrals = await this.#blank(tx, patientId);
    return [
      { what: 'referrals', count: referrals },
      { what: 'letters told', count: tellings.count },
      { what: 'complaints of referrals', count: complaints.count },
      { what: 'history items', count: history.count },
      { what: 'authorisations', count: authorisations.count },
      { what: 'advice threads', count: threads.count },
      { what: 'advice messages', count: messages.count },
    ].filter(({ count }) => count > 0);
  }

  async #blank(tx: Tx, patientId: string): Promise<number> {
    const of = (columns: Prisma.ReferralWhereInput, data: Prisma.ReferralUpdateManyMutationInput) =>
      tx.referral.updateMany({ where: { patientId, ...columns }, data });
    await of({ redirectedTo: { not: null } }, { redirectedTo: DESTROYED });
    await of({ advice: { not: null } }, { advice: DESTROYED });
    await of({ outcome: { not: null } }, { outcome: DESTROYED });
    const { count } = await tx.referral.updateMany({
      where: { patientId },
      data: {
        ...{ referrerId: null, referrerName: null, referrerOrganisation: null, referrerRegistration: null },
        ...{ clinicalQuestion: DESTROYED, decisionComment: null },
        version: { increment: 1 },
      },
    });
    return count;
  }

  #factsOf(rows: readonly FactsRow[], isAsking: boolean): PatientPartFacts {
    const days = rows.flatMap((row) => [plainDateFromDate(row.receivedOn), ...this.#days(row)]);
    const ended = rows.filter(({ status }) => status === 'COMPLETED').flatMap((row) => this.#days(row));
    const isOpen = rows.some(({ status }) =>
      ['RECEIVED', 'BEING_TRIAGED', 'INFORMATION_REQUESTED'].includes(status),
    );
    return {
      lastContactOn: latest(days),
      treatmentEndedOn: latest(ended),
      classes: [],
      keptBecause: isOpen ? 'REFERRAL_OPEN' : isAsking ? 'ADVICE_OPEN' : null,
    };
  }

  #days({ decidedAt, endedAt }: FactsRow): Temporal.PlainDate[] {
    return [decidedAt, endedAt].flatMap((date) =>
      date === null ? [] : [localDate(instantFromDate(date), this.config.clinicTimeZone)],
    );
  }
}

function latest(days: readonly Temporal.PlainDate[]): Temporal.PlainDate | null {
  return days.toSorted(Temporal.PlainDate.compare).at(-1) ?? null;
}
