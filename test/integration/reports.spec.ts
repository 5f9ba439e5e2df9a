import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { StaffActor } from '../../src/clinic/audit/audit.type.js';
import { Database } from '../../src/platform/database/database.service.js';
import { ScanBookingStatus } from '../../src/platform/database/generated/enums.js';
import { isRefusal } from '../../src/platform/refusal/refusal.js';
import { dateFromPlainDate, Temporal } from '../../src/platform/time/index.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { FixedClock } from '../support/fixed-clock.js';
import {
  aContent,
  aFinding,
  makeDraft,
  makeReport,
  makeReporter,
  mustBe,
  type ReportsRoom,
  reportsOn,
} from '../support/reports.factory.js';
import { makeScan } from '../support/scans-to-report.factory.js';

// Reports: drafts that are their author's own, signatures, and what is signed for good.

const NOW = '2026-03-02T12:00:00Z'; // a Monday
const AT_ONCE = 50;
const PAGE = { size: 25 };
const clock = new FixedClock(NOW);
let home: TestDatabase;
let database: Database;
let room: ReportsRoom;
let ada: StaffActor;
let ben: StaffActor;

beforeAll(async () => {
  home = await createTestDatabase();
  database = new Database(home.url);
  room = reportsOn(database, clock);
  ada = await makeReporter(database);
  ben = await makeReporter(database, { displayName: 'Dr Ben Low' });
});
beforeEach(() => clock.set(NOW));
afterAll(async () => {
  await database.close();
  await home.drop();
});

const codeOf = (result: object) => (isRefusal(result) ? result.code : 'done');
const keep = (actor: StaffActor, scanBookingId: string, draftVersion: number, parts = {}, seenVersion = 0) =>
  room.drafts.keepReportDraft(actor, { scanBookingId, draftVersion, seenVersion, content: aContent(parts) });
const sign = (
  actor: StaffActor,
  scanBookingId: string,
  draftVersion: number,
  as: 'FINAL' | 'PRELIMINARY' = 'FINAL',
) => room.signing.signReport(actor, { scanBookingId, draftVersion, as });
const auditOf = (subjectId: string) =>
  database.client.auditEntry.findMany({ where: { subjectId }, orderBy: { id: 'asc' } });
const messagesOf = (topic: string) => database.client.outboxMessage.findMany({ where: { topic } });

describe('a draft', () => {
  it('is kept version by version, shown to its author alone, and to others only as somebody who writes', async () => {
    const scan = await makeScan(database, clock);
    expect(await keep(ada, scan.id, 0)).toMatchObject({ version: 1, baseVersion: 0, problems: [] });
    clock.advance({ minutes: 5 });
    expect(await keep(ada, scan.id, 1, { conclusion: '' })).toMatchObject({
      version: 2,
      problems: ['Write the conclusion.'],
    });
    const own = await room.records.scanReport(ada, scan.id);
    expect(own).toMatchObject({ status: 'WRITING', version: 0, current: null, myDraft: { version: 2 } });
    const others = await room.records.scanReport(ben, scan.id);
    expect(others).toMatchObject({ myDraft: null, writers: [{ staffId: ada.id }] });
    expect(JSON.stringify(others)).not.toContain('facet joint');
    const written = await auditOf(own?.id ?? '');
    expect(written.map(({ action }) => action)).toEqual([
      'scan-report-draft.begun',
      'scan-report-draft.kept',
      'scan-report.viewed',
      'scan-report.viewed',
    ]);
    expect(written.every(({ patientIds }) => patientIds.includes(scan.patientId))).toBe(true);
    expect(JSON.stringify(written.map(({ after }) => after))).not.toContain('facet');
  });

  it('of somebody who types in two windows is lost in neither: the second is shown both texts', async () => {
    const scan = await makeScan(database, clock);
    await makeDraft(room, ada, scan.id);
    mustBe(await keep(ada, scan.id, 1, { conclusion: 'From the first window.' }));
    const refused = await keep(ada, scan.id, 1, { conclusion: 'From the second window.' });
    expect(refused).toMatchObject({
      code: 'ReportDraftChanged',
      keptVersion: 2,
      kept: { conclusion: 'From the first window.' },
      yours: { conclusion: 'From the second window.' },
    });
    const draft = await room.records.scanReport(ada, scan.id);
    expect(draft?.myDraft?.content.conclusion).toBe('From the first window.');
  });

  it('of many windows at once is kept once, whoever comes first', async () => {
    const scan = await makeScan(database, clock);
    const all = await Promise.all(
      Array.from({ length: AT_ONCE }, (_, n) => keep(ada, scan.id, 0, { limitations: `Window ${n}` })),
    );
    expect(all.map(codeOf).toSorted()).toEqual([
      ...Array.from({ length: AT_ONCE - 1 }, () => 'ReportDraftChanged'),
      'done',
    ]);
    expect(await database.client.scanReport.count({ where: { scanBookingId: scan.id } })).toBe(1);
  });

  it('of two people stand beside each other, and neither touches the other’s', async () => {
    const scan = await makeScan(database, clock);
    mustBe(await keep(ada, scan.id, 0, { conclusion: 'Ada’s.' }));
    mustBe(await keep(ben, scan.id, 0, { conclusion: 'Ben’s.' }));
    mustBe(await keep(ada, scan.id, 1, { conclusion: 'Ada’s, better.' }));
    const seen = await Promise.all([ada, ben].map((actor) => room.records.scanReport(actor, scan.id)));
    expect(seen.map((report) => report?.myDraft?.content.conclusion)).toEqual(['Ada’s, better.', 'Ben’s.']);
    expect(codeOf(await room.drafts.discardReportDraft(ada, scan.id, 1))).toBe('ReportDraftChanged');
    mustBe(await room.drafts.discardReportDraft(ada, scan.id, 2));
    await expect(room.drafts.discardReportDraft(ada, 'no id', 2)).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    await expect(room.drafts.discardReportDraft(ada, scan.id, 2)).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    expect((await room.records.scanReport(ben, scan.id))?.writers).toHaveLength(1);
  });

  it('is refused for a scan that will never be, and unknown scans are not found', async () => {
    for (const status of ['CANCELLED', 'NO_SHOW'] as const) {
      const scan = await makeScan(database, clock, { status });
      expect(codeOf(await keep(ada, scan.id, 0))).toBe('ScanNotPerformed');
      expect(await room.records.scanReport(ada, scan.id)).toBeNull();
    }
    await expect(keep(ada, randomUUID(), 0)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('a signature', () => {
  it('makes the text one that stands, with its findings, doses and signer, and tells whoever asked', async () => {
    const scan = await makeScan(database, clock, { netActivityMbq: 776.94 });
    const findings = [
      aFinding(),
      aFinding({ structure: 'SACRO_ILIAC', level: null, side: 'RIGHT', ctGrade: null }),
    ];
    const report = await makeReport(
      room,
      ada,
      scan.id,
      aContent({ findings, conclusion: '  Active facet. ' }),
    );
    expect(report).toMatchObject({
      ...{ status: 'FINAL', version: 1, myDraft: null, writers: [], patientId: scan.patientId },
      current: {
        ...{ number: 1, kind: 'FINAL', signedById: ada.id, signedByName: 'Dr Ada Reed', isSuperseded: false },
        dose: { administeredActivityMbq: 776.94, ctdiVolMgy: null, dlpMgyCm: null },
        content: {
          conclusion: 'Active facet.',
          findings: [
            { inWords: 'L4/L5 facet joint, left: intense uptake, moderate change on CT.' },
            { inWords: 'Sacro-iliac joint, right: intense uptake.' },
          ],
        },
      },
    });
    expect(report.current?.sha256).toMatch(/^[0-9a-f]{64}$/);
    const written = (await auditOf(report.id)).map(({ action }) => action);
    expect(written).toEqual(['scan-report-draft.begun', 'scan-report.signed', 'scan-report.told']);
    const [telling] = await database.client.reportTelling.findMany({ where: { reportId: report.id } });
    expect(telling).toMatchObject({
      audience: 'REFERRER',
      method: 'LETTER',
      name: 'Dr Amelia Hart',
      versionNumber: 1,
    });
    expect((await messagesOf('report.told')).some(({ subjectId }) => subjectId === telling?.id)).toBe(true);
    const [task] = await database.client.reportAcknowledgement.findMany({ where: { reportId: report.id } });
    expect(task).toMatchObject({ status: 'OPEN', versionNumber: 1 });
  });

  it('is of what its author has read: not of a draft that was kept elsewhere since', async () => {
    const scan = await makeScan(database, clock);
    await makeDraft(room, ada, scan.id);
    mustBe(await keep(ada, scan.id, 1, { conclusion: 'Changed.' }));
    expect(await sign(ada, scan.id, 1)).toMatchObject({
      ...{ code: 'ReportDraftChanged', keptVersion: 2, kept: { conclusion: 'Changed.' }, yours: null },
    });
    expect(codeOf(await sign(ben, scan.id, 1))).toBe('NoReportDraft');
    mustBe(await sign(ada, scan.id, 2));
  });

  it.each(Object.values(ScanBookingStatus))('of a scan that is %s', async (status) => {
    const scan = await makeScan(database, clock, { status, endsAt: '2026-03-02T11:00:00Z' });
    const isThere = ['IN_PROGRESS', 'UNCONFIRMED', 'COMPLETED', 'DISCONTINUED'].includes(status);
    if (isThere || status === 'BOOKED') await makeDraft(room, ada, scan.id);
    const before = await database.client.auditEntry.count();
    expect(codeOf(await sign(ada, scan.id, 1))).toBe(isThere ? 'done' : 'ScanNotPerformed');
    if (!isThere) expect(await database.client.auditEntry.count()).toBe(before);
  });

  it('needs everything to be there and to go together, and leaves no trace when it does not', async () => {
    const scan = await makeScan(database, clock);
    const findings = [aFinding({ side: null }), aFinding({ structure: 'DISC', level: 'C1_C2', side: null })];
    await makeDraft(room, ada, scan.id, aContent({ findings, clinicalQuestion: ' ' }));
    const before = await database.client.auditEntry.count();
    expect(await sign(ada, scan.id, 1)).toMatchObject({
      code: 'ReportIncomplete',
      problems: [
        expect.stringMatching(/clinical question/),
        expect.stringMatching(/^Finding 1: A joint has a side/),
        expect.stringMatching(/^Finding 2: A disc/),
      ],
    });
    expect(await database.client.auditEntry.count()).toBe(before);
    expect(await room.records.scanReport(ada, scan.id)).toMatchObject({
      status: 'WRITING',
      myDraft: { version: 1 },
    });
  });

  it('is refused to whoever is not entitled on that day, who has a reason that says what to do', async () => {
    const scan = await makeScan(database, clock);
    const nobody = await makeReporter(database, { isEntitled: false });
    const yesterday = await makeReporter(database, { validUntil: '2026-03-01' });
    const today = await makeReporter(database, { validUntil: '2026-03-02' });
    for (const actor of [nobody, yesterday]) {
      await makeDraft(room, actor, scan.id);
      expect(await sign(actor, scan.id, 1)).toMatchObject({
        ...{ code: 'NotEntitledToEvaluate', message: expect.stringMatching(/evaluate images/) },
      });
    }
    await makeDraft(room, today, scan.id);
    mustBe(await sign(today, scan.id, 1));
  });

  it('of the same draft by many windows at once is one', async () => {
    const scan = await makeScan(database, clock);
    await makeDraft(room, ada, scan.id);
    const all = await Promise.all(Array.from({ length: AT_ONCE }, () => sign(ada, scan.id, 1)));
    expect(all.map(codeOf).filter((code) => code === 'done')).toHaveLength(1);
    expect(new Set(all.map(codeOf))).toEqual(new Set(['done', 'ReportAlreadySigned']));
    expect(await database.client.scanReportVersion.count({ where: { scanBookingId: scan.id } })).toBe(1);
    expect(await database.client.reportTelling.count({ where: { scanBookingId: scan.id } })).toBe(1);
  });

  it('of fifty people at once is that of one of them; the others keep what they wrote', async () => {
    const scan = await makeScan(database, clock);
    const people = await Promise.all(Array.from({ length: AT_ONCE }, () => makeReporter(database)));
    await Promise.all(people.map((actor) => makeDraft(room, actor, scan.id)));
    const all = await Promise.all(people.map((actor) => sign(actor, scan.id, 1)));
    const winners = all.flatMap((result, n) => (isRefusal(result) ? [] : [people[n]?.id]));
    expect(winners).toHaveLength(1);
    expect(all.map(codeOf).filter((code) => code === 'ReportAlreadySigned')).toHaveLength(AT_ONCE - 1);
    const report = await room.records.scanReport(ada, scan.id);
    expect(report).toMatchObject({ version: 1, current: { signedById: winners[0] } });
    expect(report?.writers).toHaveLength(AT_ONCE - 1);
  });

  it('while somebody else types is theirs: what is typed on is refused, and not lost', async () => {
    const scan = await makeScan(database, clock);
    await makeDraft(room, ada, scan.id);
    await makeDraft(room, ben, scan.id);
    const [signed, typed] = await Promise.all([
      sign(ada, scan.id, 1),
      keep(ben, scan.id, 1, { conclusion: 'Ben types on.' }),
    ]);
    expect(codeOf(signed)).toBe('done');
    // Either he was first, or he is told.
    expect(['done', 'ReportAlreadySigned']).toContain(codeOf(typed));
    expect(codeOf(await keep(ben, scan.id, codeOf(typed) === 'done' ? 2 : 1))).toBe('ReportAlreadySigned');
    expect(codeOf(await sign(ben, scan.id, 1))).toBe('ReportAlreadySigned');
    expect((await room.records.scanReport(ben, scan.id))?.myDraft).not.toBeNull();
  });

  it('may be preliminary first; the final one goes on from it, by whoever has read it', async () => {
    const scan = await makeScan(database, clock);
    await makeDraft(room, ada, scan.id);
    await makeDraft(room, ben, scan.id);
    expect(mustBe(await sign(ada, scan.id, 1, 'PRELIMINARY'))).toMatchObject({
      status: 'PRELIMINARY',
      version: 1,
    });
    expect(await database.client.reportTelling.count({ where: { scanBookingId: scan.id } })).toBe(0);
    expect(await database.client.reportAcknowledgement.count({ where: { scanBookingId: scan.id } })).toBe(0);
    expect(codeOf(await sign(ben, scan.id, 1))).toBe('ReportChangedMeanwhile');
    expect(codeOf(await keep(ben, scan.id, 1))).toBe('ReportChangedMeanwhile');
    mustBe(await keep(ben, scan.id, 1, { conclusion: 'Final.' }, 1));
    expect(codeOf(await sign(ben, scan.id, 2, 'PRELIMINARY'))).toBe('ReportAlreadySigned');
    const report = mustBe(await sign(ben, scan.id, 2));
    expect(report).toMatchObject({
      ...{ status: 'FINAL', version: 2, current: { number: 2, signedById: ben.id } },
      versions: [
        { number: 1, kind: 'PRELIMINARY', isSuperseded: true },
        { number: 2, kind: 'FINAL', isSuperseded: false },
      ],
    });
  });
});

describe('what is added to a signed report', () => {
  const add = (
    actor: StaffActor,
    scanBookingId: string,
    seenVersion: number,
    parts: object | null,
    text = 'Why.',
  ) =>
    room.addenda.addReportAddendum(actor, {
      ...{ scanBookingId, seenVersion, text },
      correction: parts === null ? null : aContent(parts),
    });

  it('is a note that leaves the findings, or a correction whose findings stand while the old ones stay readable', async () => {
    const scan = await makeScan(database, clock);
    const signed = await makeReport(room, ada, scan.id);
    clock.advance({ hours: 1 });
    mustBe(await add(ben, scan.id, 1, null, ' Outside films have come. '));
    const right = { findings: [aFinding({ side: 'RIGHT' })], conclusion: 'The right one.' };
    const report = mustBe(await add(ben, scan.id, 1, right, 'Left and right were confused.'));
    expect(report).toMatchObject({
      ...{ status: 'FINAL', version: 2 },
      current: { kind: 'CORRECTION', signedById: ben.id, content: { conclusion: 'The right one.' } },
      addenda: [
        {
          number: 1,
          kind: 'NOTE',
          text: 'Outside films have come.',
          versionNumber: null,
          signedById: ben.id,
        },
        { number: 2, kind: 'CORRECTION', versionNumber: 2 },
      ],
    });
    expect(report.versions[0]).toEqual({ ...signed.current, isSuperseded: true });
    const found = await room.records.findingsOf(ada, [scan.patientId]);
    expect(found.get(scan.patientId)).toMatchObject([{ versionNumber: 2, finding: { side: 'RIGHT' } }]);
    const tasks = await database.client.reportAcknowledgement.findMany({
      where: { reportId: report.id },
      orderBy: { versionNumber: 'asc' },
    });
    expect(tasks).toMatchObject([
      { versionNumber: 1, status: 'SUPERSEDED' },
      { versionNumber: 2, status: 'OPEN' },
    ]);
    // The report, the note and the correction.
    expect(await database.client.reportTelling.count({ where: { reportId: report.id } })).toBe(3);
  });

  it('needs something signed, the version that stands, a change, and somebody who is entitled', async () => {
    const scan = await makeScan(database, clock);
    await makeDraft(room, ada, scan.id);
    expect(codeOf(await add(ada, scan.id, 1, null))).toBe('ReportNotSigned');
    mustBe(await sign(ada, scan.id, 1, 'PRELIMINARY'));
    mustBe(await add(ada, scan.id, 1, null));
    expect(codeOf(await add(ada, scan.id, 1, {}))).toBe('ReportNotFinal');
    await makeDraft(room, ada, scan.id, aContent(), { seenVersion: 1 });
    mustBe(await sign(ada, scan.id, 1));
    expect(codeOf(await add(ada, scan.id, 1, null))).toBe('ReportChangedMeanwhile');
    expect(await add(ada, scan.id, 2, {})).toMatchObject({ code: 'ReportIncomplete' });
    expect(await add(ada, scan.id, 2, { conclusion: '' })).toMatchObject({ code: 'ReportIncomplete' });
    const nobody = await makeReporter(database, { isEntitled: false });
    expect(codeOf(await add(nobody, scan.id, 2, null))).toBe('NotEntitledToEvaluate');
  });

  it('of many corrections at once is one; the others have not seen it', async () => {
    const scan = await makeScan(database, clock);
    await makeReport(room, ada, scan.id);
    const all = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        add(n % 2 === 0 ? ada : ben, scan.id, 1, { conclusion: `Number ${n}.` }),
      ),
    );
    expect(all.map(codeOf).filter((code) => code === 'done')).toHaveLength(1);
    expect(new Set(all.map(codeOf))).toEqual(new Set(['done', 'ReportChangedMeanwhile']));
  });
});

describe('the database', () => {
  const attack = (sql: string, ...parameters: readonly unknown[]) =>
    database.client.$executeRawUnsafe(sql, ...parameters);

  it('refuses every way to change what is signed', async () => {
    const scan = await makeScan(database, clock);
    const report = await makeReport(room, ada, scan.id);
    mustBe(
      await room.addenda.addReportAddendum(ada, { scanBookingId: scan.id, seenVersion: 1, text: 'A note.' }),
    );
    const before = await room.records.scanReport(ada, scan.id);
    for (const sql of [
      `UPDATE scan_report_versions SET conclusion = 'Nothing.'`,
      `UPDATE scan_report_versions SET signed_by_id = gen_random_uuid()`,
      `DELETE FROM scan_report_versions`,
      `TRUNCATE scan_report_versions CASCADE`,
      `UPDATE scan_report_findings SET side = 'RIGHT'`,
      `DELETE FROM scan_report_findings`,
      `TRUNCATE scan_report_findings`,
      `INSERT INTO scan_report_findings (id, version_id, visit_id, position, structure, level, side, uptake, comment)
         SELECT gen_random_uuid(), id, visit_id, 2, 'FACET', 'L5_S1', 'LEFT', 'MILD', '' FROM scan_report_versions`,
      `UPDATE scan_report_addenda SET text = 'Another note.'`,
      `DELETE FROM scan_report_addenda`,
      `UPDATE scan_reports SET status = 'WRITING', version = 0, addenda_count = 0, finalised_at = NULL`,
      `UPDATE scan_reports SET version = 0`,
      `UPDATE scan_reports SET finalised_at = now()`,
      `UPDATE scan_reports SET visit_id = gen_random_uuid()`,
      `DELETE FROM scan_reports`,
      `TRUNCATE scan_bookings CASCADE`,
      `UPDATE report_tellings SET version_number = 9`,
      `DELETE FROM report_tellings`,
      `DELETE FROM report_acknowledgements`,
      `UPDATE report_policies SET report_days = 60`,
      `DELETE FROM critical_finding_policies`,
    ]) {
      await expect(attack(sql), sql).rejects.toThrow();
    }
    expect(await room.records.scanReport(ada, scan.id)).toEqual(before);
    expect(report.version).toBe(1);
  });

  it('refuses a forged version, out of order, without its findings, or twice of a kind', async () => {
    const scan = await makeScan(database, clock);
    await makeReport(room, ada, scan.id);
    const forged = (columns: string) => `
      INSERT INTO scan_report_versions (id, report_id, visit_id, number, kind, clinical_question, comparison, limitations,
        conclusion, is_normal, findings_count, signed_by_id, signed_by_name, signed_at, entitlement_id, sha256)
      SELECT gen_random_uuid(), report_id, visit_id, ${columns}, signed_by_id, signed_by_name, signed_at, entitlement_id, sha256
        FROM scan_report_versions WHERE visit_id = '${scan.id}'`;
    const text = `'Q', '', '', 'C'`;
    for (const columns of [
      `2, 'FINAL', ${text}, true, 0`,
      `2, 'PRELIMINARY', ${text}, true, 0`,
      `3, 'CORRECTION', ${text}, true, 0`,
      `2, 'CORRECTION', ${text}, false, 1`,
      `2, 'CORRECTION', ${text}, false, 0`,
      `2, 'CORRECTION', ' ', '', '', 'C', true, 0`,
    ]) {
      await expect(attack(forged(columns)), columns).rejects.toThrow();
    }
  });

  it('has the same opinion as the rules of what goes with what', async () => {
    const scan = await makeScan(database, clock);
    const { id } = await makeReport(room, ada, scan.id, aContent({ isNormal: true, findings: [] }));
    const tried = async (values: string) => {
      try {
        await database.transaction(async (tx) => {
          await tx.$executeRawUnsafe(`
            INSERT INTO scan_report_versions (id, report_id, visit_id, number, kind, clinical_question, comparison,
              limitations, conclusion, is_normal, findings_count, signed_by_id, signed_by_name, signed_at, entitlement_id, sha256)
            SELECT 'deadbeef-0000-4000-8000-000000000000', report_id, visit_id, 2, 'CORRECTION', 'Q', '', '', 'C', false, 1,
              signed_by_id, signed_by_name, signed_at, entitlement_id, sha256
            FROM scan_report_versions WHERE report_id = '${id}'`);
          await tx.$executeRawUnsafe(`
            INSERT INTO scan_report_findings (id, version_id, visit_id, position, structure, level, side, uptake, comment)
            VALUES (gen_random_uuid(), 'deadbeef-0000-4000-8000-000000000000', '${scan.id}', 1, ${values}, 'MILD', '')`);
          throw new Error('both were taken');
        });
      } catch (error) {
        return error instanceof Error && error.message === 'both were taken';
      }
      return false;
    };
    expect(await tried(`'FACET', 'L5_S1', 'LEFT'`)).toBe(true);
    expect(await tried(`'DISC', 'C2_C3', NULL`)).toBe(true);
    expect(await tried(`'ENDPLATE', 'S1', NULL`)).toBe(true);
    for (const values of [
      `'FACET', NULL, 'LEFT'`,
      `'FACET', 'S1', 'LEFT'`,
      `'FACET', 'L5_S1', NULL`,
      `'FACET', 'L5_S1', 'MIDLINE'`,
      `'SACRO_ILIAC', 'L5_S1', 'LEFT'`,
      `'SACRO_ILIAC', NULL, NULL`,
      `'DISC', 'C0_C1', NULL`,
      `'DISC', NULL, NULL`,
      `'DISC', 'L4_L5', 'LEFT'`,
      `'DISC', 'L4_L5', 'MIDLINE'`,
      `'ENDPLATE', 'C1', NULL`,
      `'OTHER', NULL, NULL`,
    ]) {
      expect(await tried(values), values).toBe(false);
    }
  });
});

describe('reports that have to be written', () => {
  const day = (text: string) => dateFromPlainDate(Temporal.PlainDate.from(text));

  it('are those of scans that are over and have no final report, by age, due after working days over Easter', async () => {
    await database.client.bankHoliday.createMany({
      data: ['2026-04-03', '2026-04-06'].map((text) => ({ heldOn: day(text), name: 'Easter' })),
      skipDuplicates: true,
    });
    clock.set('2026-04-08T09:00:00Z');
    const second = await makeScan(database, clock, { endsAt: '2026-04-02T14:00:00Z', priority: 'URGENT' });
    const first = await makeScan(database, clock, { endsAt: '2026-04-02T13:00:00Z' });
    const broken = await makeScan(database, clock, {
      endsAt: '2026-04-02T15:00:00Z',
      status: 'DISCONTINUED',
    });
    await makeScan(database, clock, { endsAt: '2026-04-02T16:00:00Z', status: 'IN_PROGRESS' });
    const written = await makeScan(database, clock, { endsAt: '2026-04-02T12:00:00Z' });
    await makeReport(room, ada, written.id);
    await makeDraft(room, ben, first.id);
    const filter = { includesDiscontinued: true, endedFrom: '2026-04-02' };
    const page = await room.queue.reportsToWrite(ada, filter, PAGE);
    expect(page.items).toMatchObject([
      // Maundy Thursday, then four days of Easter: the fifth working day after it is a Monday.
      {
        scanBookingId: first.id,
        dueOn: '2026-04-13',
        isOverdue: false,
        writerIds: [ben.id],
        isPreliminary: false,
      },
      { scanBookingId: second.id, dueOn: '2026-04-08', isOverdue: false, writerIds: [] },
      { scanBookingId: broken.id, scanStatus: 'DISCONTINUED' },
    ]);
    const without = await room.queue.reportsToWrite(ada, { ...filter, includesDiscontinued: false }, PAGE);
    expect(without.items).toHaveLength(2);
    const one = await room.queue.reportsToWrite(ada, filter, { size: 1 });
    const rest = await room.queue.reportsToWrite(ada, filter, { size: 25, after: one.nextCursor });
    expect([...one.items, ...rest.items]).toEqual(page.items);
    clock.set('2026-04-09T00:30:00Z');
    const later = await room.queue.reportsToWrite(ada, filter, PAGE);
    expect(later.items.map(({ isOverdue }) => isOverdue)).toEqual([false, true, false]);
  });

  it('by the policy that was in force on the day of the scan', async () => {
    clock.set('2026-05-11T09:00:00Z');
    const policy = {
      priority: 'TWO_WEEK_WAIT',
      reportDays: 3,
      acknowledgeDays: 4,
      escalationDays: 1,
    } as const;
    mustBe(
      await room.policies.setReportPolicy(ada, {
        ...policy,
        effectiveFrom: '2026-05-13',
        source: 'For a test',
      }),
    );
    const wish = { priority: 'TWO_WEEK_WAIT' } as const;
    await makeScan(database, clock, { ...wish, endsAt: '2026-05-12T10:00:00Z' });
    await makeScan(database, clock, { ...wish, endsAt: '2026-05-13T10:00:00Z' });
    const filter = { includesDiscontinued: true, endedFrom: '2026-05-12' };
    const { items } = await room.queue.reportsToWrite(ada, filter, PAGE);
    expect(items.map(({ dueOn }) => dueOn)).toEqual(['2026-05-13', '2026-05-18']);
    const again = { ...policy, effectiveFrom: '2026-05-13', source: 'Once more' };
    expect(codeOf(await room.policies.setReportPolicy(ada, again))).toBe('ReportPolicyAlreadySet');
    const past = { ...again, effectiveFrom: '2026-05-10' };
    expect(codeOf(await room.policies.setReportPolicy(ada, past))).toBe('ReportPolicyInThePast');
  });
});
