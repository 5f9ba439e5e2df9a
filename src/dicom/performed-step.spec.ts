import { afterEach, describe, expect, it } from 'vitest';
import {
  command,
  explicitVR,
  implicitVR,
  pData,
  pdu,
  pdv,
  uid,
  us,
  verification,
} from '../../test/support/dicom-scu.js';
import {
  MppsScu,
  type MppsScuOptions,
  mppsContexts,
  performedProcedureStepRetrieve,
} from '../../test/support/mpps-scu.js';
import { newUid, performedStep, series } from '../../test/support/performed-step.factory.js';
import { PerformedStepsInMemory } from '../../test/support/performed-steps.memory.js';
import { worklistOf } from '../../test/support/worklist.js';
import {
  createDicomServer,
  type DicomEvent,
  type DicomServer,
  type DicomServerOptions,
  dataSet,
  readDataSet,
  writeDataSet,
} from './index.js';

// Performed steps over real sockets: a scanner's day, and everything that goes wrong in it.

const item = dataSet({
  PatientName: 'Müller^Jürgen',
  PatientID: 'F1',
  StudyInstanceUID: '1.2.3.4',
  AccessionNumber: 'A1',
  RequestedProcedureID: 'R1',
  ScheduledProcedureStepSequence: [
    {
      ScheduledStationAETitle: 'SPECT1',
      ScheduledProcedureStepStartDate: '20260706',
      ScheduledProcedureStepStartTime: '093000',
      Modality: 'NM',
      ScheduledProcedureStepID: 'S1',
    },
  ],
});
const query = dataSet({
  PatientName: '',
  PatientID: '',
  StudyInstanceUID: '',
  AccessionNumber: '',
  RequestedProcedureID: '',
  ScheduledProcedureStepSequence: [
    { ScheduledStationAETitle: 'SPECT1', Modality: 'NM', ScheduledProcedureStepID: '' },
  ],
});
const start = { startDate: '20260706', startTime: '093000' };
const end = { endDate: '20260706', endTime: '101500' };

const echoRequest = pData(
  mppsContexts.verification,
  true,
  true,
  command({ 2: uid(verification), 256: us(0x0030), 272: us(7), 2048: us(0x0101) }),
);

/** A promise that the spec resolves. */
function gate(): { readonly promise: Promise<void>; resolve(): void } {
  let open = (): void => undefined;
  const promise = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { promise, resolve: () => open() };
}

interface World {
  readonly server: DicomServer;
  readonly steps: PerformedStepsInMemory;
  readonly events: DicomEvent[];
  readonly scus: MppsScu[];
  faultsExpected: number;
  open(options?: Partial<MppsScuOptions>): Promise<MppsScu>;
  stepEvents(): DicomEvent[];
}

const worlds: World[] = [];

async function open(options: Partial<DicomServerOptions> = {}): Promise<World> {
  const events: DicomEvent[] = [];
  const scus: MppsScu[] = [];
  const steps = new PerformedStepsInMemory();
  const server = createDicomServer({
    host: '127.0.0.1',
    port: 0,
    aeTitle: 'FACET',
    admission: {
      admit: async () => ({
        accepted: true,
        peer: { id: 'scanner-1', responseCharacterSet: ['ISO_IR 192'], maxAnswers: 1_000 },
      }),
    },
    worklist: worklistOf([item]),
    performedSteps: steps,
    observer: (event) => events.push(event),
    ...options,
  });
  const { port } = await server.listen();
  const world: World = {
    server,
    steps,
    events,
    scus,
    faultsExpected: 0,
    open: async (scuOptions) => {
      const scu = await MppsScu.open({ port, ...scuOptions });
      scus.push(scu);
      return scu;
    },
    stepEvents: () => events.filter(({ type }) => type.startsWith('step-')),
  };
  worlds.push(world);
  return world;
}

afterEach(async () => {
  for (const world of worlds.splice(0)) {
    for (const scu of world.scus) scu.destroy();
    await world.server.close(0);
    expect(world.events.filter(({ type }) => type === 'fault')).toHaveLength(world.faultsExpected);
  }
});

describe.each([
  ['implicit VR', implicitVR],
  ['explicit VR', explicitVR],
])('a day of a scanner in %s', (_name, syntax) => {
  it('goes from the worklist to a completed step', async () => {
    const world = await open();
    const scu = await world.open({ transferSyntaxes: [syntax] });
    expect(await scu.echo()).toBe(0);
    const { answers } = await scu.find(query);
    const step = performedStep({ items: answers, ...start });
    expect(await scu.nCreate(step.sopInstanceUID, step.begun)).toEqual({
      status: 0,
      errorComment: '',
      errorId: null,
      offendingElements: [],
      attributeIdentifierList: [],
      affectedSOPClassUID: '1.2.840.10008.3.1.2.3.3',
      affectedSOPInstanceUID: step.sopInstanceUID,
      dataSet: null,
    });
    expect((await scu.nSet(step.sopInstanceUID, step.progress([series()]))).status).toBe(0);
    const done = step.completed({ ...end, series: [series(), series({}, 3)] });
    expect(await scu.nSet(step.sopInstanceUID, done)).toMatchObject({
      status: 0,
      affectedSOPInstanceUID: step.sopInstanceUID,
    });
    const { status, dataSet: read } = await scu.nGet(step.sopInstanceUID);
    expect(status).toBe(0);
    expect(read?.text('PatientName')).toBe('Müller^Jürgen');
    expect(read?.text('PerformedProcedureStepStatus')).toBe('COMPLETED');
    expect(read?.items('PerformedSeriesSequence')).toHaveLength(2);
    expect(read?.items('ScheduledStepAttributesSequence')[0]?.text('ScheduledProcedureStepID')).toBe('S1');
    await scu.release();
    expect(world.stepEvents()).toMatchObject([
      { type: 'step-created', peerId: 'scanner-1', status: 0, stepStatus: 'IN PROGRESS', problem: null },
      { type: 'step-changed', status: 0, stepStatus: 'IN PROGRESS' },
      { type: 'step-changed', status: 0, stepStatus: 'COMPLETED', sopInstanceUID: step.sopInstanceUID },
      { type: 'step-read', status: 0, sopInstanceUID: step.sopInstanceUID },
    ]);
    expect(JSON.stringify(world.events)).not.toMatch(/Müller|F1/);
  });

  it('hands over the bytes as they came', async () => {
    const world = await open();
    const scu = await world.open({ transferSyntaxes: [syntax] });
    const step = performedStep({ items: [item], ...start });
    await scu.nCreate(step.sopInstanceUID, step.begun);
    const [received] = world.steps.received;
    expect(received?.transferSyntax).toBe(
      syntax === implicitVR ? 'implicit-vr-little-endian' : 'explicit-vr-little-endian',
    );
    const again = readDataSet(
      received?.bytes ?? Buffer.alloc(0),
      received?.transferSyntax ?? 'implicit-vr-little-endian',
    );
    expect([...again.elements()]).toEqual([...step.begun.elements()]);
  });

  it.each([2, 6, 14, 64, 4_096])('does not mind pieces of %i bytes', async (fragmentBytes) => {
    const world = await open();
    const scu = await world.open({ transferSyntaxes: [syntax] });
    const step = performedStep({ items: [item], ...start });
    const sopInstanceUID = step.sopInstanceUID;
    expect(
      await scu.request({ name: 'create', sopInstanceUID, dataSet: step.begun, fragmentBytes }),
    ).toMatchObject({ status: 0 });
    expect(
      await scu.request({ name: 'set', sopInstanceUID, dataSet: step.completed(end), fragmentBytes }),
    ).toMatchObject({ status: 0 });
  });

  it('answers in PDUs as small as the scanner takes', async () => {
    const world = await open();
    const scu = await world.open({ transferSyntaxes: [syntax], pduBytesMax: 64 });
    const step = performedStep({ items: [item], ...start });
    await scu.nCreate(step.sopInstanceUID, step.begun);
    expect((await scu.nGet(step.sopInstanceUID)).dataSet?.text('PatientID')).toBe('F1');
  });
});

describe('instances', () => {
  it('are named by us when the scanner does not', async () => {
    const scu = await (await open()).open();
    const step = performedStep({ items: [item], ...start });
    const first = await scu.nCreate(null, step.begun);
    const second = await scu.nCreate(null, step.begun);
    expect([first.status, second.status]).toEqual([0, 0]);
    expect(first.affectedSOPInstanceUID).toMatch(/^2\.25\.\d+$/);
    expect(second.affectedSOPInstanceUID).not.toBe(first.affectedSOPInstanceUID);
    expect((await scu.nSet(first.affectedSOPInstanceUID, step.completed(end))).status).toBe(0);
  });

  it('are created once', async () => {
    const world = await open();
    const scu = await world.open();
    const step = performedStep({ items: [item], ...start });
    expect((await scu.nCreate(step.sopInstanceUID, step.begun)).status).toBe(0);
    expect(await scu.nCreate(step.sopInstanceUID, step.begun)).toMatchObject({
      status: 0x0111,
      affectedSOPInstanceUID: step.sopInstanceUID,
    });
    expect(world.stepEvents()[1]).toMatchObject({ status: 0x0111, problem: 'duplicate step' });
  });

  it('are not made by N-SET or N-GET, nor by an end that comes before its beginning', async () => {
    const world = await open();
    const scu = await world.open();
    const step = performedStep({ items: [item], ...start });
    expect((await scu.nSet(step.sopInstanceUID, step.completed(end))).status).toBe(0x0112);
    expect((await scu.nGet(step.sopInstanceUID)).status).toBe(0x0112);
    expect((await scu.nCreate(step.sopInstanceUID, step.begun)).status).toBe(0);
    expect((await scu.nSet(step.sopInstanceUID, step.completed(end))).status).toBe(0);
  });

  it.each(['1.02.3', 'MARY SMITH', `1.${'2'.repeat(64)}`])(
    'whose name is no UID are refused with 0117 (%s)',
    async (uid) => {
      const world = await open();
      const scu = await world.open();
      const step = performedStep({ items: [item], ...start });
      expect((await scu.nCreate(uid, step.begun)).status).toBe(0x0117);
      expect((await scu.nSet(uid, step.completed(end))).status).toBe(0x0117);
      expect((await scu.nGet(uid)).status).toBe(0x0117);
      expect(world.steps.received).toEqual([]);
      expect(JSON.stringify(world.events)).not.toContain(uid);
    },
  );

  it('must be named by N-SET and N-GET, in either field', async () => {
    const scu = await (await open()).open();
    const step = performedStep({ items: [item], ...start });
    await scu.nCreate(step.sopInstanceUID, step.begun);
    expect((await scu.request({ name: 'set', dataSet: step.completed(end) })).status).toBe(0x0117);
    expect((await scu.request({ name: 'get' })).status).toBe(0x0117);
    const swapped = { sopInstanceUID: step.sopInstanceUID, swapsInstanceField: true };
    expect((await scu.request({ name: 'set', dataSet: step.completed(end), ...swapped })).status).toBe(0);
    expect((await scu.request({ name: 'get', ...swapped })).status).toBe(0);
  });
});

describe('a refused message', () => {
  it('names the attribute, and nothing is kept', async () => {
    const world = await open();
    const scu = await world.open();
    const changes = { PerformedProcedureStepStatus: 'COMPLETED' };
    const wrong = performedStep({ items: [item], ...start, changes });
    expect(await scu.nCreate(wrong.sopInstanceUID, wrong.begun)).toMatchObject({
      status: 0x0106,
      offendingElements: [0x00400252],
      errorComment: 'PerformedProcedureStepStatus is not IN PROGRESS',
      affectedSOPInstanceUID: wrong.sopInstanceUID,
    });
    const missing = performedStep({ items: [item], ...start, changes: { Modality: undefined } });
    expect((await scu.nCreate(missing.sopInstanceUID, missing.begun)).status).toBe(0x0120);
    const empty = performedStep({ items: [item], ...start, changes: { Modality: '' } });
    expect((await scu.nCreate(empty.sopInstanceUID, empty.begun)).status).toBe(0x0121);
    expect(world.steps.received).toEqual([]);
    expect(world.stepEvents()[0]).toMatchObject({ status: 0x0106, stepStatus: 'COMPLETED' });
  });

  it('after the end carries Error ID A710 and the comment of the standard', async () => {
    const scu = await (await open()).open();
    const step = performedStep({ items: [item], ...start });
    await scu.nCreate(step.sopInstanceUID, step.begun);
    await scu.nSet(step.sopInstanceUID, step.discontinued(end));
    for (const change of [step.completed(end), step.progress([]), step.discontinued(end)]) {
      expect(await scu.nSet(step.sopInstanceUID, change)).toMatchObject({
        status: 0x0110,
        errorId: 0xa710,
        errorComment: 'Performed Procedure Step Object may no longer be updated',
      });
    }
    expect((await scu.nGet(step.sopInstanceUID)).dataSet?.text('PerformedProcedureStepStatus')).toBe(
      'DISCONTINUED',
    );
  });

  it('of N-SET leaves the step as it was', async () => {
    const scu = await (await open()).open();
    const step = performedStep({ items: [item], ...start });
    await scu.nCreate(step.sopInstanceUID, step.begun);
    const change = step.completed({ ...end, changes: { PatientID: 'F2' } });
    expect(await scu.nSet(step.sopInstanceUID, change)).toMatchObject({
      status: 0x0106,
      offendingElements: [0x00100020],
      errorComment: 'PatientID is fixed since creation',
    });
    const { dataSet: read } = await scu.nGet(step.sopInstanceUID);
    expect(read?.text('PatientID')).toBe('F1');
    expect(read?.text('PerformedProcedureStepStatus')).toBe('IN PROGRESS');
  });

  it.each([
    ['bytes that are no data set', Buffer.from('GET / HTTP/1.1\r\n\r\n')],
    [
      'a data set that ends too early',
      writeDataSet(performedStep({ ...start }).begun, 'explicit-vr-little-endian').subarray(0, -6),
    ],
    [
      'a data set in the other transfer syntax',
      writeDataSet(performedStep({ ...start }).begun, 'implicit-vr-little-endian'),
    ],
  ])('with %s gets 0110', async (_name, bytes) => {
    const world = await open();
    const scu = await world.open({ transferSyntaxes: [explicitVR] });
    const sopInstanceUID = newUid();
    expect((await scu.request({ name: 'create', sopInstanceUID, bytes })).status).toBe(0x0110);
    expect((await scu.request({ name: 'set', sopInstanceUID, bytes })).status).toBe(0x0110);
    expect(world.steps.received).toEqual([]);
    expect(await scu.echo()).toBe(0);
  });

  it('without a data set gets 0110, with an empty one 0120', async () => {
    const scu = await (await open()).open();
    expect((await scu.nCreate(newUid(), null)).status).toBe(0x0110);
    expect((await scu.nSet(newUid(), null)).status).toBe(0x0110);
    expect((await scu.nCreate(newUid(), dataSet({}))).status).toBe(0x0120);
  });
});

describe('two ends at once', () => {
  it('leave one success and one A710', async () => {
    const world = await open();
    const [first, second] = [await world.open(), await world.open()];
    const step = performedStep({ items: [item], ...start });
    await first.nCreate(step.sopInstanceUID, step.begun);
    let arrived = 0;
    const both = gate();
    world.steps.before = async () => {
      arrived += 1;
      if (arrived === 2) both.resolve();
      await both.promise;
    };
    const replies = await Promise.all([
      first.nSet(step.sopInstanceUID, step.completed(end)),
      second.nSet(step.sopInstanceUID, step.discontinued(end)),
    ]);
    expect(replies.map(({ status }) => status).sort()).toEqual([0, 0x0110]);
    expect(replies.find(({ status }) => status === 0x0110)?.errorId).toBe(0xa710);
  });
});

describe('two beginnings at once', () => {
  it('make one step', async () => {
    const world = await open();
    const [first, second] = [await world.open(), await world.open()];
    const step = performedStep({ items: [item], ...start });
    const replies = await Promise.all([
      first.nCreate(step.sopInstanceUID, step.begun),
      second.nCreate(step.sopInstanceUID, step.begun),
    ]);
    expect(replies.map(({ status }) => status).sort()).toEqual([0, 0x0111]);
  });
});

describe('what the port does', () => {
  it('decides when success is said', async () => {
    const world = await open();
    const scu = await world.open();
    const step = performedStep({ items: [item], ...start });
    const commit = gate();
    world.steps.before = () => commit.promise;
    const other = await world.open();
    scu.send({ name: 'create', sopInstanceUID: step.sopInstanceUID, dataSet: step.begun });
    // Another association is answered meanwhile; of this one nothing is told.
    expect(await other.echo()).toBe(0);
    expect(world.stepEvents()).toEqual([]);
    commit.resolve();
    expect((await scu.nextReply()).status).toBe(0);
  });

  it('is answered 0110 when it throws, and the association goes on', async () => {
    const world = await open();
    world.faultsExpected = 3;
    const scu = await world.open();
    const step = performedStep({ items: [item], ...start });
    world.steps.before = () => Promise.reject(new Error('the database is gone: MARY SMITH'));
    const replies = [
      await scu.nCreate(step.sopInstanceUID, step.begun),
      await scu.nSet(step.sopInstanceUID, step.completed(end)),
      await scu.nGet(step.sopInstanceUID),
    ];
    for (const reply of replies) {
      expect(reply).toMatchObject({
        status: 0x0110,
        errorId: null,
        errorComment: 'the performed procedure step could not be processed',
      });
    }
    world.steps.before = async () => undefined;
    expect((await scu.nCreate(step.sopInstanceUID, step.begun)).status).toBe(0);
    expect(world.stepEvents()[0]).toMatchObject({ status: 0x0110, problem: 'fault' });
  });

  it('does not keep a scanner waiting for ever', async () => {
    const world = await open({ limits: { answerMs: 50 } });
    const scu = await world.open();
    const step = performedStep({ items: [item], ...start });
    world.steps.before = () => new Promise(() => undefined);
    expect(await scu.nCreate(step.sopInstanceUID, step.begun)).toMatchObject({
      status: 0x0213,
      errorComment: 'took too long; send it again',
    });
    world.steps.before = async () => undefined;
    expect((await scu.nCreate(step.sopInstanceUID, step.begun)).status).toBe(0);
  });

  it('is not stopped by a cancel, which these operations do not have', async () => {
    const world = await open();
    const scu = await world.open();
    const step = performedStep({ items: [item], ...start });
    const commit = gate();
    const begun = gate();
    world.steps.before = () => {
      begun.resolve();
      return commit.promise;
    };
    scu.send({ name: 'create', sopInstanceUID: step.sopInstanceUID, dataSet: step.begun });
    await begun.promise;
    scu.cancel();
    // Read once the echo is answered that waits behind; the cancel came before it.
    scu.scu.sendRaw(echoRequest);
    commit.resolve();
    expect((await scu.nextReply()).status).toBe(0);
    expect((await scu.nextReply()).status).toBe(0);
    expect(world.stepEvents()).toMatchObject([{ type: 'step-created', status: 0 }]);
  });

  it('is finished although the scanner has gone, and that is told', async () => {
    const world = await open();
    const scu = await world.open();
    const step = performedStep({ items: [item], ...start });
    const commit = gate();
    const begun = gate();
    world.steps.before = () => {
      begun.resolve();
      return commit.promise;
    };
    scu.send({ name: 'create', sopInstanceUID: step.sopInstanceUID, dataSet: step.begun });
    await begun.promise;
    scu.scu.abort();
    await scu.scu.ending();
    commit.resolve();
    world.steps.before = async () => undefined;
    const again = await world.open();
    expect((await again.nCreate(step.sopInstanceUID, step.begun)).status).toBe(0x0111);
    expect(world.stepEvents()[0]).toMatchObject({ type: 'step-created', status: null, problem: null });
  });
});

describe('N-GET', () => {
  it('answers the attributes that are asked for and names those that are not there', async () => {
    const scu = await (await open()).open();
    const step = performedStep({ items: [item], ...start });
    await scu.nCreate(step.sopInstanceUID, step.begun);
    const some = await scu.nGet(step.sopInstanceUID, [0x00400252, 0x00080060]);
    expect(some).toMatchObject({ status: 0, attributeIdentifierList: [] });
    expect(some.dataSet?.has('PatientName')).toBe(false);
    expect(some.dataSet?.text('Modality')).toBe('NM');
    const odd = await scu.nGet(step.sopInstanceUID, [0x00080000, 0x00400252, 0x7fe00010]);
    expect(odd).toMatchObject({ status: 0x0107, attributeIdentifierList: [0x00080000, 0x7fe00010] });
    expect(odd.dataSet?.text('PerformedProcedureStepStatus')).toBe('IN PROGRESS');
  });

  it('is answered without a data set when nothing of it is there', async () => {
    const scu = await (await open()).open();
    const step = performedStep({ items: [item], ...start });
    await scu.nCreate(step.sopInstanceUID, step.begun);
    const none = await scu.nGet(step.sopInstanceUID, [0x7fe00010]);
    expect(none).toMatchObject({ status: 0x0107, attributeIdentifierList: [0x7fe00010], dataSet: null });
  });

  it('is answered 0110 when the step does not fit into the transfer syntax', async () => {
    const world = await open();
    world.faultsExpected = 1;
    const long = { CommentsOnThePerformedProcedureStep: 'x'.repeat(70_000) };
    const step = performedStep({ items: [item], ...start, changes: long });
    const inImplicit = await world.open({ transferSyntaxes: [implicitVR] });
    expect((await inImplicit.nCreate(step.sopInstanceUID, step.begun)).status).toBe(0);
    const inExplicit = await world.open({ transferSyntaxes: [explicitVR] });
    expect((await inExplicit.nGet(step.sopInstanceUID)).status).toBe(0x0110);
    expect((await inExplicit.nGet(step.sopInstanceUID, [0x00400252])).status).toBe(0);
  });
});

describe('what does not belong', () => {
  it('gets 0211 for an operation that the SOP class does not have', async () => {
    const scu = await (await open()).open();
    expect((await scu.request({ name: 'action', sopInstanceUID: '1.2.3' })).status).toBe(0x0211);
    const get = { name: 'get', sopInstanceUID: '1.2.3', contextId: mppsContexts.step } as const;
    expect((await scu.request({ ...get, sopClass: '1.2.840.10008.3.1.2.3.3' })).status).toBe(0x0211);
    const set = { name: 'set', sopInstanceUID: '1.2.3', contextId: mppsContexts.retrieve } as const;
    const retrieve = { ...set, sopClass: performedProcedureStepRetrieve, dataSet: dataSet({}) };
    expect((await scu.request(retrieve)).status).toBe(0x0211);
    const worklist = { ...set, contextId: mppsContexts.worklist, sopClass: '1.2.840.10008.5.1.4.31' };
    expect((await scu.request(worklist)).status).toBe(0x0211);
  });

  it('gets 0122 when the SOP class is not that of the presentation context', async () => {
    const world = await open();
    const scu = await world.open();
    const step = performedStep({ items: [item], ...start });
    const request = { name: 'create', sopInstanceUID: step.sopInstanceUID, dataSet: step.begun } as const;
    expect((await scu.request({ ...request, contextId: mppsContexts.retrieve })).status).toBe(0x0122);
    expect((await scu.request({ ...request, contextId: mppsContexts.verification })).status).toBe(0x0122);
    expect((await scu.request({ ...request, sopClass: performedProcedureStepRetrieve })).status).toBe(0x0122);
    expect(world.steps.received).toEqual([]);
  });

  it('ends the association on a presentation context that was not accepted', async () => {
    const scu = await (await open()).open();
    const step = performedStep({ items: [item], ...start });
    scu.send({ name: 'create', sopInstanceUID: step.sopInstanceUID, dataSet: step.begun, contextId: 99 });
    expect((await scu.scu.ending()).aborted).toBe(true);
  });

  it('is not offered where nobody keeps steps', async () => {
    const world = await open({ performedSteps: undefined });
    await expect(world.open()).rejects.toThrow('MPPS is not accepted: 3');
  });

  it('harms nobody when a scanner breaks off inside a message', async () => {
    const world = await open();
    const step = performedStep({ items: [item], ...start });
    const scu = await world.open();
    const pdus = scu.pdus({
      name: 'create',
      sopInstanceUID: step.sopInstanceUID,
      dataSet: step.begun,
      fragmentBytes: 50,
    });
    for (const part of pdus.slice(0, -1)) scu.scu.sendRaw(part);
    scu.scu.abort();
    await scu.scu.ending();
    expect(world.steps.received).toEqual([]);
    const again = await world.open();
    expect((await again.nCreate(step.sopInstanceUID, step.begun)).status).toBe(0);
  });

  it('ends the association when a message is cut into pieces of odd length', async () => {
    const world = await open();
    const scu = await world.open();
    const step = performedStep({ items: [item], ...start });
    const { sopInstanceUID } = step;
    scu.send({ name: 'create', sopInstanceUID, dataSet: step.begun, fragmentBytes: 7 });
    expect((await scu.scu.ending()).aborted).toBe(true);
    expect(world.steps.received).toEqual([]);
  });

  it('does not mind command and data set in one PDU', async () => {
    const scu = await (await open()).open();
    const step = performedStep({ items: [item], ...start });
    const pdus = scu.pdus({ name: 'create', sopInstanceUID: step.sopInstanceUID, dataSet: step.begun });
    scu.scu.sendRaw(pdu(0x04, Buffer.concat(pdus.map((each) => each.subarray(6)))));
    expect((await scu.nextReply()).status).toBe(0);
  });

  it('ends the association when data come before their command, or stop half-way for another command', async () => {
    const world = await open();
    const first = await world.open();
    first.scu.sendRaw(pData(mppsContexts.step, false, true, Buffer.alloc(8)));
    expect((await first.scu.ending()).aborted).toBe(true);
    const second = await world.open();
    const step = performedStep({ items: [item], ...start });
    const [commandPdu = Buffer.alloc(0)] = second.pdus({
      name: 'create',
      sopInstanceUID: newUid(),
      dataSet: step.begun,
    });
    second.scu.sendRaw(commandPdu);
    second.scu.sendRaw(pdu(0x04, pdv(mppsContexts.step, false, false, Buffer.alloc(8))));
    second.scu.sendRaw(commandPdu);
    expect((await second.scu.ending()).aborted).toBe(true);
    expect(world.steps.received).toEqual([]);
  });
});
