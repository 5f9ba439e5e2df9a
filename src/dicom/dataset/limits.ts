// PS3.5 §7.5 sets no bounds on nesting or counts. These are ours; each protects the memory of a process that others share.

/** Sequences inside sequences. Real worklists nest 3 deep; the reader recurses once a level. */
export const nestingDepthMax = 64;

/** Elements and items in one data set. A full worklist query holds about 80; an empty element costs 8 bytes on the wire and 100 in memory. */
export const elementCountMax = 10_000;

/** Values separated by backslashes in one element: longest list of UIDs that is matched, value by value. */
export const valueCountMax = 1_024;
