import { once } from 'node:events';
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { archive } from './subject-access-download.service.js';

const PATH = 'documents/a.bin';

/** A file without an end, that is opened when its turn comes. */
function anEndlessFile() {
  const source = new Readable({
    read() {
      this.push(Buffer.alloc(16 * 1024, 'a'));
    },
  });
  const file = { id: 'a', path: 'a.bin', mediaType: 'image/png', isThirdParty: false, inCopy: PATH };
  return { source, file: { ...file, open: async () => source } };
}

describe('a copy that nobody reads to its end', () => {
  it('lets go of the file that was open', async () => {
    const { source, file } = anEndlessFile();
    const out = archive(
      [{ path: PATH, sha256: '00', content: null }],
      new Map([[PATH, file as never]]),
      new Date('2026-01-01'),
    );
    await once(out, 'data');
    await once(out, 'data');
    const closed = once(source, 'close');
    out.destroy();
    await closed;
    expect(source.destroyed).toBe(true);
  });

  it('lets go of a file that was being opened', async () => {
    const { source, file } = anEndlessFile();
    const closed = once(source, 'close');
    let opened: () => void = () => undefined;
    const waiting = new Promise<void>((settle) => {
      opened = settle;
    });
    const slow = {
      ...file,
      open: async () => {
        await waiting;
        return source;
      },
    };
    const out = archive(
      [{ path: PATH, sha256: '00', content: null }],
      new Map([[PATH, slow as never]]),
      null,
    );
    out.resume();
    out.destroy();
    opened();
    await closed;
    expect(source.destroyed).toBe(true);
  });
});
