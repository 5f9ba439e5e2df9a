import { describe, expect, it } from 'vitest';
import { aDecisionLetter } from '../../../test/support/team-matters.factory.js';
import {
  expectWholeLetter,
  HOSTILE_NAME,
  HOSTILE_NAME_ON_ONE_LINE,
  letterheadWith,
} from '../../../test/support/whole-letter.js';
import { Database } from '../../platform/database/database.service.js';
import type { DecisionLetterMatter } from '../decisions/decision-matter.type.js';
import { decideDecisionLetter } from './decision-letter.rules.js';
import { DecisionLetterService } from './decision-letter.service.js';

const nowhere = new Database('postgresql://nowhere');
const facts = aDecisionLetter();
const GP = {
  to: 'GP',
  recipient: {
    referrerId: '0f9b1c1e-0000-7000-8000-000000000007',
    name: 'Dr Ines Moor',
    email: 'm@gp.example',
    isRetired: false,
  },
} as const;
const NAMED_ALONE = {
  to: 'REFERRER',
  recipient: { referrerId: null, name: 'Mr Olu Okafor', email: null, isRetired: false },
} as const;
const KINDS = {
  PATIENT: 'DECISION_TOLD_PATIENT',
  GP: 'DECISION_TOLD_GP',
  REFERRER: 'DECISION_TOLD_REFERRER',
} as const;
const serviceWith = (matter: DecisionLetterMatter | null) =>
  new DecisionLetterService(nowhere, letterheadWith(), {
    letterMatter: async () => matter,
  });
const letterTo = (to: keyof typeof KINDS) => ({
  kind: KINDS[to],
  subjectId: '0f9b1c1e-0000-7000-8000-000000000001',
  subjectVersion: 2,
  messageId: '<1@facet.example>',
  createdAt: new Date(0),
});
const compose = (changes: Partial<DecisionLetterMatter> = {}) => {
  const of = { ...facts, ...changes };
  return serviceWith(of).compose(letterTo(of.to), of, 'a@example.org');
};

describe('letters about a decision', () => {
  it('do not go to a GP whose entry in the directory is retired', () => {
    const retired = { ...facts, ...GP, recipient: { ...GP.recipient, isRetired: true } };
    expect(decideDecisionLetter(KINDS.GP, retired)).toEqual({
      ...{ verdict: 'SUPPRESSED', code: 'RECIPIENT_RETIRED' },
    });
  });

  it.each([
    ['to the patient', {}],
    ['to the patient of a case without a referral', { reference: null }],
    ['to the GP', GP],
    ['to a referrer who is in no directory', { ...NAMED_ALONE, reference: null }],
  ] as const)('%s are whole, and say what was approved', (_, changes) => {
    const letter = compose(changes);
    expectWholeLetter(letter);
    for (const part of [letter.html, letter.text]) {
      expect(part).toContain('Our team met and talked about you.');
      expect(part).toContain('- Walk every day.');
      expect(part).toContain('Dr Ada Reed');
      expect(part.includes('R-C0FFEE12')).toBe(!('reference' in changes));
      expect(part.includes('Wednesday 3 February 1971')).toBe('to' in changes);
    }
    expect(letter.subject).not.toMatch(/walk|Ng|Zoë/i);
  });

  it('read like this', () => {
    expect(compose().subject).toBe('Our letter about referral R-C0FFEE12');
    expect(compose({ reference: null }).subject).toBe('Our letter of Tuesday 3 March 2026');
    expect(compose(GP).text.split('\n\n')).toEqual([
      'Dear Dr Ines Moor,',
      'Patient: Zoë Ng, born on Wednesday 3 February 1971.\nOur reference: R-C0FFEE12.',
      'Our team met and talked about you.',
      'What we advise:\n- Walk every day.',
      'Approved by Dr Ada Reed on Tuesday 3 March 2026.',
      'If you have a question, reply to this e-mail or ring 020 7946 0000.',
      'Yours sincerely,\nFacet Pain Clinic',
      expect.stringContaining('--\n'),
    ]);
  });

  it('take names and words for what they are', () => {
    const recipient = { referrerId: null, name: HOSTILE_NAME, email: 'x@example.org', isRetired: false };
    const letter = compose({ to: 'REFERRER', recipient, text: '<script>alert(1)</script>\u202e{{ring}}' });
    expectWholeLetter({ ...letter, text: letter.text.replace(/<\/script>/, '') });
    expect(letter.to.name).toBe(HOSTILE_NAME_ON_ONE_LINE);
    expect(letter.html).toContain('&lt;script&gt;');
  });
});

describe('who gets it', () => {
  it('is whom it was approved for, found by their entry in the directory', async () => {
    const about = { aboutType: 'CASE_DECISION', aboutId: facts.decisionId, patientId: facts.patientId };
    const opening = (matter: DecisionLetterMatter | null, to: keyof typeof KINDS) =>
      serviceWith(matter).opening(letterTo(to));
    expect(await opening(facts, 'PATIENT')).toMatchObject({
      recipient: 'PATIENT',
      recipientId: null,
      ...about,
    });
    expect(await opening({ ...facts, ...GP }, 'GP')).toMatchObject({
      ...{ recipient: 'GP', recipientId: GP.recipient.referrerId },
      ...about,
    });
    expect(await opening({ ...facts, ...NAMED_ALONE }, 'REFERRER')).toMatchObject({
      ...{ recipient: 'REFERRER', recipientId: null },
      ...about,
    });
    expect(await opening(facts, 'GP')).toBeNull();
    expect(await opening(null, 'PATIENT')).toBeNull();
  });

  it('is reached as they prefer, or by post where only a name is known', () => {
    const decide = (changes: Partial<DecisionLetterMatter>) => {
      const of = { ...facts, ...changes };
      return decideDecisionLetter(KINDS[of.to], of);
    };
    const by = (contactPreference: 'LETTER' | 'TELEPHONE') =>
      decide({ patient: { ...facts.patient, contactPreference } });
    expect(decide({})).toEqual({ verdict: 'SEND', address: 'zoe@example.org' });
    expect(by('LETTER')).toMatchObject({ code: 'PREFERS_POST' });
    expect(by('TELEPHONE')).toMatchObject({ code: 'PREFERS_TELEPHONE' });
    expect(decide({ patient: { ...facts.patient, email: null } })).toMatchObject({
      code: 'NO_EMAIL_ADDRESS',
    });
    expect(decide(GP)).toEqual({ verdict: 'SEND', address: 'm@gp.example' });
    expect(decide(NAMED_ALONE)).toMatchObject({ code: 'NO_EMAIL_ADDRESS' });
    expect(decideDecisionLetter('DECISION_TOLD_GP', facts)).toMatchObject({ code: 'MATTER_MOVED_ON' });
    expect(decideDecisionLetter('DECISION_TOLD_PATIENT', null)).toMatchObject({ code: 'MATTER_MOVED_ON' });
  });

  it('is nobody any more once there is nothing to send; on paper it goes to the address that is known', async () => {
    const gone = serviceWith(null);
    expect(await gone.write(letterTo('PATIENT'))).toMatchObject({ verdict: 'SUPERSEDED' });
    expect(await gone.wording(letterTo('PATIENT'))).toBeNull();
    expect(await gone.postTo(letterTo('PATIENT'))).toEqual([]);
    expect(await serviceWith(facts).postTo(letterTo('PATIENT'))).toEqual(facts.postTo);
    expect((await serviceWith(facts).wording(letterTo('PATIENT')))?.to.address).toBe('');
  });
});
