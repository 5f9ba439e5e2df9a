import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDicomServer, type DicomServer } from '../../src/dicom/index.js';
import { explicitVR, implicitVR } from '../support/dicom-scu.js';
import { newUid } from '../support/performed-step.factory.js';
import { PerformedStepsInMemory } from '../support/performed-steps.memory.js';
import { worklistOf } from '../support/worklist.js';

// A scanner's performed step as odil sends it: a DICOM library in C++ that shares nothing with ours.

const run = promisify(execFile);

interface Operation {
  readonly operation: 'create' | 'set' | 'get';
  readonly uid: string;
  readonly attributes?: Attributes;
}

interface Attributes {
  readonly [keyword: string]: readonly (string | Attributes)[];
}

interface Reply {
  readonly status: number;
  readonly errorComment: string | null;
  readonly errorId: number | null;
  readonly uid: string | null;
  readonly stepStatus: string | null;
  readonly patientName: string | null;
  readonly seriesCount: number | null;
}

/** Python with odil: Debian's, or the same package unpacked below .tools (`node scripts/test-tools.mjs`). */
function pythonWithOdil(): string {
  const path = [resolve('.tools/bin/python3-odil'), '/usr/bin/python3'].find((each) => existsSync(each));
  if (path === undefined) throw new Error('This test needs python3-odil. Run node scripts/test-tools.mjs.');
  return path;
}

let server: DicomServer;
let steps: PerformedStepsInMemory;

beforeEach(() => {
  steps = new PerformedStepsInMemory();
  const peer = { id: 'odil', responseCharacterSet: ['ISO_IR 192'], maxAnswers: 100 };
  server = createDicomServer({
    host: '127.0.0.1',
    port: 0,
    aeTitle: 'FACET',
    admission: { admit: async () => ({ accepted: true, peer }) },
    worklist: worklistOf([]),
    performedSteps: steps,
  });
});

afterEach(() => server.close(0));

async function perform(syntax: string, operations: readonly Operation[]): Promise<readonly Reply[]> {
  const { port } = await server.listen();
  const script = resolve('test/support/odil-mpps.py');
  const running = run(pythonWithOdil(), [script, '127.0.0.1', String(port), 'SPECT1', 'FACET', syntax], {
    timeout: 60_000,
  });
  running.child.stdin?.end(operations.map((each) => `${JSON.stringify(each)}\n`).join(''));
  const { stdout } = await running;
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Reply);
}

const begun: Attributes = {
  SpecificCharacterSet: ['ISO_IR 192'],
  ScheduledStepAttributesSequence: [
    { StudyInstanceUID: ['1.2.3.4'], AccessionNumber: ['A1'], ScheduledProcedureStepID: ['S1'] },
  ],
  PatientName: ['Müller^Jürgen'],
  PatientID: ['F1'],
  PatientBirthDate: [],
  PatientSex: [],
  PerformedProcedureStepID: ['P1'],
  PerformedStationAETitle: ['SPECT1'],
  PerformedProcedureStepStartDate: ['20260706'],
  PerformedProcedureStepStartTime: ['093000'],
  PerformedProcedureStepStatus: ['IN PROGRESS'],
  Modality: ['NM'],
  PerformedSeriesSequence: [],
};
const completed: Attributes = {
  PerformedProcedureStepStatus: ['COMPLETED'],
  PerformedProcedureStepEndDate: ['20260706'],
  PerformedProcedureStepEndTime: ['101500'],
  PerformedSeriesSequence: [
    { SeriesInstanceUID: ['1.2.3.4.1'], ProtocolName: ['Bone SPECT-CT'], RetrieveAETitle: [] },
    { SeriesInstanceUID: ['1.2.3.4.2'], ProtocolName: ['Low-dose CT'], RetrieveAETitle: [] },
  ],
};

describe.each([
  ['implicit VR', implicitVR],
  ['explicit VR', explicitVR],
])('odil in %s', (_name, syntax) => {
  it('begins, ends and reads a step', async () => {
    const uid = newUid();
    const replies = await perform(syntax, [
      { operation: 'create', uid, attributes: begun },
      { operation: 'get', uid },
      { operation: 'set', uid, attributes: completed },
      { operation: 'get', uid },
    ]);
    expect(replies.map(({ status }) => status)).toEqual([0, 0, 0, 0]);
    expect(replies[0]?.uid).toBe(uid);
    expect(replies[1]).toMatchObject({
      stepStatus: 'IN PROGRESS',
      patientName: 'Müller^Jürgen',
      seriesCount: 0,
    });
    expect(replies[3]).toMatchObject({
      stepStatus: 'COMPLETED',
      patientName: 'Müller^Jürgen',
      seriesCount: 2,
    });
    const kept = steps.steps.get(uid);
    expect(kept?.text('PatientName')).toBe('Müller^Jürgen');
    expect(kept?.items('PerformedSeriesSequence')[1]?.text('ProtocolName')).toBe('Low-dose CT');
  });

  it('understands every refusal', async () => {
    const [uid, other] = [newUid(), newUid()];
    const final = { ...begun, PerformedProcedureStepStatus: ['COMPLETED'] };
    const replies = await perform(syntax, [
      { operation: 'set', uid, attributes: completed },
      { operation: 'create', uid: other, attributes: final },
      { operation: 'create', uid: other, attributes: { ...begun, Modality: [] } },
      { operation: 'create', uid, attributes: begun },
      { operation: 'create', uid, attributes: begun },
      { operation: 'set', uid, attributes: { PatientID: ['F2'] } },
      { operation: 'set', uid, attributes: completed },
      { operation: 'set', uid, attributes: completed },
      { operation: 'get', uid: other },
    ]);
    expect(replies.map(({ status }) => status)).toEqual([
      0x0112, 0x0106, 0x0121, 0, 0x0111, 0x0106, 0, 0x0110, 0x0112,
    ]);
    expect(replies[7]).toMatchObject({
      errorId: 0xa710,
      errorComment: 'Performed Procedure Step Object may no longer be updated',
    });
    expect(replies[1]?.errorComment).toBe('PerformedProcedureStepStatus is not IN PROGRESS');
  });
});
