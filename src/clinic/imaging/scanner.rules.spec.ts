import { describe, expect, it } from 'vitest';
import {
  type Call,
  type CallingProfile,
  canonicalAddress,
  canonicalFingerprint,
  faultOfCertificate,
  modalityOutOfPlace,
  warningsAbout,
  whyMayNotCall,
} from './scanner.rules.js';

describe('a source address', () => {
  it.each([
    ['192.0.2.5', '192.0.2.5'],
    ['::ffff:192.0.2.5', '192.0.2.5'],
    ['::FFFF:192.0.2.5', '192.0.2.5'],
    ['2001:DB8:0:0:0:0:0:1', '2001:db8::1'],
    ['2001:db8::1', '2001:db8::1'],
    ['fe80::1%eth0', 'fe80::1'],
    ['::1', '::1'],
  ])('%s is kept as %s', (written, kept) => {
    expect(canonicalAddress(written)).toBe(kept);
  });
});

const OURS = 'ab'.repeat(32);
const OTHER = 'cd'.repeat(32);
const SHOWN = OURS.toUpperCase().match(/../g)?.join(':') ?? '';

const aProfile = (parts: Partial<CallingProfile> = {}): CallingProfile => ({
  sourceAddresses: [],
  transport: 'PLAIN_OR_TLS',
  certificateSha256: null,
  ...parts,
});

const aCall = (parts: Partial<Call> = {}): Call => ({
  remoteAddress: '192.0.2.5',
  secured: false,
  certificate: null,
  ...parts,
});

const shows = (fingerprintSha256: string, isTrusted: boolean): Call =>
  aCall({ secured: true, certificate: { fingerprintSha256, isTrusted } });

describe('who may call', () => {
  const mutual = aProfile({ transport: 'MUTUAL_TLS' });
  const pinned = aProfile({ transport: 'MUTUAL_TLS', certificateSha256: OURS });

  it.each<[string, CallingProfile, Call, RegExp | null]>([
    ['anybody, where nothing is asked', aProfile(), aCall(), null],
    ['the address of the profile', aProfile({ sourceAddresses: ['192.0.2.5'] }), aCall(), null],
    [
      'the same address on a socket that speaks both',
      aProfile({ sourceAddresses: ['192.0.2.5'] }),
      aCall({ remoteAddress: '::ffff:192.0.2.5' }),
      null,
    ],
    ['another address', aProfile({ sourceAddresses: ['192.0.2.6'] }), aCall(), /address 192\.0\.2\.5 is not/],
    ['plain, where TLS is asked', aProfile({ transport: 'TLS' }), aCall(), /through TLS/],
    ['TLS, where it is asked', aProfile({ transport: 'TLS' }), aCall({ secured: true }), null],
    ['plain, where a certificate is asked', mutual, aCall(), /through TLS/],
    ['TLS without a certificate', mutual, aCall({ secured: true }), /showed none/],
    ['a certificate of nobody', mutual, shows(SHOWN, false), /not signed/],
    ['a certificate of our authority', mutual, shows(SHOWN, true), null],
    ['the certificate of the profile, whoever signed it', pinned, shows(SHOWN, false), null],
    ['another certificate of our authority', pinned, shows(OTHER, true), /fingerprint cdcd.* is not/],
    [
      'the right certificate from a wrong address',
      { ...pinned, sourceAddresses: ['192.0.2.6'] },
      shows(SHOWN, true),
      /address/,
    ],
  ])('%s', (_, profile, call, why) => {
    const answer = whyMayNotCall(profile, call);
    if (why === null) expect(answer).toBeNull();
    else expect(answer).toMatch(why);
  });
});

describe('a profile', () => {
  it('warns while an AE title is all that is asked', () => {
    expect(warningsAbout(aProfile()).join(' ')).toMatch(/no authentication.*without TLS/);
    expect(warningsAbout(aProfile({ transport: 'TLS' }))).toHaveLength(1);
    expect(warningsAbout(aProfile({ transport: 'MUTUAL_TLS' }))).toEqual([]);
    expect(warningsAbout(aProfile({ sourceAddresses: ['192.0.2.5'] }))).toEqual([]);
  });

  it('names a certificate only where one is shown', () => {
    expect(faultOfCertificate('TLS', OURS)).toMatch(/MUTUAL_TLS/);
    expect(faultOfCertificate('MUTUAL_TLS', OURS)).toBeNull();
    expect(faultOfCertificate('PLAIN_OR_TLS', null)).toBeNull();
    expect(canonicalFingerprint(SHOWN)).toBe(OURS);
  });

  it('keeps the place of a modality that is under way', () => {
    expect(modalityOutOfPlace(['NM', 'CT'], ['NM'], ['CT'])).toBe('CT');
    expect(modalityOutOfPlace(['NM', 'CT'], ['CT', 'NM'], ['NM'])).toBe('NM');
    expect(modalityOutOfPlace(['NM', 'CT'], ['NM'], ['NM'])).toBeNull();
    expect(modalityOutOfPlace(['NM'], ['NM', 'CT'], ['NM'])).toBeNull();
    expect(modalityOutOfPlace(['NM', 'CT'], ['CT'], [])).toBeNull();
  });
});
