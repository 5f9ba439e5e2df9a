import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { toolPath } from '../support/tools.js';

/** The console of the scanner, played by DCMTK: a DICOM implementation that shares nothing with ours. */

const run = promisify(execFile);

const STEP = 'ScheduledProcedureStepSequence[0]';

/** What a console asks for, all empty: "tell me". */
const RETURN_KEYS = [
  'PatientName',
  'PatientID',
  'PatientBirthDate',
  'PatientSex',
  'AccessionNumber',
  'StudyInstanceUID',
  'ReferringPhysicianName',
  'RequestedProcedureID',
  'RequestedProcedureDescription',
  'SpecificCharacterSet',
  `${STEP}.Modality`,
  `${STEP}.ScheduledStationAETitle`,
  `${STEP}.ScheduledProcedureStepStartDate`,
  `${STEP}.ScheduledProcedureStepStartTime`,
  `${STEP}.ScheduledProcedureStepID`,
];

export interface ConsoleOptions {
  readonly port: number;
  readonly callingAETitle?: string;
  readonly calledAETitle?: string;
  readonly syntax?: 'explicit' | 'implicit';
  /** Matching keys: path and value. */
  readonly keys?: Readonly<Record<string, string>>;
}

/** One answer, by keyword, as `dcmdump` reads it. */
export type ConsoleAnswer = ReadonlyMap<string, string>;

export interface ConsoleReply {
  readonly exitCode: number;
  readonly log: string;
  readonly answers: readonly ConsoleAnswer[];
}

interface Finished {
  readonly code: number;
  readonly text: string;
}

interface Failure {
  readonly code?: unknown;
  readonly stdout?: string;
  readonly stderr?: string;
}

/** Runs a program to its end; an exit code is an answer, and not being there is not. */
async function finish(program: string, args: readonly string[]): Promise<Finished> {
  try {
    const { stdout, stderr } = await run(program, args, { encoding: 'utf8' });
    return { code: 0, text: stdout + stderr };
  } catch (error) {
    const { code, stdout = '', stderr = '' } = error as Failure;
    if (typeof code !== 'number') throw error;
    return { code, text: stdout + stderr };
  }
}

/** `(0010,0010) PN [Brontë-Hale^Zoë^^Ms]   #  20, 1 PatientName` */
const LINE =
  /^\s*\([0-9a-f]{4},[0-9a-f]{4}\) \S\S (?:\[(.*)\]|(\S+|\(no value available\)))\s+#\s*\S+\s*\S+ (\w+)/;

async function readAnswer(path: string): Promise<ConsoleAnswer> {
  const { text } = await finish(toolPath('dcmdump'), ['+L', path]);
  const lines = text.split('\n').flatMap((line) => {
    const found = LINE.exec(line);
    return found === null ? [] : [[found[3] ?? '', (found[1] ?? '').trimEnd()] as const];
  });
  return new Map(lines);
}

const peer = ({ port, callingAETitle = 'SPECTCT1', calledAETitle = 'FACET' }: ConsoleOptions): string[] => [
  '-aet',
  callingAETitle,
  '-aec',
  calledAETitle,
  '127.0.0.1',
  String(port),
];

/** C-FIND on the worklist. */
export async function askWorklist(options: ConsoleOptions): Promise<ConsoleReply> {
  const folder = await mkdtemp(join(tmpdir(), 'facet-test-console-'));
  try {
    const matching = options.keys ?? {};
    const returned = RETURN_KEYS.filter((key) => matching[key] === undefined);
    const keys = [...returned, ...Object.entries(matching).map(([key, value]) => `${key}=${value}`)];
    const syntax = options.syntax === 'implicit' ? '-xi' : '-xe';
    const { code, text } = await finish(toolPath('findscu'), [
      '-v',
      '-W',
      syntax,
      '-X',
      '-od',
      folder,
      ...peer(options),
      ...keys.flatMap((key) => ['-k', key]),
    ]);
    const names = (await readdir(folder)).filter((name) => name.endsWith('.dcm')).sort();
    const answers = await Promise.all(names.map((name) => readAnswer(join(folder, name))));
    return { exitCode: code, log: text, answers };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** C-ECHO; true when it was answered with success. */
export async function echo(options: ConsoleOptions): Promise<boolean> {
  return (await finish(toolPath('echoscu'), peer(options))).code === 0;
}

/** Matching key for the scheduled day, or a range of days, as YYYY-MM-DD. */
export function onDays(from: string, until: string = from): Readonly<Record<string, string>> {
  const [begin, end] = [from, until].map((day) => day.replaceAll('-', ''));
  return { [`${STEP}.ScheduledProcedureStepStartDate`]: begin === end ? `${begin}` : `${begin}-${end}` };
}

/** Matching key for one attribute of the scheduled step. */
export function inStep(attribute: string, value: string): Readonly<Record<string, string>> {
  return { [`${STEP}.${attribute}`]: value };
}
