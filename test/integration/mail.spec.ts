import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CaptureMail } from '../../src/platform/mail/capture.mail.js';
import type { MailMessage } from '../../src/platform/mail/mail.service.js';
import { SmtpMail, toPoolOptions } from '../../src/platform/mail/smtp.mail.js';
import { Temporal } from '../../src/platform/time/index.js';
import { FixedClock } from '../support/fixed-clock.js';
import { readMailbox } from '../support/mailbox.js';
import { type SmtpMood, startSmtp, type TestSmtp } from '../support/smtp.js';

const FROM = 'Facet Pain Clinic <clinic@facet.example>';
const WAITS = { silenceMaxMs: 400, sendMaxMs: 5_000 };

const letter = (changes: Partial<MailMessage> = {}): MailMessage => ({
  messageId: '<letter-1@facet.example>',
  name: 'scan-booked',
  writtenAt: Temporal.Instant.from('2026-11-22T10:15:00.250Z'),
  to: { name: 'Zoë Ng', address: 'zoe@example.org' },
  subject: 'Your appointment',
  text: 'Dear Zoë',
  html: '<p>Dear Zoë</p>',
  language: 'en-GB',
  calendar: { method: 'REQUEST', content: 'BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n', fileName: 'visit.ics' },
  ...changes,
});

describe('mail over SMTP', () => {
  let smtp: TestSmtp;
  let mail: SmtpMail;

  beforeEach(async () => {
    smtp = await startSmtp();
    mail = new SmtpMail(smtp.url, FROM, new FixedClock('2026-11-22T10:16:00Z'), WAITS);
  });
  afterEach(async () => {
    await mail.close();
    await smtp.stop();
  });

  it('is accepted, with all its parts', async () => {
    expect(await mail.send(letter())).toEqual({ kind: 'accepted' });
    const [message] = smtp.accepted;
    expect(message?.messageId).toBe('<letter-1@facet.example>');
    expect(message?.date).toEqual(new Date('2026-11-22T10:16:00Z'));
    expect(message?.subject).toBe('Your appointment');
    expect(message?.text).toContain('Dear Zoë');
    expect(message?.html).toContain('<p>Dear Zoë</p>');
    expect(message?.headers.get('auto-submitted')).toBe('auto-generated');
    expect(message?.headers.get('content-language')).toBe('en-GB');
    const kinds = message?.attachments.map((part) => part.contentType).sort();
    expect(kinds).toEqual(['application/ics', 'text/calendar']);
  });

  it('stands in its thread, goes where answers are read, and says that a program wrote it', async () => {
    const references = [
      '<a@example.org>',
      'none',
      '<b c@example.org>',
      '<x@y>\r\nBcc: all@example.org',
      '<c@z.example>',
    ];
    await mail.send(letter({ references, replyTo: 'ask@facet.example', writtenBy: 'PROGRAM_IN_ANSWER' }));
    const [message] = smtp.accepted;
    expect(message?.inReplyTo).toBe('<c@z.example>');
    expect(message?.references).toEqual(['<a@example.org>', '<c@z.example>']);
    expect(message?.replyTo?.text).toBe('ask@facet.example');
    expect(message?.headers.get('auto-submitted')).toBe('auto-replied');
    expect(message?.headers.get('x-auto-response-suppress')).toBe('OOF, AutoReply');
    expect(message?.headers.has('bcc')).toBe(false);
  });

  it('of a long thread names its beginning and its end', async () => {
    const references = Array.from({ length: 100 }, (_, index) => `<${index}@example.org>`);
    await mail.send(letter({ references }));
    const named = [smtp.accepted[0]?.references ?? []].flat();
    expect(named).toHaveLength(20);
    expect([named[0], named[1], named.at(-1)]).toEqual([
      '<0@example.org>',
      '<81@example.org>',
      '<99@example.org>',
    ]);
  });

  it('that a person wrote says nothing of machines', async () => {
    await mail.send(letter({ writtenBy: 'PERSON' }));
    const [message] = smtp.accepted;
    expect(message?.headers.has('auto-submitted')).toBe(false);
    expect(message?.headers.has('x-auto-response-suppress')).toBe(false);
    expect(message?.inReplyTo).toBeUndefined();
  });

  it('is one message to several, urgent when it must be', async () => {
    const alsoTo = [{ name: 'Nurse', address: 'nurse@example.org' }];
    expect(await mail.send(letter({ alsoTo, isUrgent: true }))).toEqual({ kind: 'accepted' });
    const [message] = smtp.accepted;
    expect([message?.to].flat().map((to) => to?.text)).toEqual([
      '"Zoë Ng" <zoe@example.org>, "Nurse" <nurse@example.org>',
    ]);
    expect(message?.headers.get('priority')).toBe('high');
    expect(smtp.accepted).toHaveLength(1);
  });

  it('is accepted when some of several recipients are refused, and says so; refused when all are', async () => {
    smtp.refused.add('gone@example.org');
    const alsoTo = [{ name: '', address: 'gone@example.org' }];
    expect(await mail.send(letter({ alsoTo }))).toEqual({ kind: 'accepted', code: 'SOME_ADDRESSES_REFUSED' });
    expect(smtp.accepted).toHaveLength(1);
    smtp.refused.add('zoe@example.org');
    expect(await mail.send(letter({ alsoTo }))).toEqual({ kind: 'permanent', code: 'SMTP_550' });
    expect(smtp.accepted).toHaveLength(1);
  });

  it.each<[SmtpMood, object, number]>([
    ['hangs after DATA', { kind: 'ambiguous', code: 'TIMED_OUT_AFTER_DATA' }, 1],
    ['drops after DATA', { kind: 'ambiguous', code: 'CONNECTION_LOST_AFTER_DATA' }, 1],
    ['drops before DATA', { kind: 'transient', code: 'ECONNECTION' }, 0],
    ['refuses the recipient for now', { kind: 'transient', code: 'SMTP_451' }, 0],
    ['refuses the recipient for good', { kind: 'permanent', code: 'SMTP_550' }, 0],
    ['refuses the message for now', { kind: 'transient', code: 'SMTP_452' }, 1],
    ['refuses the message for good', { kind: 'permanent', code: 'SMTP_554' }, 1],
  ])('to a server that %s', async (mood, outcome, received) => {
    smtp.moods.push(mood);
    expect(await mail.send(letter())).toEqual(outcome);
    expect(smtp.received).toHaveLength(received);
    expect(smtp.accepted).toHaveLength(0);
    // The connection, or a new one, serves the next letter.
    expect(await mail.send(letter({ messageId: '<letter-2@facet.example>' }))).toEqual({ kind: 'accepted' });
  });

  it.each<[SmtpMood, object]>([
    ['hangs after DATA', { kind: 'ambiguous', code: 'TIMED_OUT_AFTER_DATA' }],
    ['drops after DATA', { kind: 'ambiguous', code: 'CONNECTION_LOST_AFTER_DATA' }],
    ['drops before DATA', { kind: 'transient', code: 'ECONNECTION' }],
  ])(
    'over a connection that was used before, to a server that %s: once, never again by itself',
    async (mood, outcome) => {
      expect(await mail.send(letter())).toEqual({ kind: 'accepted' });
      smtp.moods.push(mood);
      expect(await mail.send(letter({ messageId: '<letter-2@facet.example>' }))).toEqual(outcome);
      expect(
        smtp.received.filter(({ messageId }) => messageId === '<letter-2@facet.example>').length,
      ).toBeLessThan(2);
      expect(smtp.accepted).toHaveLength(1);
    },
  );

  it('ends by its own patience when the server is slow but never silent', async () => {
    const impatient = new SmtpMail(smtp.url, FROM, new FixedClock(), {
      silenceMaxMs: 60_000,
      sendMaxMs: 500,
    });
    smtp.moods.push('hangs after DATA');
    expect(await impatient.send(letter())).toEqual({ kind: 'ambiguous', code: 'TIMED_OUT_AFTER_DATA' });
    await impatient.close();
  });

  it('waits for a server that is not there', async () => {
    const nowhere = new SmtpMail('smtp://127.0.0.1:1', FROM, new FixedClock(), WAITS);
    expect(await nowhere.send(letter())).toEqual({ kind: 'transient', code: 'ESOCKET' });
    await nowhere.close();
  });

  it('waits for a server that says nothing at all', async () => {
    const silent = createServer(() => undefined).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const port = Object(silent.address()).port as number;
    const waiting = new SmtpMail(`smtp://127.0.0.1:${port}`, FROM, new FixedClock(), {
      silenceMaxMs: 60_000,
      sendMaxMs: 500,
    });
    expect(await waiting.send(letter())).toMatchObject({ kind: 'transient' });
    await waiting.close();
    silent.close();
  });

  it('sends fifty at once, each one time', async () => {
    const messages = Array.from({ length: 50 }, (_, index) =>
      letter({ messageId: `<many-${index}@facet.example>` }),
    );
    const outcomes = await Promise.all(messages.map((message) => mail.send(message)));
    expect(new Set(outcomes.map(({ kind }) => kind))).toEqual(new Set(['accepted']));
    expect(new Set(smtp.accepted.map(({ messageId }) => messageId)).size).toBe(50);
    expect(smtp.accepted).toHaveLength(50);
  });

  it('does not let an address or a name smuggle in a header', async () => {
    const sly = letter({ to: { name: 'Zoë\r\nBcc: other@example.org', address: 'zoe@example.org' } });
    expect(await mail.send(sly)).toEqual({ kind: 'accepted' });
    expect(smtp.accepted[0]?.bcc).toBeUndefined();
    expect(smtp.accepted[0]?.headers.has('bcc')).toBe(false);
  });

  it('keeps a letter when the password is wrong: that is not the patient’s fault', async () => {
    const locked = await startSmtp({ needsPassword: true });
    const mistyped = new SmtpMail(locked.url.replace('//', '//clinic:wrong@'), FROM, new FixedClock(), WAITS);
    expect(await mistyped.send(letter())).toEqual({ kind: 'transient', code: 'SMTP_535' });
    await mistyped.close();
    await locked.stop();
  });

  it('does not speak to another machine without TLS', () => {
    expect(toPoolOptions('smtp://mail.example.org')).toMatchObject({
      port: 587,
      secure: false,
      requireTLS: true,
      ignoreTLS: false,
    });
    expect(toPoolOptions('smtps://u%40x:p%3A@mail.example.org')).toMatchObject({
      port: 465,
      secure: true,
      auth: { user: 'u@x', pass: 'p:' },
    });
    expect(toPoolOptions('smtp://[::1]:2525')).toMatchObject({
      host: '::1',
      port: 2525,
      requireTLS: false,
      ignoreTLS: true,
    });
    expect(toPoolOptions('smtp://127.0.0.1.example.org')).toMatchObject({
      requireTLS: true,
      ignoreTLS: false,
    });
  });
});

describe('captured mail', () => {
  let home: string;
  const folder = () => join(home, 'mail');

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'facet-mail-'));
  });
  afterAll(() => rm(home, { recursive: true, force: true }));
  beforeEach(() => rm(folder(), { recursive: true, force: true }));

  it('writes a file that a person can find, for the owner alone', async () => {
    const mail = new CaptureMail(folder(), FROM, new FixedClock());
    expect(await mail.send(letter())).toEqual({ kind: 'accepted' });
    const [captured, ...others] = await readMailbox(folder());
    expect(others).toEqual([]);
    expect(captured?.fileName).toMatch(/^20261122T101500Z-scan-booked-[0-9a-f]{12}\.eml$/);
    expect(captured?.message.subject).toBe('Your appointment');
    expect(captured?.calendar).toContain('BEGIN:VCALENDAR');
    expect((await stat(join(folder(), captured?.fileName ?? ''))).mode & 0o777).toBe(0o600);
  });

  it('replaces a letter that is sent again', async () => {
    const mail = new CaptureMail(folder(), FROM, new FixedClock());
    await mail.send(letter({ subject: 'First' }));
    await mail.send(letter({ subject: 'Again' }));
    expect((await readMailbox(folder())).map(({ message }) => message.subject)).toEqual(['Again']);
    expect(await readdir(folder())).toHaveLength(1);
  });

  it('keeps letters apart that were written in the same second', async () => {
    const mail = new CaptureMail(folder(), FROM, new FixedClock());
    await Promise.all([mail.send(letter()), mail.send(letter({ messageId: '<letter-2@facet.example>' }))]);
    expect(await readMailbox(folder())).toHaveLength(2);
  });

  it('waits when the folder cannot be written', async () => {
    await writeFile(folder(), 'not a folder');
    const mail = new CaptureMail(folder(), FROM, new FixedClock());
    expect(await mail.send(letter())).toEqual({ kind: 'transient', code: 'EEXIST' });
    expect(await readFile(folder(), 'utf8')).toBe('not a folder');
  });
});
