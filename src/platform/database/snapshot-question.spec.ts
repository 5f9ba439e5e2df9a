import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readSnapshotReply } from './snapshot-question.js';

function message(type: string, body: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeInt32BE(body.length + 4);
  return Buffer.concat([Buffer.from(type), length, body]);
}

function answer(text: string, lengthError = 0): Buffer {
  const length = Buffer.alloc(4);
  length.writeInt32BE(text.length + lengthError);
  return message('V', Buffer.concat([length, Buffer.from(text)]));
}

const snapshot = '839:842:839,841';
const ready = message('Z', Buffer.from('I'));
const refusal = message('E', Buffer.from('SERROR\0C42501\0\0'));
const notice = message('N', Buffer.from('SNOTICE\0\0'));
const setting = message('S', Buffer.from('TimeZone\0UTC\0'));
const notification = message('A', Buffer.from([0, 0, 0, 1, 0x61, 0, 0]));

describe('the reply to the question for the snapshot', () => {
  it.each([
    ['alone', Buffer.concat([answer(snapshot), ready])],
    [
      'among what the server may say at any time',
      Buffer.concat([notice, answer(snapshot), setting, notification, ready]),
    ],
  ])('is read %s', (_, bytes) => {
    expect(readSnapshotReply(bytes)).toEqual({ kind: 'snapshot', snapshot, restAt: bytes.length });
  });

  it('is complete with its last byte, and what follows belongs to somebody else', () => {
    const bytes = Buffer.concat([notice, answer(snapshot), ready]);
    for (let end = 0; end < bytes.length; end += 1)
      expect(readSnapshotReply(bytes.subarray(0, end))).toBeNull();
    const more = Buffer.concat([bytes, message('D', Buffer.alloc(20)), ready]);
    expect(readSnapshotReply(more)).toEqual({ kind: 'snapshot', snapshot, restAt: bytes.length });
  });

  it('may be a refusal, after which others may ask', () => {
    const bytes = Buffer.concat([refusal, ready]);
    expect(readSnapshotReply(bytes)).toEqual({ kind: 'refused', restAt: bytes.length });
  });

  it.each([
    ['a message of another kind', Buffer.concat([message('T', Buffer.alloc(6)), ready])],
    ['a length that is none', Buffer.from([0x56, 0, 0, 0, 3])],
    ['a negative length', Buffer.from([0x56, 0xff, 0xff, 0xff, 0xff])],
    ['a length beyond reason', Buffer.from([0x56, 0x7f, 0, 0, 0])],
    ['no value', Buffer.concat([message('V', Buffer.from([0xff, 0xff, 0xff, 0xff])), ready])],
    ['a value of another length', Buffer.concat([answer(snapshot, -1), ready])],
    ['a message too short for its value', Buffer.concat([message('V', Buffer.alloc(2)), ready])],
    ['something that is no snapshot', Buffer.concat([answer('t'), ready])],
    ['two snapshots in one', Buffer.concat([answer(`${snapshot}\n${snapshot}`), ready])],
    ['a transaction that nobody began', Buffer.concat([answer(snapshot), message('Z', Buffer.from('T'))])],
    ['readiness of another length', Buffer.concat([answer(snapshot), message('Z', Buffer.from('II'))])],
  ])('is not understood with %s', (_, bytes) => {
    expect(readSnapshotReply(bytes)).toEqual({ kind: 'unexpected' });
  });

  it('never is a snapshot that no byte of it is', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
        const reply = readSnapshotReply(Buffer.from(bytes));
        if (reply?.kind === 'snapshot')
          expect(Buffer.from(bytes).toString('latin1')).toContain(reply.snapshot);
      }),
    );
  });
});
