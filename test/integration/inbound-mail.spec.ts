import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EnquiryService } from '../../src/clinic/enquiries/enquiry.service.js';
import { EnquiryHandlingService } from '../../src/clinic/enquiries/enquiry-handling.service.js';
import { InboundMailService } from '../../src/clinic/enquiries/inbound-mail.service.js';
import { InboundMailboxService } from '../../src/clinic/enquiries/inbound-mailbox.service.js';
import { Database } from '../../src/platform/database/database.service.js';
import { ImapInbox, INBOUND_BYTES_MAX } from '../../src/platform/mail/index.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { type EnquiryHouse, openEnquiries } from '../support/enquiries.factory.js';
import { FixedClock } from '../support/fixed-clock.js';
import { startImap, type TestImap } from '../support/imap.js';
import { aStaffActor } from '../support/patients.factory.js';

// The clinic's mailbox on a real IMAP server.

// Before whatever the mail server's own clock says.
const clock = new FixedClock('2021-03-01T09:00:00Z');
const actor = aStaffActor();
let home: TestDatabase;
let folder: string;
let database: Database;
let house: EnquiryHouse;
let imap: TestImap;
let inbox: ImapInbox;
let mail: InboundMailService;

beforeAll(async () => {
  home = await createTestDatabase();
  database = new Database(home.url);
  imap = await startImap();
  folder = await mkdtemp(join(tmpdir(), 'facet-inbound-'));
  house = await openEnquiries(database, clock, {
    ROLE: 'worker',
    DATABASE_URL: home.url,
    DOCUMENTS_KEYS: `test:${Buffer.alloc(32, 7).toString('base64')}`,
    DOCUMENTS_FOLDER: folder,
    MAIL_FROM: 'The clinic <clinic@facet.example>',
  });
  inbox = new ImapInbox(imap.url);
  mail = house.app.get(InboundMailService);
});
afterAll(async () => {
  await house.app.close();
  await imap.stop();
  await database.close();
  await home.drop();
  await rm(folder, { recursive: true, force: true });
});

const aMail = (headers: Readonly<Record<string, string>>, body: string): string =>
  [
    ...Object.entries({
      From: 'Ann Example <ann@example.org>',
      To: 'clinic@facet.example',
      Subject: 'My back',
      Date: 'Mon, 23 Nov 2026 08:00:00 +0000',
      ...headers,
    }).map(([name, value]) => `${name}: ${value}`),
    '',
    body,
  ].join('\n');

const all = () =>
  database.client.enquiry.findMany({
    include: { messages: true, redFlagAlerts: true },
    orderBy: { id: 'asc' },
  });
async function newestOne() {
  const enquiries = await all();
  const newest = enquiries.at(-1);
  if (newest === undefined) throw new Error('there is no enquiry');
  return newest;
}
const outboxOf = (topic: string) => database.client.outboxMessage.count({ where: { topic } });

describe('the mailbox', () => {
  it('is left alone as far as it was read by people before', async () => {
    await imap.deliver(aMail({ 'Message-ID': '<old@example.org>' }, 'From last year.'));
    expect(await mail.look(inbox)).toBe(0);
    expect(await all()).toEqual([]);
    expect(await house.app.get(InboundMailboxService).mailboxes()).toMatchObject([
      { address: expect.stringMatching(/^enquiries@127[.]0[.]0[.]1\/INBOX$/), failureCode: null },
    ]);
  });

  it('gives an enquiry for each message, also for one that a person has read already', async () => {
    const acknowledged = await outboxOf('enquiry.received');
    await imap.deliver(
      aMail(
        { 'Message-ID': '<first@example.org>' },
        'It hurts when I sit.\n\u202eTurned\u202c and \u0007rung.',
      ),
    );
    await imap.readAll();
    expect(await mail.look(inbox)).toBe(1);
    expect(await newestOne()).toMatchObject({
      channel: 'EMAIL',
      status: 'NEW',
      name: 'Ann Example',
      email: 'ann@example.org',
      redFlagsAsked: 'TO_ASK',
      isAutomatic: false,
      messages: [
        {
          direction: 'IN',
          subject: 'My back',
          text: 'It hurts when I sit.\nTurned and rung.',
          emailMessageId: '<first@example.org>',
        },
      ],
    });
    expect(await outboxOf('enquiry.received')).toBe(acknowledged + 1);
  });

  it('is not changed: what staff have not read stays unread', async () => {
    await imap.deliver(aMail({ 'Message-ID': '<unread@example.org>' }, 'Unread.'));
    await mail.look(inbox);
    expect((await imap.flags()).at(-1)).not.toContain('\\Seen');
  });

  it('is looked at again without anything coming of it', async () => {
    const before = await all();
    expect(await mail.look(inbox)).toBe(0);
    expect(await all()).toEqual(before);
  });

  it('raises an alert for words that name a danger', async () => {
    await imap.deliver(
      aMail(
        { 'Message-ID': '<numb@example.org>' },
        'I am numb between the legs since yesterday, saddle numbness.',
      ),
    );
    await mail.look(inbox);
    const { redFlagAlerts } = await newestOne();
    expect(redFlagAlerts).toMatchObject([{ status: 'OPEN', basis: 'FREE_TEXT' }]);
  });

  it('puts the answer to our e-mail into the thread, and opens it again', async () => {
    await imap.deliver(aMail({ 'Message-ID': '<thread@example.org>' }, 'When may I come?'));
    await mail.look(inbox);
    const { id } = await newestOne();
    const handling = house.app.get(EnquiryHandlingService);
    await handling.claimEnquiry(actor, id);
    await handling.replyToEnquiry(actor, { enquiryId: id, text: 'Tell us which day suits you.' });
    const sent = await database.client.enquiryMessage.findFirstOrThrow({
      where: { enquiryId: id, direction: 'OUT' },
    });
    const count = (await all()).length;
    await imap.deliver(
      aMail(
        { 'Message-ID': '<answer@example.org>', 'In-Reply-To': sent.emailMessageId ?? '' },
        'Any Tuesday.',
      ),
    );
    await mail.look(inbox);
    expect(await all()).toHaveLength(count);
    const enquiry = await house.app.get(EnquiryService).enquiry(actor, id);
    expect(enquiry.status).toBe('IN_HAND');
    const texts = await database.client.enquiryMessage.findMany({
      where: { enquiryId: id },
      orderBy: { id: 'asc' },
    });
    expect(texts.map(({ text }) => text)).toEqual([
      'When may I come?',
      'Tell us which day suits you.',
      'Any Tuesday.',
    ]);
  });

  it('finds the thread by our acknowledgement, and by the reference when its writer is the same', async () => {
    await imap.deliver(aMail({ 'Message-ID': '<asks@example.org>' }, 'May I ask something?'));
    await mail.look(inbox);
    const { id, reference } = await newestOne();
    const count = (await all()).length;
    const answers: readonly Readonly<Record<string, string>>[] = [
      { 'Message-ID': '<to-ack@example.org>', References: `<acknowledgement-${id}-0@facet.example>` },
      {
        'Message-ID': '<by-ref@example.org>',
        Subject: `Re: your enquiry ${reference}`,
        From: 'ANN@example.org',
      },
    ];
    for (const headers of answers) await imap.deliver(aMail(headers, 'And another thing.'));
    await mail.look(inbox);
    expect(await all()).toHaveLength(count);
    expect(await database.client.enquiryMessage.count({ where: { enquiryId: id } })).toBe(3);
    const stranger = { 'Message-ID': '<stranger@example.org>', Subject: reference, From: 'eve@example.net' };
    await imap.deliver(aMail(stranger, 'Let me in.'));
    await mail.look(inbox);
    expect(await all()).toHaveLength(count + 1);
    expect(await database.client.enquiryMessage.count({ where: { enquiryId: id } })).toBe(3);
  });

  it('takes a message in once, also when the numbers of the mailbox begin anew', async () => {
    const count = (await all()).length;
    const nameless = aMail({}, 'I have no Message-ID.');
    await imap.beginAnew([
      aMail({ 'Message-ID': '<first@example.org>' }, 'It hurts when I sit.'),
      nameless,
      nameless,
      aMail({ 'Message-ID': '<later@example.org>' }, 'I wrote while you were away.'),
    ]);
    expect(await mail.look(inbox)).toBe(4);
    expect(await all()).toHaveLength(count + 2);
    const became = await database.client.inboundMail.findMany({ orderBy: { id: 'desc' }, take: 4 });
    expect(became.map(({ outcome }) => outcome).reverse()).toEqual(['KNOWN', 'ENQUIRY', 'KNOWN', 'ENQUIRY']);
  });
});

describe('who wrote it', () => {
  it.each([
    ['an out-of-office answer', { 'Auto-Submitted': 'auto-replied' }],
    ['a mailing list', { Precedence: 'bulk' }],
    ['a report of a mail server', { From: 'MAILER-DAEMON@mx.example.org' }],
  ])('%s is kept, and never answered by itself', async (name, headers) => {
    await imap.deliver(
      aMail({ 'Message-ID': `<${name.replaceAll(' ', '-')}@auto.example>`, ...headers }, 'Automatic.'),
    );
    await mail.look(inbox);
    expect(await newestOne()).toMatchObject({ isAutomatic: true, status: 'NEW' });
  });

  it('somebody who forwards in our name is taken in, and not answered by itself', async () => {
    const forwarded = { 'Message-ID': '<fwd@phone.example>', From: 'The clinic <Clinic@facet.example>' };
    await imap.deliver(aMail({ ...forwarded, 'Reply-To': 'ann@example.org' }, 'From a patient: help.'));
    await mail.look(inbox);
    expect(await newestOne()).toMatchObject({ email: 'ann@example.org', isAutomatic: true });
  });

  it('we ourselves: nothing comes of it', async () => {
    const before = await all();
    await imap.deliver(
      aMail(
        {
          'Message-ID': '<own@facet.example>',
          From: 'The clinic <Clinic@facet.example>',
          'Auto-Submitted': 'auto-generated',
        },
        'Hello.',
      ),
    );
    expect(await mail.look(inbox)).toBe(1);
    expect(await all()).toEqual(before);
  });
});

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

function withAttachments(id: string, files: readonly (readonly [string, string, Buffer])[]): string {
  const boundary = 'a-boundary';
  const parts = files.map(([name, type, content]) =>
    [
      `--${boundary}`,
      `Content-Type: ${type}`,
      'Content-Transfer-Encoding: base64',
      `Content-Disposition: attachment; filename="${name}"`,
      '',
      content.toString('base64'),
    ].join('\n'),
  );
  const headers = {
    'Message-ID': id,
    'MIME-Version': '1.0',
    'Content-Type': `multipart/mixed; boundary="${boundary}"`,
  };
  const body = [
    `--${boundary}`,
    'Content-Type: text/plain',
    '',
    'See the files.',
    ...parts,
    `--${boundary}--`,
    '',
  ];
  return aMail(headers, body.join('\n'));
}

describe('what is not as it should be', () => {
  it('a danger that only the subject names raises an alert', async () => {
    const subject = { 'Message-ID': '<subject@example.org>', Subject: 'saddle numbness since today' };
    await imap.deliver(aMail(subject, 'Please ring me.'));
    await mail.look(inbox);
    expect((await newestOne()).redFlagAlerts).toMatchObject([{ status: 'OPEN' }]);
  });

  it.each([
    ['<>', 'empty'],
    [`<${'x'.repeat(5_000)}@example.org>`, 'far too long'],
    ['=?utf-8?Q?<a=00b@example.org>?=', 'with a NUL in it'],
  ])('a Message-ID %#: the message is taken in, and the next one too', async (id, words) => {
    const count = (await all()).length;
    await imap.deliver(aMail({ 'Message-ID': id, 'In-Reply-To': id }, `An id that is ${words}.`));
    await imap.deliver(aMail({ 'Message-ID': id }, `Another whose id is ${words}.`));
    expect(await mail.look(inbox)).toBe(2);
    expect(await all()).toHaveLength(count + 2);
  });

  it('a picture pasted into the text, larger than the text may be: the words are read all the same', async () => {
    const picture = `<img src="data:image/png;base64,${'A'.repeat(1_200_000)}">`;
    const headers = { 'Message-ID': '<pasted@example.org>', 'Content-Type': 'text/html; charset=utf-8' };
    await imap.deliver(aMail(headers, `<p>I cannot lift my foot.</p>${picture}`));
    await mail.look(inbox);
    expect((await newestOne()).messages[0]?.text).toContain('I cannot lift my foot.');
  });

  it('an answer to somebody who has become a patient is seen: it is an enquiry of its own', async () => {
    await imap.deliver(aMail({ 'Message-ID': '<becomes@example.org>' }, 'First.'));
    await mail.look(inbox);
    const { id, reference } = await newestOne();
    await database.client.enquiry.update({ where: { id }, data: { status: 'CONVERTED' } });
    const count = (await all()).length;
    const answers: readonly Readonly<Record<string, string>>[] = [
      { 'Message-ID': '<c1@example.org>', References: `<acknowledgement-${id}-0@facet.example>` },
      { 'Message-ID': '<c2@example.org>', Subject: reference },
    ];
    for (const headers of answers) await imap.deliver(aMail(headers, 'It is much worse.'));
    await mail.look(inbox);
    expect(await all()).toHaveLength(count + 2);
  });
});

describe('what came with it', () => {
  it('is filed with the enquiry, or said not to have been', async () => {
    const files = [
      ['../../etc/knee.png', 'image/png', PNG],
      ['notes.txt', 'text/plain', Buffer.from('Seen in May.\n')],
      ['run.exe', 'application/octet-stream', Buffer.from('MZ\u0090\u0000\u0003')],
    ] as const;
    await imap.deliver(withAttachments('<files@example.org>', files));
    await mail.look(inbox);
    const { id, messages } = await newestOne();
    const documents = await database.client.document.findMany({
      where: { subjectId: id },
      include: { versions: true },
    });
    expect(documents).toHaveLength(2);
    expect(messages[0]?.documentIds).toEqual(
      expect.arrayContaining(documents.map((document) => document.id)),
    );
    expect(
      JSON.stringify(documents, (_, value) => (typeof value === 'bigint' ? `${value}` : value)),
    ).not.toContain('..');
    const row = await database.client.inboundMail.findFirstOrThrow({ where: { enquiryId: id } });
    expect(row).toMatchObject({ outcome: 'ENQUIRY', attachmentsKept: 2, attachmentsRefused: 1 });
    expect(row.attachmentsDoneAt).not.toBeNull();
    const event = await database.client.enquiryEvent.findFirstOrThrow({
      where: { enquiryId: id, action: 'enquiry.attachments-filed' },
    });
    expect(event.detail).toMatchObject({ refusedBecause: ['FileNotAcceptable'] });
  });

  it('is filed at the next look when the process ended in between', async () => {
    await imap.deliver(withAttachments('<cut@example.org>', [['scan.png', 'image/png', PNG]]));
    await mail.look(inbox);
    const { id } = await newestOne();
    // As it was left by a process that ended after the message and before its files.
    await database.client.enquiryMessage.updateMany({ where: { enquiryId: id }, data: { documentIds: [] } });
    await database.client.inboundMail.updateMany({
      where: { enquiryId: id },
      data: { attachmentsDoneAt: null, attachmentsKept: 0 },
    });
    await mail.look(inbox);
    const { messages } = await newestOne();
    expect(messages[0]?.documentIds).toHaveLength(1);
    expect(await database.client.document.count({ where: { subjectId: id } })).toBe(1);
  });

  it('and is too large to be fetched: a person is told to open it in the mailbox', async () => {
    const head = aMail({ 'Message-ID': '<large@example.org>', Subject: 'All my images' }, '').replace(
      /\n/g,
      '\r\n',
    );
    await imap.deliver(Buffer.concat([Buffer.from(head), Buffer.alloc(INBOUND_BYTES_MAX + 1, 'x\r\n')]));
    expect(await mail.look(inbox)).toBe(1);
    const { messages, email } = await newestOne();
    expect(email).toBe('ann@example.org');
    expect(messages[0]?.text).toContain('Open it in the mailbox');
  });
});

describe('when it cannot be read', () => {
  it('says since when and why, and goes on afterwards', async () => {
    const url = new URL(imap.url);
    url.password = 'wrong';
    const refused = new ImapInbox(url.href);
    expect(await mail.look(refused)).toBe(0);
    const [failing] = await house.app.get(InboundMailboxService).mailboxes();
    expect(failing).toMatchObject({ failureCode: 'AUTHENTICATIONFAILED', failingSince: expect.anything() });
    expect(await mail.look(inbox)).toBe(0);
    const [well] = await house.app.get(InboundMailboxService).mailboxes();
    expect(well).toMatchObject({ failureCode: null, failingSince: null });
  });

  it('is read by one process at a time', async () => {
    await imap.deliver(aMail({ 'Message-ID': '<both@example.org>' }, 'To both.'));
    const looks = await Promise.all([mail.look(inbox), mail.look(new ImapInbox(imap.url)), mail.look(inbox)]);
    expect(looks.filter((count) => count === 1)).toHaveLength(1);
    expect(
      await database.client.enquiryMessage.count({ where: { emailMessageId: '<both@example.org>' } }),
    ).toBe(1);
  });
});
