import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Temporal } from '../../platform/time/index.js';
import { ImagingRequestClaimedByAnother } from './imaging-request.refusals.js';
import { CLAIM_LAPSES_AFTER_HOURS, canActOn, liveClaim } from './request-claim.rules.js';

const ME = '00000000-0000-7000-8000-000000000001';
const OTHER = '00000000-0000-7000-8000-000000000002';
const at = Temporal.Instant.from('2026-10-24T20:00:00Z');
const claimed = { claimedById: OTHER, claimActiveAt: at };

describe('a claim on an imaging request', () => {
  it('holds until nothing was done for so many hours, across a night in which the clocks change too', () => {
    const until = at.add({ hours: CLAIM_LAPSES_AFTER_HOURS });
    expect(liveClaim(claimed, until.subtract({ milliseconds: 1 }))).toEqual({ byId: OTHER, until });
    expect(liveClaim(claimed, until)).toBeNull();
  });

  it('keeps others away, and nobody else', () => {
    expect(canActOn(claimed, OTHER, at)).toBeNull();
    expect(canActOn(claimed, ME, at)).toBeInstanceOf(ImagingRequestClaimedByAnother);
    expect(canActOn({ claimedById: null, claimActiveAt: null }, ME, at)).toBeNull();
  });

  it('is in the way of somebody else exactly as long as it lives', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 3_000 }), (minutes) => {
        const now = at.add({ minutes });
        expect(canActOn(claimed, ME, now) === null).toBe(liveClaim(claimed, now) === null);
      }),
    );
  });
});
