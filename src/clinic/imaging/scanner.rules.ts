import { ScannerTransport } from '../../platform/database/generated/enums.js';

/**
 * An IP address as it is kept and compared: Node shows an IPv4 caller of a dual-stack socket as ::ffff:192.0.2.1, and
 * IPv6 has many spellings of one address (RFC 5952 gives the one).
 */
export function canonicalAddress(address: string): string {
  const plain = address.trim().replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '');
  if (!plain.includes(':')) return plain;
  const withoutZone = plain.split('%')[0] ?? plain;
  return URL.canParse(`http://[${withoutZone}]`)
    ? new URL(`http://[${withoutZone}]`).hostname.slice(1, -1)
    : plain;
}

/** A fingerprint as it is kept and compared: 64 hexadecimal digits in lower case. */
export function canonicalFingerprint(written: string): string {
  return written.replaceAll(':', '').toLowerCase();
}

/** What of a scanner's profile decides whether a call is taken. */
export interface CallingProfile {
  readonly sourceAddresses: readonly string[];
  readonly transport: ScannerTransport;
  readonly certificateSha256: string | null;
}

/** How a caller came to the door. */
export interface Call {
  readonly remoteAddress: string;
  /** Through TLS. */
  readonly secured: boolean;
  /** What it showed; null: nothing. */
  readonly certificate: { readonly fingerprintSha256: string; readonly isTrusted: boolean } | null;
}

/**
 * Why somebody who uses one of the scanner's AE titles is turned away all the same, in English for the log, the audit
 * record and scannerHealth; null when it may come in. A certificate that the profile names by its fingerprint need not
 * be signed by our authority: it is known by itself.
 */
export function whyMayNotCall(profile: CallingProfile, call: Call): string | null {
  const address = canonicalAddress(call.remoteAddress);
  if (profile.sourceAddresses.length > 0 && !profile.sourceAddresses.map(canonicalAddress).includes(address))
    return `the address ${address} is not one of the scanner's`;
  if (profile.transport === ScannerTransport.PLAIN_OR_TLS) return null;
  if (!call.secured) return 'the scanner has to call through TLS and called the plain port';
  if (profile.transport === ScannerTransport.TLS) return null;
  if (call.certificate === null) return 'the scanner has to show a certificate and showed none';
  const shown = canonicalFingerprint(call.certificate.fingerprintSha256);
  if (profile.certificateSha256 !== null) {
    return shown === canonicalFingerprint(profile.certificateSha256)
      ? null
      : `the certificate with the fingerprint ${shown} is not the scanner's`;
  }
  return call.certificate.isTrusted
    ? null
    : `the certificate with the fingerprint ${shown} is not signed by an authority that is trusted here`;
}

/** What a person should know about the safety of a profile, in sentences. */
export function warningsAbout(profile: CallingProfile): string[] {
  const proves = profile.transport === ScannerTransport.MUTUAL_TLS;
  if (profile.sourceAddresses.length > 0 || proves) return [];
  return [
    'Any computer that uses one of its AE titles is taken for this scanner: an AE title is no authentication. Name the addresses that it calls from, or ask for its certificate.',
    ...(profile.transport === ScannerTransport.PLAIN_OR_TLS
      ? ['It may call without TLS: names of patients can then be read on the way.']
      : []),
  ];
}

/** A certificate can only be asked for where one is shown. */
export function faultOfCertificate(
  transport: ScannerTransport,
  certificateSha256: string | null,
): string | null {
  if (certificateSha256 === null || transport === ScannerTransport.MUTUAL_TLS) return null;
  return 'input.certificateSha256: only with the transport MUTUAL_TLS. Send null with another transport.';
}

/**
 * The first of the modalities under way that would lose its place. Step ids are made of the place of a modality, so a
 * step that the scanner is working on would otherwise become another one under its hands.
 */
export function modalityOutOfPlace(
  before: readonly string[],
  after: readonly string[],
  underWay: readonly string[],
): string | null {
  return underWay.find((modality) => before.indexOf(modality) !== after.indexOf(modality)) ?? null;
}
