import { describe, expect, it } from 'vitest';
import {
  expectWholeLetter,
  HOSTILE_NAME,
  HOSTILE_NAME_ON_ONE_LINE,
  letterheadWith,
} from '../../../test/support/whole-letter.js';
import { Database } from '../../platform/database/database.service.js';
import { Temporal } from '../../platform/time/index.js';
import type { ReportTellingMatter } from '../reports/report-letter.type.js';
import { decideReportLetter } from './report-letter.rules.js';
import { ReportLetterService } from './report-letter.service.js';

const day = (text: string) => Temporal.PlainDate.from(text);
const facts: ReportTellingMatter = {
  reportId: '0f9b1c1e-0000-7000-8000-000000000001',
  scanBookingId: '0f9b1c1e-0000-7000-8000-000000000003',
  reference: 'A000000017',
  to: 'REFERRER',
  isByPost: false,
  patientId: '0f9b1c1e-0000-7000-8000-000000000002',
  patient: {
    familyName: 'O’Brien <b>',
    givenName: 'Zoë',
    namePrefix: 'Ms',
    dateOfBirth: day('1971-02-03'),
    email: 'zoe@example.org',
    contactPreference: 'EMAIL',
  },
  recipient: { referrerId: null, name: 'Dr Jürgen Weiß', email: 'weiss@practice.example' },
  isForGp: false,
  askedBy: 'Dr Jürgen Weiß (Harbour Practice)',
  procedureName: 'Bone SPECT-CT',
  scannedOn: day('2026-03-02'),
  clinicalQuestion: 'Which facet joint is active?',
  findings: ['L4/L5 facet joint, left: intense uptake, moderate change on CT.'],
  comparison: 'None available.',
  limitations: '',
  conclusion: 'The left L4/L5 facet joint is active.\n\nNothing else is.',
  isCorrection: false,
  signedByName: 'Dr Ada Reed',
  signedOn: day('2026-03-03'),
  addenda: [],
  words: null,
  acknowledgeBy: day('2026-03-17'),
  postTo: [],
};
const service = new ReportLetterService(new Database('postgresql://nowhere'), letterheadWith(), {
  matter: async () => null,
});
const KINDS = {
  REFERRER: 'REPORT_TOLD_REFERRER',
  GP: 'REPORT_TOLD_GP',
  PATIENT: 'REPORT_TOLD_PATIENT',
} as const;
const compose = (changes: Partial<ReportTellingMatter> = {}) => {
  const of = { ...facts, ...changes };
  const letter = { kind: KINDS[of.to], messageId: '<1@facet.example>', createdAt: new Date(0) };
  return service.compose(letter, of, 'a@example.org');
};
const PATIENT = { to: 'PATIENT', recipient: null, acknowledgeBy: null } as const;
const GP = { to: 'GP', isForGp: true, acknowledgeBy: null } as const;
const ADDENDA = [
  { text: 'Left and right were confused.', signedByName: 'Dr Ben Low', signedOn: day('2026-03-04') },
];

describe('letters with a report', () => {
  it.each([
    ['to the referrer', {}],
    ['to the GP', GP],
    ['to another clinician', { ...GP, isForGp: false }],
    ['to the GP of somebody who referred themselves', { ...GP, askedBy: null }],
    ['to the patient', PATIENT],
    ['to the patient, with words', { ...PATIENT, words: 'It is a joint of your back.\n\nAsk us.' }],
    ['corrected', { isCorrection: true, addenda: ADDENDA }],
    ['corrected, to the patient', { ...PATIENT, isCorrection: true, addenda: ADDENDA }],
  ] as const)('%s are whole, and say what was found', (_, changes) => {
    const letter = compose(changes);
    expectWholeLetter(letter);
    for (const part of [letter.html, letter.text]) {
      expect(part).toContain('A000000017');
      expect(part).toContain('L4/L5 facet joint, left: intense uptake');
      expect(part).toContain('Dr Ada Reed');
      expect(part.includes('Left and right were confused.')).toBe('addenda' in changes);
      expect(part.includes('in place of the one')).toBe('isCorrection' in changes);
      expect(part.includes('Tuesday 17 March 2026')).toBe(!('acknowledgeBy' in changes));
    }
    for (const part of [letter.html, letter.text]) {
      expect(part.includes('This is a copy for')).toBe('to' in changes && changes.to === 'GP');
    }
    expect(letter.subject).not.toMatch(/scan|report|facet/i);
  });

  it('read like this', () => {
    expect(compose({ limitations: 'Moved.' }).subject).toBe(
      'Our letter about A000000017: please acknowledge by Tuesday 17 March 2026',
    );
    expect(compose({ limitations: 'Moved.' }).text.split('\n\n')).toEqual([
      'Dear Dr Jürgen Weiß,',
      'Patient: Zoë O’Brien <b>, born on Wednesday 3 February 1971.\n' +
        'Bone SPECT-CT on Monday 2 March 2026.\nAccession number A000000017.',
      ...['CLINICAL QUESTION', 'Which facet joint is active?'],
      ...['FINDINGS', 'L4/L5 facet joint, left: intense uptake, moderate change on CT.'],
      ...['COMPARISON', 'None available.', 'LIMITATIONS', 'Moved.'],
      ...['CONCLUSION', 'The left L4/L5 facet joint is active.', 'Nothing else is.'],
      'Signed by Dr Ada Reed on Tuesday 3 March 2026.',
      'WHAT WE ASK OF YOU',
      expect.stringMatching(/^Please tell us by Tuesday 17 March 2026 that you have this report:\nreply /),
      'Yours sincerely,\nFacet Pain Clinic',
      expect.stringMatching(/^--\n/),
    ]);
    const forPatient = compose({ ...PATIENT, words: 'It is a joint of your back.' }).text;
    expect(forPatient).toMatch(/^Dear Ms O’Brien <b>,\n\nThis is the report of your Bone SPECT-CT\n/);
    expect(forPatient).toContain('WHAT IT MEANS FOR YOU\n\nIt is a joint of your back.\n\nCLINICAL QUESTION');
    expect(forPatient).not.toContain('1971');
  });

  it('say to a GP that it is a copy for the GP, and who asked', () => {
    const copy = compose(GP);
    expect(copy.subject).toBe('Our letter about A000000017: a copy for the patient’s GP');
    expect(copy.text).toContain(
      'This is a copy for the patient’s GP.\nThe scan was asked for by\nDr Jürgen Weiß (Harbour Practice), who has the report.\n\nPatient:',
    );
    expect(copy.html).toContain(
      '<strong>This is a copy for the patient’s GP.</strong> The scan was asked for by',
    );
    const another = compose({ ...GP, isForGp: false }).text;
    expect(another).toContain('This is a copy for your information, since you look after the patient.\n');
    expect(another).not.toContain('GP');
    expect(compose({ ...GP, askedBy: null }).text).toContain('the patient’s GP.\n\nPatient:');
  });

  it('say of a normal scan that it is', () => {
    expect(compose({ findings: [] }).text).toContain('FINDINGS\n\nNothing abnormal is to be seen.');
  });

  it('make nothing of hostile names and texts', () => {
    const hostile = { name: HOSTILE_NAME, referrerId: null, email: null };
    const letter = compose({
      recipient: hostile,
      conclusion: `${HOSTILE_NAME}<script>`,
      findings: ['<img src=x>'],
    });
    expect(letter.html).not.toMatch(/<script|<img/);
    expect(letter.text).toContain(HOSTILE_NAME_ON_ONE_LINE);
    expect(letter.text).not.toContain('\r');
  });

  it('go to each party as they can be reached, and to nobody else', () => {
    const told = (changes: Partial<ReportTellingMatter>) => {
      const of = { ...facts, ...changes };
      const verdict = decideReportLetter(KINDS[of.to], of);
      return verdict.verdict === 'SEND' ? verdict.address : verdict.code;
    };
    const posts = { ...facts.patient, contactPreference: 'LETTER' as const };
    expect(told({})).toBe('weiss@practice.example');
    expect(told({ isByPost: true })).toBe('TO_BE_POSTED');
    expect(told({ isByPost: true, recipient: { referrerId: null, name: 'Dr Ng', email: null } })).toBe(
      'NO_EMAIL_ADDRESS',
    );
    expect(told({ to: 'GP' })).toBe('weiss@practice.example');
    expect(told(PATIENT)).toBe('zoe@example.org');
    expect(told({ ...PATIENT, isByPost: true })).toBe('TO_BE_POSTED');
    expect(told({ ...PATIENT, patient: posts })).toBe('PREFERS_POST');
    expect(decideReportLetter('REPORT_TOLD_GP', facts)).toMatchObject({ code: 'MATTER_MOVED_ON' });
    expect(decideReportLetter('REPORT_TOLD_REFERRER', null)).toMatchObject({ code: 'MATTER_MOVED_ON' });
  });
});
