import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FILLED_IN_MIN_MS } from '../../src/platform/http/public-form-reader.js';
import { embeddedDatabaseUrl, facetHouse, type RunningService } from '../support/facet.js';
import { type SignedInClient, signInAs } from '../support/graphql.js';

// The road of somebody who writes to the clinic's website, through real HTTP, to a clinician who has seen to it.

const SITE = 'https://www.clinic.example';
const house = facetHouse();
let service: RunningService;
let database: pg.Client;
let desk: SignedInClient;
let clinician: SignedInClient;
let visitors = 0;

beforeAll(async () => {
  service = await house.start(await house.newHome(), { TRUSTED_PROXIES: '127.0.0.1', ENQUIRY_ORIGINS: SITE });
  database = new pg.Client({ connectionString: embeddedDatabaseUrl(service.home) });
  await database.connect();
  desk = await signInAs(service, 'reception');
  clinician = await signInAs(service, 'clinician');
});
afterAll(() => database.end());

interface Shown {
  readonly token: string;
  readonly redFlags: { readonly questions: readonly { readonly code: string }[] };
}

/** Another household, as the proxy in front says. */
function anAddress(): string {
  visitors += 1;
  return `203.0.113.${visitors}`;
}

async function opened(): Promise<Shown> {
  const response = await fetch(`${service.httpUrl}/enquiry-form`, {
    headers: { 'x-forwarded-for': anAddress() },
  });
  expect(response.status).toBe(200);
  const shown = (await response.json()) as Shown;
  await sleep(FILLED_IN_MIN_MS + 100);
  return shown;
}

const filledIn = ({ token, redFlags }: Shown, parts: object = {}, yes: readonly string[] = []) => ({
  token,
  name: 'Ann Example',
  phone: '07700 900123',
  email: 'ann@example.org',
  message: 'It hurts when I sit.',
  redFlags: Object.fromEntries(
    redFlags.questions.map(({ code }) => [code, yes.includes(code) ? 'yes' : 'no']),
  ),
  privacyNotice: true,
  ...parts,
});

async function send(form: object, headers: Readonly<Record<string, string>> = {}) {
  const response = await fetch(`${service.httpUrl}/enquiries`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-forwarded-for': anAddress(), ...headers },
    body: JSON.stringify(form),
  });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

async function count(): Promise<number> {
  const { rows } = await database.query<{ count: number }>('SELECT count(*)::int AS count FROM enquiries');
  return rows[0]?.count ?? 0;
}

const FIND = `query F($search: String) { enquiries(filter: { search: $search }) { items { id reference status channel claimedById
  messages { text } redFlagAlerts { id status codes } } } }`;
interface Found {
  readonly enquiries: {
    readonly items: readonly {
      readonly id: string;
      readonly status: string;
      readonly redFlagAlerts: readonly { readonly id: string }[];
    }[];
  };
}
const CLOSE = `mutation C($input: CloseEnquiryInput!) { closeEnquiry(input: $input) { __typename
  ... on Enquiry { status } ... on Refusal { code message } } }`;
const SEEN = `mutation S($input: CloseRedFlagInput!) { closeRedFlag(input: $input) { __typename
  ... on RedFlagAlert { status closedById } ... on Refusal { code message } } }`;

describe('somebody writes to the clinic', () => {
  it('with a red flag: is told at once, is found by the desk, and is seen to by a clinician', async () => {
    const sent = await send(filledIn(await opened(), {}, ['SADDLE_NUMBNESS']), { origin: SITE });
    expect(sent.status).toBe(202);
    expect(sent.headers.get('access-control-allow-origin')).toBe(SITE);
    const { reference, urgentAdvice } = JSON.parse(sent.text) as { reference: string; urgentAdvice: string };
    expect(urgentAdvice).toContain('999');
    const { enquiries } = await desk.ask<Found>(FIND, { search: reference });
    const [enquiry] = enquiries.items;
    expect(enquiry).toMatchObject({
      status: 'NEW',
      channel: 'WEB',
      messages: [{ text: 'It hurts when I sit.' }],
      redFlagAlerts: [{ status: 'OPEN', codes: ['SADDLE_NUMBNESS'] }],
    });
    const closing = { input: { enquiryId: enquiry?.id, reason: 'SENT_TO_EMERGENCY_CARE' } };
    expect(await desk.refusal(CLOSE, closing)).toMatchObject({ code: 'RedFlagOpen' });
    const seen = { input: { alertId: enquiry?.redFlagAlerts[0]?.id, note: 'Sent to A&E, rang ahead.' } };
    expect((await desk.fault(SEEN, seen)).extensions.code).toBe('FORBIDDEN');
    expect(await clinician.ask(SEEN, seen)).toMatchObject({
      closeRedFlag: { status: 'CLOSED', closedById: clinician.accountId },
    });
    expect(await desk.ask(CLOSE, closing)).toMatchObject({ closeEnquiry: { status: 'CLOSED' } });
  });

  it('from a page without scripts', async () => {
    const accept = 'text/html,application/xhtml+xml;q=0.9,*/*;q=0.8';
    const page = await fetch(`${service.httpUrl}/enquiry-form`, { headers: { accept } });
    const html = await page.text();
    const token = /name="token" value="([^"]+)"/.exec(html)?.[1] ?? '';
    const codes = [
      ...new Set([...html.matchAll(/name="(redFlags[.][A-Z_]+)"/g)].map(([, name]) => name ?? '')),
    ];
    expect(codes).toHaveLength(8);
    await sleep(FILLED_IN_MIN_MS + 100);
    const body = new URLSearchParams([
      ['token', token],
      ['homepage', ''],
      ['name', 'Zoë <b>Bold</b>'],
      ['phone', '020 7946 0000'],
      ['painAreas', 'NECK'],
      ['painAreas', 'ARM'],
      ['message', 'Füße & Hände\r\n<script>alert(1)</script>'],
      ['privacyNotice', 'yes'],
      ...codes.map((name) => [name, 'NO'] as [string, string]),
    ]);
    const headers = { accept, origin: service.httpUrl, 'x-forwarded-for': anAddress() };
    const sent = await fetch(`${service.httpUrl}/enquiries`, { method: 'POST', headers, body });
    const answer = await sent.text();
    expect([sent.status, sent.headers.get('content-type')]).toEqual([202, 'text/html; charset=utf-8']);
    expect(answer).not.toMatch(/Bold|script|Hände/);
    const reference = /<strong>(E[0-9A-Z]{8})</.exec(answer)?.[1];
    const { enquiries } = await desk.ask<Found>(FIND, { search: reference });
    expect(enquiries.items).toMatchObject([
      { messages: [{ text: 'Füße & Hände\n<script>alert(1)</script>' }] },
    ]);
  });

  it('and nothing of it stands in the log, nor in the audit', async () => {
    await send(filledIn(await opened(), { name: 'Zebedee Quux', message: 'a very secret pain' }));
    expect(service.output()).not.toMatch(/Zebedee|secret pain/);
    const { rows } = await database.query(
      "SELECT 1 FROM audit_entries WHERE after::text ~ 'Zebedee|secret pain'",
    );
    expect(rows).toEqual([]);
  });
});

describe('somebody means no good', () => {
  it('two hundred forms a second from one address are limited, while others pass', async () => {
    const shown = await opened();
    const flooder = { 'x-forwarded-for': '198.51.100.9' };
    const flood = Array.from({ length: 200 }, (_, at) =>
      send(filledIn(shown, { message: `flood ${at}` }), flooder),
    );
    const others = Array.from({ length: 5 }, (_, at) => send(filledIn(shown, { message: `other ${at}` })));
    expect((await Promise.all(others)).map(({ status }) => status)).toEqual([202, 202, 202, 202, 202]);
    const answers = await Promise.all(flood);
    const limited = answers.filter(({ status }) => status === 429);
    expect(limited.length).toBeGreaterThanOrEqual(180);
    expect(Number(limited[0]?.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(answers.every(({ status }) => status === 202 || status === 429)).toBe(true);
  });

  it('hostile forms leave no row, and hear nothing of themselves', async () => {
    const shown = await opened();
    const before = await count();
    const evil = '"><script>alert(document.domain)</script>';
    const forms: readonly object[] = [
      filledIn(shown, { privacyNotice: false, name: evil }),
      filledIn(shown, { preferredWay: evil }),
      filledIn(shown, { [evil]: evil }),
      filledIn(shown, { message: `\u0000${evil}` }),
      filledIn(shown, { email: `${evil}@example.org` }),
      filledIn({ ...shown, token: evil }),
      filledIn(shown, { name: { $ne: evil } }),
      filledIn(shown, { painAreas: [evil] }),
    ];
    for (const form of forms) {
      for (const accept of ['application/json', 'text/html']) {
        const { status, text } = await send(form, { accept });
        expect([status, text.includes('document.domain')]).toEqual([422, false]);
      }
    }
    const other = await send(filledIn(shown), { origin: 'https://evil.example' });
    expect([other.status, other.headers.get('access-control-allow-origin')]).toEqual([403, null]);
    expect(await count()).toBe(before);
  });

  it('ten megabytes are refused, and the service goes on', async () => {
    const before = await count();
    const bytes = 'x'.repeat(10 * 1024 * 1024);
    const sent = await send({ message: bytes }).then(
      ({ status }) => status,
      () => 413,
    );
    expect(sent).toBe(413);
    expect(await count()).toBe(before);
    expect((await fetch(`${service.httpUrl}/health/live`)).status).toBe(200);
  });
});

describe('the privacy notice', () => {
  it('is the text of the clinic, with its fingerprint', async () => {
    const response = await fetch(`${service.httpUrl}/privacy-notice`);
    const notice = (await response.json()) as { text: string; version: string; sha256: string };
    const seed = readFileSync(new URL('../../prisma/seed/reference.json', import.meta.url), 'utf8');
    expect(seed).toContain(notice.text.slice(0, 100));
    expect(notice.sha256).toMatch(/^[0-9a-f]{64}$/);
    const again = await fetch(`${service.httpUrl}/privacy-notice`, {
      headers: { 'if-none-match': response.headers.get('etag') ?? '' },
    });
    expect(again.status).toBe(304);
  });
});
