import { createServer, type Server } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dataSet } from './dataset/index.js';
import { Requestor, type RequestorOptions } from './requestor.js';
import { createDicomServer, type DicomServer } from './server.js';
import { WorklistIndex } from './services/worklist-index.js';
import { toWorklistItem } from './services/worklist-item.js';
import { decodePdu, encodeAssociateRequest, Framer } from './wire/index.js';

const item = (stepId: string, modality: string) =>
  toWorklistItem(
    dataSet({
      PatientName: 'DOE^JANE',
      ScheduledProcedureStepSequence: [
        {
          Modality: modality,
          ScheduledStationAETitle: 'SPECT1',
          ScheduledProcedureStepStartDate: '20261203',
          ScheduledProcedureStepStartTime: '0930',
          ScheduledProcedureStepID: stepId,
        },
      ],
    }),
  );

let server: DicomServer;
let options: RequestorOptions;

beforeEach(async () => {
  const index = new WorklistIndex();
  index.putAll([item('A.1', 'NM'), item('A.2', 'CT'), item('B.1', 'NM')]);
  const peer = { id: 'one', responseCharacterSet: [], maxAnswers: 10 };
  server = createDicomServer({
    host: '127.0.0.1',
    port: 0,
    aeTitle: 'FACET',
    admission: {
      admit: async ({ callingAETitle }) =>
        callingAETitle === 'SPECT1'
          ? { accepted: true, peer }
          : { accepted: false, reason: 'calling-ae-title-not-recognised' },
    },
    worklist: { current: async () => ({ index, peer, isShown: () => true }) },
  });
  const { host, port } = await server.listen();
  options = {
    host,
    port,
    callingAETitle: 'SPECT1',
    calledAETitle: 'FACET',
    timeoutMs: 5_000,
    answersMax: 10,
  };
});

afterEach(() => server.close(0));

const asks = (step: Record<string, string>) => dataSet({ ScheduledProcedureStepSequence: [step] });

describe('a requestor', () => {
  it('is answered as a scanner is', async () => {
    const requestor = await Requestor.open(options);
    expect(await requestor.echo()).toBe(0);
    const { status, answers } = await requestor.find(asks({ Modality: 'NM', ScheduledProcedureStepID: '' }));
    expect(status).toBe(0);
    const ids = answers.map((each) =>
      each.items('ScheduledProcedureStepSequence')[0]?.text('ScheduledProcedureStepID'),
    );
    expect(ids).toEqual(['A.1', 'B.1']);
    expect((await requestor.find(asks({ Modality: 'PT' }))).answers).toEqual([]);
    await requestor.release();
    expect(server.stats.associationsAborted).toBe(0);
  });

  it('says why it was turned away', async () => {
    await expect(Requestor.open({ ...options, callingAETitle: 'NOBODY' })).rejects.toThrow(
      /rejected \(1, 1, 3\)/,
    );
    await expect(Requestor.open({ ...options, calledAETitle: 'OTHER' })).rejects.toThrow(/rejected/);
  });

  it('takes no more answers than it said', async () => {
    const requestor = await Requestor.open({ ...options, answersMax: 2 });
    await expect(requestor.find(asks({ ScheduledProcedureStepID: '' }))).rejects.toThrow(/too many/);
    requestor.destroy();
  });

  it('does not wait for somebody who says nothing, nor for nobody', async () => {
    const silent: Server = createServer((socket) => socket.on('error', () => undefined).resume());
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const address = silent.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    await expect(Requestor.open({ ...options, port, timeoutMs: 50 })).rejects.toThrow();
    await new Promise((resolve) => silent.close(resolve));
    await expect(Requestor.open({ ...options, port })).rejects.toThrow(/ECONNREFUSED/);
  });

  it('writes an A-ASSOCIATE-RQ that reads back as it was meant', () => {
    const request = {
      protocolVersion: 1,
      calledAETitle: 'FACET',
      callingAETitle: 'SPECT1',
      applicationContext: '1.2.840.10008.3.1.1.1',
      presentationContexts: [
        { id: 1, abstractSyntax: '1.2.840.10008.1.1', transferSyntaxes: ['1.2.840.10008.1.2'] },
      ],
      userInformation: {
        pduBytesMax: 16_384,
        implementationClassUID: '2.25.1',
        implementationVersionName: 'SPEC',
        asynchronousOperations: null,
        extendedNegotiations: [],
      },
    };
    const framer = new Framer();
    framer.push(encodeAssociateRequest(request));
    const frame = framer.next();
    expect(frame === null ? null : decodePdu(frame)).toEqual({ type: 'associate-rq', ...request });
  });
});
