import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createTransport } from 'nodemailer';
import { type Clock, dateFromInstant } from '../time/index.js';
import { toSendMailOptions } from './compose.js';
import { CAPTURE_NAME_MAX_CHARACTERS } from './limits.js';
import { Mail, type MailMessage, type MailOutcome } from './mail.service.js';

/** Hexadecimal digits of a Message-ID's hash in a file name: 48 bits, enough to keep apart one folder's letters. */
const SHORT_ID_DIGITS = 12;

/**
 * `20261122T101500Z-scan-booked-0f3c….eml`: sorts by time for a person who looks into the folder, and depends on
 * the letter alone, so that a letter that is sent again replaces itself.
 */
export function captureFileName(message: Pick<MailMessage, 'messageId' | 'name' | 'writtenAt'>): string {
  const time = message.writtenAt.toString({ smallestUnit: 'second' }).replace(/[-:]/g, '');
  const name = message.name.replace(/[^a-z0-9-]/gi, '-').slice(0, CAPTURE_NAME_MAX_CHARACTERS);
  const shortId = createHash('sha256').update(message.messageId).digest('hex').slice(0, SHORT_ID_DIGITS);
  return `${time}-${name}-${shortId}.eml`;
}

/** Keeps letters as files instead of sending them, for an installation without a mail server. */
export class CaptureMail extends Mail {
  override readonly repeatIsHarmless = true;
  readonly #transport = createTransport({ streamTransport: true, buffer: true, newline: 'windows' });

  constructor(
    private readonly folder: string,
    private readonly from: string,
    private readonly clock: Clock,
  ) {
    super();
  }

  override async send(message: MailMessage): Promise<MailOutcome> {
    const options = toSendMailOptions(message, this.from, dateFromInstant(this.clock.now()));
    const { message: composed } = await this.#transport.sendMail(options);
    if (!Buffer.isBuffer(composed)) throw new Error('the letter was not composed in memory');
    try {
      await this.#write(captureFileName(message), composed);
      return { kind: 'accepted' };
    } catch (error) {
      const { code } = Object(error) as { code?: unknown };
      // A full disk or a missing right can be put right; the letter waits.
      return { kind: 'transient', code: typeof code === 'string' ? code : 'UNKNOWN' };
    }
  }

  override async close(): Promise<void> {
    this.#transport.close();
  }

  /** Whole or not at all, also when the power fails: written aside, flushed, renamed, and the folder flushed. */
  async #write(fileName: string, bytes: Buffer): Promise<void> {
    // Letters are patients' data: for the owner's eyes.
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    const aside = join(this.folder, `.${randomUUID()}.part`);
    try {
      const file = await open(aside, 'wx', 0o600);
      try {
        await file.writeFile(bytes);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(aside, join(this.folder, fileName));
    } catch (error) {
      await rm(aside, { force: true });
      throw error;
    }
    const folder = await open(this.folder, 'r');
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  }
}
