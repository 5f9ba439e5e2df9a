import 'reflect-metadata';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Temporal } from '../../src/platform/time/index.js';
import { standingOf, worklistItems } from '../e2e/imaging.js';
import { type Booking, first } from '../e2e/visits.js';
import {
  arrive,
  bookScan,
  checkIdentity,
  checkSafety,
  enquireBreastFeeding,
  enquirePregnancy,
  type GateSeen,
  gatesOf,
  inject,
  justify,
  makeTraveller,
  minutesFrom,
  must,
  receiveBatch,
  requestImaging,
  type Said,
  shownOnWorklist,
  type Traveller,
  witness,
} from '../support/exposure-road.factory.js';
import { CLINIC_ZONE, openRoadHouse, type RoadHouse } from '../support/exposure-road.house.js';
import { MppsScu } from '../support/mpps-scu.js';
import { performedStep } from '../support/performed-step.factory.js';

// One scan from the referral to the acknowledged report, through every gate, and what the gates and the camera show on the way.

let house: RoadHouse;
let traveller: Traveller;
let request: Said;
let booking: Booking;
let gates: ReadonlyMap<string, GateSeen> = new Map();

beforeAll(async () => {
  house = await openRoadHouse('2026-03-02T09:00:00Z');
});
afterAll(() => house?.close());

const look = async () => {
  gates = await gatesOf(house, booking.id);
};
const statesOf = (...codes: readonly string[]) => codes.map((code) => `${code} ${gates.get(code)?.state}`);
const strictnessOf = (code: string, stage: string) =>
  gates.get(code)?.stages.find((standing) => standing.stage === stage)?.strictness;

const shown = () => shownOnWorklist(house, booking);

it('is booked before it is vetted: the gates advise, and the camera is not offered it', async () => {
  traveller = await makeTraveller(house, 'Wayfarer');
  booking = await bookScan(house, traveller);
  await look();
  const waiting = ['REQUEST_COMPLETE', 'JUSTIFIED', 'AUTHORISED'];
  expect(statesOf(...waiting)).toEqual(waiting.map((code) => `${code} WAITING`));
  for (const code of waiting) {
    expect(strictnessOf(code, 'BOOKING')).toBe('ADVISORY');
    expect(strictnessOf(code, 'PUBLICATION')).toBe('HARD');
    expect(gates.get(code)?.reason.length).toBeGreaterThan(20);
  }
  expect(gates.get('CONSENT_IN_FORCE')).toMatchObject({ state: 'PASSED' });
  expect(await shown()).toEqual([]);
});

it('is on the worklist as soon as it is authorised, and not before', async () => {
  request = await requestImaging(house, traveller);
  expect(request).toMatchObject({ status: 'SUBMITTED', isComplete: true, missing: [] });
  await justify(house, request, false);
  await look();
  expect(statesOf('REQUEST_COMPLETE', 'JUSTIFIED', 'AUTHORISED')).toEqual([
    'REQUEST_COMPLETE PASSED',
    'JUSTIFIED PASSED',
    'AUTHORISED WAITING',
  ]);
  expect(await shown()).toEqual([]);
  await must(house, 'clinician', ['authoriseImagingRequest', 'AuthoriseImagingRequestInput'], {
    ...{ requestId: request.id, revision: request.revision },
  });
  await look();
  for (const code of ['JUSTIFIED', 'AUTHORISED']) {
    expect(gates.get(code)).toMatchObject({
      ...{ state: 'PASSED', byName: 'Dr Callum Iversen', at: '2026-03-02T09:00:00Z' },
      byId: house.desk('clinician').accountId,
    });
  }
  expect(statesOf('EMPLOYER_LICENCE', 'PRACTITIONER_LICENCE')).toEqual([
    'EMPLOYER_LICENCE PASSED',
    'PRACTITIONER_LICENCE PASSED',
  ]);
  expect(await shown()).toEqual([booking.accessionNumber]);
});

const CHECKS = ['IDENTITY_CHECKED', 'PREGNANCY_ENQUIRED', 'BREAST_FEEDING_ENQUIRED', 'SAFETY_CHECKED'];

it('comes, and each check opens its gate and no other', async () => {
  expect(await arrive(house, booking)).toMatchObject({ __typename: 'Visit', status: 'ARRIVED' });
  const id = booking.id;
  const steps: readonly [string, () => Promise<unknown>][] = [
    ['IDENTITY_CHECKED', () => checkIdentity(house, id)],
    ['PREGNANCY_ENQUIRED', async () => witness(house, (await enquirePregnancy(house, id)).id)],
    ['BREAST_FEEDING_ENQUIRED', () => enquireBreastFeeding(house, id)],
    ['SAFETY_CHECKED', () => checkSafety(house, id)],
  ];
  await look();
  expect(statesOf(...CHECKS)).toEqual(CHECKS.map((code) => `${code} WAITING`));
  for (const [index, [code, make]] of steps.entries()) {
    await make();
    await look();
    const passed = CHECKS.map((name, place) => `${name} ${place <= index ? 'PASSED' : 'WAITING'}`);
    expect(statesOf(...CHECKS)).toEqual(passed);
    expect(gates.get(code)).toMatchObject({ byName: 'Maya Lindqvist', at: minutesFrom(booking, -45) });
  }
});

it('is injected: 776.94 MBq, with the operator, the batch and the dose on record', async () => {
  const batch = await receiveBatch(house, booking);
  await house.at(minutesFrom(booking, 10));
  const given = await inject(house, booking, batch.id);
  expect(given).toMatchObject({
    __typename: 'Administration',
    current: {
      ...{ operatorId: house.desk('imaging').accountId, measuredActivityMbq: 820, closedGates: [] },
      netActivityMbq: expect.closeTo(776.94, 2),
      administeredOn: house.day(),
    },
  });
  await look();
  expect(statesOf('BATCH_VALID', 'OPERATOR_ENTITLED')).toEqual([
    'BATCH_VALID PASSED',
    'OPERATOR_ENTITLED PASSED',
  ]);
  for (const code of ['BATCH_VALID', 'OPERATOR_ENTITLED']) {
    expect(gates.get(code)).toMatchObject({ byName: 'Maya Lindqvist', at: minutesFrom(booking, 0) });
    expect(gates.get(code)?.byId).toBe(house.desk('imaging').accountId);
  }
});

const BOARD = `query B($date: LocalDate!) { dayBoard(date: $date) { rows { visitId
  uptake { state injectedAt minutesSince needsExplanation } } } }`;

async function uptake(): Promise<object | undefined> {
  interface Board {
    readonly dayBoard: { readonly rows: readonly { visitId: string; uptake: object }[] };
  }
  const { dayBoard } = await house.desk('reception').ask<Board>(BOARD, { date: house.day() });
  return dayBoard.rows.find(({ visitId }) => visitId === booking.id)?.uptake;
}

it('waits for the uptake on the day board', async () => {
  expect(await uptake()).toMatchObject({ state: 'TOO_SOON', minutesSince: 10 });
  await house.at(minutesFrom(booking, 180));
  expect(await uptake()).toMatchObject({ state: 'READY', minutesSince: 180, needsExplanation: false });
  expect(await shown()).toEqual([booking.accessionNumber]);
});

/** `2026-03-09` and `12:15:00` as the console writes an instant. */
function dicomMoment(instant: Temporal.Instant | string) {
  const local = Temporal.Instant.from(instant).toZonedDateTimeISO(CLINIC_ZONE);
  const [date, time] = [
    local.toPlainDate().toString(),
    local.toPlainTime().toString({ smallestUnit: 'second' }),
  ];
  return { date: date.replaceAll('-', ''), time: time.replaceAll(':', '') };
}

it('is acquired: the scanner says when, and a person says with what CT dose', async () => {
  const { port, callingAETitle } = { port: house.dicomPort, callingAETitle: 'SPECTCT1' };
  const scanner = await MppsScu.open({ port, callingAETitle });
  try {
    const begun = dicomMoment(house.clock.now());
    const items = await worklistItems(scanner, booking.accessionNumber);
    const step = performedStep({ startDate: begun.date, startTime: begun.time, items });
    expect(await scanner.nCreate(step.sopInstanceUID, step.begun)).toMatchObject({ status: 0 });
    expect(await uptake()).toMatchObject({ state: 'SCAN_BEGUN', needsExplanation: false });
    await look();
    expect(gates.get('UPTAKE_IN_WINDOW')).toMatchObject({ state: 'PASSED' });
    await house.at(minutesFrom(booking, 235));
    const ended = dicomMoment(house.clock.now());
    const completed = step.completed({ endDate: ended.date, endTime: ended.time });
    expect(await scanner.nSet(step.sopInstanceUID, completed)).toMatchObject({ status: 0 });
  } finally {
    scanner.destroy();
  }
  expect(await standingOf(house.desk('imaging'), booking.id)).toMatchObject({
    ...{ status: 'COMPLETED', startedAt: minutesFrom(booking, 180), endedAt: minutesFrom(booking, 235) },
  });
  const operation = ['recordCtDose', 'RecordCtDoseInput', '... on CtDose { dlpMgyCm }'] as const;
  const figures = { series: '2', ctdiVolMgy: 3.2, dlpMgyCm: 128, phantom: 'BODY_32_CM' };
  const dose = await must(house, 'imaging', operation, { scanBookingId: booking.id, ...figures });
  expect(dose).toMatchObject({ __typename: 'CtDose', dlpMgyCm: 128 });
});

const SIGNED = `... on ScanReport { status versions { signedById
  dose { administeredActivityMbq ctdiVolMgy dlpMgyCm } } } ... on ReportIncomplete { problems }`;

it('is reported by whoever is signed in, with the dose that was given', async () => {
  await look();
  expect(statesOf('EVALUATED', 'REPORT_ACKNOWLEDGED')).toEqual([
    'EVALUATED WAITING',
    'REPORT_ACKNOWLEDGED WAITING',
  ]);
  const scanBookingId = booking.id;
  const content = {
    clinicalQuestion: 'Which facet joint is active?',
    conclusion: 'The left L4/L5 facet joint is.',
    findings: [{ structure: 'FACET', level: 'L4_L5', side: 'LEFT', uptake: 'INTENSE' }],
  };
  const kept = await must(house, 'clinician', ['keepReportDraft', 'KeepReportDraftInput'], {
    ...{ scanBookingId, draftVersion: 0, seenVersion: 0, content },
  });
  expect(kept.__typename).toBe('ScanReportDraft');
  const sign = ['signReport', 'SignReportInput', SIGNED] as const;
  const signed = await must(house, 'clinician', sign, { scanBookingId, draftVersion: 1, as: 'FINAL' });
  expect(signed).toMatchObject({
    status: 'FINAL',
    versions: [
      {
        signedById: house.desk('clinician').accountId,
        dose: {
          ...{ administeredActivityMbq: expect.closeTo(776.94, 2), ctdiVolMgy: 3.2, dlpMgyCm: 128 },
        },
      },
    ],
  });
  await look();
  expect(gates.get('EVALUATED')).toMatchObject({
    ...{ state: 'PASSED', byName: 'Dr Callum Iversen', byId: house.desk('clinician').accountId },
  });
  expect(gates.get('REPORT_ACKNOWLEDGED')).toMatchObject({ state: 'WAITING' });
});

it('is acknowledged for the referrer, and every gate has passed or does not apply', async () => {
  const LIST = `query L($id: ID!) { resultsToAcknowledge(filter: { scanBookingId: $id }) { items { id referrerName } } }`;
  const { resultsToAcknowledge } = await house
    .desk('reception')
    .ask<{ resultsToAcknowledge: { items: { id: string; referrerName: string }[] } }>(LIST, {
      id: booking.id,
    });
  const task = first(resultsToAcknowledge.items, 'result to acknowledge');
  expect(task.referrerName).toContain('Amelia Hart');
  await house.at(minutesFrom(booking, 300));
  const input = { acknowledgementId: task.id, acknowledgedBy: 'Dr Amelia Hart', method: 'TELEPHONE' };
  await must(house, 'reception', ['acknowledgeResult', 'AcknowledgeResultInput'], {
    ...{ ...input, acknowledgedAt: minutesFrom(booking, 290) },
  });
  await look();
  const open = [...gates.values()].filter(({ state }) => state !== 'PASSED' && state !== 'NOT_APPLICABLE');
  expect(open.map(({ code, state, reason }) => `${code} ${state}: ${reason}`)).toEqual([]);
});
