// PS3.5 §9 and Annex B: unique identifiers.

/** PS3.5 §9.1: components of digits without leading zeros, separated by dots, at most 64 characters. */
const uidPattern = /^(0|[1-9][0-9]*)(\.(0|[1-9][0-9]*))+$/;
const uidCharactersMax = 64;
const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Is the text a well-formed DICOM UID? */
export function isUid(text: string): boolean {
  return text.length <= uidCharactersMax && uidPattern.test(text);
}

/**
 * The UID that belongs to a UUID: `2.25.` and the UUID as one decimal number (PS3.5 §B.2), at most 44 characters.
 * Throws a TypeError when the text is not a UUID.
 */
export function uidFromUuid(uuid: string): string {
  if (!uuidPattern.test(uuid)) throw new TypeError('not a UUID');
  return `2.25.${BigInt(`0x${uuid.replaceAll('-', '')}`)}`;
}
