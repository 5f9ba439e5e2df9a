import { describe, expect, it } from 'vitest';
import { csvCell, csvOf } from './learning-csv.rules.js';

describe('a cell', () => {
  it.each([
    ['L4/L5', 'L4/L5'],
    ['=HYPERLINK("a")', '"\'=HYPERLINK(""a"")"'],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@cmd', "'@cmd"],
    ['\tcmd', "'\tcmd"],
    ['a,b', '"a,b"'],
    ['a\r\nb', '"a\r\nb"'],
    [-100, '-100'],
    [null, ''],
  ])('%j', (value, cell) => {
    expect(csvCell(value)).toBe(cell);
  });
});

it('ends each line as RFC 4180 has it', () => {
  expect(
    csvOf([
      ['a', 1],
      ['b', null],
    ]),
  ).toBe('a,1\r\nb,\r\n');
});
