import { Inject, Injectable, Logger } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import { Database } from '../../platform/database/database.service.js';
import { KeyRing, ObjectStorage } from '../../platform/storage/index.js';
import { Clock, type Temporal } from '../../platform/time/index.js';
import { neededKeys } from './document.queries.js';
import { DocumentInstallation, INSTALLATION_KEY } from './document-installation.service.js';

/** Longer than an upload may take: a part that is older belongs to nobody who is still there. */
const PART_KEPT_MINUTES = 30;
/** Much longer than the moment between a content and its row; nobody can read it meanwhile, since its key is in the row. */
export const ORPHAN_KEPT_HOURS = 24;
/** Keys that are looked up in one statement. */
const LOOK_UP_MAX_KEYS = 500;
/** Wrapped keys that are changed in one round. */
const REWRAP_MAX_KEYS = 200;

export interface Swept {
  /** What interrupted uploads have left. */
  readonly parts: number;
  /** Contents that no row names. */
  readonly orphans: number;
  /** Keys that were wrapped by an old master key. */
  readonly rewrapped: number;
}

/** Removes what lies in the storage and belongs to nobody, and brings keys under the current master key. */
@Injectable()
export class DocumentSweep {
  readonly #log = new Logger('documents');

  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Config) private readonly config: Config,
    @Inject(ObjectStorage) private readonly storage: ObjectStorage,
    @Inject(KeyRing) private readonly keys: KeyRing,
    @Inject(DocumentInstallation) private readonly installation: DocumentInstallation,
  ) {}

  /** At the start of the embedded installation nobody else can be uploading: every part is somebody's who was killed. */
  async sweepAtStart(): Promise<number> {
    if (!(await this.#isStorageOurs())) return 0;
    const isAlone = this.config.databaseUrl === undefined;
    return this.storage.sweepParts(isAlone ? this.clock.now() : this.#partsBefore());
  }

  /** In a storage that is another installation's nothing is removed. */
  async sweep(): Promise<Swept> {
    const isOurs = await this.#isStorageOurs();
    const parts = isOurs ? await this.storage.sweepParts(this.#partsBefore()) : 0;
    const orphans = isOurs ? await this.#sweepOrphans() : 0;
    const rewrapped = await this.#rewrap();
    const swept = { parts, orphans, rewrapped };
    if (parts + orphans + rewrapped > 0) this.#log.log({ event: 'documents-swept', ...swept });
    return swept;
  }

  async #isStorageOurs(): Promise<boolean> {
    const isOurs = await this.installation.isStorageOurs();
    if (!isOurs) this.#log.error({ event: 'storage-of-another-installation' });
    return isOurs;
  }

  #partsBefore(): Temporal.Instant {
    return this.clock.now().subtract({ minutes: PART_KEPT_MINUTES });
  }

  async #sweepOrphans(): Promise<number> {
    const before = this.clock.now().subtract({ hours: ORPHAN_KEPT_HOURS });
    let removed = 0;
    let batch: string[] = [];
    for await (const key of this.storage.keys(before)) {
      if (key === INSTALLATION_KEY) continue;
      batch.push(key);
      if (batch.length < LOOK_UP_MAX_KEYS) continue;
      removed += await this.#removeUnneeded(batch);
      batch = [];
    }
    return removed + (await this.#removeUnneeded(batch));
  }

  async #removeUnneeded(keys: readonly string[]): Promise<number> {
    if (keys.length === 0) return 0;
    const rows = await this.database.client.$queryRaw<{ storageKey: string }[]>(neededKeys(keys));
    const needed = new Set(rows.map(({ storageKey }) => storageKey));
    const unneeded = keys.filter((key) => !needed.has(key));
    for (const key of unneeded) await this.storage.remove(key);
    return unneeded.length;
  }

  /** When all is done an old master key is needed no more. A row that was changed meanwhile comes with the next sweep. */
  async #rewrap(): Promise<number> {
    const any = await this.database.client.documentVersion.findFirst({
      where: { contentDestroyedAt: null },
      select: { id: true },
    });
    if (any === null) return 0;
    const where = { keyName: { not: this.keys.currentName }, contentDestroyedAt: null };
    let rewrapped = 0;
    for (;;) {
      const rows = await this.database.client.documentVersion.findMany({ where, take: REWRAP_MAX_KEYS });
      for (const { id, storageKey, keyName, wrappedKey } of rows) {
        if (wrappedKey === null) continue;
        const renewed = this.keys.rewrap(wrappedKey, keyName, storageKey);
        const { count } = await this.database.client.documentVersion.updateMany({
          where: { id, keyName, contentDestroyedAt: null },
          data: { wrappedKey: renewed.wrapped, keyName: renewed.keyName },
        });
        rewrapped += count;
      }
      if (rows.length < REWRAP_MAX_KEYS) return rewrapped;
    }
  }
}
