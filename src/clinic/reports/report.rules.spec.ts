import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ScanBookingStatus, type ScanReportStatus } from '../../platform/database/generated/enums.js';
import type { FindingFacts, ReportContentFacts } from './finding.rules.js';
import {
  allowedReportActions,
  canAdd,
  canKeepDraft,
  canSign,
  canSignText,
  canTell,
  isPerformed,
  problemsOf,
  REPORT_ACTIONS,
  signedText,
  tidied,
} from './report.rules.js';

const FINDING: FindingFacts = {
  structure: 'FACET',
  level: 'L4_L5',
  side: 'LEFT',
  uptake: 'INTENSE',
  ctGrade: null,
  comment: '',
};
const CONTENT: ReportContentFacts = {
  clinicalQuestion: 'Which facet joint is active?',
  comparison: '',
  limitations: '',
  conclusion: 'The left L4/L5 facet joint is.',
  isNormal: false,
  findings: [FINDING],
};
const report = (status: ScanReportStatus, version: number) => ({ status, version });
const NOTHING = report('WRITING', 0);
const PRELIMINARY = report('PRELIMINARY', 1);
const FINAL = report('FINAL', 2);
const codeOf = (refusal: { readonly code?: string } | null) => refusal?.code ?? null;

describe('the table of a report', () => {
  it('knows every state and what may be done in it, and reaches each', () => {
    expect(allowedReportActions('WRITING')).toEqual(['signPreliminary', 'signFinal']);
    expect(allowedReportActions('PRELIMINARY')).toEqual(['signFinal', 'addNote']);
    expect(allowedReportActions('FINAL')).toEqual(['addNote', 'correct', 'tell', 'releaseToPatient']);
    const reached = new Set(Object.values(REPORT_ACTIONS).flatMap((row) => Object.values(row)));
    expect([...reached].toSorted()).toEqual(['FINAL', 'PRELIMINARY']);
  });

  // Written by hand: every state × every action, and what is said.
  it.each<[string, string | null, string | null, string | null]>([
    ['signPreliminary', null, 'ReportAlreadySigned', 'ReportAlreadySigned'],
    ['signFinal', null, null, 'ReportAlreadySigned'],
    ['keep', null, null, 'ReportAlreadySigned'],
    ['addNote', 'ReportNotSigned', null, null],
    ['correct', 'ReportNotSigned', 'ReportNotFinal', null],
    ['tell', 'ReportNotSigned', 'ReportNotFinal', null],
  ])('%s: WRITING %s, PRELIMINARY %s, FINAL %s', (action, ...expected) => {
    const done = [NOTHING, PRELIMINARY, FINAL].map((one) => {
      const asked = {
        signPreliminary: () => canSign('COMPLETED', one, 'PRELIMINARY', true),
        signFinal: () => canSign('COMPLETED', one, 'FINAL', true),
        keep: () => canKeepDraft('COMPLETED', one, one.version),
        addNote: () => canAdd(one, one.version, null),
        correct: () => canAdd(one, one.version, CONTENT),
        tell: () => canTell(one, one.version),
      }[action];
      return codeOf(asked?.() ?? null);
    });
    expect(done).toEqual(expected);
  });
});

describe('signing', () => {
  it.each(Object.values(ScanBookingStatus))('of a scan that is %s', (status) => {
    const isThere = ['IN_PROGRESS', 'UNCONFIRMED', 'COMPLETED', 'DISCONTINUED'].includes(status);
    expect(isPerformed(status)).toBe(isThere);
    expect(codeOf(canSign(status, NOTHING, 'FINAL', true))).toBe(isThere ? null : 'ScanNotPerformed');
    const isOff = ['CANCELLED', 'NO_SHOW'].includes(status);
    expect(codeOf(canKeepDraft(status, NOTHING, 0))).toBe(isOff ? 'ScanNotPerformed' : null);
  });

  it('needs a draft of one’s own, on top of what was signed last, that says everything', () => {
    expect(codeOf(canSign('COMPLETED', NOTHING, 'FINAL', false))).toBe('NoReportDraft');
    expect(codeOf(canSignText(PRELIMINARY, 0, CONTENT))).toBe('ReportChangedMeanwhile');
    expect(codeOf(canSignText(NOTHING, 0, { ...CONTENT, conclusion: ' ' }))).toBe('ReportIncomplete');
    expect(canSignText(NOTHING, 0, CONTENT)).toBeNull();
  });

  it('and everything that is added or sent needs the version that stands', () => {
    expect(codeOf(canKeepDraft('COMPLETED', PRELIMINARY, 0))).toBe('ReportChangedMeanwhile');
    expect(codeOf(canAdd(FINAL, 1, null))).toBe('ReportChangedMeanwhile');
    expect(codeOf(canTell(FINAL, 1))).toBe('ReportChangedMeanwhile');
  });
});

describe('what is missing', () => {
  it.each<[string, Partial<ReportContentFacts>, RegExp]>([
    ['a question', { clinicalQuestion: '\n' }, /clinical question/],
    ['a conclusion', { conclusion: '' }, /conclusion/],
    ['findings', { findings: [] }, /Enter the findings/],
    ['an agreement of findings and summary', { isNormal: true }, /one of the two is wrong/],
    ['a whole finding', { findings: [{ ...FINDING, side: null }] }, /^Finding 1: /],
  ])('%s', (_, parts, why) => {
    expect(problemsOf({ ...CONTENT, ...parts })).toEqual([expect.stringMatching(why)]);
  });

  it('is nothing of a normal scan that says so, with or without what was looked at', () => {
    const normal = { ...CONTENT, isNormal: true };
    expect(problemsOf({ ...normal, findings: [] })).toEqual([]);
    expect(problemsOf({ ...normal, findings: [{ ...FINDING, uptake: 'NONE', ctGrade: 'NONE' }] })).toEqual(
      [],
    );
  });
});

describe('the signed text', () => {
  const texts = fc.record({
    clinicalQuestion: fc.string(),
    comparison: fc.string(),
    limitations: fc.string(),
    conclusion: fc.string(),
    isNormal: fc.boolean(),
    findings: fc.constantFrom([], [FINDING], [FINDING, { ...FINDING, side: 'RIGHT' as const }]),
  });

  it('is the same however often it is tidied, and whatever order its fields come in', () => {
    fc.assert(
      fc.property(texts, (content) => {
        const once = tidied(content);
        expect(tidied(once)).toEqual(once);
        const turned = Object.fromEntries(Object.entries(content).toReversed()) as typeof content;
        expect(signedText(turned)).toBe(signedText(content));
      }),
    );
  });

  it('differs when anything in it does', () => {
    const signed = signedText(CONTENT);
    for (const parts of [
      { conclusion: 'The right one is.' },
      { limitations: 'Moved.' },
      { comparison: 'None.' },
      { isNormal: true },
      { findings: [] },
      { findings: [{ ...FINDING, uptake: 'MILD' as const }] },
      { findings: [{ ...FINDING, comment: 'x' }] },
    ]) {
      expect(signedText({ ...CONTENT, ...parts })).not.toBe(signed);
    }
    // A text cannot be taken for another one by where it is cut.
    expect(signedText({ ...CONTENT, comparison: 'a', limitations: '' })).not.toBe(
      signedText({ ...CONTENT, comparison: '', limitations: 'a' }),
    );
  });
});
