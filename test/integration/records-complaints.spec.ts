import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Patient } from '../../src/clinic/patients/patient.type.js';
import { ComplaintLetterService } from '../../src/clinic/records/complaint-letter.service.js';
import { DataComplaintService } from '../../src/clinic/records/data-complaint.service.js';
import { RectificationService } from '../../src/clinic/records/rectification.service.js';
import { Database } from '../../src/platform/database/database.service.js';
import { isRefusal, type Refusal } from '../../src/platform/refusal/refusal.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { FixedClock } from '../support/fixed-clock.js';
import { makePatient, patientServiceOn } from '../support/patients.factory.js';
import { type RecordsRoom, recordsOn } from '../support/records.factory.js';

const NOW = '2026-11-23T09:00:00Z';
const PAGE = { size: 100 };
const clock = new FixedClock(NOW);
let home: TestDatabase;
let database: Database;
let room: RecordsRoom;
let complaints: DataComplaintService;
let rectifications: RectificationService;
let patient: Patient;

beforeAll(async () => {
  home = await createTestDatabase();
  database = new Database(home.url);
  room = await recordsOn(database, clock);
  complaints = room.get(DataComplaintService);
  rectifications = room.get(RectificationService);
});
beforeEach(async () => {
  clock.set(NOW);
  patient = await makePatient(patientServiceOn(database, clock));
});
afterAll(async () => {
  await room.module.close();
  await database.close();
  await home.drop();
});

const must = <T extends object>(result: T): Exclude<T, Refusal> => {
  if (isRefusal(result)) throw new Error(result.message);
  return result as Exclude<T, Refusal>;
};
const complain = (parts = {}) =>
  complaints.recordComplaint(room.starter, {
    ...{
      patientId: patient.id,
      complainantName: 'Zoë Brown',
      channel: 'EMAIL',
      text: 'You told\nmy sister.',
    },
    ...parts,
  });
const counts = async () => [
  await database.client.auditEntry.count(),
  await database.client.outboxMessage.count(),
  await database.client.dataComplaintNote.count(),
  await database.client.rectification.findMany({ orderBy: { id: 'asc' } }),
];

describe('a complaint', () => {
  it('is written to the patient at once, and due in thirty days', async () => {
    const complaint = await complain();
    expect(complaint).toMatchObject({
      ...{ status: 'RECEIVED', receivedOn: '2026-11-23', acknowledgeBy: '2026-12-23' },
      ...{ isAcknowledgementOverdue: false, allowedActions: ['ACKNOWLEDGE', 'NOTE', 'CONCLUDE'] },
      notes: [{ action: 'recorded', text: null, notedById: room.starter.id }],
    });
    const posted = await database.client.outboxMessage.findMany({ where: { subjectId: complaint.id } });
    expect(posted).toMatchObject([{ topic: 'records.complaint-received', version: 0 }]);
    const matter = await room.get(ComplaintLetterService).matter(database.client, complaint.id, 0);
    expect(matter).toMatchObject({
      ...{ complaintId: complaint.id, reference: complaint.reference, patientId: patient.id },
      patient: { familyName: patient.familyName, email: patient.email },
    });
    expect(`${matter?.answerBy}`).toBe('2027-01-22');
  });

  it('of nobody who is registered has no letter', async () => {
    const complaint = await complain({ patientId: null, complainantEmail: 'zoe@example.org' });
    expect(await database.client.outboxMessage.count({ where: { subjectId: complaint.id } })).toBe(0);
    expect(await room.get(ComplaintLetterService).matter(database.client, complaint.id, 0)).toBeNull();
  });

  it('goes its way to the outcome and back, and every step is kept', async () => {
    const { id: complaintId } = await complain();
    must(await complaints.acknowledgeComplaint(room.starter, { complaintId, text: 'By telephone.' }));
    must(
      await complaints.noteOnComplaint(room.starter, {
        complaintId,
        text: 'Looked at who opened the record.',
      }),
    );
    const concluded = must(
      await complaints.concludeComplaint(room.starter, {
        complaintId,
        outcome: 'UPHELD',
        told: 'You are right.',
      }),
    );
    expect(concluded).toMatchObject({
      status: 'CONCLUDED',
      outcome: 'UPHELD',
      outcomeText: 'You are right.',
      concludedAt: clock.now(),
    });
    expect(await room.get(ComplaintLetterService).matter(database.client, complaintId, 0)).toBeNull();
    const reopened = must(
      await complaints.reopenComplaint(room.starter, { complaintId, text: 'More came.' }),
    );
    expect(reopened).toMatchObject({ status: 'ACKNOWLEDGED', outcome: null });
    expect(reopened.notes.map(({ action }) => action).sort()).toEqual([
      'acknowledged',
      'concluded',
      'noted',
      'recorded',
      'reopened',
    ]);
    const audited = await database.client.auditEntry.findMany({
      where: { subjectId: complaintId },
      orderBy: { id: 'asc' },
    });
    expect(audited.map(({ action }) => action)).toEqual([
      'complaint.recorded',
      'complaint.acknowledged',
      'complaint.noted',
      'complaint.concluded',
      'complaint.reopened',
    ]);
    await expect(database.client.dataComplaintNote.deleteMany({ where: { complaintId } })).rejects.toThrow();
  });

  it('is refused what does not fit, and nothing is changed', async () => {
    const { id: complaintId } = await complain();
    must(
      await complaints.concludeComplaint(room.starter, {
        complaintId,
        outcome: 'NOT_UPHELD',
        told: 'We had to.',
      }),
    );
    const before = await counts();
    const refused = {
      code: 'DataComplaintStandsOtherwise',
      status: 'CONCLUDED',
      allowedActions: ['NOTE', 'REOPEN'],
    };
    expect(await complaints.acknowledgeComplaint(room.starter, { complaintId, text: 'x' })).toMatchObject(
      refused,
    );
    expect(
      await complaints.concludeComplaint(room.starter, { complaintId, outcome: 'UPHELD', told: 'x' }),
    ).toMatchObject(refused);
    expect(await counts()).toEqual(before);
    await expect(complain({ receivedOn: '2026-11-24' })).rejects.toThrow(/future/);
    await expect(
      complaints.noteOnComplaint(room.starter, { complaintId: patient.id, text: 'x' }),
    ).rejects.toThrow(/no such complaint/);
  });

  it('shows on day 31 that nobody has acknowledged it', async () => {
    const { id } = await complain();
    const late = async () =>
      (await complaints.dataComplaints(room.starter, { patientId: patient.id, overdue: true }, PAGE)).items;
    clock.set('2026-12-23T12:00:00Z');
    expect(await late()).toEqual([]);
    clock.set('2026-12-24T12:00:00Z');
    expect(await late()).toMatchObject([{ id, isAcknowledgementOverdue: true }]);
  });

  it('keeps the record of whoever waits for the answer', async () => {
    const { id: complaintId } = await complain();
    await database.client.patient.update({
      where: { id: patient.id },
      data: { registeredAt: new Date('2010-01-01') },
    });
    const run = await room.listed();
    expect((await room.items(run)).find(({ patientId }) => patientId === patient.id)).toMatchObject({
      ...{ status: 'HELD', code: 'COMPLAINT_OPEN', holdId: null },
    });
    must(
      await complaints.concludeComplaint(room.starter, {
        complaintId,
        outcome: 'WITHDRAWN',
        told: 'As you wish.',
      }),
    );
    await room.destroyAll();
    expect(await database.client.dataComplaint.count({ where: { id: complaintId } })).toBe(0);
    expect(await database.client.destructionStub.count({ where: { patientId: patient.id } })).toBe(1);
  });
});

describe('what a patient says is wrong', () => {
  const ask = (parts = {}) =>
    rectifications.requestRectification(room.starter, {
      ...{ patientId: patient.id, subjectType: 'patient', subjectId: patient.id },
      ...{ whatIsWrong: 'I never smoked.', whatIsAsked: 'Take it out.', ...parts },
    });

  it('is put right by an addendum, and the record stays as it is', async () => {
    const before = await database.client.patient.findUniqueOrThrow({ where: { id: patient.id } });
    const request = await ask();
    expect(request).toMatchObject({ status: 'REQUESTED', dueOn: '2026-12-23', isOverdue: false });
    const accepted = await rectifications.acceptRectification(room.starter, {
      rectificationId: request.id,
      addendum: 'Never smoked.',
    });
    expect(accepted).toMatchObject({
      status: 'ACCEPTED',
      addendum: 'Never smoked.',
      decidedById: room.starter.id,
    });
    const beside = {
      id: request.id,
      subjectType: 'patient',
      subjectId: patient.id,
      text: 'Never smoked.',
      addedAt: clock.now(),
    };
    expect(await rectifications.addenda(room.starter, 'patient', patient.id)).toMatchObject([beside]);
    expect(
      (await rectifications.addendaOfPatients(room.starter, [patient.id])).get(patient.id),
    ).toMatchObject([beside]);
    expect(await database.client.patient.findUniqueOrThrow({ where: { id: patient.id } })).toEqual(before);
    expect(await database.client.auditEntry.count({ where: { subjectId: request.id } })).toBe(2);
  });

  it('is decided once, with a reason where it is refused', async () => {
    const request = await ask();
    const refusal = { rectificationId: request.id, reason: 'The letter says so. You may complain.' };
    expect(await rectifications.refuseRectification(room.starter, refusal)).toMatchObject({
      status: 'REFUSED',
      addendum: null,
    });
    const before = await counts();
    expect(await rectifications.refuseRectification(room.starter, refusal)).toMatchObject({
      code: 'RectificationDecidedAlready',
    });
    expect(
      await rectifications.acceptRectification(room.starter, { rectificationId: request.id, addendum: 'x' }),
    ).toMatchObject({ code: 'RectificationDecidedAlready', status: 'REFUSED' });
    expect(await counts()).toEqual(before);
    expect(await rectifications.addenda(room.starter, 'patient', patient.id)).toEqual([]);
  });

  it('is about the patient’s own record', async () => {
    const other = await makePatient(patientServiceOn(database, clock));
    await expect(ask({ subjectId: other.id })).rejects.toThrow(/not the patient’s/);
    await expect(ask({ patientId: '0193b100-0000-7000-8000-00000000ffff' })).rejects.toThrow(
      /no such patient/,
    );
  });

  it('shows when it is late', async () => {
    const { id } = await ask();
    clock.set('2026-12-24T09:00:00Z');
    const { items } = await rectifications.rectifications(
      room.starter,
      { patientId: patient.id, overdue: true },
      PAGE,
    );
    expect(items).toMatchObject([{ id, isOverdue: true }]);
  });
});
