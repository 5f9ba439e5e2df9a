/** The kinds of file that are taken in: what a person reads or looks at, and nothing that is run or unpacked. */
export const FILE_TYPES = {
  'application/pdf': {
    words: 'PDF',
    extensions: ['pdf'],
    declared: ['application/pdf', 'application/x-pdf'],
  },
  'image/jpeg': {
    words: 'JPEG',
    extensions: ['jpg', 'jpeg', 'jpe', 'jfif'],
    declared: ['image/jpeg', 'image/jpg', 'image/pjpeg'],
  },
  'image/png': { words: 'PNG', extensions: ['png'], declared: ['image/png', 'image/x-png'] },
  'image/tiff': { words: 'TIFF', extensions: ['tif', 'tiff'], declared: ['image/tiff'] },
  'text/plain': { words: 'plain text (UTF-8)', extensions: ['txt', 'text'], declared: ['text/plain'] },
} as const satisfies Readonly<
  Record<string, { words: string; extensions: readonly [string, ...string[]]; declared: readonly string[] }>
>;
export type FileType = keyof typeof FILE_TYPES;

/** For sentences: `PDF, JPEG, PNG, TIFF or plain text (UTF-8)`. */
export const FILE_TYPES_IN_WORDS = Object.values(FILE_TYPES)
  .map(({ words }) => words)
  .join(', ')
  .replace(/, ([^,]*)$/, ' or $1');

/** What programs declare that do not know, or do not say. */
const UNDECLARED = ['', 'application/octet-stream', 'binary/octet-stream'];

export function isFileType(mime: string): mime is FileType {
  return Object.hasOwn(FILE_TYPES, mime);
}

/** Whether what the sender says it is (RFC 9110 §8.3, parameters included) is what it is. */
export function agreesWithDeclared(type: FileType, declared: string): boolean {
  const essence = declared.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  const known: readonly string[] = FILE_TYPES[type].declared;
  return UNDECLARED.includes(essence) || known.includes(essence);
}

/** Whether the end of a file's name says what it is. A name without an end says nothing. */
export function agreesWithName(type: FileType, fileName: string): boolean {
  const extension = /\.([^./\\]*)$/.exec(fileName)?.[1]?.trim().toLowerCase();
  const known: readonly string[] = FILE_TYPES[type].extensions;
  return extension === undefined || known.includes(extension);
}
