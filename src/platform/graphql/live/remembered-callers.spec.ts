import { describe, expect, it } from 'vitest';
import { FixedClock } from '../../../../test/support/fixed-clock.js';
import { CallerSource } from '../access.js';
import { JUDGED_FOR_MS } from './limits.js';
import { RememberedCallers } from './remembered-callers.js';

class Asked extends CallerSource {
  readonly tokens: string[] = [];
  answer: () => Promise<unknown> = () => Promise.resolve('somebody');

  holderOf(token: string): Promise<unknown> {
    this.tokens.push(token);
    return this.answer();
  }
}

function remembering() {
  const asked = new Asked();
  const clock = new FixedClock();
  return { asked, clock, callers: new RememberedCallers(asked, clock) };
}

describe('who holds a token', () => {
  it('is asked once for a hundred events on two hundred boards', async () => {
    const { asked, callers } = remembering();
    const boards = Array.from({ length: 200 }, (_, board) => `token ${board % 5}`);
    for (let visit = 0; visit < 100; visit += 1)
      expect(new Set(await Promise.all(boards.map((token) => callers.holderOf(token))))).toEqual(
        new Set(['somebody']),
      );
    expect(asked.tokens).toHaveLength(5);
  });

  it('is asked again when the second is over, counted from the question', async () => {
    const { asked, clock, callers } = remembering();
    let answer: (holder: unknown) => void = () => undefined;
    asked.answer = () =>
      new Promise((resolve) => {
        answer = resolve;
      });
    const first = callers.holderOf('a');
    clock.advance({ milliseconds: JUDGED_FOR_MS - 1 });
    answer('somebody');
    expect(await first).toBe('somebody');
    expect(await callers.holderOf('a')).toBe('somebody');
    clock.advance({ milliseconds: 1 });
    asked.answer = () => Promise.resolve(null);
    expect(await callers.holderOf('a')).toBeNull();
    expect(asked.tokens).toEqual(['a', 'a']);
  });

  it('is asked again when the clock was put back', async () => {
    const { asked, clock, callers } = remembering();
    await callers.holderOf('a');
    clock.advance({ hours: -1 });
    await callers.holderOf('a');
    expect(asked.tokens).toEqual(['a', 'a']);
  });

  it('is not remembered when it could not be found out', async () => {
    const { asked, callers } = remembering();
    asked.answer = () => Promise.reject(new Error('no database'));
    await expect(callers.holderOf('a')).rejects.toThrow('no database');
    asked.answer = () => Promise.resolve('somebody');
    expect(await callers.holderOf('a')).toBe('somebody');
  });

  it('is kept of nobody for longer than the next question', async () => {
    const { clock, callers } = remembering();
    for (let token = 0; token < 100; token += 1) await callers.holderOf(String(token));
    clock.advance({ milliseconds: JUDGED_FOR_MS });
    await callers.holderOf('a');
    expect(callers.size).toBe(1);
  });
});
