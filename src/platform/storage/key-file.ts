import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { KEY_BYTES, type NamedKey, StartupError } from '../config/index.js';

const EMBEDDED_KEY_NAME = 'embedded';
const BASE64_KEY = /^[A-Za-z0-9+/]{43}=$/;

function readIfPresent(path: string): string | null {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

/**
 * The embedded installation's own key, made when there is none. It lies beside what it protects, so it guards a copy of
 * the documents' folder and no more; `say` is told when it is made. Throws a StartupError when the file holds no key: a
 * new one would open nothing.
 */
export function keyInFile(path: string, say: (line: string) => void): readonly NamedKey[] {
  const known = readIfPresent(path);
  if (known === null) {
    const made = randomBytes(KEY_BYTES).toString('base64');
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, `${made}\n`, { mode: 0o600, flag: 'wx' });
    say(`A key for documents was made and lies in ${path}: keep a copy of it elsewhere.`);
    return [{ name: EMBEDDED_KEY_NAME, bytes: Buffer.from(made, 'base64') }];
  }
  if (!BASE64_KEY.test(known))
    throw new StartupError(`${path} does not hold a key. Put back the one that documents were sealed with.`);
  return [{ name: EMBEDDED_KEY_NAME, bytes: Buffer.from(known, 'base64') }];
}
