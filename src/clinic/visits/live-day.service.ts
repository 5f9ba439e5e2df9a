import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import { type ChannelListener, Listening } from '../../platform/database/channel-listener.js';
import { Database } from '../../platform/database/database.service.js';
import { LiveStream } from '../../platform/graphql/live/live-stream.js';
import { Clock, localDate } from '../../platform/time/index.js';
import { concernsDay, concernsSite, daysOf, readToldChange, readToldDays } from './live-day.rules.js';
import type { DayChange } from './live-day.type.js';
import { type EndedHold, HoldEnds } from './live-day-holds.service.js';

const CHANNEL = 'facet_day';

/** Under the name of the subscription, as the graph wants its events. */
interface DayChanged {
  readonly dayChanged: DayChange;
}

type What = Pick<DayChange, 'siteCode' | 'visitId' | 'version'>;

/** Look at the whole day again. */
const ANYTHING: What = { siteCode: null, visitId: null, version: null };

interface Watcher {
  readonly siteCode: string | null;
  readonly stream: LiveStream<DayChanged>;
}

/**
 * Who listens to which day. Every process that answers the graph hears of every change from the database, whichever
 * process made it, when it is committed.
 */
@Injectable()
export class LiveDayService implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #watchers = new Map<string, Set<Watcher>>();
  readonly #listener: ChannelListener;
  readonly #holds: HoldEnds;

  constructor(
    @Inject(Listening) listening: Listening,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Config) private readonly config: Config,
    @Inject(Database) database: Database,
  ) {
    this.#holds = new HoldEnds(database, clock, config.clinicTimeZone, {
      days: () => [...this.#watchers.keys()],
      ended: (hold) => this.#ended(hold),
      manyEnded: () => this.#lookAgain(),
    });
    this.#listener = listening.to({
      channel: CHANNEL,
      applicationName: 'facet-day-listen',
      heard: (payload) => this.#heard(payload),
      opened: () => this.#lookAgain(),
    });
  }

  async onApplicationBootstrap(): Promise<void> {
    if (this.config.roles.has('api')) await this.#listener.open();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all([this.#listener.close(), this.#holds.close()]);
  }

  /** The changes of one local day from now on, at one site or at all (null). Ends when its reader goes. */
  changesOf(date: string, siteCode: string | null): LiveStream<DayChanged> {
    const watcher: Watcher = {
      siteCode,
      stream: new LiveStream<DayChanged>({
        keyOf: ({ dayChanged }) => dayChanged.visitId ?? '',
        lookAgain: () => ({ dayChanged: { ...ANYTHING, date, at: this.clock.now() } }),
        ended: () => this.#leave(date, watcher),
      }),
    };
    const watchers = this.#watchers.get(date) ?? new Set();
    this.#watchers.set(date, watchers.add(watcher));
    this.#holds.look();
    return watcher.stream;
  }

  #leave(date: string, watcher: Watcher): void {
    const watchers = this.#watchers.get(date);
    watchers?.delete(watcher);
    if (watchers?.size === 0) this.#watchers.delete(date);
  }

  #heard(payload: string): void {
    const change = readToldChange(payload);
    if (change !== null) {
      const { visitId, version, siteCode } = change;
      const days = daysOf(change, this.config.clinicTimeZone);
      if (days.some((date) => this.#watchers.has(date))) this.#holds.look();
      for (const date of days)
        this.#tell(date, { siteCode, visitId, version }, (site) => concernsSite(change, site));
      return;
    }
    const told = readToldDays(payload);
    if (told === null) {
      this.#lookAgain();
      return;
    }
    for (const date of this.#watchers.keys()) {
      this.#tell(date, ANYTHING, (site) => concernsDay(told, date, site));
    }
  }

  #ended({ visitId, version, siteCode, startsAt }: EndedHold): void {
    const date = localDate(startsAt, this.config.clinicTimeZone).toString();
    this.#tell(date, { siteCode, visitId, version }, (site) => site === null || site === siteCode);
  }

  #tell(date: string, what: What, concerns: (siteCode: string | null) => boolean): void {
    const at = this.clock.now();
    for (const { siteCode, stream } of this.#watchers.get(date) ?? []) {
      if (concerns(siteCode)) stream.push({ dayChanged: { ...what, date, at } });
    }
  }

  /** For everybody: what was told while nobody listened is not told again. */
  #lookAgain(): void {
    if (this.#watchers.size > 0) this.#holds.look();
    for (const date of this.#watchers.keys()) this.#tell(date, ANYTHING, () => true);
  }
}
