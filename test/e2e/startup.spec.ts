import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { dataFolderIn } from '../../src/platform/database/embedded/folders.js';
import { runningPostmaster } from '../../src/platform/database/embedded/postmaster.js';
import { type FacetProcess, facetHouse, type Settings } from '../support/facet.js';
import { signInAs } from '../support/graphql.js';
import { until } from '../support/until.js';

// What keeps Facet from starting is one clear sentence and a non-zero exit, and nothing is left running.

const house = facetHouse();
const occupied: Server[] = [];

afterEach(() => {
  for (const server of occupied.splice(0)) server.close();
});

async function takenPort(): Promise<string> {
  const server = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
  occupied.push(server);
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return String(address.port);
}

/** The sentence with which it ended. */
async function sentenceOf(facet: FacetProcess): Promise<string> {
  const { code, signal } = await facet.exited;
  expect(signal, facet.output()).toBeNull();
  expect(code, facet.output()).toBeGreaterThan(0);
  const lines = facet.complaints().trim().split('\n');
  expect(lines, facet.complaints()).toHaveLength(1);
  expect(lines[0]).toMatch(/^Facet cannot start: [A-Z].*[.]$/);
  expect(facet.output()).not.toContain('Facet is running');
  return lines[0] ?? '';
}

async function refusalToStart(settings: Settings): Promise<string> {
  const home = await house.newHome();
  const sentence = await sentenceOf(await house.launch(home, settings));
  expect(runningPostmaster(dataFolderIn(home)), 'PostgreSQL goes on').toBeUndefined();
  return sentence;
}

describe('a start is refused, in one sentence,', () => {
  it('when the HTTP port is taken', async () => {
    const PORT = await takenPort();
    expect(await refusalToStart({ PORT })).toContain(PORT);
  });

  it('when the DICOM port is taken', async () => {
    const DICOM_PORT = await takenPort();
    const sentence = await refusalToStart({ DICOM_PORT });
    expect(sentence).toContain(DICOM_PORT);
    expect(sentence).toContain('DICOM_PORT');
  });

  it('when the address is not this machine’s', async () => {
    expect(await refusalToStart({ HOST: '203.0.113.7' })).toContain('203.0.113.7');
  });

  it('when the database cannot be reached, without its password', async () => {
    const DATABASE_URL = `postgresql://facet:s3cret@127.0.0.1:${await takenPort()}/facet`;
    const sentence = await refusalToStart({ DATABASE_URL });
    expect(sentence).toContain('127.0.0.1');
    expect(sentence).not.toContain('s3cret');
  });

  it('when nobody listens where the database should be', async () => {
    const DATABASE_URL = 'postgresql://facet:s3cret@127.0.0.1:1/facet';
    const sentence = await refusalToStart({ DATABASE_URL });
    expect(sentence).toContain('127.0.0.1:1');
    expect(sentence).not.toContain('s3cret');
  });

  it('when the queue’s Redis cannot be reached', async () => {
    expect(await refusalToStart({ REDIS_URL: 'redis://:s3cret@127.0.0.1:1' })).not.toContain('s3cret');
  });

  it.each([
    ['PORT', 'http'],
    ['DICOM_PORT', '70000'],
    ['DICOM_AE_TITLE', 'A_TITLE_THAT_IS_FAR_TOO_LONG'],
    ['DATABASE_URL', 'mysql://127.0.0.1/facet'],
    ['SMTP_URL', 'http://127.0.0.1'],
    ['MAIL_FROM', 'the clinic'],
    ['ROLE', 'everything'],
    ['CLINIC_TIME_ZONE', 'Mars/Olympus'],
    ['LOG_LEVEL', 'shout'],
  ])('when %s is %s', async (name, value) => {
    const sentence = await refusalToStart({ [name]: value });
    expect(sentence).toContain(`${name} is "${value}", but must`);
  });

  it('when the data were made by another version of PostgreSQL', async () => {
    const home = await house.newHome();
    const first = await house.start(home);
    expect((await first.end('SIGTERM')).code).toBe(0);
    const versionFile = join(dataFolderIn(home), 'PG_VERSION');
    const version = readFileSync(versionFile, 'utf8');
    writeFileSync(versionFile, '12\n');
    expect(await sentenceOf(await house.launch(home))).toContain('PostgreSQL 12');
    writeFileSync(versionFile, version);
    expect((await (await house.start(home)).end('SIGINT')).code).toBe(0);
  });

  it('when another Facet has the folder, which goes on undisturbed', async () => {
    const home = await house.newHome();
    const first = await house.start(home);
    const sentence = await sentenceOf(await house.launch(home));
    expect(sentence).toContain(String(first.pid));
    expect(sentence).toContain('FACET_HOME');
    const reception = await signInAs(first, 'reception');
    expect(await reception.ask('{ currentStaff { account { email } } }')).toEqual({
      currentStaff: { account: { email: 'reception@facet.example' } },
    });
    expect((await first.end('SIGTERM')).code).toBe(0);
  });
});

describe('a stop', () => {
  it('while it is still starting leaves no PostgreSQL running', async () => {
    const home = await house.newHome();
    const facet = await house.launch(home);
    await until(() => runningPostmaster(dataFolderIn(home)) !== undefined);
    const { signal } = await facet.end('SIGTERM');
    expect(runningPostmaster(dataFolderIn(home)), 'PostgreSQL goes on').toBeUndefined();
    expect(signal).toBeNull();
    // Whatever was done by then is a good beginning.
    expect((await (await house.start(home)).end('SIGTERM')).code).toBe(0);
  });

  it.each([
    ['SIGINT', 'SIGTERM'],
    ['SIGTERM', 'SIGINT'],
  ] as const)('that is asked for twice, by %s and %s, is one clean stop', async (first, second) => {
    const home = await house.newHome();
    const facet = await house.start(home);
    const reception = await signInAs(facet, 'reception');
    await reception.ask('{ currentStaff { account { id } } }');
    process.kill(facet.pid, first);
    expect(await facet.end(second)).toEqual({ code: 0, signal: null });
    expect(runningPostmaster(dataFolderIn(home)), 'PostgreSQL goes on').toBeUndefined();
  });
});
