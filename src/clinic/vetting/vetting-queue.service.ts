import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import { Database, type Tx } from '../../platform/database/database.service.js';
import { decodeCursor, encodeCursor, type Page, type PageInput } from '../../platform/graphql/page.type.js';
import {
  Clock,
  dateFromInstant,
  localDate,
  Temporal,
  workingDaysBetween,
} from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { StaffActor } from '../audit/audit.type.js';
import { CalendarService } from '../calendar/calendar.service.js';
import { CLAIM_LAPSES_AFTER_HOURS } from './request-claim.rules.js';
import { RequestRecordService } from './request-record.service.js';
import {
  type QueueMeant,
  type QueueMoment,
  type QueuePlace,
  type WaitingRow,
  waitingCounts,
  waitingRequests,
} from './vetting-queue.queries.js';
import type { VettingEntry, VettingFilterInput, VettingOrder, VettingSummary } from './vetting-queue.type.js';

/** What waits for a practitioner, or for whoever asks what is missing. */
@Injectable()
export class VettingQueueService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Config) private readonly config: Config,
    @Inject(AuditService) private readonly audit: AuditService,
    @Inject(CalendarService) private readonly calendar: CalendarService,
    @Inject(RequestRecordService) private readonly records: RequestRecordService,
  ) {}

  /** The waiting requests that are meant, in the order that is asked for. The look is recorded. */
  async vettingQueue(
    actor: StaffActor,
    filter: VettingFilterInput,
    order: VettingOrder,
    page: PageInput,
  ): Promise<Page<VettingEntry>> {
    const after = page.after ? placeOf(page.after, order) : null;
    return this.database.transaction(async (tx) => {
      const asked = waitingRequests(meantBy(filter, actor), this.#moment(), order, after, page.size + 1);
      const rows = await tx.$queryRaw<readonly WaitingRow[]>(asked);
      const shown = rows.slice(0, page.size);
      const items = await this.#entries(tx, shown);
      await this.audit.record(tx, actor, {
        action: 'vetting-queue.viewed',
        subjectType: 'imaging-request',
        patientIds: [...new Set(shown.map(({ patientId }) => patientId))],
        after: { ...filter, order },
      });
      const last = shown.at(-1);
      return { items, nextCursor: rows.length > page.size && last ? cursorOf(last, order) : null };
    });
  }

  /** The queue in numbers. They name nobody, so no look is recorded. */
  async vettingSummary(actor: StaffActor): Promise<VettingSummary> {
    const asked = waitingCounts(actor.id, this.#moment());
    const [counts] = await this.database.client.$queryRaw<readonly VettingSummary[]>(asked);
    if (counts === undefined) throw new RangeError('counting gave no row');
    return counts;
  }

  async #entries(tx: Tx, rows: readonly WaitingRow[]): Promise<readonly VettingEntry[]> {
    const requests = await this.records.byIds(
      tx,
      rows.map(({ id }) => id),
    );
    const today = this.#today();
    const days = rows.map(({ promisedOn }) => Temporal.PlainDate.from(promisedOn));
    const last = [today, ...days].toSorted(Temporal.PlainDate.compare).at(-1) ?? today;
    const holidays = await this.calendar.holidays(tx, today, last);
    return rows.flatMap((row) => {
      const request = requests.get(row.id);
      if (request === undefined) return [];
      const dueOn = Temporal.PlainDate.from(row.promisedOn);
      const isOverdue = Temporal.PlainDate.compare(dueOn, today) < 0;
      return {
        requestId: row.id,
        request,
        dueOn: row.promisedOn,
        isOverdue,
        workingDaysLeft: isOverdue ? null : workingDaysBetween(today, dueOn, holidays),
      };
    });
  }

  #today(): Temporal.PlainDate {
    return localDate(this.clock.now(), this.config.clinicTimeZone);
  }

  #moment(): QueueMoment {
    const lapsedAt = this.clock.now().subtract({ hours: CLAIM_LAPSES_AFTER_HOURS });
    return { today: this.#today().toString(), claimsLapsedAt: dateFromInstant(lapsedAt) };
  }
}

function meantBy(filter: VettingFilterInput, actor: StaffActor): QueueMeant {
  const { claimed } = filter;
  return {
    statuses: filter.statuses ?? null,
    urgencies: filter.urgencies ?? null,
    procedureCodes: filter.procedureCodes ?? null,
    claimed: !claimed ? null : claimed === 'ME' ? { of: 'PERSON', id: actor.id } : { of: claimed },
    isOverdue: filter.isOverdue ?? null,
    isDecidedBefore: filter.isDecidedBefore ?? null,
    dueUntil: filter.dueUntil ?? null,
    patientId: filter.patientId ?? null,
  };
}

/** The keys of a row in the order in which it stands. */
function cursorOf(row: WaitingRow, order: VettingOrder): string {
  const day = order === 'REQUESTED' ? row.requestedOn : row.promisedOn;
  const rank = String(row.rank);
  return order === 'URGENCY' ? encodeCursor(rank, day, row.id) : encodeCursor(day, rank, row.id);
}

function placeOf(cursor: string, order: VettingOrder): QueuePlace {
  if (order === 'URGENCY') {
    const [rank, day, id] = decodeCursor(cursor, ['count', 'day', 'uuid']);
    return { day, rank: Number(rank), id };
  }
  const [day, rank, id] = decodeCursor(cursor, ['day', 'count', 'uuid']);
  return { day, rank: Number(rank), id };
}
