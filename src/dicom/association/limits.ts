// PS3.8 §9.1.4 (ARTIM) and our own bounds on waits and counts. All can be overridden, so that specs need not wait.

export interface AssociationLimits {
  /** Association Request/Reject/Release Timer: how long a peer may take to ask, or to close after the end. */
  readonly artimMs: number;
  /** From the opened socket on the TLS port to the end of the handshake. Two round trips and some arithmetic. */
  readonly tlsHandshakeMs: number;
  /** How long somebody may take to decide about admission. */
  readonly admissionMs: number;
  /** From the first byte of a message to its last. A sender of one byte a second does not get further. */
  readonly messageMs: number;
  /** Silence between messages. Scanners that keep an association query at least every minute. */
  readonly idleMs: number;
  /** How long an operation may take until its first answer and from one to the next. */
  readonly answerMs: number;
  /** How long a peer may leave our answers unread once the socket's buffers are full. */
  readonly stalledWriteMs: number;
  /** Established associations at once. */
  readonly associationCountMax: number;
  /** Of those, from one address: a busy scanner opens two or three. */
  readonly associationsPerAddressMax: number;
  /** Sockets at once, established or not; more are closed without a word. */
  readonly connectionCountMax: number;
  /** Of those, from one address, so that a silent neighbour cannot take them all. */
  readonly connectionsPerAddressMax: number;
  /**
   * Bytes of unfinished PDUs, unfinished messages and requests that wait or run, over all associations. Each may
   * always hold its share (the limit divided by the associations), so that one peer cannot starve the others.
   */
  readonly heldBytesMax: number;
  /** Requests waiting behind the running one. We negotiate one operation at a time; a few peers pipeline anyway. */
  readonly waitingMessageCountMax: number;
}

export const associationLimits: AssociationLimits = {
  artimMs: 10_000,
  tlsHandshakeMs: 10_000,
  admissionMs: 10_000,
  messageMs: 30_000,
  idleMs: 120_000,
  answerMs: 30_000,
  stalledWriteMs: 30_000,
  associationCountMax: 64,
  associationsPerAddressMax: 16,
  connectionCountMax: 256,
  connectionsPerAddressMax: 32,
  heldBytesMax: 32 * 1024 * 1024,
  waitingMessageCountMax: 8,
};

/** Answers are collected into writes of this size: one system call for about sixty, and the event loop runs between them. */
export const writeBytesTarget = 64 * 1024;
