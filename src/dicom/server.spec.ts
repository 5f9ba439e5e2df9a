import { afterEach, describe, expect, it } from 'vitest';
import {
  command,
  DicomScu,
  explicitVR,
  implicitVR,
  modalityWorklist,
  pdu,
  pdv,
  type ScuOptions,
  item as subItem,
  uid,
  us,
  verification,
} from '../../test/support/dicom-scu.js';
import { viewOf, worklistOf } from '../../test/support/worklist.js';
import {
  createDicomServer,
  type DataSet,
  type DataSetInput,
  type DicomEvent,
  type DicomServer,
  type DicomServerOptions,
  dataSet,
  type Peer,
  type WorklistView,
} from './index.js';

const peer: Peer = { id: 'scanner-1', responseCharacterSet: ['ISO_IR 192'], maxAnswers: 1_000 };

function worklistItem(number: number, changes: DataSetInput = {}): DataSet {
  return dataSet({
    PatientName: 'Müller^Jürgen',
    PatientID: `F${number}`,
    StudyInstanceUID: `1.2.3.${number}`,
    RequestedProcedureID: `R${number}`,
    ScheduledProcedureStepSequence: [
      {
        ScheduledStationAETitle: 'SPECT1',
        ScheduledProcedureStepStartDate: '20260706',
        ScheduledProcedureStepStartTime: '093000',
        Modality: 'NM',
        ScheduledProcedureStepID: `S${number}`,
      },
    ],
    ...changes,
  });
}

function anythingAt(stationAETitle: string): DataSetInput {
  return { PatientID: '', ScheduledProcedureStepSequence: [{ ScheduledStationAETitle: stationAETitle }] };
}

const anything = dataSet({
  PatientName: '',
  PatientID: '',
  ScheduledProcedureStepSequence: [{ Modality: '' }],
});

interface World {
  readonly server: DicomServer;
  readonly events: DicomEvent[];
  /** How often the worklist was asked for. */
  asked(): number;
  readonly scus: DicomScu[];
  connect(options?: Partial<ScuOptions>): Promise<DicomScu>;
  open(options?: Partial<ScuOptions>): Promise<DicomScu>;
  ofType(type: DicomEvent['type']): DicomEvent[];
}

/** A worklist that nobody ever gets. */
function untilStopped(
  { signal }: { readonly signal: AbortSignal },
  onStopped: () => void = () => undefined,
): Promise<WorklistView> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => {
      onStopped();
      reject(signal.reason);
    });
  });
}

const worlds: World[] = [];

async function start(
  options: Partial<DicomServerOptions> = {},
  items: readonly DataSet[] = [worklistItem(1), worklistItem(2)],
): Promise<World> {
  const events: DicomEvent[] = [];
  let asked = 0;
  const worklist = worklistOf(items);
  const scus: DicomScu[] = [];
  const server = createDicomServer({
    host: '127.0.0.1',
    port: 0,
    aeTitle: 'FACET',
    admission: { admit: async () => ({ accepted: true, peer }) },
    worklist: {
      current: (asking, waiting) => {
        asked += 1;
        return worklist.current(asking, waiting);
      },
    },
    observer: (event) => events.push(event),
    ...options,
  });
  const { port } = await server.listen();
  const keep = (scu: DicomScu): DicomScu => {
    scus.push(scu);
    return scu;
  };
  const world: World = {
    server,
    events,
    asked: () => asked,
    scus,
    connect: async (scu) => keep(await DicomScu.connect({ port, ...scu })),
    open: async (scu) => keep(await DicomScu.open({ port, ...scu })),
    ofType: (type) => events.filter((event) => event.type === type),
  };
  worlds.push(world);
  return world;
}

afterEach(async () => {
  for (const world of worlds.splice(0)) {
    for (const scu of world.scus) scu.destroy();
    await world.server.close(0);
    expect(world.ofType('fault')).toEqual([]);
  }
});

describe('associations', () => {
  it('are accepted, used and released', async () => {
    const world = await start();
    const scu = await world.open();
    expect(await scu.echo()).toBe(0);
    expect(await scu.echo()).toBe(0);
    await scu.release();
    expect(world.events.map((event) => event.type).filter((type) => type !== 'connection-closed')).toEqual([
      'association-accepted',
      'echo-answered',
      'echo-answered',
      'association-released',
    ]);
    expect(world.server.stats).toMatchObject({
      associationsAccepted: 1,
      echoesAnswered: 2,
      associationsAborted: 0,
    });
  });

  it.each([
    ['another called AE title', { calledAETitle: 'OTHER' }, [1, 1, 7]],
    ['a called AE title that is a path', { calledAETitle: '../../FACET' }, [1, 1, 7]],
    ['an empty calling AE title', { callingAETitle: '' }, [1, 1, 3]],
    ['a calling AE title with NUL inside', { callingAETitle: 'A\0B' }, [1, 1, 3]],
    ['another application context', { applicationContext: '1.2.3' }, [1, 1, 2]],
    ['another protocol version', { protocolVersion: 2 }, [1, 2, 2]],
    ['a maximum PDU of 1', { pduBytesMax: 1 }, [1, 1, 1]],
    ['a maximum PDU of 6', { pduBytesMax: 6 }, [1, 1, 1]],
  ] as const)('are rejected for %s', async (_name, options, [result, source, reason]) => {
    const world = await start();
    const scu = await world.connect(options);
    expect(await scu.associate()).toEqual({ type: 'rejected', result, source, reason });
  });

  it('are rejected as the admission says', async () => {
    const world = await start({
      admission: {
        admit: async ({ callingAETitle, remoteAddress }) =>
          callingAETitle === 'SCANNER' && remoteAddress === '127.0.0.1'
            ? { accepted: true, peer }
            : { accepted: false, reason: 'calling-ae-title-not-recognised' },
      },
    });
    await world.open();
    const stranger = await world.connect({ callingAETitle: 'STRANGER' });
    expect(await stranger.associate()).toEqual({ type: 'rejected', result: 1, source: 1, reason: 3 });
    expect(world.ofType('association-rejected')).toMatchObject([
      { reason: 'calling-ae-title-not-recognised', association: { callingAETitle: 'STRANGER' } },
    ]);
  });

  it('are limited in number, in all and from one address', async () => {
    const world = await start({ limits: { associationsPerAddressMax: 2 } });
    const first = await world.open();
    await world.open();
    expect(await (await world.connect()).associate()).toEqual({
      type: 'rejected',
      result: 2,
      source: 3,
      reason: 2,
    });
    first.destroy();
    await expect.poll(() => world.server.stats.associationsOpen).toBe(1);
    await world.open();
  });

  it('are refused without a word when there are too many connections', async () => {
    const world = await start({ limits: { connectionsPerAddressMax: 1 } });
    await world.connect();
    expect(await (await world.connect()).associate()).toEqual({ type: 'closed' });
    expect(world.server.stats.connectionsRefused).toBe(1);
  });

  it('choose Explicit VR when it is offered and never take two operations at once', async () => {
    const world = await start();
    const window = subItem(0x53, Buffer.from([0, 0, 0, 50]));
    const sopClass = Buffer.from(modalityWorklist);
    const extended = subItem(
      0x56,
      Buffer.concat([Buffer.from([0, sopClass.length]), sopClass, Buffer.from([1, 1, 1])]),
    );
    const scu = await world.connect({
      contexts: [
        { id: 1, abstractSyntax: modalityWorklist, transferSyntaxes: [implicitVR, explicitVR] },
        { id: 255, abstractSyntax: verification, transferSyntaxes: [implicitVR] },
        { id: 9, abstractSyntax: '1.2.3', transferSyntaxes: [implicitVR] },
      ],
      userItems: [window, extended],
    });
    const reply = await scu.associate();
    if (reply.type !== 'accepted') throw new Error(reply.type);
    expect([...reply.contexts]).toEqual([
      [1, { result: 0, transferSyntax: explicitVR }],
      [255, { result: 0, transferSyntax: implicitVR }],
      [9, { result: 3, transferSyntax: implicitVR }],
    ]);
    expect(reply.userItems.get(0x53)).toEqual(Buffer.from([0, 1, 0, 1]));
    expect(reply.userItems.get(0x56)?.subarray(-3)).toEqual(Buffer.from([1, 1, 1]));
    expect(await scu.echo(255)).toBe(0);
  });
});

describe('C-FIND', () => {
  it.each([
    ['Explicit VR', explicitVR, 0],
    ['Implicit VR', implicitVR, 0],
    ['a peer that takes 16 bytes at a time', explicitVR, 16],
    ['a peer that takes an odd number of bytes', implicitVR, 101],
  ])('answers over %s', async (_name, transferSyntax, pduBytesMax) => {
    const world = await start();
    const scu = await world.open({
      pduBytesMax,
      contexts: [{ id: 3, abstractSyntax: modalityWorklist, transferSyntaxes: [transferSyntax] }],
    });
    const reply = await scu.find(anything);
    expect(reply.status).toBe(0);
    expect(reply.pendingStatuses).toEqual([0xff00, 0xff00]);
    expect(reply.answers.map((answer) => answer.text('PatientID'))).toEqual(['F1', 'F2']);
    expect(reply.answers[0]?.text('PatientName')).toBe('Müller^Jürgen');
    expect(reply.answers[0]?.text('SpecificCharacterSet')).toBe('ISO_IR 192');
  });

  it('answers in the character set of the scanner', async () => {
    const admit = async () => ({
      accepted: true as const,
      peer: { ...peer, responseCharacterSet: ['ISO_IR 100'] },
    });
    const world = await start({ admission: { admit } });
    const scu = await world.open();
    const [answer] = (await scu.find(anything)).answers;
    expect([answer?.text('SpecificCharacterSet'), answer?.text('PatientName')]).toEqual([
      'ISO_IR 100',
      'Müller^Jürgen',
    ]);
  });

  it('matches what the port did not narrow', async () => {
    const world = await start({}, [worklistItem(1), worklistItem(2), worklistItem(3)]);
    const scu = await world.open();
    const reply = await scu.find(
      dataSet({ PatientID: 'F2', PatientName: 'MÜLLER*', SpecificCharacterSet: 'ISO_IR 192' }),
    );
    expect(reply.answers.map((answer) => answer.text('PatientID'))).toEqual(['F2']);
    expect(world.asked()).toBe(1);
    expect(world.ofType('find-answered')).toMatchObject([
      { answerCount: 1, status: 0, peerId: 'scanner-1', problem: null },
    ]);
    expect(JSON.stringify(world.events)).not.toContain('LLER');
  });

  it('matches names and clocks as it was negotiated', async () => {
    const sopClass = Buffer.from(modalityWorklist);
    const offer = (bytes: readonly number[]) => [
      subItem(0x56, Buffer.concat([Buffer.from([0, sopClass.length]), sopClass, Buffer.from(bytes)])),
    ];
    const world = await start({}, [worklistItem(1, { TimezoneOffsetFromUTC: '+0100' })]);
    const ask = async (bytes: readonly number[], name: string, time: string) => {
      const scu = await world.open(bytes.length === 0 ? {} : { userItems: offer(bytes) });
      const { answers } = await scu.find(
        dataSet({
          PatientName: name,
          SpecificCharacterSet: 'ISO_IR 192',
          TimezoneOffsetFromUTC: '+0000',
          ScheduledProcedureStepSequence: [{ ScheduledProcedureStepStartTime: time }],
        }),
      );
      const [answer] = answers;
      const step = answer?.items('ScheduledProcedureStepSequence')[0];
      return [answer?.text('TimezoneOffsetFromUTC'), step?.text('ScheduledProcedureStepStartTime')];
    };
    expect(await ask([], 'Jurgen Muler', '')).toEqual([undefined, undefined]);
    expect(await ask([1, 1, 1], 'Jurgen Muler', '')).toEqual(['+0100', '093000']);
    expect(await ask([1, 1, 1, 1], 'Jurgen Muler', '0830')).toEqual(['+0000', '083000']);
    expect(await ask([1, 1, 0, 1], 'Jurgen Muler', '0830')).toEqual([undefined, undefined]);
    expect(await ask([1, 1, 0, 1], 'Müller*', '0930')).toEqual([undefined, undefined]);
  });

  it('says with FF01 that a key was not matched', async () => {
    const world = await start();
    const scu = await world.open();
    expect((await scu.find(dataSet({ PatientID: 'F1', PatientWeight: '70' }))).pendingStatuses).toEqual([
      0xff01,
    ]);
  });

  it('hides other rooms from a scanner that names no station', async () => {
    const admit = async () => ({ accepted: true as const, peer: { ...peer, defaultStationAETitle: 'CT2' } });
    const world = await start({ admission: { admit } });
    const scu = await world.open();
    expect((await scu.find(anything)).answers).toEqual([]);
    expect((await scu.find(dataSet(anythingAt('SPECT1')))).answers).toHaveLength(2);
  });

  it.each<[string, Buffer, number]>([
    ['a truncated identifier', Buffer.from('100020004C4F40004142', 'hex'), 0x00100020],
    ['an unknown VR', Buffer.from('100020005A5A02004142', 'hex'), 0x00100020],
    ['a sequence that is text', Buffer.from('400000014C4F02004142', 'hex'), 0x00400100],
  ])('refuses %s with A900 and asks nobody', async (_name, identifierBytes, offendingElement) => {
    const world = await start();
    const scu = await world.open();
    const reply = await scu.find(null, { identifierBytes });
    expect(reply).toMatchObject({ status: 0xa900, answers: [], offendingElements: [offendingElement] });
    expect(reply.errorComment).not.toBe('');
    expect(world.asked()).toBe(0);
    expect(await scu.echo()).toBe(0);
  });

  it('refuses an impossible date, no identifier and an empty one with A900', async () => {
    const world = await start();
    const scu = await world.open();
    const impossible = dataSet({
      ScheduledProcedureStepSequence: [{ ScheduledProcedureStepStartDate: '20260230' }],
    });
    expect(await scu.find(impossible)).toMatchObject({ status: 0xa900, offendingElements: [0x00400002] });
    expect((await scu.find(null)).status).toBe(0xa900);
    expect((await scu.find(dataSet({}))).status).toBe(0xa900);
    expect(world.asked()).toBe(0);
  });

  it('refuses other operations and other SOP classes, and goes on', async () => {
    const world = await start();
    const scu = await world.open();
    const send = async (contextId: number, sopClass: string, field: number): Promise<number> => {
      const bytes = command({ 2: uid(sopClass), 256: us(field), 272: us(40), 2048: us(0x0101) });
      scu.sendRaw(pdu(0x04, pdv(contextId, true, true, bytes)));
      return (await scu.nextResponse()).status;
    };
    expect(await send(3, modalityWorklist, 0x0001)).toBe(0x0211);
    expect(await send(3, modalityWorklist, 0x0777)).toBe(0x0211);
    expect(await send(1, modalityWorklist, 0x0020)).toBe(0x0122);
    expect(await send(3, verification, 0x0030)).toBe(0x0122);
    expect(await scu.echo()).toBe(0);
    expect(world.ofType('operation-refused')).toHaveLength(4);
  });

  it('ends with A700 when more match than the scanner may get', async () => {
    const admit = async () => ({ accepted: true as const, peer: { ...peer, maxAnswers: 2 } });
    const world = await start(
      { admission: { admit } },
      [1, 2, 3].map((number) => worklistItem(number)),
    );
    const reply = await (await world.open()).find(anything);
    expect([reply.answers.length, reply.status]).toEqual([2, 0xa700]);
    const exact = await start({ admission: { admit } });
    expect(await (await exact.open()).find(anything)).toMatchObject({ status: 0 });
  });

  it('answers a cancel although the port is still thinking, and tells the port', async () => {
    let stopped = false;
    const world = await start({
      worklist: {
        current: (_peer, waiting) => untilStopped(waiting, () => (stopped = true)),
      },
    });
    const scu = await world.open();
    scu.sendFind(anything);
    scu.cancel();
    expect((await scu.nextResponse()).status).toBe(0xfe00);
    expect(stopped).toBe(true);
    scu.cancel(77);
    expect(await scu.echo()).toBe(0);
  });

  it('answers a cancel between two answers', async () => {
    const count = 20_000;
    const admit = async () => ({ accepted: true as const, peer: { ...peer, maxAnswers: count } });
    const world = await start(
      { admission: { admit } },
      Array.from({ length: count }, (_, number) => worklistItem(number)),
    );
    const scu = await world.open();
    const reply = await scu.find(anything, { onAnswer: () => scu.cancel() });
    expect(reply.status).toBe(0xfe00);
    expect(reply.answers.length).toBeLessThan(count);
    expect(await scu.echo()).toBe(0);
  });

  it('stops the port when the scanner releases or goes away', async () => {
    let [asked, ended] = [0, 0];
    const world = await start({
      worklist: {
        current: (_peer, waiting) => {
          asked += 1;
          return untilStopped(waiting, () => (ended += 1));
        },
      },
    });
    const releasing = await world.open();
    releasing.sendFind(dataSet({ PatientID: 'F*', PatientName: '' }));
    await expect.poll(() => asked).toBe(1);
    await releasing.release();
    const vanishing = await world.open();
    vanishing.sendFind(anything);
    await expect.poll(() => asked).toBe(2);
    vanishing.destroy();
    await expect.poll(() => ended).toBe(2);
  });

  it('says A700 when the port takes too long', async () => {
    const world = await start({
      limits: { answerMs: 30 },
      worklist: {
        current: (_peer, waiting) => untilStopped(waiting),
      },
    });
    const scu = await world.open();
    expect((await scu.find(anything)).status).toBe(0xa700);
    expect(await scu.echo()).toBe(0);
  });

  it('answers another association while a broad answer streams', async () => {
    const admit = { ...peer, maxAnswers: 5_000 };
    const wide = await start(
      { admission: { admit: async () => ({ accepted: true, peer: admit }) } },
      Array.from({ length: 5_000 }, (_, number) => worklistItem(number)),
    );
    const [broad, other] = [await wide.open({ pduBytesMax: 128 }), await wide.open()];
    const order: string[] = [];
    const finding = broad.find(anything).then((reply) => {
      order.push('found');
      return reply;
    });
    const echoing = other.echo().then(() => order.push('echoed'));
    expect((await finding).answers).toHaveLength(5_000);
    await echoing;
    expect(order).toEqual(['echoed', 'found']);
  });

  it('answers several messages that come in one PDU', async () => {
    const world = await start();
    const scu = await world.open();
    const echo = (id: number) =>
      command({ 2: uid(verification), 256: us(0x0030), 272: us(id), 2048: us(0x0101) });
    scu.sendRaw(pdu(0x04, Buffer.concat([pdv(1, true, true, echo(5)), pdv(1, true, true, echo(6))])));
    const ids = [await scu.nextResponse(), await scu.nextResponse()].map((response) =>
      response.command.get(0x0120)?.readUInt16LE(0),
    );
    expect(ids).toEqual([5, 6]);
  });
});

describe('closing', () => {
  it('lets a running query finish and aborts who is idle', async () => {
    let open: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    let isAsked = false;
    const world = await start({
      worklist: {
        current: async (asking) => {
          isAsked = true;
          await gate;
          return viewOf([worklistItem(1), worklistItem(2)], asking);
        },
      },
    });
    const [idle, busy] = [await world.open(), await world.open()];
    const finding = busy.find(anything);
    await expect.poll(() => isAsked).toBe(true);
    await expect.poll(() => world.server.stats.associationsOpen).toBe(2);
    const closing = world.server.close(5_000);
    open();
    expect((await finding).status).toBe(0);
    expect((await busy.ending()).aborted).toBe(true);
    expect((await idle.ending()).aborted).toBe(true);
    await closing;
    expect(world.server.address).toBeNull();
  });

  it('tells why the address cannot be had', async () => {
    const world = await start();
    const second = createDicomServer({
      host: '127.0.0.1',
      port: world.server.address?.port ?? 0,
      aeTitle: 'FACET',
      admission: { admit: async () => ({ accepted: true, peer }) },
      worklist: worklistOf([]),
    });
    await expect(second.listen()).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });
});
