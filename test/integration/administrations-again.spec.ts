import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Booker } from '../../src/clinic/visits/booker.type.js';
import { Database } from '../../src/platform/database/database.service.js';
import { isRefusal } from '../../src/platform/refusal/refusal.js';
import { Temporal } from '../../src/platform/time/index.js';
import {
  type Administrations,
  administrationsOn,
  anInjection,
  arrive,
  type Injectable,
  makeBatch,
  makeChecks,
  makeDoseProtocol,
  makeInjectable,
  makeOperator,
  mustBeGiven,
} from '../support/administrations.factory.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { makeLicence } from '../support/exposures.factory.js';
import { FixedClock } from '../support/fixed-clock.js';
import { imagingOn, mustBeBooked, RECEPTION, vetReferral } from '../support/imaging.factory.js';
import {
  aVisit,
  type Department,
  emptyImaging,
  makeDepartment,
  makeReference,
  PROTOCOL,
} from '../support/imaging-department.factory.js';
import { performedStepsOn } from '../support/performed-steps.factory.js';

// One imaging request is for one exposure: whoever is to be injected again is weighed again.

const at = (text: string) => Temporal.Instant.from(text);

let db: TestDatabase;
let database: Database;
let clock: FixedClock;
let room: Administrations;
let department: Department;
let operator: Booker;

beforeAll(async () => {
  db = await createTestDatabase();
  database = new Database(db.url);
});
afterAll(async () => {
  await database.close();
  await db.drop();
});
beforeEach(async () => {
  await emptyImaging(database);
  clock = new FixedClock('2026-03-02T09:00:00Z');
  room = administrationsOn(imagingOn(database, clock, db.url));
  await makeReference(database);
  await makeLicence(database, {
    ...{ kind: 'EMPLOYER', number: `E-${randomUUID()}`, siteCodes: ['MAIN'], staffId: null },
    procedureCodes: [PROTOCOL],
  });
  await makeDoseProtocol(database);
  department = await makeDepartment(database);
  operator = await makeOperator(database);
});

/** Injected at nine of a day, and recorded ten minutes later. */
async function inject(scan: { readonly id: string }, day = '2026-03-10') {
  const batch = { preparedAt: `${day}T07:00:00Z`, expiresAt: `${day}T13:00:00Z` };
  clock.set(`${day}T09:10:00Z`);
  return room.administrations.recordAdministration(
    operator,
    anInjection(scan.id, await makeBatch(database, batch), {
      measuredAt: at(`${day}T08:40:00Z`),
      injectedAt: at(`${day}T09:00:00Z`),
    }),
  );
}

/** The scan comes to nothing: the camera failed, and somebody says so in the evening. */
async function breakOff(scan: Injectable): Promise<void> {
  clock.set('2026-03-10T18:00:00Z');
  const { closing } = performedStepsOn(room.imaging);
  const closed = await closing.discontinueScan(RECEPTION, {
    ...{ scanBookingId: scan.id, reason: 'The camera failed.' },
  });
  if (isRefusal(closed)) throw new Error(`not broken off: ${closed.message}`);
}

/** Another scan of the same referral, a week later. */
async function rebook({ referralId }: Injectable, day = '2026-03-17'): Promise<string> {
  const wish = aVisit(department, referralId, `${day}T09:00:00Z`, `${day}T12:15:00Z`);
  return mustBeBooked(await room.imaging.bookings.bookScan(RECEPTION, wish)).id;
}

const requestsOf = ({ referralId }: Injectable) =>
  database.client.imagingRequest.findMany({ where: { referralId }, orderBy: { requestedAt: 'asc' } });
const gatesOf = async (id: string) =>
  (await room.imaging.scanGates.scanGates(RECEPTION, id)).filter(({ code }) =>
    ['JUSTIFIED', 'AUTHORISED'].includes(code),
  );

describe('a second injection under one request', () => {
  it('does not pass after the first scan came to nothing, until it was vetted anew', async () => {
    const scan = await makeInjectable(room.imaging, department);
    mustBeGiven(await inject(scan));
    expect(await requestsOf(scan)).toMatchObject([
      {
        status: 'AUTHORISED',
        exposedVisitId: scan.id,
        exposedAt: new Date('2026-03-10T09:00:00Z'),
        lapsesOn: null,
      },
    ]);
    await breakOff(scan);
    const again = await rebook(scan);
    for (const gate of await gatesOf(again)) {
      expect(gate).toMatchObject({ state: 'FAILED', reasonCode: 'REQUEST_USED' });
    }
    clock.set('2026-03-17T08:30:00Z');
    await expect(arrive(room.imaging, again)).rejects.toThrow(/for one exposure.*Write a new request/);
    await vetReferral(room.imaging, scan.referralId);
    expect((await gatesOf(again)).map(({ state }) => state)).toEqual(['PASSED', 'PASSED']);
    await arrive(room.imaging, again);
    await makeChecks(room.imaging, { id: again, patientId: scan.patientId });
    mustBeGiven(await inject({ id: again }, '2026-03-17'));
    expect(await requestsOf(scan)).toMatchObject([{ exposedVisitId: scan.id }, { exposedVisitId: again }]);
    expect((await gatesOf(scan.id)).map(({ state }) => state)).toEqual(['PASSED', 'PASSED']);
  });

  it('passes under the first one when the first scan came to nothing before anything was given', async () => {
    const scan = await makeInjectable(room.imaging, department);
    await breakOff(scan);
    const again = await rebook(scan);
    clock.set('2026-03-17T08:30:00Z');
    await arrive(room.imaging, again);
    await makeChecks(room.imaging, { id: again, patientId: scan.patientId });
    mustBeGiven(await inject({ id: again }, '2026-03-17'));
  });

  it('passes when the first was recorded by mistake and taken back', async () => {
    const scan = await makeInjectable(room.imaging, department);
    const given = mustBeGiven(await inject(scan));
    mustBeGiven(
      await room.addenda.voidAdministration(operator, {
        ...{ administrationId: given.id, version: 1, reason: 'Of another patient.' },
      }),
    );
    const [request] = await requestsOf(scan);
    expect(request).toMatchObject({ status: 'AUTHORISED', exposedVisitId: null, exposedAt: null });
    expect(request?.lapsesOn?.toISOString()).toBe('2026-09-01T00:00:00.000Z');
    mustBeGiven(await inject(scan));
    const events = await database.client.imagingRequestEvent.findMany({
      where: { requestId: request?.id ?? '' },
      orderBy: { version: 'asc' },
    });
    expect(events.map(({ action, actorId }) => [action, actorId])).toEqual([
      ['EXPOSE', operator.actor.id],
      ['UNDO_EXPOSURE', operator.actor.id],
      ['EXPOSE', operator.actor.id],
    ]);
  });

  it('is refused by the gate at the injection itself, and leaves nothing', async () => {
    const scan = await makeInjectable(room.imaging, department);
    mustBeGiven(await inject(scan));
    await breakOff(scan);
    const again = await rebook(scan);
    const hasCome = { status: 'ARRIVED', arrivedAt: new Date('2026-03-17T08:30:00Z') } as const;
    await database.client.visit.update({ where: { id: again }, data: hasCome });
    const refused = await inject({ id: again }, '2026-03-17');
    expect(refused).toMatchObject({ code: 'GateClosed', gate: 'JUSTIFIED', reasonCode: 'REQUEST_USED' });
    expect(await database.client.administration.count({ where: { visitId: again } })).toBe(0);
  });
});
