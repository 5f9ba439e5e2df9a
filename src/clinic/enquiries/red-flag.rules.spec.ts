import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RedFlagReply } from '../../platform/database/generated/enums.js';
import { Temporal } from '../../platform/time/index.js';
import { enquirerOf, formProblems, hasUnreadAnswers, isUrgent } from './enquiry-form.rules.js';
import { inForceAt, raisedCodes, remindAt, unansweredCodes, wordsSeen } from './red-flag.rules.js';

const QUESTIONS = [
  { code: 'SADDLE', kind: 'CAUDA_EQUINA' },
  { code: 'FEVER', kind: 'SERIOUS_PATHOLOGY' },
] as const;
const at = (text: string) => Temporal.Instant.from(text);

describe('answers about dangerous signs', () => {
  it.each([
    ['NO', 'NO', []],
    ['YES', 'NO', ['SADDLE']],
    ['NO', 'YES', ['FEVER']],
    ['NOT_SURE', 'NO', ['SADDLE']],
    ['NO', 'NOT_SURE', []],
    ['YES', 'YES', ['SADDLE', 'FEVER']],
  ] as const)('numb %s, fever %s: %j', (saddle, fever, codes) => {
    const answers = [
      { code: 'SADDLE', answer: saddle },
      { code: 'FEVER', answer: fever },
    ];
    expect(raisedCodes(QUESTIONS, answers)).toEqual(codes);
  });

  it('are whole when each question has one answer, and nothing else has', () => {
    const yes = (code: string) => ({ code, answer: RedFlagReply.YES });
    const whole = [yes('SADDLE'), yes('FEVER')];
    expect(unansweredCodes(QUESTIONS, whole)).toEqual({ unanswered: [], isForeign: false });
    expect(unansweredCodes(QUESTIONS, [yes('FEVER')])).toEqual({ unanswered: ['SADDLE'], isForeign: false });
    expect(unansweredCodes(QUESTIONS, [...whole, yes('MOON')]).isForeign).toBe(true);
    expect(unansweredCodes(QUESTIONS, [...whole, yes('FEVER')]).isForeign).toBe(true);
  });

  it('raise an alert for every yes, whatever else was answered', () => {
    const reply = fc.constantFrom(...Object.values(RedFlagReply));
    fc.assert(
      fc.property(reply, reply, (saddle, fever) => {
        const answers = [
          { code: 'SADDLE', answer: saddle },
          { code: 'FEVER', answer: fever },
        ];
        const raised = raisedCodes(QUESTIONS, answers);
        for (const { code, answer } of answers) if (answer === 'YES') expect(raised).toContain(code);
      }),
    );
  });
});

describe('words in a text', () => {
  const PHRASES = ["can't pee", 'saddle numbness', 'both legs'];
  it.each([
    ['I can’t  PEE since Tuesday', ["can't pee"]],
    ['cant pee', ["can't pee"]],
    ['saddle-numbness, both\nlegs!', ['saddle numbness', 'both legs']],
    ['I can peel; bothlegs; saddle. Numbness', ['saddle numbness']],
    ['nothing of the kind', []],
    ['', []],
  ])('%j: %j', (text, seen) => expect(wordsSeen(text, PHRASES)).toEqual(seen));

  it('are not found by a phrase of signs alone', () =>
    expect(wordsSeen('a ... b', ['...', ' '])).toEqual([]));
});

describe('versions in time', () => {
  const version = (effectiveFrom: string, recordedAt = effectiveFrom) => ({
    effectiveFrom: at(effectiveFrom),
    recordedAt: at(recordedAt),
  });
  it('the latest that has begun is in force; of one moment the one recorded last', () => {
    const first = version('2026-01-01T00:00:00Z');
    const second = version('2026-06-01T00:00:00Z', '2026-02-01T00:00:00Z');
    const corrected = version('2026-06-01T00:00:00Z', '2026-03-01T00:00:00Z');
    const all = [second, first, corrected];
    expect(inForceAt(all, at('2025-12-31T23:59:59Z'))).toBeNull();
    expect(inForceAt(all, at('2026-05-31T23:59:59Z'))).toBe(first);
    expect(inForceAt(all, at('2026-06-01T00:00:00Z'))).toBe(corrected);
    expect(inForceAt([...all].reverse(), at('2026-06-01T00:00:00Z'))).toBe(corrected);
  });
});

describe('an open alert', () => {
  const raisedAt = at('2026-11-23T09:00:00Z');
  it.each([
    [null, null, '2026-11-23T09:15:00Z'],
    [at('2026-11-23T09:15:00Z'), null, '2026-11-23T09:30:00Z'],
    [at('2026-11-23T09:15:00Z'), at('2026-11-23T09:20:00Z'), '2026-11-23T10:15:00Z'],
    [null, at('2026-11-23T09:05:00Z'), '2026-11-23T10:00:00Z'],
  ])('reminded %s, seen %s: again at %s', (remindedAt, acknowledgedAt, next) => {
    expect(remindAt({ raisedAt, remindedAt, acknowledgedAt }).toString()).toBe(next);
  });
});

describe('the form on the website', () => {
  const form = (parts: Record<string, unknown> = {}) => ({
    text: (name: string) => (typeof parts[name] === 'string' ? (parts[name] as string) : null),
    choices: (name: string) => (Array.isArray(parts[name]) ? (parts[name] as string[]) : []),
    isTicked: (name: string) => parts[name] === true,
    answers: (name: string) => new Map(Object.entries((parts[name] as Record<string, string>) ?? {})),
  });
  const answered = { SADDLE: 'NO', FEVER: 'NO' };

  it('is complete with every answer and the tick', () => {
    expect(formProblems(form({ redFlags: answered, privacyNotice: true }), QUESTIONS)).toEqual([]);
    const unticked = formProblems(form({ redFlags: answered }), QUESTIONS);
    expect(unticked).toEqual([
      { field: 'privacyNotice', message: expect.stringContaining('must be ticked') },
    ]);
    const half = formProblems(form({ redFlags: { FEVER: 'NO' }, privacyNotice: true }), QUESTIONS);
    expect(half.map(({ field }) => field)).toEqual(['redFlags.SADDLE']);
    const other = formProblems(form({ redFlags: { ...answered, X: 'NO' }, privacyNotice: true }), QUESTIONS);
    expect(other.map(({ field }) => field)).toEqual(['redFlags']);
  });

  it('is urgent as soon as one answer is, also when the rest is missing', () => {
    expect(isUrgent(form({ redFlags: { SADDLE: 'YES' } }), QUESTIONS)).toBe(true);
    expect(isUrgent(form({ redFlags: answered }), QUESTIONS)).toBe(false);
    expect(isUrgent(form(), QUESTIONS)).toBe(false);
    expect(hasUnreadAnswers([{ field: 'redFlags', message: 'must be one.' }])).toBe(true);
    expect(hasUnreadAnswers([{ field: 'redFlags.SADDLE', message: 'must be answered.' }])).toBe(false);
  });

  it('gives codes of ours and no text that only looks like one', () => {
    const read = enquirerOf(
      form({ preferredWay: 'SMS', painAreas: ['NECK', 'toString'], heardOfUs: 'constructor' }),
    );
    expect(read).toMatchObject({
      preferredWay: 'SMS',
      painAreas: ['NECK'],
      heardOfUs: null,
      safeToLeaveMessage: null,
    });
  });
});
