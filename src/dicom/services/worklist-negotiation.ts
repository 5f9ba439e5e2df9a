// PS3.4 §K.5.1.1 and Table K.5-1: SOP class extended negotiation of the worklist. Pure.

/** Bytes of the service class application information. The first two are reserved and come back as they were. */
const bytes = { 'fuzzy names': 2, 'time zones': 3 } as const;

export type Negotiable = keyof typeof bytes;

const supported = 1;

/** As many bytes as were offered. Fuzzy matching of names and the adjustment of time zones are ours to give when asked for. */
export function answerNegotiation(offered: Uint8Array): Uint8Array {
  const ours: readonly number[] = Object.values(bytes);
  return offered.map((byte, at) => {
    if (at < 2) return byte;
    return ours.includes(at) && byte === supported ? supported : 0;
  });
}

/** What we answered decides; without a negotiation nothing of it holds. */
export function isNegotiated(answered: Uint8Array | null, what: Negotiable): boolean {
  return answered?.[bytes[what]] === supported;
}
