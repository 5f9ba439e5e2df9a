import { describe, expect, it } from 'vitest';
import { expectWholeLetter, HOSTILE_NAME, letterheadWith } from '../../../test/support/whole-letter.js';
import { Database } from '../../platform/database/database.service.js';
import { Temporal } from '../../platform/time/index.js';
import type { VettingTellingMatter } from '../vetting/vetting-letter.type.js';
import { decideVettingLetter } from './vetting-letter.rules.js';
import { VettingLetterService } from './vetting-letter.service.js';

const facts: VettingTellingMatter = {
  requestId: '0f9b1c1e-0000-7000-8000-000000000001',
  referralId: '0f9b1c1e-0000-7000-8000-000000000002',
  reference: 'R-00000002',
  news: 'REJECTED',
  isByPost: false,
  receivedOn: Temporal.PlainDate.from('2026-03-02'),
  patientId: '0f9b1c1e-0000-7000-8000-000000000003',
  patient: {
    familyName: 'Baker',
    givenName: 'Ann',
    namePrefix: null,
    dateOfBirth: Temporal.PlainDate.from('1980-05-06'),
  },
  referrer: { referrerId: null, name: 'Dr Weiß', email: 'weiss@practice.example' },
  words: 'MRI answers it without radiation.\n\nPlease arrange it.',
  postTo: [],
  answerBy: null,
};
const service = new VettingLetterService(new Database('postgresql://nowhere'), letterheadWith(), {
  matter: async () => null,
});
const compose = (changes: Partial<VettingTellingMatter> = {}) =>
  service.compose(
    { messageId: '<1@facet.example>', createdAt: new Date(0) },
    { ...facts, ...changes },
    'weiss@practice.example',
  );

describe('a letter about an imaging request', () => {
  it('says that it is not carried out, and why, and nothing of that in its subject', () => {
    const letter = compose();
    expectWholeLetter(letter);
    expect(letter.subject).toBe('Your referral R-00000002');
    expect(letter.text).toContain('does not consider it justified');
    expect(letter.text).toContain('WHY\n\nMRI answers it without radiation.\n\nPlease arrange it.');
    expect(letter.html).toContain('Ann Baker');
  });

  it('asks, and says by when', () => {
    const answerBy = Temporal.PlainDate.from('2026-03-27');
    const letter = compose({ news: 'INFORMATION_ASKED', words: 'Which level?', answerBy });
    expectWholeLetter(letter);
    expect(letter.subject).toBe('Your referral R-00000002: please answer by Friday 27 March 2026');
    expect(letter.text).toContain('WHAT WE ASK FOR\n\nWhich level?');
  });

  it('makes nothing of hostile names', () => {
    const letter = compose({ referrer: { ...facts.referrer, name: HOSTILE_NAME } });
    expectWholeLetter(letter);
    expect(letter.html).not.toContain('<img');
  });

  it.each([
    [false, 'weiss@practice.example', { verdict: 'SEND', address: 'weiss@practice.example' }],
    [true, 'weiss@practice.example', { verdict: 'SUPPRESSED', code: 'TO_BE_POSTED' }],
    [false, null, { verdict: 'SUPPRESSED' }],
    [true, null, { verdict: 'SUPPRESSED' }],
  ])('by post %s, to %s: %j', (isByPost, email, verdict) => {
    expect(decideVettingLetter({ ...facts, isByPost, referrer: { ...facts.referrer, email } })).toMatchObject(
      verdict,
    );
  });

  it('is not sent once the request has moved on', () => {
    expect(decideVettingLetter(null)).toMatchObject({ verdict: 'SUPERSEDED' });
  });
});
