import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.service.js';
import { ENTRIES_WITHOUT_LINK, LINKS_AFTER } from './audit-chain.queries.js';
import {
  type BrokenLink,
  CHAIN_START,
  type ChainedEntry,
  followLink,
  isBroken,
} from './audit-chain.rules.js';

// One batch is a few megabytes of entries at most, and the walk holds one batch at a time.
const BATCH_LINKS = 1_000;

export interface ChainVerdict {
  readonly linksChecked: bigint;
  /** Hash of the newest link. Keep it elsewhere: it proves later that nothing was cut off the end. */
  readonly headHash: string;
  readonly broken: BrokenLink | null;
  /** An entry outside the chain, if there is one. */
  readonly entryWithoutLink: string | null;
}

type LinkRow = Omit<ChainedEntry, 'recomputedHash' | 'isRemainderWhole'> & {
  readonly payload: string | null;
  readonly remainderHash: string | null;
};

@Injectable()
export class AuditChainService {
  constructor(@Inject(Database) private readonly database: Database) {}

  /** Walks the whole chain and stops at the first broken link. */
  async verify(): Promise<ChainVerdict> {
    let head = CHAIN_START;
    for (;;) {
      const links = await this.database.client.$queryRawUnsafe<LinkRow[]>(
        LINKS_AFTER,
        head.position,
        BATCH_LINKS,
      );
      for (const link of links) {
        const outcome = followLink(head, withHash(link));
        if (isBroken(outcome)) {
          return {
            linksChecked: head.position,
            headHash: head.hash,
            broken: outcome,
            entryWithoutLink: null,
          };
        }
        head = outcome;
      }
      if (links.length < BATCH_LINKS) break;
    }
    const [loose] = await this.database.client.$queryRawUnsafe<{ id: string }[]>(ENTRIES_WITHOUT_LINK);
    return {
      linksChecked: head.position,
      headHash: head.hash,
      broken: null,
      entryWithoutLink: loose?.id ?? null,
    };
  }
}

/** Hashed here and not in the database: a database that was tampered with does not vouch for itself. */
function withHash({ payload, remainderHash, ...link }: LinkRow): ChainedEntry {
  if (payload === null) return { ...link, recomputedHash: null };
  const hash = createHash('sha256').update(Buffer.from(link.previousHash, 'hex')).update(payload, 'utf8');
  const left = createHash('sha256').update(payload, 'utf8').digest('hex');
  return {
    ...link,
    recomputedHash: hash.digest('hex'),
    isRemainderWhole: remainderHash === null ? null : left === remainderHash,
  };
}
