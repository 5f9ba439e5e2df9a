import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import { type ChannelListener, Listening } from '../../platform/database/channel-listener.js';
import { LiveStream } from '../../platform/graphql/live/live-stream.js';
import { Clock } from '../../platform/time/index.js';
import { concernsSite, daysOf, readToldChange } from './live-day.rules.js';
import type { DayChange } from './live-day.type.js';

const CHANNEL = 'facet_day';

/** Under the name of the subscription, as the graph wants its events. */
interface DayChanged {
  readonly dayChanged: DayChange;
}

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

  constructor(
    @Inject(Listening) listening: Listening,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Config) private readonly config: Config,
  ) {
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
    await this.#listener.close();
  }

  /** The changes of one local day from now on, at one site or at all (null). Ends when its reader goes. */
  changesOf(date: string, siteCode: string | null): LiveStream<DayChanged> {
    const watcher: Watcher = {
      siteCode,
      stream: new LiveStream<DayChanged>({
        keyOf: ({ dayChanged }) => dayChanged.visitId ?? '',
        lookAgain: () => this.#anything(date),
        ended: () => this.#leave(date, watcher),
      }),
    };
    const watchers = this.#watchers.get(date) ?? new Set();
    this.#watchers.set(date, watchers.add(watcher));
    return watcher.stream;
  }

  #leave(date: string, watcher: Watcher): void {
    const watchers = this.#watchers.get(date);
    watchers?.delete(watcher);
    if (watchers?.size === 0) this.#watchers.delete(date);
  }

  #heard(payload: string): void {
    const change = readToldChange(payload);
    if (change === null) {
      this.#lookAgain();
      return;
    }
    const { visitId, version, siteCode } = change;
    const at = this.clock.now();
    for (const date of daysOf(change, this.config.clinicTimeZone)) {
      for (const watcher of this.#watchers.get(date) ?? []) {
        if (!concernsSite(change, watcher.siteCode)) continue;
        watcher.stream.push({ dayChanged: { date, siteCode, visitId, version, at } });
      }
    }
  }

  /** For everybody: what was told while nobody listened is not told again. */
  #lookAgain(): void {
    for (const [date, watchers] of this.#watchers) {
      for (const { stream } of watchers) stream.push(this.#anything(date));
    }
  }

  #anything(date: string): DayChanged {
    return { dayChanged: { date, siteCode: null, visitId: null, version: null, at: this.clock.now() } };
  }
}
