import { describe, expect, it } from 'vitest';
import { callRoll } from './roll-call.js';

describe('the roll-call of topics', () => {
  it('is content when each topic has one handler', () => {
    expect(callRoll(new Set(['scan.booked', 'scan.moved']), ['scan.moved', 'scan.booked'])).toEqual([]);
    expect(callRoll(new Set(), [])).toEqual([]);
  });

  it('names a topic that nobody handles', () => {
    expect(callRoll(new Set(['scan.booked']), [])).toEqual([
      'The topic scan.booked is posted and has 0 handlers; it needs exactly one.',
    ]);
  });

  it('names a topic with two handlers', () => {
    expect(callRoll(new Set(['scan.booked']), ['scan.booked', 'scan.booked'])).toEqual([
      'The topic scan.booked is posted and has 2 handlers; it needs exactly one.',
    ]);
  });

  it('names a handler of a topic that nobody posts, once', () => {
    expect(callRoll(new Set(), ['scan.lost', 'scan.lost'])).toEqual([
      'The topic scan.lost has a handler, but no room declares that it posts it.',
    ]);
  });
});
