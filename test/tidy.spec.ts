import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { REQUIRED_CONSTRAINTS } from '../src/required-constraints.js';
import { codeProblems, lengthProblems, promiseProblems } from './support/tidy/code.js';
import {
  foreignWrites,
  handMadeIn,
  homelessTables,
  roomsInApplication,
  roomsInBorders,
  roomsInContents,
  tablesOf,
} from './support/tidy/lists.js';
import { nameProblems, readmeProblems } from './support/tidy/names.js';
import { namesNobodySays, undescribed } from './support/tidy/schema.js';
import { filesBelow, foldersIn, ROOT, read } from './support/tidy/tree.js';

// The rules of the house (CONTRIBUTING.md). Each has an example that it must catch: a rule that finds nothing may be
// one that looks nowhere.

const paths = ['src', 'test', 'prisma', 'scripts', 'docs', 'docker'].filter((folder) =>
  existsSync(join(ROOT, folder)),
);
const files = paths
  .flatMap(filesBelow)
  .filter((path) => /[.](ts|mjs|md|prisma|sql|yaml|hbs)$/.test(path))
  .map(read);
const code = files.filter(({ path }) => path.endsWith('.ts'));
const rooms = foldersIn('src/clinic');
const tables = files.filter(({ path }) => path.endsWith('.prisma')).flatMap(tablesOf);

// Every file is parsed: a second or two, more on a machine that is busy with other tests.
const PARSE_ALL_TIMEOUT_MS = 60_000;

/** Parts of the platform that keep a table. */
const PLATFORM_TABLES = ['outbox'];

const SCHEMA = 'src/schema.graphql';
const isWritten = existsSync(join(ROOT, SCHEMA));
const sdl = isWritten ? read(SCHEMA).text : 'type Query { "a" a: Int }';

describe('names', () => {
  it('come from the closed list', () => {
    expect(nameProblems(filesBelow('src').concat(filesBelow('test')))).toEqual([]);
  });

  it.each([
    'src/clinic/patients/patient.helper.ts',
    'src/clinic/patients/patient.ts',
    'src/clinic/patients/rules/patient.rules.ts',
    'src/clinic/patients/Patient.service.ts',
    'src/clinic/patients/patient.hbs',
    'src/dicom/wire/framer.service.ts',
    'src/dicom/storage/store.scp.ts',
    'src/platform/common/log.ts',
    'test/support/test-utils.ts',
  ])('refuse %s', (path) => {
    expect(nameProblems([path])).toHaveLength(1);
  });

  it('accept the pattern', () => {
    const good = ['src/clinic/patients/nhs-number.rules.spec.ts', 'src/dicom/services/worklist.scp.ts'];
    expect(nameProblems([...good, 'src/clinic/notifications/templates/scan-booked.en.hbs'])).toEqual([]);
  });
});

describe('rooms', () => {
  it('have a page that says what they hold', () => {
    expect(readmeProblems(rooms, filesBelow('src'))).toEqual([]);
    expect(readmeProblems(['attic'], ['src/dicom/README.md'])).toEqual([
      'src/clinic/attic/README.md: is missing',
    ]);
  });

  it('stand in one order: on the contents page, in the application and in the border rules', () => {
    const downhill = roomsInBorders(read('.dependency-cruiser.cjs').text);
    const built = downhill.filter((room) => rooms.includes(room));
    expect(rooms.filter((room) => !downhill.includes(room))).toEqual([]);
    expect(roomsInContents(read('src/README.md').text)).toEqual(built);
    expect(roomsInApplication(read('src/app.module.ts').text)).toEqual(built);
  });

  it('are read from each list in its own order', () => {
    expect(roomsInContents('- [b](clinic/b/README.md)\n- [a](clinic/a/)')).toEqual(['b', 'a']);
    expect(roomsInBorders("const downhill = [\n  'b', 'a',\n];")).toEqual(['b', 'a']);
    const application = `
      import { A } from './clinic/a/a.module.js';
      import { B } from './clinic/b/b.module.js';
      import { C } from './clinic/a/c.service.js';
      @Module({ imports: [B, C, A] }) class App {}`;
    expect(roomsInApplication(application)).toEqual(['b', 'a']);
  });
});

describe('code', () => {
  it(
    'keeps the rules',
    () => {
      expect(code.flatMap(codeProblems)).toEqual([]);
    },
    PARSE_ALL_TIMEOUT_MS,
  );

  it.each([
    ['asks the clock itself', 'src/clinic/a/a.service.ts', 'const now = Date.now();'],
    ['asks the clock itself', 'src/clinic/a/a.service.ts', 'const now = new Date();'],
    ['asks the clock itself', 'src/clinic/a/a.rules.spec.ts', 'const now = new Date;'],
    ['asks the clock itself', 'src/dicom/a.ts', 'const now = Temporal.Now.instant();'],
    ['makes a Date', 'src/clinic/a/a.service.ts', 'const at = new Date(text);'],
    ['reads the environment', 'src/main.ts', 'const port = process.env.PORT;'],
    ['reads the environment', 'src/main.ts', "const port = process.env['PORT'];"],
    ['reads the environment', 'src/main.ts', "const port = process['env'].PORT;"],
    ['takes process apart', 'src/main.ts', 'const { env } = process;'],
    ['imports process', 'src/main.ts', "import { env } from 'node:process';"],
    ['any', 'test/support/a.ts', 'const a = b as any;'],
    ['a non-null !', 'prisma/seed/a.ts', 'const a = b!.c;'],
    ['hides tests', 'test/a.spec.ts', `it.${'skip'}('a', () => {});`],
    ['hides tests', 'test/a.spec.ts', `describe.${'only'}('a', () => {});`],
    ['hides tests', 'test/a.spec.ts', `it.concurrent.${'skipIf'}(true)('a', () => {});`],
    ['a function of 61 lines', 'src/a.ts', `function a() {\n${'b();\n'.repeat(59)}}`],
    ['a function of 61 lines', 'src/a.ts', `class A { @B({})\n a = () => {\n${'b();\n'.repeat(59)}} }`],
    ['nobody checks', 'src/clinic/a/a.resolver.ts', 'class A { a(b: BInput | null) {} }'],
    ['nobody checks', 'src/clinic/a/a.resolver.ts', 'class A { a(b: readonly BInput[]) {} }'],
    ['throws at 5e-324', 'src/clinic/a/a.type.ts', 'class A { @IsNumber({ maxDecimalPlaces: 1 }) a = 1; }'],
    ['a constructor of 7 parameters', 'src/a.ts', 'class A { constructor(a, b, c, d, e, f, g) {} }'],
  ])('catches what %s', (what, path, text) => {
    const problems = codeProblems({ path, text });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(what);
  });

  it('does not mistake what only looks so', () => {
    const text = `
      // process.env and Date.now() in a comment, "any" in a string
      const env: NodeJS.ProcessEnv = {};
      const any = 'any !';
      const isNot = a !== b;
      only.skip();`;
    expect(codeProblems({ path: 'src/clinic/a/a.rules.ts', text })).toEqual([]);
    const resolver = 'class A { a(b: BInput, c?: CInput) {} }';
    expect(codeProblems({ path: 'src/clinic/a/a.resolver.ts', text: resolver })).toEqual([]);
    expect(codeProblems({ path: 'src/clinic/a/a.spec.ts', text: "new Date('2026-03-29')" })).toEqual([]);
    expect(codeProblems({ path: 'src/platform/time/clock.ts', text: 'Date.now()' })).toEqual([]);
    expect(codeProblems({ path: 'src/a.ts', text: `function a() {\n${'b();\n'.repeat(58)}}` })).toEqual([]);
  });

  it('comes in files that can be read at a sitting', () => {
    expect([...code, ...files.filter(({ path }) => path.endsWith('.mjs'))].flatMap(lengthProblems)).toEqual(
      [],
    );
    const text = 'a\n'.repeat(301);
    expect(lengthProblems({ path: 'src/clinic/a/a.service.ts', text })).toHaveLength(1);
    expect(lengthProblems({ path: 'src/clinic/a/a.type.ts', text })).toEqual([]);
  });

  it('promises nothing for later', () => {
    expect(files.flatMap(promiseProblems)).toEqual([]);
    expect(promiseProblems({ path: 'a.ts', text: `// ${'TO'}${'DO'}: later` })).toHaveLength(1);
  });
});

describe('tables', () => {
  it('belong to a room', () => {
    expect(tables.length).toBeGreaterThan(0);
    expect(homelessTables(tables, [...rooms, ...PLATFORM_TABLES])).toEqual([]);
    const attic = tablesOf({ path: 'prisma/schema/attic.prisma', text: 'model Box {\n  id String\n}' });
    expect(homelessTables(attic, rooms)).toEqual(['prisma/schema/attic.prisma: Box belongs to no room']);
  });

  it('are written by their own room only', () => {
    expect(code.flatMap((file) => foreignWrites(file, tables))).toEqual([]);
    const boxes = [{ model: 'AtticBox', table: 'attic_boxes', room: 'attic' }];
    const write = (path: string, text: string) => foreignWrites({ path, text }, boxes).length;
    expect(write('src/clinic/cellar/a.service.ts', 'await tx.atticBox\n.updateMany({})')).toBe(1);
    expect(write('src/clinic/cellar/a.queries.ts', 'INSERT INTO attic_boxes VALUES')).toBe(1);
    expect(write('src/clinic/cellar/a.queries.ts', 'SELECT 1 FROM attic_boxes')).toBe(0);
    expect(write('src/clinic/attic/a.service.ts', 'await tx.atticBox.create({})')).toBe(0);
  });

  it('keep in the database what is asserted at start-up, and the other way round', () => {
    const sql = files.filter(({ path }) => path.endsWith('.sql')).map(({ text }) => text);
    const asserted = REQUIRED_CONSTRAINTS.map(({ name }) => name).sort();
    expect(asserted).toEqual(handMadeIn(sql.join('\n')));
  });

  it('are searched for what Prisma cannot say', () => {
    const sql = `
      CREATE INDEX "by_prisma" ON "a"("b");
      CREATE UNIQUE INDEX one_live ON a (b) WHERE (c IS NULL);
      ALTER TABLE a ADD CONSTRAINT no_overlap EXCLUDE USING gist (b WITH =), -- ADD CONSTRAINT not_me CHECK
        ADD CONSTRAINT forwards
          CHECK (b < c), ADD CONSTRAINT gone CHECK (d);
      CREATE CONSTRAINT TRIGGER linked AFTER INSERT ON a;
      ALTER TABLE a DROP CONSTRAINT gone;`;
    expect(handMadeIn(sql)).toEqual(['forwards', 'linked', 'no_overlap', 'one_live']);
  });
});

describe('the graph', () => {
  it('is written down', () => {
    expect(isWritten, `${SCHEMA} is missing: write it with npm run schema`).toBe(true);
  });

  it('says what everything means', () => {
    expect(undescribed(sdl)).toEqual([]);
  });

  it('speaks as people do', () => {
    expect(namesNobodySays(sdl)).toEqual([]);
  });

  it('is searched in every corner', () => {
    const bad = `
      type Query { a(b: Int): C }
      "c" type C implements I { e: E }
      interface I { e: E }
      "e" enum E { ONE }
      input In { f: Int }
      union U = C
      scalar S`;
    expect(new Set(undescribed(bad).map((problem) => problem.split(':')[0]))).toEqual(
      new Set(['Query.a', 'Query.a(b)', 'C.e', 'E.ONE', 'I', 'I.e', 'In', 'In.f', 'U', 'S']),
    );
    expect(
      namesNobodySays('type Query { getA: ADto } type Mutation { updateA: Int } type ADto { b: Int }'),
    ).toHaveLength(3);
  });
});
