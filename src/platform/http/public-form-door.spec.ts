import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterEach, describe, expect, it } from 'vitest';
import { ConfigModule, readConfig } from '../config/index.js';
import { Clock, Temporal } from '../time/index.js';
import { type PublicForm, PublicForms, type SentForm } from './public-form.js';
import { FIXED_ADVICE, StandingAdvice } from './public-form-advice.js';
import { isOriginAllowed, prefersPage } from './public-form-answer.js';
import { FORM_BYTES_MAX, PublicFormDoor } from './public-form-door.js';
import { formPage, refusedPage, takenPage } from './public-form-page.js';

class StandingClock extends Clock {
  at = Temporal.Instant.from('2026-03-02T09:00:00Z');
  override now = () => this.at;
}

const opened: NestFastifyApplication[] = [];
afterEach(async () => {
  for (const app of opened.splice(0)) await app.close();
});

/** A form with one question, that keeps what it took. */
function aForm(taken: SentForm[], parts: Partial<PublicForm> = {}): PublicForm {
  return {
    name: 'wish',
    shownAt: '/wish-form',
    sentTo: '/wishes',
    origins: [],
    fields: [{ name: 'wish', kind: 'LINE', charactersMax: 20 }],
    labels: new Map([['wish', 'Your wish']]),
    secret: async () => Uint8Array.of(1, 2, 3),
    standingAdvice: async () => 'Ring 999 if your wish cannot wait.',
    show: async () => ({
      facts: { version: '1' },
      body: { question: 'What?' },
      page: { title: 'Wish', words: [], controls: [], sendLabel: 'Send' },
    }),
    take: async (sent) => {
      taken.push(sent);
      return { kind: 'TAKEN', reference: 'R1', words: ['Thanks.'], urgent: null };
    },
    ...parts,
  };
}

async function houseWith(role: string, form: PublicForm) {
  const clock = new StandingClock();
  @Module({
    imports: [ConfigModule.with(readConfig({ ROLE: role, DATABASE_URL: 'postgresql://db/facet' }, '/tmp'))],
    providers: [PublicForms, PublicFormDoor, { provide: Clock, useValue: clock }],
  })
  class House {}
  const app = await NestFactory.create<NestFastifyApplication>(House, new FastifyAdapter(), {
    logger: false,
  });
  opened.push(app);
  app.get(PublicForms).register(form);
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
  return { app, clock };
}

describe('the door of the public forms', () => {
  it('is shut in processes that answer nobody', async () => {
    for (const role of ['worker', 'scanner']) {
      const { app } = await houseWith(role, aForm([]));
      for (const [method, url] of [
        ['GET', '/wish-form'],
        ['POST', '/wishes'],
      ] as const) {
        expect((await app.inject({ method, url })).statusCode).toBe(404);
      }
    }
  });

  it('hands over what came back with what was shown, and knows the same form again', async () => {
    const taken: SentForm[] = [];
    const { app, clock } = await houseWith('api', aForm(taken));
    const token = (await app.inject({ method: 'GET', url: '/wish-form' })).json<{ token: string }>().token;
    clock.at = clock.at.add({ seconds: 10 });
    const send = (wish: string) => app.inject({ method: 'POST', url: '/wishes', payload: { token, wish } });
    const answer = await send('peace');
    expect([answer.statusCode, answer.json()]).toEqual([
      202,
      { reference: 'R1', message: 'Thanks.', urgentAdvice: null },
    ]);
    await send('peace');
    await send('bread');
    expect(taken[0]).toMatchObject({ suspicion: null, problems: [], shown: { facts: { version: '1' } } });
    expect(taken[0]?.shown?.atMs).toBe(Date.parse('2026-03-02T09:00:00Z'));
    expect(taken[1]?.submissionKey).toBe(taken[0]?.submissionKey);
    expect(taken[2]?.submissionKey).not.toBe(taken[0]?.submissionKey);
  });

  it('says when it cannot, and nothing of why', async () => {
    const take = () => Promise.reject(new Error('SECRET of the database'));
    const { app } = await houseWith('api', aForm([], { take, show: async () => null }));
    const shown = await app.inject({ method: 'GET', url: '/wish-form' });
    expect([shown.statusCode, shown.json<{ code: string }>().code]).toEqual([503, 'TRY_AGAIN']);
    const sent = await app.inject({ method: 'POST', url: '/wishes', payload: { wish: 'x' } });
    expect([sent.statusCode, sent.headers['retry-after']]).toEqual([503, '10']);
    expect(sent.body).not.toContain('SECRET');
  });

  it('has one form behind each path', async () => {
    const forms = new PublicForms();
    forms.register(aForm([]));
    expect(() => forms.register(aForm([], { shownAt: '/other' }))).toThrow('twice');
    expect(() => forms.register(aForm([], { shownAt: '/x', sentTo: '/../x' }))).toThrow('no path');
  });
});

describe('whoever is refused', () => {
  const RING = 'Ring 999 if your wish cannot wait.';
  const json = { 'content-type': 'application/json' };
  type Try = readonly [number, 'GET' | 'POST' | 'PUT', string, Record<string, string>, string];
  const tries: readonly Try[] = [
    [400, 'POST', '/wishes', json, '{"wish'],
    [400, 'POST', '/wishes', json, ''],
    [403, 'POST', '/wishes', { ...json, origin: 'null' }, '{}'],
    [403, 'GET', '/wish-form', { origin: 'https://evil.example' }, ''],
    [405, 'PUT', '/wishes', json, '{}'],
    [413, 'POST', '/wishes', json, 'x'.repeat(FORM_BYTES_MAX + 1)],
    [415, 'POST', '/wishes', { 'content-type': 'text/plain' }, 'x'],
    [503, 'POST', '/wishes', json, '{"wish":"x"}'],
    [503, 'GET', '/wish-form', {}, ''],
  ];
  const broken = { show: async () => null, take: () => Promise.reject(new Error('no database')) };

  it('is told where help is, in data and on pages, whatever the reason', async () => {
    const { app, clock } = await houseWith('api', aForm([], broken));
    for (const [status, method, url, headers, payload] of tries) {
      clock.at = clock.at.add({ minutes: 1 });
      const data = await app.inject({ method, url, headers, ...(payload === '' ? {} : { payload }) });
      expect([data.statusCode, data.json<object>()]).toMatchObject([status, { emergencyAdvice: RING }]);
      const accept = { ...headers, accept: 'text/html' };
      const page = await app.inject({ method, url, headers: accept, ...(payload === '' ? {} : { payload }) });
      expect([page.statusCode, page.body]).toEqual([status, expect.stringContaining(`<p>${RING}</p>`)]);
    }
  });

  it('is told so also when too many came, and with plain words when the form has none to give', async () => {
    const ways = [async () => null, () => Promise.reject(new Error('no database'))];
    for (const standingAdvice of ways) {
      const { app } = await houseWith('api', aForm([], { standingAdvice }));
      const send = () => app.inject({ method: 'POST', url: '/wishes', payload: { wish: 'x' } });
      for (let sent = 0; sent < 10; sent += 1) expect((await send()).statusCode).toBe(202);
      const limited = await send();
      expect([limited.statusCode, limited.json<object>()]).toMatchObject([
        429,
        { emergencyAdvice: FIXED_ADVICE },
      ]);
    }
    expect(FIXED_ADVICE).toMatch(/999.*A&E/);
  });
});

describe('the standing advice', () => {
  it('is asked for once a minute, and the last words hold when there are no others', async () => {
    const clock = new StandingClock();
    const answers: (() => Promise<string | null>)[] = [];
    let asked = 0;
    const advice = new StandingAdvice(() => {
      asked += 1;
      return answers.shift()?.() ?? Promise.reject(new Error('no database'));
    }, clock);
    answers.push(async () => 'First words.');
    expect(await Promise.all([advice.words(), advice.words()])).toEqual(['First words.', 'First words.']);
    clock.at = clock.at.add({ seconds: 59 });
    expect([await advice.words(), asked]).toEqual(['First words.', 1]);
    clock.at = clock.at.add({ seconds: 1 });
    expect([await advice.words(), await advice.words(), asked]).toEqual(['First words.', 'First words.', 2]);
    answers.push(async () => 'Second words.');
    clock.at = clock.at.add({ seconds: 5 });
    expect([await advice.words(), asked]).toEqual(['Second words.', 3]);
  });

  it('does not hold up a refusal when it does not come', async () => {
    const advice = new StandingAdvice(() => new Promise(() => undefined), new StandingClock(), 1);
    expect(await advice.words()).toBe(FIXED_ADVICE);
  });
});

describe('the page of a form', () => {
  it('lets browsers say where the form comes from, so that they may send it', async () => {
    const { app } = await houseWith('api', aForm([]));
    const accept = 'text/html';
    const page = await app.inject({ method: 'GET', url: '/wish-form', headers: { accept } });
    expect([page.statusCode, page.headers['referrer-policy']]).toEqual([200, 'same-origin']);
    const data = await app.inject({ method: 'GET', url: '/wish-form' });
    expect(data.headers['referrer-policy']).toBe('no-referrer');
  });

  it('takes the longest story in a script of three bytes a letter', async () => {
    const taken: SentForm[] = [];
    const fields = [{ name: 'wish', kind: 'TEXT', charactersMax: 4_000 }] as const;
    const { app } = await houseWith('api', aForm(taken, { fields }));
    const wish = '痛'.repeat(4_000);
    const answer = await app.inject({
      method: 'POST',
      url: '/wishes',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      payload: new URLSearchParams({ wish }).toString(),
    });
    expect([answer.statusCode, taken[0]?.values.text('wish')]).toEqual([202, wish]);
  });
});

describe('whose page may send a form', () => {
  it.each([
    [undefined, true],
    ['https://www.clinic.example', true],
    ['https://clinic.example', false],
    ['http://facet.example:3000', true],
    ['https://facet.example', false],
    ['null', false],
    ['', false],
  ])('%s: %s', (origin, isAllowed) => {
    expect(isOriginAllowed(origin, 'Facet.example:3000', ['https://www.clinic.example'])).toBe(isAllowed);
  });
});

describe('who wants a page', () => {
  it.each([
    [undefined, false],
    ['*/*', false],
    ['text/html', true],
    ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', true],
    ['application/json, text/html', false],
    ['application/json;q=0.5, text/html', true],
    ['text/html;q=0', false],
    ['text/html;q=much', false],
  ])('%s: %s', (accept, isPage) => expect(prefersPage(accept)).toBe(isPage));
});

describe('the pages', () => {
  const evil = '<script>"&\'';
  it('say what they are given, and let nothing of it become markup', () => {
    const pages = [
      takenPage(evil, evil, [evil], evil),
      refusedPage(evil, [evil], [{ field: evil, message: evil }], new Map(), {
        urgent: evil,
        standing: evil,
      }),
      formPage(
        {
          title: evil,
          words: [evil],
          sendLabel: evil,
          controls: [
            { kind: 'LINE', name: evil, label: evil, type: 'text', autocomplete: evil, hint: evil },
            { kind: 'CHOICE', name: evil, label: evil, options: [{ value: evil, label: evil }] },
            {
              kind: 'ANSWERS',
              name: evil,
              label: evil,
              questions: [{ value: evil, label: evil }],
              options: [],
            },
            { kind: 'TICK', name: evil, label: evil, link: { path: evil, label: evil } },
          ],
        },
        evil,
        { [evil]: evil },
        evil,
      ),
    ];
    for (const page of pages) {
      expect(page).not.toContain('<script');
      expect(page).not.toContain('"&\'');
      expect(page).toMatch(/^<!doctype html>\n<html lang="en-GB">/);
    }
  });

  it('name the field as people know it', () => {
    const problems = [{ field: 'wish', message: 'is needed.' }];
    const labels = new Map([['wish', 'Your wish']]);
    const none = { urgent: null, standing: null };
    expect(refusedPage('No', [], problems, labels, none)).toContain('<strong>Your wish</strong>: is needed.');
  });
});
