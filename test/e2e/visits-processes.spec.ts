import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LINKS_AFTER } from '../../src/clinic/audit/audit-chain.queries.js';
import { demoPasswordIn, embeddedDatabaseUrl, facetHouse, type RunningService } from '../support/facet.js';
import { type SignedInClient, signIn } from '../support/graphql.js';
import { chainProblem } from './audit-chain.js';
import { rowsOf } from './tables.js';
import { first } from './visits.js';

// One PostgreSQL and several processes that book: one winner whichever of them is asked, and a process that is killed
// in the middle leaves a visit whole or none. The same key, sent again to whoever is there, gives it once.

const DESKS = 50;
const KILLS = 4;
/** Some of these visits are under way when the process is killed, some are not begun. */
const VISITS_PER_KILL = 12;
const MIDDLE_MAX_MS = 400;
const SERIES_VISITS = 12;
const SERIES_MIDDLE_MS = 60;
const TEST_TIMEOUT_MS = 600_000;

const house = facetHouse();
let url: string;
let password: string;
let processes: RunningService[];
let desks: SignedInClient[];
let patientIds: string[];

/** Letters for names, far enough apart that nobody is taken for somebody else. */
const NAMES = 'Abara Birch Castellan Dunmore Eastwick Fairholm Grantley Hollis Iveson Jardine'.split(' ');

const REGISTER = `mutation ($input: RegisterPatientInput!) {
  registerPatient(input: $input) { __typename ... on Patient { id } ... on Refusal { code message } } }`;
const OFFERS = `query ($filter: VisitOfferFilterInput!) {
  visitOffers(filter: $filter) { ... on VisitOffers { offers { startsAt steps { startsAt resources { role resource { id } } } } } } }`;
const BOOK = `mutation ($input: BookVisitInput!) {
  bookVisit(input: $input) { ... on Visit { id version startsAt } ... on Refusal { code message } } }`;

const SERIES_OFFERS = `query ($filter: SeriesOfferFilterInput!) { seriesOffers(filter: $filter) { ... on SeriesOffers {
  whyNoSeries { message } offers { occurrences { steps { position startsAt } resources { stepPosition role resource { id } } } } } } }`;
const BOOK_SERIES = `mutation ($input: BookSeriesInput!) {
  bookSeries(input: $input) { ... on VisitSeries { id visitsCount visits { id } } ... on Refusal { code message } } }`;

interface SeriesOffer {
  readonly occurrences: readonly {
    readonly steps: readonly { readonly position: number; readonly startsAt: string }[];
    readonly resources: readonly {
      readonly stepPosition: number;
      readonly role: string;
      readonly resource: { readonly id: string };
    }[];
  }[];
}

interface Step {
  readonly startsAt: string;
  readonly resources: readonly { readonly role: string; readonly resourceId: string }[];
}

interface Offer {
  readonly startsAt: string;
  readonly steps: readonly {
    readonly startsAt: string;
    readonly resources: readonly { readonly role: string; readonly resource: { readonly id: string } }[];
  }[];
}

type Booked = { readonly id: string } & Partial<{ readonly code: string }>;

/** A demo clinic whose first process has gone: its PostgreSQL stays for the others. */
beforeAll(async () => {
  const founder = await house.start(await house.newHome());
  password = await demoPasswordIn(founder.home);
  url = embeddedDatabaseUrl(founder.home);
  await founder.end('SIGKILL');
  const [one, two, three] = await Promise.all([startApi(), startApi(), startApi()]);
  processes = [one, two, three];
  desks = await Promise.all(processes.map(receptionOf));
  patientIds = [];
  for (let index = 0; index < DESKS; index += 1) patientIds.push(await register(index));
}, TEST_TIMEOUT_MS);

afterAll(() => Promise.all((processes ?? []).map((service) => service.end('SIGTERM'))));

async function startApi(): Promise<RunningService> {
  return house.start(await house.newHome(), { DATABASE_URL: url, ROLE: 'api' });
}

function receptionOf(service: RunningService): Promise<SignedInClient> {
  return signIn(service.httpUrl, 'reception@facet.example', password);
}

async function register(index: number): Promise<string> {
  const input = {
    familyName: `${NAMES[index % NAMES.length]}${'aeiou'[Math.floor(index / NAMES.length)]}`,
    givenName: 'Robin',
    dateOfBirth: `19${40 + index}-03-0${1 + (index % 9)}`,
    sexForClinicalUse: 'FEMALE',
    statedGender: 'NOT_KNOWN',
    email: `robin.${index}@example.org`,
    contactPreference: 'EMAIL',
  };
  const { registerPatient } = await deskOf(0).ask<{ registerPatient: Booked }>(REGISTER, { input });
  if (registerPatient.id === undefined) throw new Error(JSON.stringify(registerPatient));
  return registerPatient.id;
}

function deskOf(index: number): SignedInClient {
  const desk = desks[index % desks.length];
  if (desk === undefined) throw new Error('no desk');
  return desk;
}

/** Offers for somebody who is not known yet, and whose times do not touch: what one books is no other's. */
async function freeTimes(): Promise<readonly (readonly Step[])[]> {
  const filter = { visitTypeCode: 'PHYSIOTHERAPY', limit: 50 };
  const { visitOffers } = await deskOf(0).ask<{ visitOffers: { offers: Offer[] } }>(OFFERS, { filter });
  const apart: Offer[] = [];
  for (const offer of visitOffers.offers) {
    const near = (other: Offer) =>
      Math.abs(Date.parse(other.startsAt) - Date.parse(offer.startsAt)) < 3_600_000;
    if (!apart.some(near)) apart.push(offer);
  }
  return apart.map(({ steps }) =>
    steps.map(({ startsAt, resources }) => ({
      startsAt,
      resources: resources.map(({ role, resource }) => ({ role, resourceId: resource.id })),
    })),
  );
}

function inputOf(patientId: string, steps: readonly Step[]) {
  return { visitTypeCode: 'PHYSIOTHERAPY', patientId, steps };
}

async function bookWithKey(desk: SignedInClient, key: string, input: object): Promise<Booked> {
  const body = JSON.stringify({ query: BOOK, variables: { input } });
  const answer = await desk.raw({ body, headers: { 'idempotency-key': key } });
  if (answer.data === null || answer.errors.length > 0) throw new Error(answer.text);
  return answer.data.bookVisit as Booked;
}

async function seriesFor(patientId: string) {
  const filter = { visitTypeCode: 'PHYSIOTHERAPY', patientId, count: SERIES_VISITS };
  const { seriesOffers } = await deskOf(0).ask<{ seriesOffers: { offers: SeriesOffer[] } }>(SERIES_OFFERS, {
    filter,
  });
  const { occurrences } = first(seriesOffers.offers, `series in ${JSON.stringify(seriesOffers)}`);
  return {
    patientId,
    visitTypeCode: 'PHYSIOTHERAPY',
    everyDays: 7,
    occurrences: occurrences.map(({ steps, resources }) => ({
      steps: steps.map(({ position, startsAt }) => ({
        startsAt,
        resources: resources
          .filter(({ stepPosition }) => stepPosition === position)
          .map(({ role, resource }) => ({ role, resourceId: resource.id })),
      })),
    })),
  };
}

async function bookSeriesWithKey(desk: SignedInClient, key: string, input: object): Promise<object> {
  const body = JSON.stringify({ query: BOOK_SERIES, variables: { input } });
  const answer = await desk.raw({ body, headers: { 'idempotency-key': key } });
  if (answer.data === null || answer.errors.length > 0) throw new Error(answer.text);
  return answer.data.bookSeries as object;
}

async function count(from: string, values: readonly unknown[] = []): Promise<number> {
  return Number((await rowsOf(url, `SELECT count(*) FROM ${from}`, values))[0]?.count);
}

/** Steps, resources, the patient's time, revision, audit record and kept answer: of each visit all, of none a part. */
async function expectAllWhole(): Promise<void> {
  const visits = await rowsOf<{ id: string; parts: string }>(
    url,
    `SELECT visit.id::text,
            (SELECT count(*) FROM visit_steps WHERE visit_id = visit.id) || ' '
              || (SELECT count(*) FROM span_claims WHERE holder_id = visit.id AND released_at IS NULL) || ' '
              || (SELECT count(*) FROM patient_presences WHERE holder_id = visit.id AND released_at IS NULL) || ' '
              || (SELECT count(*) FROM visit_revisions WHERE visit_id = visit.id) || ' '
              || (SELECT count(*) FROM audit_entries WHERE subject_id = visit.id::text AND action = 'visit.booked') AS parts
       FROM visits visit`,
  );
  for (const { id, parts } of visits) expect(parts, id).toBe('1 2 1 1 1');
  const orphans = [
    'visit_steps WHERE visit_id NOT IN (SELECT id FROM visits)',
    'span_claims WHERE holder_id NOT IN (SELECT id FROM visits) AND holder_id NOT IN (SELECT id FROM scan_bookings)',
    'patient_presences WHERE holder_id NOT IN (SELECT id FROM visits) AND holder_id NOT IN (SELECT id FROM scan_bookings)',
    `audit_entries WHERE action = 'visit.booked' AND subject_id NOT IN (SELECT id::text FROM visits)`,
    'idempotency_keys WHERE outcome IS NULL',
  ];
  for (const orphan of orphans) expect(await count(orphan), orphan).toBe(0);
  expect(await chainProblem(url, LINKS_AFTER)).toBeNull();
}

describe('fifty who want one time of three processes', () => {
  it(
    'make one visit, and 49 hear that it is taken',
    async () => {
      const before = await count('visits');
      const steps = first(await freeTimes(), 'offer');
      const answers = await Promise.all(
        patientIds.map((patientId, i) =>
          deskOf(i).ask<{ bookVisit: Booked }>(BOOK, { input: inputOf(patientId, steps) }),
        ),
      );
      const codes = answers.map(({ bookVisit }) => bookVisit.code ?? 'booked').toSorted();
      expect(codes).toEqual([...Array.from({ length: DESKS - 1 }, () => 'SlotAlreadyTaken'), 'booked']);
      expect((await count('visits')) - before).toBe(1);
      await expectAllWhole();
    },
    TEST_TIMEOUT_MS,
  );

  it(
    'with one key make one visit, and all hear of it',
    async () => {
      const before = await count('visits');
      const steps = first(await freeTimes(), 'offer');
      const patientId = first(patientIds, 'patient');
      // A key is one person's: all of them are signed in as the same receptionist.
      const answers = await Promise.all(
        patientIds.map((_, i) => bookWithKey(deskOf(i), 'three-processes', inputOf(patientId, steps))),
      );
      expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
      expect((await count('visits')) - before).toBe(1);
      await expectAllWhole();
    },
    TEST_TIMEOUT_MS,
  );

  it(
    'find times of their own when they go on from the offers, and no two overlap',
    async () => {
      const booked = await Promise.all(
        patientIds.slice(0, 12).map(async (patientId, i) => {
          for (;;) {
            const times = await freeTimes();
            const steps = times[i % times.length] ?? first(times, 'offer');
            const input = inputOf(patientId, steps);
            const { bookVisit } = await deskOf(i).ask<{ bookVisit: Booked }>(BOOK, { input });
            if (bookVisit.code === undefined) return bookVisit.id;
            expect(['SlotAlreadyTaken', 'PatientElsewhere']).toContain(bookVisit.code);
          }
        }),
      );
      expect(new Set(booked).size).toBe(12);
      const overlaps = await rowsOf(
        url,
        `SELECT FROM span_claims a JOIN span_claims b ON a.id < b.id AND a.resource_id = b.resource_id AND a.span && b.span
          WHERE a.released_at IS NULL AND b.released_at IS NULL`,
      );
      expect(overlaps).toEqual([]);
      await expectAllWhole();
    },
    TEST_TIMEOUT_MS,
  );
});

describe('a process that is killed with -9 in the middle of bookings', () => {
  it(
    'leaves each visit whole or not at all, and the same keys afterwards give each once',
    async () => {
      let underWay = 0;
      for (let kill = 0; kill < KILLS; kill += 1) {
        const doomed = await startApi();
        const desk = await receptionOf(doomed);
        const times = await freeTimes();
        const wishes = times.slice(0, VISITS_PER_KILL).map((steps, i) => ({
          key: `kill-${kill}-${i}`,
          input: inputOf(patientIds[i] ?? '', steps),
        }));
        const before = await count('visits');
        const answered = new Map<string, Booked>();
        const sending = wishes.map(({ key, input }) =>
          bookWithKey(desk, key, input).then(
            (answer) => answered.set(key, answer),
            () => undefined,
          ),
        );
        await pause((MIDDLE_MAX_MS / KILLS) * (kill + 1));
        const heard = answered.size;
        await doomed.end('SIGKILL');
        await Promise.all(sending);
        // PostgreSQL undoes what the dead connection had begun as soon as it notices; until then others wait for it.
        await expectAllWhole();
        const left = (await count('visits')) - before;
        expect(left).toBeGreaterThanOrEqual(heard);
        underWay += wishes.length - heard;

        const again = await Promise.all(
          wishes.map(({ key, input }, i) => bookWithKey(deskOf(i), key, input)),
        );
        for (const [i, { key }] of wishes.entries()) {
          const told = answered.get(key);
          if (told !== undefined) expect(again[i]).toEqual(told);
        }
        const third = await Promise.all(
          wishes.map(({ key, input }, i) => bookWithKey(deskOf(i + 1), key, input)),
        );
        expect(third).toEqual(again);
        const booked = again.filter(({ code }) => code === undefined);
        expect(new Set(booked.map(({ id }) => id)).size).toBe(booked.length);
        expect((await count('visits')) - before).toBe(booked.length);
        expect(booked.length, JSON.stringify(again)).toBe(wishes.length);
        await expectAllWhole();
      }
      expect(underWay, 'no process was killed in the middle').toBeGreaterThan(0);
    },
    TEST_TIMEOUT_MS,
  );

  it(
    'leaves a series of twelve visits whole or not at all, and the same key afterwards gives it once',
    async () => {
      for (let kill = 0; kill < KILLS; kill += 1) {
        const doomed = await startApi();
        const desk = await receptionOf(doomed);
        const input = await seriesFor(patientIds[VISITS_PER_KILL + kill] ?? '');
        const key = `kill-series-${kill}`;
        const sending = bookSeriesWithKey(desk, key, input).catch(() => null);
        await pause(SERIES_MIDDLE_MS * (kill + 1));
        await doomed.end('SIGKILL');
        const told = await sending;
        await expectAllWhole();
        const ofSeries = `visits WHERE series_id IS NOT NULL AND patient_id = '${input.patientId}'`;
        const left = await count(ofSeries);
        expect(told === null ? [0, SERIES_VISITS] : [SERIES_VISITS]).toContain(left);

        const again = await bookSeriesWithKey(deskOf(kill), key, input);
        expect(again, JSON.stringify(again)).toMatchObject({ visitsCount: SERIES_VISITS });
        if (told !== null) expect(again).toEqual(told);
        expect(await bookSeriesWithKey(deskOf(kill + 1), key, input)).toEqual(again);
        expect(await count(ofSeries)).toBe(SERIES_VISITS);
        await expectAllWhole();
      }
      expect(await count('visit_series')).toBe(KILLS);
    },
    TEST_TIMEOUT_MS,
  );
});
