import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LINKS_AFTER } from '../../src/clinic/audit/audit-chain.queries.js';
import { Temporal } from '../../src/platform/time/index.js';
import { embeddedDatabaseUrl, facetHouse, type RunningService } from '../support/facet.js';
import { type SignedInClient, signInAs } from '../support/graphql.js';
import type { MppsScu } from '../support/mpps-scu.js';
import { newUid, type PerformedStep, performedStep } from '../support/performed-step.factory.js';
import { chainProblem } from './audit-chain.js';
import { askWorklist, echo, inStep } from './console.js';
import {
  connectBeside,
  dicomDay,
  dicomTime,
  openScanner,
  revise,
  type Standing,
  standingOf,
  unmatchedSteps,
  worklistItems,
} from './imaging.js';
import { type Booking, book, CANCEL, findOffers, first, MOVE, referralOf, toVisit } from './visits.js';

// A scanner's day through the real doors: what it asks, begins, ends and gets wrong, and what people see of it.

const house = facetHouse();
let service: RunningService;
let reception: SignedInClient;
let imaging: SignedInClient;
let scanner: MppsScu;
let booked: Booking;
let step: PerformedStep;

beforeAll(async () => {
  service = await house.start(await house.newHome());
  reception = await signInAs(service, 'reception');
  imaging = await signInAs(service, 'imaging');
  const { id } = await referralOf(reception, 'Brontë-Hale');
  booked = await book(reception, id, toVisit(first((await findOffers(reception, id)).offers, 'offer')));
  scanner = await openScanner(service);
});

afterAll(() => scanner?.destroy());

const standing = (): Promise<Standing> => standingOf(imaging, booked.id);

/** Scheduled Procedure Step Status of each answer that a foreign console is given. */
async function statusesShown(
  syntax: 'explicit' | 'implicit' = 'explicit',
): Promise<readonly (string | undefined)[]> {
  const keys = { ...inStep('ScheduledProcedureStepStatus', ''), AccessionNumber: booked.accessionNumber };
  const { exitCode, answers, log } = await askWorklist({ port: service.dicomPort, syntax, keys });
  expect(exitCode, log).toBe(0);
  return answers.map((answer) => answer.get('ScheduledProcedureStepStatus'));
}

const beginning = () => ({
  startDate: dicomDay(booked.scanLocal.date),
  startTime: dicomTime(booked.scanLocal.time),
});
const ending = () => ({ endDate: dicomDay(booked.scanLocal.date), endTime: '235900' });

async function aStep(): Promise<PerformedStep> {
  return performedStep({ ...beginning(), items: await worklistItems(scanner, booked.accessionNumber) });
}

/** Nothing that people see has changed. */
async function withoutEffect(act: () => Promise<unknown>): Promise<void> {
  const before = [await standing(), await unmatchedSteps(imaging)];
  await act();
  expect([await standing(), await unmatchedSteps(imaging)]).toEqual(before);
}

describe('before the scan', () => {
  it('the scanner is answered, and sees the patient to be done', async () => {
    expect(await echo({ port: service.dicomPort })).toBe(true);
    expect(await scanner.echo()).toBe(0);
    for (const syntax of ['explicit', 'implicit'] as const)
      expect(await statusesShown(syntax)).toEqual(['SCHEDULED']);
    expect(await standing()).toMatchObject({
      status: 'BOOKED',
      startedAt: null,
      performedSteps: [],
      worklistEntries: [{ status: 'SCHEDULED', modality: 'NM' }],
    });
  });

  it.each<[string, number, () => Promise<PerformedStep>]>([
    [
      'a step that is over when it begins',
      0x0106,
      async () =>
        performedStep({
          ...beginning(),
          items: await worklistItems(scanner, booked.accessionNumber),
          changes: { PerformedProcedureStepStatus: 'COMPLETED' },
        }),
    ],
    [
      'a step that does not say what modality it is',
      0x0121,
      async () => performedStep({ ...beginning(), changes: { Modality: '' } }),
    ],
    [
      'a step that does not say when it began',
      0x0120,
      async () => performedStep({ ...beginning(), changes: { PerformedProcedureStepStartTime: undefined } }),
    ],
  ])('%s is refused (%i) and has no effect', (_, status, make) =>
    withoutEffect(async () => {
      const { sopInstanceUID, begun } = await make();
      expect(await scanner.nCreate(sopInstanceUID, begun)).toMatchObject({ status });
      expect(await scanner.nGet(sopInstanceUID)).toMatchObject({ status: 0x0112 });
    }),
  );

  it('the end of a step that never began is refused (0112)', () =>
    withoutEffect(async () => {
      const unknown = performedStep(beginning());
      const reply = await scanner.nSet(unknown.sopInstanceUID, unknown.completed(ending()));
      expect(reply).toMatchObject({ status: 0x0112, affectedSOPInstanceUID: unknown.sopInstanceUID });
    }));
});

describe('while it scans', () => {
  it('the booking is in progress, and the step stays on the worklist as STARTED', async () => {
    step = await aStep();
    expect(await scanner.nCreate(step.sopInstanceUID, step.begun)).toMatchObject({
      status: 0,
      affectedSOPInstanceUID: step.sopInstanceUID,
    });
    const { scanLocal } = booked;
    expect(await standing()).toMatchObject({
      status: 'IN_PROGRESS',
      startedAt: Temporal.Instant.from(scanLocal.iso).toString(),
      endedAt: null,
      worklistEntries: [{ status: 'STARTED' }],
      performedSteps: [{ sopInstanceUID: step.sopInstanceUID, status: 'IN_PROGRESS', unmatchedReason: null }],
    });
    for (const syntax of ['explicit', 'implicit'] as const)
      expect(await statusesShown(syntax)).toEqual(['STARTED']);
  });

  it('the scan can be neither cancelled nor moved, and the refusal says what to do', () =>
    withoutEffect(async () => {
      const { version } = await standing();
      const { offers } = await findOffers(reception, booked.referralId, {
        movingScanBookingId: booked.id,
      });
      const visit = toVisit(first(offers, 'offer'));
      const refusals = [
        await reception.refusal(CANCEL, { input: { scanBookingId: booked.id, reason: 'PATIENT_REQUEST' } }),
        await reception.refusal(MOVE, { input: { scanBookingId: booked.id, version, ...visit } }),
      ];
      for (const { code, message } of refusals) {
        expect(code).toBe('ScanHasBegun');
        expect(message).toMatch(/scanner has begun.*neither moved nor cancelled.*completeScan/);
      }
    }));

  it('the same step cannot begin twice (0111)', () =>
    withoutEffect(async () => {
      expect(await scanner.nCreate(step.sopInstanceUID, step.begun)).toMatchObject({ status: 0x0111 });
    }));

  it.each<[string, number[], (of: PerformedStep) => Parameters<MppsScu['nSet']>[1]]>([
    [
      'without the time of its end',
      [0x0120, 0x0121],
      (of) => of.completed({ ...ending(), changes: { PerformedProcedureStepEndTime: undefined } }),
    ],
    [
      'with an empty time of its end',
      [0x0120, 0x0121],
      (of) => of.completed({ ...ending(), changes: { PerformedProcedureStepEndTime: '' } }),
    ],
    ['without a series', [0x0120, 0x0121], (of) => of.completed({ ...ending(), series: [] })],
    [
      'with another patient',
      [0x0106],
      (of) => of.completed({ ...ending(), changes: { PatientID: 'F9999999' } }),
    ],
    [
      'as something that DICOM does not know',
      [0x0106],
      (of) => of.completed({ ...ending(), changes: { PerformedProcedureStepStatus: 'FINISHED' } }),
    ],
  ])('it cannot end %s', (_, statuses, end) =>
    withoutEffect(async () => {
      const { status, offendingElements, errorComment } = await scanner.nSet(step.sopInstanceUID, end(step));
      expect(statuses).toContain(status);
      expect([offendingElements.length, errorComment === '']).toEqual([1, false]);
    }),
  );

  it('another scanner neither sees the patient, nor may it read or end the step', async () => {
    await connectBeside(await signInAs(service, 'admin'), 'SPECTCT2');
    const other = await openScanner(service, 'SPECTCT2');
    await withoutEffect(async () => {
      expect(await worklistItems(other, booked.accessionNumber)).toEqual([]);
      expect(await other.nGet(step.sopInstanceUID)).toMatchObject({ status: 0x0112 });
      expect(await other.nSet(step.sopInstanceUID, step.completed(ending()))).toMatchObject({
        status: 0x0112,
      });
      expect(await other.nCreate(step.sopInstanceUID, step.begun)).toMatchObject({ status: 0x0111 });
    });
    await other.release();
  });

  it('what it has made so far is counted, and can be read back', async () => {
    const { sopInstanceUID } = step;
    const series = step.completed(ending()).items('PerformedSeriesSequence');
    expect(await scanner.nSet(sopInstanceUID, step.progress(series))).toMatchObject({ status: 0 });
    expect((await standing()).performedSteps).toMatchObject([{ status: 'IN_PROGRESS', seriesCount: 1 }]);
    const { status, dataSet } = await scanner.nGet(sopInstanceUID);
    expect([status, dataSet?.text('PatientName')]).toEqual([0, 'Brontë-Hale^Zoë^^Ms']);
    expect(dataSet?.text('PerformedProcedureStepStatus')).toBe('IN PROGRESS');
  });
});

describe('after the scan', () => {
  it('the booking is completed, hidden by the profile and shown by another, at once', async () => {
    expect(await scanner.nSet(step.sopInstanceUID, step.completed(ending()))).toMatchObject({ status: 0 });
    const { date } = booked.scanLocal;
    const end = Temporal.PlainDateTime.from(`${date}T23:59:00`).toZonedDateTime('Europe/London');
    expect(await standing()).toMatchObject({
      status: 'COMPLETED',
      endedAt: end.toInstant().toString(),
      allowedActions: [],
      worklistEntries: [{ status: 'COMPLETED' }],
      performedSteps: [{ status: 'COMPLETED', seriesCount: 1 }],
    });
    expect(await statusesShown()).toEqual([]);
    await revise(imaging, { hiddenStatuses: [] });
    expect(await statusesShown()).toEqual(['COMPLETED']);
    expect(await statusesShown('implicit')).toEqual(['COMPLETED']);
    await revise(imaging, { hiddenStatuses: ['COMPLETED', 'DISCONTINUED'] });
    expect(await worklistItems(scanner, booked.accessionNumber)).toEqual([]);
  });

  it.each(['completed', 'discontinued', 'progress'] as const)(
    'nothing may follow (%s: 0110, A710)',
    (change) =>
      withoutEffect(async () => {
        const modifications = change === 'progress' ? step.progress([]) : step[change](ending());
        expect(await scanner.nSet(step.sopInstanceUID, modifications)).toMatchObject({
          status: 0x0110,
          errorId: 0xa710,
          errorComment: 'Performed Procedure Step Object may no longer be updated',
        });
      }),
  );

  it('it can be read, whole or in part', async () => {
    const { dataSet } = await scanner.nGet(step.sopInstanceUID, [0x0040_0252]);
    // The character set comes with whatever is asked for.
    expect([...(dataSet?.elements() ?? [])].map(({ tag }) => tag)).toEqual([0x0008_0005, 0x0040_0252]);
    expect(dataSet?.text('PerformedProcedureStepStatus')).toBe('COMPLETED');
    expect((await scanner.nGet(newUid())).status).toBe(0x0112);
  });

  it('the audit record names the scanner, and its chain holds', async () => {
    const manager = await signInAs(service, 'manager');
    const { auditEntries } = await manager.ask<{
      auditEntries: { items: { action: string; actorKind: string; actorLabel: string | null }[] };
    }>(
      `query Audit($filter: AuditFilterInput!) { auditEntries(filter: $filter, page: { size: 100 }) {
        items { action actorKind actorLabel } } }`,
      { filter: { patientId: booked.patientId } },
    );
    const byScanner = auditEntries.items.filter(({ actorKind }) => actorKind === 'SCANNER');
    expect(new Set(byScanner.map(({ actorLabel }) => actorLabel))).toEqual(new Set(['SPECTCT1']));
    const actions = new Set(byScanner.map(({ action }) => action));
    for (const action of ['scan.started', 'scan.completed', 'performed-step.changed'])
      expect(actions).toContain(action);
    await scanner.release();
    expect(await chainProblem(embeddedDatabaseUrl(service.home), LINKS_AFTER)).toBeNull();
  });
});
