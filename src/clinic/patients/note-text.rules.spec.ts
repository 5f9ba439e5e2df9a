import { expect, it } from 'vitest';
import { readNote, readReason } from './note-text.rules.js';

it.each([
  [' Seen on\n the passport ', 'Seen on the passport'],
  ['ok', null],
  ['x'.repeat(501), null],
  ['x'.repeat(500), 'x'.repeat(500)],
  ['a\u0000bc', null],
  ['a\u202ebcd', null],
  ['😀😀😀', '😀😀😀'],
])('the reason %j is kept as %j', (typed, kept) => expect(readReason(typed)).toBe(kept));

it.each([
  [null, null],
  [' \r\n ', null],
  [' Polish ', 'Polish'],
  ['x'.repeat(201), undefined],
  ['a\u0007b', undefined],
])('the note %j is kept as %j', (typed, kept) => expect(readNote(typed)).toBe(kept));
