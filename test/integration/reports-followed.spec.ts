import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { StaffActor } from '../../src/clinic/audit/audit.type.js';
import type { GateVerdict } from '../../src/clinic/gates/gate-sources.service.js';
import { AcknowledgementJobs } from '../../src/clinic/reports/acknowledgement.jobs.js';
import { CriticalFindingJobs } from '../../src/clinic/reports/critical-finding.jobs.js';
import { Database } from '../../src/platform/database/database.service.js';
import { GateCode, type ScanBookingStatus } from '../../src/platform/database/generated/enums.js';
import { HandleLater, OutboxHandlers } from '../../src/platform/outbox/index.js';
import { isRefusal } from '../../src/platform/refusal/refusal.js';
import { dateFromPlainDate, Temporal } from '../../src/platform/time/index.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { FixedClock } from '../support/fixed-clock.js';
import { aStaffActor } from '../support/patients.factory.js';
import {
  aContent,
  makeReport,
  makeReporter,
  mustBe,
  type ReportsRoom,
  reportsOn,
} from '../support/reports.factory.js';
import { makeScan } from '../support/scans-to-report.factory.js';

// What follows a report: who is told, who has to say that they have it, and what cannot wait for the letter.

const NOW = '2026-03-02T12:00:00Z'; // a Monday
const AT_ONCE = 50;
const PAGE = { size: 100 };
const clock = new FixedClock(NOW);
const desk = aStaffActor();
const handlers = new OutboxHandlers();
let home: TestDatabase;
let database: Database;
let room: ReportsRoom;
let ada: StaffActor;

beforeAll(async () => {
  home = await createTestDatabase();
  database = new Database(home.url);
  room = reportsOn(database, clock);
  new AcknowledgementJobs(handlers, room.work);
  new CriticalFindingJobs(handlers, room.alarm);
  ada = await makeReporter(database);
  await database.client.bankHoliday.createMany({
    data: ['2026-04-03', '2026-04-06', '2026-12-25', '2026-12-28'].map((text) => ({
      heldOn: dateFromPlainDate(Temporal.PlainDate.from(text)),
      name: 'For a test',
    })),
  });
});
beforeEach(() => clock.set(NOW));
afterAll(async () => {
  await database.close();
  await home.drop();
});

const codeOf = (result: object) => (isRefusal(result) ? result.code : 'done');
const messages = (topic: string, subjectId: string) =>
  database.client.outboxMessage.findMany({ where: { topic, subjectId }, orderBy: { dueAt: 'asc' } });
const dueTimes = async (topic: string, subjectId: string) =>
  (await messages(topic, subjectId)).map(({ dueAt }) => dueAt.toISOString());
/** Handles it as a worker would; when to come again, or null. */
async function work(topic: string, subjectId: string): Promise<string | null> {
  try {
    await handlers.handlerOf(topic)?.handle({ id: randomUUID(), topic, subjectId, version: 0 });
  } catch (error) {
    if (error instanceof HandleLater) return error.notBefore.toString();
    throw error;
  }
  return null;
}
async function makeTask(wish: Parameters<typeof makeScan>[2] = {}) {
  const scan = await makeScan(database, clock, wish);
  const report = await makeReport(room, ada, scan.id);
  const [task] = (await room.taskRecords.ofReports([report.id])).get(report.id) ?? [];
  if (task === undefined) throw new Error('there is no task');
  return { scan, report, task };
}
const acknowledge = (acknowledgementId: string, acknowledgedAt = clock.now()) =>
  room.tasks.acknowledgeResult(desk, {
    ...{ acknowledgementId, acknowledgedAt, acknowledgedBy: ' Dr Amelia Hart ', method: 'TELEPHONE' },
  });

describe('the task of a referrer', () => {
  it.each([
    ['ROUTINE', '2026-03-02T12:00:00Z', '2026-03-16', '2026-03-17T00:00:00.000Z'],
    ['URGENT', '2026-04-02T12:00:00Z', '2026-04-09', '2026-04-09T23:00:00.000Z'],
    ['TWO_WEEK_WAIT', '2026-12-24T16:00:00Z', '2026-12-30', '2026-12-31T00:00:00.000Z'],
    // The clocks change in the night before the last of these days.
    ['URGENT', '2026-03-26T12:00:00Z', '2026-03-31', '2026-03-31T23:00:00.000Z'],
    ['TWO_WEEK_WAIT', '2026-10-22T12:00:00Z', '2026-10-26', '2026-10-27T00:00:00.000Z'],
    // After midnight on the wall clock, and still the day before in UTC.
    ['TWO_WEEK_WAIT', '2026-06-09T23:30:00Z', '2026-06-12', '2026-06-12T23:00:00.000Z'],
  ] as const)('of priority %s, signed at %s, is due on %s', async (priority, signedAt, dueOn, dueAt) => {
    clock.set(signedAt);
    const { task } = await makeTask({ priority });
    expect(task).toMatchObject({ dueOn, status: 'OPEN', referrerName: 'Dr Amelia Hart', isOverdue: false });
    expect(await dueTimes('report.acknowledgement-due', task.id)).toEqual([dueAt]);
  });

  it('is done when somebody says by name that they have it, how and when', async () => {
    const { report, task } = await makeTask();
    clock.advance({ hours: 20 });
    const done = mustBe(await acknowledge(task.id, clock.now().subtract({ hours: 1 })));
    expect(done).toMatchObject({
      ...{
        status: 'ACKNOWLEDGED',
        acknowledgedBy: 'Dr Amelia Hart',
        method: 'TELEPHONE',
        recordedById: desk.id,
      },
      ...{ acknowledgedAt: clock.now().subtract({ hours: 1 }), recordedAt: clock.now(), allowedActions: [] },
    });
    const written = await database.client.auditEntry.findMany({ where: { subjectId: task.id } });
    expect(written).toMatchObject([
      { action: 'report-acknowledgement.acknowledged', actorId: desk.id, patientIds: [report.patientId] },
    ]);
    expect(JSON.stringify(written.map(({ after }) => after))).not.toContain('Hart');
    expect(await messages('report.acknowledgement-due', task.id)).toEqual([]);
  });

  it('is not done before the report was signed, nor ahead of time', async () => {
    const { task } = await makeTask();
    for (const at of ['2026-03-02T11:59:59Z', '2026-03-02T12:00:01Z']) {
      await expect(acknowledge(task.id, Temporal.Instant.from(at))).rejects.toMatchObject({
        code: 'BAD_INPUT',
      });
    }
    await expect(acknowledge(randomUUID())).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('of many who settle it at once is settled by one', async () => {
    const { task } = await makeTask();
    const close = () =>
      room.tasks.closeAcknowledgement(desk, { acknowledgementId: task.id, reason: 'Retired' });
    const all = await Promise.all(
      Array.from({ length: AT_ONCE }, (_, n) => (n % 2 === 0 ? acknowledge(task.id) : close())),
    );
    expect(all.map(codeOf).filter((code) => code === 'done')).toHaveLength(1);
    expect(new Set(all.map(codeOf))).toEqual(new Set(['done', 'AcknowledgementSettled']));
  });

  it('goes from hand to hand with a reason, and is closed with one', async () => {
    const { task } = await makeTask();
    const given = { acknowledgementId: task.id, staffId: ada.id, reason: 'Knows the practice' };
    expect(mustBe(await room.tasks.reassignAcknowledgement(desk, given))).toMatchObject({
      ...{ assignedToId: ada.id, assignReason: 'Knows the practice', dueOn: task.dueOn },
    });
    await expect(
      room.tasks.reassignAcknowledgement(desk, { ...given, staffId: randomUUID() }),
    ).rejects.toMatchObject({ code: 'BAD_INPUT' });
    const mine = await room.taskRecords.resultsToAcknowledge(
      desk,
      { status: 'OPEN', assignedToId: ada.id },
      PAGE,
    );
    expect(mine.items.map(({ id }) => id)).toEqual([task.id]);
    mustBe(await room.tasks.reassignAcknowledgement(desk, { ...given, staffId: null }));
    const closed = { acknowledgementId: task.id, reason: 'The practice has closed.' };
    expect(mustBe(await room.tasks.closeAcknowledgement(desk, closed))).toMatchObject({
      ...{ status: 'CLOSED', closeReason: 'The practice has closed.', closedById: desk.id },
    });
    for (const again of [
      room.tasks.closeAcknowledgement(desk, closed),
      room.tasks.reassignAcknowledgement(desk, given),
      acknowledge(task.id),
    ]) {
      expect(await again).toMatchObject({ code: 'AcknowledgementSettled', status: 'CLOSED' });
    }
    await expect(
      database.client
        .$executeRaw`UPDATE report_acknowledgements SET status = 'OPEN' WHERE id = ${task.id}::uuid`,
    ).rejects.toThrow();
  });

  it('that is overdue is said to the clinic after its day, over bank holidays, until somebody settles it', async () => {
    clock.set('2026-04-02T12:00:00Z'); // Maundy Thursday
    const { task } = await makeTask({ priority: 'TWO_WEEK_WAIT' });
    expect(task.dueOn).toBe('2026-04-08');
    const topic = 'report.acknowledgement-due';
    clock.set('2026-04-08T22:59:59Z');
    expect(await work(topic, task.id)).toBe('2026-04-08T23:00:00Z');
    expect(await messages('report.unacknowledged', task.id)).toEqual([]);
    clock.set('2026-04-08T23:00:00Z');
    // Escalated on the 9th; the next working day ends on the 10th.
    expect(await work(topic, task.id)).toBe('2026-04-10T23:00:00Z');
    expect(await work(topic, task.id)).toBe('2026-04-10T23:00:00Z');
    expect((await messages('report.unacknowledged', task.id)).map(({ version }) => version)).toEqual([1]);
    clock.set('2026-04-10T23:00:00Z');
    expect(await work(topic, task.id)).toBe('2026-04-13T23:00:00Z');
    const { items } = await room.taskRecords.resultsToAcknowledge(
      desk,
      { status: 'OPEN', isOverdue: true },
      PAGE,
    );
    expect(items.find(({ id }) => id === task.id)).toMatchObject({ escalationsCount: 2, isOverdue: true });
    expect(await room.letters.unacknowledgedMatter(database.client, task.id, 1)).toBeNull();
    expect(await room.letters.unacknowledgedMatter(database.client, task.id, 2)).not.toBeNull();
    mustBe(await acknowledge(task.id));
    clock.set('2026-04-20T23:00:00Z');
    expect(await work(topic, task.id)).toBeNull();
    expect(await room.letters.unacknowledgedMatter(database.client, task.id, 2)).toBeNull();
    expect(await work(topic, randomUUID())).toBeNull();
  });

  it('comes again after the night in which the clocks change, no sooner and no later', async () => {
    clock.set('2026-10-23T12:00:00Z'); // the Friday before
    const { task } = await makeTask({ priority: 'TWO_WEEK_WAIT' });
    expect(task.dueOn).toBe('2026-10-27');
    clock.set('2026-10-27T23:30:00Z');
    expect(await work('report.acknowledgement-due', task.id)).toBe('2026-10-28T00:00:00Z');
    clock.set('2026-10-28T00:00:00Z');
    expect(await work('report.acknowledgement-due', task.id)).toBe('2026-10-30T00:00:00Z');
  });

  it('is listed by its day, page by page', async () => {
    const everything = await room.taskRecords.resultsToAcknowledge(desk, { status: 'OPEN' }, PAGE);
    const days = everything.items.map(({ dueOn }) => dueOn);
    expect(days).toEqual(days.toSorted());
    const first = await room.taskRecords.resultsToAcknowledge(desk, { status: 'OPEN' }, { size: 2 });
    const rest = await room.taskRecords.resultsToAcknowledge(
      desk,
      { status: 'OPEN' },
      {
        size: 100,
        after: first.nextCursor,
      },
    );
    expect([...first.items, ...rest.items]).toEqual(everything.items);
    expect(JSON.stringify(everything)).not.toContain('facet');
  });
});

describe('a critical finding', () => {
  const flag = (scanBookingId: string, category: 'CORD_OR_CAUDA_EQUINA' | 'OTHER' = 'CORD_OR_CAUDA_EQUINA') =>
    room.critical.flagCriticalFinding(ada, {
      scanBookingId,
      category,
      description: ' Cord compression at T8. ',
    });
  const tell = (criticalFindingId: string, wasReadBack: boolean, toldAt = clock.now()) =>
    room.critical.tellCriticalFinding(ada, {
      ...{ criticalFindingId, wasReadBack, toldAt, method: 'TELEPHONE' },
      ...{ toldName: 'Mr Okafor', toldRole: 'spinal registrar on call' },
    });
  const close = (criticalFindingId: string, outcome: 'ACTED_ON' | 'FLAGGED_IN_ERROR' = 'ACTED_ON') =>
    room.critical.closeCriticalFinding(ada, { criticalFindingId, outcome, note: ' Admitted. ' });

  it('is flagged before anything is signed, and the clinic is told at once and again until somebody reads it back', async () => {
    clock.set('2026-03-29T00:40:00Z'); // twenty minutes before the clocks go forward
    const scan = await makeScan(database, clock, { status: 'IN_PROGRESS' });
    const finding = mustBe(await flag(scan.id));
    expect(finding).toMatchObject({
      ...{
        status: 'OPEN',
        description: 'Cord compression at T8.',
        flaggedById: ada.id,
        patientId: scan.patientId,
      },
      dueAt: Temporal.Instant.from('2026-03-29T01:10:00Z'),
    });
    expect(await messages('critical-finding.raised', finding.id)).toHaveLength(1);
    const topic = 'critical-finding.due';
    expect(await dueTimes(topic, finding.id)).toEqual(['2026-03-29T01:10:00.000Z']);
    clock.set('2026-03-29T01:09:59Z');
    expect(await work(topic, finding.id)).toBe('2026-03-29T01:10:00Z');
    clock.set('2026-03-29T01:10:00Z');
    expect(await work(topic, finding.id)).toBe('2026-03-29T01:25:00Z');
    expect(await work(topic, finding.id)).toBe('2026-03-29T01:25:00Z');
    expect((await messages('critical-finding.overdue', finding.id)).map(({ version }) => version)).toEqual([
      1,
    ]);
    // A message that was left is not read back: it goes on.
    expect(mustBe(await tell(finding.id, false))).toMatchObject({ status: 'OPEN', isOverdue: false });
    clock.set('2026-03-29T01:25:00Z');
    expect(await work(topic, finding.id)).toBe('2026-03-29T01:40:00Z');
    expect(mustBe(await tell(finding.id, true))).toMatchObject({
      ...{ status: 'ACKNOWLEDGED', acknowledgedAt: clock.now(), escalationsCount: 2 },
      tellings: [{ wasReadBack: false }, { wasReadBack: true, toldName: 'Mr Okafor', recordedById: ada.id }],
    });
    clock.set('2026-03-29T05:00:00Z');
    expect(await work(topic, finding.id)).toBeNull();
    expect(await room.letters.criticalMatter(database.client, finding.id, 2)).toBeNull();
    const written = await database.client.auditEntry.findMany({
      where: { subjectId: finding.id },
      orderBy: { id: 'asc' },
    });
    expect(written.map(({ action }) => action)).toEqual([
      'critical-finding.flagged',
      'critical-finding.escalated',
      'critical-finding.told',
      'critical-finding.escalated',
      'critical-finding.acknowledged',
    ]);
    expect(JSON.stringify(written.map(({ after }) => after))).not.toMatch(/Cord compression|Okafor/);
  });

  // Written by hand: every state, and what is said to telling, to closing as acted on, and as flagged in error.
  it.each([
    ['OPEN', 'done', 'CriticalFindingNotAcknowledged', 'done'],
    ['ACKNOWLEDGED', 'done', 'done', 'done'],
    ['CLOSED', 'CriticalFindingClosed', 'CriticalFindingClosed', 'CriticalFindingClosed'],
  ] as const)('that is %s', async (status, told, actedOn, inError) => {
    const made = async () => {
      const scan = await makeScan(database, clock);
      const { id } = mustBe(await flag(scan.id, 'OTHER'));
      if (status !== 'OPEN') mustBe(await tell(id, true));
      if (status === 'CLOSED') mustBe(await close(id));
      return id;
    };
    expect(codeOf(await tell(await made(), true))).toBe(told);
    expect(codeOf(await close(await made()))).toBe(actedOn);
    const closed = await close(await made(), 'FLAGGED_IN_ERROR');
    expect(codeOf(closed)).toBe(inError);
    if (!isRefusal(closed)) expect(closed).toMatchObject({ status: 'CLOSED', closingNote: 'Admitted.' });
  });

  it('needs a scan that has begun, and nobody is told in the future', async () => {
    for (const status of ['BOOKED', 'CANCELLED', 'NO_SHOW'] satisfies ScanBookingStatus[]) {
      const scan = await makeScan(database, clock, { status });
      expect(codeOf(await flag(scan.id))).toBe('ScanNotPerformed');
    }
    const scan = await makeScan(database, clock);
    const { id } = mustBe(await flag(scan.id));
    await expect(tell(id, true, clock.now().add({ seconds: 1 }))).rejects.toMatchObject({
      code: 'BAD_INPUT',
    });
    await expect(tell(id, true, clock.now().subtract({ hours: 2 }))).rejects.toMatchObject({
      ...{ code: 'BAD_INPUT', message: expect.stringContaining('before the scan began') },
    });
    await expect(tell(randomUUID(), true)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('that many close at once is closed once', async () => {
    const scan = await makeScan(database, clock);
    const { id } = mustBe(await flag(scan.id));
    mustBe(await tell(id, true));
    const all = await Promise.all(Array.from({ length: AT_ONCE }, () => close(id)));
    expect(all.map(codeOf).filter((code) => code === 'done')).toHaveLength(1);
  });

  it('cannot be closed, acknowledged or changed behind the back of the room', async () => {
    const scan = await makeScan(database, clock);
    const { id } = mustBe(await flag(scan.id));
    const now = `'${NOW}'`;
    for (const change of [
      `status = 'ACKNOWLEDGED', acknowledged_at = ${now}`,
      `status = 'CLOSED', closed_at = ${now}, closed_by_id = flagged_by_id, outcome = 'ACTED_ON', closing_note = 'x'`,
      `status = 'CLOSED', closed_at = ${now}, closed_by_id = flagged_by_id, outcome = 'FLAGGED_IN_ERROR', closing_note = ' '`,
      `status = 'CLOSED', closed_at = ${now}, closed_by_id = flagged_by_id, outcome = 'FLAGGED_IN_ERROR'`,
      `description = 'Nothing'`,
      `due_at = due_at + interval '1 day'`,
    ]) {
      const sql = `UPDATE critical_findings SET ${change} WHERE id = '${id}'`;
      await expect(database.client.$executeRawUnsafe(sql), change).rejects.toThrow();
    }
    mustBe(await tell(id, true));
    mustBe(await close(id));
    for (const sql of [
      `UPDATE critical_findings SET status = 'OPEN', acknowledged_at = NULL, closed_at = NULL, closed_by_id = NULL, outcome = NULL, closing_note = NULL`,
      `DELETE FROM critical_findings`,
      `UPDATE critical_finding_tellings SET was_read_back = false`,
      `DELETE FROM critical_finding_tellings`,
    ]) {
      await expect(database.client.$executeRawUnsafe(sql), sql).rejects.toThrow();
    }
  });

  it('is listed by when it is due, of a patient or in a state', async () => {
    const scan = await makeScan(database, clock);
    const late = mustBe(await flag(scan.id, 'OTHER'));
    const soon = mustBe(await flag(scan.id));
    const { items } = await room.criticalRecords.criticalFindings(ada, { patientId: scan.patientId }, PAGE);
    expect(items.map(({ id }) => id)).toEqual([soon.id, late.id]);
    const first = await room.criticalRecords.criticalFindings(ada, { scanBookingId: scan.id }, { size: 1 });
    const rest = await room.criticalRecords.criticalFindings(
      ada,
      { scanBookingId: scan.id },
      {
        size: 5,
        after: first.nextCursor,
      },
    );
    expect(rest.items.map(({ id }) => id)).toEqual([late.id]);
  });
});

describe('what is sent', () => {
  const release = (scanBookingId: string, seenVersion: number, words: string | null = null) =>
    room.release.releaseReportToPatient(ada, { scanBookingId, seenVersion, words });

  it('goes to the patient only when a clinician says so, each version once', async () => {
    const { scan, report } = await makeTask();
    await expect(
      database.client.$executeRaw`
        INSERT INTO report_tellings (id, report_id, visit_id, version_number, audience, method, told_at, told_by_id)
        VALUES (gen_random_uuid(), ${report.id}::uuid, ${scan.id}::uuid, 1, 'PATIENT', 'EMAIL', now(), ${ada.id}::uuid)`,
    ).rejects.toThrow();
    expect(codeOf(await release(scan.id, 2))).toBe('ReportChangedMeanwhile');
    const all = await Promise.all(
      Array.from({ length: 20 }, () => release(scan.id, 1, 'It is a joint of your back.')),
    );
    expect(all.map(codeOf).filter((code) => code === 'done')).toHaveLength(1);
    expect(new Set(all.map(codeOf))).toEqual(new Set(['done', 'ReportAlreadyReleased']));
    const [telling] = await database.client.reportTelling.findMany({
      where: { reportId: report.id, audience: 'PATIENT' },
    });
    const matter = await room.letters.matter(database.client, telling?.id ?? '', 1);
    expect(matter).toMatchObject({
      ...{ to: 'PATIENT', recipient: null, words: 'It is a joint of your back.', acknowledgeBy: null },
      ...{ conclusion: 'The left L4/L5 facet joint is active.', signedByName: 'Dr Ada Reed' },
      findings: ['L4/L5 facet joint, left: intense uptake, moderate change on CT.'],
    });
    const correction = aContent({ conclusion: 'The right one.' });
    mustBe(
      await room.addenda.addReportAddendum(ada, {
        scanBookingId: scan.id,
        seenVersion: 1,
        text: 'Mixed up.',
        correction,
      }),
    );
    // What was sent does not hold any more, and the new text is not the patient's before it is released.
    expect(await room.letters.matter(database.client, telling?.id ?? '', 1)).toBeNull();
    const told = { reportId: report.id, audience: 'PATIENT' as const };
    expect(await database.client.reportTelling.count({ where: told })).toBe(1);
    mustBe(await release(scan.id, 2));
    expect(await database.client.reportTelling.count({ where: told })).toBe(2);
    // What is added to it is not with the patient either, before it is released; then it is, once.
    expect(codeOf(await release(scan.id, 2))).toBe('ReportAlreadyReleased');
    clock.set('2026-03-02T13:00:00Z');
    mustBe(
      await room.addenda.addReportAddendum(ada, { scanBookingId: scan.id, seenVersion: 2, text: 'More.' }),
    );
    expect(await database.client.reportTelling.count({ where: told })).toBe(2);
    mustBe(await release(scan.id, 2));
    expect(codeOf(await release(scan.id, 2))).toBe('ReportAlreadyReleased');
    expect(await database.client.reportTelling.count({ where: told })).toBe(3);
  });

  it('goes to the GP, too, who is in the directory or not, and never to a retired one', async () => {
    const { scan, report } = await makeTask();
    const gp = await database.client.referrer.create({
      data: {
        ...{
          kind: 'GP',
          title: 'Dr',
          name: 'Ines Moor',
          email: 'moor@practice.example',
          organisation: 'Moor Practice',
        },
        ...{ registeredAt: new Date(NOW), registeredById: ada.id },
      },
    });
    const of = { scanBookingId: scan.id, seenVersion: 1, audience: 'GP', addressLines: [] } as const;
    expect(mustBe(await room.release.tellReport(ada, { ...of, referrerId: gp.id }))).toMatchObject({
      ...{ name: 'Dr Ines Moor', method: 'EMAIL', versionNumber: 1, toldById: ada.id },
    });
    expect(mustBe(await room.release.tellReport(ada, { ...of, name: 'Dr Ng' }))).toMatchObject({
      method: 'LETTER',
    });
    await database.client.referrer.update({ where: { id: gp.id }, data: { retiredAt: new Date(NOW) } });
    await expect(room.release.tellReport(ada, { ...of, referrerId: gp.id })).rejects.toMatchObject({
      code: 'BAD_INPUT',
    });
    await expect(room.release.tellReport(ada, of)).rejects.toMatchObject({ code: 'BAD_INPUT' });
    const tellings = (await room.tellings.ofReports([report.id])).get(report.id);
    expect(tellings?.map(({ audience, name }) => [audience, name])).toEqual([
      ['REFERRER', 'Dr Amelia Hart'],
      ['GP', 'Dr Ines Moor'],
      ['GP', 'Dr Ng'],
    ]);
  });

  it('tells a patient who has died nothing, and nobody for a patient who referred themselves', async () => {
    const { scan, report } = await makeTask({ referrerId: null });
    expect(await room.tellings.ofReports([report.id])).toEqual(new Map([[report.id, []]]));
    const { id } = mustBe(await release(scan.id, 1));
    expect(await room.letters.matter(database.client, id, 1)).toMatchObject({ to: 'PATIENT' });
    await database.client.patientDeath.create({
      data: {
        ...{ patientId: scan.patientId, source: 'The GP', recordedById: ada.id },
        ...{ diedOn: new Date('2026-03-01'), recordedAt: new Date(NOW) },
      },
    });
    expect(await room.letters.matter(database.client, id, 1)).toBeNull();
  });
});

describe('the gates after a scan', () => {
  const gatesOf = async (visitId: string, patientId: string, referralId: string) => {
    const subject = {
      ...{ visitId, patientId, referralId, procedureCode: 'BONE_SPECT_CT', siteCode: 'MAIN' },
      ...{ injectionAt: clock.now(), scanAt: clock.now() },
    };
    const judged = await room.gates.judge(database.client, {
      ...{ codes: new Set(Object.values(GateCode)), subjects: [subject], at: clock.now() },
      ...{ stage: null, act: undefined, onByVisit: new Map() },
    });
    const found = (code: GateCode): GateVerdict | undefined => judged.get(code)?.get(visitId);
    return [found('EVALUATED')?.reasonCode, found('REPORT_ACKNOWLEDGED')?.reasonCode];
  };

  it('follow the report from the booking to the referrer', async () => {
    const booked = await makeScan(database, clock, { status: 'BOOKED' });
    expect(await gatesOf(booked.id, booked.patientId, booked.referralId)).toEqual([
      'NOT_SCANNED',
      'NOTHING_TO_ACKNOWLEDGE',
    ]);
    const scan = await makeScan(database, clock, { priority: 'TWO_WEEK_WAIT' });
    const gates = () => gatesOf(scan.id, scan.patientId, scan.referralId);
    expect(await gates()).toEqual(['REPORT_NOT_SIGNED', 'NO_RESULT_YET']);
    const report = await makeReport(room, ada, scan.id);
    expect(await gates()).toEqual(['REPORT_SIGNED', 'NOT_ACKNOWLEDGED']);
    clock.set('2026-03-05T00:00:00Z');
    expect(await gates()).toEqual(['REPORT_SIGNED', 'ACKNOWLEDGEMENT_OVERDUE']);
    const [task] = (await room.taskRecords.ofReports([report.id])).get(report.id) ?? [];
    mustBe(await acknowledge(task?.id ?? ''));
    expect(await gates()).toEqual(['REPORT_SIGNED', 'RESULT_ACKNOWLEDGED']);
  });
});
