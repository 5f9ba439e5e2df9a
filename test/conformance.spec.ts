import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { QUERIES_KEPT_HOURS, QUERIES_KEPT_MAX } from '../src/clinic/imaging/scanner-traffic.queries.js';
import { REJECTIONS_AUDITED_PER_MINUTE_MAX } from '../src/clinic/imaging/scanner-traffic.rules.js';
import { associationLimits } from '../src/dicom/association/index.js';
import { isTextVR, mustFindKeyword } from '../src/dicom/dataset/index.js';
import { elementCountMax, nestingDepthMax, valueCountMax } from '../src/dicom/dataset/limits.js';
import { preferredTransferSyntaxes } from '../src/dicom/dataset/transfer-syntaxes.js';
import {
  commandBytesMax,
  fragmentCountMax,
  messageBytesMax,
  peerPduBytesMin,
} from '../src/dicom/dimse/limits.js';
import { type DataSetInput, dataSet } from '../src/dicom/index.js';
import { type WorklistKeys, worklistKeys } from '../src/dicom/services/worklist-keys.js';
import { associationPduBytesMax, itemCountMax, pduBytesMax } from '../src/dicom/wire/limits.js';
import { readConfig } from '../src/platform/config/index.js';
import { associationPassages, services } from './support/conformance/association.js';
import { count, hex, passageNames, seconds, withPassages } from './support/conformance/markdown.js';
import { performedStepPassages } from './support/conformance/performed-step.js';
import { statusesOf, statusPassages } from './support/conformance/statuses.js';
import { filledPaths, fullItem, requiredKeys, worklistPassages } from './support/conformance/worklist.js';
import { type Listener, startListener } from './support/listener.js';
import { PerformedStepsInMemory } from './support/performed-steps.memory.js';
import { worklistOf } from './support/worklist.js';

const DOCUMENT = '../docs/dicom-conformance.md';
const document = textOf(DOCUMENT);
const passages = {
  ...associationPassages(),
  ...worklistPassages(),
  ...performedStepPassages(),
  ...statusPassages(),
};

function textOf(path: string): string {
  return readFileSync(new URL(path, import.meta.url), 'utf8');
}

/** From one line of the document to another. */
function section(from: string, to: string): string {
  const begin = document.indexOf(`\n${from}`);
  const end = document.indexOf(`\n${to}`, begin + 1);
  if (begin < 0 || end < 0) throw new Error(`there is no "${from}" before "${to}"`);
  return document.slice(begin, end);
}

/** What the rows of a section begin with. */
function firstCells(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(/^\| ([^|]+?) +\|/gm)].flatMap(([, cell = '']) => cell.match(pattern) ?? []);
}

describe('the conformance statement', () => {
  it('has the tables that the code gives (after a change: npm run conformance)', async () => {
    expect(passageNames(document).sort()).toEqual(Object.keys(passages).sort());
    await expect(withPassages(document, passages)).toMatchFileSnapshot(DOCUMENT);
  });

  it('says when each status is answered, and no other', () => {
    const stepHead = '###### Modality Performed Procedure Step';
    const worklist = section('###### Modality Worklist', stepHead);
    const steps = section(stepHead, '### 4.3');
    const said = (codes: ReadonlySet<number>) => [...codes].map(hex).sort();
    expect(firstCells(worklist, /^[0-9A-F]{4}$/).sort()).toEqual(said(statusesOf.worklist));
    expect(firstCells(steps, /^[0-9A-F]{4}$/).sort()).toEqual(said(statusesOf.performedSteps));
  });

  it('says where each value of a worklist answer comes from', () => {
    const rows = section('| Attribute                                        | Value', '**Matching**');
    const named = firstCells(rows, /(?<=`)[A-Za-z]+(?=`)/g);
    expect(named.sort()).toEqual(
      filledPaths()
        .map((path) => path.split('.').at(-1))
        .sort(),
    );
  });

  it('names every field of a profile, with its default and its bounds', () => {
    const sdl = textOf('../src/schema.graphql');
    const input = /^input ConnectScannerInput \{(.*?)^\}/ms.exec(sdl)?.[1] ?? '';
    const fields = [...input.matchAll(/^ {2}(\w+):/gm)].map(([, name]) => name);
    const rows = section('#### 4.4.2', '## 5.');
    expect(firstCells(rows, /(?<=`)[A-Za-z0-9]+(?=`)/g).sort()).toEqual(fields.sort());
    const model = textOf('../prisma/schema/imaging.prisma');
    const fallback = (name: string) =>
      new RegExp(`^  ${name} +Int +@default\\((\\d+)\\)`, 'm').exec(model)?.[1];
    expect(rows).toContain(`| ${fallback('daysBefore')}, ${fallback('daysAfter')} `);
    expect(rows).toContain(`| ${fallback('performedStepHoursMax')} `);
    const bound = (words: string) => count(Number(new RegExp(`${words} to (\\d+)`).exec(sdl)?.[1]));
    expect(rows).toContain(`; 0 to ${bound('offered, 0')} `);
    expect(rows).toContain(`; 1 to ${bound('one query, 1')} `);
    expect(rows).toContain(`; 1 to ${bound('shown to staff, 1')} `);
  });

  it('quotes limits and defaults as they are', () => {
    const config = readConfig({}, '/');
    for (const words of [
      `(${config.dicomAssociationsMax}),`,
      `\`DICOM_ASSOCIATIONS_PER_ADDRESS_MAX\` (${config.dicomAssociationsPerAddressMax})`,
      `\`CLINIC_TIME_ZONE\` (${config.clinicTimeZone})`,
      `titled \`${config.dicomAeTitle}\``,
      `| ${config.host}, ${config.dicomPort} `,
      `the newest ${QUERIES_KEPT_MAX} queries`,
      `for ${QUERIES_KEPT_HOURS} hours`,
      `of more than ${REJECTIONS_AUDITED_PER_MINUTE_MAX} a minute`,
      `Facet ${JSON.parse(textOf('../package.json')).version}.`,
    ]) {
      expect(document).toContain(words);
    }
  });
});

describe('the page of src/dicom', () => {
  it('quotes limits as they are', () => {
    const readme = textOf('../src/dicom/README.md');
    const limits = associationLimits;
    const kib = (bytes: number) => `${bytes / 1024} KiB`;
    const mib = (bytes: number) => `${bytes / 1024 / 1024} MiB`;
    for (const cell of [
      `${kib(pduBytesMax)} / ${kib(associationPduBytesMax)}`,
      `${mib(messageBytesMax)} / ${kib(commandBytesMax)} / ${count(fragmentCountMax)}`,
      `${count(nestingDepthMax)} / ${count(elementCountMax)} / ${count(valueCountMax)}`,
      `at least ${peerPduBytesMin} bytes`,
      count(itemCountMax),
      `${seconds(limits.artimMs)} / ${seconds(limits.admissionMs)}`,
      seconds(limits.tlsHandshakeMs),
      `${seconds(limits.messageMs)} / ${seconds(limits.idleMs)} / ${seconds(limits.stalledWriteMs)}`,
      seconds(limits.answerMs),
      `${limits.associationCountMax} / ${limits.associationsPerAddressMax}`,
      `${limits.connectionCountMax} / ${limits.connectionsPerAddressMax}`,
      `${mib(limits.heldBytesMax)}; ${kib(limits.heldBytesMax / limits.associationCountMax)} each`,
      String(limits.waitingMessageCountMax),
    ]) {
      expect(readme).toContain(`| ${cell} `);
    }
  });
});

/** SOP classes that scanners ask a worklist for beside it: notification, storage, commitment, query, printing, UPS. */
const foreignSOPClasses = [
  '1.2.840.10008.3.1.2.3.5',
  '1.2.840.10008.5.1.4.1.1.20',
  '1.2.840.10008.1.20.1',
  '1.2.840.10008.5.1.4.1.2.1.1',
  '1.2.840.10008.5.1.4.1.2.2.1',
  '1.2.840.10008.5.1.1.9',
  '1.2.840.10008.5.1.4.34.6.1',
];

/** Big Endian, deflated, JPEG, JPEG 2000, RLE. */
const foreignTransferSyntaxes = [
  '1.2.840.10008.1.2.2',
  '1.2.840.10008.1.2.1.99',
  '1.2.840.10008.1.2.4.50',
  '1.2.840.10008.1.2.4.90',
  '1.2.840.10008.1.2.5',
];

const listeners: Listener[] = [];

async function listen(): Promise<Listener> {
  const listener = await startListener({
    performedSteps: new PerformedStepsInMemory(),
    worklist: worklistOf([fullItem]),
  });
  listeners.push(listener);
  return listener;
}

afterEach(async () => {
  for (const listener of listeners.splice(0)) await listener.close();
});

/** Proposes each in a context of its own; what was answered, in the same order. */
async function propose(
  contexts: readonly { readonly abstractSyntax: string; readonly syntaxes: readonly string[] }[],
) {
  const listener = await listen();
  const proposed = contexts.map(({ abstractSyntax, syntaxes }, at) => ({
    id: at * 2 + 1,
    abstractSyntax,
    transferSyntaxes: syntaxes,
  }));
  const reply = await (await listener.connect({ contexts: proposed })).associate();
  if (reply.type !== 'accepted') throw new Error(reply.type);
  return proposed.map(({ id }) => reply.contexts.get(id));
}

describe('the listener', () => {
  const offered = services.map(({ sopClass }) => sopClass);
  const syntaxes = preferredTransferSyntaxes.map(([uid]) => uid);

  it('accepts each SOP class in each transfer syntax of the statement, and prefers the first', async () => {
    const pairs = offered.flatMap((abstractSyntax) =>
      [...syntaxes.map((uid) => [uid]), [...foreignTransferSyntaxes, ...[...syntaxes].reverse()]].map(
        (each) => ({
          abstractSyntax,
          syntaxes: each,
        }),
      ),
    );
    expect(await propose(pairs)).toEqual(
      offered.flatMap(() =>
        [...syntaxes, syntaxes[0]].map((transferSyntax) => ({ result: 0, transferSyntax })),
      ),
    );
  });

  it('accepts nothing else', async () => {
    const foreign = foreignSOPClasses.map((abstractSyntax) => ({ abstractSyntax, syntaxes }));
    const unread = offered.map((abstractSyntax) => ({ abstractSyntax, syntaxes: foreignTransferSyntaxes }));
    const results = (await propose([...foreign, ...unread])).map((context) => context?.result);
    expect(results).toEqual([...foreign.map(() => 3), ...unread.map(() => 4)]);
  });

  it('answers an extended negotiation with as many bytes as were offered', () => {
    for (const { negotiate } of services) {
      if (negotiate === null) continue;
      for (let length = 0; length < 8; length += 1) {
        expect(negotiate(new Uint8Array(length).fill(1))).toHaveLength(length);
      }
    }
  });
});

/** A value that nothing has, whatever the VR. */
function strangeValue(keyword: string): DataSetInput[string] {
  const { vr } = mustFindKeyword(keyword);
  const values: Readonly<Record<string, string>> = {
    DA: '19000101',
    TM: '0001',
    UI: '1.2.3',
    AS: '099Y',
    DS: '1',
  };
  return isTextVR(vr) ? (values[vr] ?? 'NOBODY') : 1;
}

/** A query for each key, with nothing else in it. */
function queriesOf(
  keys: WorklistKeys,
  within: (input: DataSetInput) => DataSetInput,
  path = '',
): { readonly path: string; readonly isMatched: boolean; readonly query: DataSetInput }[] {
  return Object.entries(keys).flatMap(([keyword, key]) => {
    const inner = (input: DataSetInput) => within({ [keyword]: [input] });
    if (key.items !== undefined) return queriesOf(key.items, inner, `${path}${keyword}.`);
    return [
      {
        path: `${path}${keyword}`,
        isMatched: key.isMatched,
        query: within({ [keyword]: strangeValue(keyword) }),
      },
    ];
  });
}

describe('the keys of the worklist', () => {
  it('are matched, or told by FF01, as the statement says', async () => {
    const scu = await (await listen()).open();
    for (const { path, isMatched, query } of queriesOf(worklistKeys, (input) => input)) {
      // It says what the times of the others mean.
      if (path === 'TimezoneOffsetFromUTC') continue;
      const { status, pendingStatuses } = await scu.find(dataSet(query));
      expect([path, status, pendingStatuses]).toEqual([path, 0, isMatched ? [] : [0xff01]]);
    }
    await scu.release();
  });

  it('that the standard requires are all matched', () => {
    const matched = queriesOf(worklistKeys, (input) => input).filter(({ isMatched }) => isMatched);
    const paths = matched.map(({ path }) => path);
    for (const path of requiredKeys) expect(paths.some((each) => each.startsWith(path))).toBe(true);
  });

  it('come back with a value, empty or not at all, as the statement says', async () => {
    const scu = await (await listen()).open();
    const [answer] = (
      await scu.find(dataSet(Object.fromEntries(Object.keys(worklistKeys).map((keyword) => [keyword, '']))))
    ).answers;
    const isAbsent = (keyword: string) =>
      worklistKeys[keyword]?.returnType === '1C' && !fullItem.has(keyword);
    const expected = Object.keys(worklistKeys).filter((keyword) => !isAbsent(keyword));
    expect(Object.keys(worklistKeys).filter((keyword) => answer?.has(keyword))).toEqual(expected);
    await scu.release();
  });
});
