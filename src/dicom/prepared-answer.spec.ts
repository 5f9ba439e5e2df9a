import { afterEach, describe, expect, it } from 'vitest';
import { DicomScu } from '../../test/support/dicom-scu.js';
import { viewOf } from '../../test/support/worklist.js';
import {
  createDicomServer,
  type DataSet,
  type DicomEvent,
  type DicomServer,
  dataSet,
  type Peer,
  type WorklistPort,
  type WorklistView,
} from './index.js';

// What is prepared while the port is asked is sent when the port's answer is the same view, and never otherwise.

const peer: Peer = { id: 'scanner-1', responseCharacterSet: ['ISO_IR 192'], maxAnswers: 1_000 };

function step(number: number): DataSet {
  return dataSet({
    PatientName: `Müller^${number}`,
    PatientID: `F${number}`,
    ScheduledProcedureStepSequence: [
      {
        ScheduledStationAETitle: 'SPECT1',
        ScheduledProcedureStepStartDate: '20260706',
        ScheduledProcedureStepStartTime: '093000',
        Modality: 'NM',
        ScheduledProcedureStepID: `S${number}`,
      },
    ],
  });
}

const steps = (...numbers: readonly number[]): WorklistView => viewOf(numbers.map(step), peer);
const everything = dataSet({ PatientName: '', PatientID: '', StudyInstanceUID: '' });
const usualKeys = dataSet({ PatientName: '', PatientID: '' });

const servers: DicomServer[] = [];
const scus: DicomScu[] = [];
let events: DicomEvent[] = [];

afterEach(async () => {
  for (const scu of scus.splice(0)) scu.destroy();
  for (const server of servers.splice(0)) await server.close(0);
  events = [];
});

async function open(worklist: WorklistPort): Promise<DicomScu> {
  const server = createDicomServer({
    host: '127.0.0.1',
    port: 0,
    aeTitle: 'FACET',
    admission: { admit: async () => ({ accepted: true, peer }) },
    worklist,
    observer: (event) => events.push(event),
  });
  servers.push(server);
  const { port } = await server.listen();
  const scu = await DicomScu.open({ port });
  scus.push(scu);
  return scu;
}

const found = () => events.filter((event) => event.type === 'find-answered');

describe('an answer that was prepared', () => {
  it.each([
    ['some items', steps(1, 2, 3)],
    ['no item', steps()],
  ])('is what would have been answered anyhow: %s', async (_, view) => {
    const plainly = await (await open({ current: async () => view })).find(usualKeys);
    const prepared = await (await open({ lastSeen: () => view, current: async () => view })).find(usualKeys);
    expect(prepared).toEqual(plainly);
    const [one, other] = found();
    expect({ ...other, association: null }).toEqual({ ...one, association: null });
  });

  it('is not sent when the worklist has changed', async () => {
    const [before, now] = [steps(1, 2), steps(2, 3)];
    const scu = await open({ lastSeen: () => before, current: async () => now });
    const { answers } = await scu.find(usualKeys);
    expect(answers.map((answer) => answer.text('PatientID'))).toEqual(['F2', 'F3']);
    expect(found()).toMatchObject([{ answeredStepIds: ['S2', 'S3'], answerCount: 2, status: 0 }]);
  });

  it('is not sent to a scanner that may not ask any more', async () => {
    const scu = await open({ lastSeen: () => steps(1), current: async () => null });
    expect(await scu.find(usualKeys)).toMatchObject({ status: 0x0124, answers: [] });
    expect(found()).toMatchObject([{ answeredStepIds: [], answerCount: 0 }]);
  });

  it('is not sent when nobody can say whether the worklist has changed', async () => {
    const current = () => Promise.reject(new Error('the database is away'));
    const scu = await open({ lastSeen: () => steps(1), current });
    expect(await scu.find(usualKeys)).toMatchObject({ status: 0xc000, answers: [] });
    expect(found()).toMatchObject([{ answeredStepIds: [], answerCount: 0 }]);
  });

  it('is not sent when the query is cancelled meanwhile', async () => {
    const view = steps(1);
    let answer: (view: WorklistView) => void = () => undefined;
    const asked = new Promise<void>((resolve) => {
      void open({
        lastSeen: () => view,
        current: () => {
          resolve();
          return new Promise((given) => {
            answer = given;
          });
        },
      }).then((scu) => scu.sendFind(usualKeys));
    });
    await asked;
    const [scu] = scus;
    scu?.cancel();
    const reply = await scu?.nextResponse();
    answer(view);
    expect(reply?.status).toBe(0xfe00);
    await expect.poll(found).toMatchObject([{ answeredStepIds: [], answerCount: 0, status: 0xfe00 }]);
  });

  it('is given up when it is too long, or something has to be said about it', async () => {
    const few = viewOf([step(1), step(2)], { ...peer, maxAnswers: 1 });
    const scu = await open({ lastSeen: () => few, current: async () => few });
    const reply = await scu.find(usualKeys);
    expect(reply).toMatchObject({ status: 0xa700 });
    expect(reply.answers).toHaveLength(1);
    const many = steps(...Array.from({ length: 300 }, (_, number) => number));
    const other = await open({ lastSeen: () => many, current: async () => many });
    expect((await other.find(usualKeys)).answers).toHaveLength(300);
    const incomplete = steps(1, 2);
    const third = await open({ lastSeen: () => incomplete, current: async () => incomplete });
    await third.find(everything);
    expect(events.filter((event) => event.type === 'answer-incomplete')).toHaveLength(2);
  });

  it('that cannot be prepared does no harm', async () => {
    const view = steps(1);
    const lastSeen = () => {
      throw new Error('nobody has seen it');
    };
    const scu = await open({ lastSeen, current: async () => view });
    expect((await scu.find(usualKeys)).answers).toHaveLength(1);
    expect(events.filter((event) => event.type === 'fault')).toEqual([]);
  });
});
