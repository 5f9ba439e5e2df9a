import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { embeddedDatabaseUrl, facetHouse, type RunningService } from '../support/facet.js';
import { type SignedInClient, signInAs } from '../support/graphql.js';
import { startSmtp, type TestSmtp } from '../support/smtp.js';
import { askWorklist } from './console.js';
import { bookablePerson } from './people.js';
import { rowsOf, workIsDone } from './tables.js';
import { BOOK, type Booking, findOffers, first, toVisit } from './visits.js';

// Everybody wants the same camera time at once, through the real doors.

const RECEPTIONISTS = 50;
const TEST_TIMEOUT_MS = 600_000;

const house = facetHouse();
let smtp: TestSmtp;
let service: RunningService;
let reception: SignedInClient;
let referralIds: string[];

/** Letters for names, far enough apart that nobody is taken for somebody else. */
const NAMES = 'Abara Birch Castellan Dunmore Eastwick Fairholm Grantley Hollis Iveson Jardine'.split(' ');

beforeAll(async () => {
  smtp = await startSmtp();
  service = await house.start(await house.newHome(), { SMTP_URL: smtp.url });
  reception = await signInAs(service, 'reception');
  const clinician = await signInAs(service, 'clinician');
  referralIds = [];
  for (let index = 0; index < RECEPTIONISTS; index += 1) {
    const person = {
      familyName: `${NAMES[index % NAMES.length]}${'aeiou'[Math.floor(index / NAMES.length)]}`,
      givenName: 'Robin',
      dateOfBirth: `19${40 + index}-03-0${1 + (index % 9)}`,
    };
    referralIds.push((await bookablePerson({ reception, clinician }, person)).referralId);
  }
}, TEST_TIMEOUT_MS);

afterAll(() => smtp?.stop());

describe('fifty receptionists who book the same camera time at once', () => {
  it(
    'make one booking, one worklist entry and one letter; 49 hear that it is taken',
    async () => {
      const desks = await Promise.all(referralIds.map(() => signInAs(service, 'reception')));
      const { offers } = await findOffers(reception, first(referralIds, 'referral'));
      const visit = toVisit(first(offers, 'offer'));
      const answers = await Promise.all(
        desks.map((desk, index) =>
          desk.ask<{ bookScan: Booking | { code: string } }>(BOOK, {
            input: { referralId: referralIds[index], ...visit },
          }),
        ),
      );
      const codes = answers.map(({ bookScan }) => ('code' in bookScan ? bookScan.code : 'booked'));
      expect(codes.filter((code) => code === 'booked')).toHaveLength(1);
      expect(codes.filter((code) => code === 'SlotAlreadyTaken')).toHaveLength(RECEPTIONISTS - 1);

      const url = embeddedDatabaseUrl(service.home);
      await workIsDone(url);
      const count = async (table: string) =>
        Number((await rowsOf(url, `SELECT count(*) FROM ${table}`))[0]?.count);
      expect(await count('scan_bookings')).toBe(1);
      expect(await count('worklist_entries')).toBe(1);
      expect(await count('span_claims')).toBe(4);
      expect(await count('letters')).toBe(1);
      expect(await count(`audit_entries WHERE action = 'scan.booked'`)).toBe(1);
      expect(smtp.received).toHaveLength(1);
      expect((await askWorklist({ port: service.dicomPort })).answers).toHaveLength(1);
    },
    TEST_TIMEOUT_MS,
  );

  it(
    'all find a time of their own when they go on from the offers, and no two overlap',
    async () => {
      const booked = await Promise.all(
        referralIds.slice(0, 12).map(async (referralId) => {
          for (;;) {
            const { offers, obstacles } = await findOffers(reception, referralId, { limit: 20 });
            if (obstacles.some(({ code }) => code === 'ReferralAlreadyBooked')) return null;
            const input = { referralId, ...toVisit(first(offers, 'offer')) };
            const { bookScan } = await reception.ask<{ bookScan: Booking | { code: string } }>(BOOK, {
              input,
            });
            if (!('code' in bookScan)) return bookScan;
            expect(bookScan.code).toBe('SlotAlreadyTaken');
          }
        }),
      );
      const url = embeddedDatabaseUrl(service.home);
      const overlaps = await rowsOf(
        url,
        `SELECT FROM span_claims a JOIN span_claims b ON a.id < b.id AND a.resource_id = b.resource_id AND a.span && b.span
          WHERE a.released_at IS NULL AND b.released_at IS NULL`,
      );
      expect(overlaps).toEqual([]);
      await workIsDone(url);
      const live = booked.filter((booking) => booking !== null).length;
      expect(live).toBeGreaterThanOrEqual(11);
      const { answers } = await askWorklist({ port: service.dicomPort });
      expect(new Set(answers.map((answer) => answer.get('AccessionNumber'))).size).toBe(answers.length);
      expect(smtp.received.length).toBe(answers.length);
    },
    TEST_TIMEOUT_MS,
  );
});
