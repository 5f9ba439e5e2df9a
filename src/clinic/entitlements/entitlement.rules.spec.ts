import { describe, expect, it } from 'vitest';
import { ExposureAct } from '../../platform/database/generated/enums.js';
import { Temporal } from '../../platform/time/index.js';
import { ACT_IN_WORDS, type EntitlementFacts, judgeEntitlement } from './entitlement.rules.js';

const day = (text: string) => Temporal.PlainDate.from(text);
const entitlement = (parts: Partial<EntitlementFacts> = {}): EntitlementFacts => ({
  id: 'a',
  procedureCodes: [],
  validFrom: day('2026-01-01'),
  validUntil: null,
  endedOn: null,
  reviewOn: day('2027-01-01'),
  ...parts,
});
const want = (on: string) =>
  ({ act: 'ADMINISTER_TRACER', procedureCode: 'BONE_SPECT_CT', on: day(on) }) as const;

describe('entitlement to an act', () => {
  it.each<[string, EntitlementFacts[], string, boolean, string]>([
    ['without an end', [entitlement()], '2030-01-01', true, 'review was due on Friday 1 January 2027'],
    ['before its review', [entitlement()], '2027-01-01', true, 'review due on Friday 1 January 2027'],
    ['on its last day', [entitlement({ validUntil: day('2026-06-30') })], '2026-06-30', true, 'Entitled'],
    [
      'the day after',
      [entitlement({ validUntil: day('2026-06-30') })],
      '2026-07-01',
      false,
      'ended after Tuesday 30 June 2026',
    ],
    [
      'ended',
      [entitlement({ endedOn: day('2026-06-30') })],
      '2026-06-30',
      false,
      'ended after Monday 29 June 2026',
    ],
    ['to come', [entitlement()], '2025-12-31', false, 'holds only from Thursday 1 January 2026 on'],
    [
      'for another procedure',
      [entitlement({ procedureCodes: ['LUNG'] })],
      '2026-02-01',
      false,
      'for BONE_SPECT_CT',
    ],
    [
      'for this procedure',
      [entitlement({ procedureCodes: ['BONE_SPECT_CT'] })],
      '2026-02-01',
      true,
      'Entitled',
    ],
    ['none', [], '2026-02-01', false, 'not entitled to administer the tracer'],
  ])('%s', (_, entitlements, on, entitled, words) => {
    const standing = judgeEntitlement(entitlements, want(on));
    expect(standing.entitled).toBe(entitled);
    expect(standing.reason).toContain(words);
    if (!entitled) expect(standing.reason).toContain('Somebody who is entitled has to do it');
  });

  it('has words for every act', () => {
    expect(Object.keys(ACT_IN_WORDS).toSorted()).toEqual(Object.values(ExposureAct).toSorted());
  });
});
