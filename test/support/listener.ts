import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect } from 'vitest';
import {
  createDicomServer,
  type DataSet,
  type DataSetInput,
  type DicomEvent,
  type DicomServer,
  type DicomServerOptions,
  dataSet,
} from '../../src/dicom/index.js';
import { DicomScu, type ScuOptions } from './dicom-scu.js';
import { worklistOf } from './worklist.js';

/** How a connection ended: with the listener's A-ABORT, or closed without one. */
export type Ending = Awaited<ReturnType<DicomScu['ending']>>;

/** A listener that lets everybody in, and what specs do to it. */
export interface Listener {
  readonly server: DicomServer;
  readonly port: number;
  readonly events: DicomEvent[];
  ofType<T extends DicomEvent['type']>(type: T): Extract<DicomEvent, { readonly type: T }>[];
  connect(options?: Partial<ScuOptions>): Promise<DicomScu>;
  open(options?: Partial<ScuOptions>): Promise<DicomScu>;
  /** An association of its own opens, echoes and is released. */
  mustStillAnswer(): Promise<void>;
  /** Sends bytes on a new connection; afterwards the listener must still answer. */
  provoke(...chunks: readonly Uint8Array[]): Promise<Ending>;
  /** The same on an established association. */
  provokeEstablished(...chunks: readonly Uint8Array[]): Promise<Ending>;
  /** Fails when the library itself threw. */
  close(): Promise<void>;
}

/** An item of the worklist that has what a scanner needs, and more where a spec says so. */
export function worklistItem(number: number, changes: DataSetInput = {}): DataSet {
  return dataSet({
    PatientName: 'DOE^JANE',
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

export async function startListener(options: Partial<DicomServerOptions> = {}): Promise<Listener> {
  const events: DicomEvent[] = [];
  const scus: DicomScu[] = [];
  const server = createDicomServer({
    host: '127.0.0.1',
    port: 0,
    aeTitle: 'FACET',
    admission: {
      admit: async () => ({
        accepted: true,
        peer: { id: 'p', responseCharacterSet: ['ISO_IR 192'], maxAnswers: 100_000 },
      }),
    },
    worklist: worklistOf([worklistItem(1)]),
    observer: (event) => events.push(event),
    ...options,
  });
  const { port } = await server.listen();
  const connect = async (scu: Partial<ScuOptions> = {}): Promise<DicomScu> => {
    const connected = await DicomScu.connect({ port, ...scu });
    scus.push(connected);
    return connected;
  };
  const open = async (scu: Partial<ScuOptions> = {}): Promise<DicomScu> => {
    const opened = await DicomScu.open({ port, ...scu });
    scus.push(opened);
    return opened;
  };
  const mustStillAnswer = async (): Promise<void> => {
    const scu = await open();
    expect(await scu.echo()).toBe(0);
    await scu.release();
  };
  const endingOf = async (scu: DicomScu, chunks: readonly Uint8Array[]): Promise<Ending> => {
    for (const chunk of chunks) scu.sendRaw(chunk);
    const ending = await scu.ending();
    await mustStillAnswer();
    return ending;
  };
  return {
    server,
    port,
    events,
    ofType: (type) =>
      events.filter((event): event is Extract<DicomEvent, { type: typeof type }> => event.type === type),
    connect,
    open,
    mustStillAnswer,
    provoke: async (...chunks) => endingOf(await connect(), chunks),
    provokeEstablished: async (...chunks) => endingOf(await open(), chunks),
    close: async () => {
      for (const scu of scus) scu.destroy();
      await server.close(0);
      expect(events.filter(({ type }) => type === 'fault' || type === 'listener-fault')).toEqual([]);
    },
  };
}

/** Bytes in use after everything that can be thrown away was: JavaScript's own, and buffers. */
export function memoryInUse(): { readonly heapBytes: number; readonly bufferBytes: number } {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  // Buffers are given back by a second pass, after the objects that held them.
  collect();
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return { heapBytes: heapUsed, bufferBytes: arrayBuffers };
}
