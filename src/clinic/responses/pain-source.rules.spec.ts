import { describe, expect, it } from 'vitest';
import { painSources, type SourceFinding, type SourceTreatment } from './pain-source.rules.js';

function finding(wish: Partial<SourceFinding> = {}): SourceFinding {
  return {
    ...{ findingId: 'finding', scanBookingId: 'scan', versionNumber: 1, scannedOn: '2026-10-01' },
    ...{ structure: 'FACET', level: 'L4_L5', side: 'LEFT', uptake: 'MODERATE', ctGrade: null, comment: '' },
    ...wish,
  };
}

function block(
  at: string,
  verdict: 'POSITIVE' | 'NEGATIVE' | 'PARTIAL' | 'UNDEFINED' | null,
  wish: Partial<SourceTreatment> = {},
): SourceTreatment {
  const response = verdict === null ? null : { judgementId: `of ${at}`, verdict, percentRelief: null };
  const place = { structure: 'FACET', level: 'L4_L5', side: 'LEFT', detail: null, findingId: null } as const;
  return { treatmentId: at, status: 'DONE', targets: [place], at, response, ...wish };
}

const first = (...asked: Parameters<typeof painSources>) => painSources(...asked).sources[0];

describe('what may be the source of pain', () => {
  it.each([
    ['seen on a scan', [finding()], [], 'SUSPECTED'],
    ['looked at, and nothing seen', [finding({ uptake: 'NONE', ctGrade: 'NONE' })], [], 'UNTESTED'],
    ['changed on CT alone', [finding({ uptake: 'NONE', ctGrade: 'MILD' })], [], 'SUSPECTED'],
    ['to be blocked, and seen on no scan', [], [block('1', null, { status: 'REQUESTED' })], 'UNTESTED'],
    ['blocked with relief', [finding()], [block('1', 'POSITIVE')], 'CONFIRMED'],
    ['blocked without relief', [finding()], [block('1', 'NEGATIVE')], 'EXCLUDED'],
    ['blocked with some relief', [], [block('1', 'PARTIAL')], 'SUSPECTED'],
    ['blocked, and nobody can tell', [finding()], [block('1', 'UNDEFINED')], 'SUSPECTED'],
    ['confirmed, then unclear', [finding()], [block('1', 'POSITIVE'), block('2', 'PARTIAL')], 'CONFIRMED'],
  ] as const)('%s', (_, findings, treatments, status) => {
    expect(first([...findings], [...treatments])).toMatchObject({ status, isContradictory: false });
  });

  it('goes by the latest where blocks contradict each other, and says so', () => {
    const found = first([finding()], [block('2', 'NEGATIVE'), block('1', 'POSITIVE')]);
    expect(found).toMatchObject({ status: 'EXCLUDED', isContradictory: true });
    expect(found?.treatments.map(({ treatmentId }) => treatmentId)).toEqual(['1', '2']);
  });

  it.each([
    ['no more', { uptake: 'NONE' }, 'UNTESTED'],
    ['less', { uptake: 'MILD' }, 'SUSPECTED'],
    ['more', { uptake: 'INTENSE' }, 'SUSPECTED'],
  ] as const)('is graded by the newest scan that found %s there, whatever the order', (_, wish, status) => {
    const old = finding({ findingId: 'old', scanBookingId: 'old', scannedOn: '2024-05-01' });
    const recent = finding({ findingId: 'new', scanBookingId: 'new', scannedOn: '2026-10-01', ...wish });
    for (const findings of [
      [old, recent],
      [recent, old],
    ]) {
      const found = first(findings, []);
      expect(found).toMatchObject({ status, uptake: wish.uptake });
      expect(found?.findings).toHaveLength(2);
    }
  });

  it('is each side by itself', () => {
    const { sources } = painSources([finding({ side: 'BILATERAL' })], [block('1', 'NEGATIVE')]);
    expect(sources.map(({ side, status }) => [side, status])).toEqual([
      ['RIGHT', 'SUSPECTED'],
      ['LEFT', 'EXCLUDED'],
    ]);
  });

  it('is tested next where there is most uptake, and nothing is under way', () => {
    const findings = [
      finding({ findingId: 'a', uptake: 'INTENSE' }),
      finding({ findingId: 'b', level: 'L5_S1', uptake: 'MODERATE' }),
      finding({
        findingId: 'c',
        structure: 'SACRO_ILIAC',
        level: null,
        uptake: 'MODERATE',
        ctGrade: 'SEVERE',
      }),
      finding({ findingId: 'd', level: 'L3_L4', uptake: 'MILD' }),
    ];
    const next = (treatments: readonly SourceTreatment[]) => {
      const { sources, next: place } = painSources(findings, treatments);
      return place === null ? null : sources[place]?.findings[0]?.findingId;
    };
    expect(next([])).toBe('a');
    expect(next([block('1', 'NEGATIVE')])).toBe('c');
    expect(next([block('1', null, { status: 'PLANNED' })])).toBe('c');
    expect(painSources([finding()], [block('1', 'POSITIVE')]).next).toBeNull();
  });

  it('is called by its finding where it is another structure', () => {
    const other = finding({ structure: 'OTHER', level: null, side: null, comment: 'Hip' });
    const target = {
      structure: 'OTHER',
      level: null,
      side: 'MIDLINE',
      detail: 'hip joint',
      findingId: 'finding',
    } as const;
    const { sources } = painSources([other], [block('1', 'POSITIVE', { targets: [target] })]);
    expect(sources).toHaveLength(1);
    expect(sources[0]).toMatchObject({ status: 'CONFIRMED', detail: 'Hip' });
  });
});
