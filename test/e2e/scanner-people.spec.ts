import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LINKS_AFTER } from '../../src/clinic/audit/audit-chain.queries.js';
import { embeddedDatabaseUrl, facetHouse, type RunningService } from '../support/facet.js';
import { type SignedInClient, signInAs } from '../support/graphql.js';
import type { MppsScu } from '../support/mpps-scu.js';
import { type PerformedStep, performedStep } from '../support/performed-step.factory.js';
import { chainProblem } from './audit-chain.js';
import { askWorklist } from './console.js';
import {
  ATTACH,
  COMPLETE,
  DETACH,
  dicomDay,
  openScanner,
  REOPEN,
  REVISE,
  revise,
  type StepSeen,
  say,
  scannerCalled,
  standingOf,
  unmatchedSteps,
  worklistItems,
} from './imaging.js';
import { bookablePerson } from './people.js';
import { type Booking, book, findOffers, first, toVisit } from './visits.js';

// What people do where the scanner's word is missing, wrong or about nobody: and what the scanner then sees.

/** Synthetic, and unlike each other: people who are alike are not registered unasked. */
const FAMILY_NAMES = [
  'Ashdown',
  'Birkett',
  'Cholmondeley',
  'Dunstan',
  'Everleigh',
  'Fothergill',
  'Gossage',
  'Hartigan',
];

const house = facetHouse();
let service: RunningService;
let reception: SignedInClient;
let clinician: SignedInClient;
let imaging: SignedInClient;
let scanner: MppsScu;
let personCount = 0;

beforeAll(async () => {
  service = await house.start(await house.newHome());
  [reception, clinician, imaging] = await Promise.all([
    signInAs(service, 'reception'),
    signInAs(service, 'clinician'),
    signInAs(service, 'imaging'),
  ]);
  scanner = await openScanner(service);
});

afterAll(() => scanner?.destroy());

async function bookOffered(referralId: string): Promise<Booking> {
  const { offers } = await findOffers(reception, referralId);
  return book(reception, referralId, toVisit(first(offers, 'offer')));
}

/** A visit of somebody new. */
async function aBooking(): Promise<Booking> {
  const familyName = FAMILY_NAMES[personCount] ?? '';
  personCount += 1;
  const person = { familyName, givenName: `${familyName}a`, dateOfBirth: `${1950 + personCount}-01-01` };
  return bookOffered((await bookablePerson({ reception, clinician }, person)).referralId);
}

const atStart = ({ scanLocal }: Booking) => ({ startDate: dicomDay(scanLocal.date), startTime: '080000' });
const atEnd = ({ scanLocal }: Booking) => ({ endDate: dicomDay(scanLocal.date), endTime: '173000' });

/** Begins what the worklist shows of the booking, in one step. */
async function begin(booking: Booking): Promise<PerformedStep> {
  const items = await worklistItems(scanner, booking.accessionNumber);
  const step = performedStep({ ...atStart(booking), items });
  await accepted(scanner.nCreate(step.sopInstanceUID, step.begun));
  return step;
}

async function accepted(reply: ReturnType<MppsScu['nSet']>): Promise<void> {
  expect(await reply).toMatchObject({ status: 0, errorComment: '' });
}

const shown = async ({ accessionNumber }: Booking) =>
  (await worklistItems(scanner, accessionNumber)).map((item) => {
    const [step] = item.items('ScheduledProcedureStepSequence');
    return step?.text('ScheduledProcedureStepStatus');
  });
const statusOf = async ({ id }: Booking) => (await standingOf(imaging, id)).status;

describe('a step of nobody', () => {
  let booking: Booking;
  let unscheduled: PerformedStep;
  let listed: StepSeen;

  it('is kept, and waits for a person', async () => {
    booking = await aBooking();
    unscheduled = performedStep({
      ...atStart(booking),
      stationAETitle: 'SPECTCT1',
      changes: { PatientName: 'Emergency^One', PatientID: 'TYPED-1' },
    });
    await accepted(scanner.nCreate(unscheduled.sopInstanceUID, unscheduled.begun));
    await accepted(scanner.nSet(unscheduled.sopInstanceUID, unscheduled.completed(atEnd(booking))));
    listed = first(await unmatchedSteps(imaging), 'unmatched step');
    expect(listed).toMatchObject({
      sopInstanceUID: unscheduled.sopInstanceUID,
      status: 'COMPLETED',
      unmatchedReason: 'NO_IDENTIFIERS',
      links: [],
    });
    expect([await statusOf(booking), await shown(booking)]).toEqual(['BOOKED', ['SCHEDULED']]);
  });

  it('is attached: the booking moves, and the scanner no longer sees it', async () => {
    const input = {
      performedStepId: listed.id,
      scanBookingId: booking.id,
      reason: 'No name at the console.',
    };
    expect(await say(imaging, ATTACH, input)).toMatchObject({
      __typename: 'PerformedStep',
      unmatchedReason: null,
      links: [{ scheduledProcedureStepId: `${booking.accessionNumber}.1` }],
    });
    expect([await statusOf(booking), await shown(booking)]).toEqual(['COMPLETED', []]);
    expect(await unmatchedSteps(imaging)).toEqual([]);
    expect((await imaging.refusal(ATTACH, { input })).code).toBe('PerformedStepAlreadyAttached');
  });

  it('is detached: the booking and the worklist are as before', async () => {
    const input = { performedStepId: listed.id, reason: 'It was somebody else.' };
    expect(await say(imaging, DETACH, input)).toMatchObject({ unmatchedReason: 'DETACHED', links: [] });
    expect([await statusOf(booking), await shown(booking)]).toEqual(['BOOKED', ['SCHEDULED']]);
    expect((await imaging.refusal(DETACH, { input })).code).toBe('PerformedStepNotAttached');
    expect(await unmatchedSteps(imaging)).toHaveLength(1);
  });

  it('under a booking’s numbers, with another patient, is not believed', async () => {
    const items = await worklistItems(scanner, booking.accessionNumber);
    const other = performedStep({ ...atStart(booking), items, changes: { PatientID: 'F9999999' } });
    await accepted(scanner.nCreate(other.sopInstanceUID, other.begun));
    const found = (await unmatchedSteps(imaging)).find(
      (each) => each.sopInstanceUID === other.sopInstanceUID,
    );
    expect(found?.unmatchedReason).toBe('PATIENT_DIFFERS');
    expect([await statusOf(booking), await shown(booking)]).toEqual(['BOOKED', ['SCHEDULED']]);
  });
});

describe('a scan that is broken off', () => {
  it('leaves the referral free to be booked again, and the new booking is on the worklist', async () => {
    const booking = await aBooking();
    const step = await begin(booking);
    const obstacles = async () =>
      (await findOffers(reception, booking.referralId)).obstacles.map(({ code }) => code);
    expect(await obstacles()).toEqual(['ReferralAlreadyBooked']);
    const changes = {
      PerformedProcedureStepDiscontinuationReasonCodeSequence: [
        {
          CodeValue: '110514',
          CodingSchemeDesignator: 'DCM',
          CodeMeaning: 'Incorrect worklist entry selected',
        },
      ],
    };
    await accepted(scanner.nSet(step.sopInstanceUID, step.discontinued({ ...atEnd(booking), changes })));
    expect([await statusOf(booking), await shown(booking)]).toEqual(['DISCONTINUED', []]);
    expect(await obstacles()).toEqual([]);
    const second = await bookOffered(booking.referralId);
    expect(second.accessionNumber).not.toBe(booking.accessionNumber);
    expect(await shown(second)).toEqual(['SCHEDULED']);
    // A late start of the first would hold the referral twice: a person has to say whose it is.
    await revise(imaging, { hiddenStatuses: [] });
    const late = performedStep({
      ...atStart(booking),
      items: await worklistItems(scanner, booking.accessionNumber),
    });
    await revise(imaging, { hiddenStatuses: ['COMPLETED', 'DISCONTINUED'] });
    await accepted(scanner.nCreate(late.sopInstanceUID, late.begun));
    expect([await statusOf(booking), await statusOf(second)]).toEqual(['DISCONTINUED', 'BOOKED']);
    const waiting = (await unmatchedSteps(imaging)).find(
      (each) => each.sopInstanceUID === late.sopInstanceUID,
    );
    expect(waiting?.unmatchedReason).toBe('BOOKED_AGAIN');
  });
});

describe('a scan that a person closes', () => {
  it('needs to have begun, and a reason', async () => {
    const booking = await aBooking();
    const input = { scanBookingId: booking.id, reason: 'The network was down.' };
    expect(await imaging.refusal(COMPLETE, { input })).toMatchObject({ code: 'ScanNotBegun' });
    await begin(booking);
    const fault = await imaging.fault(COMPLETE, { input: { ...input, reason: '  ' } });
    expect(fault.extensions.code).toBe('BAD_INPUT');
    expect((await reception.fault(COMPLETE, { input })).extensions.code).toBe('FORBIDDEN');
    expect([await statusOf(booking), await shown(booking)]).toEqual(['IN_PROGRESS', ['STARTED']]);
  });

  it('is completed for people and scanner, whatever the scanner says later, until it is reopened', async () => {
    const booking = await aBooking();
    const step = await begin(booking);
    const input = { scanBookingId: booking.id, reason: 'The network was down.' };
    expect(await say(imaging, COMPLETE, input)).toEqual({
      __typename: 'ScanBooking',
      status: 'COMPLETED',
      closedAs: 'COMPLETED',
      closeReason: input.reason,
    });
    expect(await shown(booking)).toEqual([]);
    expect((await imaging.refusal(COMPLETE, { input })).code).toBe('ScanAlreadyClosed');
    await accepted(scanner.nSet(step.sopInstanceUID, step.discontinued(atEnd(booking))));
    expect(await standingOf(imaging, booking.id)).toMatchObject({
      status: 'COMPLETED',
      allowedActions: ['reopen'],
      performedSteps: [{ status: 'DISCONTINUED', contradictsClosing: true }],
    });
    const undo = { scanBookingId: booking.id, reason: 'The scanner was right.' };
    expect(await say(imaging, REOPEN, undo)).toMatchObject({ status: 'DISCONTINUED', closedAs: null });
    expect((await imaging.refusal(REOPEN, { input: undo })).code).toBe('ScanNotClosedByPerson');
    expect(await statusOf(booking)).toBe('DISCONTINUED');
  });
});

describe('a scanner that wants both halves of the visit apart', () => {
  it('is shown two steps of one study', async () => {
    const before = await aBooking();
    await revise(imaging, { modalities: ['NM', 'CT'] });
    const items = await worklistItems(scanner, before.accessionNumber);
    expect(items.map((item) => [item.text('AccessionNumber'), item.text('StudyInstanceUID')])).toEqual([
      [before.accessionNumber, before.studyInstanceUID],
      [before.accessionNumber, before.studyInstanceUID],
    ]);
    const stepIds = items.map((item) => {
      const [step] = item.items('ScheduledProcedureStepSequence');
      return [step?.text('Modality'), step?.text('ScheduledProcedureStepID')];
    });
    expect(stepIds.sort()).toEqual([
      ['CT', `${before.accessionNumber}.2`],
      ['NM', `${before.accessionNumber}.1`],
    ]);
    const { answers } = await askWorklist({
      port: service.dicomPort,
      keys: { AccessionNumber: before.accessionNumber },
    });
    expect(answers.map((answer) => answer.get('Modality')).sort()).toEqual(['CT', 'NM']);
  });

  it('one performed step may do both', async () => {
    const booking = await aBooking();
    const step = await begin(booking);
    const both = [`${booking.accessionNumber}.1`, `${booking.accessionNumber}.2`];
    const { status, performedSteps, worklistEntries } = await standingOf(imaging, booking.id);
    expect(status).toBe('IN_PROGRESS');
    expect(worklistEntries.map((entry) => entry.status)).toEqual(['STARTED', 'STARTED']);
    const links = performedSteps.flatMap((each) => each.links);
    expect(links.map((link) => link.scheduledProcedureStepId).sort()).toEqual(both);
    expect(await shown(booking)).toEqual(['STARTED', 'STARTED']);
    const { id, version } = await scannerCalled(imaging, 'SPECTCT1');
    const swapped = { input: { id, version, modalities: ['CT', 'NM'] } };
    expect((await imaging.refusal(REVISE, swapped)).code).toBe('StepInProgress');
    await accepted(scanner.nSet(step.sopInstanceUID, step.completed(atEnd(booking))));
    expect([await statusOf(booking), await shown(booking)]).toEqual(['COMPLETED', []]);
  });

  it('or one each: the visit is over with the second', async () => {
    const booking = await aBooking();
    const items = await worklistItems(scanner, booking.accessionNumber);
    for (const [index, item] of items.entries()) {
      const step = performedStep({ ...atStart(booking), items: [item] });
      await accepted(scanner.nCreate(step.sopInstanceUID, step.begun));
      await accepted(scanner.nSet(step.sopInstanceUID, step.completed(atEnd(booking))));
      const isLast = index === items.length - 1;
      expect(await statusOf(booking)).toBe(isLast ? 'COMPLETED' : 'IN_PROGRESS');
      expect(await shown(booking)).toEqual(isLast ? [] : ['SCHEDULED']);
    }
    expect(items).toHaveLength(2);
  });
});

it('the chain of the audit record holds', async () => {
  await scanner.release();
  expect(await chainProblem(embeddedDatabaseUrl(service.home), LINKS_AFTER)).toBeNull();
});
