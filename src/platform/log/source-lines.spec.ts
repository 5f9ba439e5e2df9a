import { describe, expect, it } from 'vitest';
import { type Frame, locator, stackOf } from './source-lines.js';

const FOLDER = 'file:///srv/facet/dist/';
const FILE = `${FOLDER}clinic/desk.js`;
/** Line 2, column 1 of the compiled file is line 4, column 3 of the source. */
const MAP = JSON.stringify({
  version: 3,
  sources: ['/srv/facet/src/clinic/desk.ts'],
  names: [],
  mappings: ';AAGE',
});

const frame = (file: string | null, line: number, text = `book (${file}:${line}:1)`): Frame => ({
  getFileName: () => file,
  getLineNumber: () => line,
  getColumnNumber: () => 1,
  toString: () => text,
});

describe('the lines of a stack', () => {
  it('are those of the sources', () => {
    const stack = stackOf(
      new TypeError('no room'),
      [frame(FILE, 2), frame(FILE, 2, `${FILE}:2:1`)],
      locator(FOLDER, () => MAP),
    );
    expect(stack).toBe(
      'TypeError: no room\n    at book (/srv/facet/src/clinic/desk.ts:4:3)\n    at /srv/facet/src/clinic/desk.ts:4:3',
    );
  });

  it('stay as they are where nothing is known of the sources', () => {
    const frames = [frame('node:net', 7), frame(FILE, 2), frame(null, 0, 'new Promise (<anonymous>)')];
    const found = stackOf(
      new Error('x'),
      frames,
      locator(FOLDER, () => {
        throw new Error('ENOENT');
      }),
    );
    expect(found).toBe(
      `Error: x\n    at book (node:net:7:1)\n    at book (${FILE}:2:1)\n    at new Promise (<anonymous>)`,
    );
  });

  it('are looked up in a map that is read once, and in few maps at a time', () => {
    const read: string[] = [];
    const locate = locator(FOLDER, (file) => {
      read.push(file);
      return MAP;
    });
    for (let time = 0; time < 3; time += 1) locate(FILE, 2, 1);
    expect(read).toEqual([FILE]);
    expect(locate('file:///srv/facet/node_modules/pg/index.js', 2, 1)).toBeNull();
    for (let other = 0; other < 16; other += 1) locate(`${FOLDER}${other}.js`, 2, 1);
    locate(FILE, 2, 1);
    expect(read).toHaveLength(18);
    expect(read.at(-1)).toBe(FILE);
  });

  it('do not need an error that can say what it is', () => {
    const nameless = Object.defineProperty(new Error('x'), 'name', {
      get: () => {
        throw new Error('no');
      },
    });
    expect(stackOf(nameless, [frame('node:net', 7)], () => null)).toBe('Error\n    at book (node:net:7:1)');
  });
});
