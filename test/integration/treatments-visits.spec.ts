import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { StaffActor } from '../../src/clinic/audit/audit.type.js';
import type { Treatment } from '../../src/clinic/treatments/treatment.type.js';
import { TreatmentVisitService } from '../../src/clinic/treatments/treatment-visit.service.js';
import type { Visit } from '../../src/clinic/visits/visit.type.js';
import { Database } from '../../src/platform/database/database.service.js';
import { isRefusal } from '../../src/platform/refusal/refusal.js';
import {
  aClosure,
  asProposed,
  type ClosuresRoom,
  closuresOn,
  mustBePreview,
} from '../support/closures.factory.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { FixedClock } from '../support/fixed-clock.js';
import { mustBe } from '../support/reports.factory.js';
import {
  makeOperator,
  makePlanned,
  makeStarted,
  makeSubject,
  publishProcedureWording,
  type Subject,
  type TreatmentsRoom,
  treatmentsOn,
} from '../support/treatments.factory.js';
import {
  aBooker,
  aPhysio,
  makeVisitClinic,
  makeVisitType,
  mustBeVisit,
  physioAt,
  type VisitClinic,
} from '../support/visits.factory.js';

// A treatment follows the visit that it is booked for, in the transaction in which that changes.

const NOW = '2026-03-02T09:00:00Z';
const NINE = '2026-03-04T09:00:00Z';
const ELEVEN = '2026-03-04T11:00:00Z';
const KIND = 'MEDIAL_BRANCH_BLOCK';
const clock = new FixedClock(NOW);
const desk = aBooker({ roles: ['RECEPTION', 'MANAGER'] });
let home: TestDatabase;
let database: Database;
let room: TreatmentsRoom;
let visits: ClosuresRoom;
let clinic: VisitClinic;
let ada: StaffActor;
let subject: Subject;

beforeAll(async () => {
  home = await createTestDatabase();
  database = new Database(home.url);
  room = treatmentsOn(database, clock);
  visits = closuresOn(database, clock);
  new TreatmentVisitService(visits.companions, room.records);
  clinic = await makeVisitClinic(database);
  const needs = [
    { role: 'physiotherapist', kind: 'PHYSIOTHERAPIST' as const },
    { role: 'room', kind: 'THERAPY_ROOM' as const },
  ];
  await makeVisitType(database, KIND, [{ name: 'Block', needs }]);
  await database.client.cancelReason.createMany({
    data: ['UNWELL', 'STAFF_ABSENT'].map((code) => ({
      ...{ code, name: code, allowedRoles: ['RECEPTION', 'MANAGER'], needsComment: false },
      fhirCode: code === 'STAFF_ABSENT' ? 'prov' : null,
    })),
  });
  ada = await makeOperator(database);
  await publishProcedureWording(room);
});
beforeEach(async () => {
  clock.set(NOW);
  subject = await makeSubject(room);
  await database.client.spanClaim.deleteMany();
});
afterAll(async () => {
  await database.close();
  await home.drop();
});

const codeOf = (result: object) => (isRefusal(result) ? result.code : 'done');
const now = (id: string) => room.records.mustHave(database.client, id);
const actionsOf = async (subjectId: string) => {
  const rows = await database.client.auditEntry.findMany({ where: { subjectId }, orderBy: { id: 'asc' } });
  return rows.map(({ action }) => action);
};

async function visitAt(startsAt = NINE, parts: object = {}): Promise<Visit> {
  const wish = aPhysio(clinic, subject.patientId, startsAt, { visitTypeCode: KIND, ...parts });
  return mustBeVisit(await visits.visits.bookVisit(desk, wish));
}
const bookFor = ({ id: treatmentId, version }: Treatment, visit: Visit) =>
  room.bookings.bookTreatment(ada, { treatmentId, version, visitId: visit.id });
const cancel = ({ id: visitId, version }: Visit) =>
  visits.visits.cancelVisit(desk, { visitId, version, reasonCode: 'UNWELL' });

async function booked() {
  const planned = await makePlanned(room, ada, subject);
  const visit = await visitAt();
  return { treatment: mustBe(await bookFor(planned, visit)), visit };
}

describe('a treatment that is booked', () => {
  it('is for a visit of its patient and kind that is still to come', async () => {
    const planned = await makePlanned(room, ada, subject);
    const physio = mustBeVisit(
      await visits.visits.bookVisit(desk, aPhysio(clinic, subject.patientId, NINE, { pair: 1 })),
    );
    expect(codeOf(await bookFor(planned, physio))).toBe('VisitDoesNotFit');
    const other = await makeSubject(room);
    const theirs = aPhysio(clinic, other.patientId, NINE, { visitTypeCode: KIND });
    const visit = mustBeVisit(await visits.visits.bookVisit(desk, theirs));
    expect(codeOf(await bookFor(planned, visit))).toBe('VisitDoesNotFit');
    const gone = mustBeVisit(await cancel(await visitAt(ELEVEN)));
    expect(codeOf(await bookFor(planned, gone))).toBe('VisitDoesNotFit');
    expect(await now(planned.id)).toMatchObject({ visitId: null, version: planned.version });
  });

  it('stays with a visit that is moved, whose new time is the visit’s to say', async () => {
    const { treatment, visit } = await booked();
    const moved = mustBeVisit(
      await visits.visits.moveVisit(desk, {
        ...{ visitId: visit.id, version: visit.version, steps: physioAt(clinic, ELEVEN) },
      }),
    );
    expect(moved).toMatchObject({ id: visit.id, startsAt: expect.objectContaining({}) });
    expect(moved.startsAt.toString()).toBe(ELEVEN);
    expect(await now(treatment.id)).toMatchObject({ visitId: visit.id, version: treatment.version });
  });

  it('goes back to being planned without one when its visit is cancelled, and with it when that replaces it', async () => {
    const { treatment, visit } = await booked();
    mustBeVisit(await cancel(visit));
    expect(await now(treatment.id)).toMatchObject({
      ...{ status: 'PLANNED', visitId: null, lostVisitId: visit.id, version: treatment.version + 1 },
    });
    expect((await actionsOf(treatment.id)).at(-1)).toBe('treatment.visit-lost');
    const instead = await visitAt(ELEVEN, { replacesVisitId: visit.id });
    expect(await now(treatment.id)).toMatchObject({ visitId: instead.id, lostVisitId: null });
  });

  it('is left alone by a cancellation that is refused', async () => {
    const { treatment, visit } = await booked();
    expect(codeOf(await cancel({ ...visit, version: visit.version + 1 }))).toBe('VisitChangedMeanwhile');
    expect(await now(treatment.id)).toMatchObject({ visitId: visit.id, version: treatment.version });
  });

  it('has its visit again when it had been missed by mistake', async () => {
    const { treatment, visit } = await booked();
    clock.set('2026-03-04T09:30:00Z');
    const missed = mustBeVisit(
      await visits.day.markNoShow(desk.actor, { visitId: visit.id, version: visit.version }),
    );
    expect(await now(treatment.id)).toMatchObject({ visitId: null, lostVisitId: visit.id });
    mustBeVisit(await visits.day.undoVisitStep(desk.actor, { visitId: visit.id, version: missed.version }));
    expect(await now(treatment.id)).toMatchObject({ visitId: visit.id, lostVisitId: null });
  });

  it('has it again when a closure that took it is undone', async () => {
    const { treatment, visit } = await booked();
    const input = aClosure([clinic.physioIds[0]], '2026-03-04T08:00:00Z', '2026-03-04T18:00:00Z');
    const preview = mustBePreview(await visits.previews.closurePreview(desk.actor, input));
    const plan = asProposed(input, preview);
    const decisions = plan.decisions.map(({ visitId, version }) => ({
      visitId,
      version,
      decision: 'CANCEL' as const,
    }));
    const closed = mustBe(await visits.closures.applyClosure(desk, { ...plan, decisions }));
    expect(await now(treatment.id)).toMatchObject({ visitId: null, lostVisitId: visit.id });
    mustBe(await visits.closures.undoClosure(desk, { closureId: closed.id, version: closed.version }));
    expect(await now(treatment.id)).toMatchObject({ visitId: visit.id, lostVisitId: null });
  });

  it('keeps its visit once it has begun', async () => {
    const visit = await visitAt();
    const started = await makeStarted(room, ada, subject);
    expect(codeOf(await bookFor(started, visit))).toBe('TreatmentStandsOtherwise');
    mustBeVisit(await cancel(visit));
    expect(await now(started.id)).toMatchObject({ visitId: null, lostVisitId: null, status: 'IN_PROGRESS' });
  });

  it('is either booked or not, however many book and cancel at once', async () => {
    const planned = await makePlanned(room, ada, subject);
    const visit = await visitAt();
    const all = await Promise.all([
      ...Array.from({ length: 10 }, () => bookFor(planned, visit)),
      cancel(visit),
    ]);
    const after = await now(planned.id);
    expect(after.visitId).toBeNull();
    const wasBooked = all.slice(0, 10).some((result) => !isRefusal(result));
    expect(after.lostVisitId).toBe(wasBooked ? visit.id : null);
  });
});
