import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import { Database, type Tx } from '../../platform/database/database.service.js';
import { decodeCursor, encodeCursor, type Page, type PageInput } from '../../platform/graphql/page.type.js';
import { badInput, notFound, type Refusal } from '../../platform/refusal/refusal.js';
import { Clock, dateFromInstant, localDate, startOfDay, Temporal } from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { StaffActor } from '../audit/audit.type.js';
import { AdministrationLockService } from './administration-lock.service.js';
import { AdministrationPolicyService } from './administration-policy.service.js';
import { STARTED_OUTSIDE, UPTAKES_OF } from './uptake.queries.js';
import { NothingToExplain, UptakeAlreadyExplained, UptakeState } from './uptake.refusals.js';
import {
  isWithin,
  minutesSince,
  type ScanStarts,
  scanStarts,
  type UptakeWindow,
  uptakeState,
} from './uptake.rules.js';
import type {
  ExplainUptakeInput,
  OutsideUptakeFilterInput,
  ScanOutsideUptake,
  UptakeClock,
} from './uptake.type.js';

/** A year of lists; more is a report. */
const LISTED_DAYS_MAX = 366;

interface UptakeRow {
  readonly visitId: string;
  readonly patientId: string;
  readonly administrationId: string | null;
  readonly injectedAtMs: number | null;
  readonly scanStartedAtMs: number | null;
  readonly scanPlannedAtMs: number;
  readonly minutesMin: number | null;
  readonly minutesTarget: number | null;
  readonly minutesMax: number | null;
  readonly explanation: string | null;
  readonly explainedById: string | null;
}

/** An injection that counts, with the window that it opens. */
interface Uptake {
  readonly administrationId: string;
  readonly injectedAt: Temporal.Instant;
  readonly window: UptakeWindow;
  readonly scanStartedAt: Temporal.Instant | null;
  readonly explanation: string | null;
}

/** When each patient's scan may begin, and why one began at another time. */
@Injectable()
export class UptakeService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Config) private readonly config: Config,
    @Inject(AuditService) private readonly audit: AuditService,
    @Inject(AdministrationLockService) private readonly locks: AdministrationLockService,
    @Inject(AdministrationPolicyService) private readonly policies: AdministrationPolicyService,
  ) {}

  /** The clocks of these visits, those that are scans, by visit: two statements. Whoever shows them records the look. */
  async clocksOf(visitIds: readonly string[]): Promise<ReadonlyMap<string, UptakeClock>> {
    const { client } = this.database;
    const rows = await client.$queryRawUnsafe<readonly UptakeRow[]>(UPTAKES_OF, visitIds);
    const closingMinutes = await this.#closingMinutes(client);
    return new Map(rows.map((row) => [row.visitId, this.#clock(row, closingMinutes)]));
  }

  /** For this room: the injection that counts for each of these scans, by visit; those without one are left out. */
  async uptakesOf(tx: Tx, visitIds: readonly string[]): Promise<ReadonlyMap<string, Uptake>> {
    const rows = await tx.$queryRawUnsafe<readonly UptakeRow[]>(UPTAKES_OF, visitIds);
    return new Map(
      rows.flatMap((row) => {
        const uptake = toUptake(row);
        return uptake === null ? [] : [[row.visitId, uptake] as const];
      }),
    );
  }

  /** Scans that began too soon or too late, by their planned start; the look at their patients is recorded. */
  async scansStartedOutsideUptake(
    actor: StaffActor,
    filter: OutsideUptakeFilterInput,
    page: PageInput,
  ): Promise<Page<ScanOutsideUptake>> {
    const [from, until] = daysOf(filter);
    const zone = this.config.clinicTimeZone;
    const [startsAt, id] = page.after ? decodeCursor(page.after, ['instant', 'uuid']) : [null, null];
    return this.database.transaction(async (tx) => {
      const rows = await tx.$queryRawUnsafe<readonly UptakeRow[]>(
        STARTED_OUTSIDE,
        startOfDay(from, zone).toString(),
        startOfDay(until.add({ days: 1 }), zone).toString(),
        filter.includeExplained ?? false,
        startsAt,
        id,
        page.size + 1,
      );
      const shown = rows.slice(0, page.size);
      const closingMinutes = await this.#closingMinutes(tx);
      await this.audit.record(tx, actor, {
        action: 'uptakes.listed',
        subjectType: 'scan-booking',
        patientIds: [...new Set(shown.map(({ patientId }) => patientId))],
      });
      const last = shown.at(-1);
      const isLastPage = rows.length <= page.size || last === undefined;
      return {
        items: shown.map((row) => this.#toListed(row, closingMinutes)),
        nextCursor: isLastPage ? null : encodeCursor(moment(last.scanPlannedAtMs).toString(), last.visitId),
      };
    });
  }

  /** Says why a scan began outside of its window. What was said stays. Throws NOT_FOUND. */
  async explainUptake(actor: StaffActor, input: ExplainUptakeInput): Promise<ScanOutsideUptake | Refusal> {
    return this.database.transaction<ScanOutsideUptake | Refusal>(
      async (tx) => {
        const { booking, now } = await this.locks.lockVisit(tx, input.scanBookingId);
        const { id, patientId } = booking;
        const before = await this.#row(tx, id);
        const uptake = toUptake(before);
        const refusal = canExplain(uptake);
        if (refusal !== null) return refusal;
        if (uptake === null || uptake.scanStartedAt === null) throw new Error('what is explained has begun');
        const { administrationId, injectedAt, scanStartedAt, window } = uptake;
        const explanation = await tx.uptakeExplanation.create({
          data: {
            ...{ visitId: id, administrationId, reason: input.reason.trim() },
            injectedAt: dateFromInstant(injectedAt),
            scanStartedAt: dateFromInstant(scanStartedAt),
            uptakeMinutes: minutesSince(injectedAt, scanStartedAt),
            minutesMin: window.minutesMin,
            minutesMax: window.minutesMax,
            recordedAt: dateFromInstant(now),
            recordedById: actor.id,
          },
        });
        await this.audit.record(tx, actor, {
          action: 'uptake.explained',
          subjectType: 'scan-booking',
          subjectId: id,
          patientIds: [patientId],
          before: { explanation: null },
          after: explanation,
        });
        return this.#toListed(await this.#row(tx, id), await this.#closingMinutes(tx));
      },
      {
        onConstraint: {
          uptake_explanations_visit_id_injected_at_scan_started_at_key: () => new UptakeAlreadyExplained(),
        },
      },
    );
  }

  async #row(tx: Tx, visitId: string): Promise<UptakeRow> {
    const [row] = await tx.$queryRawUnsafe<readonly UptakeRow[]>(UPTAKES_OF, [visitId]);
    if (row === undefined) throw notFound('scan booking');
    return row;
  }

  async #closingMinutes(client: Tx): Promise<number> {
    const today = localDate(this.clock.now(), this.config.clinicTimeZone);
    return (await this.policies.inForce(client, today)).uptakeClosingMinutes;
  }

  #toListed(row: UptakeRow, closingMinutes: number): ScanOutsideUptake {
    const { visitId: scanBookingId, patientId, explainedById } = row;
    return { scanBookingId, patientId, explainedById, uptake: this.#clock(row, closingMinutes) };
  }

  #clock(row: UptakeRow, closingMinutes: number): UptakeClock {
    const uptake = toUptake(row);
    const scanStartedAt = momentOrNull(row.scanStartedAtMs);
    if (uptake === null) return { ...NO_UPTAKE, scanStartedAt };
    const now = this.clock.now();
    const { injectedAt, explanation } = uptake;
    const starts = scanStarts(injectedAt, uptake.window);
    return {
      ...starts,
      ...{ injectedAt, scanStartedAt, explanation },
      state: uptakeState(uptake, closingMinutes, now),
      minutesSince: minutesSince(injectedAt, scanStartedAt ?? now),
      needsExplanation: scanStartedAt !== null && !isWithin(starts, scanStartedAt) && explanation === null,
    };
  }
}

const NO_UPTAKE = {
  state: UptakeState.NOT_INJECTED,
  injectedAt: null,
  earliestAt: null,
  targetAt: null,
  latestAt: null,
  minutesSince: null,
  needsExplanation: false,
  explanation: null,
} as const;

function canExplain(uptake: Uptake | null): Refusal | null {
  if (uptake === null) return new NothingToExplain('no injection is recorded for this scan.', null);
  const starts: ScanStarts = scanStarts(uptake.injectedAt, uptake.window);
  if (uptake.scanStartedAt === null)
    return new NothingToExplain('the delayed images have not begun.', starts);
  if (uptake.explanation !== null) return new UptakeAlreadyExplained();
  return isWithin(starts, uptake.scanStartedAt)
    ? new NothingToExplain('the delayed images began inside of the uptake window.', starts)
    : null;
}

function daysOf({
  from,
  until,
}: OutsideUptakeFilterInput): readonly [Temporal.PlainDate, Temporal.PlainDate] {
  const days = [Temporal.PlainDate.from(from), Temporal.PlainDate.from(until)] as const;
  const count = days[0].until(days[1], { largestUnit: 'day' }).days;
  if (count < 0) throw badInput('filter.until: must not be before filter.from.');
  if (count >= LISTED_DAYS_MAX)
    throw badInput(`filter.until: at most ${LISTED_DAYS_MAX} days are listed at once.`);
  return days;
}

function toUptake(row: UptakeRow): Uptake | null {
  const { administrationId, injectedAtMs, minutesMin, minutesTarget, minutesMax, explanation } = row;
  if (administrationId === null || injectedAtMs === null) return null;
  if (minutesMin === null || minutesTarget === null || minutesMax === null) return null;
  return {
    administrationId,
    injectedAt: moment(injectedAtMs),
    window: { minutesMin, minutesTarget, minutesMax },
    scanStartedAt: momentOrNull(row.scanStartedAtMs),
    explanation,
  };
}

function moment(epochMs: number): Temporal.Instant {
  return Temporal.Instant.fromEpochMilliseconds(epochMs);
}

function momentOrNull(epochMs: number | null): Temporal.Instant | null {
  return epochMs === null ? null : moment(epochMs);
}
