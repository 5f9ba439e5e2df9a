import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { writeDataSet } from '../../src/dicom/index.js';
import { dataSetOf, type Item } from './items.js';
import { LeanAssociation, WORKLIST } from './lean-client.js';
import { freePort, type Program, startProgram } from './processes.js';
import {
  type AtTheEnd,
  CALLED_AE_TITLE,
  CALLING_AE_TITLE,
  type Server,
  type ServerName,
  targetOn,
} from './servers.js';

// DCMTK's wlmscpfs and Orthanc's worklist plugin, as Debian builds them, on one folder of worklist files.

const ORTHANC = '/usr/sbin/Orthanc';
const WORKLIST_PLUGIN = '/usr/share/orthanc/plugins/libModalityWorklists.so';
const EXPLICIT_VR = '1.2.840.10008.1.2.1';
const START_WAIT_MS = 15_000;
const START_POLL_MS = 50;

/** DCMTK's network code, which Orthanc uses too, leaves Nagle's algorithm on in Debian's builds unless this is set. */
const TUNED = { PATH: process.env.PATH, HOME: process.env.HOME, TCP_NODELAY: '1' };

/** The folder that both peers read; wlmscpfs finds it by the called AE title and wants a lock file in it. */
export class WorklistFolder {
  readonly path: string;

  constructor(private readonly parent: string) {
    this.path = join(parent, CALLED_AE_TITLE);
    mkdirSync(this.path);
    writeFileSync(join(this.path, 'lockfile'), '');
  }

  get root(): string {
    return this.parent;
  }

  add(items: readonly Item[]): void {
    for (const item of items) writeFileSync(join(this.path, `${item.stepId}.wl`), worklistFile(item));
  }
}

/** PS3.10 §7.1: preamble, prefix, File Meta Information, data set. */
function worklistFile(item: Item): Buffer {
  const meta = Buffer.concat([
    longMetaElement(0x0001, 'OB', Buffer.from([0, 1])),
    metaElement(0x0002, 'UI', uid(WORKLIST)),
    metaElement(0x0003, 'UI', uid(item.studyInstanceUID)),
    metaElement(0x0010, 'UI', uid(EXPLICIT_VR)),
    metaElement(0x0012, 'UI', uid('1.2.826.0.1.3680043.10.1')),
  ]);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(meta.length);
  const set = writeDataSet(dataSetOf(item), 'explicit-vr-little-endian');
  return Buffer.concat([
    Buffer.alloc(128),
    Buffer.from('DICM'),
    metaElement(0x0000, 'UL', length),
    meta,
    set,
  ]);
}

function metaElement(element: number, vr: string, value: Buffer): Buffer {
  const head = Buffer.from([2, 0, 0, 0, vr.charCodeAt(0), vr.charCodeAt(1), 0, 0]);
  head.writeUInt16LE(element, 2);
  head.writeUInt16LE(value.length, 6);
  return Buffer.concat([head, value]);
}

function longMetaElement(element: number, vr: string, value: Buffer): Buffer {
  const head = Buffer.from([2, 0, 0, 0, vr.charCodeAt(0), vr.charCodeAt(1), 0, 0, 0, 0, 0, 0]);
  head.writeUInt16LE(element, 2);
  head.writeUInt32LE(value.length, 8);
  return Buffer.concat([head, value]);
}

function uid(value: string): Buffer {
  return Buffer.from(value.length % 2 === 1 ? `${value}\0` : value, 'latin1');
}

export async function startWlmscpfs(folder: WorklistFolder, atTheEnd: AtTheEnd): Promise<Server> {
  const port = await freePort();
  const args = ['--quiet', '--disable-host-lookup', '--data-files-path', folder.root, String(port)];
  const program = startProgram('wlmscpfs', args, {
    folder: folder.root,
    logFile: join(folder.root, 'wlmscpfs.log'),
    env: TUNED,
  });
  atTheEnd(() => program.end());
  return answering('wlmscpfs', versionOf('wlmscpfs', / v(\S+)/), port, program, folder);
}

export async function startOrthanc(folder: WorklistFolder, atTheEnd: AtTheEnd): Promise<Server> {
  const port = await freePort();
  const settings = join(folder.root, 'orthanc.json');
  writeFileSync(settings, JSON.stringify(orthancSettings(folder, port)));
  const program = startProgram(ORTHANC, [settings], {
    folder: folder.root,
    logFile: join(folder.root, 'orthanc.log'),
    env: TUNED,
  });
  atTheEnd(() => program.end());
  return answering('orthanc', versionOf(ORTHANC, /Orthanc (\S+)/), port, program, folder);
}

function orthancSettings(folder: WorklistFolder, port: number): object {
  const caller = { AET: CALLING_AE_TITLE, Host: '127.0.0.1', Port: 104, AllowFindWorklist: true };
  return {
    Name: 'bench',
    StorageDirectory: join(folder.root, 'orthanc'),
    IndexDirectory: join(folder.root, 'orthanc'),
    DicomAet: CALLED_AE_TITLE,
    DicomPort: port,
    DicomAlwaysAllowEcho: true,
    HttpServerEnabled: false,
    DicomModalities: { bench: caller },
    Plugins: [WORKLIST_PLUGIN],
    Worklists: { Enable: true, Database: folder.path, FilterIssuerAet: false, LimitAnswers: 0 },
  };
}

async function answering(
  name: ServerName,
  version: string,
  port: number,
  program: Program,
  folder: WorklistFolder,
): Promise<Server> {
  const target = targetOn(port);
  for (let waited = 0; waited < START_WAIT_MS; waited += START_POLL_MS) {
    if (program.hasEnded()) throw new Error(`${name} ended instead of starting:\n${program.output()}`);
    const association = await LeanAssociation.open(target).catch(() => null);
    if (association !== null) {
      await association.release();
      return {
        name,
        version,
        target,
        pid: program.pid,
        // Both peers read the same folder.
        add: async (items) => folder.add(items),
        output: () => program.output(),
      };
    }
    await sleep(START_POLL_MS);
  }
  throw new Error(`${name} does not answer:\n${program.output()}`);
}

function versionOf(program: string, pattern: RegExp): string {
  const text = execFileSync(program, ['--version'], { encoding: 'utf8' });
  return pattern.exec(text)?.[1] ?? 'of unknown version';
}
