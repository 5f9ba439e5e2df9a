/**
 * An IP address as it is kept and compared: Node shows an IPv4 caller of a dual-stack socket as ::ffff:192.0.2.1, and
 * IPv6 has many spellings of one address (RFC 5952 gives the one).
 */
export function canonicalAddress(address: string): string {
  const plain = address.trim().replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '');
  if (!plain.includes(':')) return plain;
  const withoutZone = plain.split('%')[0] ?? plain;
  return URL.canParse(`http://[${withoutZone}]`)
    ? new URL(`http://[${withoutZone}]`).hostname.slice(1, -1)
    : plain;
}
