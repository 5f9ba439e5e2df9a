import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Temporal } from '../time/index.js';
import type { Config } from './config.js';
import { ConfigError } from './startup.error.js';

/** What the DICOM door needs for TLS, read and checked. PEM. */
export interface DicomTls {
  readonly port: number;
  readonly key: Buffer;
  readonly certificate: Buffer;
  readonly ca?: Buffer;
}

/** RFC 9325 §4.5; elliptic curves of less than 224 bits are not even offered by OpenSSL's defaults. */
const RSA_BITS_MIN = 2_048;

const PEM_CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/**
 * Reads the key and certificates that the settings name; null when DICOM over TLS is not set up. Throws a ConfigError
 * that lists, in words, every file that cannot be used: unreadable, not PEM, a key that does not fit, out of date at `now`.
 * Called again it reads again: that is how a certificate is renewed.
 */
export function loadDicomTls(config: Config, now: Temporal.Instant): DicomTls | null {
  const { dicomTlsPort: port, dicomTlsKeyFile, dicomTlsCertificateFile, dicomTlsCaFile } = config;
  if (port === undefined || dicomTlsKeyFile === undefined || dicomTlsCertificateFile === undefined)
    return null;
  const problems: string[] = [];
  const read = (variable: string, path: string): Buffer | null => {
    try {
      return readFileSync(path);
    } catch (error) {
      problems.push(`${variable} is "${path}", but that file cannot be read (${codeOf(error)}).`);
      return null;
    }
  };
  const key = read('DICOM_TLS_KEY_FILE', dicomTlsKeyFile);
  const certificate = read('DICOM_TLS_CERTIFICATE_FILE', dicomTlsCertificateFile);
  const ca = dicomTlsCaFile === undefined ? null : read('DICOM_TLS_CA_FILE', dicomTlsCaFile);
  if (key !== null && certificate !== null) problems.push(...ownProblems(key, certificate, now));
  if (ca !== null) problems.push(...dateProblems('DICOM_TLS_CA_FILE', ca, now));
  if (problems.length > 0 || key === null || certificate === null) throw new ConfigError(problems);
  return { port, key, certificate, ...(ca === null ? {} : { ca }) };
}

function ownProblems(keyPem: Buffer, certificatePem: Buffer, now: Temporal.Instant): readonly string[] {
  const dated = dateProblems('DICOM_TLS_CERTIFICATE_FILE', certificatePem, now);
  const [own] = certificatesIn(certificatePem) ?? [];
  const key = keyOf(keyPem);
  if (key === null) {
    return [
      ...dated,
      'DICOM_TLS_KEY_FILE holds no private key in PEM form without a passphrase (openssl pkey -in … -out …).',
    ];
  }
  const bits = key.asymmetricKeyDetails?.modulusLength ?? RSA_BITS_MIN;
  return [
    ...dated,
    ...(own === undefined || own.checkPrivateKey(key)
      ? []
      : ['DICOM_TLS_KEY_FILE is not the key of the first certificate in DICOM_TLS_CERTIFICATE_FILE.']),
    ...(bits >= RSA_BITS_MIN
      ? []
      : [`DICOM_TLS_KEY_FILE is an RSA key of ${bits} bits; at least ${RSA_BITS_MIN} are needed.`]),
  ];
}

/** Every certificate of a file must be readable and hold today. */
function dateProblems(variable: string, pem: Buffer, now: Temporal.Instant): readonly string[] {
  const certificates = certificatesIn(pem);
  if (certificates === null) return [`${variable} holds no certificate in PEM form.`];
  return certificates.flatMap((certificate) => {
    const subject = certificate.subject.replaceAll('\n', ', ');
    if (Date.parse(certificate.validTo) < now.epochMilliseconds)
      return [`${variable}: the certificate of ${subject} has expired (${certificate.validTo}).`];
    if (Date.parse(certificate.validFrom) > now.epochMilliseconds)
      return [`${variable}: the certificate of ${subject} is not valid before ${certificate.validFrom}.`];
    return [];
  });
}

/** Null when there is none, or one that cannot be read. */
function certificatesIn(pem: Buffer): readonly X509Certificate[] | null {
  const blocks = pem.toString('latin1').match(PEM_CERTIFICATE) ?? [];
  try {
    return blocks.length === 0 ? null : blocks.map((block) => new X509Certificate(block));
  } catch {
    return null;
  }
}

function keyOf(pem: Buffer): KeyObject | null {
  try {
    return createPrivateKey(pem);
  } catch {
    return null;
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
}
