import { describe, expect, it } from 'vitest';
import { outcomeOf, type SmtpFailure } from './smtp.rules.js';

const failure = (facts: Partial<SmtpFailure>): SmtpFailure => ({
  code: 'ECONNECTION',
  responseCode: null,
  command: 'CONN',
  messageBegun: false,
  ...facts,
});

describe('what a failed attempt to send means', () => {
  it.each([
    ['nothing listens', { code: 'ESOCKET' }, { kind: 'transient', code: 'ESOCKET' }],
    ['no greeting', { code: 'ETIMEDOUT' }, { kind: 'transient', code: 'ETIMEDOUT' }],
    ['no TLS where it must be', { code: 'ETLS', command: 'STARTTLS' }, { kind: 'transient', code: 'ETLS' }],
    [
      'a wrong password',
      { code: 'EAUTH', responseCode: 535, command: 'AUTH PLAIN' },
      { kind: 'transient', code: 'SMTP_535' },
    ],
    [
      'a server that turns everybody away',
      { responseCode: 554, command: 'CONN' },
      { kind: 'transient', code: 'SMTP_554' },
    ],
    [
      'no such address',
      { code: 'EENVELOPE', responseCode: 550, command: 'RCPT TO' },
      { kind: 'permanent', code: 'SMTP_550' },
    ],
    [
      'greylisting',
      { code: 'EENVELOPE', responseCode: 451, command: 'RCPT TO' },
      { kind: 'transient', code: 'SMTP_451' },
    ],
    [
      'refused after DATA',
      { code: 'EMESSAGE', responseCode: 554, command: 'DATA', messageBegun: true },
      { kind: 'permanent', code: 'SMTP_554' },
    ],
    [
      'full for now, after DATA',
      { code: 'EMESSAGE', responseCode: 452, command: 'DATA', messageBegun: true },
      { kind: 'transient', code: 'SMTP_452' },
    ],
    [
      'silence after DATA',
      { code: 'ETIMEDOUT', messageBegun: true },
      { kind: 'ambiguous', code: 'TIMED_OUT_AFTER_DATA' },
    ],
    [
      'our own patience ends after DATA',
      { code: 'EABORT', messageBegun: true },
      { kind: 'ambiguous', code: 'TIMED_OUT_AFTER_DATA' },
    ],
    [
      'the line drops after DATA',
      { messageBegun: true },
      { kind: 'ambiguous', code: 'CONNECTION_LOST_AFTER_DATA' },
    ],
    ['the line drops before DATA', {}, { kind: 'transient', code: 'ECONNECTION' }],
    [
      'an address that is none',
      { code: 'EENVELOPE', command: 'API' },
      { kind: 'permanent', code: 'EENVELOPE' },
    ],
  ] as const)('%s', (_, facts, outcome) => {
    expect(outcomeOf(failure(facts))).toEqual(outcome);
  });
});
