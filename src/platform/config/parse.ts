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

/** Addresses and networks in the order in which they are named; none where the text is empty. */
export function networksOf(text: string): readonly string[] {
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
