import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { attachmentHeader, displayFileName, FILE_NAME_BYTES_MAX } from './file-name.rules.js';

const PDF = ['pdf'] as const;
const JPEG = ['jpg', 'jpeg'] as const;

describe('the name that a file is shown under', () => {
  it.each([
    ['letter.pdf', 'letter.pdf'],
    ['Letter of Dr Müller.PDF', 'Letter of Dr Müller.pdf'],
    ['../../etc/passwd', 'passwd.pdf'],
    ['..\\..\\windows\\system32\\evil.pdf', 'evil.pdf'],
    ['/abs/olute/scan.pdf', 'scan.pdf'],
    ['C:\\Users\\gp\\scan.pdf', 'scan.pdf'],
    ['', 'document.pdf'],
    ['.', 'document.pdf'],
    ['..', 'document.pdf'],
    ['...pdf', 'pdf.pdf'],
    ['.pdf', 'pdf.pdf'],
    ['   .pdf', 'pdf.pdf'],
    ['a\u0000b.pdf', 'ab.pdf'],
    ['line\r\nbreak.pdf', 'linebreak.pdf'],
    ['safe\u202efdp.exe', 'safefdp.exe.pdf'],
    ['zero\u200bwidth.pdf', 'zerowidth.pdf'],
    ['CON', '_CON.pdf'],
    ['con.pdf', '_con.pdf'],
    ['COM1.something.pdf', '_COM1.something.pdf'],
    ['NUL .pdf', '_NUL.pdf'],
    ['what<is>this?.pdf', 'what_is_this_.pdf'],
    ['trailing dots...', 'trailing dots.pdf'],
    ['report.pdf.exe', 'report.pdf.exe.pdf'],
    ['cafe\u0301.pdf', 'café.pdf'],
  ])('%j becomes %j', (given, shown) => {
    expect(displayFileName(given, PDF)).toBe(shown);
  });

  it('keeps any extension of its type, and gives the usual one otherwise', () => {
    expect(displayFileName('a.JPEG', JPEG)).toBe('a.jpeg');
    expect(displayFileName('a', JPEG)).toBe('a.jpg');
  });

  it('is never longer than a file system takes, and never cut within a character', () => {
    const shown = displayFileName(`${'😀'.repeat(200)}.pdf`, PDF);
    expect(Buffer.byteLength(shown)).toBeLessThanOrEqual(FILE_NAME_BYTES_MAX);
    expect(shown).toMatch(/^(?:😀)+\.pdf$/u);
  });

  it('is a plain name whatever it was called', () => {
    const anything = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({
        unit: fc.constantFrom('.', '/', '\\', ' ', '\u0000', '\u202e', 'a', 'é', '😀', 'CON', ':'),
      }),
    );
    fc.assert(
      fc.property(anything, (given) => {
        const shown = displayFileName(given, PDF);
        expect(shown).not.toMatch(/[/\\<>:"|?*]|[\p{Cc}\p{Cf}\p{Cs}]/u);
        expect(shown).toMatch(/^[^.\s].*\.pdf$/u);
        expect(Buffer.byteLength(shown)).toBeLessThanOrEqual(FILE_NAME_BYTES_MAX);
        expect(displayFileName(shown, PDF)).toBe(shown);
      }),
    );
  });
});

describe('the header of an attachment', () => {
  it.each([
    ['letter.pdf', `attachment; filename="letter.pdf"; filename*=UTF-8''letter.pdf`],
    ['Müller (1).pdf', `attachment; filename="M_ller (1).pdf"; filename*=UTF-8''M%C3%BCller%20%281%29.pdf`],
    [`it's.pdf`, `attachment; filename="it's.pdf"; filename*=UTF-8''it%27s.pdf`],
  ])('of %s', (name, header) => {
    expect(attachmentHeader(name)).toBe(header);
  });

  it('is one line of ASCII, and says the name to whoever decodes it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (given) => {
        const name = displayFileName(given, PDF);
        const header = attachmentHeader(name);
        expect(header).toMatch(/^[\x20-\x7e]+$/);
        expect(decodeURIComponent(header.split("UTF-8''")[1] ?? '')).toBe(name);
        expect(header.match(/"/g)).toHaveLength(2);
      }),
    );
  });
});
