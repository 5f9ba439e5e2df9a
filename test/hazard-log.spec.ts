import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';
import { filesBelow, read } from './support/tidy/tree.js';

// The hazard log names what stands against each hazard. A control that was renamed or taken away must not stay in it.

const log = read('docs/hazard-log.md').text;
const rows = log.split('\n').filter((line) => /^\| \d/.test(line));

const paths = ['src', 'test', 'prisma'].flatMap(filesBelow);
const names = paths.map((path) => basename(path));
const words = paths
  .filter((path) => /[.](ts|sql|graphql)$/.test(path) && path !== 'test/hazard-log.spec.ts')
  .map((path) => read(path).text)
  .join('\n');

/** What stands in backticks, word by word; patterns of several files are not looked for. */
function namedIn(text: string): readonly string[] {
  return [...text.matchAll(/`([^`]+)`/g)]
    .flatMap(([, named]) => (named ?? '').split(' '))
    .filter((word) => /^[\w./:-]+$/.test(word));
}

function isThere(name: string): boolean {
  const file = basename(name);
  return names.some((one) => one === file || one.startsWith(`${file}.`)) || words.includes(name);
}

describe('the hazard log', () => {
  it('counts its rows, each with all of its columns', () => {
    expect(rows.map((row) => Number(row.split('|')[1]))).toEqual(rows.map((_, place) => place + 1));
    expect(rows.filter((row) => row.split('|').length !== 10)).toEqual([]);
  });

  it('names only what is there', () => {
    expect(rows.length).toBeGreaterThan(0);
    expect(namedIn(rows.join('\n')).filter((name) => !isThere(name))).toEqual([]);
    expect(isThere('a-control-that-is.gone')).toBe(false);
  });

  it('names for every hazard something that shows the control', () => {
    expect(rows.filter((row) => namedIn(row).length === 0 && !/\(decision/.test(row))).toEqual([]);
  });
});
