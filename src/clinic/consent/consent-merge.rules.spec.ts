import { describe, expect, it } from 'vitest';
import { Temporal } from '../../platform/time/index.js';
import { endedByMerge, takenBackAtUndo } from './consent-merge.rules.js';
import type { Decision } from './consent-standing.rules.js';

const minute = (minutes: number) => Temporal.Instant.from('2026-01-01T00:00:00Z').add({ minutes });
const decision = (kind: Decision['decision'], decided: number): Decision => ({
  id: `${kind}-${decided}`,
  decision: kind,
  wordingId: 'w1',
  procedureCode: null,
  side: null,
  levels: [],
  stage: null,
  ofRecordId: null,
  decidedAt: minute(decided),
  recordedAt: minute(decided),
});
const now = minute(100);

describe('two records that become one', () => {
  it.each<[string, Decision[], Decision[], object | null]>([
    ['nobody was asked', [], [], null],
    ['one had said yes', [decision('GIVEN', 1)], [], null],
    ['the later word is a yes', [decision('WITHDRAWN', 1)], [decision('GIVEN', 2)], null],
    [
      'the later word is a no, of the other',
      [decision('GIVEN', 1), decision('WITHDRAWN', 3)],
      [decision('GIVEN', 2)],
      { ofMerged: false, ofKept: true, decision: decision('WITHDRAWN', 3) },
    ],
    [
      'and the other way round',
      [decision('GIVEN', 1)],
      [decision('DECLINED', 2)],
      { ofMerged: true, ofKept: false, decision: decision('DECLINED', 2) },
    ],
    ['neither had said yes', [decision('DECLINED', 1)], [decision('WITHDRAWN', 2)], null],
  ])('%s', (_, merged, kept, ended) => {
    expect(endedByMerge(merged, kept, now)).toEqual(ended);
  });
});

describe('two records that part again', () => {
  const given = decision('GIVEN', 1);
  const mergedAt = minute(10);
  it.each<[string, Decision[], Decision[], Decision[], string | null, string | null]>([
    ['nothing was decided since', [given], [given], [], null, null],
    ['a no since ends both', [given], [given], [decision('WITHDRAWN', 20)], 'GIVEN-1', null],
    ['a yes of who had said nothing is taken back', [given], [], [decision('GIVEN', 20)], null, 'GIVEN-20'],
    ['a yes of who had said so stays', [given], [given], [decision('GIVEN', 20)], null, null],
  ])('%s', (_, merged, keptBefore, since, ofMerged, ofKept) => {
    const taken = takenBackAtUndo({ merged, keptBefore, since }, mergedAt, now);
    expect([taken.merged?.id ?? null, taken.kept?.id ?? null]).toEqual([ofMerged, ofKept]);
  });
});
