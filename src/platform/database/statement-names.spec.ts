import { describe, expect, it } from 'vitest';
import { PREPARED_STATEMENTS_MAX, statementNames } from './statement-names.js';

const times = (count: number, name: () => string) => Array.from({ length: count }, name);

describe('names of statements', () => {
  it('are given to what comes again, the same from then on', () => {
    const nameOf = statementNames();
    const given = times(5, () => nameOf({ sql: 'SELECT 1' }));
    expect(given.slice(0, 2)).toEqual(['', '']);
    expect(new Set(given.slice(2)).size).toBe(1);
    expect(given[4]).not.toBe('');
  });

  it('differ from text to text', () => {
    const nameOf = statementNames();
    const named = ['SELECT 1', 'SELECT 2'].map((sql) => times(3, () => nameOf({ sql })).at(-1));
    expect(new Set(named).size).toBe(2);
  });

  it('are not given to texts that are mostly values', () => {
    const nameOf = statementNames();
    const sql = `SELECT ${'$1, '.repeat(10_000)}`;
    expect(times(5, () => nameOf({ sql }))).toEqual(['', '', '', '', '']);
  });

  it('come to an end, and those that were given stay', () => {
    const nameOf = statementNames();
    const texts = Array.from({ length: PREPARED_STATEMENTS_MAX + 10 }, (_, n) => `SELECT ${n}`);
    const named = texts.map((sql) => times(3, () => nameOf({ sql })).at(-1) ?? '');
    expect(named.filter((name) => name !== '')).toHaveLength(PREPARED_STATEMENTS_MAX);
    expect(nameOf({ sql: 'SELECT 0' })).toBe(named[0]);
  });
});
