import { v7 as newId } from 'uuid';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { toDataSet } from '../../src/clinic/imaging/worklist.dicom.js';
import type { DataSet } from '../../src/dicom/index.js';
import { Database } from '../../src/platform/database/database.service.js';
import { AlertKind, AlertSeverity, Role } from '../../src/platform/database/generated/enums.js';
import { Temporal } from '../../src/platform/time/index.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { FixedClock } from '../support/fixed-clock.js';
import {
  type Imaging,
  imagingOn,
  makeReferredPatient,
  mustBeBooked,
  RECEPTION,
  type ReferredPatient,
  worklistOf,
} from '../support/imaging.factory.js';
import {
  aVisit,
  type Department,
  emptyImaging,
  makeDepartment,
  makeReference,
} from '../support/imaging-department.factory.js';

// What whoever scans should know goes with the worklist, and what changes is in the next answer.

const NOW = '2026-03-02T09:00:00Z';
const on = (day: string) => new Date(`${day}T00:00:00Z`);

let db: TestDatabase;
let database: Database;
let clock: FixedClock;
let imaging: Imaging;
let department: Department;
let person: ReferredPatient;
let bookingId: string;

beforeAll(async () => {
  db = await createTestDatabase();
  database = new Database(db.url);
  await database.client.communicationNeedKind.create({
    data: {
      code: 'TEST_LANGUAGE',
      name: 'Language',
      category: 'LANGUAGE',
      flag: 'Speaks',
      needsDetail: true,
      source: 'for a test',
      effectiveFrom: on('2020-01-01'),
    },
  });
});

afterAll(async () => {
  await database.close();
  await db.drop();
});

beforeEach(async () => {
  await emptyImaging(database);
  clock = new FixedClock(NOW);
  imaging = imagingOn(database, clock, db.url);
  await makeReference(database);
  department = await makeDepartment(database);
  person = await makeReferredPatient(imaging);
  const wish = aVisit(department, person.referralId, '2026-03-10T09:00:00Z', '2026-03-10T12:15:00Z');
  bookingId = mustBeBooked(await imaging.bookings.bookScan(RECEPTION, wish)).id;
});

async function told(): Promise<DataSet> {
  const [item] = await worklistOf(imaging);
  if (item === undefined) throw new Error('the scan is offered');
  return toDataSet(item);
}

describe('what a scanner is told of the patient', () => {
  it('is the weight of the request, and otherwise nothing that nobody has said', async () => {
    const set = await told();
    expect(set.text('PatientWeight')).toBe('72');
    for (const keyword of ['Allergies', 'MedicalAlerts', 'SpecialNeeds'])
      expect(set.has(keyword)).toBe(false);
  });

  it('has allergies and implants of any referral, alerts of the day for everybody, and needs', async () => {
    await told();
    const said = { recordedAt: clock.now().toString(), recordedById: RECEPTION.id };
    const item = (kind: 'ALLERGY' | 'IMPLANT', what: string) => ({
      ...{ ...said, kind, what, referralId: person.referralId },
    });
    await database.client.referralHistoryItem.createMany({
      data: [item('ALLERGY', 'Latex'), item('IMPLANT', 'Pacemaker')],
    });
    expect((await told()).texts('Allergies')).toEqual(['Latex']);
    const alert = {
      patientId: person.patientId,
      kind: AlertKind.CLINICAL,
      severity: AlertSeverity.HIGH,
      raisedById: RECEPTION.id,
      raisedAt: clock.now().toString(),
      fromOn: on('2026-03-01'),
    };
    await database.client.patientAlert.createMany({
      data: [
        { ...alert, text: 'Faints when he lies down' },
        { ...alert, text: 'Over by then', untilOn: on('2026-03-09') },
        { ...alert, text: 'For some eyes only', visibleTo: [Role.MANAGER] },
        { ...alert, text: 'Not for a console', kind: AlertKind.SAFEGUARDING, visibleTo: [Role.CLINICIAN] },
      ],
    });
    expect((await told()).texts('MedicalAlerts')).toEqual(['Faints when he lies down', 'Implant: Pacemaker']);
    await database.client.communicationNeed.create({
      data: {
        ...{ ...said, patientId: person.patientId, kindCode: 'TEST_LANGUAGE', detail: 'Polish' },
        ...{ sharing: 'NOT_ASKED', reviewDueOn: on('2027-03-01') },
      },
    });
    expect((await told()).text('SpecialNeeds')).toBe('Speaks: Polish');
    await database.client.communicationNeed.updateMany({
      where: { patientId: person.patientId },
      data: { endedAt: clock.now().toString(), endedById: RECEPTION.id, endReason: 'for a test' },
    });
    expect((await told()).has('SpecialNeeds')).toBe(false);
  });

  it('has a pregnancy as it was answered on the day, and 4 until somebody has asked', async () => {
    await database.client.patient.update({
      where: { id: person.patientId },
      data: { dateOfBirth: on('1990-05-18') },
    });
    expect((await told()).numbers('PregnancyStatus')).toEqual([4]);
    const policy = await database.client.pregnancyPolicy.findFirstOrThrow();
    const checkId = newId();
    await database.transaction(async (tx) => {
      await tx.visitCheck.create({
        data: {
          ...{ id: checkId, kind: 'PREGNANCY', visitId: bookingId, patientId: person.patientId },
          ...{ procedureCode: 'BONE_SPECT_CT', madeOn: on('2026-03-10'), madeById: RECEPTION.id },
          madeAt: '2026-03-10T08:55:00Z',
        },
      });
      await tx.pregnancyEnquiry.create({
        data: {
          ...{ checkId, policyId: policy.id, potential: 'YES', answer: 'CANNOT_BE_EXCLUDED' },
          ...{ attestation: 'SPOKEN', answeredBy: 'PATIENT', lastPeriodUnknownWhy: 'Irregular.' },
        },
      });
    });
    expect((await told()).numbers('PregnancyStatus')).toEqual([2]);
  });

  it('has what was injected as soon as it is recorded, and no more when it is taken back', async () => {
    const injection = {
      injectedAt: Temporal.Instant.from('2026-03-10T09:02:00Z'),
      netActivityMbq: 776.94,
      tracerName: 'Tc-99m oxidronate',
      halfLifeHours: 6.0067,
    };
    const record = (given: typeof injection | null) =>
      database.transaction((tx) => imaging.injections.recordInjection(tx, RECEPTION, bookingId, given));
    await told();
    expect(await record(injection)).toMatchObject({ netActivityMbq: 776.94, status: 'BOOKED' });
    const [sequence] = (await told()).items('RadiopharmaceuticalInformationSequence');
    expect(sequence?.text('RadionuclideTotalDose')).toBe('776.94');
    expect(sequence?.text('RadiopharmaceuticalStartDateTime')).toBe('20260310090200+0000');
    const [step] = (await told()).items('ScheduledProcedureStepSequence');
    expect(step?.text('CommentsOnTheScheduledProcedureStep')).toMatch(/^Injected 776\.9 MBq net of Tc-99m/);
    await record(injection);
    await record(null);
    expect((await told()).has('RadiopharmaceuticalInformationSequence')).toBe(false);
    const written = await database.client.auditEntry.findMany({
      where: { subjectId: bookingId, action: { startsWith: 'scan.injec' } },
      orderBy: { id: 'asc' },
    });
    expect(written.map(({ action }) => action)).toEqual(['scan.injected', 'scan.injection-taken-back']);
  });
});
