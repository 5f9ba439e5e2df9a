// PS3.8 §9.3 leaves lengths to 32 bits. These are the ones we accept; each is checked before a byte is allocated.

/** P-DATA-TF we announce and accept (the length field, without the 6-byte header). Four times what DCMTK uses; a peer cannot make us hold more than one. */
export const pduBytesMax = 128 * 1024;

/** A-ASSOCIATE-RQ: 128 contexts with a dozen transfer syntaxes each need about 50 KiB. */
export const associationPduBytesMax = 64 * 1024;

/** A-ASSOCIATE-RJ, A-RELEASE-RQ, A-RELEASE-RP and A-ABORT always carry exactly this. */
export const shortPduBytes = 4;

/** PS3.8 §9.3.2.2: ids are the odd numbers from 1 to 255. */
export const presentationContextCountMax = 128;

/**
 * Items beside each other, at any level: 128 contexts, or 128 each of role selections and extended negotiations, with
 * room. Thousands of empty ones would take a hundred times the memory of their bytes.
 */
export const itemCountMax = 512;
