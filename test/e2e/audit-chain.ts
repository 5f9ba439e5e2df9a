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
  // In one statement, which sees one moment: the service may be writing the next entry with its link meanwhile.
  const [loose] = await rowsOf<{ id: string }>(
    url,
    `SELECT entry.id FROM audit_entries entry
      WHERE NOT EXISTS (SELECT FROM audit_links link WHERE link.entry_id = entry.id) LIMIT 1`,
  );
  return loose === undefined ? null : `entry ${loose.id} has no link`;
}
