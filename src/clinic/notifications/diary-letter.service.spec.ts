import { describe, expect, it } from 'vitest';
import { aDiaryPoint } from '../../../test/support/team-matters.factory.js';
import {
  expectWholeLetter,
  HOSTILE_NAME,
  HOSTILE_NAME_ON_ONE_LINE,
  letterheadWith,
} from '../../../test/support/whole-letter.js';
import { Database } from '../../platform/database/database.service.js';
import type { DiaryPointMatter } from '../responses/diary-letter.type.js';
import { decideDiaryLetter } from './diary-letter.rules.js';
import { DiaryLetterService } from './diary-letter.service.js';

const nowhere = new Database('postgresql://nowhere');
const facts = aDiaryPoint();
const serviceOf = (found: DiaryPointMatter | null) =>
  new DiaryLetterService(nowhere, letterheadWith(), {
    matter: async () => found,
  });
const letter = {
  kind: 'DIARY_POINT_DUE',
  subjectId: '0f9b1c1e-0000-7000-8000-000000000001',
  subjectVersion: 1,
  messageId: '<1@facet.example>',
  createdAt: new Date(0),
} as const;

describe('the question how a patient is', () => {
  it('names the day of the treatment and no more of it, and until when to answer', () => {
    const message = serviceOf(facts).compose(letter, facts, 'a@example.org');
    expectWholeLetter(message);
    expect(message.subject).toBe('How are you now? Please answer by Wednesday 11 March 2026');
    for (const part of [message.html, message.text]) {
      expect(part).toContain('Monday 2 March 2026');
      expect(part).toContain('one number from 0 to 10');
      expect(part).toContain('999');
      expect(part).not.toMatch(/block|injection|denervation|joint|facet joint/i);
    }
  });

  it('that is late already names no day', () => {
    const message = serviceOf(facts).compose(letter, { ...facts, answerBy: null }, 'a@example.org');
    expectWholeLetter(message);
    expect(message.subject).toBe('How are you now?');
    expect(message.text).not.toContain('Please answer by');
  });

  it('takes a name for what it is', () => {
    const patient = { ...facts.patient, familyName: HOSTILE_NAME, givenName: '' };
    const message = serviceOf(facts).compose(letter, { ...facts, patient }, 'a@example.org');
    expectWholeLetter(message);
    expect(message.to.name).toBe(HOSTILE_NAME_ON_ONE_LINE);
  });

  it('reaches the patient as they prefer, and nobody who has died or has answered', async () => {
    expect(await serviceOf(facts).opening(letter)).toMatchObject({
      ...{ recipient: 'PATIENT', patientId: facts.patientId },
      ...{ aboutType: 'TREATMENT', aboutId: facts.treatmentId },
    });
    expect(decideDiaryLetter(facts)).toEqual({ verdict: 'SEND', address: 'zoe@example.org' });
    const by = (contactPreference: 'LETTER' | 'TELEPHONE') =>
      decideDiaryLetter({ ...facts, patient: { ...facts.patient, contactPreference } });
    expect(by('LETTER')).toMatchObject({ code: 'PREFERS_POST' });
    expect(by('TELEPHONE')).toMatchObject({ code: 'PREFERS_TELEPHONE' });
    const died = { ...facts, hasDied: true };
    expect(await serviceOf(died).write(letter)).toEqual({ verdict: 'SUPPRESSED', code: 'PATIENT_DIED' });
    expect(await serviceOf(died).wording(letter)).toBeNull();
    expect(await serviceOf(null).opening(letter)).toBeNull();
    expect(await serviceOf(null).write(letter)).toMatchObject({ code: 'MATTER_MOVED_ON' });
    expect(await serviceOf(null).postTo(letter)).toEqual([]);
    expect(await serviceOf(facts).postTo(letter)).toEqual(facts.postTo);
  });
});
