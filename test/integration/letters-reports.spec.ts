import 'reflect-metadata';
import { describe, expect, it } from 'vitest';
import { AcknowledgementService } from '../../src/clinic/reports/acknowledgement.service.js';
import { AcknowledgementTaskService } from '../../src/clinic/reports/acknowledgement-task.service.js';
import { CriticalFindingService } from '../../src/clinic/reports/critical-finding.service.js';
import { CriticalFindingAlarmService } from '../../src/clinic/reports/critical-finding-alarm.service.js';
import { ReportAddendumService } from '../../src/clinic/reports/report-addendum.service.js';
import { ReportDraftService } from '../../src/clinic/reports/report-draft.service.js';
import { ReportReleaseService } from '../../src/clinic/reports/report-release.service.js';
import { ReportSigningService } from '../../src/clinic/reports/report-signing.service.js';
import { Clock } from '../../src/platform/time/index.js';
import { FixedClock } from '../support/fixed-clock.js';
import { LetterHouse } from '../support/letters.house.js';
import { aContent, makeReport, makeReporter, mustBe, reportsOn } from '../support/reports.factory.js';
import { makeScan } from '../support/scans-to-report.factory.js';
import { until } from '../support/until.js';

// The whole service with its worker and a mail server: a report, sent to whom it concerns and to nobody else.

const house = LetterHouse.use('CLINICIAN', 'RECEPTION');
const THEN = new FixedClock('2026-03-02T12:00:00Z');

function of<Part>(part: abstract new (...args: never[]) => Part): Part {
  return house.app.get(part, { strict: false });
}

async function aReferrer(name: string, email: string): Promise<string> {
  const { id } = await house.database.client.referrer.create({
    data: {
      ...{ kind: 'GP', title: 'Dr', name, email, organisation: 'Harbour Practice' },
      ...{ registeredAt: new Date('2026-01-01'), registeredById: (await makeReporter(house.database)).id },
    },
  });
  return id;
}

/** Subjects of the notices to the clinic about one scan, oldest first. */
async function noticesOf(scanBookingId: string): Promise<readonly string[]> {
  const { accessionNumber } = await house.database.client.scanBooking.findUniqueOrThrow({
    where: { id: scanBookingId },
  });
  const subjects = house.to('desk@facet.example').map(({ subject }) => subject ?? '');
  return subjects.filter((subject) => subject.includes(accessionNumber));
}

async function signed(referrerEmail: string, gpEmail: string) {
  const referrerId = await aReferrer('Amelia Hart', referrerEmail);
  const gpId = await aReferrer('Ines Moor', gpEmail);
  const scan = await makeScan(house.database, THEN, { referrerId });
  const ada = await makeReporter(house.database);
  const scanBookingId = scan.id;
  const drafts = { scanBookingId, draftVersion: 0, seenVersion: 0, content: aContent() };
  mustBe(await of(ReportDraftService).keepReportDraft(ada, drafts));
  const input = { scanBookingId, draftVersion: 1, as: 'FINAL', gpId } as const;
  const report = mustBe(await of(ReportSigningService).signReport(ada, input));
  const patient = await house.database.client.patient.findUniqueOrThrow({ where: { id: scan.patientId } });
  return { ada, scanBookingId, report, patient };
}

const LETTERS =
  'query ($id: ID!) { scanReport(scanBookingId: $id) { letters { kind status recipient task } } }';

const PRINT = 'query ($id: ID!) { letterView(letterId: $id) { ... on LetterView { toAddressLines text } } }';

describe('a signed report', () => {
  it('is sent to the referrer, who is asked to acknowledge it, and to the GP; to the patient once it is released', async () => {
    const { ada, scanBookingId, patient } = await signed('hart@one.example', 'moor@one.example');
    await house.quiet();
    const [letter, ...others] = house.to('hart@one.example');
    expect(others).toEqual([]);
    expect(letter?.subject).toMatch(/^Our letter about A\d{9}: please acknowledge by [A-Z][a-z]+day \d/);
    expect(letter?.text).toContain('L4/L5 facet joint, left: intense uptake, moderate change on CT.');
    expect(letter?.text).toContain(`Patient: ${patient.givenName} ${patient.familyName}, born on `);
    const [copy] = house.to('moor@one.example');
    expect(copy?.text).toContain('The left L4/L5 facet joint is active.');
    expect(copy?.text).not.toContain('WHAT WE ASK OF YOU');
    expect(copy?.text).toContain('This is a copy for the patient’s GP.');
    expect(copy?.text).toContain('Dr Amelia Hart');
    expect(copy?.subject).toContain('a copy for the patient’s GP');
    expect(letter?.text).not.toContain('copy for');
    expect(house.to(patient.email ?? '')).toEqual([]);
    const released = { scanBookingId, seenVersion: 1, words: 'A joint of your back is active.' };
    mustBe(await of(ReportReleaseService).releaseReportToPatient(ada, released));
    await house.quiet();
    expect(house.to(patient.email ?? '').map(({ text }) => text)).toEqual([
      expect.stringContaining('A joint of your back is active.'),
    ]);
    const { scanReport } = await house.ask<{
      scanReport: { letters: readonly { kind: string; status: string; recipient: string }[] };
    }>(LETTERS, { id: scanBookingId });
    const letters = scanReport.letters.map(({ kind, status, recipient }) => [kind, status, recipient]);
    expect(letters.toSorted()).toEqual([
      ['REPORT_TOLD_GP', 'SENT', 'GP'],
      ['REPORT_TOLD_PATIENT', 'SENT', 'PATIENT'],
      ['REPORT_TOLD_REFERRER', 'SENT', 'REFERRER'],
    ]);
  });

  it('goes once to a referrer who is the GP as well, who is asked to acknowledge it, also when it is corrected', async () => {
    const referrerId = await aReferrer('Olive Lane', 'lane@three.example');
    const scan = await makeScan(house.database, THEN, { referrerId });
    const ada = await makeReporter(house.database);
    const scanBookingId = scan.id;
    const drafts = { scanBookingId, draftVersion: 0, seenVersion: 0, content: aContent() };
    mustBe(await of(ReportDraftService).keepReportDraft(ada, drafts));
    const signing = { scanBookingId, draftVersion: 1, as: 'FINAL', gpId: referrerId } as const;
    mustBe(await of(ReportSigningService).signReport(ada, signing));
    await house.quiet();
    expect(house.to('lane@three.example').map(({ subject }) => subject)).toEqual([
      expect.stringContaining('please acknowledge by'),
    ]);
    // Asked for again as the GP's copy: it is the referrer's letter once more, not a copy that asks nothing.
    const again = { scanBookingId, seenVersion: 1, audience: 'GP', referrerId, addressLines: [] } as const;
    expect(mustBe(await of(ReportReleaseService).tellReport(ada, again)).audience).toBe('REFERRER');
    const correction = aContent({ conclusion: 'The right one is.' });
    const added = { scanBookingId, seenVersion: 1, text: 'Left and right were confused.', correction };
    await house.quiet();
    mustBe(await of(ReportAddendumService).addReportAddendum(ada, added));
    await house.quiet();
    expect(house.to('lane@three.example')).toHaveLength(3);
    for (const { text } of house.to('lane@three.example')) expect(text).not.toContain('copy for');
  });

  it('is printed for a GP without an e-mail address, with the address of the practice', async () => {
    const { ada, scanBookingId } = await signed('hart@four.example', 'moor@four.example');
    const { id: gpId } = await house.database.client.referrer.create({
      data: {
        ...{ kind: 'GP', title: 'Dr', name: 'Una Post', organisation: 'Hill Practice' },
        ...{ addressLines: ['1 Hill Road', 'Exampleton'], postcode: 'EX1 2AB' },
        ...{ registeredAt: new Date('2026-01-01'), registeredById: ada.id },
      },
    });
    const copy = {
      scanBookingId,
      seenVersion: 1,
      audience: 'GP',
      referrerId: gpId,
      addressLines: [],
    } as const;
    mustBe(await of(ReportReleaseService).tellReport(ada, copy));
    await house.quiet();
    const letter = await house.database.client.letter.findFirstOrThrow({ where: { recipientId: gpId } });
    expect(letter).toMatchObject({ kind: 'REPORT_TOLD_GP', recipient: 'GP', status: 'SUPPRESSED' });
    const { letterView } = await house.ask<{ letterView: object }>(PRINT, { id: letter.id });
    expect(letterView).toMatchObject({
      toAddressLines: ['Hill Practice', '1 Hill Road', 'Exampleton', 'EX1 2AB'],
      text: expect.stringContaining('This is a copy for the patient’s GP.'),
    });
  });

  it('that is corrected is sent again to whoever had it, with what was wrong, and not to the patient', async () => {
    const { ada, scanBookingId, patient } = await signed('hart@two.example', 'moor@two.example');
    mustBe(await of(ReportReleaseService).releaseReportToPatient(ada, { scanBookingId, seenVersion: 1 }));
    await house.quiet();
    const correction = aContent({ conclusion: 'The right one is.' });
    const added = { scanBookingId, seenVersion: 1, text: 'Left and right were confused.', correction };
    mustBe(await of(ReportAddendumService).addReportAddendum(ada, added));
    await house.quiet();
    for (const address of ['hart@two.example', 'moor@two.example']) {
      const [, corrected, ...others] = house.to(address);
      expect(others).toEqual([]);
      expect(corrected?.text).toContain('in place of the one that we sent you before');
      expect(corrected?.text).toContain('Left and right were confused.');
      expect(corrected?.text).not.toContain('The left L4/L5 facet joint is active.');
    }
    expect(house.to(patient.email ?? '')).toHaveLength(1);
  });
});

describe('a critical finding', () => {
  it('is said to the clinic at once, urgently, with a number and nothing of health', async () => {
    const scan = await makeScan(house.database, THEN);
    const ada = await makeReporter(house.database);
    const flagged = { category: 'SUSPECTED_INFECTION', description: 'Discitis at L2/L3.' } as const;
    mustBe(await of(CriticalFindingService).flagCriticalFinding(ada, { scanBookingId: scan.id, ...flagged }));
    await house.quiet();
    const notices = house.smtp.accepted.filter(({ subject }) =>
      /^URGENT: open A\d{9} now$/.test(subject ?? ''),
    );
    expect(notices).toHaveLength(1);
    expect(notices[0]?.text).not.toMatch(/discitis|infection|scan/i);
  });

  it('that nobody reads back is said again and again, until somebody does', async () => {
    // Flagged long ago by the clock of the test: to the service it is overdue at once.
    const scan = await makeScan(house.database, THEN);
    const ada = await makeReporter(house.database);
    const past = reportsOn(house.database, THEN);
    const flagged = { category: 'CORD_OR_CAUDA_EQUINA', description: 'Compression at T8.' } as const;
    const { id } = mustBe(
      await past.critical.flagCriticalFinding(ada, { scanBookingId: scan.id, ...flagged }),
    );
    const overdue = async () =>
      (await noticesOf(scan.id)).filter((subject) => subject.startsWith('URGENT, STILL OPEN: open A'));
    await until(async () => (await overdue()).length === 1);
    const { client } = house.database;
    const alarm = of(CriticalFindingAlarmService);
    await alarm.escalate(id);
    await house.quiet();
    expect(await overdue()).toHaveLength(1);
    await client.$executeRaw`UPDATE critical_findings SET escalated_at = now() - interval '1 day' WHERE id = ${id}::uuid`;
    expect(await alarm.escalate(id)).not.toBeNull();
    await house.quiet();
    expect(await overdue()).toHaveLength(2);
    for (const { text } of house.to('desk@facet.example')) expect(text).not.toMatch(/compression|T8|scan/i);
    const told = { toldName: 'Mr Okafor', toldRole: 'registrar', method: 'TELEPHONE' } as const;
    const readBack = { criticalFindingId: id, ...told, toldAt: of(Clock).now(), wasReadBack: true };
    mustBe(await of(CriticalFindingService).tellCriticalFinding(ada, readBack));
    expect(await alarm.escalate(id)).toBeNull();
    await house.quiet();
    expect(await overdue()).toHaveLength(2);
  });
});

describe('a result that nobody has acknowledged in time', () => {
  it('is said to the clinic, and again and again until somebody settles it', async () => {
    const scan = await makeScan(house.database, THEN);
    const ada = await makeReporter(house.database);
    const { id: reportId } = await makeReport(reportsOn(house.database, THEN), ada, scan.id);
    const { client } = house.database;
    const { id } = await client.reportAcknowledgement.findFirstOrThrow({ where: { reportId } });
    const late = async () =>
      (await noticesOf(scan.id)).filter((subject) => subject.startsWith('Not acknowledged: A'));
    await until(async () => (await late()).length === 1);
    const tasks = of(AcknowledgementTaskService);
    await tasks.passDeadline(id);
    await house.quiet();
    expect(await late()).toHaveLength(1);
    await client.$executeRaw`UPDATE report_acknowledgements SET escalated_at = now() - interval '30 days' WHERE id = ${id}::uuid`;
    expect(await tasks.passDeadline(id)).not.toBeNull();
    await house.quiet();
    expect(await late()).toHaveLength(2);
    for (const { text } of house.to('desk@facet.example')) expect(text).not.toMatch(/facet joint|scan/i);
    const who = { acknowledgedBy: 'Dr Amelia Hart', method: 'TELEPHONE' } as const;
    const settled = { acknowledgementId: id, acknowledgedAt: of(Clock).now(), ...who };
    mustBe(await of(AcknowledgementService).acknowledgeResult(ada, settled));
    expect(await tasks.passDeadline(id)).toBeNull();
    await house.quiet();
    expect(await late()).toHaveLength(2);
  });
});
