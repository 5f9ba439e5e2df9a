import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { StartupError } from '../config/index.js';
import { keyInFile } from './key-file.js';
import { KeyMissing, KeyRing } from './key-ring.js';
import { SealBroken } from './sealed-stream.js';

const old = { name: 'old', bytes: randomBytes(32) };
const present = { name: 'new', bytes: randomBytes(32) };

describe('a ring of keys', () => {
  it('unwraps what it wrapped, and each content has a key of its own', () => {
    const ring = new KeyRing(() => [present]);
    const one = ring.newDataKey('one');
    expect(Buffer.from(ring.unwrap(one.wrapped, one.keyName, 'one')).equals(one.key)).toBe(true);
    expect(Buffer.from(ring.newDataKey('one').key).equals(one.key)).toBe(false);
    expect(Buffer.from(one.wrapped).includes(Buffer.from(one.key))).toBe(false);
  });

  it('opens with an old key what was wrapped by it, and wraps with the first', () => {
    const before = new KeyRing(() => [old]).newDataKey('one');
    const ring = new KeyRing(() => [present, old]);
    expect(ring.currentName).toBe('new');
    const renewed = ring.rewrap(before.wrapped, before.keyName, 'one');
    expect(renewed.keyName).toBe('new');
    const without = new KeyRing(() => [present]);
    expect(Buffer.from(without.unwrap(renewed.wrapped, 'new', 'one')).equals(before.key)).toBe(true);
    expect(() => without.unwrap(before.wrapped, 'old', 'one')).toThrow(KeyMissing);
  });

  it('does not unwrap what was changed, cut off, or is the key of another content', () => {
    const ring = new KeyRing(() => [present, old]);
    const { wrapped, keyName } = ring.newDataKey('one');
    const changed = Uint8Array.from(wrapped, (byte, index) => (index === 20 ? byte ^ 1 : byte));
    expect(() => ring.unwrap(changed, keyName, 'one')).toThrow(SealBroken);
    expect(() => ring.unwrap(wrapped.subarray(1), keyName, 'one')).toThrow(SealBroken);
    expect(() => ring.unwrap(wrapped, keyName, 'two')).toThrow(SealBroken);
    expect(() => ring.unwrap(wrapped, 'old', 'one')).toThrow(SealBroken);
  });

  it('cannot wrap without a key', () => {
    expect(() => new KeyRing(() => []).newDataKey('one')).toThrow(KeyMissing);
  });
});

describe('the key of the embedded installation', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'facet-key-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('is made once, said so, and readable by its owner only', () => {
    const path = join(folder, 'home', 'documents.key');
    const said: string[] = [];
    const [made] = keyInFile(path, (line) => said.push(line));
    const [again] = keyInFile(path, (line) => said.push(line));
    expect(Buffer.from(made?.bytes ?? []).equals(Buffer.from(again?.bytes ?? []))).toBe(true);
    expect(made?.bytes).toHaveLength(32);
    expect(said).toHaveLength(1);
    expect(said[0]).toContain(path);
    expect(said[0]).not.toContain(readFileSync(path, 'utf8').trim());
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('is not made anew when the file holds none', () => {
    const path = join(folder, 'broken.key');
    writeFileSync(path, 'half of a k');
    expect(() => keyInFile(path, () => undefined)).toThrow(StartupError);
    expect(readFileSync(path, 'utf8')).toBe('half of a k');
  });
});
