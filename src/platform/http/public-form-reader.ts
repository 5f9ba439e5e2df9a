import { createHash } from 'node:crypto';
import type { PublicForm, SentForm } from './public-form.js';
import { type FormMediaType, readBody } from './public-form-body.js';
import { type FormField, readFields } from './public-form-field.js';
import { type FormToken, readToken, TOKEN_CHARACTERS_MAX } from './public-form-token.js';

/** Nobody reads the questions and answers them faster; a program does. */
export const FILLED_IN_MIN_MS = 3_000;
/** A page that was left open over a day is opened again: what it shows may have changed. */
export const SHOWN_MAX_MS = 24 * 60 * 60_000;

/** Made by the sender's page, such as a UUID, so that a second click is not a second form. */
const KEY_CHARACTERS_MAX = 80;
/** What browsers say of themselves is longer every year; this is evidence, not an essay. */
const USER_AGENT_CHARACTERS_MAX = 300;

/** The fields that every form has. `homepage` is the trap: no person sees it, and programs fill it in. */
export const TRAP_FIELD = 'homepage';
const OWN_FIELDS: readonly FormField[] = [
  { name: 'token', kind: 'LINE', charactersMax: TOKEN_CHARACTERS_MAX },
  { name: 'key', kind: 'LINE', charactersMax: KEY_CHARACTERS_MAX },
  { name: TRAP_FIELD, kind: 'TEXT', charactersMax: KEY_CHARACTERS_MAX },
];

/** Where and when a form came from. */
export interface Arrival {
  readonly nowMs: number;
  readonly address: string | null;
  readonly userAgent: string | undefined;
}

/** A form as it came back; null: it cannot be read at all. */
export function readForm(
  form: PublicForm,
  bytes: Uint8Array,
  type: FormMediaType,
  secret: Uint8Array,
  { nowMs, address, userAgent }: Arrival,
): SentForm | null {
  const raw = readBody(bytes, type);
  if (raw === null) return null;
  const isTrapped = !isEmpty(raw.get(TRAP_FIELD));
  const { values, problems } = readFields(raw, [...OWN_FIELDS, ...form.fields]);
  const token = readToken(secret, form.name, values.text('token') ?? '');
  const ageMs = token === null ? 0 : nowMs - token.shownAtMs;
  const isCurrent = token !== null && ageMs <= SHOWN_MAX_MS;
  const isTooSoon = token !== null && ageMs < FILLED_IN_MIN_MS;
  return {
    values,
    shown: isCurrent ? { atMs: token.shownAtMs, facts: token.facts } : null,
    suspicion: isTrapped ? 'HIDDEN_FIELD_FILLED' : isTooSoon ? 'SENT_TOO_SOON' : null,
    // What a program put into the trap is nobody's concern but ours.
    problems: problems.filter(({ field }) => field !== TRAP_FIELD),
    submissionKey: submissionKeyOf(form, values.fingerprintText(['token', 'key']), values.text('key'), token),
    address,
    userAgent: userAgent === undefined ? null : tidied(userAgent),
  };
}

function isEmpty(value: unknown): boolean {
  return value === undefined || (typeof value === 'string' && value.trim() === '');
}

/** Header text is bytes of anybody's making: what is not printable ASCII is left out. */
function tidied(userAgent: string): string | null {
  return userAgent.replace(/[^\x20-\x7e]/g, '').slice(0, USER_AGENT_CHARACTERS_MAX) || null;
}

/**
 * By the id that the page made, or by the showing; and by what was written: somebody who goes back, writes something
 * else and sends again has sent another form, and nothing of it is lost.
 */
function submissionKeyOf(
  form: PublicForm,
  content: string,
  key: string | null,
  token: FormToken | null,
): string {
  const own = key ?? token?.nonce ?? '';
  return createHash('sha256')
    .update(JSON.stringify([form.name, own, content]))
    .digest('hex');
}
