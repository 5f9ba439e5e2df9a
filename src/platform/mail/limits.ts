/** Connections to the mail server at a time. Providers often allow ten; another process may have five too. */
export const POOL_MAX_CONNECTIONS = 5;

/** Messages over one connection before it is renewed: below the usual limit of a server. */
export const POOL_MAX_MESSAGES_PER_CONNECTION = 100;

/** Waits for a name, a connection and a greeting: a server that is well answers in far less. */
export const DNS_WAIT_MS = 5_000;
export const CONNECT_WAIT_MS = 10_000;
export const GREETING_WAIT_MS = 15_000;

/** Silence in the middle of a conversation. RFC 5321 would wait ten minutes after DATA; then it is for a person to look. */
export const SILENCE_MAX_MS = 45_000;

/** One sending as a whole, from waiting for a connection to the last answer. A worker's lease must be longer. */
export const SEND_MAX_MS = 90_000;

/** Longest name of a kind of letter in the name of a captured file. */
export const CAPTURE_NAME_MAX_CHARACTERS = 60;

/** Message-IDs in References: a long thread keeps its first and its last ones, and the header stays readable. */
export const REFERENCES_MAX_IDS = 20;

/** Longest Message-ID that is taken over from somebody else's mail: a line of a message holds 998 (RFC 5322, 2.1.1). */
export const MESSAGE_ID_MAX_CHARACTERS = 900;
