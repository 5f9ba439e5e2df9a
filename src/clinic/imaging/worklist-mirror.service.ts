import { setImmediate as nextTurn } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import { Database } from '../../platform/database/database.service.js';
import { DirectConnection } from '../../platform/database/direct-connection.js';
import {
  Clock,
  dateFromInstant,
  instantFromDate,
  localDate,
  startOfDay,
  Temporal,
} from '../../platform/time/index.js';
import type { KnownScanner, WorklistItem } from './worklist.type.js';
import {
  ACCESSION_NUMBERS,
  CHANGES_SINCE,
  FORGET_CHANGES,
  ITEMS_FROM,
  ITEMS_OF,
  LIVE_SCANNERS,
} from './worklist-mirror.queries.js';
import { type OfferedScan, WorklistStandingService } from './worklist-standing.service.js';

/** Read at once: half a megabyte of rows, which are forgotten before they grow old in memory. */
const PAGE_ITEMS = 500;
/** Taken in before scanners and others have their turn: some five milliseconds. */
const TURN_ITEMS = 100;
/** Changes are kept this long; a mirror that has not looked for half of it reads everything afresh. */
const CHANGES_KEPT_HOURS = 24;
const AFRESH_AFTER_MS = (CHANGES_KEPT_HOURS / 2) * 3_600_000;
/** More subjects than this in one go are not looked up one by one: everything is read afresh. */
const SUBJECTS_MAX = 5_000;
/** Days before the first one that a profile offers: a day may begin earlier on another clock. */
const DAYS_TO_SPARE = 2;

/** Takes in what changes. Called in the order of the changes; nothing is called while a query is being selected. */
export interface WorklistFollower {
  clear(): void;
  put(items: readonly WorklistItem[]): void;
  /** Every step of these visits goes; those that remain are put again afterwards. */
  removeVisits(accessionNumbers: readonly string[]): void;
}

type ItemRow = Omit<WorklistItem, 'startsAt' | 'timeZone' | 'closedGate' | 'closedBecause' | 'care'> & {
  readonly startsAt: Date;
  readonly timeZone: string | null;
  readonly referralId: string;
  readonly procedureCode: string;
  readonly siteCode: string;
  readonly injectionStartsAt: Date;
  readonly scanStartsAt: Date;
  readonly injectedAt: Date | null;
  readonly netActivityMbq: number | null;
  readonly tracerName: string | null;
  readonly halfLifeHours: number | null;
};
type ScannerRow = Omit<KnownScanner, 'timeZone'> & { readonly timeZone: string | null };

/** What has changed, by kind: the ids of bookings, patients, referrals and scanners. */
type Changes = Readonly<Record<'booking' | 'patient' | 'referral' | 'scanner', readonly string[]>>;

/**
 * The worklist and the scanners' profiles in memory, never the truth: before it is used it learns from PostgreSQL what has
 * been committed since it last looked. So a booking, a cancellation or a withdrawn consent of any process is in the next
 * answer of every process, and an answer costs one small question to the database.
 */
@Injectable()
export class WorklistMirror {
  private follower: WorklistFollower | null = null;
  private profiles: ReadonlyMap<string, KnownScanner> = new Map();
  private snapshot: string | null = null;
  private generation = -1;
  private lookedAtMs = 0;
  private afreshAtMs = 0;
  private readFrom: Temporal.Instant | null = null;
  private running: Promise<void> | null = null;
  private waiting: Promise<void> | null = null;

  constructor(
    @Inject(DirectConnection) private readonly connection: DirectConnection,
    @Inject(Database) private readonly database: Database,
    @Inject(WorklistStandingService) private readonly standings: WorklistStandingService,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Config) private readonly config: Config,
  ) {}

  /** Who takes in the items from now on; the next refresh brings all of them. */
  follow(follower: WorklistFollower): void {
    this.follower = follower;
    this.snapshot = null;
  }

  /**
   * Resolves when everything is in that was committed before the call. A look that is under way may have begun too early
   * for that; the next one serves all who wait for it. Rejects when the database cannot be asked.
   */
  refresh(): Promise<void> {
    if (this.running === null) return this.begin();
    this.waiting ??= this.running
      .catch(() => undefined)
      .then(() => {
        this.waiting = null;
        // Somebody may have begun the next look already; two at once would empty what the other has filled.
        return this.running ?? this.begin();
      });
    return this.waiting;
  }

  /** Was everything in that had been committed so many milliseconds ago? Then nothing needs to be asked for that. */
  isAsOf(milliseconds: number): boolean {
    const age = this.clock.nowMs() - this.lookedAtMs;
    // A clock that was set back says nothing.
    return this.snapshot !== null && age >= 0 && age <= milliseconds;
  }

  /** The profile as it was at the last refresh; undefined when the scanner was retired or never known. */
  profileOf(scannerId: string): KnownScanner | undefined {
    return this.profiles.get(scannerId);
  }

  /** The scanners that call themselves so, as of the last refresh. */
  callersNamed(callingAETitle: string): readonly KnownScanner[] {
    return [...this.profiles.values()].filter(({ callingAETitles }) =>
      callingAETitles.includes(callingAETitle),
    );
  }

  /** The steps of one booking as they are now, those that are hidden from every scanner too. */
  async itemsOfBooking(bookingId: string): Promise<readonly WorklistItem[]> {
    const rows = await this.connection.query<ItemRow>(ITEMS_OF, [
      [bookingId],
      [],
      [],
      [],
      dateFromInstant(Temporal.Instant.fromEpochMilliseconds(0)),
    ]);
    return this.toItems(rows);
  }

  /** Forgets changes that nobody needs any more. */
  async forgetOld(): Promise<void> {
    const until = this.clock.now().subtract({ hours: CHANGES_KEPT_HOURS });
    await this.database.client.$executeRawUnsafe(FORGET_CHANGES, dateFromInstant(until));
  }

  private begin(): Promise<void> {
    this.running = this.look().finally(() => {
      this.running = null;
    });
    return this.running;
  }

  private async look(): Promise<void> {
    const nowMs = this.clock.nowMs();
    const since = this.snapshot;
    if (since === null || nowMs - this.lookedAtMs > AFRESH_AFTER_MS || nowMs >= this.afreshAtMs)
      return this.readAll(nowMs);
    // Most times nothing at all has been committed, and that is the shortest question that there is.
    const snapshot = await this.connection.snapshot();
    if (snapshot === since && this.connection.generation === this.generation) {
      this.lookedAtMs = nowMs;
      return;
    }
    const [found] = await this.connection.query<{ snapshot: string; changes: string[] | null }>(
      CHANGES_SINCE,
      [since],
    );
    // Another connection may have led to another server, whose snapshots say nothing about this one's.
    if (found === undefined || this.connection.generation !== this.generation) return this.readAll(nowMs);
    const { changes } = found;
    if (changes !== null && changes.length > 0) await this.takeIn(changes, nowMs);
    this.snapshot = found.snapshot;
    this.lookedAtMs = nowMs;
  }

  /** Until it is done nothing is believed: a failure half-way has everything read afresh. */
  private async takeIn(changes: readonly string[], nowMs: number): Promise<void> {
    this.snapshot = null;
    const subjects = sorted(changes);
    if (subjects === null || changes.length > SUBJECTS_MAX) return this.readAll(nowMs);
    const { booking, patient, referral, scanner } = subjects;
    if (scanner.length > 0 && (await this.readProfiles())) return this.readAll(nowMs);
    const visits = await this.connection.query<{ accessionNumber: string }>(ACCESSION_NUMBERS, [booking]);
    const from = dateFromInstant(this.readFrom ?? this.firstInstant());
    const rows = await this.connection.query<ItemRow>(ITEMS_OF, [booking, patient, referral, scanner, from]);
    const items = await this.toItems(rows);
    this.follower?.removeVisits(visits.map(({ accessionNumber }) => accessionNumber));
    this.follower?.put(items);
  }

  private async readAll(nowMs: number): Promise<void> {
    this.snapshot = null;
    // The snapshot first: what is committed while the pages are read is told of again.
    const snapshot = await this.connection.snapshot();
    const generation = this.connection.generation;
    await this.readProfiles();
    this.afreshAtMs = this.endOfDayMs();
    this.readFrom = this.firstInstant();
    this.follower?.clear();
    const from = dateFromInstant(this.readFrom);
    for await (const rows of this.connection.pages<ItemRow>(ITEMS_FROM, [from], PAGE_ITEMS)) {
      const items = await this.toItems(rows);
      for (let at = 0; at < items.length; at += TURN_ITEMS) {
        this.follower?.put(items.slice(at, at + TURN_ITEMS));
        await nextTurn();
      }
    }
    if (generation !== this.connection.generation)
      throw new Error('the connection was lost while the worklist was read');
    this.generation = generation;
    this.snapshot = snapshot;
    this.lookedAtMs = nowMs;
  }

  /** Says whether earlier days are offered now than were read. */
  private async readProfiles(): Promise<boolean> {
    const rows = await this.connection.query<ScannerRow>(LIVE_SCANNERS);
    this.profiles = new Map(
      rows.map((row) => [row.id, { ...row, timeZone: row.timeZone ?? this.config.clinicTimeZone }]),
    );
    return this.readFrom === null || this.firstInstant().epochMilliseconds < this.readFrom.epochMilliseconds;
  }

  /** Steps that start earlier are offered to nobody. */
  private firstInstant(): Temporal.Instant {
    const daysBefore = Math.max(0, ...[...this.profiles.values()].map((profile) => profile.daysBefore));
    return this.clock.now().subtract({ hours: 24 * (daysBefore + DAYS_TO_SPARE) });
  }

  /** Authorisations and rules of the clinic end with a day, and nobody writes anything then. */
  private endOfDayMs(): number {
    const { clinicTimeZone } = this.config;
    const tomorrow = localDate(this.clock.now(), clinicTimeZone).add({ days: 1 });
    return startOfDay(tomorrow, clinicTimeZone).epochMilliseconds;
  }

  private async toItems(rows: readonly ItemRow[]): Promise<readonly WorklistItem[]> {
    if (rows.length === 0) return [];
    // A scan has a step for each modality, and one for early images.
    const scans = new Map(rows.map((row) => [row.bookingId, toOfferedScan(row)]));
    const standings = await this.standings.of([...scans.values()]);
    return rows.map((row) => {
      const standing = standings.get(row.bookingId);
      if (standing === undefined) throw new Error(`nothing was said of the scan ${row.bookingId}`);
      const timeZone = row.timeZone ?? this.config.clinicTimeZone;
      const { holdsUntil, ...told } = standing;
      // A consent may end at any hour, and nobody writes anything then.
      this.afreshAtMs = Math.min(this.afreshAtMs, holdsUntil?.epochMilliseconds ?? this.afreshAtMs);
      return { ...row, startsAt: instantFromDate(row.startsAt), timeZone, ...told };
    });
  }
}

function toOfferedScan(row: ItemRow): OfferedScan {
  const { injectedAt, netActivityMbq, tracerName, halfLifeHours } = row;
  const injection =
    injectedAt === null || netActivityMbq === null || tracerName === null || halfLifeHours === null
      ? null
      : { injectedAt: instantFromDate(injectedAt), netActivityMbq, tracerName, halfLifeHours };
  const { bookingId: visitId, patientId, referralId, procedureCode, siteCode } = row;
  return {
    ...{ visitId, patientId, referralId, procedureCode, siteCode, injection },
    injectionAt: injection?.injectedAt ?? instantFromDate(row.injectionStartsAt),
    scanAt: instantFromDate(row.scanStartsAt),
  };
}

/** Null when a change concerns everything: `everything`, and `licences`, which are judged by day and place of each scan. */
function sorted(changes: readonly string[]): Changes | null {
  const subjects = {
    booking: new Set<string>(),
    patient: new Set<string>(),
    referral: new Set<string>(),
    scanner: new Set<string>(),
  };
  for (const change of changes) {
    const [kind = '', id = ''] = change.split(' ', 2);
    const known = Object.hasOwn(subjects, kind) ? subjects[kind as keyof typeof subjects] : undefined;
    if (known === undefined) return null;
    known.add(id);
  }
  return {
    booking: [...subjects.booking],
    patient: [...subjects.patient],
    referral: [...subjects.referral],
    scanner: [...subjects.scanner],
  };
}
