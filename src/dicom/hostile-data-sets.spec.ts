import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type DicomScu,
  explicitVR,
  implicitVR,
  modalityWorklist,
  verification,
} from '../../test/support/dicom-scu.js';
import { type Listener, startListener, worklistItem } from '../../test/support/listener.js';
import { MppsScu } from '../../test/support/mpps-scu.js';
import { PerformedStepsInMemory } from '../../test/support/performed-steps.memory.js';
import { worklistOf } from '../../test/support/worklist.js';
import { type DataSet, dataSet, writeDataSet } from './index.js';

/** What comes inside well-formed messages: nobody is shown more than was asked for, and nothing is kept that should not be. */

let listener: Listener;
const steps = new PerformedStepsInMemory();

beforeAll(async () => {
  const items = Array.from({ length: 40 }, (_, index) => worklistItem(index));
  listener = await startListener({ worklist: worklistOf(items), performedSteps: steps });
});

afterAll(async () => {
  await listener.close();
});

describe('identifiers that are not what they seem', () => {
  const syntaxes = [
    ['Explicit VR', explicitVR, 'explicit-vr-little-endian'],
    ['Implicit VR', implicitVR, 'implicit-vr-little-endian'],
  ] as const;
  const nest = (depth: number): DataSet =>
    depth === 0
      ? dataSet({ Modality: 'NM' })
      : dataSet({ ScheduledProcedureStepSequence: [nest(depth - 1)] });
  const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');
  const open = (transferSyntax: string): Promise<DicomScu> =>
    listener.open({
      contexts: [
        { id: 1, abstractSyntax: verification, transferSyntaxes: [implicitVR] },
        { id: 3, abstractSyntax: modalityWorklist, transferSyntaxes: [transferSyntax] },
      ],
    });
  async function mustBeRefused(transferSyntax: string, identifierBytes: Buffer): Promise<void> {
    const scu = await open(transferSyntax);
    expect(await scu.find(null, { identifierBytes })).toMatchObject({ status: 0xa900, answers: [] });
    expect(await scu.echo()).toBe(0);
    await scu.release();
  }

  it.each(syntaxes)('%s: nested deeper than 64, in both lengths', async (_name, uidOfSyntax, syntax) => {
    await mustBeRefused(uidOfSyntax, writeDataSet(nest(65), syntax));
    const open1 = syntax.startsWith('explicit')
      ? hex('40000001 5351 0000 FFFFFFFF FEFF00E0 FFFFFFFF')
      : hex('40000001 FFFFFFFF FEFF00E0 FFFFFFFF');
    await mustBeRefused(uidOfSyntax, Buffer.concat(Array.from({ length: 5_000 }, () => open1)));
  });

  it.each<[string, string]>([
    ['a sequence of undefined length that never ends', '40000001 FFFFFFFF FEFF00E0 00000000'],
    ['an item of undefined length that never ends', '40000001 08000000 FEFF00E0 FFFFFFFF'],
    ['an item past its sequence', '40000001 10000000 FEFF00E0 FF000000 00000000 00000000'],
    ['a delimiter without a sequence', 'FEFFDDE0 00000000'],
    ['an element past the end', '10002000 FFFFFF7F 4142'],
    ['an element of undefined length that is text', '10002000 FFFFFFFF 4142'],
    ['the same element twice', '10002000 02000000 4631 10002000 02000000 4632'],
    ['half a header', '10002000 0200'],
  ])('Implicit VR: %s', async (_name, bytes) => {
    await mustBeRefused(implicitVR, hex(bytes));
  });

  it.each<[string, string]>([
    ['a step sequence with a text VR', '40000001 4C4F 0200 4142'],
    ['a step sequence of undefined length and no end', '40000001 5351 0000 FFFFFFFF FEFF00E0 00000000'],
    ['a VR that is not letters', '10002000 0000 0200 4142'],
    ['a long VR cut off in its header', '40000001 5351 0000 FFFF'],
    ['a value past the end', '10002000 4C4F FE00 4142'],
  ])('Explicit VR: %s', async (_name, bytes) => {
    await mustBeRefused(explicitVR, hex(bytes));
  });

  it('elements in the wrong order are each a key all the same', async () => {
    const scu = await open(implicitVR);
    const identifierBytes = hex('10002000 02000000 4631 10001000 02000000 412A');
    expect(await scu.find(null, { identifierBytes })).toMatchObject({ status: 0, answers: [] });
    scu.destroy();
  });

  it('ten thousand empty elements and more', async () => {
    const many = Buffer.alloc(12_000 * 8);
    for (let index = 0; index < 12_000; index += 1) {
      many.writeUInt16LE(0x0011 + 2 * Math.floor(index / 4_000), index * 8);
      many.writeUInt16LE(0x1000 + (index % 4_000), index * 8 + 2);
    }
    await mustBeRefused(implicitVR, many);
  });

  it.each([
    ['20260230', 'ScheduledProcedureStepStartDate'],
    ['20261301', 'ScheduledProcedureStepStartDate'],
    ['00000000', 'ScheduledProcedureStepStartDate'],
    ['20260706-20260701-', 'ScheduledProcedureStepStartDate'],
    ['-', 'ScheduledProcedureStepStartDate'],
    ['2026*', 'ScheduledProcedureStepStartDate'],
    ['246060', 'ScheduledProcedureStepStartTime'],
    ['9999', 'ScheduledProcedureStepStartTime'],
    ['10:3x', 'ScheduledProcedureStepStartTime'],
  ])('an impossible %s in %s finds nobody', async (value, keyword) => {
    const scu = await listener.open();
    const reply = await scu.find(
      dataSet({ PatientID: '', ScheduledProcedureStepSequence: [{ [keyword]: value }] }),
    );
    expect(reply).toMatchObject({ status: 0xa900, answers: [] });
    scu.destroy();
  });

  it.each([
    ['stars', '*'.repeat(5_000)],
    ['stars and letters', `${'*a'.repeat(2_500)}b`],
    ['stars and question marks', '*?'.repeat(2_500)],
    ['question marks', '?'.repeat(5_000)],
    ['stars with an end that does not match', `${'*'.repeat(4_999)}~`],
  ])('a bomb of %s takes no longer than any other key', async (_name, value) => {
    const scu = await listener.open();
    const reply = await scu.find(dataSet({ PatientName: value, PatientID: '*'.repeat(64) }));
    expect([0, 0xa900]).toContain(reply.status);
    await listener.mustStillAnswer();
    scu.destroy();
  });
});

describe('performed steps in disorder', () => {
  const uidOf = (number: number): string => `1.2.826.0.1.${number}`;
  const begun = dataSet({
    PerformedProcedureStepStatus: 'IN PROGRESS',
    PerformedProcedureStepID: 'P1',
    PerformedStationAETitle: 'SPECT1',
    PerformedProcedureStepStartDate: '20260706',
    PerformedProcedureStepStartTime: '093000',
    Modality: 'NM',
    ScheduledStepAttributesSequence: [{ StudyInstanceUID: '1.2.3' }],
  });

  it('malformed, missing and endless data sets are refused, and nothing is kept', async () => {
    const scu = await MppsScu.open({ port: listener.port });
    for (const bytes of [
      Buffer.from('10002000FFFF', 'hex'),
      Buffer.from('40005002535100000000000000', 'hex'),
      Buffer.alloc(64),
    ]) {
      const { status } = await scu.request({
        name: 'create',
        sopInstanceUID: uidOf(1),
        bytes: bytes.subarray(0, bytes.length & ~1),
      });
      expect(status).not.toBe(0);
    }
    expect((await scu.request({ name: 'create', sopInstanceUID: uidOf(1), dataSet: null })).status).not.toBe(
      0,
    );
    expect(
      (await scu.request({ name: 'create', sopInstanceUID: '../../x', dataSet: begun })).status,
    ).not.toBe(0);
    expect(steps.steps.size).toBe(0);
    await listener.mustStillAnswer();
    scu.scu.destroy();
  });

  it('set before create, create twice, set after the end', async () => {
    const scu = await MppsScu.open({ port: listener.port });
    const set = (changes: DataSet) =>
      scu.request({ name: 'set', sopInstanceUID: uidOf(2), dataSet: changes });
    const discontinued = dataSet({ PerformedProcedureStepStatus: 'DISCONTINUED' });
    expect((await set(discontinued)).status).toBe(0x0112);
    expect((await scu.request({ name: 'create', sopInstanceUID: uidOf(2), dataSet: begun })).status).toBe(0);
    expect((await scu.request({ name: 'create', sopInstanceUID: uidOf(2), dataSet: begun })).status).toBe(
      0x0111,
    );
    const ended = dataSet({
      PerformedProcedureStepStatus: 'DISCONTINUED',
      PerformedProcedureStepEndDate: '20260706',
      PerformedProcedureStepEndTime: '100000',
      PerformedSeriesSequence: [
        { SeriesInstanceUID: '1.2.3.4', ProtocolName: 'BONE', RetrieveAETitle: '', SeriesDescription: '' },
      ],
    });
    expect((await set(ended)).status).toBe(0);
    expect(await set(discontinued)).toMatchObject({ status: 0x0110, errorId: 0xa710 });
    expect((await set(dataSet({ PerformedProcedureStepStatus: 'IN PROGRESS' }))).status).toBe(0x0110);
    scu.scu.destroy();
  });

  it('two ends at once: one of them wins', async () => {
    const [first, second] = await Promise.all([
      MppsScu.open({ port: listener.port }),
      MppsScu.open({ port: listener.port }),
    ]);
    await first.request({ name: 'create', sopInstanceUID: uidOf(3), dataSet: begun });
    const end = (status: string): DataSet =>
      dataSet({
        PerformedProcedureStepStatus: status,
        PerformedProcedureStepEndDate: '20260706',
        PerformedProcedureStepEndTime: '100000',
        PerformedSeriesSequence: [{ SeriesInstanceUID: '1.2.3.4', ProtocolName: 'BONE' }],
      });
    const replies = await Promise.all([
      first.request({ name: 'set', sopInstanceUID: uidOf(3), dataSet: end('COMPLETED') }),
      second.request({ name: 'set', sopInstanceUID: uidOf(3), dataSet: end('DISCONTINUED') }),
    ]);
    expect(replies.map(({ status }) => status).sort()).toEqual([0, 0x0110]);
    first.scu.destroy();
    second.scu.destroy();
  });
});
