import { ImapFlow, type ImapFlowOptions } from 'imapflow';

/** A letter with a few scans is 10 MB and base64 adds a third; larger ones are looked at where they lie. */
export const INBOUND_BYTES_MAX = 35_000_000;
/** One look takes in so many and comes back for the rest: a flood does not hold a worker. */
export const INBOUND_BATCH_MAX = 50;
const CONNECT_WAIT_MS = 20_000;
const GREETING_WAIT_MS = 15_000;
/** A server that says nothing for so long is gone. */
const SILENCE_MAX_MS = 60_000;
const IMAP_PORT = 143;
const IMAPS_PORT = 993;
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[?::1\]?)$/i;

/** A message as it lies in the mailbox. `source` is null when it is too large to be fetched. */
export interface InboundMessage {
  readonly uid: bigint;
  readonly source: Buffer | null;
  readonly fromAddress: string | null;
  readonly fromName: string | null;
  readonly subject: string | null;
  readonly messageId: string | null;
  /** When the server took it in, in milliseconds since 1970. */
  readonly arrivedAtMs: number | null;
}

/** How a mailbox numbers its messages now (RFC 9051 §2.3.1.1). */
export interface InboxState {
  readonly uidValidity: bigint;
  /** The number that the next message will have. */
  readonly uidNext: bigint;
}

/** A mailbox that is open for reading. */
export interface OpenInbox {
  readonly state: InboxState;
  /** The messages from this number on, in order, so many at the most. */
  messagesFrom(uid: bigint, limit: number): AsyncIterable<InboundMessage>;
  /** One message; null: it is not there any more. */
  message(uid: bigint): Promise<InboundMessage | null>;
}

/** The clinic's mailbox over IMAP. Opened read-only: no message is marked, moved or removed. */
export class ImapInbox {
  /** User, host and folder: what it is known by; no password. */
  readonly address: string;
  readonly #options: ImapFlowOptions;
  readonly #folder: string;

  constructor(imapUrl: string) {
    const url = new URL(imapUrl);
    const secure = url.protocol === 'imaps:';
    const user = decodeURIComponent(url.username);
    const host = url.hostname.replace(/^\[|\]$/g, '');
    this.#folder = decodeURIComponent(url.pathname.replace(/^\//, '')) || 'INBOX';
    this.address = `${user}@${host}/${this.#folder}`;
    this.#options = {
      host,
      port: url.port === '' ? (secure ? IMAPS_PORT : IMAP_PORT) : Number(url.port),
      secure,
      // TLS always, except on this machine, where there is no line to listen on.
      doSTARTTLS: secure ? undefined : !LOOPBACK.test(url.hostname),
      auth: { user, pass: decodeURIComponent(url.password) },
      logger: false,
      disableAutoIdle: true,
      connectionTimeout: CONNECT_WAIT_MS,
      greetingTimeout: GREETING_WAIT_MS,
      socketTimeout: SILENCE_MAX_MS,
    };
  }

  /** Opens the mailbox for the time of some work. Throws what the server or the line said. */
  async read<Result>(work: (inbox: OpenInbox) => Promise<Result>): Promise<Result> {
    const client = new ImapFlow(this.#options);
    // A line that breaks ends the command that waits on it; without a listener it would end the process.
    client.on('error', () => undefined);
    try {
      await client.connect();
      const mailbox = await client.mailboxOpen(this.#folder, { readOnly: true });
      const state = { uidValidity: mailbox.uidValidity, uidNext: BigInt(mailbox.uidNext) };
      return await work({
        state,
        messagesFrom: (uid, limit) => messagesFrom(client, state, uid, limit),
        message: (uid) => fetched(client, uid),
      });
    } finally {
      client.close();
    }
  }
}

async function* messagesFrom(
  client: ImapFlow,
  state: InboxState,
  from: bigint,
  limit: number,
): AsyncGenerator<InboundMessage> {
  // "7:*" with nothing from 7 on gives the last one all the same (RFC 9051 §9, seq-range).
  if (from >= state.uidNext) return;
  const uids = await client.search({ uid: `${from}:*` }, { uid: true });
  const due = (uids === false || uids === undefined ? [] : uids)
    .map(BigInt)
    .filter((uid) => uid >= from)
    .sort((a, b) => (a < b ? -1 : 1));
  for (const uid of due.slice(0, limit)) {
    const message = await fetched(client, uid);
    if (message !== null) yield message;
  }
}

async function fetched(client: ImapFlow, uid: bigint): Promise<InboundMessage | null> {
  const about = { envelope: true, size: true, internalDate: true };
  const known = await client.fetchOne(`${uid}`, about, { uid: true });
  if (known === false) return null;
  const isSmall = (known.size ?? 0) <= INBOUND_BYTES_MAX;
  const whole = isSmall ? await client.fetchOne(`${uid}`, { source: true }, { uid: true }) : false;
  const { envelope, internalDate } = known;
  const [from] = envelope?.from ?? [];
  const arrivedAtMs = internalDate === undefined ? Number.NaN : Date.parse(String(internalDate));
  return {
    uid,
    source: whole === false ? null : (whole.source ?? null),
    fromAddress: from?.address ?? null,
    fromName: from?.name ?? null,
    subject: envelope?.subject ?? null,
    messageId: envelope?.messageId ?? null,
    arrivedAtMs: Number.isNaN(arrivedAtMs) ? null : arrivedAtMs,
  };
}
