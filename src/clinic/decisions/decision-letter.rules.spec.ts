import { describe, expect, it } from 'vitest';
import { draftLetter, type LetterFacts } from './decision-letter.rules.js';

const FACTS: LetterFacts = {
  kind: 'RECOMMENDATION',
  question: 'Is the left L4/L5 facet joint the source?',
  recommendation: 'A medial branch block on the left.',
  reason: null,
  options: [{ option: 'Physiotherapy', inFavour: 'no needle', against: 'tried before' }],
  evidence: ['NICE NG59, 1.3.2'],
  dissent: ['Ms Low, physiotherapy: exercise first'],
  followUp: 'We will look again in three months.',
  addenda: ['The level is L4/L5.'],
  steps: ['Book the block'],
  choice: 'ACCEPTED',
  chosen: null,
};

describe('a letter', () => {
  it('tells the patient in plain words, without evidence or dissent', () => {
    const text = draftLetter('PATIENT', FACTS);
    expect(text).toContain('What the team advises: A medial branch block on the left.');
    expect(text).toContain('- Physiotherapy');
    expect(text).toContain('You told us that you would like to go ahead');
    expect(text).not.toContain('NG59');
    expect(text).not.toContain('Ms Low');
  });

  it('does not take the patient’s decision for them', () => {
    expect(draftLetter('PATIENT', { ...FACTS, choice: null })).toContain('Nothing is decided without you.');
    expect(draftLetter('GP', { ...FACTS, choice: null })).toContain('The patient has not decided yet.');
    expect(draftLetter('PATIENT', { ...FACTS, choice: 'DECLINED' })).toContain('That is your choice');
  });

  it.each(['GP', 'REFERRER'] as const)('tells the %s what it is founded on', (audience) => {
    const text = draftLetter(audience, FACTS);
    for (const part of ['NG59', 'exercise first', 'tried before', 'Book the block'])
      expect(text).toContain(part);
  });

  it('says why nothing is recommended', () => {
    const none = {
      ...FACTS,
      kind: 'NO_DECISION',
      recommendation: null,
      reason: 'Psychology was missing.',
    } as const;
    expect(draftLetter('PATIENT', none)).toContain('Psychology was missing.');
    expect(draftLetter('GP', none)).toContain('No recommendation was made. Reason: Psychology was missing.');
  });
});
