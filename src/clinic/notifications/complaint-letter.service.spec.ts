import { describe, expect, it } from 'vitest';
import { expectWholeLetter, HOSTILE_NAME, letterheadWith } from '../../../test/support/whole-letter.js';
import { Database } from '../../platform/database/database.service.js';
import { Temporal } from '../../platform/time/index.js';
import type { ComplaintMatter } from '../records/complaint-letter.type.js';
import { decideComplaintLetter } from './complaint-letter.rules.js';
import { ComplaintLetterService } from './complaint-letter.service.js';

const facts: ComplaintMatter = {
  complaintId: '0f9b1c1e-0000-7000-8000-000000000001',
  reference: 'C7KX3M2PA',
  receivedOn: Temporal.PlainDate.from('2026-03-02'),
  answerBy: Temporal.PlainDate.from('2026-03-30'),
  patientId: '0f9b1c1e-0000-7000-8000-000000000002',
  patient: {
    familyName: 'Ng',
    givenName: 'Zoë',
    namePrefix: null,
    email: 'zoe@example.org',
    contactPreference: 'EMAIL',
  },
};
const service = new ComplaintLetterService(new Database('postgresql://nowhere'), letterheadWith(), {
  matter: async () => null,
});
const compose = (changes: Partial<ComplaintMatter['patient']> = {}) =>
  service.compose(
    { messageId: '<1@facet.example>', createdAt: new Date(0) },
    { ...facts, patient: { ...facts.patient, ...changes } },
    'zoe@example.org',
  );

describe('the acknowledgement of a complaint', () => {
  it('says when it is answered', () => {
    const letter = compose();
    expectWholeLetter(letter);
    expect(letter.subject).toBe('We have received your complaint (C7KX3M2PA)');
    expect(letter.text).toContain('tell you by Monday 30 March 2026\nwhat we have found');
  });

  it('makes nothing of hostile names', () => {
    expectWholeLetter(compose({ familyName: HOSTILE_NAME }));
  });

  it('goes as the patient wishes', () => {
    expect(decideComplaintLetter(facts)).toEqual({ verdict: 'SEND', address: 'zoe@example.org' });
    const byPost = { ...facts.patient, contactPreference: 'LETTER' } as const;
    expect(decideComplaintLetter({ patient: byPost })).toMatchObject({ code: 'PREFERS_POST' });
    expect(decideComplaintLetter(null)).toMatchObject({ verdict: 'SUPERSEDED' });
  });
});
