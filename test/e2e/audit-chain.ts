import { createHash } from 'node:crypto';
import { rowsOf } from './tables.js';

interface Link {
  readonly position: string;
  readonly entryId: string;
  readonly previousHash: string;
  readonly hash: string;
  readonly payload: string | null;
}

const LINKS_MAX = 1_000_000;

/** Follows the chain by the rule that it is documented with, and not by the code that keeps it; null when it holds. */
export async function chainProblem(url: string, linksAfter: string): Promise<string | null> {
  const links = await rowsOf<Link>(url, linksAfter, [0, LINKS_MAX]);
  let previous = '0'.repeat(64);
  for (const [index, link] of links.entries()) {
    if (Number(link.position) !== index + 1) return `link ${index + 1} is missing`;
    if (link.previousHash !== previous) return `link ${link.position} does not follow`;
    const hash = createHash('sha256')
      .update(Buffer.from(previous, 'hex'))
      .update(link.payload ?? '');
    previous = hash.digest('hex');
    if (link.hash !== previous) return `entry ${link.entryId} was changed`;
  }
  const entries = await rowsOf<{ count: string }>(url, 'SELECT count(*)::text FROM audit_entries');
  return Number(entries[0]?.count) === links.length ? null : 'an entry has no link';
}
