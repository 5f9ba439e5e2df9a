import { request as httpRequest } from 'node:http';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Database } from '../../src/platform/database/database.service.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { type EnquiryHouse, NOTICE_TEXT, openEnquiries, QUESTIONS } from '../support/enquiries.factory.js';
import { FixedClock } from '../support/fixed-clock.js';

const NOW = '2026-11-23T09:00:00Z';
const SITE = 'https://www.clinic.example';
const clock = new FixedClock(NOW);
let home: TestDatabase;
let database: Database;
let house: EnquiryHouse;
let visitors = 0;

beforeAll(async () => {
  home = await createTestDatabase();
  database = new Database(home.url);
  house = await openEnquiries(database, clock, { ENQUIRY_ORIGINS: SITE });
});
beforeEach(() => clock.set(NOW));
afterAll(async () => {
  await house.app.close();
  await database.close();
  await home.drop();
});

/** Another household for each test: the trusted proxy names it. */
function anAddress(): string {
  visitors += 1;
  return `198.51.${Math.floor(visitors / 250)}.${visitors % 250}`;
}

type Headers = Readonly<Record<string, string>>;

async function ask(
  method: 'GET' | 'POST' | 'OPTIONS' | 'PUT',
  url: string,
  headers: Headers = {},
  payload?: string | Buffer,
) {
  const answer = await house.app.inject({
    method,
    url,
    headers: { 'x-forwarded-for': anAddress(), ...headers },
    ...(payload === undefined ? {} : { payload }),
  });
  return { status: answer.statusCode, headers: answer.headers, body: answer.body };
}

/** Opens the form and lets a person's time pass. */
async function opened(): Promise<string> {
  const { body } = await ask('GET', '/enquiry-form');
  clock.advance({ seconds: 40 });
  return (JSON.parse(body) as { token: string }).token;
}

const filledIn = (token: string, parts: object = {}) => ({
  token,
  name: 'Ann Example',
  phone: '07700 900123',
  email: 'ann@example.org',
  preferredWay: 'telephone',
  safeToLeaveMessage: 'no',
  painAreas: ['LOWER_BACK'],
  message: 'It hurts when I sit.',
  redFlags: { BLADDER: 'no', SADDLE: 'no', FEVER: 'no' },
  privacyNotice: true,
  ...parts,
});

function sendJson(form: object, headers: Headers = {}) {
  return ask('POST', '/enquiries', { 'content-type': 'application/json', ...headers }, JSON.stringify(form));
}

function sendPairs(pairs: readonly (readonly [string, string])[], headers: Headers = {}) {
  const type = { 'content-type': 'application/x-www-form-urlencoded' };
  const body = pairs
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .join('&');
  return ask('POST', '/enquiries', { ...type, ...headers }, body);
}

const rows = () => database.client.enquiry.count();
const byReference = (body: string) => {
  const { reference } = JSON.parse(body) as { reference: string };
  return database.client.enquiry.findUniqueOrThrow({
    where: { reference },
    include: { messages: true, redFlagAlerts: true },
  });
};

describe('the form on the website', () => {
  it('shows the questions, the notice and the choices, and is not kept by anybody', async () => {
    const { status, headers, body } = await ask('GET', '/enquiry-form');
    expect(status).toBe(200);
    expect(headers['cache-control']).toBe('no-store');
    const shown = JSON.parse(body) as Record<string, unknown>;
    expect(shown).toMatchObject({
      sentTo: '/enquiries',
      leaveEmpty: 'homepage',
      redFlags: { version: 'test-1', questions: QUESTIONS.questions },
      privacyNotice: { version: 'n1', path: '/privacy-notice' },
      marketing: { version: 'n1', text: 'Send me news.' },
    });
  });

  it('is kept with its tick, its evidence and its words, and answered with a reference alone', async () => {
    const token = await opened();
    const shownAt = NOW;
    const { status, body } = await sendJson(filledIn(token, { marketing: 'on', bestTimes: ['saturday'] }), {
      'user-agent': 'Browser/1.0 \u00e9',
      'x-forwarded-for': '203.0.113.77',
    });
    expect(status).toBe(202);
    expect(JSON.parse(body)).toEqual({
      reference: expect.stringMatching(/^E[0-9A-HJKMNP-TV-Z]{8}$/),
      message: expect.stringContaining('Thank you'),
      urgentAdvice: null,
    });
    const row = await byReference(body);
    const notice = await database.client.consentWording.findFirstOrThrow({
      where: { purpose: 'PRIVACY_NOTICE' },
    });
    expect(row).toMatchObject({
      channel: 'WEB',
      status: 'NEW',
      phoneE164: '+447700900123',
      bestTimes: ['SATURDAY'],
      safeToLeaveMessage: 'NO',
      redFlagsAsked: 'ASKED',
      privacyNoticeId: notice.id,
      privacyNoticeById: null,
      recordedById: null,
      sourceAddress: '203.0.113.77',
      formShownAt: new Date(shownAt),
    });
    expect(row.privacyNoticeTickedAt?.toISOString()).toBe('2026-11-23T09:00:40.000Z');
    expect(row.marketingWordingId).not.toBeNull();
    expect(row.userAgent).toMatch(/^Browser\/1.0/);
    expect(row.messages.map(({ text }) => text)).toEqual(['It hurts when I sit.']);
    const topics = await database.client.outboxMessage.findMany({ where: { subjectId: row.id } });
    expect(topics.map(({ topic }) => topic)).toEqual(['enquiry.received']);
  });

  it('is taken form-encoded by a browser without scripts, which is shown pages', async () => {
    const page = await ask('GET', '/enquiry-form', { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' });
    expect(page.headers['content-type']).toContain('text/html');
    expect(page.headers['content-security-policy']).toContain("default-src 'none'");
    expect(page.body).toContain('name="redFlags.BLADDER"');
    const token = /name="token" value="([^"]+)"/.exec(page.body)?.[1] ?? '';
    clock.advance({ seconds: 40 });
    const pairs = [
      ['token', token],
      ['homepage', ''],
      ['name', 'Ann Example'],
      ['email', 'ann@example.org'],
      ['phone', ''],
      ['painAreas', 'NECK'],
      ['painAreas', 'KNEE'],
      ['redFlags.BLADDER', 'NO'],
      ['redFlags.SADDLE', 'NO'],
      ['redFlags.FEVER', 'NO'],
      ['message', 'Line one\r\nLine two'],
      ['privacyNotice', 'yes'],
    ] as const;
    const before = await rows();
    const sent = await sendPairs(pairs, {
      accept: 'text/html',
      origin: 'http://localhost:3000',
      host: 'localhost:3000',
    });
    expect(sent.status).toBe(202);
    expect(sent.body).toMatch(/<html lang="en-GB">[\s\S]*<h1>Thank you<\/h1>[\s\S]*Your reference/);
    expect(sent.body).not.toContain('Ann');
    expect(await rows()).toBe(before + 1);
    const row = await database.client.enquiry.findFirstOrThrow({
      orderBy: { id: 'desc' },
      include: { messages: true },
    });
    expect(row.painAreas).toEqual(['NECK', 'KNEE']);
    expect(row.messages[0]?.text).toBe('Line one\nLine two');
    const unticked = await sendPairs(pairs.slice(0, -1), { accept: 'text/html' });
    expect(unticked.status).toBe(422);
    expect(unticked.body).toContain('must be ticked');
    expect(await rows()).toBe(before + 1);
  });

  it('answers a red flag at once with what to do, raises the alert with it, and tells the clinic', async () => {
    const token = await opened();
    const answers = { BLADDER: 'yes', SADDLE: 'not_sure', FEVER: 'no' };
    const { status, body } = await sendJson(filledIn(token, { redFlags: answers }));
    expect(status).toBe(202);
    expect(JSON.parse(body)).toMatchObject({ urgentAdvice: QUESTIONS.emergencyAdvice });
    const row = await byReference(body);
    const [alert] = row.redFlagAlerts;
    expect(alert).toMatchObject({ status: 'OPEN', basis: 'ANSWERED', codes: ['BLADDER', 'SADDLE'] });
    const told = await database.client.outboxMessage.findMany({ where: { subjectId: alert?.id ?? '' } });
    expect(told.map(({ topic }) => topic).sort()).toEqual(['red-flag.due', 'red-flag.raised']);
    const page = await sendJson(filledIn(token, { redFlags: answers, message: 'again' }), {
      accept: 'text/html',
    });
    expect(page.body).toContain('role="alert"');
    expect(page.body).toContain(QUESTIONS.emergencyAdvice);
  });

  it('says what to do about a red flag also when it refuses the form', async () => {
    const before = await rows();
    const redFlags = { BLADDER: 'yes', SADDLE: 'no', FEVER: 'no' };
    for (const form of [
      filledIn(await opened(), { redFlags, privacyNotice: false }),
      filledIn('no token', { redFlags }),
      filledIn(await opened(), { redFlags: { ...redFlags, FEVER: 'perhaps' } }),
      filledIn(await opened(), { redFlags: { BLADDER: true, SADDLE: false, FEVER: 3 } }),
      filledIn(await opened(), { redFlags: 'BLADDER' }),
    ]) {
      const { status, body } = await sendJson(form);
      expect(status).toBe(422);
      expect(JSON.parse(body)).toMatchObject({ urgentAdvice: QUESTIONS.emergencyAdvice });
    }
    expect(await rows()).toBe(before);
  });

  it('is one enquiry however often it is sent, also at the same moment', async () => {
    const token = await opened();
    const before = await rows();
    const form = filledIn(token, { key: 'b7c1a7de-0000-4000-8000-000000000001' });
    const answers = await Promise.all(Array.from({ length: 8 }, () => sendJson(form)));
    expect(new Set(answers.map(({ status, body }) => `${status} ${body}`)).size).toBe(1);
    expect((await sendJson({ ...form, token: await opened() })).body).toBe(answers[0]?.body);
    expect(await rows()).toBe(before + 1);
    const other = await sendJson({ ...form, message: 'And one more thing.' });
    expect(other.body).not.toBe(answers[0]?.body);
    expect(await rows()).toBe(before + 2);
  });
});

describe('what is probably not from a person', () => {
  it.each([
    ['fills in what nobody sees', { homepage: 'https://spam.example' }, 40, 'HIDDEN_FIELD_FILLED'],
    ['answers faster than anybody reads', {}, 2, 'SENT_TOO_SOON'],
  ])(
    '%s: it is answered like any other, kept as spam, and in no queue',
    async (_, parts, seconds, spamReason) => {
      const token = await opened();
      clock.set(NOW);
      clock.advance({ seconds });
      const { status, body } = await sendJson(filledIn(token, parts));
      expect(status).toBe(202);
      const row = await byReference(body);
      expect(row).toMatchObject({ status: 'SPAM', spamReason });
      expect(await database.client.outboxMessage.count({ where: { subjectId: row.id } })).toBe(0);
      const honest = await sendJson(filledIn(await opened()));
      expect(Object.keys(JSON.parse(honest.body) as object)).toEqual(Object.keys(JSON.parse(body) as object));
      expect(honest.status).toBe(status);
    },
  );

  it('raises its alert all the same when it names a red flag', async () => {
    const token = await opened();
    clock.set(NOW);
    const { body } = await sendJson(
      filledIn(token, { redFlags: { BLADDER: 'yes', SADDLE: 'no', FEVER: 'no' } }),
    );
    expect((await byReference(body)).redFlagAlerts).toHaveLength(1);
  });
});

describe('what is refused', () => {
  it.each([
    ['unticked', { privacyNotice: false }, 'privacyNotice'],
    ['unticked in words', { privacyNotice: 'no' }, 'privacyNotice'],
    ['without a name', { name: ' ' }, 'name'],
    ['with nothing to answer to', { phone: '', email: '' }, 'phone'],
    ['with half of the questions', { redFlags: { BLADDER: 'no' } }, 'redFlags.SADDLE'],
    [
      'with other questions',
      { redFlags: { BLADDER: 'no', SADDLE: 'no', FEVER: 'no', MOON: 'no' } },
      'redFlags',
    ],
    ['with a NUL', { message: 'a\u0000b' }, 'message'],
    ['with an escape', { name: 'a\u001b[2Jb' }, 'name'],
    ['with a book', { message: 'x'.repeat(4_001) }, 'message'],
    ['with no address', { email: 'ann@example.org, bob@example.org' }, 'email'],
    ['with a line break in the address', { email: 'ann@example.org\nBcc: bob@example.org' }, 'email'],
    ['with no number', { phone: '12' }, 'phone'],
    ['with a day to come', { dateOfBirth: '2031-01-01' }, 'dateOfBirth'],
    ['with a field too many', { isAdmin: 'yes' }, 'form'],
    ['with a prototype', JSON.parse('{"__proto__": "x"}') as object, 'form'],
    ['with a list where one is meant', { name: ['Ann', 'Bob'] }, 'name'],
    ['without a token', { token: '' }, 'token'],
    ['with a token of its own', { token: 'e30.e30' }, 'token'],
  ])('a form %s, by field and rule, and leaves nothing', async (_, parts, field) => {
    const form = filledIn(await opened());
    Object.entries(parts).forEach(([name, value]) => {
      Object.defineProperty(form, name, { value, enumerable: true, configurable: true });
    });
    const before = await rows();
    const { status, body } = await sendJson(form);
    expect(status).toBe(422);
    const { problems } = JSON.parse(body) as { problems: { field: string }[] };
    expect(problems.map((problem) => problem.field)).toContain(field);
    expect(await rows()).toBe(before);
  });

  it('a form of yesterday, which is opened again', async () => {
    const token = await opened();
    clock.advance({ hours: 25 });
    const { status, body } = await sendJson(filledIn(token));
    expect([status, body]).toEqual([422, expect.stringContaining('open the form again')]);
  });

  it('whatever cannot be read, without repeating it', async () => {
    const before = await rows();
    const json = { 'content-type': 'application/json' };
    const tries: readonly (readonly [Headers, string | Buffer, number])[] = [
      [json, '{"name": "SECRET', 400],
      [json, '["SECRET"]', 400],
      [json, Buffer.from([0x7b, 0xff, 0x7d]), 400],
      [json, '', 400],
      [{ 'content-type': 'application/x-www-form-urlencoded' }, 'name=SECRET%', 400],
      [{ 'content-type': 'text/plain' }, 'SECRET', 415],
      [{ 'content-type': 'multipart/form-data; boundary=SECRET' }, 'SECRET', 415],
      [{ ...json, 'content-encoding': 'gzip' }, 'SECRET', 415],
      [json, JSON.stringify({ message: 'SECRET'.repeat(12_000) }), 413],
    ];
    for (const [headers, payload, status] of tries) {
      const answer = await ask('POST', '/enquiries', headers, payload);
      expect([answer.status, answer.body.includes('SECRET')]).toEqual([status, false]);
      // Files are refused for the whole server, before the form's own door.
      if (headers['content-type']?.startsWith('multipart') === true) continue;
      expect(JSON.parse(answer.body)).toMatchObject({ emergencyAdvice: QUESTIONS.emergencyAdvice });
    }
    expect((await ask('GET', '/enquiries?SECRET')).status).toBe(405);
    expect((await ask('PUT', '/enquiries', json, 'SECRET')).status).toBe(405);
    expect(await rows()).toBe(before);
  });

  it('never repeats what was sent, whatever it was and wherever it stood', async () => {
    const token = await opened();
    const text = fc.oneof(
      fc.string({ minLength: 10, maxLength: 40, unit: 'grapheme' }),
      fc.constantFrom(
        '<script>alert(1)</script>',
        '"><img src=x onerror=alert(1)>',
        '{{7*7}}<%= 7*7 %>',
        "' OR 1=1; --",
      ),
    );
    const field = fc.constantFrom(
      'name',
      'phone',
      'email',
      'message',
      'preferredWay',
      'redFlags',
      'privacyNotice',
      'token',
      'key',
      'other',
    );
    const kind = fc.constantFrom('application/json', 'text/html');
    await fc.assert(
      fc.asyncProperty(field, text, kind, async (name, value, accept) => {
        fc.pre(value.trim().length >= 10);
        const { body } = await sendJson(filledIn(token, { [name]: value }), { accept });
        expect(body.includes(value)).toBe(false);
        expect(body.includes(JSON.stringify(value).slice(1, -1))).toBe(false);
      }),
      { numRuns: 60 },
    );
  });

  it('never falls over bytes, nor gives them back, in either writing', async () => {
    const before = await rows();
    const type = fc.constantFrom('application/json', 'application/x-www-form-urlencoded');
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array)),
      fc.json({ maxDepth: 4 }).map((text) => Buffer.from(text)),
      fc.array(fc.tuple(fc.string(), fc.string()), { maxLength: 20 }).map((pairs) => {
        return Buffer.from(pairs.map(([name, value]) => `${name}=${value}`).join('&'));
      }),
    );
    await fc.assert(
      fc.asyncProperty(type, bytes, async (contentType, payload) => {
        const { status, body } = await ask('POST', '/enquiries', { 'content-type': contentType }, payload);
        expect([400, 422]).toContain(status);
        expect(payload.length < 12 || !body.includes(payload.toString('latin1'))).toBe(true);
      }),
      { numRuns: 150 },
    );
    expect(await rows()).toBe(before);
  });

  it('keeps what looks like markup as plain text, and leaves out marks that nobody sees', async () => {
    const message = '<img src=x onerror=alert(1)>\u202egpj.exe\u200b ﷽';
    const { body } = await sendJson(filledIn(await opened(), { name: 'Ann \u2066<b>', message }));
    const row = await byReference(body);
    expect(row.name).toBe('Ann <b>');
    expect(row.messages[0]?.text).toBe('<img src=x onerror=alert(1)>gpj.exe ﷽');
  });
});

describe('whose pages may use it', () => {
  it('the clinic’s own, by name, with a preflight; no other website', async () => {
    const preflight = await ask('OPTIONS', '/enquiries', {
      origin: SITE,
      'access-control-request-method': 'POST',
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers).toMatchObject({
      'access-control-allow-origin': SITE,
      'access-control-allow-methods': 'POST',
      'access-control-allow-headers': 'content-type',
    });
    const sent = await sendJson(filledIn(await opened()), { origin: SITE });
    expect([sent.status, sent.headers['access-control-allow-origin']]).toEqual([202, SITE]);
    expect(sent.headers['access-control-allow-credentials']).toBeUndefined();
    const before = await rows();
    for (const origin of [
      'https://evil.example',
      'null',
      `${SITE}.evil.example`,
      'http://www.clinic.example',
      'x',
    ]) {
      const refused = await sendJson(filledIn(await opened()), { origin });
      expect([refused.status, refused.headers['access-control-allow-origin']]).toEqual([403, undefined]);
      expect(refused.body).not.toContain('evil');
      const asked = await ask('OPTIONS', '/enquiries', { origin, 'access-control-request-method': 'POST' });
      expect([asked.status, asked.headers['access-control-allow-origin']]).toEqual([403, undefined]);
    }
    expect(await rows()).toBe(before);
  });
});

describe('a flood', () => {
  it('from one address is limited, while others pass', async () => {
    const token = await opened();
    const flooder = { 'x-forwarded-for': '203.0.113.200' };
    const flood = Array.from({ length: 200 }, (_, at) =>
      sendJson(filledIn(token, { message: `flood ${at}` }), flooder),
    );
    const others = Array.from({ length: 5 }, (_, at) =>
      sendJson(filledIn(token, { message: `other ${at}` })),
    );
    const answers = await Promise.all(flood);
    const passed = answers.filter(({ status }) => status === 202);
    const limited = answers.filter(({ status }) => status === 429);
    expect([passed.length, limited.length]).toEqual([10, 190]);
    expect(Number(limited[0]?.headers['retry-after'])).toBeGreaterThan(0);
    expect((await Promise.all(others)).map(({ status }) => status)).toEqual([202, 202, 202, 202, 202]);
    clock.advance({ seconds: 5 });
    expect((await sendJson(filledIn(token, { message: 'later' }), flooder)).status).toBe(202);
  });

  it('of ten megabytes is stopped before it has come', async () => {
    await house.app.listen(0, '127.0.0.1');
    const { port } = new URL(await house.app.getUrl());
    const before = await rows();
    const sizes = [10 * 1024 * 1024, null];
    for (const size of sizes) {
      const { status, written } = await upload(Number(port), size);
      expect(status).toBe(413);
      expect(written).toBeLessThan(10 * 1024 * 1024);
    }
    expect(await rows()).toBe(before);
  });
});

/** Sends ten megabytes, said beforehand or in pieces, for as long as the other side listens. */
function upload(port: number, size: number | null): Promise<{ status: number; written: number }> {
  const piece = Buffer.alloc(64 * 1024, 'x');
  return new Promise((settle) => {
    let written = 0;
    let status = 0;
    const request = httpRequest({
      port,
      method: 'POST',
      path: '/enquiries',
      headers: {
        'content-type': 'application/json',
        'x-forwarded-for': anAddress(),
        ...(size === null ? {} : { 'content-length': String(size) }),
      },
    });
    const end = () => settle({ status, written });
    request.on('response', (response) => {
      status = response.statusCode ?? 0;
      response.resume();
      response.on('close', end);
    });
    request.on('error', () => (status === 0 ? undefined : end()));
    const more = (): void => {
      if (status !== 0 || request.destroyed || written >= 10 * 1024 * 1024) return;
      written += piece.length;
      if (request.write(piece)) setImmediate(more);
      else request.once('drain', () => setImmediate(more));
    };
    more();
  });
}

describe('the privacy notice', () => {
  it('is served as JSON, plain text or a page, with its fingerprint', async () => {
    const json = await ask('GET', '/privacy-notice');
    expect(JSON.parse(json.body)).toMatchObject({ version: 'n1', text: NOTICE_TEXT, inForce: true });
    const plain = await ask('GET', '/privacy-notice', { accept: 'text/plain' });
    expect([plain.body, plain.headers['content-type']]).toEqual([NOTICE_TEXT, 'text/plain; charset=utf-8']);
    const page = await ask('GET', '/privacy-notice?version=n1', { accept: 'text/html' });
    expect(page.body).toContain(`<p>${NOTICE_TEXT}</p>`);
    const known = await ask('GET', '/privacy-notice', { 'if-none-match': String(json.headers.etag) });
    expect([known.status, known.body]).toEqual([304, '']);
    for (const query of ['version=SECRET', 'version=n1&version=n1', 'locale=xx', 'version[a]=n1']) {
      const none = await ask('GET', `/privacy-notice?${query}`);
      expect([query, none.status === 404 || query.startsWith('version[')]).toEqual([query, true]);
      expect(none.body).not.toContain('SECRET');
    }
  });
});
