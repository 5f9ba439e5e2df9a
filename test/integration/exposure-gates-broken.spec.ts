import 'reflect-metadata';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Booking, first } from '../e2e/visits.js';
import {
  arrive,
  bookScan,
  check,
  correctPatient,
  enquirePregnancy,
  gatesOf,
  giveConsent,
  inject,
  justify,
  type Leaving,
  makeTraveller,
  minutesFrom,
  must,
  receiveBatch,
  requestImaging,
  type Said,
  shownOnWorklist,
  type Traveller,
  withdrawConsent,
  witness,
} from '../support/exposure-road.factory.js';
import { type Desk, openRoadHouse, type RoadHouse } from '../support/exposure-road.house.js';

// Everything is as it should be but for one thing, and the syringe is in the hand: nothing is recorded, and a sentence says
// what to do.

let house: RoadHouse;

beforeAll(async () => {
  house = await openRoadHouse('2026-03-02T09:00:00Z');
});
afterAll(() => house?.close());

interface Ready {
  readonly traveller: Traveller;
  readonly request: Said;
  readonly booking: Booking;
  readonly batch: Said;
}

/** Booked, vetted, arrived and checked but for what is left out, ten minutes after the moment of the injection. */
async function ready(
  familyName: string,
  leaving: readonly Leaving[] = [],
  expiresAfterMinutes?: number,
): Promise<Ready> {
  const traveller = await makeTraveller(house, familyName);
  const request = await requestImaging(house, traveller);
  await justify(house, request);
  const booking = await bookScan(house, traveller);
  expect(await arrive(house, booking)).toMatchObject({ __typename: 'Visit' });
  await check(house, booking.id, leaving);
  const expiry = expiresAfterMinutes === undefined ? undefined : minutesFrom(booking, expiresAfterMinutes);
  const batch = await receiveBatch(house, booking, expiry);
  return { traveller, request, booking, batch };
}

const STATE = `query S($id: ID!, $batchId: ID!, $at: Instant) {
  scanBooking(id: $id) { version status injectedAt netActivityMbq administrations { id } visit { version status } }
  tracerBatch(id: $batchId) { uses { id givenBackAt } stock(at: $at) { activityMbq } } }`;
const stateOf = ({ booking, batch }: Ready) =>
  house.desk('imaging').ask(STATE, { id: booking.id, batchId: batch.id, at: minutesFrom(booking, 0) });

/** The refusal of the injection; nothing has changed by it, and the query of the gates says the same. */
async function refused(subject: Ready): Promise<Said> {
  await house.at(minutesFrom(subject.booking, 10));
  const before = await stateOf(subject);
  const said = await inject(house, subject.booking, subject.batch.id);
  expect(await stateOf(subject)).toEqual(before);
  return said;
}

async function expectClosed(subject: Ready, gate: string, state: string, says: RegExp): Promise<void> {
  expect(await refused(subject)).toMatchObject({
    ...{ __typename: 'GateClosed', gate, state, stage: 'INJECTION', message: expect.stringMatching(says) },
  });
  const gates = await gatesOf(house, subject.booking.id);
  expect(gates.get(gate)).toMatchObject({ state, strictness: 'HARD' });
  const others = ['CONSENT_IN_FORCE', 'IDENTITY_CHECKED', 'PREGNANCY_ENQUIRED', 'SAFETY_CHECKED'];
  const alsoClosed = others.filter((code) => code !== gate && gates.get(code)?.state !== 'PASSED');
  expect(alsoClosed).toEqual([]);
}

const given = async ({ booking, batch }: Ready) => (await inject(house, booking, batch.id)).__typename;

describe('one thing is not done', () => {
  it.each<[string, Leaving, string, RegExp]>([
    ['Identity', 'IDENTITY', 'IDENTITY_CHECKED', /three points/],
    ['Pregnancy', 'PREGNANCY', 'PREGNANCY_ENQUIRED', /pregnan/i],
    ['Witness', 'WITNESS', 'PREGNANCY_ENQUIRED', /witness|second/i],
    ['Feeding', 'BREAST_FEEDING', 'BREAST_FEEDING_ENQUIRED', /breast/i],
    ['Safety', 'SAFETY', 'SAFETY_CHECKED', /safety|checklist/i],
  ])('%s: nothing is injected', async (name, leaving, gate, says) => {
    const subject = await ready(name, [leaving]);
    await expectClosed(subject, gate, 'WAITING', says);
  });

  it('a pregnancy that cannot be excluded waits for the practitioner', async () => {
    const subject = await ready('Uncertain', ['PREGNANCY']);
    const { id } = await enquirePregnancy(house, subject.booking.id, 'CANNOT_BE_EXCLUDED');
    await witness(house, id);
    await expectClosed(subject, 'PREGNANCY_ENQUIRED', 'WAITING', /practitioner/);
  });

  it('nothing is left out, and it is given', async () => {
    const subject = await ready('Complete');
    await house.at(minutesFrom(subject.booking, 10));
    expect(await given(subject)).toBe('Administration');
  });
});

describe('something is taken back after the patient has come', () => {
  it('the consent: the booking is flagged, and gone from the worklist with the same commit', async () => {
    const subject = await ready('Withdrawing');
    const { booking, traveller } = subject;
    const { accessionNumber } = booking;
    expect(await shownOnWorklist(house, booking)).toEqual([accessionNumber]);
    await withdrawConsent(house, traveller.patientId);
    expect(await shownOnWorklist(house, booking)).toEqual([]);
    const FLAG = 'query F($id: ID!) { scanBooking(id: $id) { consentWithdrawnAt imagingConsentInForce } }';
    expect(await house.desk('imaging').ask(FLAG, { id: booking.id })).toEqual({
      scanBooking: { consentWithdrawnAt: minutesFrom(booking, -45), imagingConsentInForce: false },
    });
    await expectClosed(subject, 'CONSENT_IN_FORCE', 'FAILED', /consent/i);
    await giveConsent(house, traveller.patientId);
    expect(await shownOnWorklist(house, booking)).toEqual([accessionNumber]);
  });

  it('the completeness of the request: hidden, stopped at the desk, and stopped with the syringe in the hand', async () => {
    const traveller = await makeTraveller(house, 'Younger', { dateOfBirth: '1960-07-12' });
    const unsaid = { pregnancy: null, lastMenstrualPeriodOn: null, breastFeeding: null };
    const request = await requestImaging(house, traveller, unsaid);
    await justify(house, request);
    const booking = await bookScan(house, traveller);
    const { patientId } = traveller;
    const wrong = { dateOfBirth: '1985-07-12' };
    const right = { dateOfBirth: '1960-07-12' };
    expect(await shownOnWorklist(house, booking)).toEqual([booking.accessionNumber]);
    await correctPatient(house, patientId, wrong);
    expect(await shownOnWorklist(house, booking)).toEqual([]);
    expect(await arrive(house, booking)).toMatchObject({
      ...{ code: 'CompanionRefused', message: expect.stringMatching(/pregnan/i) },
    });
    await correctPatient(house, patientId, right);
    expect(await arrive(house, booking)).toMatchObject({ __typename: 'Visit' });
    await check(house, booking.id);
    const batch = await receiveBatch(house, booking);
    await correctPatient(house, patientId, wrong);
    const subject = { traveller, request, booking, batch };
    await expectClosed(subject, 'REQUEST_COMPLETE', 'WAITING', /pregnan/i);
    await correctPatient(house, patientId, right);
    expect(await given(subject)).toBe('Administration');
  });

  it('the entitlement of whoever injects', async () => {
    const subject = await ready('Unentitled');
    const staffId = house.desk('imaging').accountId;
    const HELD = `query E($staffId: ID!) { entitlements(filter: { staffId: $staffId, act: ADMINISTER_TRACER }) { id } }`;
    const { entitlements } = await house
      .desk('manager')
      .ask<{ entitlements: readonly { id: string }[] }>(HELD, { staffId });
    const ending = { on: house.day(), reason: 'The course is to be repeated.' };
    for (const { id: entitlementId } of entitlements) {
      const end = ['endEntitlement', 'EndEntitlementInput'] as const;
      await must(house, 'manager', end, { entitlementId, ...ending });
    }
    expect(await refused(subject)).toMatchObject({
      ...{ __typename: 'GateClosed', gate: 'OPERATOR_ENTITLED', state: 'FAILED', stage: 'INJECTION' },
      message: expect.stringMatching(/entitled/i),
    });
    await must(house, 'manager', ['entitleStaff', 'EntitleStaffInput'], {
      ...{ staffId, acts: ['ADMINISTER_TRACER'], validFrom: house.day(), reviewOn: house.day(365) },
      evidence: 'The course was passed.',
    });
    expect(await given(subject)).toBe('Administration');
  });

  it.each([
    ['justification', 'withdrawJustification', 'WithdrawJustificationInput', 'JUSTIFIED'],
    ['authorisation', 'withdrawAuthorisation', 'WithdrawAuthorisationInput', 'AUTHORISED'],
  ])('the %s', async (name, operation, input, gate) => {
    const subject = await ready(`No${name}`);
    const words = { requestId: subject.request.id, reason: 'New letter.' };
    await must(house, 'clinician', [operation, input], words);
    // Without a justification nobody is authorised, and nobody's licence counts: what has to be done first stands first.
    await expectClosed(subject, gate, 'WAITING', /practitioner has to decide/);
    const gates = await gatesOf(house, subject.booking.id);
    expect(gates.get('AUTHORISED')).toMatchObject({ state: 'WAITING' });
    expect(gates.get('JUSTIFIED')?.state).toBe(name === 'justification' ? 'WAITING' : 'PASSED');
  });
});

describe('a batch', () => {
  it('is refused one minute past its expiry, and used in its last minute', async () => {
    const late = await ready('Expired', [], -1);
    expect(await refused(late)).toMatchObject({
      ...{ __typename: 'BatchExpired', expiresAt: minutesFrom(late.booking, -1) },
      message: expect.stringMatching(/batch/i),
    });
    const inTime = await ready('Lastminute', [], 1);
    await house.at(minutesFrom(inTime.booking, 10));
    expect(await given(inTime)).toBe('Administration');
  });
});

interface Licences {
  readonly [list: string]: readonly { readonly id: string; readonly number: string }[];
}

describe('a licence that ended the day before', () => {
  it.each<[string, string, string, string, RegExp]>([
    ['Employer', 'employerLicences', 'recordEmployerLicence', 'EMPLOYER_LICENCE', /licence/i],
    ['Practitioner', 'practitionerLicences', 'recordPractitionerLicence', 'PRACTITIONER_LICENCE', /licence/i],
  ])('%s: stops the injection until another is on record', async (name, list, record, gate, says) => {
    const subject = await ready(`${name}less`);
    const manager: Desk = 'manager';
    const data = await house.desk(manager).ask<Licences>(`{ ${list} { id number } }`);
    const { id: licenceId } = first(data[list] ?? [], 'licence');
    await must(house, manager, ['endLicence', 'EndLicenceInput'], {
      ...{ licenceId, on: house.day(-1), reason: 'It was not renewed.' },
    });
    await expectClosed(subject, gate, 'FAILED', says);
    const holder =
      name === 'Employer' ? { siteCode: 'MAIN' } : { staffId: house.desk('clinician').accountId };
    const term = { validFrom: house.day(), validUntil: house.day(365), source: 'The letter of today.' };
    const procedureCodes = ['BONE_SPECT_CT'];
    const input = { ...holder, ...term, number: `${name}/2`, procedureCodes };
    await must(house, manager, [record, `R${record.slice(1)}Input`], input);
    expect(await given(subject)).toBe('Administration');
  });
});
