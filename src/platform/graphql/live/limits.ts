/** Subscriptions that one connection may have at once. A screen shows a day or two; a wall of screens a handful. */
export const SUBSCRIPTIONS_PER_CONNECTION_MAX = 10;

/** Connections of one session at once: somebody's open tabs. */
export const CONNECTIONS_PER_SESSION_MAX = 8;

/** Subscriptions of one session at once, over all of its connections. */
export const SUBSCRIPTIONS_PER_SESSION_MAX = 24;

/** Connections of a process at once; each costs some tens of kilobytes, and every screen of a large clinic has one. */
export const CONNECTIONS_MAX = 500;

/** Connections of a process that have not said yet who is there; a whole clinic that comes back at once needs some. */
export const NEWCOMERS_MAX = 100;

/**
 * The same of one address, or of one IPv6 network of 64 bits, so that one machine cannot keep everybody else out. A site may
 * have one address; behind a proxy that is not named as trusted, everybody has its address.
 */
export const NEWCOMERS_PER_ADDRESS_MAX = 25;

/** A message from a client: a subscription of a few lines, with its variables. */
export const MESSAGE_BYTES_MAX = 16 * 1024;

/** Words of one document: the parser stops there, so that nothing deep is ever walked. */
export const DOCUMENT_TOKENS_MAX = 500;

/** What may wait to be sent to one client, which stands for a reader that does not read. */
export const UNSENT_BYTES_MAX = 256 * 1024;

/** Different things that may wait for one subscription; beyond them one "look again" stands for all. */
export const PENDING_EVENTS_MAX = 100;

/** After the connection stands, so long until it is known who is there. */
export const INIT_WAIT_MS = 5_000;

/** How often a client must show that it lives: it is asked, and whoever has not answered by the next time is gone. */
export const HEARTBEAT_MS = 15_000;

/** Messages of a client from one heartbeat to the next. A screen sends a few in an hour. */
export const MESSAGES_PER_HEARTBEAT_MAX = 60;

/** Heartbeats that a connection may stay without a subscription: a minute. */
export const IDLE_HEARTBEATS_MAX = 4;

/** Sessions are looked at before every event, and every so many heartbeats when there is none: a minute. */
export const SESSION_LOOK_HEARTBEATS = 4;

/** So long what is known of a session counts: many events come in one moment, and signing out may take a second. */
export const JUDGED_FOR_MS = 1_000;

/** Once a goodbye was sent, so long for the client to say it too; then it is cut off. */
export const CLOSE_WAIT_MS = 1_000;
