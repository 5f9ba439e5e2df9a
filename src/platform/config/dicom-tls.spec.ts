import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { certificatePath, readCertificate } from '../../../test/support/certificates.js';
import { Temporal } from '../time/index.js';
import { readConfig } from './config.js';
import { type DicomTls, loadDicomTls } from './dicom-tls.js';
import { ConfigError } from './startup.error.js';

const NOW = Temporal.Instant.from('2026-07-01T12:00:00Z');

function load(changes: Record<string, string> = {}, now = NOW): DicomTls | null {
  const env = {
    DICOM_TLS_PORT: '2762',
    DICOM_TLS_KEY_FILE: certificatePath('server.key'),
    DICOM_TLS_CERTIFICATE_FILE: certificatePath('server.crt'),
    DICOM_TLS_CA_FILE: certificatePath('authority.crt'),
    ...changes,
  };
  return loadDicomTls(readConfig(env, '/'), now);
}

function problemsOf(changes: Record<string, string>, now = NOW): readonly string[] {
  try {
    load(changes, now);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe('loadDicomTls', () => {
  it('is null when nothing is set', () => {
    expect(loadDicomTls(readConfig({}, '/'), NOW)).toBeNull();
  });

  it('reads the files, with or without authorities', () => {
    const key = readCertificate('server.key');
    const certificate = readCertificate('server.crt');
    expect(load()).toEqual({ port: 2762, key, certificate, ca: readCertificate('authority.crt') });
    expect(load({ DICOM_TLS_CA_FILE: '' })).toEqual({ port: 2762, key, certificate });
  });

  it.each<[string, Record<string, string>, string]>([
    [
      'a file that is not there',
      { DICOM_TLS_KEY_FILE: '/no/such' },
      'is "/no/such", but that file cannot be read (ENOENT)',
    ],
    ['a folder', { DICOM_TLS_CA_FILE: '/' }, 'cannot be read (EISDIR)'],
    [
      'another key',
      { DICOM_TLS_KEY_FILE: certificatePath('renewed.key') },
      'is not the key of the first certificate',
    ],
    [
      'a certificate for a key',
      { DICOM_TLS_KEY_FILE: certificatePath('server.crt') },
      'holds no private key',
    ],
    [
      'a key for a certificate',
      { DICOM_TLS_CERTIFICATE_FILE: certificatePath('server.key') },
      'holds no certificate',
    ],
    [
      'an authority that is none',
      { DICOM_TLS_CA_FILE: certificatePath('server.key') },
      'DICOM_TLS_CA_FILE holds no certificate',
    ],
    [
      'an expired certificate',
      { DICOM_TLS_CERTIFICATE_FILE: certificatePath('expired.crt') },
      'O=Facet tests, CN=localhost has expired (Jan  1 00:00:00 2021 GMT)',
    ],
    [
      'a short RSA key',
      {
        DICOM_TLS_KEY_FILE: certificatePath('short.key'),
        DICOM_TLS_CERTIFICATE_FILE: certificatePath('short.crt'),
      },
      'an RSA key of 1024 bits',
    ],
  ])('refuses %s in a sentence', (_name, changes, sentence) => {
    expect(problemsOf(changes)).toEqual([expect.stringContaining(sentence)]);
  });

  it('refuses a certificate of tomorrow, and lists every problem at once', () => {
    const problems = problemsOf({}, Temporal.Instant.from('2019-12-31T00:00:00Z'));
    expect(problems).toEqual([
      expect.stringContaining('is not valid before Jan  1 00:00:00 2020 GMT'),
      expect.stringContaining('DICOM_TLS_CA_FILE: the certificate of'),
    ]);
  });

  it('refuses what only looks like a certificate', () => {
    const folder = mkdtempSync(join(tmpdir(), 'facet-tls-'));
    const path = join(folder, 'bad.crt');
    writeFileSync(path, '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n');
    expect(problemsOf({ DICOM_TLS_CERTIFICATE_FILE: path })).toEqual([
      expect.stringContaining('holds no certificate'),
    ]);
    rmSync(folder, { recursive: true });
  });
});
