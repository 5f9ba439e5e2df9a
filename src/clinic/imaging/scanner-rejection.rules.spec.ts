import { describe, expect, it } from 'vitest';
import {
  adviceOn,
  isAlike,
  isLikelyThis,
  type Recognisable,
  reasonInWords,
  type TurnedAway,
} from './scanner-rejection.rules.js';

const SCANNER: Recognisable = {
  name: 'Camera 1',
  callingAETitles: ['SPECTCT1'],
  stationAETitle: 'SPECTCT1',
  sourceAddresses: ['192.0.2.5'],
};

const aCaller = (parts: Partial<TurnedAway> = {}): TurnedAway => ({
  callingAETitle: 'OTHER',
  calledAETitle: 'FACET',
  source: '192.0.2.77',
  reason: 'calling-ae-title-not-recognised',
  explanation: null,
  ...parts,
});

describe('a caller that was turned away', () => {
  it.each<[string, Partial<TurnedAway>, boolean]>([
    ['from the scanner’s address', { source: '::ffff:192.0.2.5' }, true],
    ['from an address it was heard from', { source: '192.0.2.9' }, true],
    ['with its title in small letters', { callingAETitle: 'spectct1' }, true],
    ['with a slip', { callingAETitle: 'SPECTCT2' }, true],
    ['with more behind its title', { callingAETitle: 'SPECTCT1_NM' }, true],
    ['with another title from elsewhere', {}, false],
    ['without a title', { callingAETitle: '' }, false],
  ])('%s', (_, parts, likely) => {
    expect(isLikelyThis(aCaller(parts), SCANNER, ['192.0.2.9'])).toBe(likely);
  });

  it('has a title like another only when it is long enough to be', () => {
    expect(isAlike('CT1', 'CT2')).toBe(false);
    expect(isAlike('CT1', 'ct1')).toBe(true);
    expect(isAlike('SPECTCT1', 'ULTRASOUND')).toBe(false);
  });

  it.each<[Partial<TurnedAway>, RegExp, RegExp]>([
    [{}, /calls itself OTHER/, /own AE title to SPECTCT1, or add OTHER to the profile of Camera 1/],
    [
      { reason: 'called-ae-title-not-recognised', calledAETitle: 'PACS' },
      /called PACS/,
      /worklist server to FACET/,
    ],
    [
      { reason: 'no-reason-given', explanation: "the address 192.0.2.77 is not one of the scanner's" },
      /^The address 192\.0\.2\.77/,
      /add the address 192\.0\.2\.77/,
    ],
    [
      {
        reason: 'no-reason-given',
        explanation: 'the scanner has to call through TLS and called the plain port',
      },
      /through TLS/,
      /TLS switched on/,
    ],
    [
      { reason: 'no-reason-given', explanation: 'the scanner has to show a certificate and showed none' },
      /certificate/,
      /which certificate/,
    ],
    [{ reason: 'local-limit-exceeded' }, /Too many/, /Try again/],
    [{ reason: 'protocol-version-not-supported' }, /protocol-version/, /vendor/],
  ])('%j', (parts, why, advice) => {
    const caller = aCaller(parts);
    expect(reasonInWords(caller)).toMatch(why);
    expect(adviceOn(caller, SCANNER, 'FACET')).toMatch(advice);
  });
});
