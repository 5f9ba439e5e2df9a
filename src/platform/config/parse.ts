import { isIP } from 'class-validator';

export type Environment = Readonly<Record<string, string | undefined>>;

export const ALL_ROLES = ['api', 'worker', 'scanner'] as const;

/** `api` answers people, `worker` does jobs, `scanner` answers cameras. */
export type Role = (typeof ALL_ROLES)[number];

/** NaN when the text is anything but decimal digits: no sign, no exponent, no 0x. */
export function integerOf(text: string): number {
  return /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
}

/** Empty when the text names anything that is not a role. */
export function rolesOf(text: string): ReadonlySet<Role> {
  if (text === 'all') return frozenSet(ALL_ROLES);
  const names = text.split(',').map((name) => name.trim());
  const roles = ALL_ROLES.filter((role) => names.includes(role));
  return frozenSet(names.every((name) => roles.some((role) => role === name)) ? roles : []);
}

/** Names with commas between them, in their order; none where the text is empty. */
export function listOf(text: string): readonly string[] {
  if (text === '') return Object.freeze([]);
  return Object.freeze(text.split(',').map((name) => name.trim()));
}

/** Lines with semicolons between them; none where the text is empty. */
export function linesOf(text: string): readonly string[] {
  if (text === '') return Object.freeze([]);
  return Object.freeze(text.split(';').map((line) => line.trim()));
}

/** An IPv4 or IPv6 address, or a network of them: address, slash, bits. Every address at once (`/0`) is no network. */
export function isNetwork(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/');
  if (!isIP(address) || address.includes('%') || rest.length > 0) return false;
  if (bits === undefined) return true;
  return /^[1-9]\d{0,2}$/.test(bits) && Number(bits) <= (isIP(address, '4') ? 32 : 128);
}

/** A website as a browser names it (RFC 6454): scheme, host, perhaps port, and nothing more. */
export function isOrigin(text: string): boolean {
  return /^https?:/.test(text) && URL.canParse(text) && new URL(text).origin === text;
}

/** `europe/london` becomes `Europe/London`; an alias keeps its name; what is no zone comes back unchanged. */
export function canonicalTimeZone(text: string): string {
  if (!isTimeZone(text)) return text;
  const canonical = new Intl.DateTimeFormat('en-GB', { timeZone: text }).resolvedOptions().timeZone;
  return canonical.toLowerCase() === text.toLowerCase() ? canonical : text;
}

/** An IANA name. Fixed offsets such as +01:00 are refused: a clinic's wall clock changes twice a year. */
export function isTimeZone(text: string): boolean {
  if (!/^[A-Za-z]/.test(text)) return false;
  try {
    new Intl.DateTimeFormat('en-GB', { timeZone: text });
    return true;
  } catch {
    return false;
  }
}

/** Object.freeze does not reach the inside of a Set. */
function frozenSet<T>(items: readonly T[]): ReadonlySet<T> {
  const set = new Set(items);
  const refuse = (): never => {
    throw new TypeError('The configuration is frozen.');
  };
  return Object.freeze(Object.assign(set, { add: refuse, delete: refuse, clear: refuse }));
}

/** A key and the name it is known by. */
export interface NamedKey {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Bytes of an AES-256 key. */
export const KEY_BYTES = 32;

/** `name:base64` with commas between them, in this order. What cannot be read becomes a key without bytes. */
export function namedKeysOf(text: string): readonly NamedKey[] {
  if (text === '') return Object.freeze([]);
  const keys = text.split(',').map((entry) => {
    const [, name = '', base64 = ''] =
      /^([A-Za-z0-9_.-]{1,40}):([A-Za-z0-9+/]{43}=)$/.exec(entry.trim()) ?? [];
    return Object.freeze({ name, bytes: Uint8Array.from(Buffer.from(base64, 'base64')) });
  });
  return Object.freeze(keys);
}
