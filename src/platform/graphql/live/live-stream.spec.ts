import { describe, expect, it } from 'vitest';
import { PENDING_EVENTS_MAX } from './limits.js';
import { LiveStream } from './live-stream.js';

function aStream() {
  let ends = 0;
  const stream = new LiveStream<string>({
    keyOf: (event) => event.split(' ')[0] ?? '',
    lookAgain: () => 'look again',
    ended: () => {
      ends += 1;
    },
  });
  return { stream, ends: () => ends };
}

describe('the events of one reader', () => {
  it('come in order, those that were there before it asked and those after', async () => {
    const { stream } = aStream();
    stream.push('a 1');
    stream.push('b 1');
    const third = [stream.next(), stream.next(), stream.next()];
    stream.push('c 1');
    expect((await Promise.all(third)).map(({ value }) => value)).toEqual(['a 1', 'b 1', 'c 1']);
  });

  it('are one for each thing, the last, while nobody reads', async () => {
    const { stream } = aStream();
    for (let version = 0; version < 10_000; version += 1) stream.push(`a ${version}`);
    expect(stream.pending).toBe(1);
    expect((await stream.next()).value).toBe('a 9999');
  });

  it('are "look again" when too many things wait, and go on after it', async () => {
    const { stream } = aStream();
    for (let thing = 0; thing < 10_000; thing += 1) stream.push(`${thing} x`);
    expect(stream.pending).toBeLessThanOrEqual(PENDING_EVENTS_MAX);
    expect((await stream.next()).value).toBe('look again');
    expect(stream.pending).toBe(0);
    stream.push('a 1');
    expect((await stream.next()).value).toBe('a 1');
  });

  it('end when the reader goes, also while it waits, and are not kept any more', async () => {
    const { stream, ends } = aStream();
    const waiting = stream.next();
    await stream.return();
    await stream.return();
    expect((await waiting).done).toBe(true);
    stream.push('a 1');
    expect([stream.pending, (await stream.next()).done, ends()]).toEqual([0, true, 1]);
  });
});
