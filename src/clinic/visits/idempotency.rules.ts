import type { Refusal } from '../../platform/refusal/refusal.js';
import { isRefusal } from '../../platform/refusal/refusal.js';
import { Temporal } from '../../platform/time/index.js';

/** What a key may look like: printable ASCII, as a header carries it. A UUID is a good one. */
const KEY = /^[\x21-\x7e]{1,200}$/;

/** What is wrong with a key, in a sentence; null when it can be used. */
export function faultOfKey(key: string): string | null {
  return KEY.test(key)
    ? null
    : 'Idempotency-Key: must be 1 to 200 printable ASCII characters without spaces, such as a UUID.';
}

/** A value of JSON. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** The text whose hash stands for the content of a request: keys in order, absent and null alike. */
export function contentOf(value: unknown): string {
  return JSON.stringify(ordered(toJson(value)));
}

function ordered(value: Json): Json {
  if (Array.isArray(value)) return value.map((item: Json) => ordered(item));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, item]) => item !== null);
  return Object.fromEntries(
    entries.toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([key, item]) => [key, ordered(item as Json)]),
  );
}

/** How an instant is told from a text in what is kept. */
const INSTANT = '$instant';

/** An answer as it is kept: the refusal by its name, or the result. */
export function toOutcome(answer: unknown): Json {
  return isRefusal(answer)
    ? { refusal: answer.code, fields: toJson({ ...answer }) }
    : { result: toJson(answer) };
}

export type RefusalClass = new (...args: never[]) => Refusal;

/** The answer again. Throws when a refusal was kept whose class is not among these. */
export function fromOutcome(outcome: Json, refusals: readonly RefusalClass[]): unknown {
  if (typeof outcome !== 'object' || outcome === null || Array.isArray(outcome)) {
    throw new TypeError('what was kept is no answer');
  }
  const { refusal, fields, result } = outcome as { readonly [key: string]: Json };
  if (refusal === undefined) return fromJson(result ?? null);
  const known = refusals.find((one) => one.name === refusal);
  if (known === undefined) throw new TypeError(`the kept refusal ${String(refusal)} is not known here`);
  return Object.assign(Object.create(known.prototype as object) as object, fromJson(fields ?? null));
}

function toJson(value: unknown): Json {
  if (value === null || value === undefined) return null;
  if (typeof value === 'boolean' || typeof value === 'number' || typeof value === 'string') return value;
  if (value instanceof Temporal.Instant) return { [INSTANT]: value.toString() };
  if (Array.isArray(value)) return value.map(toJson);
  if (typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, toJson(item)]));
  }
  throw new TypeError(`a ${typeof value} cannot be kept`);
}

function fromJson(value: Json): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item: Json) => fromJson(item));
  const entries = Object.entries(value);
  const [only] = entries;
  if (entries.length === 1 && only?.[0] === INSTANT) return Temporal.Instant.from(String(only[1]));
  return Object.fromEntries(entries.map(([key, item]) => [key, fromJson(item as Json)]));
}
