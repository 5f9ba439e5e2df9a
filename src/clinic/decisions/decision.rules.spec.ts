import { describe, expect, it } from 'vitest';
import {
  canCheck,
  canNominate,
  canSignOff,
  type DecisionStanding,
  type DiscussionFacts,
  inWords,
  notAgreed,
} from './decision.rules.js';

const SHA = 'a'.repeat(64);
const SEEN = { version: 2, fingerprint: SHA };
const STANDING: DecisionStanding = {
  ...{ status: 'CHECKED', version: 2, kind: 'RECOMMENDATION', sha256: SHA },
  ...{ typedById: 'typist', checkerId: 'checker' },
};
const THERE: DiscussionFacts = {
  isOver: true,
  required: ['PAIN_MEDICINE', 'PSYCHOLOGY'],
  present: ['PSYCHOLOGY', 'PAIN_MEDICINE', 'NURSING'],
  presentStaffIds: ['typist', 'checker'],
};
const codeOf = (refusal: { readonly code: string } | null) => refusal?.code ?? null;

describe('whoever checks', () => {
  it('is somebody else who was there', () => {
    expect(canNominate('typist', 'checker', THERE)).toBeNull();
    expect(codeOf(canNominate('typist', 'typist', THERE))).toBe('CheckerIsTypist');
    expect(codeOf(canNominate('typist', 'absent', THERE))).toBe('CheckerWasNotThere');
  });

  it('is the one who was asked, and has read what stands', () => {
    const typed = { ...STANDING, status: 'TYPED' } as const;
    expect(canCheck(typed, SEEN, 'checker')).toBeNull();
    expect(codeOf(canCheck(typed, SEEN, 'typist'))).toBe('CheckerIsTypist');
    expect(codeOf(canCheck(typed, SEEN, 'third'))).toBe('NotTheNominatedChecker');
    expect(codeOf(canCheck(typed, { ...SEEN, version: 1 }, 'checker'))).toBe('DecisionNotAsSeen');
    expect(codeOf(canCheck(typed, { ...SEEN, fingerprint: 'b'.repeat(64) }, 'checker'))).toBe(
      'DecisionNotAsSeen',
    );
    expect(codeOf(canCheck({ ...STANDING, status: 'SIGNED' }, SEEN, 'checker'))).toBe(
      'DecisionAlreadySigned',
    );
  });
});

describe('signing off', () => {
  it('needs what was checked, read, discussed to the end, with everybody there', () => {
    expect(canSignOff(STANDING, SEEN, THERE)).toBeNull();
    expect(codeOf(canSignOff({ ...STANDING, status: 'TYPED' }, SEEN, THERE))).toBe('DecisionNotChecked');
    expect(codeOf(canSignOff({ ...STANDING, status: 'SIGNED' }, SEEN, THERE))).toBe('DecisionAlreadySigned');
    expect(codeOf(canSignOff(STANDING, { ...SEEN, version: 1 }, THERE))).toBe('DecisionNotAsSeen');
    expect(codeOf(canSignOff(STANDING, SEEN, { ...THERE, isOver: false }))).toBe('DiscussionNotOver');
  });

  it('names who was missing, and lets nothing pass but that nothing was decided', () => {
    const without = { ...THERE, present: ['PAIN_MEDICINE'] } as const;
    expect(canSignOff(STANDING, SEEN, without)).toMatchObject({
      code: 'QuorumMissing',
      missing: ['PSYCHOLOGY'],
    });
    expect(codeOf(canSignOff({ ...STANDING, kind: 'DEFERRED' }, SEEN, without))).toBe('QuorumMissing');
    expect(canSignOff({ ...STANDING, kind: 'NO_DECISION' }, SEEN, without)).toBeNull();
  });
});

describe('what is done to a patient', () => {
  it.each([
    ['ACCEPTED', null, null],
    ['OTHER_OPTION', 'PatientHasNotAgreed', null],
    ['DECLINED', 'PatientHasNotAgreed', 'PatientHasNotAgreed'],
    ['WANTS_TIME', 'PatientHasNotAgreed', 'PatientHasNotAgreed'],
    [null, 'PatientHasNotAgreed', 'PatientHasNotAgreed'],
  ] as const)('waits for their word: %s', (choice, addedBefore, addedSince) => {
    const recordedAt = new Date('2026-11-24T09:00:00Z');
    const word = choice === null ? null : { choice, recordedAt };
    expect(codeOf(notAgreed(word, new Date('2026-11-24T08:59:59Z')))).toBe(addedBefore);
    expect(codeOf(notAgreed(word, recordedAt))).toBe(addedBefore);
    expect(codeOf(notAgreed(word, new Date('2026-11-24T09:00:01Z')))).toBe(addedSince);
  });
});

describe('a version in words', () => {
  it('leaves nothing out', () => {
    const words = inWords({
      ...{
        kind: 'RECOMMENDATION',
        recommendation: 'Block left L4/L5.',
        reason: null,
        followUp: 'In 3 months.',
      },
      options: [{ option: 'Block', inFavour: 'uptake', against: 'needle' }],
      codes: ['A73.5 Block'],
      evidence: [{ citation: 'NICE NG59' }],
      dissent: [{ who: 'Ms Low', what: 'physiotherapy first' }],
    });
    for (const part of [
      'Block left L4/L5.',
      'In 3 months.',
      'uptake',
      'needle',
      'A73.5',
      'NG59',
      'physiotherapy first',
    ])
      expect(words).toContain(part);
  });
});
