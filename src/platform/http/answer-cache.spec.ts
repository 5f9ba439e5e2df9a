import { describe, expect, it } from 'vitest';
import { AnswerCache } from './answer-cache.js';

let nowMs = 0;
function cacheOf(answersMax = 10) {
  nowMs = 1_000;
  return new AnswerCache<string>(() => nowMs, { keptForMs: 300, answersMax });
}

describe('answers that are kept for a while', () => {
  it('a burst of one question asks once', async () => {
    const cache = cacheOf();
    let asked = 0;
    const ask = async () => {
      asked += 1;
      await Promise.resolve();
      return 'Tuesday';
    };
    const answers = await Promise.all(Array.from({ length: 50 }, () => cache.answerOf('a', ask)));
    expect(new Set(answers.map((kept) => kept?.answer))).toEqual(new Set(['Tuesday']));
    expect(asked).toBe(1);
    nowMs += 299;
    await cache.answerOf('a', ask);
    expect(asked).toBe(1);
    nowMs += 1;
    await cache.answerOf('a', ask);
    expect(asked).toBe(2);
  });

  it('a question that fails is asked again by the next, and fails only for those who waited', async () => {
    const cache = cacheOf();
    const fail = () => Promise.reject(new Error('no'));
    await expect(Promise.all([cache.answerOf('a', fail), cache.answerOf('a', fail)])).rejects.toThrow('no');
    expect((await cache.answerOf('a', async () => 'Friday'))?.answer).toBe('Friday');
  });

  it('"there is none" fills no memory, and no more is kept than may be', async () => {
    const cache = cacheOf(3);
    for (let i = 0; i < 20; i += 1) await cache.answerOf(`no ${i}`, async () => null);
    expect(cache.size).toBe(0);
    for (let i = 0; i < 20; i += 1) await cache.answerOf(`yes ${i}`, async () => 'x');
    expect(cache.size).toBe(3);
  });

  it('what was kept is gone once there is no such thing any more', async () => {
    const cache = cacheOf();
    await cache.answerOf('a', async () => 'x');
    nowMs += 300;
    expect(await cache.answerOf('a', async () => null)).toBeNull();
    expect(cache.size).toBe(0);
  });
});
