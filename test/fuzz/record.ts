import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { promisify } from 'node:util';
import { createDicomServer, dataSet } from '../../src/dicom/index.js';
import { explicitVR, implicitVR } from '../support/dicom-scu.js';
import { MppsScu } from '../support/mpps-scu.js';
import { PerformedStepsInMemory } from '../support/performed-steps.memory.js';
import { toolPath } from '../support/tools.js';
import { worklistOf } from '../support/worklist.js';
import { capturesFolder } from './captures.js';

/** Writes down what clients send: DCMTK's, and the tests' own for performed steps. See captures/README.md. */

const run = promisify(execFile);
const step = 'ScheduledProcedureStepSequence[0].';
const usual = [
  'SpecificCharacterSet',
  'AccessionNumber',
  'PatientName',
  'PatientID',
  'PatientBirthDate',
  'PatientSex',
  'StudyInstanceUID',
  'RequestedProcedureID',
  'RequestedProcedureDescription',
  `${step}ScheduledProcedureStepStartTime`,
  `${step}ScheduledProcedureStepDescription`,
  `${step}ScheduledProcedureStepID`,
];
const queries: Readonly<Record<string, readonly string[]>> = {
  usual: [
    ...usual,
    `${step}ScheduledStationAETitle=SPECT1`,
    `${step}ScheduledProcedureStepStartDate=20260706`,
    `${step}Modality=NM`,
  ],
  broad: usual,
  range: [
    'PatientID',
    `${step}ScheduledProcedureStepStartDate=20260705-20260707`,
    `${step}ScheduledProcedureStepStartTime=080000-180000`,
  ],
  name: ['SpecificCharacterSet=ISO_IR 192', 'PatientName=M\u00fcl*', 'PatientID', 'PatientWeight=70'],
  codes: [
    'RequestedProcedureCodeSequence[0].CodeValue',
    'RequestedProcedureCodeSequence[0].CodingSchemeDesignator',
    `${step}ScheduledProtocolCodeSequence[0].CodeValue`,
    `${step}Modality=NM`,
  ],
};

/** Everything that one client sends through a listener in between; the client is given its port. */
async function record(
  name: string,
  target: number,
  client: (port: number) => Promise<unknown>,
): Promise<void> {
  const sent: Buffer[] = [];
  const proxy = createServer((near) => {
    const far = connect(target, '127.0.0.1');
    near.on('data', (chunk: Buffer) => sent.push(chunk));
    near.pipe(far).pipe(near);
    near.on('error', () => far.destroy());
    far.on('error', () => near.destroy());
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const address = proxy.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  await client(address.port);
  await new Promise((resolve) => proxy.close(resolve));
  writeFileSync(`${capturesFolder}/${name}.bin`, Buffer.concat(sent));
}

export async function recordCaptures(): Promise<void> {
  mkdirSync(capturesFolder, { recursive: true });
  const peer = { id: 'recorded', responseCharacterSet: ['ISO_IR 192'], maxAnswers: 100 };
  const server = createDicomServer({
    host: '127.0.0.1',
    port: 0,
    aeTitle: 'FACET',
    admission: { admit: async () => ({ accepted: true, peer }) },
    worklist: worklistOf([]),
    performedSteps: new PerformedStepsInMemory(),
  });
  const { port } = await server.listen();
  const titles = ['-aet', 'SPECT1', '-aec', 'FACET', '127.0.0.1'];
  await record('echo', port, (at) => run(toolPath('echoscu'), [...titles, String(at)]));
  await record('echo-many-contexts', port, (at) =>
    run(toolPath('echoscu'), ['-pts', '3', '-ppc', '6', ...titles, String(at)]),
  );
  for (const [syntax, option] of [
    ['explicit', '-xe'],
    ['implicit', '-xi'],
  ] as const) {
    for (const [query, keys] of Object.entries(queries)) {
      const args = ['-W', option, '-pdu', '16384', ...titles];
      await record(`find-${query}-${syntax}`, port, (at) =>
        run(toolPath('findscu'), [...args, String(at), ...keys.flatMap((key) => ['-k', key])]),
      );
    }
    const transferSyntaxes = [syntax === 'explicit' ? explicitVR : implicitVR];
    await record(`step-${syntax}`, port, (at) =>
      playStep(at, transferSyntaxes, `1.2.826.0.1.${syntax.length}`),
    );
  }
  await server.close(0);
}

async function playStep(
  port: number,
  transferSyntaxes: readonly string[],
  sopInstanceUID: string,
): Promise<void> {
  const scu = await MppsScu.open({ port, transferSyntaxes });
  const begun = dataSet({
    PerformedProcedureStepStatus: 'IN PROGRESS',
    PerformedProcedureStepID: 'P1',
    PerformedStationAETitle: 'SPECT1',
    PerformedProcedureStepStartDate: '20260706',
    PerformedProcedureStepStartTime: '093000',
    PatientName: 'DOE^JANE',
    PatientID: 'F1',
    Modality: 'NM',
    ScheduledStepAttributesSequence: [{ StudyInstanceUID: '1.2.3.1', ScheduledProcedureStepID: 'S1' }],
  });
  const ended = dataSet({
    PerformedProcedureStepStatus: 'COMPLETED',
    PerformedProcedureStepEndDate: '20260706',
    PerformedProcedureStepEndTime: '100000',
    PerformedSeriesSequence: [
      { SeriesInstanceUID: '1.2.3.4', ProtocolName: 'BONE', SeriesDescription: 'WB' },
    ],
  });
  await scu.request({ name: 'create', sopInstanceUID, dataSet: begun });
  await scu.request({ name: 'set', sopInstanceUID, dataSet: ended });
  await scu.request({ name: 'get', sopInstanceUID, tags: [0x00400252, 0x00100020] });
  await scu.scu.release();
}
