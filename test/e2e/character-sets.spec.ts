import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import {
  type CharacterSet,
  characterSets,
  createDicomServer,
  type DicomServer,
  dataSet,
} from '../../src/dicom/index.js';
import { DicomScu, explicitVR, modalityWorklist, verification } from '../support/dicom-scu.js';
import { toolPath } from '../support/tools.js';
import { worklistOf } from '../support/worklist.js';

// Names in every script, asked for and answered in the scanner's own bytes. The scanner is DCMTK's findscu, and its
// query is built by DCMTK's dump2dcm from bytes that are written here by hand, after the examples of PS3.5.

const run = promisify(execFile);
/** findscu waits for ever unless it is told otherwise. */
const waitSeconds = '20';
const bigEndian = '1.2.840.10008.1.2.2';

const kanji = '\x1b$B';
const ascii = '\x1b(B';
const roman = '\x1b(J';
const korean = '\x1b$)C';
const chinese = '\x1b$)A';

interface Script {
  readonly characterSet: CharacterSet;
  readonly patientName: string;
  /** Key and answer as bytes, one `latin1` letter each. */
  readonly key: string;
  readonly answer: string;
  /** GNU's iconv, which Debian's DCMTK is built with, has no JIS X 0208 by itself: then only the bytes are compared. */
  readonly isReadByDcmtk: boolean;
}

function script(
  characterSet: CharacterSet,
  patientName: string,
  key: string,
  answer: string,
  isReadByDcmtk = true,
): Script {
  return { characterSet, patientName, key, answer, isReadByDcmtk };
}

const scripts: readonly Script[] = [
  script(characterSets.ISO_IR_100, 'Buc^Jérôme', '*^J\xe9R\xd4ME', 'Buc^J\xe9r\xf4me'),
  script(characterSets.ISO_IR_101, 'Wałęsa^Lech', 'wa\xb3\xca*', 'Wa\xb3\xeasa^Lech'),
  script(characterSets.ISO_IR_144, 'Люкceмбypг', '\xbb\xee?ce*', '\xbb\xee\xdace\xdc\xd1yp\xd3'),
  script(
    characterSets.ISO_IR_192,
    'Wang^XiaoDong=王^小東',
    '\xe7\x8e\x8b^\xe5\xb0\x8f\xe6\x9d\xb1',
    'Wang^XiaoDong=\xe7\x8e\x8b^\xe5\xb0\x8f\xe6\x9d\xb1',
  ),
  script(
    characterSets.ISO_2022_IR_87,
    'Yamada^Tarou=山田^太郎=やまだ^たろう',
    `Yamada*=${kanji};3ED${ascii}^*`,
    `Yamada^Tarou=${kanji};3ED${ascii}^${kanji}B@O:${ascii}=${kanji}$d$^$@${ascii}^${kanji}$?$m$&${ascii}`,
    false,
  ),
  script(
    characterSets.ISO_2022_IR_13_87,
    'ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=やまだ^たろう',
    '\xd4\xcf\xc0\xde^*',
    `\xd4\xcf\xc0\xde^\xc0\xdb\xb3=${kanji};3ED${roman}^${kanji}B@O:${roman}=${kanji}$d$^$@${roman}^${kanji}$?$m$&${roman}`,
    false,
  ),
  script(
    characterSets.ISO_2022_IR_149,
    'Hong^Gildong=洪^吉洞=홍^길동',
    `${korean}\xc8\xab^${korean}\xb1\xe6?`,
    `Hong^Gildong=${korean}\xfb\xf3^${korean}\xd1\xce\xd4\xd7=${korean}\xc8\xab^${korean}\xb1\xe6\xb5\xbf`,
  ),
  script(
    characterSets.ISO_2022_IR_58,
    'Zhang^XiaoDong=张^小东',
    `*=${chinese}\xd5\xc5^*`,
    `Zhang^XiaoDong=${chinese}\xd5\xc5^${chinese}\xd0\xa1\xb6\xab`,
  ),
  script(
    characterSets.GB18030,
    'Wang^XiaoDong=王^小东',
    '\xcd\xf5^\xd0\xa1\xb6\xab',
    'Wang^XiaoDong=\xcd\xf5^\xd0\xa1\xb6\xab',
  ),
];

const servers: DicomServer[] = [];
const folders: string[] = [];

/** A worklist of all the names, for a scanner that wants its answers in the set. */
async function listen(responseCharacterSet: CharacterSet): Promise<number> {
  const items = scripts.map(({ patientName }, index) =>
    dataSet({
      PatientName: patientName,
      PatientID: `F${index}`,
      ScheduledProcedureStepSequence: [{ Modality: 'NM', ScheduledProcedureStepID: `S${index}` }],
    }),
  );
  const server = createDicomServer({
    host: '127.0.0.1',
    port: 0,
    aeTitle: 'FACET',
    admission: {
      admit: async () => ({ accepted: true, peer: { id: 'scanner', responseCharacterSet, maxAnswers: 100 } }),
    },
    worklist: worklistOf(items),
  });
  servers.push(server);
  return (await server.listen()).port;
}

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close(0)));
  await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true, force: true })));
});

interface Reply {
  readonly log: string;
  /** Patient's Name and Specific Character Set as bytes, one `latin1` letter each, and what DCMTK reads the name as. */
  readonly answers: readonly {
    readonly name: string;
    readonly characterSet: string;
    readonly file: string;
  }[];
}

/** findscu with a query of these bytes. */
async function ask(port: number, syntax: string, characterSet: CharacterSet, key: string): Promise<Reply> {
  const folder = await mkdtemp(join(tmpdir(), 'facet-test-scripts-'));
  folders.push(folder);
  const named = characterSet.length === 0 ? '' : `(0008,0005) CS [${characterSet.join('\\')}]\n`;
  const step = '(0040,0100) SQ\n(fffe,e000) -\n(0008,0060) CS\n(fffe,e00d) -\n(fffe,e0dd) -\n';
  const dump = `${named}(0010,0010) PN [${key}]\n(0010,0020) LO\n${step}`;
  await writeFile(join(folder, 'query.dump'), dump, 'latin1');
  await run(toolPath('dump2dcm'), ['-q', join(folder, 'query.dump'), join(folder, 'query.dcm')]);
  const at = ['-aet', 'SCANNER', '-aec', 'FACET', '127.0.0.1', String(port)];
  const { stdout, stderr } = await run(
    toolPath('findscu'),
    [
      '-v',
      '-td',
      waitSeconds,
      '-ta',
      waitSeconds,
      '-W',
      syntax,
      '-X',
      '-od',
      folder,
      ...at,
      join(folder, 'query.dcm'),
    ],
    { encoding: 'latin1' },
  );
  const files = (await readdir(folder)).filter((name) => name.startsWith('rsp')).sort();
  const answers = files.map(async (name) => {
    const file = join(folder, name);
    const bytes = await readFile(file);
    return { name: valueIn(bytes, '10001000'), characterSet: valueIn(bytes, '08000500'), file };
  });
  return { log: stdout + stderr, answers: await Promise.all(answers) };
}

/** The value of an element, found by its tag; the padding at its end taken off. */
function valueIn(file: Buffer, tag: string): string {
  const at = file.indexOf(Buffer.from(tag, 'hex'));
  if (at < 0) return '';
  const isExplicit = /^[A-Z]{2}$/.test(file.toString('latin1', at + 4, at + 6));
  const length = isExplicit ? file.readUInt16LE(at + 6) : file.readUInt32LE(at + 4);
  return file.toString('latin1', at + 8, at + 8 + length).trimEnd();
}

describe('a foreign scanner', () => {
  const cases = scripts.flatMap((one) => ['-xe', '-xi', '-xb'].map((syntax) => [one, syntax] as const));

  it.each(cases.map(([one, syntax]) => [one.characterSet.join('\\'), syntax, one] as const))(
    'asks and is answered in %s (%s)',
    async (_name, syntax, one) => {
      const { characterSet, key, answer, patientName } = one;
      const reply = await ask(await listen(characterSet), syntax, characterSet, key);
      expect(reply.log).toContain('Received Final Find Response (Success)');
      expect(reply.answers.map(({ name }) => name)).toEqual([answer]);
      expect(reply.answers[0]?.characterSet).toBe(characterSet.join('\\'));
      if (!one.isReadByDcmtk) return;
      const { stdout } = await run(toolPath('dcmdump'), ['+U8', '+L', reply.answers[0]?.file ?? '']);
      expect(stdout).toContain(`[${patientName}`);
    },
  );

  it('asks in one set and is answered in another', async () => {
    const korea = scripts.find((one) => one.characterSet === characterSets.ISO_2022_IR_149);
    const port = await listen(characterSets.ISO_IR_192);
    const reply = await ask(port, '-xe', korea?.characterSet ?? [], korea?.key ?? '');
    expect(reply.answers).toMatchObject([
      { name: Buffer.from('Hong^Gildong=洪^吉洞=홍^길동').toString('latin1'), characterSet: 'ISO_IR 192' },
    ]);
  });

  it('gets the alphabetic name when its set has no ideographs', async () => {
    const port = await listen(characterSets.ISO_IR_100);
    const reply = await ask(port, '-xe', [], 'Hong*');
    expect(reply.answers.map(({ name }) => name)).toEqual(['Hong^Gildong']);
  });

  it.each<[string, CharacterSet, string]>([
    ['an escape sequence that was not named', characterSets.ISO_IR_100, `${kanji};3ED${ascii}*`],
    ['another escape sequence than was named', characterSets.ISO_2022_IR_87, `${korean}\xc8\xab*`],
    ['half a character', characterSets.ISO_2022_IR_149, `${korean}\xc8`],
    ['a character that the set does not have', characterSets.ISO_2022_IR_58, `${chinese}\xff\xff*`],
    ['bytes that are no UTF-8', characterSets.ISO_IR_192, '\xe9*'],
    ['bytes that are no GB18030', characterSets.GB18030, '\xff*'],
    ['a set that nobody knows', ['ISO_IR 999'], '\xe9*'],
  ])('is told of %s, and gets nobody', async (_name, characterSet, key) => {
    const reply = await ask(await listen(characterSets.ISO_IR_192), '-xe', characterSet, key);
    expect(reply.answers).toEqual([]);
    expect(reply.log).toMatch(/Final Find Response \(.*(a900|A900|Failed|Mismatch|DoesNotMatch).*\)/);
  });

  it('that offers nothing but Big Endian is told so, and may do everything else', async () => {
    const port = await listen(characterSets.ISO_IR_192);
    const scu = await DicomScu.connect({
      port,
      contexts: [
        { id: 1, abstractSyntax: modalityWorklist, transferSyntaxes: [bigEndian] },
        { id: 3, abstractSyntax: verification, transferSyntaxes: [explicitVR] },
      ],
    });
    const reply = await scu.associate();
    if (reply.type !== 'accepted') throw new Error(reply.type);
    expect([...reply.contexts].map(([id, { result }]) => [id, result])).toEqual([
      [1, 4],
      [3, 0],
    ]);
    expect(await scu.echo(3)).toBe(0);
    await scu.release();
    scu.destroy();
  });
});
