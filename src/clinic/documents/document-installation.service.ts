import { randomUUID } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { Inject, Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.service.js';
import { ObjectStorage } from '../../platform/storage/index.js';
import { Clock, dateFromInstant, Temporal } from '../../platform/time/index.js';
import { installationId, madeInstallation, neededKeys, notedStorage } from './document.queries.js';

/** Where the storage says whose it is, in any of its kinds: a key that no content is given, since those are random. */
export const INSTALLATION_KEY = '0'.repeat(32);
/** Contents that are looked at before a storage without a name is taken for this database's. */
const SAMPLE_MAX_KEYS = 500;
/** Later than anything that lies there, whatever clock it was put by. */
const WHENEVER = Temporal.Instant.from('9999-01-01T00:00:00Z');

/**
 * Says whether the storage belongs to this database. A process that was started with another database would find there
 * nothing but contents that no row names: so both carry the same random name, and nothing is swept unless they agree.
 */
@Injectable()
export class DocumentInstallation {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(ObjectStorage) private readonly storage: ObjectStorage,
  ) {}

  /** Gives a storage that has none its name when it is this database's, and notes in the database whether they agree. */
  async isStorageOurs(): Promise<boolean> {
    const own = await this.#ownName();
    if ((await this.#storageName()) === null && (await this.#isMostlyOurs()))
      await this.storage.put(INSTALLATION_KEY, oneOf(own));
    // Read again: somebody else may have been naming it too.
    const isOurs = (await this.#storageName()) === own;
    await this.database.client.$executeRaw(notedStorage(isOurs ? null : dateFromInstant(this.clock.now())));
    return isOurs;
  }

  /** Made at first use; of several processes one makes it. */
  async #ownName(): Promise<string> {
    await this.database.client.$executeRaw(madeInstallation(randomUUID()));
    const [row] = await this.database.client.$queryRaw<{ installationId: string }[]>(installationId());
    if (row === undefined) throw new Error('the name of this installation is gone');
    return row.installationId;
  }

  async #storageName(): Promise<string | null> {
    const content = await this.storage.open(INSTALLATION_KEY);
    return content === null ? null : (await buffer(content)).toString('utf8');
  }

  /** An empty storage is whoever's comes first; one with contents is that database's whose rows name most of them. */
  async #isMostlyOurs(): Promise<boolean> {
    const keys: string[] = [];
    for await (const key of this.storage.keys(WHENEVER)) {
      keys.push(key);
      if (keys.length === SAMPLE_MAX_KEYS) break;
    }
    const ours = await this.database.client.$queryRaw<unknown[]>(neededKeys(keys));
    return ours.length * 2 >= keys.length;
  }
}

async function* oneOf(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text, 'utf8');
}
