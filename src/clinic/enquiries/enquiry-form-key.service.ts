import { randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.service.js';
import { Clock, dateFromInstant } from '../../platform/time/index.js';

/** As long as the hash that it is used with (RFC 2104 §3). */
const SECRET_BYTES = 32;
const ONE_ROW = 1;

/** The secret that signs the website's forms: made once, kept in the database, the same in every process. */
@Injectable()
export class EnquiryFormKeyService {
  #secret: Promise<Uint8Array> | null = null;

  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /** Read once in the life of a process; a failed look is made again. */
  async secret(): Promise<Uint8Array> {
    this.#secret ??= this.#load().catch((error: unknown) => {
      this.#secret = null;
      throw error;
    });
    return this.#secret;
  }

  async #load(): Promise<Uint8Array> {
    return this.database.transaction(async (tx) => {
      const made = {
        id: ONE_ROW,
        secret: randomBytes(SECRET_BYTES),
        madeAt: dateFromInstant(this.clock.now()),
      };
      await tx.enquiryFormKey.createMany({ data: [made], skipDuplicates: true });
      return (await tx.enquiryFormKey.findUniqueOrThrow({ where: { id: ONE_ROW } })).secret;
    });
  }
}
