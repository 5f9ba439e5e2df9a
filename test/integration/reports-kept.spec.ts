import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StaffActor } from '../../src/clinic/audit/audit.type.js';
import { PatientMergeFollowers } from '../../src/clinic/patients/patient-merge-followers.service.js';
import { RetentionClasses } from '../../src/clinic/records/retention-class.type.js';
import { SubjectAccess } from '../../src/clinic/records/subject-access.type.js';
import { PatientReportsMergeService } from '../../src/clinic/reports/patient-reports-merge.service.js';
import { ReportAccessService } from '../../src/clinic/reports/report-access.service.js';
import { ReportRetentionService } from '../../src/clinic/reports/report-retention.service.js';
import { readConfig } from '../../src/platform/config/index.js';
import { Database } from '../../src/platform/database/database.service.js';
import { Temporal } from '../../src/platform/time/index.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { FixedClock } from '../support/fixed-clock.js';
import { aStaffActor, makePatient, patientServiceOn } from '../support/patients.factory.js';
import { type RecordsRoom, recordsOn } from '../support/records.factory.js';
import {
  makeDraft,
  makeReport,
  makeReporter,
  mustBe,
  type ReportsRoom,
  reportsOn,
} from '../support/reports.factory.js';
import { makeScan } from '../support/scans-to-report.factory.js';

// Reports as part of a patient's record: how long it is kept, its copy, two records that become one, and their destruction.

const NOW = '2026-03-02T12:00:00Z';
const clock = new FixedClock(NOW);
const desk = aStaffActor();
let home: TestDatabase;
let database: Database;
let room: ReportsRoom;
let records: RecordsRoom;
let ada: StaffActor;
let retention: ReportRetentionService;

const TABLES = [
  'scan_reports',
  'scan_report_drafts',
  'scan_report_versions',
  'scan_report_findings',
  'scan_report_addenda',
  'report_acknowledgements',
  'critical_findings',
  'critical_finding_tellings',
  'report_tellings',
];

beforeAll(async () => {
  home = await createTestDatabase();
  database = new Database(home.url);
  room = reportsOn(database, clock);
  records = await recordsOn(database, clock);
  retention = new ReportRetentionService(records.get(RetentionClasses), readConfig({}, '/tmp'));
  ada = await makeReporter(database);
});
afterAll(async () => {
  await records.module.close();
  await database.close();
  await home.drop();
});

/** Everything that there can be of one scan. */
async function makeEverything(patientId?: string) {
  const scan = await makeScan(database, clock, patientId === undefined ? {} : { patientId });
  const report = await makeReport(room, ada, scan.id);
  mustBe(
    await room.addenda.addReportAddendum(ada, { scanBookingId: scan.id, seenVersion: 1, text: 'A note.' }),
  );
  mustBe(await room.release.releaseReportToPatient(ada, { scanBookingId: scan.id, seenVersion: 1 }));
  const flagged = { scanBookingId: scan.id, category: 'OTHER', description: 'Something.' } as const;
  const critical = mustBe(await room.critical.flagCriticalFinding(ada, flagged));
  mustBe(
    await room.critical.tellCriticalFinding(ada, {
      ...{
        criticalFindingId: critical.id,
        toldName: 'Mr Okafor',
        toldRole: 'registrar',
        method: 'TELEPHONE',
      },
      ...{ toldAt: clock.now(), wasReadBack: true },
    }),
  );
  const [task] = (await room.taskRecords.ofReports([report.id])).get(report.id) ?? [];
  return { scan, report, critical, taskId: task?.id ?? '' };
}
const settle = async ({ critical, taskId }: Awaited<ReturnType<typeof makeEverything>>) => {
  const closed = { criticalFindingId: critical.id, outcome: 'ACTED_ON', note: 'Admitted.' } as const;
  mustBe(await room.critical.closeCriticalFinding(ada, closed));
  mustBe(await room.tasks.closeAcknowledgement(desk, { acknowledgementId: taskId, reason: 'Retired.' }));
};
async function leftOf(visitId: string): Promise<readonly string[]> {
  const left: string[] = [];
  for (const table of TABLES) {
    const sql = `SELECT count(*)::int AS count FROM ${table} WHERE visit_id = '${visitId}'`;
    const [row] = await database.client.$queryRawUnsafe<{ count: number }[]>(sql);
    if (row?.count !== 0) left.push(table);
  }
  return left;
}

describe('how long it is kept', () => {
  it('counts from the last signature, and not while something waits for somebody', async () => {
    const made = await makeEverything();
    const factsOf = async () =>
      (await retention.facts(database.client, [made.scan.patientId])).get(made.scan.patientId);
    expect(await factsOf()).toEqual({
      lastContactOn: Temporal.PlainDate.from('2026-03-02'),
      treatmentEndedOn: null,
      classes: [],
      keptBecause: 'CRITICAL_FINDING_OPEN',
    });
    const closed = { criticalFindingId: made.critical.id, outcome: 'ACTED_ON', note: 'Admitted.' } as const;
    mustBe(await room.critical.closeCriticalFinding(ada, closed));
    expect((await factsOf())?.keptBecause).toBe('RESULT_NOT_ACKNOWLEDGED');
    mustBe(
      await room.tasks.closeAcknowledgement(desk, { acknowledgementId: made.taskId, reason: 'Retired.' }),
    );
    expect((await factsOf())?.keptBecause).toBeNull();
  });
});

describe('the copy for the patient', () => {
  it('has everything of theirs and nothing of anybody else', async () => {
    const [made, other] = [await makeEverything(), await makeEverything()];
    const access = new ReportAccessService(new SubjectAccess());
    const sections = await access.collect(database.client, made.scan.patientId);
    expect(sections.map(({ name, records: rows }) => [name, rows.length])).toEqual([
      ['signed-reports', 1],
      ['report-addenda', 1],
      ['report-drafts', 0],
      ['critical-findings', 1],
      ['reports-sent', 3],
      ['acknowledgements', 1],
    ]);
    expect(JSON.stringify(sections)).not.toContain(other.scan.id);
    for (const { records: rows, thirdPartyFields = [] } of sections) {
      for (const field of thirdPartyFields) expect(rows.every((row) => field in row)).toBe(true);
    }
  });
});

describe('two records that become one', () => {
  it('show the report where its scan is', async () => {
    const patients = patientServiceOn(database, clock);
    const into = await makePatient(patients);
    const made = await makeEverything();
    const followers = new PatientMergeFollowers();
    const follower = new PatientReportsMergeService(followers);
    expect(await follower.preview(database.client, made.scan.patientId)).toMatchObject({
      ...{ rows: { 'scan reports': 1 }, conflicts: [] },
      warnings: [expect.stringMatching(/were sent out/)],
    });
    const moved = { patientId: into.id };
    await database.client.scanBooking.update({ where: { id: made.scan.id }, data: moved });
    expect(await room.records.scanReport(ada, made.scan.id)).toMatchObject(moved);
    expect((await room.records.findingsOf(ada, [into.id])).get(into.id)).toHaveLength(1);
    const listed = await room.records.scanReports(ada, moved, { size: 5 });
    expect(listed.items.map(({ id }) => id)).toEqual([made.report.id]);
  });
});

describe('destruction', () => {
  it('is refused by the database, and takes everything when it is lawful', async () => {
    const patient = await makePatient(patientServiceOn(database, clock), { dateOfBirth: '1950-01-01' });
    const made = await makeEverything(patient.id);
    await settle(made);
    await makeDraft(
      room,
      await makeReporter(database),
      (await makeScan(database, clock, { patientId: patient.id })).id,
    );
    await expect(database.transaction((tx) => retention.destroy(tx, desk, patient.id))).rejects.toThrow();
    expect(await leftOf(made.scan.id)).toHaveLength(TABLES.length - 1);
    const other = await makeEverything();
    clock.set('2060-01-05T09:00:00Z');
    const run = await records.destroyAll(['CLINICAL_RECORD']);
    expect(run.status).toBe('COMPLETED');
    expect(await leftOf(made.scan.id)).toEqual([]);
    expect(await leftOf(other.scan.id)).toHaveLength(TABLES.length - 1);
    const stubs = await database.client.destructionStub.findMany({ where: { patientId: patient.id } });
    const parts = stubs.flatMap(
      ({ parts: found }) => found as { readonly what: string; readonly count: number }[],
    );
    expect(parts.filter(({ what }) => what.includes('report') || what.includes('findings'))).toMatchObject([
      { what: 'scan reports', count: 2 },
      { what: 'drafts of reports', count: 1 },
      { what: 'signed texts of reports', count: 1 },
      { what: 'findings', count: 1 },
      { what: 'addenda of reports', count: 1 },
      { what: 'critical findings', count: 1 },
      { what: 'reports told', count: 3 },
    ]);
    clock.set(NOW);
  });
});
