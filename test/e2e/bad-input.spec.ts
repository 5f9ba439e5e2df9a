import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { embeddedDatabaseUrl, facetHouse, type RunningService } from '../support/facet.js';
import { GraphqlClient, SIGN_IN, type SignedInClient, signInAs } from '../support/graphql.js';
import { startSmtp, type TestSmtp } from '../support/smtp.js';
import { NOBODY } from './operations.js';
import { stateOf, workIsDone } from './tables.js';
import {
  BOOK,
  type Booking,
  book,
  CANCEL,
  cancel,
  type DemoReferral,
  findOffers,
  first,
  MOVE,
  type Offer,
  referralOf,
  toVisit,
  type VisitInput,
} from './visits.js';

// Each bad input has a clear typed answer, and nothing is changed by it: neither a row nor a mail.

const house = facetHouse();
let smtp: TestSmtp;
let service: RunningService;
let databaseUrl: string;
let reception: SignedInClient;
let clinician: SignedInClient;
let signedOut: GraphqlClient;

beforeAll(async () => {
  smtp = await startSmtp();
  service = await house.start(await house.newHome(), { SMTP_URL: smtp.url, LOG_LEVEL: 'trace' });
  databaseUrl = embeddedDatabaseUrl(service.home);
  reception = await signInAs(service, 'reception');
  clinician = await signInAs(service, 'clinician');
  signedOut = new GraphqlClient(service.httpUrl);
});

afterAll(() => smtp?.stop());

const REGISTER = `mutation Register($input: RegisterPatientInput!) {
  registerPatient(input: $input) { __typename ... on Patient { id } ... on Refusal { code message } } }`;

const somebody = {
  familyName: 'Quill',
  givenName: 'Nadia',
  dateOfBirth: '1991-04-02',
  sexForClinicalUse: 'FEMALE',
  statedGender: 'FEMALE',
  addressLines: ['9 Draft Row', 'London'],
  postcode: 'N1 9GU',
  contactPreference: 'LETTER',
};

/** Asserts around each test of a `describe` that no row of the clinic and no mail came of it. */
function nothingChanges(): void {
  let before: Readonly<Record<string, string>>;
  let mails: number;
  beforeEach(async () => {
    await workIsDone(databaseUrl);
    before = await stateOf(databaseUrl);
    mails = smtp.received.length;
  });
  afterEach(async () => {
    await workIsDone(databaseUrl);
    expect(await stateOf(databaseUrl)).toEqual(before);
    expect(smtp.received).toHaveLength(mails);
  });
}

describe('booking', () => {
  nothingChanges();
  let accepted: DemoReferral;
  let offer: Offer;
  let visit: VisitInput;
  let latestOn: string;

  beforeAll(async () => {
    accepted = await referralOf(reception, 'Brontë-Hale');
    const found = await findOffers(reception, accepted.id);
    offer = first(found.offers, 'offer');
    visit = toVisit(offer);
    latestOn = found.latestOn;
  });

  const shifted = (days: number): VisitInput => {
    const by = (instant: string) => new Date(Date.parse(instant) + days * 86_400_000).toISOString();
    return { ...visit, injectionStartsAt: by(visit.injectionStartsAt), scanStartsAt: by(visit.scanStartsAt) };
  };
  const refused = (input: object) =>
    reception.refusal(BOOK, { input: { referralId: accepted.id, ...visit, ...input } });
  const faulted = (input: object) =>
    reception.fault(BOOK, { input: { referralId: accepted.id, ...visit, ...input } });

  it('for a referral that nobody has accepted', async () => {
    const waiting = await referralOf(reception, 'Zieliński');
    expect(waiting.status).toBe('RECEIVED');
    expect(await refused({ referralId: waiting.id })).toMatchObject({ code: 'ReferralNotAccepted' });
  });

  it('without consent to imaging', async () => {
    const { id } = await referralOf(reception, 'Nair');
    expect(await refused({ referralId: id })).toMatchObject({ code: 'ConsentMissing' });
    const { obstacles } = await findOffers(reception, id);
    expect(obstacles.map(({ code }) => code)).toEqual(['ConsentMissing']);
  });

  it('in the past, too soon and too late', async () => {
    expect(await refused(shifted(-365))).toMatchObject({ code: 'InThePast' });
    expect(await refused(shifted(-7))).toMatchObject({
      code: expect.stringMatching(/InThePast|TooSoonForLeadTime/),
    });
    const day = `${latestOn}T10:00:00Z`;
    const beyond = new Date(Date.parse(day) + 7 * 86_400_000).toISOString();
    const later = new Date(Date.parse(beyond) + 3.5 * 3_600_000).toISOString();
    expect(await refused({ injectionStartsAt: beyond, scanStartsAt: later })).toMatchObject({
      code: 'BeyondDiary',
    });
  });

  it('outside the uptake window and outside the opening hours', async () => {
    expect(await refused({ scanStartsAt: visit.injectionStartsAt })).toMatchObject({
      code: 'UptakeOutsideProtocol',
    });
    const atNight = `${visit.injectionStartsAt.slice(0, 10)}T01:00:00Z`;
    const threeHoursOn = `${visit.injectionStartsAt.slice(0, 10)}T04:00:00Z`;
    expect(await refused({ injectionStartsAt: atNight, scanStartsAt: threeHoursOn })).toMatchObject({
      code: 'OutsideOpeningHours',
    });
  });

  it('with ids of nothing, ids of something else and ids that are none', async () => {
    expect((await faulted({ referralId: NOBODY })).extensions.code).toBe('NOT_FOUND');
    for (const field of ['cameraId', 'injectionRoomId', 'injectionTechnologistId', 'scanTechnologistId']) {
      const unknown = await faulted({ [field]: NOBODY });
      expect([field, unknown.extensions.code]).toEqual([field, 'BAD_INPUT']);
      expect(unknown.message).toContain(field);
      const malformed = await faulted({ [field]: "1' OR '1'='1" });
      expect([field, malformed.extensions.code]).toEqual([field, 'BAD_INPUT']);
      expect(malformed.message).toContain(field);
    }
    const swapped = await faulted({ cameraId: visit.injectionRoomId });
    expect(swapped.message).toContain('CAMERA');
    expect((await faulted({ referralId: 'referral' })).extensions.code).toBe('BAD_INPUT');
    expect((await faulted({ protocolCode: 'NO_SUCH_PROTOCOL' })).extensions.code).toMatch(
      /BAD_INPUT|NOT_FOUND/,
    );
  });

  it.each([
    'yesterday',
    '2027-02-30T10:00:00Z',
    '2027-01-04T10:00:00',
    '2027-01-04',
    '',
    '99999-01-01T00:00:00Z',
  ])('at the time "%s"', async (injectionStartsAt) => {
    const fault = await faulted({ injectionStartsAt });
    expect(fault.extensions.code).toBe('BAD_INPUT');
    expect(fault.message).toMatch(/ISO 8601/);
  });

  it.each([null, 5, [], { at: 'ten' }])('at the time %j', async (injectionStartsAt) => {
    expect((await faulted({ injectionStartsAt })).extensions.code).toBe('BAD_INPUT');
  });
});

describe('a booking that stands', () => {
  let booking: Booking;
  let offers: readonly Offer[];

  beforeAll(async () => {
    const { id } = await referralOf(reception, 'Marsh');
    offers = (await findOffers(reception, id, { limit: 50 })).offers;
    booking = await book(reception, id, toVisit(first(offers, 'offer')));
  });

  describe('is not disturbed by', () => {
    nothingChanges();

    it('another patient at the same or an overlapping time', async () => {
      const other = await referralOf(reception, 'Brontë-Hale');
      const visit = toVisit(first(offers, 'offer'));
      const taken = await reception.refusal(BOOK, { input: { referralId: other.id, ...visit } });
      expect(taken).toMatchObject({ code: 'SlotAlreadyTaken' });
      const later = new Date(Date.parse(visit.scanStartsAt) + 15 * 60_000).toISOString();
      const overlapping = await reception.refusal(BOOK, {
        input: { referralId: other.id, ...visit, scanStartsAt: later },
      });
      expect(overlapping).toMatchObject({ code: 'SlotAlreadyTaken' });
    });

    it('a second booking for the same referral', async () => {
      const elsewhere = first(
        offers.filter(({ scanLocal }) => scanLocal.date !== booking.scanLocal.date),
        'offer on another day',
      );
      const input = { referralId: booking.referralId, ...toVisit(elsewhere) };
      expect(await reception.refusal(BOOK, { input })).toMatchObject({ code: 'ReferralAlreadyBooked' });
    });

    it('a move by somebody who read an older version, or a booking that is not there', async () => {
      const visit = toVisit(first(offers.slice(-1), 'offer'));
      const input = { scanBookingId: booking.id, version: booking.version + 7, ...visit };
      expect(await reception.refusal(MOVE, { input })).toMatchObject({ code: 'ScanChangedMeanwhile' });
      const unknown = await reception.fault(MOVE, { input: { ...input, scanBookingId: NOBODY } });
      expect(unknown.extensions.code).toBe('NOT_FOUND');
      const negative = await reception.fault(MOVE, { input: { ...input, version: -1 } });
      expect(negative.extensions.code).toBe('BAD_INPUT');
      const huge = await reception.fault(MOVE, { input: { ...input, version: 2 ** 40 } });
      expect(huge.extensions.code).toBe('BAD_INPUT');
    });

    it('a cancellation without the comment that its reason wants, with too long a one, or of nothing', async () => {
      const input = { scanBookingId: booking.id, reason: 'OTHER' };
      expect(await reception.refusal(CANCEL, { input })).toMatchObject({ code: 'CancelCommentMissing' });
      const blank = await reception.send(CANCEL, { input: { ...input, comment: '   ' } });
      expect(JSON.stringify(blank.data ?? blank.errors)).toMatch(/CancelCommentMissing|BAD_INPUT/);
      const long = await reception.fault(CANCEL, { input: { ...input, comment: 'x'.repeat(501) } });
      expect(long.extensions.code).toBe('BAD_INPUT');
      const unknown = await reception.fault(CANCEL, {
        input: { ...input, scanBookingId: NOBODY, comment: 'x' },
      });
      expect(unknown.extensions.code).toBe('NOT_FOUND');
      const reason = await reception.fault(CANCEL, { input: { ...input, reason: 'BORED' } });
      expect(reason.extensions.code).toBe('BAD_INPUT');
    });
  });

  it('can be cancelled once', async () => {
    await cancel(reception, booking);
    const input = { scanBookingId: booking.id, reason: 'PATIENT_REQUEST' };
    expect(await reception.refusal(CANCEL, { input })).toMatchObject({ code: 'ScanAlreadyCancelled' });
    const move = {
      scanBookingId: booking.id,
      version: booking.version + 1,
      ...toVisit(first(offers, 'offer')),
    };
    expect(await reception.refusal(MOVE, { input: move })).toMatchObject({ code: 'ScanAlreadyCancelled' });
  });

  it('cannot be made once consent is withdrawn', async () => {
    const { id, patient } = await referralOf(reception, 'Marsh');
    const withdrawn = await reception.ask<{ withdrawConsent: { __typename: string } }>(
      `mutation Withdraw($input: WithdrawConsentInput!) { withdrawConsent(input: $input) { __typename } }`,
      {
        input: {
          patientId: patient.id,
          purpose: 'IMAGING_TRACER_AND_XRAYS',
          givenBy: 'PATIENT',
          method: 'TELEPHONE',
        },
      },
    );
    expect(withdrawn.withdrawConsent.__typename).toBe('ConsentRecord');
    const input = { referralId: id, ...toVisit(first(offers, 'offer')) };
    const refusal = await reception.refusal(BOOK, { input });
    expect(refusal).toMatchObject({ code: 'ConsentMissing' });
    expect(refusal.message).toMatch(/withdr/i);
  });
});

describe('registration', () => {
  nothingChanges();

  it.each([
    ['familyName', 'x'.repeat(65)],
    ['givenName', 'é'.repeat(65)],
    ['familyName', 'A^B'],
    ['familyName', 'A=B'],
    ['givenName', 'A\\B'],
    ['givenName', 'A\u0000B'],
    ['givenName', 'A\nB'],
    ['middleNames', 'A\u001bB'],
    ['namePrefix', '\u202eDr'],
    ['familyName', ''],
    ['familyName', ' \u00a0 '],
    ['postcode', 'x'.repeat(13)],
    ['postcode', 'N1\u0000 9GU'],
    ['addressLines', ['x'.repeat(65)]],
    ['addressLines', ['1\u0000']],
    ['addressLines', Array.from({ length: 7 }, () => 'line')],
    ['nhsNumber', '999 000 0019'],
    ['nhsNumber', '0000000000'],
    ['nhsNumber', '1111111111'],
    ['email', 'nobody'],
    ['email', 'a@example.org\r\nBcc: b@example.org'],
    ['phones', [{ kind: 'MOBILE', number: '12' }]],
    ['phones', [{ kind: 'MOBILE', number: '0\u00007700900123' }]],
    ['dateOfBirth', '1899-12-31'],
    ['dateOfBirth', '2199-01-01'],
    ['dateOfBirth', '1991-02-29'],
    ['dateOfBirth', '1991-4-2'],
    ['sexForClinicalUse', 'OTHER'],
    ['confirmedDifferentFrom', ['me']],
  ])('with %s %j', async (field, value) => {
    const fault = await reception.fault(REGISTER, { input: { ...somebody, [field]: value } });
    expect(fault.extensions.code).toBe('BAD_INPUT');
    expect(fault.message).toMatch(new RegExp(`${field}|YYYY-MM-DD`, 'i'));
    expect(fault.message).not.toContain('\u0000');
  });

  it('of a name that fits part by part and not as a whole', async () => {
    const input = { ...somebody, familyName: 'a'.repeat(32), givenName: 'b'.repeat(32) };
    expect((await reception.fault(REGISTER, { input })).message).toMatch(/whole name/);
  });

  it('of somebody who is registered', async () => {
    const input = {
      ...somebody,
      familyName: 'BRONTE HALE',
      givenName: 'Zoe',
      dateOfBirth: '1974-05-18',
      nhsNumber: '9990000018',
    };
    expect(await reception.refusal(REGISTER, { input })).toMatchObject({ code: 'NhsNumberTaken' });
    const withoutNumber = await reception.refusal(REGISTER, { input: { ...input, nhsNumber: null } });
    expect(withoutNumber).toMatchObject({ code: 'LikelyDuplicate' });
  });
});

describe('a request', () => {
  nothingChanges();

  it.each([
    ['malformed JSON', { body: '{"query": ' }],
    ['nothing', { body: '' }],
    ['an empty object', { body: '{}' }],
    ['a query that is null', { body: '{"query":null}' }],
    ['a query that is a number', { body: '{"query":5}' }],
    ['a query that is blank', { body: '{"query":"  "}' }],
    ['null', { body: 'null' }],
    ['a batch', { body: '[{"query":"{ __typename }"},{"query":"{ __typename }"}]' }],
    ['variables that are text', { body: '{"query":"{ __typename }","variables":"x"}' }],
    ['a persisted query', { body: '{"extensions":{"persistedQuery":{"version":1,"sha256Hash":"ab"}}}' }],
    [
      'a body over the limit',
      { body: JSON.stringify({ query: `{ __typename } #${'x'.repeat(110 * 1024)}` }) },
    ],
    ['plain text', { body: '{"query":"{ __typename }"}', headers: { 'content-type': 'text/plain' } }],
    ['half a query', { body: '{"query":"{ patient(id: "}' }],
    ['a field that does not exist', { body: '{"query":"{ nothing }"}' }],
    ['a subscription', { body: '{"query":"subscription { a }"}' }],
    ['two operations and no name', { body: '{"query":"query A { __typename } query B { __typename }"}' }],
    ['a mutation by GET', { method: 'GET', query: '?query=mutation%7BsignOut%7Bid%7D%7D' }],
  ])('with %s', async (_, request) => {
    const answer = await reception.raw(request);
    expect(answer.contentType).toMatch(/^application\/json/);
    expect(answer.data).toBeNull();
    expect(answer.errors.map(({ extensions }) => extensions.code)).toContain('BAD_INPUT');
    expect(answer.text).not.toMatch(/node_modules|at \w+ \(/);
  });

  it('that is fifty levels deep, by itself or through fragments', async () => {
    const level = (count: number): string =>
      count === 0 ? 'id' : `patient { scanBookings { ${level(count - 1)} } }`;
    const plain = await reception.send(`{ scanBookings { items { ${level(24)} } } }`);
    const fragments = Array.from(
      { length: 24 },
      (_, index) =>
        `fragment F${index} on ScanBooking { patient { scanBookings { ${index === 23 ? 'id' : `...F${index + 1}`} } } }`,
    ).join(' ');
    const hidden = await reception.send(`{ scanBookings { items { ...F0 } } } ${fragments}`);
    for (const answer of [plain, hidden]) {
      expect(answer.data).toBeNull();
      expect(answer.errors[0]?.extensions.code).toBe('BAD_INPUT');
      expect(answer.errors[0]?.message).toMatch(/depth|objects/);
    }
  });

  it.each([
    ['at the top', 'currentStaff { account { id } }'],
    ['of what costs nothing', '__typename'],
  ])('with 1,000 aliases %s', async (_, field) => {
    const aliases = Array.from({ length: 1_000 }, (_value, index) => `a${index}: ${field}`).join(' ');
    const answer = await reception.send(`{ ${aliases} }`);
    expect(answer.data).toBeNull();
    expect(answer.errors[0]?.extensions.code).toBe('BAD_INPUT');
    expect(answer.errors[0]?.message).toMatch(/alias/i);
  });

  it('that asks the same thing thousands of times', async () => {
    const answer = await signedOut.send(`{ ${'currentStaff { account { id } } '.repeat(2_500)} }`);
    expect(answer.data).toBeNull();
    expect(answer.errors[0]?.extensions.code).toMatch(/BAD_INPUT|UNAUTHENTICATED/);
  });
});

describe('signing in', () => {
  const attempt = (email: string, password: string) =>
    signedOut.refusal(SIGN_IN, { input: { email, password } });

  it('gives the same answer for an unknown address and a wrong password', async () => {
    const unknown = await attempt('nobody@facet.example', 'a wrong password');
    const wrong = await attempt('imaging@facet.example', 'a wrong password');
    expect(unknown).toEqual(wrong);
    expect(wrong.code).toBe('SignInFailed');
  });

  it('with text that no account can have', async () => {
    for (const email of ['', ' ', 'x'.repeat(5_000), 'a\u0000@facet.example', '\ud800@facet.example']) {
      const answer = await signedOut.send(SIGN_IN, { input: { email, password: 'a wrong password' } });
      expect(answer.text).toMatch(/SignInFailed|BAD_INPUT/);
    }
    const long = await signedOut.fault(SIGN_IN, {
      input: { email: 'a@b.example', password: 'x'.repeat(5_000) },
    });
    expect(long.extensions.code).toBe('BAD_INPUT');
  });

  it('many times in one request is refused, and leaves the account as it was', async () => {
    const flood = Array.from(
      { length: 20 },
      (_, index) =>
        `s${index}: signIn(input: { email: "mdt@facet.example", password: "guess number ${index}" }) { __typename }`,
    ).join(' ');
    const answer = await signedOut.send(`mutation { ${flood} }`);
    expect(answer.data).toBeNull();
    expect(answer.errors[0]?.extensions.code).toBe('BAD_INPUT');
    expect((await signInAs(service, 'mdt')).accountId).not.toBe('');
  });

  it('is over when the session has ended', async () => {
    const imaging = await signInAs(service, 'imaging');
    await imaging.ask('mutation { signOut { id revokedAt } }');
    const ended = await imaging.fault('{ currentStaff { account { id } } }');
    const never = await new GraphqlClient(service.httpUrl, 'never-a-token').fault(
      '{ currentStaff { account { id } } }',
    );
    const none = await signedOut.fault('{ currentStaff { account { id } } }');
    expect([ended, never, none].map(({ extensions }) => extensions.code)).toEqual([
      'UNAUTHENTICATED',
      'UNAUTHENTICATED',
      'UNAUTHENTICATED',
    ]);
    expect(new Set([ended, never, none].map(({ message }) => message)).size).toBe(1);
  });

  it('is not made possible by other ways of writing the token', async () => {
    for (const authorization of [
      'Bearer',
      `bearer ${clinician.token}`,
      `Basic ${clinician.token}`,
      'Bearer  x y',
    ]) {
      const answer = await signedOut.raw({
        body: '{"query":"{ currentStaff { account { id } } }"}',
        headers: { authorization },
      });
      expect([authorization.slice(0, 8), answer.errors[0]?.extensions.code]).toEqual([
        authorization.slice(0, 8),
        'UNAUTHENTICATED',
      ]);
    }
  });
});

it('has logged nothing of what people typed', () => {
  const databaseLog = readFileSync(join(service.home, 'postgres.log'), 'utf8');
  // The digits of a time taken, such as 36.99900000017 ms, are nobody's NHS number.
  for (const log of [service.output(), databaseLog]) {
    expect(log).not.toMatch(/Bront|Quill|Marsh|(?<!\d|\.\d*)999 ?000 ?00|a wrong password|guess number/);
  }
});
