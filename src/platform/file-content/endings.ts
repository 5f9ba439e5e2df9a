import type { FileType } from './file-types.js';

/** The end of a ZIP directory (22 bytes) and the longest comment behind it: as far from the end as an archive may begin. */
export const TAIL_BYTES = 22 + 65_535;
const PDF_END_WITHIN_BYTES = 1_024;

const ZIP_END = Buffer.from('PK\x05\x06', 'latin1');
const ZIP_END_BYTES = 22;
const ENTRIES_AT = 10;
const DIRECTORY_BYTES_AT = 12;
const DIRECTORY_OFFSET_AT = 16;
const JPEG_END = Buffer.from([0xff, 0xd9]);
const PNG_END = Buffer.from('0000000049454e44ae426082', 'hex');

/** Words by which a browser, a shell or an interpreter takes bytes for its own. */
const MARKUP =
  /<(?:!doctype\s+html|html|head|body|script|iframe|svg|object|embed|\?php|\?xml-stylesheet)\b|^#!|^%!PS/i;
const OPENING_MARKUP = /^\s*(?:<[!?a-z]|\{\\rtf)/i;
const PDF_MARK = '%PDF-';

/** Whether a beginning is also that of something else: a page with a script, a program, another document. */
export function hasSecondNature(type: FileType, head: Buffer): boolean {
  const text = head.toString('latin1').replace(/^\xef\xbb\xbf/, '');
  if (MARKUP.test(text)) return true;
  if (type === 'application/pdf') return false;
  if (text.includes(PDF_MARK)) return true;
  return type === 'text/plain' && OPENING_MARKUP.test(text);
}

/** Whether a ZIP reader, which begins at the end, would find an archive. `before` is how many bytes come before `tail`. */
export function endsAsArchive(tail: Buffer, before: number): boolean {
  for (let at = tail.lastIndexOf(ZIP_END); at >= 0; at = at === 0 ? -1 : tail.lastIndexOf(ZIP_END, at - 1)) {
    if (at + ZIP_END_BYTES > tail.length) continue;
    const entries = tail.readUInt16LE(at + ENTRIES_AT);
    const directoryEnds =
      tail.readUInt32LE(at + DIRECTORY_BYTES_AT) + tail.readUInt32LE(at + DIRECTORY_OFFSET_AT);
    if (entries > 0 && directoryEnds <= before + at) return true;
  }
  return false;
}

/** Whether the content has the end that its type has; of text and TIFF nobody can tell. */
export function isWhole(type: FileType, tail: Buffer): boolean {
  switch (type) {
    case 'application/pdf':
      return tail.subarray(-PDF_END_WITHIN_BYTES).includes('%%EOF');
    case 'image/jpeg':
      return tail.includes(JPEG_END);
    case 'image/png':
      return tail.subarray(-PNG_END.length).equals(PNG_END);
    case 'image/tiff':
    case 'text/plain':
      return true;
  }
}

/** Whether markup hangs behind the end of a picture, where no picture has any. */
export function trailsMarkup(type: FileType, tail: Buffer): boolean {
  if (type !== 'image/jpeg') return false;
  return MARKUP.test(tail.subarray(tail.lastIndexOf(JPEG_END)).toString('latin1'));
}
