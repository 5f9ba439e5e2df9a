import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { agreesWithDeclared, agreesWithName } from './file-types.js';
import { ContentUnacceptable, inspect } from './inspection.js';

const BYTES_MAX = 300_000;

const pdf = (inside = '') =>
  Buffer.from(`%PDF-1.7\n${inside}\n1 0 obj\n<< >>\nendobj\ntrailer\n<< >>\n%%EOF\n`, 'latin1');
const JPEG = Buffer.concat([
  Buffer.from('ffd8ffe000104a46494600010100000100010000', 'hex'),
  Buffer.alloc(400, 0x41),
  Buffer.from('ffd9', 'hex'),
]);
const PNG = Buffer.concat([
  Buffer.from('89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489', 'hex'),
  Buffer.from('0000000a49444154789c6360000002000105fe02fea7', 'hex'),
  Buffer.from('0000000049454e44ae426082', 'hex'),
]);
const TIFF = Buffer.concat([Buffer.from('49492a0008000000', 'hex'), Buffer.alloc(200)]);
const TEXT = Buffer.from('Dear colleague,\n\tthank you for seeing Mr Öztürk – 45 € 😀\r\n', 'utf8');

/** An archive with one stored file, as any ZIP reader finds it from its end. `at`: bytes before it. */
function zip(at = 0, comment = Buffer.alloc(0)): Buffer {
  const name = Buffer.from('a.txt');
  const local = Buffer.alloc(30);
  local.writeUInt32LE(0x04034b50, 0);
  local.writeUInt16LE(name.length, 26);
  const central = Buffer.alloc(46);
  central.writeUInt32LE(0x02014b50, 0);
  central.writeUInt16LE(name.length, 28);
  central.writeUInt32LE(at, 42);
  const directory = Buffer.concat([central, name]);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(at + local.length + name.length, 16);
  end.writeUInt16LE(comment.length, 20);
  return Buffer.concat([local, name, directory, end, comment]);
}

async function* inParts(bytes: Buffer, partBytes: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += partBytes) yield bytes.subarray(at, at + partBytes);
}

/** The type and the content as it came through, or the problem. */
async function judge(bytes: Buffer, partBytes = 1_000): Promise<string> {
  try {
    const { type, content } = await inspect(inParts(bytes, partBytes), BYTES_MAX);
    const heard: Uint8Array[] = [];
    for await (const part of content) heard.push(part);
    expect(Buffer.concat(heard).equals(bytes)).toBe(true);
    return type;
  } catch (error) {
    if (error instanceof ContentUnacceptable) return error.problem;
    throw error;
  }
}

const joined = (...parts: readonly (Buffer | string)[]) =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : part)));

describe('what a content is', () => {
  it.each([
    ['a PDF', pdf(), 'application/pdf'],
    ['a JPEG', JPEG, 'image/jpeg'],
    ['a JPEG with what telephones hang behind it', joined(JPEG, 'SEFT\u0001\u0002trailer'), 'image/jpeg'],
    ['a PNG', PNG, 'image/png'],
    ['a TIFF', TIFF, 'image/tiff'],
    ['text', TEXT, 'text/plain'],
    ['text with a byte order mark', joined('\xef\xbb\xbf', TEXT), 'text/plain'],
    ['text that speaks of <html>', Buffer.from(`${'a'.repeat(5_000)} <html>`), 'text/plain'],
    ['nothing', Buffer.alloc(0), 'EMPTY'],
    ['a program for Linux', joined('\x7fELF\x02\x01\x01', Buffer.alloc(100)), 'TYPE_NOT_ALLOWED'],
    ['a program for Windows', joined('MZ', Buffer.alloc(200)), 'TYPE_NOT_ALLOWED'],
    ['an archive', zip(), 'TYPE_NOT_ALLOWED'],
    ['a GIF', joined('GIF89a', Buffer.alloc(40)), 'TYPE_NOT_ALLOWED'],
    ['a page', Buffer.from('<!DOCTYPE html><html><script>alert(1)</script>'), 'SECOND_NATURE'],
    ['a page after blank lines', Buffer.from('\n\n  <HTML><body>'), 'SECOND_NATURE'],
    ['a drawing that runs scripts', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg">'), 'SECOND_NATURE'],
    ['rich text, which may hold programs', Buffer.from('{\\rtf1\\ansi hello}'), 'TYPE_NOT_ALLOWED'],
    ['a script', Buffer.from('#!/bin/sh\nrm -rf /\n'), 'SECOND_NATURE'],
    ['text with NUL', Buffer.from('a\u0000b'), 'NOT_TEXT'],
    ['text with an escape sequence for terminals', Buffer.from('\u001b[2Jhello'), 'NOT_TEXT'],
    ['text in Windows-1252', joined('Herr M\xfcller'), 'NOT_TEXT'],
    ['text in UTF-16', Buffer.from('Dear colleague', 'utf16le'), 'NOT_TEXT'],
    ['text that ends within a character', TEXT.subarray(0, TEXT.indexOf(Buffer.from('Ö')) + 1), 'NOT_TEXT'],
    ['a PDF that does not begin at its beginning', joined('junk\n', pdf()), 'SECOND_NATURE'],
    ['a PDF in a JPEG', joined(JPEG.subarray(0, 20), pdf(), JPEG.subarray(20)), 'SECOND_NATURE'],
    ['a page in a PDF', pdf('<html><script>alert(1)</script>'), 'SECOND_NATURE'],
    ['an archive behind a PDF', joined(pdf(), zip(pdf().length), '\n%%EOF'), 'SECOND_NATURE'],
    ['an archive behind a JPEG', joined(JPEG, zip(JPEG.length)), 'SECOND_NATURE'],
    ['an archive behind a JPEG, with its own offsets', joined(JPEG, zip()), 'SECOND_NATURE'],
    [
      'an archive with the longest comment',
      joined(JPEG, zip(JPEG.length, Buffer.alloc(65_535, 0x20))),
      'SECOND_NATURE',
    ],
    ['an archive behind text', joined(TEXT, zip(TEXT.length)), 'NOT_TEXT'],
    ['a script behind a JPEG', joined(JPEG, '<?php system($_GET[0]); ?>'), 'SECOND_NATURE'],
    ['a PNG with anything behind it', joined(PNG, 'x'), 'CUT_OFF'],
    ['a PDF without its end', pdf().subarray(0, -8), 'CUT_OFF'],
    ['a JPEG without its end', JPEG.subarray(0, -2), 'CUT_OFF'],
    ['a PNG without its end', PNG.subarray(0, -4), 'CUT_OFF'],
    ['too much', Buffer.alloc(BYTES_MAX + 1, 'a'), 'TOO_LARGE'],
    ['just enough', Buffer.alloc(BYTES_MAX, 'a'), 'text/plain'],
  ])('%s', async (_, bytes, verdict) => {
    expect(await judge(bytes)).toBe(verdict);
  });

  it('does not depend on how it comes', async () => {
    const examples = fc.constantFrom(
      pdf(),
      JPEG,
      PNG,
      TEXT,
      zip(),
      joined(JPEG, zip(JPEG.length)),
      Buffer.alloc(9_000, 'é'),
    );
    await fc.assert(
      fc.asyncProperty(examples, fc.integer({ min: 1, max: 5_000 }), async (bytes, partBytes) => {
        expect(await judge(bytes, partBytes)).toBe(await judge(bytes, bytes.length));
      }),
      { numRuns: 60 },
    );
  });

  it('is any bytes: judged, and never an error', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
        expect(await judge(Buffer.from(bytes))).toMatch(/^(?:[a-z]+\/[a-z]+|[A-Z_]+)$/);
      }),
    );
  });

  it('closes its source when it is refused', async () => {
    let isClosed = false;
    async function* source(): AsyncGenerator<Uint8Array> {
      try {
        for (;;) yield Buffer.from('MZ and a program');
      } finally {
        isClosed = true;
      }
    }
    await expect(inspect(source(), BYTES_MAX)).rejects.toThrow(ContentUnacceptable);
    expect(isClosed).toBe(true);
  });
});

describe('what is said of a content', () => {
  it.each([
    ['image/jpeg', 'image/jpeg', true],
    ['image/jpeg', 'image/jpg; charset=binary', true],
    ['image/jpeg', '', true],
    ['image/jpeg', 'application/octet-stream', true],
    ['image/jpeg', 'text/html', false],
    ['text/plain', 'Text/Plain; charset=utf-8', true],
    ['text/plain', 'application/pdf', false],
  ] as const)('%s declared as %j: %s', (type, declared, agrees) => {
    expect(agreesWithDeclared(type, declared)).toBe(agrees);
  });

  it.each([
    ['application/pdf', 'letter.pdf', true],
    ['application/pdf', 'LETTER.PDF ', true],
    ['application/pdf', 'letter', true],
    ['application/pdf', 'letter.pdf.exe', false],
    ['image/jpeg', 'scan.pdf', false],
    ['image/jpeg', 'a.b/scan', true],
  ] as const)('%s called %j: %s', (type, name, agrees) => {
    expect(agreesWithName(type, name)).toBe(agrees);
  });
});
