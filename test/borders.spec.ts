import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { cruise, type ICruiseOptions, type ICruiseResult, type IFlattenedRuleSet } from 'dependency-cruiser';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROOT } from './support/tidy/tree.js';

// `npm run borders` keeps the real tree in order. Here each rule is shown a crossing that it must catch, in a small
// house made for the purpose: a rule whose pattern matches nothing would be silent for ever.

interface Config {
  readonly forbidden: IFlattenedRuleSet['forbidden'];
  readonly options: ICruiseOptions;
}

const config = createRequire(import.meta.url)(join(ROOT, '.dependency-cruiser.cjs')) as Config;

// Starting dependency-cruiser loads a compiler.
const CRUISE_TIMEOUT_MS = 60_000;

/** File, what it imports, and the rule that must say no; null where the crossing is allowed. */
const CROSSINGS: readonly (readonly [from: string, to: string, rule: string | null])[] = [
  ['src/clinic/patients/a.service.ts', 'src/clinic/audit/audit.service.ts', null],
  ['src/clinic/patients/a.service.ts', 'src/clinic/imaging/scan.type.ts', 'patients-calls-downhill-only'],
  [
    'src/clinic/meetings/a.service.ts',
    'src/clinic/notifications/letter.service.ts',
    'meetings-calls-downhill-only',
  ],
  ['src/clinic/imaging/a.service.ts', 'src/clinic/patients/p.rules.ts', 'neighbours-use-the-front-door'],
  ['src/clinic/imaging/a.service.ts', 'src/clinic/auth/permission.rules.ts', 'neighbours-use-the-front-door'],
  ['src/clinic/imaging/a.resolver.ts', 'src/clinic/auth/permission.type.ts', null],
  ['src/clinic/imaging/a.resolver.ts', 'src/platform/graphql/access.ts', null],
  ['src/clinic/imaging/a.resolver.ts', 'src/clinic/patients/patient.service.ts', 'doors-call-their-own-room'],
  [
    'src/clinic/imaging/a.jobs.ts',
    'src/platform/database/database.service.ts',
    'doors-do-not-touch-the-database',
  ],
  ['src/clinic/imaging/b.resolver.ts', 'src/platform/database/generated/enums.ts', null],
  ['src/clinic/imaging/b.service.ts', '@nestjs/graphql', 'services-know-no-door'],
  ['src/clinic/imaging/a.rules.ts', 'src/platform/time/index.ts', null],
  ['src/clinic/imaging/a.rules.ts', 'libphonenumber-js', null],
  ['src/clinic/imaging/a.rules.ts', 'src/platform/database/generated/enums.ts', null],
  ['src/clinic/imaging/a.rules.ts', 'src/clinic/imaging/c.service.ts', 'rules-are-pure'],
  ['src/clinic/imaging/a.rules.ts', 'node:fs', 'rules-are-pure'],
  ['src/clinic/imaging/a.rules.ts', 'class-validator', 'rules-are-pure'],
  ['src/clinic/imaging/a.queries.ts', 'src/platform/database/database.service.ts', 'queries-are-text'],
  ['src/clinic/imaging/imaging.module.ts', 'src/clinic/patients/patient.service.ts', 'modules-only-wire'],
  ['src/platform/log/a.ts', 'src/clinic/audit/audit.service.ts', 'platform-knows-no-clinic'],
  ['src/dicom/a.ts', 'src/platform/time/index.ts', 'dicom-knows-no-one'],
  ['src/dicom/a.ts', '@nestjs/graphql', 'dicom-knows-no-one'],
  ['src/clinic/imaging/worklist.dicom.ts', 'src/dicom/index.ts', null],
  ['src/clinic/imaging/worklist.dicom.ts', 'src/dicom/wire/wire.ts', 'dicom-has-one-door'],
  ['src/clinic/imaging/d.service.ts', 'src/dicom/index.ts', 'only-imaging-speaks-dicom'],
  ['src/dicom/wire/a.ts', 'src/dicom/dataset/dataset.ts', 'bytes-do-not-look-up'],
  ['src/dicom/dimse/a.ts', 'src/dicom/association/association.ts', 'messages-do-not-look-up'],
  ['src/dicom/association/a.ts', 'src/dicom/services/services.ts', 'associations-do-not-look-up'],
  ['src/dicom/services/a.ts', 'src/dicom/server.ts', 'services-do-not-look-up'],
  ['src/platform/log/b.ts', 'test/support/support.ts', 'code-never-imports-tests'],
  ['src/platform/log/b.spec.ts', 'test/support/support.ts', null],
  ['src/dicom/association/b.ts', 'node:net', 'one-file-owns-the-socket'],
  ['src/clinic/notifications/a.service.ts', 'nodemailer', 'one-room-sends-mail'],
  ['src/clinic/notifications/a.jobs.ts', 'bullmq', 'the-queue-stays-in-its-room'],
  ['src/clinic/imaging/e.service.ts', 'pg', 'one-room-opens-connections'],
  ['src/clinic/imaging/e.service.ts', 'temporal-polyfill', 'one-room-knows-the-time'],
  ['src/clinic/imaging/e.service.ts', '@node-rs/argon2', 'one-room-hashes-passwords'],
  [
    'src/clinic/imaging/f.service.ts',
    'src/platform/database/generated/models.ts',
    'the-generated-client-stays-inside',
  ],
  ['src/platform/time/x.ts', 'src/platform/time/y.ts', 'no-circular'],
  ['src/platform/log/c.ts', 'not-in-package-json', 'no-unlisted-packages'],
  ['src/platform/log/d.ts', 'only-for-development', 'no-development-packages'],
  ['src/platform/log/e.spec.ts', 'only-for-development', null],
  ['src/platform/log/f.ts', 'src/platform/log/gone.ts', 'everything-resolves'],
];

const NOT_MADE = 'src/platform/log/gone.ts';
const isPackage = (to: string): boolean => !/^(src|test)\/|^node:/.test(to);

function specifierOf(from: string, to: string): string {
  if (!/^(src|test)\//.test(to)) return to;
  return `${'../'.repeat(from.split('/').length - 1)}${to.replace(/[.]ts$/, '.js')}`;
}

function write(house: string, path: string, text: string): void {
  mkdirSync(dirname(join(house, path)), { recursive: true });
  writeFileSync(join(house, path), text);
}

/** A house with every crossing in it. */
function build(house: string): void {
  const texts = new Map([['src/platform/log/nobody.ts', 'export const nobody = 1;\n']]);
  for (const [, to] of CROSSINGS) if (/^(src|test)\//.test(to)) texts.set(to, 'export const a = 1;\n');
  for (const [from, to] of CROSSINGS)
    texts.set(from, `${texts.get(from) ?? ''}import '${specifierOf(from, to)}';\n`);
  texts.set('src/platform/time/y.ts', "import './x.js';\n");
  texts.delete(NOT_MADE);
  for (const [path, text] of texts) write(house, path, text);
  const names = [...new Set(CROSSINGS.map(([, to]) => to).filter(isPackage))];
  for (const name of names) {
    write(
      house,
      `node_modules/${name}/package.json`,
      JSON.stringify({ name, version: '1.0.0', main: 'index.js' }),
    );
    write(house, `node_modules/${name}/index.js`, '');
  }
  const development = ['only-for-development'];
  const listed = names.filter((name) => name !== 'not-in-package-json' && !development.includes(name));
  const versions = (of: readonly string[]) => Object.fromEntries(of.map((name) => [name, '1.0.0']));
  const manifest = { name: 'house', dependencies: versions(listed), devDependencies: versions(development) };
  write(house, 'package.json', JSON.stringify(manifest));
}

async function violationsIn(house: string): Promise<readonly (readonly [string, string, string])[]> {
  const { tsConfig, ...options } = config.options as ICruiseOptions & { tsConfig?: unknown };
  const { output } = await cruise(['src'], {
    ...options,
    baseDir: house,
    validate: true,
    ruleSet: { forbidden: config.forbidden ?? [] },
  });
  return (output as ICruiseResult).summary.violations.map(
    ({ from, to, rule }) => [from, to, rule.name] as const,
  );
}

describe('each border rule', () => {
  const house = realpathSync(mkdtempSync(join(tmpdir(), 'facet-borders-')));
  let violations: readonly (readonly [string, string, string])[] = [];

  beforeAll(async () => {
    build(house);
    violations = await violationsIn(house);
  }, CRUISE_TIMEOUT_MS);

  afterAll(() => rmSync(house, { recursive: true, force: true }));

  const rulesFor = (from: string, to: string): string[] =>
    violations
      .filter(
        ([a, b]) =>
          a === from &&
          (b === to ||
            b.startsWith(`node_modules/${to}/`) ||
            to === `node:${b}` ||
            specifierOf(from, to) === b),
      )
      .map(([, , rule]) => rule);

  it.each(CROSSINGS.filter(([, , rule]) => rule !== null))('%s → %s: %s', (from, to, rule) => {
    expect(rulesFor(from, to)).toContain(rule);
  });

  it.each(CROSSINGS.filter(([, , rule]) => rule === null))('%s → %s is allowed', (from, to) => {
    expect(rulesFor(from, to)).toEqual([]);
  });

  it('has an example here', () => {
    const shown = new Set(CROSSINGS.map(([, , rule]) => rule));
    const perRoom = /-calls-downhill-only$/;
    const names = (config.forbidden ?? [])
      .map(({ name }) => name ?? '')
      .filter((name) => !perRoom.test(name));
    expect(names.filter((name) => !shown.has(name))).toEqual(['no-orphans']);
    expect(violations).toContainEqual([
      'src/platform/log/nobody.ts',
      'src/platform/log/nobody.ts',
      'no-orphans',
    ]);
  });
});
