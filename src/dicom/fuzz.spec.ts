import { describe, expect, it } from 'vitest';
import { planOf, runCampaign } from '../../test/fuzz/campaign.js';
import { readCaptures } from '../../test/fuzz/captures.js';

const captures = readCaptures();
const seed = 20_260_706;

describe('mutated captures (the long run is npm run fuzz:dicom)', () => {
  it('leave a listener that answers', { timeout: 60_000 }, async () => {
    const cases = Array.from({ length: 500 }, (_, index) => index);
    const report = await runCampaign({ seed, cases, captures });
    expect(report.played).toBe(500);
    expect(report.echoes).toBeGreaterThanOrEqual(5);
    expect(report.events.fault).toBeUndefined();
    // Some get as far as a query, and some of those are answered: the mutations are not all too coarse.
    expect(report.events['find-answered']).toBeGreaterThan(10);
    expect(report.outcomes.aborted).toBeGreaterThan(100);
  });

  it('are the same for the same seed and number, and others for others', () => {
    expect(captures.length).toBeGreaterThan(10);
    const bytesOf = (number: number) =>
      Buffer.concat([...planOf(seed, number, captures).pdus]).toString('hex');
    expect(bytesOf(7)).toBe(bytesOf(7));
    expect(new Set([1, 2, 3, 4, 5, 6, 7, 8].map(bytesOf)).size).toBe(8);
  });
});
