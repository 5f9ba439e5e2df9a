import 'reflect-metadata';
import { describe, expect, it } from 'vitest';
import { PatientService } from '../../src/clinic/patients/patient.service.js';
import type { Patient } from '../../src/clinic/patients/patient.type.js';
import { DataComplaintService } from '../../src/clinic/records/data-complaint.service.js';
import { AdviceService } from '../../src/clinic/referrals/advice.service.js';
import { ReferralDecisionService } from '../../src/clinic/referrals/referral-decision.service.js';
import { ReferralReceptionService } from '../../src/clinic/referrals/referral-reception.service.js';
import { ReferrerService } from '../../src/clinic/referrals/referrer.service.js';
import { isRefusal } from '../../src/platform/refusal/refusal.js';
import { LetterHouse } from '../support/letters.house.js';
import { aStaffActor, makePatient } from '../support/patients.factory.js';
import { aDecider, aReferral, mustBeReferral } from '../support/referrals.factory.js';

// The whole service with its worker and a mail server: what has become of a referral, told to whom it concerns.

const house = LetterHouse.use('RECEPTION', 'CLINICIAN', 'MANAGER');
const DESK = aStaffActor();
const DOCTOR = aDecider();

function of<Part>(part: abstract new (...args: never[]) => Part): Part {
  return house.app.get(part, { strict: false });
}

function must<One extends object>(
  result: One,
): Exclude<One, { readonly code: string; readonly message: string }> {
  if (isRefusal(result)) throw new Error(result.message);
  return result as Exclude<One, { readonly code: string; readonly message: string }>;
}

const aPatient = (): Promise<Patient> => makePatient(of(PatientService));

async function aReferrer(email: string | null, addressLines: readonly string[] = []) {
  const entry = {
    kind: 'GP',
    name: 'Jürgen Weiß',
    title: 'Dr',
    organisation: 'Harbour Practice',
    email,
  } as const;
  return must(await of(ReferrerService).registerReferrer(DESK, { ...entry, addressLines }));
}

async function refer(patientId: string, referrerId: string) {
  const input = { ...aReferral(patientId), referrerName: null, referrerOrganisation: null, referrerId };
  return mustBeReferral(await of(ReferralReceptionService).receiveReferral(DESK, input));
}

const LETTERS = `query ($id: ID!) { referral(id: $id) { letters {
  id kind status recipient outcomeCode task } referrer { letterWithTask { task taskInWords } } } }`;

interface Told {
  readonly letters: readonly {
    readonly id: string;
    readonly kind: string;
    readonly status: string;
    readonly task: string;
  }[];
  readonly referrer: { readonly letterWithTask: object | null };
}
const toldOf = async (id: string) => (await house.ask<{ referral: Told }>(LETTERS, { id })).referral;

describe('news of a referral', () => {
  it('is told to the referrer, with what is asked and until when', async () => {
    const patient = await aPatient();
    const referrer = await aReferrer('weiss@practice.example');
    const { id } = await refer(patient.id, referrer.id);
    const asked = { referralId: id, wanted: 'The report of the earlier examination.' };
    mustBeReferral(await of(ReferralDecisionService).requestInformation(DOCTOR, asked));
    await house.quiet();
    const [letter, ...others] = house.to('weiss@practice.example');
    expect(others).toEqual([]);
    expect(letter?.subject).toMatch(/^Your referral R-[0-9A-F]{8}: please answer by [A-Z][a-z]+day \d/);
    expect(letter?.text).toContain('The report of the earlier examination.');
    expect(letter?.text).toContain(`Patient: ${patient.givenName} ${patient.familyName}, born on `);
    expect(letter?.replyTo?.text).toBe('ask@facet.example');
    expect(await toldOf(id)).toEqual({
      letters: [
        {
          id: expect.any(String),
          kind: 'REFERRAL_TOLD_REFERRER',
          status: 'SENT',
          recipient: 'REFERRER',
          outcomeCode: null,
          task: 'NONE',
        },
      ],
      referrer: { letterWithTask: null },
    });
  });

  it('goes to each party as was chosen for it, once', async () => {
    const patient = await aPatient();
    const referrer = await aReferrer('partner@practice.example');
    const { id } = await refer(patient.id, referrer.id);
    const tell = [
      { audience: 'REFERRER', method: 'LETTER' },
      {
        audience: 'PATIENT',
        method: 'EMAIL',
        email: 'for.this@example.org',
        words: 'Please bring your films.',
      },
    ] as const;
    mustBeReferral(await of(ReferralDecisionService).acceptReferral(DOCTOR, { referralId: id, tell }));
    await house.quiet();
    expect(house.to('partner@practice.example')).toEqual([]);
    const [letter, ...others] = house.to('for.this@example.org');
    expect(others).toEqual([]);
    expect(letter?.text).toContain('We have accepted the referral.');
    expect(letter?.text).toContain('Please bring your films.');
    const { letters } = await toldOf(id);
    expect(letters.map(({ kind, status, task }) => [kind, status, task]).toSorted()).toEqual([
      ['REFERRAL_TOLD_PATIENT', 'SENT', 'NONE'],
      ['REFERRAL_TOLD_REFERRER', 'SUPPRESSED', 'POST_IT'],
    ]);
  });

  it('waits for the post when the directory has no address, and the referrer shows it', async () => {
    const patient = await aPatient();
    const referrer = await aReferrer(null, ['1 Quay', 'Leeds']);
    const { id } = await refer(patient.id, referrer.id);
    const declined = { referralId: id, reasonCode: 'WRONG_PROVIDER' };
    mustBeReferral(await of(ReferralDecisionService).declineReferral(DOCTOR, declined));
    await house.quiet();
    const told = await toldOf(id);
    expect(told.letters).toContainEqual({
      id: expect.any(String),
      kind: 'REFERRAL_TOLD_REFERRER',
      status: 'SUPPRESSED',
      recipient: 'REFERRER',
      outcomeCode: 'NO_EMAIL_ADDRESS',
      task: 'POST_IT',
    });
    const letterId = told.letters.find(({ kind }) => kind === 'REFERRAL_TOLD_REFERRER')?.id;
    const PRINT = `query ($letterId: ID!) { letterView(letterId: $letterId) {
      ... on LetterView { toName toAddressLines } ... on Refusal { code } } }`;
    expect(await house.ask(PRINT, { letterId })).toEqual({
      letterView: { toName: 'Dr Jürgen Weiß', toAddressLines: ['Harbour Practice', '1 Quay', 'Leeds'] },
    });
    expect(told.referrer.letterWithTask).toEqual({
      task: 'POST_IT',
      taskInWords: 'The referrer has no e-mail address: print the letter and send it by post.',
    });
  });
});

describe('an answer of advice', () => {
  it('goes to the referrer in the clinician’s words, from a person', async () => {
    const thread = await of(AdviceService).openAdviceThread(DESK, {
      method: 'EMAIL',
      text: 'Is a bone scan of use?',
      priority: 'ROUTINE',
      source: 'GP',
      patientName: 'A. N. Other',
      referrerName: 'Dr Amrit Patel',
      referrerEmail: 'patel@surgery.example',
    });
    const answer = {
      threadId: thread.id,
      version: thread.version,
      text: 'Yes, with CT.',
      method: 'EMAIL',
    } as const;
    must(await of(AdviceService).answerAdvice(DESK, answer));
    await house.quiet();
    const [letter, ...others] = house.to('patel@surgery.example');
    expect(others).toEqual([]);
    expect(letter?.subject).toBe(`Our answer to your question (${thread.reference})`);
    expect(letter?.text).toContain('OUR ANSWER\n\nYes, with CT.\n');
    expect(letter?.headers.has('auto-submitted')).toBe(false);
    const OF_THREAD = `query ($id: ID!) { adviceThread(id: $id) { letters { kind status } } }`;
    expect(await house.ask(OF_THREAD, { id: thread.id })).toEqual({
      adviceThread: { letters: [{ kind: 'ADVICE_ANSWERED', status: 'SENT' }] },
    });
  });
});

describe('a complaint', () => {
  it('is acknowledged, with the day by which it is answered', async () => {
    const patient = await aPatient();
    await of(DataComplaintService).recordComplaint(DESK, {
      patientId: patient.id,
      complainantName: 'Themselves',
      channel: 'EMAIL',
      text: 'You sent my letter to my old address.',
    });
    await house.quiet();
    const [letter, ...others] = house.to(patient.email ?? 'nobody');
    expect(others).toEqual([]);
    expect(letter?.subject).toMatch(/^We have received your complaint \(.+\)$/);
    expect(letter?.text).not.toContain('old address');
  });
});
