import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';

/** Proxies that are believed (setting TRUSTED_PROXIES): addresses, and networks such as 10.0.0.0/8. */
export class TrustedProxies {
  readonly #known = new BlockList();

  constructor(networks: readonly string[]) {
    for (const network of networks) {
      const [address = '', prefix] = network.split('/');
      const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
      if (prefix === undefined) this.#known.addAddress(address, family);
      else this.#known.addSubnet(address, Number(prefix), family);
    }
  }

  include(address: string): boolean {
    const kind = isIP(address);
    return kind !== 0 && this.#known.check(address, kind === 6 ? 'ipv6' : 'ipv4');
  }
}

/**
 * `addressOf`, for a request that the framework does not see: one that is taken over before it is answered. From whoever
 * opened the connection back through what each trusted proxy wrote, the first that is none of them.
 */
export function clientAddress(
  {
    socket,
    headers,
  }: Pick<IncomingMessage, 'headers'> & { readonly socket: { readonly remoteAddress?: string } },
  trusted: TrustedProxies,
): string | null {
  const own = socket.remoteAddress ?? null;
  const written = headers['x-forwarded-for'];
  const hops = (Array.isArray(written) ? written.join(',') : (written ?? ''))
    .split(',')
    .map((hop) => hop.trim())
    .filter((hop) => hop !== '');
  let address = own;
  while (address !== null && trusted.include(address)) {
    const before = hops.pop();
    if (before === undefined) break;
    address = before;
  }
  return address !== null && isIP(address) === 0 ? own : address;
}
