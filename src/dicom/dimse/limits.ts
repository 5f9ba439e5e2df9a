// PS3.7 §6.3 and Annex E set no bounds on messages. These are ours.

/** One data set. A worklist identifier is about 1 KiB; the largest MPPS seen is far below this. */
export const messageBytesMax = 1024 * 1024;

/** One command set: the largest legal one holds a few UIDs. */
export const commandBytesMax = 16 * 1024;

/** Fragments of one message: 1 MiB in 256-byte pieces. Stops a peer that sends empty fragments for ever. */
export const fragmentCountMax = 4_096;

/**
 * Smallest maximum PDU of a peer that we can answer: 6 bytes of PDV header and ten of message. Below it (PS3.8 does
 * not forbid 1 to 6, where no message fits at all) the association is rejected.
 */
export const peerPduBytesMin = 16;
