import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';

/** How the server behaves in the next conversation. */
export type SmtpMood =
  | 'accepts'
  /** Takes the whole message and never answers. */
  | 'hangs after DATA'
  /** Takes the whole message and closes the connection. */
  | 'drops after DATA'
  /** Closes the connection at MAIL FROM. */
  | 'drops before DATA'
  | 'refuses the recipient for now'
  | 'refuses the recipient for good'
  | 'refuses the message for now'
  | 'refuses the message for good'
  | 'refuses the password';

export interface TestSmtp {
  /** smtp://… without TLS, on this machine. */
  readonly url: string;
  readonly port: number;
  /** Every message that came in whole, also those that were then refused or never answered. */
  readonly received: ParsedMail[];
  /** Every message that was answered with 250. */
  readonly accepted: ParsedMail[];
  /** Moods of the coming messages, one each; when they are used up, it accepts. */
  readonly moods: SmtpMood[];
  /** Addresses that it refuses for good, whatever its mood. */
  readonly refused: Set<string>;
  stop(): Promise<void>;
}

function reply(responseCode: number): Error {
  return Object.assign(new Error('said the server, quoting jane@example.org'), { responseCode });
}

const RECIPIENT_CODES: Partial<Record<SmtpMood, number>> = {
  'refuses the recipient for now': 451,
  'refuses the recipient for good': 550,
};
const MESSAGE_CODES: Partial<Record<SmtpMood, number>> = {
  'refuses the message for now': 452,
  'refuses the message for good': 554,
};

/** A real mail server on a free port of 127.0.0.1. */
export async function startSmtp(options: { readonly needsPassword?: boolean } = {}): Promise<TestSmtp> {
  const received: ParsedMail[] = [];
  const accepted: ParsedMail[] = [];
  const moods: SmtpMood[] = [];
  const refused = new Set<string>();
  let mood: SmtpMood = 'accepts';
  const server: SMTPServer = new SMTPServer({
    authOptional: !options.needsPassword,
    disabledCommands: options.needsPassword ? ['STARTTLS'] : ['AUTH', 'STARTTLS'],
    allowInsecureAuth: true,
    logger: false,
    onAuth: (_auth, _session, done) => done(reply(535)),
    onMailFrom: (_address, session, done) => {
      mood = moods.shift() ?? 'accepts';
      Object.assign(session, { mood });
      if (mood !== 'drops before DATA') return done();
      for (const connection of server.connections) Object(connection)._socket.destroy();
    },
    onRcptTo: ({ address }, session, done) => {
      const code = refused.has(address) ? 550 : RECIPIENT_CODES[Object(session).mood as SmtpMood];
      done(code === undefined ? null : reply(code));
    },
    onData: (stream, session, done) => {
      const mine = Object(session).mood as SmtpMood;
      buffer(stream)
        .then((bytes) => simpleParser(bytes))
        .then((message) => {
          received.push(message);
          if (mine === 'hangs after DATA') return;
          if (mine === 'drops after DATA') {
            for (const connection of server.connections) Object(connection)._socket.destroy();
            return;
          }
          const code = MESSAGE_CODES[mine];
          if (code === undefined) accepted.push(message);
          done(code === undefined ? null : reply(code));
        })
        .catch(done);
    },
  });
  server.on('error', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  const { port } = server.server.address() as AddressInfo;
  return {
    url: `smtp://127.0.0.1:${port}`,
    port,
    received,
    accepted,
    moods,
    refused,
    stop: () =>
      new Promise((resolve) => {
        for (const connection of server.connections) Object(connection)._socket.destroy();
        server.close(() => resolve());
      }),
  };
}
