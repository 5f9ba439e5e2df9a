/** Something to read, without control characters or broken UTF-16; lines may be broken. */
export const SOME_TEXT = /^(?=.*\S)(?:[^\p{Cc}\p{Cs}]|[\n\r\t])*$/su;
export const READABLE = { message: '$property: must not be blank or contain control characters' };
/** Citations are long; more than this is a document, and belongs among the documents. */
export const SOURCE_CHARACTERS_MAX = 500;
/** Names, numbers of batches, who agreed. */
export const LINE_CHARACTERS_MAX = 120;
/** Codes of tracers and suppliers. */
export const CODE = /^[A-Z][A-Z0-9_]{1,39}$/;
