import { createTransport, type SMTPPoolOptions, type Transporter } from 'nodemailer';
import { type Clock, dateFromInstant } from '../time/index.js';
import { toSendMailOptions } from './compose.js';
import {
  CONNECT_WAIT_MS,
  DNS_WAIT_MS,
  GREETING_WAIT_MS,
  POOL_MAX_CONNECTIONS,
  POOL_MAX_MESSAGES_PER_CONNECTION,
  SEND_MAX_MS,
  SILENCE_MAX_MS,
} from './limits.js';
import { Mail, type MailMessage, type MailOutcome, SOME_REFUSED } from './mail.service.js';
import { outcomeOf } from './smtp.rules.js';

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[?::1\]?)$/i;

const SUBMISSION_PORT = 587;
const SUBMISSIONS_PORT = 465;

/** The waits, which tests shorten. */
export interface SmtpWaits {
  readonly silenceMaxMs: number;
  readonly sendMaxMs: number;
}

const WAITS: SmtpWaits = { silenceMaxMs: SILENCE_MAX_MS, sendMaxMs: SEND_MAX_MS };

/** What is asked of the mail server: TLS always, except on this machine, where there is no line to listen on. */
export function toPoolOptions(smtpUrl: string, waits: SmtpWaits = WAITS): SMTPPoolOptions & { pool: true } {
  const url = new URL(smtpUrl);
  const secure = url.protocol === 'smtps:';
  const loopback = LOOPBACK.test(url.hostname);
  const user = decodeURIComponent(url.username);
  return {
    pool: true,
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? (secure ? SUBMISSIONS_PORT : SUBMISSION_PORT) : Number(url.port),
    secure,
    requireTLS: !secure && !loopback,
    ignoreTLS: !secure && loopback,
    ...(user === '' ? {} : { auth: { user, pass: decodeURIComponent(url.password) } }),
    maxConnections: POOL_MAX_CONNECTIONS,
    maxMessages: POOL_MAX_MESSAGES_PER_CONNECTION,
    // The pool would send again by itself what it had queued on a broken connection; whether to send again is
    // decided by whoever reads our outcome.
    maxRequeues: 0,
    dnsTimeout: DNS_WAIT_MS,
    connectionTimeout: CONNECT_WAIT_MS,
    greetingTimeout: GREETING_WAIT_MS,
    socketTimeout: waits.silenceMaxMs,
  };
}

/** Sends over SMTP, through a pool of connections. */
export class SmtpMail extends Mail {
  override readonly repeatIsHarmless = false;
  readonly #transport: Transporter;
  readonly #begun = new Map<string, () => boolean>();

  constructor(
    smtpUrl: string,
    private readonly from: string,
    private readonly clock: Clock,
    private readonly waits: SmtpWaits = WAITS,
  ) {
    super();
    this.#transport = createTransport(toPoolOptions(smtpUrl, waits));
    this.#watchBeginnings();
  }

  override async send(message: MailMessage): Promise<MailOutcome> {
    const options = toSendMailOptions(message, this.from, dateFromInstant(this.clock.now()));
    this.#begun.delete(message.messageId);
    try {
      const sent: unknown = await this.#transport.sendMail({
        ...options,
        signal: AbortSignal.timeout(this.waits.sendMaxMs),
      });
      const { rejected } = Object(sent) as { readonly rejected?: unknown };
      const someRefused = Array.isArray(rejected) && rejected.length > 0;
      return someRefused ? { kind: 'accepted', code: SOME_REFUSED } : { kind: 'accepted' };
    } catch (error) {
      const messageBegun = this.#begun.get(message.messageId)?.() ?? false;
      return outcomeOf({ ...failureOf(error), messageBegun });
    } finally {
      this.#begun.delete(message.messageId);
    }
  }

  override async close(): Promise<void> {
    this.#transport.close();
  }

  /**
   * The library calls every broken connection `CONN`, before DATA and after it. What tells them apart is whether
   * anything was ever read from the message's stream, which it opens early and reads only after the server's 354.
   */
  #watchBeginnings(): void {
    this.#transport.use('stream', (mail, done) => {
      const { message } = mail;
      const createReadStream = message.createReadStream.bind(message);
      message.createReadStream = (options) => {
        const stream = createReadStream(options);
        this.#begun.set(message.messageId(), () => stream.readableDidRead);
        return stream;
      };
      done();
    });
  }
}

function failureOf(error: unknown): { code: string; responseCode: number | null; command: string } {
  const { code, responseCode, command } = Object(error) as Record<string, unknown>;
  return {
    code: typeof code === 'string' && /^[A-Z0-9_]{1,40}$/.test(code) ? code : 'UNKNOWN',
    responseCode: typeof responseCode === 'number' ? responseCode : null,
    command: typeof command === 'string' ? command : '',
  };
}
