import { isIP } from 'class-validator';

export interface TokenBucketLimits {
  /** So many requests at once from one address that has been quiet. */
  readonly burstRequests: number;
  /** And so many a second for as long as it likes. */
  readonly requestsPerSecond: number;
  /** Addresses that are remembered. Of more, the one that has been quiet the longest is forgotten. */
  readonly addressesMax: number;
}

interface Bucket {
  readonly tokens: number;
  readonly atMs: number;
}

const MS_PER_SECOND = 1_000;
/** The part of an IPv6 address that says which network it is: the rest belongs to one household or machine (RFC 6177). */
const IPV6_NETWORK_GROUPS = 4;
const IPV6_GROUPS = 8;

/** A rate limit for each address, in memory that cannot grow. Each process counts for itself. */
export class TokenBuckets {
  /** The one that has been quiet the longest comes first. */
  readonly #buckets = new Map<string, Bucket>();

  constructor(private readonly limits: TokenBucketLimits) {}

  /** Takes one request of the address: 0 when it may go on, else in how many whole seconds it may come again. */
  take(address: string, nowMs: number): number {
    const key = networkOf(address);
    const tokens = this.#tokensOf(key, nowMs);
    const isAllowed = tokens >= 1;
    this.#buckets.delete(key);
    this.#buckets.set(key, { tokens: isAllowed ? tokens - 1 : tokens, atMs: nowMs });
    this.#forgetOldest();
    return isAllowed ? 0 : Math.max(1, Math.ceil((1 - tokens) / this.limits.requestsPerSecond));
  }

  /** Addresses that are remembered now. */
  get size(): number {
    return this.#buckets.size;
  }

  #tokensOf(key: string, nowMs: number): number {
    const known = this.#buckets.get(key);
    if (known === undefined) return this.limits.burstRequests;
    // A machine's clock can be put back; nobody waits longer for that.
    const seconds = Math.max(0, nowMs - known.atMs) / MS_PER_SECOND;
    return Math.min(this.limits.burstRequests, known.tokens + seconds * this.limits.requestsPerSecond);
  }

  #forgetOldest(): void {
    if (this.#buckets.size <= this.limits.addressesMax) return;
    const [oldest] = this.#buckets.keys();
    if (oldest !== undefined) this.#buckets.delete(oldest);
  }
}

/** What is counted as one: an IPv4 address, or the first 64 bits of an IPv6 one, of which a caller has all the rest. */
export function networkOf(address: string): string {
  const bare = address.split('%')[0] ?? address;
  const mapped = /^::ffff:(\d+[.]\d+[.]\d+[.]\d+)$/i.exec(bare)?.[1];
  if (mapped !== undefined) return mapped;
  if (!isIP(bare, '6')) return bare;
  const [head = '', tail] = bare.split('::');
  const before = groupsOf(head);
  const after = groupsOf(tail ?? '');
  const zeros = tail === undefined ? 0 : Math.max(0, IPV6_GROUPS - before.length - after.length);
  const groups = [...before, ...Array.from({ length: zeros }, () => '0'), ...after];
  return `${groups
    .slice(0, IPV6_NETWORK_GROUPS)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}

/** An IPv4 address at the end stands for two groups; which ones does not matter here. */
function groupsOf(text: string): readonly string[] {
  if (text === '') return [];
  return text.split(':').flatMap((group) => (group.includes('.') ? ['0', '0'] : [group]));
}
