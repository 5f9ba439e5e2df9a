import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { knownDataFolder, passwordOf } from '../../src/platform/database/embedded/folders.js';
import { runningPostmaster, stopPostmaster } from '../../src/platform/database/embedded/postmaster.js';
import { FacetRows } from './facet-rows.js';
import { type Item, TIME_ZONE } from './items.js';
import { type Program, startProgram } from './processes.js';
import { type AtTheEnd, CALLED_AE_TITLE, type Server, targetOn } from './servers.js';

/** The same beginning as the tests' folders, so that leftovers of killed runs are swept with them. */
const FOLDER_PREFIX = 'facet-test-bench-';
/** The line of the greeting after which every door is open. */
const GREETING = /^Facet is running/m;
const DOOR = /DICOM\s+\S+?:(\d+),/;
const START_POLL_MS = 50;

/** The built service, as `npm start` runs it, with its own PostgreSQL. */
export interface Facet extends Server {
  readonly rows: FacetRows;
  readonly postgresPid: number;
  readonly postgresVersion: string;
}

/** With `apart`, the process that answers is a second one with ROLE=scanner on the first one's database. */
export async function startFacet(
  root: string,
  version: string,
  apart: boolean,
  atTheEnd: AtTheEnd,
): Promise<Facet> {
  // As npm start says them. This file runs from another folder and cannot import them by a fixed path.
  const flagsFile = pathToFileURL(join(root, 'scripts', 'service-flags.mjs')).href;
  const { SERVICE_FLAGS: flags } = await import(flagsFile);
  const home = mkdtempSync(join(tmpdir(), FOLDER_PREFIX));
  chmodSync(home, 0o711);
  atTheEnd(() => removeHome(home));
  const start = async (log: string, settings: Readonly<Record<string, string>>) => {
    const program = launch(root, flags, home, log, settings);
    atTheEnd(() => program.end());
    return greeted(program);
  };
  const whole = await start('facet.log', {});
  const postgres = runningPostmaster(knownDataFolder(home));
  if (postgres === undefined) throw new Error('PostgreSQL is not running');
  const url = `postgresql://facet:${passwordOf(home)}@127.0.0.1:${postgres.port}/facet?sslmode=disable`;
  const answering = apart ? await start('scanner.log', { DATABASE_URL: url, ROLE: 'scanner' }) : whole;
  const rows = await FacetRows.open(url);
  atTheEnd(() => rows.close());
  return {
    name: 'facet',
    version,
    target: targetOn(Number(DOOR.exec(answering.output())?.[1])),
    pid: answering.pid,
    rows,
    postgresPid: postgres.pid,
    postgresVersion: await rows.postgresVersion(),
    add: (items: readonly Item[]) => rows.add(items),
    output: () => answering.output(),
  };
}

function launch(
  root: string,
  flags: readonly string[],
  home: string,
  log: string,
  settings: Readonly<Record<string, string>>,
): Program {
  const args = [...flags, join(root, 'dist', 'main.js')];
  const env = {
    PATH: process.env.PATH,
    FACET_HOME: home,
    PORT: '0',
    DICOM_PORT: '0',
    DICOM_AE_TITLE: CALLED_AE_TITLE,
    CLINIC_TIME_ZONE: TIME_ZONE,
    ...settings,
  };
  return startProgram(process.execPath, args, { folder: home, logFile: join(home, log), env });
}

async function greeted(program: Program): Promise<Program> {
  for (;;) {
    const output = program.output();
    if (GREETING.test(output) && DOOR.test(output)) return program;
    if (program.hasEnded()) throw new Error(`Facet ended instead of starting:\n${output}`);
    await sleep(START_POLL_MS);
  }
}

/** As its owner would: a server that a killed service left running, its data wherever they are, then the folder. */
async function removeHome(home: string): Promise<void> {
  const data = knownDataFolder(home);
  const server = runningPostmaster(data);
  if (server !== undefined) await stopPostmaster(data, server.pid);
  if (dirname(data) !== home) rmSync(dirname(data), { recursive: true, force: true });
  rmSync(home, { recursive: true, force: true });
}
