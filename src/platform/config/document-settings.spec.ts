import { describe, expect, it } from 'vitest';
import { readConfig } from './config.js';
import { keepsDocuments } from './document-settings.js';
import type { Environment } from './parse.js';
import { ConfigError } from './startup.error.js';

const KEY = Buffer.alloc(32, 7).toString('base64');
const OTHER_KEY = Buffer.alloc(32, 8).toString('base64');
const OUTSIDE = { DATABASE_URL: 'postgresql://facet@db/facet' };
const S3 = {
  S3_ENDPOINT: 'https://s3.example.org',
  S3_BUCKET: 'facet-documents',
  S3_ACCESS_KEY_ID: 'AKEXAMPLE',
  S3_SECRET_ACCESS_KEY: 'very-secret',
};

const read = (env: Environment) => readConfig(env, '/srv/facet');

function problemsOf(env: Environment): readonly string[] {
  try {
    read(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe('keys of documents', () => {
  it('are taken in their order, by name', () => {
    const { documentsKeys } = read({ DOCUMENTS_KEYS: `2026:${KEY}, 2025:${OTHER_KEY}` });
    expect(documentsKeys.map(({ name }) => name)).toEqual(['2026', '2025']);
    expect(Buffer.from(documentsKeys[0]?.bytes ?? []).toString('base64')).toBe(KEY);
    expect(Object.isFrozen(documentsKeys)).toBe(true);
  });

  it.each([
    ['without a name', KEY],
    ['too short', `2026:${Buffer.alloc(16).toString('base64')}`],
    ['too long', `2026:${Buffer.alloc(33).toString('base64')}`],
    ['twice under one name', `2026:${KEY},2026:${OTHER_KEY}`],
    ['with nothing after a comma', `2026:${KEY},`],
    ['in hexadecimal', `2026:${'00'.repeat(32)}`],
  ])('%s are refused, and never repeated', (_, value) => {
    const [problem = ''] = problemsOf({ DOCUMENTS_KEYS: value });
    expect(problem).toMatch(/^DOCUMENTS_KEYS is "\*\*\*", but must be names and keys/);
    expect(problem).not.toContain(value);
  });

  it('decide whether documents are kept, beside an outside database', () => {
    expect(keepsDocuments(read({}))).toBe(true);
    expect(keepsDocuments(read(OUTSIDE))).toBe(false);
    expect(keepsDocuments(read({ ...OUTSIDE, DOCUMENTS_KEYS: `2026:${KEY}` }))).toBe(true);
  });

  it.each([
    ['a folder', { DOCUMENTS_FOLDER: '/srv/documents' }, 'DOCUMENTS_FOLDER is set'],
    ['S3', S3, 'S3_SECRET_ACCESS_KEY are set'],
  ])('must be there when documents lie in %s', (_, where, words) => {
    const [problem = ''] = problemsOf({ ...OUTSIDE, ...where });
    expect(problem).toContain(words);
    expect(problem).toContain('DOCUMENTS_KEYS is not');
    expect(problemsOf({ ...OUTSIDE, ...where, DOCUMENTS_KEYS: `2026:${KEY}` })).toEqual([]);
  });
});

describe('where documents lie', () => {
  it('is a folder, relative to where the process starts', () => {
    expect(read({ DOCUMENTS_FOLDER: 'papers' }).documentsFolder).toBe('/srv/facet/papers');
  });

  it('is S3 when all of it is set', () => {
    expect(problemsOf(S3)).toEqual([]);
    const [problem = ''] = problemsOf({
      S3_ENDPOINT: S3.S3_ENDPOINT,
      S3_SECRET_ACCESS_KEY: S3.S3_SECRET_ACCESS_KEY,
    });
    expect(problem).toContain('S3_ENDPOINT and S3_SECRET_ACCESS_KEY are set');
    expect(problem).toContain('S3_BUCKET and S3_ACCESS_KEY_ID are not');
    expect(problem).not.toContain('very-secret');
  });

  it.each([
    ['S3_ENDPOINT', 'ftp://s3.example.org', 'https://'],
    ['S3_BUCKET', 'No_Bucket', 'small letters'],
    ['S3_REGION', 'eu west', 'letters'],
    ['CLAMD_URL', 'clamd:3310', 'tcp://'],
    ['CLAMD_URL', 'tcp://clamd', 'tcp://'],
    ['CLAMD_URL', 'unix://clamd.ctl', 'unix:///'],
    ['DOCUMENT_MEGABYTES_MAX', '0', '1 to 500'],
    ['DOCUMENT_MEGABYTES_MAX', '501', '1 to 500'],
    ['DOCUMENTS_UNSCANNED', 'maybe', 'open or wait'],
  ])('%s=%s is refused', (variable, value, words) => {
    const problem = problemsOf({ [variable]: value }).find((sentence) =>
      sentence.startsWith(`${variable} is "`),
    );
    expect(problem).toContain(words);
  });

  it.each([['tcp://clamd.example.org:3310'], ['tcp://[::1]:3310'], ['unix:///run/clamav/clamd.ctl']])(
    'takes %s for the scanner',
    (clamdUrl) => {
      expect(read({ CLAMD_URL: clamdUrl }).clamdUrl).toBe(clamdUrl);
    },
  );
});
