import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** What a form carries from when it was shown to when it is sent back. Readable by all, made by us alone. */
export interface FormToken {
  /** The form that it was shown with: a token of one form is none of another. */
  readonly form: string;
  /** Made anew for each showing. */
  readonly nonce: string;
  /** Milliseconds since 1970. */
  readonly shownAtMs: number;
  /** Versions of what was shown. */
  readonly facts: Readonly<Record<string, string>>;
}

/** Longer than any token of ours: what is longer is not even hashed. */
export const TOKEN_CHARACTERS_MAX = 1_000;
/** So many cannot be guessed, nor made twice by chance. */
const NONCE_BYTES = 16;

export function newNonce(): string {
  return randomBytes(NONCE_BYTES).toString('base64url');
}

/** The token as text: what it says, and its signature (HMAC-SHA256, RFC 2104), both base64url. */
export function signToken(secret: Uint8Array, token: FormToken): string {
  const said = Buffer.from(JSON.stringify(token), 'utf8').toString('base64url');
  return `${said}.${signatureOf(secret, said).toString('base64url')}`;
}

/** What a token of this form says; null when it is not one that this secret has signed. */
export function readToken(secret: Uint8Array, form: string, text: string): FormToken | null {
  if (text.length > TOKEN_CHARACTERS_MAX) return null;
  const [said, signature, ...more] = text.split('.');
  if (said === undefined || signature === undefined || more.length > 0) return null;
  const given = Buffer.from(signature, 'base64url');
  const right = signatureOf(secret, said);
  if (given.length !== right.length || !timingSafeEqual(given, right)) return null;
  // Only what this secret has signed comes here, and that is what `signToken` wrote.
  const token = JSON.parse(Buffer.from(said, 'base64url').toString('utf8')) as FormToken;
  return token.form === form ? token : null;
}

function signatureOf(secret: Uint8Array, said: string): Buffer {
  return createHmac('sha256', secret).update(said).digest();
}
