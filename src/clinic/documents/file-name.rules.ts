/** What most file systems take (ext4, NTFS, APFS): bytes in UTF-8. */
export const FILE_NAME_BYTES_MAX = 255;
const NAMELESS = 'document';

/** Names that Windows keeps for devices, with whatever end they have (Microsoft, "Naming Files, Paths, and Namespaces"). */
const RESERVED = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])$/i;
/** What some system gives a meaning to, or refuses. */
const MEANINGFUL = /[<>:"|?*]/g;
/** Control characters, and what cannot be seen or turns the direction of reading (`exe.gpj` shown as `jpg.exe`). */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/gu;

const encoder = new TextEncoder();
const bytesOf = (text: string): number => encoder.encode(text).length;

/** As many whole characters from the beginning as fit. */
function cutToBytes(text: string, bytesMax: number): string {
  let kept = '';
  let bytes = 0;
  for (const character of text) {
    bytes += bytesOf(character);
    if (bytes > bytesMax) return kept;
    kept += character;
  }
  return kept;
}

function withoutEdges(text: string): string {
  return text.replace(/^[\s.]+/u, '').replace(/[\s.]+$/u, '');
}

/**
 * The name under which a file is shown and saved, from what its sender called it: no path, nothing unseen, nothing that a
 * system takes for something else, with the extension of what it is. Only ever shown; where it lies is a random key.
 * `extensions` are those of its type, the usual one first.
 */
export function displayFileName(given: string, extensions: readonly [string, ...string[]]): string {
  const last = given.split(/[/\\]/).at(-1) ?? '';
  const plain = last.replace(UNSEEN, '').normalize('NFC').replace(MEANINGFUL, '_').replace(/\s+/gu, ' ');
  const [, stem = plain, own = ''] = /^(.*)\.([^.]*)$/su.exec(withoutEdges(plain)) ?? [];
  const isTyped = extensions.includes(own.trim().toLowerCase());
  const extension = isTyped ? own.trim().toLowerCase() : extensions[0];
  const base = withoutEdges(isTyped ? stem : plain) || NAMELESS;
  const [device = ''] = base.split('.', 1);
  const safe = RESERVED.test(device.trim()) ? `_${base}` : base;
  return `${withoutEdges(cutToBytes(safe, FILE_NAME_BYTES_MAX - extension.length - 1)) || NAMELESS}.${extension}`;
}

/**
 * `Content-Disposition` for a file that is to be saved and never shown in place (RFC 6266 §4): the name in ASCII for what
 * is old, and in UTF-8 (RFC 8187) for the rest.
 */
export function attachmentHeader(fileName: string): string {
  const ascii = fileName.replace(/[^\x20-\x7e]/g, '_').replace(/["\\%]/g, '_');
  const utf8 = encodeURIComponent(fileName).replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${ascii}"; filename*=UTF-8''${utf8}`;
}
