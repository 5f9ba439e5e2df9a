import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import {
  createDicomServer,
  type DataSet,
  type DicomEvent,
  type DicomServer,
  dataSet,
} from '../../src/dicom/index.js';
import { DicomScu } from '../support/dicom-scu.js';
import { PerformedStepsInMemory } from '../support/performed-steps.memory.js';
import { worklistOf } from '../support/worklist.js';
import type { Capture } from './captures.js';
import { type Outcome, play } from './client.js';
import { type Plan, planCase } from './mutations.js';
import { Random } from './random.js';

export interface CampaignOptions {
  readonly seed: number;
  /** Numbers of the cases to play, in order. */
  readonly cases: readonly number[];
  readonly captures: readonly Capture[];
  /** Called when a case begins and after each echo. */
  readonly onProgress?: (played: number) => void;
}

export interface CampaignReport {
  readonly played: number;
  readonly outcomes: Readonly<Partial<Record<Outcome, number>>>;
  readonly events: Readonly<Partial<Record<DicomEvent['type'], number>>>;
  readonly echoes: number;
  /** After the first tenth of the cases, and at the end: everything that can be thrown away was. */
  readonly memory: { readonly warm: Memory; readonly end: Memory };
}

export interface Memory {
  readonly heapBytes: number;
  readonly bufferBytes: number;
  readonly rssBytes: number;
}

/** A case after which the listener was not what it should be. */
export class CaseFailure extends Error {
  override readonly name = 'CaseFailure';

  constructor(
    /** The one, or those that were under way together. */
    readonly cases: readonly number[],
    override readonly cause: unknown,
  ) {
    super(cause instanceof Error ? (cause.stack ?? cause.message) : String(cause));
  }
}

/** Connections at once: enough to hide the waiting for timers. */
const lanes = 64;
/** After so many cases another client must be answered. */
const casesPerEcho = 100;
const echoWaitMs = 5_000;
/** Far above every timer of the listener below. */
const hangMs = 10_000;
const limits = {
  artimMs: 60,
  admissionMs: 1_000,
  messageMs: 60,
  idleMs: 60,
  answerMs: 1_000,
  stalledWriteMs: 200,
  associationCountMax: 100,
  associationsPerAddressMax: 100,
  connectionCountMax: 200,
  connectionsPerAddressMax: 200,
};

/** The plan of one case: the same for the same seed, number and captures. */
export function planOf(seed: number, number: number, captures: readonly Capture[]): Plan {
  return planCase(new Random(seed, number), captures);
}

/** Plays cases, many at a time, against a listener of this process. Rejects with {@link CaseFailure}. */
export async function runCampaign(options: CampaignOptions): Promise<CampaignReport> {
  const world = await World.start();
  try {
    return await world.run(options);
  } finally {
    await world.server.close(0);
  }
}

class World {
  private readonly steps = new PerformedStepsInMemory();
  private readonly outcomes: Partial<Record<Outcome, number>> = {};
  private readonly events: Partial<Record<DicomEvent['type'], number>> = {};
  private readonly underWay = new Set<number>();
  private failure: CaseFailure | null = null;
  private port = 0;
  private played = 0;
  private echoes = 0;
  readonly server: DicomServer;

  private constructor() {
    this.server = createDicomServer({
      host: '127.0.0.1',
      port: 0,
      aeTitle: 'FACET',
      admission: {
        admit: async () => ({
          accepted: true,
          peer: { id: 'fuzz', responseCharacterSet: ['ISO_IR 192'], maxAnswers: 1_000 },
        }),
      },
      worklist: worklistOf(Array.from({ length: 60 }, (_, index) => itemOf(index))),
      performedSteps: this.steps,
      observer: (event) => this.observe(event),
      limits,
    });
  }

  static async start(): Promise<World> {
    const world = new World();
    world.port = (await world.server.listen()).port;
    return world;
  }

  async run({ seed, cases, captures, onProgress }: CampaignOptions): Promise<CampaignReport> {
    const onUncaught = (error: unknown): void => this.fail(error);
    process.on('uncaughtException', onUncaught).on('unhandledRejection', onUncaught);
    try {
      const warmCount = Math.ceil(cases.length / 10);
      await this.playAll(seed, cases.slice(0, warmCount), captures, onProgress);
      const warm = measureMemory();
      await this.playAll(seed, cases.slice(warmCount), captures, onProgress);
      const { played, outcomes, events, echoes } = this;
      return { played, outcomes, events, echoes, memory: { warm, end: measureMemory() } };
    } finally {
      process.off('uncaughtException', onUncaught).off('unhandledRejection', onUncaught);
    }
  }

  private async playAll(
    seed: number,
    cases: readonly number[],
    captures: readonly Capture[],
    onProgress: CampaignOptions['onProgress'],
  ): Promise<void> {
    for (let at = 0; at < cases.length; at += casesPerEcho) {
      const waiting = cases.slice(at, at + casesPerEcho);
      const lane = async (): Promise<void> => {
        for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
          await this.playOne(seed, next, captures);
        }
      };
      this.underWay.clear();
      await Promise.all(Array.from({ length: lanes }, lane));
      await this.mustAnswer();
      this.steps.steps.clear();
      this.steps.received.length = 0;
      if (this.failure !== null) throw this.failure;
      onProgress?.(this.played);
    }
  }

  private async playOne(seed: number, number: number, captures: readonly Capture[]): Promise<void> {
    this.underWay.add(number);
    try {
      const outcome = await play(planOf(seed, number, captures), this.port, hangMs);
      this.outcomes[outcome] = (this.outcomes[outcome] ?? 0) + 1;
      this.played += 1;
    } catch (error) {
      this.failure ??= new CaseFailure([number], error);
    }
  }

  /** An independent client opens an association and is answered; the sockets of the cases are gone. */
  private async mustAnswer(): Promise<void> {
    const overdue = setTimeout(() => this.fail(new Error(`no C-ECHO within ${echoWaitMs} ms`)), echoWaitMs);
    try {
      const scu = await DicomScu.open({ port: this.port });
      const status = await scu.echo();
      await scu.release();
      if (status !== 0) throw new Error(`C-ECHO was answered with ${status}`);
      this.echoes += 1;
    } catch (error) {
      this.fail(error);
    } finally {
      clearTimeout(overdue);
    }
  }

  private observe(event: DicomEvent): void {
    this.events[event.type] = (this.events[event.type] ?? 0) + 1;
    if (event.type === 'fault' || event.type === 'listener-fault') this.fail(event.error);
  }

  private fail(cause: unknown): void {
    this.failure ??= new CaseFailure([...this.underWay], cause);
  }
}

function itemOf(number: number): DataSet {
  return dataSet({
    PatientName: 'Müller^Jürgen',
    PatientID: `F${number}`,
    AccessionNumber: `A${number}`,
    StudyInstanceUID: `1.2.3.${number}`,
    RequestedProcedureID: `A${number}`,
    ScheduledProcedureStepSequence: [
      {
        ScheduledStationAETitle: 'SPECT1',
        ScheduledProcedureStepStartDate: '20260706',
        ScheduledProcedureStepStartTime: '093000',
        Modality: number % 2 === 0 ? 'NM' : 'CT',
        ScheduledProcedureStepID: `S${number}`,
      },
    ],
  });
}

function measureMemory(): Memory {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  collect();
  collect();
  const { heapUsed, arrayBuffers, rss } = process.memoryUsage();
  return { heapBytes: heapUsed, bufferBytes: arrayBuffers, rssBytes: rss };
}
