import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import { Database, type Tx } from '../../platform/database/database.service.js';
import { decodeCursor, encodeCursor, type Page, type PageInput } from '../../platform/graphql/page.type.js';
import {
  Clock,
  dateFromInstant,
  type Holidays,
  instantFromDate,
  lastDayToKnow,
  localDate,
  Temporal,
} from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { Actor, StaffActor } from '../audit/audit.type.js';
import { CalendarService } from '../calendar/calendar.service.js';
import type { Referral } from './referral.type.js';
import { ReferralRecordService } from './referral-record.service.js';
import { textOrNull } from './referral-text.rules.js';
import {
  type QueueMeant,
  type QueueMoment,
  type QueueOrder,
  type QueuePlace,
  undecidedCounts,
  undecidedReferrals,
  type WaitingRow,
  type Whose,
} from './triage.queries.js';
import { reasonsHere, triageActions, type WaitingFacts, whyHere } from './triage.rules.js';
import type {
  TriageEntry,
  TriageFilterInput,
  TriageOrder,
  TriageSummary,
  TriageWhose,
} from './triage.type.js';
import { CLAIM_LAPSES_AFTER_HOURS, liveClaim } from './triage-claim.rules.js';
import { nearness, nextDueOn } from './triage-due.rules.js';

/** The longest that a policy may put between two escalations (triage-policy.type). */
const ESCALATION_MAX_WORKING_DAYS = 60;

/** What every row is seen against. */
interface Moment {
  readonly now: Temporal.Instant;
  readonly today: Temporal.PlainDate;
}

/** What waits for a clinician's decision, and why it is where it is. */
@Injectable()
export class TriageQueueService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Config) private readonly config: Config,
    @Inject(AuditService) private readonly audit: AuditService,
    @Inject(CalendarService) private readonly calendar: CalendarService,
    @Inject(ReferralRecordService) private readonly records: ReferralRecordService,
  ) {}

  /** The undecided referrals that are meant, in the order that is asked for. The look is recorded. */
  async triageQueue(
    actor: StaffActor,
    filter: TriageFilterInput,
    order: TriageOrder,
    page: PageInput,
  ): Promise<Page<TriageEntry>> {
    const after = page.after ? placeOf(page.after, order) : null;
    const moment = this.#moment();
    return this.database.transaction(async (tx) => {
      const asked = undecidedReferrals(meantBy(filter, actor), at(moment), order, after, page.size + 1);
      const rows = await tx.$queryRaw<readonly WaitingRow[]>(asked);
      const shown = rows.slice(0, page.size);
      const items = await this.#entries(tx, actor, shown, moment);
      await this.#recordLook(tx, actor, 'triage-queue.viewed', shown, { ...filter, order });
      const last = shown.at(-1);
      return { items, nextCursor: rows.length > page.size && last ? cursorOf(last, order) : null };
    });
  }

  /** Those of these referrals that wait for a decision. The look is recorded. */
  async ofReferrals(actor: StaffActor, ids: readonly string[]): Promise<ReadonlyMap<string, TriageEntry>> {
    const moment = this.#moment();
    return this.database.transaction(async (tx) => {
      const asked = undecidedReferrals({ ...ANY, ids }, at(moment), 'DUE', null, ids.length);
      const rows = await tx.$queryRaw<readonly WaitingRow[]>(asked);
      const entries = await this.#entries(tx, actor, rows, moment);
      await this.#recordLook(tx, actor, 'triage-entries.viewed', rows, {});
      return new Map(entries.map((entry) => [entry.referralId, entry]));
    });
  }

  /** The queue in numbers. They name nobody, so no look is recorded. */
  async triageSummary(actor: StaffActor): Promise<TriageSummary> {
    const [counts] = await this.database.client.$queryRaw<readonly TriageSummary[]>(
      undecidedCounts(actor.id, at(this.#moment())),
    );
    if (counts === undefined) throw new RangeError('counting gave no row');
    return counts;
  }

  #moment(): Moment {
    const now = this.clock.now();
    return { now, today: localDate(now, this.config.clinicTimeZone) };
  }

  async #entries(
    tx: Tx,
    actor: StaffActor,
    rows: readonly WaitingRow[],
    moment: Moment,
  ): Promise<readonly TriageEntry[]> {
    const { today } = moment;
    const days = rows.map(({ promisedOn }) => Temporal.PlainDate.from(promisedOn));
    const [first = today] = [...days, today].toSorted(Temporal.PlainDate.compare);
    const last = [...days, lastDayToKnow(today, ESCALATION_MAX_WORKING_DAYS)]
      .toSorted(Temporal.PlainDate.compare)
      .at(-1);
    const holidays = await this.calendar.holidays(tx, first, last ?? today);
    const ids = rows.map(({ id }) => id);
    const referrals = await this.records.byIds(tx, ids);
    return rows.flatMap((row) => {
      const referral = referrals.get(row.id);
      return referral === undefined ? [] : [this.#toEntry(row, referral, actor, moment, holidays)];
    });
  }

  #toEntry(
    row: WaitingRow,
    referral: Referral,
    actor: StaffActor,
    { now, today }: Moment,
    holidays: Holidays,
  ): TriageEntry {
    const { isOverdue, ...near } = this.#dueOf(row, today, holidays);
    const facts: WaitingFacts = {
      status: row.status,
      receivedOn: Temporal.PlainDate.from(row.receivedOn),
      informationDueOn: dayOrNull(row.informationDueOn),
      informationBackOn: this.#dayOf(row.informationBackAt),
      reopenedOn: this.#dayOf(row.reopenedAt),
      isFromAdvice: row.isFromAdvice,
      mergedCount: row.mergedCount,
      isOverdue,
      escalationsCount: row.escalationsCount,
      duplicatesCount: row.duplicatesCount,
    };
    const claimActiveAt = instantOrNull(row.claimActiveAt);
    const claim = liveClaim({ claimedById: row.claimedById, claimActiveAt }, now);
    return {
      referralId: row.id,
      referral,
      dueOn: row.dueOn,
      ...near,
      isOverdue,
      reasonsHere: reasonsHere(facts),
      whyHere: whyHere(facts),
      claimedById: claim?.byId ?? null,
      claimedUntil: claim?.until ?? null,
      assignedToId: row.assignedToId,
      assignedAt: instantOrNull(row.assignedAt),
      escalatedAt: instantOrNull(row.escalatedAt),
      escalationsCount: row.escalationsCount,
      duplicatesCount: row.duplicatesCount,
      allowedActions: triageActions({ claim, assignedToId: row.assignedToId }, actor.id),
    };
  }

  #dueOf(row: WaitingRow, today: Temporal.PlainDate, holidays: Holidays) {
    const promisedOn = Temporal.PlainDate.from(row.promisedOn);
    const next = nextDueOn(
      {
        dueOn: promisedOn,
        informationDueOn: null,
        escalatedOn: this.#dayOf(row.escalatedAt),
        escalationDays: row.escalationDays ?? 1,
      },
      holidays,
    );
    const near = nearness(promisedOn, today, holidays);
    return { nextDueOn: next.toString(), isOverdue: near.workingDaysLeft === null, ...near };
  }

  #dayOf(date: Date | null): Temporal.PlainDate | null {
    return date === null ? null : localDate(instantFromDate(date), this.config.clinicTimeZone);
  }

  async #recordLook(
    tx: Tx,
    actor: Actor,
    action: string,
    shown: readonly WaitingRow[],
    after: object,
  ): Promise<void> {
    const patientIds = [...new Set(shown.map(({ patientId }) => patientId))];
    await this.audit.record(tx, actor, { action, subjectType: 'referral', patientIds, after });
  }
}

const ANY: QueueMeant = {
  ids: null,
  priorities: null,
  serviceCodes: null,
  statuses: null,
  sources: null,
  patientId: null,
  assigned: null,
  claimed: null,
  isOverdue: null,
  dueUntil: null,
  text: null,
};

function meantBy(filter: TriageFilterInput, actor: StaffActor): QueueMeant {
  return {
    ids: null,
    priorities: filter.priorities ?? null,
    serviceCodes: filter.serviceCodes ?? null,
    statuses: filter.statuses ?? null,
    sources: filter.sources ?? null,
    patientId: filter.patientId ?? null,
    assigned: whose(filter.assigned, actor),
    claimed: whose(filter.claimed, actor),
    isOverdue: filter.isOverdue ?? null,
    dueUntil: filter.dueUntil ?? null,
    text: textOrNull(filter.text),
  };
}

function whose(meant: TriageWhose | null | undefined, actor: StaffActor): Whose | null {
  if (!meant) return null;
  return meant === 'ME' ? { of: 'PERSON', id: actor.id } : { of: meant };
}

function at({ now, today }: Moment): QueueMoment {
  const lapsedAt = now.subtract({ hours: CLAIM_LAPSES_AFTER_HOURS });
  return { today: today.toString(), claimsLapsedAt: dateFromInstant(lapsedAt) };
}

/** The keys of a row in the order in which it stands. */
function cursorOf(row: WaitingRow, order: QueueOrder): string {
  const day = order === 'RECEIVED' ? row.receivedOn : row.promisedOn;
  const rank = String(row.rank);
  return order === 'PRIORITY' ? encodeCursor(rank, day, row.id) : encodeCursor(day, rank, row.id);
}

function placeOf(cursor: string, order: QueueOrder): QueuePlace {
  if (order === 'PRIORITY') {
    const [rank, day, id] = decodeCursor(cursor, ['count', 'day', 'uuid']);
    return { day, rank: Number(rank), id };
  }
  const [day, rank, id] = decodeCursor(cursor, ['day', 'count', 'uuid']);
  return { day, rank: Number(rank), id };
}

function instantOrNull(date: Date | null): Temporal.Instant | null {
  return date === null ? null : instantFromDate(date);
}

function dayOrNull(text: string | null): Temporal.PlainDate | null {
  return text === null ? null : Temporal.PlainDate.from(text);
}
