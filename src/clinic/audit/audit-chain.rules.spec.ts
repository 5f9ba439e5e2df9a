import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type BrokenLink,
  CHAIN_START,
  type ChainedEntry,
  type ChainHead,
  followLink,
  isBroken,
} from './audit-chain.rules.js';

function chainOf(hashes: readonly string[]): ChainedEntry[] {
  return hashes.map((hash, i) => ({
    position: BigInt(i + 1),
    entryId: `entry-${i + 1}`,
    previousHash: hashes[i - 1] ?? CHAIN_START.hash,
    hash,
    recomputedHash: hash,
  }));
}

function walk(links: readonly ChainedEntry[]): ChainHead | BrokenLink {
  let head: ChainHead = CHAIN_START;
  for (const link of links) {
    const outcome = followLink(head, link);
    if (isBroken(outcome)) return outcome;
    head = outcome;
  }
  return head;
}

const hashes = fc.uniqueArray(fc.stringMatching(/^[0-9a-f]{64}$/), { minLength: 2, maxLength: 30 });

describe('the audit chain', () => {
  it('holds from the first link to the last', () => {
    fc.assert(
      fc.property(hashes, (list) => {
        expect(walk(chainOf(list))).toEqual({ position: BigInt(list.length), hash: list.at(-1) });
      }),
    );
  });

  it('names the first link that was changed, taken out or put in another order', () => {
    fc.assert(
      fc.property(hashes, fc.nat(), (list, pick) => {
        const links = chainOf(list);
        const at = pick % list.length;
        const changed = links.map((link, i) =>
          i === at ? { ...link, recomputedHash: 'f'.repeat(63) } : link,
        );
        expect(walk(changed)).toMatchObject({ position: BigInt(at + 1), reason: 'ENTRY_CHANGED' });
        const emptied = links.map((link, i) => (i === at ? { ...link, recomputedHash: null } : link));
        expect(walk(emptied)).toMatchObject({ position: BigInt(at + 1), reason: 'ENTRY_MISSING' });
        const cut = links.filter((_, i) => i !== at);
        if (at < list.length - 1) expect(walk(cut)).toMatchObject({ reason: 'POSITION_MISSING' });
      }),
    );
  });

  it('keeps the place of an entry whose content was destroyed, and minds what is left of it', () => {
    const links = chainOf(['a'.repeat(64), 'b'.repeat(64), 'c'.repeat(64)]);
    const emptied = (isRemainderWhole: boolean) =>
      links.map((link, i) =>
        i === 1 ? { ...link, recomputedHash: 'f'.repeat(64), isRemainderWhole } : link,
      );
    expect(walk(emptied(true))).toEqual({ position: 3n, hash: 'c'.repeat(64) });
    expect(walk(emptied(false))).toMatchObject({ position: 2n, reason: 'ENTRY_CHANGED' });
  });

  it('does not follow a link that was forged onto another history', () => {
    const [first, second] = chainOf(['a'.repeat(64), 'b'.repeat(64)]);
    if (!first || !second) throw new Error('two links were made');
    expect(followLink({ position: 1n, hash: 'c'.repeat(64) }, second)).toMatchObject({
      reason: 'PREVIOUS_HASH_DIFFERS',
    });
  });
});
