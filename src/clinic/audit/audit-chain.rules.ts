// Verifying the chain is a fold over its links in order: each must hold the hash of the one before, and its own
// hash must be that of (previous hash, the entry's text). The hash itself is computed by the caller.

export interface ChainedEntry {
  readonly position: bigint;
  readonly entryId: string;
  readonly previousHash: string;
  readonly hash: string;
  /** SHA-256 over the previous hash and the entry as it stands now; null when the entry is gone. */
  readonly recomputedHash: string | null;
  /**
   * Of an entry whose content was destroyed with the record that it was about: whether what is left of it is what was left
   * then. Its own hash cannot be computed any more; the links before and after still hold it in its place. Null: it is whole.
   */
  readonly isRemainderWhole?: boolean | null;
}

export interface ChainHead {
  readonly position: bigint;
  /** Lower-case hexadecimal. */
  readonly hash: string;
}

export interface BrokenLink {
  readonly position: bigint;
  readonly entryId: string;
  readonly reason: 'POSITION_MISSING' | 'PREVIOUS_HASH_DIFFERS' | 'ENTRY_MISSING' | 'ENTRY_CHANGED';
}

export const CHAIN_START: ChainHead = { position: 0n, hash: '0'.repeat(64) };

/** The next head of the chain, or the way in which this link is broken. */
export function followLink(head: ChainHead, link: ChainedEntry): ChainHead | BrokenLink {
  const broken = (reason: BrokenLink['reason']): BrokenLink => ({
    position: link.position,
    entryId: link.entryId,
    reason,
  });
  if (link.position !== head.position + 1n) return broken('POSITION_MISSING');
  if (link.previousHash !== head.hash) return broken('PREVIOUS_HASH_DIFFERS');
  if (link.recomputedHash === null) return broken('ENTRY_MISSING');
  const isWhole = link.isRemainderWhole ?? link.recomputedHash === link.hash;
  if (!isWhole) return broken('ENTRY_CHANGED');
  return { position: link.position, hash: link.hash };
}

export function isBroken(outcome: ChainHead | BrokenLink): outcome is BrokenLink {
  return 'reason' in outcome;
}
