import type { RawAnswer, RawValue } from './public-form-field.js';

// From the bytes of a request to names and values, and nothing more. Names become keys of a Map and never of an object,
// so that no name means anything to the language (`__proto__`, `constructor`).

/** More than any form has; what has more is no form. */
const PAIRS_MAX = 200;

export type FormMediaType = 'application/json' | 'application/x-www-form-urlencoded';

/** How the body is written, from its content type; null: in a way that is not read here. */
export function mediaTypeOf(contentType: string | undefined): FormMediaType | null {
  const [type = '', ...parameters] = (contentType ?? '').toLowerCase().split(';');
  const charset = parameters.map((text) => text.trim()).find((text) => text.startsWith('charset='));
  const isUtf8 = charset === undefined || /^charset="?utf-?8"?$/.test(charset);
  const named = type.trim();
  if (!isUtf8) return null;
  return named === 'application/json' || named === 'application/x-www-form-urlencoded' ? named : null;
}

/** What was sent, by name; null when it cannot be read as that, or is no form. */
export function readBody(bytes: Uint8Array, type: FormMediaType): ReadonlyMap<string, RawValue> | null {
  const text = decode(bytes);
  if (text === null) return null;
  return type === 'application/json' ? readJson(text) : readUrlEncoded(text);
}

function decode(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** Of a name that comes twice in JSON the last counts, as in every reader of JSON; form-encoded it makes a list. */
function readJson(text: string): ReadonlyMap<string, RawValue> | null {
  let sent: unknown;
  try {
    sent = JSON.parse(text);
  } catch {
    return null;
  }
  if (!isObject(sent)) return null;
  const entries = Object.entries(sent);
  if (entries.length > PAIRS_MAX) return null;
  const read = new Map<string, RawValue>();
  for (const [name, value] of entries) {
    if (value === null) continue;
    const raw = rawOf(value);
    if (raw === null) return null;
    read.set(name, raw);
  }
  return read;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Text, a number as text, a tick, a list of texts, or answers by code; null: something else. */
function rawOf(value: unknown): RawValue | null {
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') return String(value);
  if (Array.isArray(value)) {
    return value.length <= PAIRS_MAX && value.every((one) => typeof one === 'string') ? value : null;
  }
  if (!isObject(value)) return null;
  const entries = Object.entries(value);
  return entries.length <= PAIRS_MAX ? new Map(entries.map(([code, one]) => [code, answerOf(one)])) : null;
}

/** An answer that is none stays, as null, so that the others are read all the same. */
function answerOf(value: unknown): RawAnswer {
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  if (!Array.isArray(value)) return null;
  return value.map((one) => (typeof one === 'string' || typeof one === 'boolean' ? one : null));
}

/** `name=value`, `list=a&list=b`, `list[]=a`, `answers.CODE=yes`, `answers[CODE]=yes` (WHATWG URL, §5.1). */
function readUrlEncoded(text: string): ReadonlyMap<string, RawValue> | null {
  const read = new Map<string, RawValue>();
  const pairs = text.split('&').filter((pair) => pair !== '');
  if (pairs.length > PAIRS_MAX) return null;
  for (const pair of pairs) {
    const at = pair.indexOf('=');
    const name = unescaped(at < 0 ? pair : pair.slice(0, at));
    const value = unescaped(at < 0 ? '' : pair.slice(at + 1));
    if (name === null || value === null) return null;
    add(read, name, value);
  }
  return read;
}

function unescaped(text: string): string | null {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return null;
  }
}

/** Under a code that no question has: what was sent for answers, and is none. */
const NO_CODE = '';

/** Nothing is dropped: a plain name twice becomes a list, an answer twice becomes several, for the field to judge. */
function add(read: Map<string, RawValue>, name: string, value: string): void {
  const [, group, dotted, bracketed] = /^([^.[\]]+)(?:[.]([^.[\]]+)|\[([^[\]]*)\])$/.exec(name) ?? [];
  const code = dotted ?? bracketed;
  if (group === undefined || code === undefined || code === NO_CODE) {
    addPlain(read, code === NO_CODE ? (group ?? name) : name, value);
    return;
  }
  const known = read.get(group);
  const answers = new Map<string, RawAnswer>(known instanceof Map ? known : []);
  if (known !== undefined && !(known instanceof Map)) answers.set(NO_CODE, known as RawAnswer);
  answers.set(code, withAnother(answers.get(code), value));
  read.set(group, answers);
}

function addPlain(read: Map<string, RawValue>, name: string, value: string): void {
  const known = read.get(name);
  if (known === undefined) read.set(name, value);
  else if (typeof known === 'string') read.set(name, [known, value]);
  else if (Array.isArray(known)) read.set(name, [...(known as readonly string[]), value]);
  else if (known instanceof Map) read.set(name, new Map<string, RawAnswer>([...known, [NO_CODE, null]]));
}

function withAnother(known: RawAnswer | undefined, value: string): RawAnswer {
  if (known === undefined) return value;
  return Array.isArray(known) ? [...(known as readonly RawAnswer[]), value] : [known, value];
}
