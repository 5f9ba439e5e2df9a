import type { MailOutcome } from './mail.service.js';

/** What is known of a failed attempt. */
export interface SmtpFailure {
  /** The library's code, such as ETIMEDOUT or EENVELOPE. */
  readonly code: string;
  /** The server's reply code, when it replied. */
  readonly responseCode: number | null;
  /** The command that was refused. `CONN` for every broken connection, however far the conversation had come. */
  readonly command: string;
  /** Had the first byte of the message left? */
  readonly messageBegun: boolean;
}

/** Replies to these are about the two servers, not about this letter: a wrong password must not fail every letter. */
const ABOUT_THE_CONNECTION = /^(?:CONN|EHLO|HELO|STARTTLS|AUTH\b.*)$/;

/** Faults in the letter itself, found before anything was sent. */
const OWN_FAULT_CODES: ReadonlySet<string> = new Set(['EENVELOPE', 'EMESSAGE', 'ECONFIG']);

/**
 * What a failure means. A reply always decides: the server has said that it does not have the message. Without
 * one it depends on whether the message had begun to go out.
 */
export function outcomeOf(failure: SmtpFailure): MailOutcome {
  const { responseCode, command, messageBegun } = failure;
  if (responseCode !== null && responseCode >= 400 && responseCode < 600) {
    const permanent = responseCode >= 500 && !ABOUT_THE_CONNECTION.test(command);
    return { kind: permanent ? 'permanent' : 'transient', code: `SMTP_${responseCode}` };
  }
  if (messageBegun) return { kind: 'ambiguous', code: ambiguityOf(failure.code) };
  if (command === 'API' && OWN_FAULT_CODES.has(failure.code)) {
    return { kind: 'permanent', code: failure.code };
  }
  return { kind: 'transient', code: failure.code };
}

function ambiguityOf(code: string): string {
  return code === 'ETIMEDOUT' || code === 'EABORT' ? 'TIMED_OUT_AFTER_DATA' : 'CONNECTION_LOST_AFTER_DATA';
}
