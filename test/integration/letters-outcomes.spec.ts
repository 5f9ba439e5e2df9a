import 'reflect-metadata';
import { expect, it } from 'vitest';
import { FixedClock } from '../support/fixed-clock.js';
import { LetterHouse } from '../support/letters.house.js';
import { makePatient, patientServiceOn } from '../support/patients.factory.js';

// The whole service with its worker and a mail server: what cannot wait is told to the clinic, by a reference and nothing
// else, and shown with the patient until a clinician has closed it.

const house = LetterHouse.use('CLINICIAN', 'MANAGER');
const THEN = new FixedClock('2026-03-02T12:00:00Z');

const RECORD = `
  mutation ($input: RecordScoreInput!) {
    recordScore(input: $input) {
      ... on OutcomeScore {
        id total band { code } riskTaskId isRiskUnanswered recordedByName answers { item marked value }
        rules { riskItem importantChangeSource } change { points isImportant since { id } }
      }
      ... on Refusal { code message }
    }
  }`;
const PATIENT = `
  query ($id: ID!) {
    patient(id: $id) {
      flags { sentence severity }
      scores(instrument: PHQ9) { items { id total } nextCursor }
      openRiskTasks { id reference status raisedByName claimedByName events { kind byName } }
    }
  }`;
const CLAIM =
  'mutation ($id: ID!) { claimRiskTask(riskTaskId: $id) { ... on RiskTask { status } ... on Refusal { code } } }';
const CLOSE =
  'mutation ($id: ID!) { closeRiskTask(input: { riskTaskId: $id, note: "Spoke with them." }) { ... on RiskTask { status closedByName } ... on Refusal { code } } }';

interface Shown {
  readonly patient: {
    readonly flags: readonly { readonly sentence: string }[];
    readonly scores: { readonly items: readonly { readonly id: string }[] };
    readonly openRiskTasks: readonly { readonly id: string; readonly reference: string }[];
  };
}

it('an answer above 0 to item 9 is told at once, shown with the patient, and closed by whoever took it on', async () => {
  const { id: patientId } = await makePatient(patientServiceOn(house.database, THEN));
  const marks = (risk: number) =>
    [0, 0, 0, 0, 0, 0, 0, 0, risk].map((mark, at) => ({ item: at + 1, marked: [mark] }));
  const record = async (takenAt: string, risk: number) => {
    const input = { patientId, instrument: 'PHQ9', mode: 'PAPER', takenAt, answers: marks(risk) };
    const { recordScore } = await house.ask<{ recordScore: { id: string; riskTaskId: string | null } }>(
      RECORD,
      {
        input,
      },
    );
    return recordScore;
  };
  const first = await record('2026-03-02T10:00:00Z', 0);
  expect(first).toMatchObject({ total: 0, riskTaskId: null, change: null, rules: { riskItem: 9 } });
  const risky = await record('2026-03-02T11:00:00Z', 1);
  expect(risky).toMatchObject({
    ...{ total: 1, band: { code: 'MINIMAL' }, recordedByName: 'Desk' },
    change: { points: 1, isImportant: false, since: { id: first.id } },
  });
  const id = risky.riskTaskId;
  await house.quiet();
  const { patient } = await house.ask<Shown>(PATIENT, { id: patientId });
  expect(patient).toMatchObject({
    flags: [{ severity: 'HIGH', sentence: expect.stringContaining('Fetch a clinician') }],
    scores: { items: [{ id: risky.id }, { id: first.id }], nextCursor: null },
    openRiskTasks: [{ id, status: 'OPEN', raisedByName: 'Desk', claimedByName: null, events: [] }],
  });
  const reference = patient.openRiskTasks[0]?.reference ?? '';
  const notices = house.to('desk@facet.example').filter(({ subject }) => subject?.includes(reference));
  expect(notices.map(({ subject }) => subject)).toEqual([`URGENT: open ${reference} now`]);
  expect(notices[0]?.text).not.toMatch(/PHQ|suicid|questionnaire|score/i);
  expect(await house.ask(CLAIM, { id })).toEqual({ claimRiskTask: { status: 'CLAIMED' } });
  expect(await house.ask(CLOSE, { id })).toEqual({
    closeRiskTask: { status: 'CLOSED', closedByName: 'Desk' },
  });
  const after = await house.ask<Shown>(PATIENT, { id: patientId });
  expect(after.patient).toMatchObject({ flags: [], openRiskTasks: [] });
});

it('rules, words and policies are asked for and set through the graph', async () => {
  const rules = await house.ask<{ outcomeInstruments: readonly { instrument: string }[] }>(
    '{ outcomeInstruments { instrument name scoringSource missingSource bands { code label from to } bandsSource } }',
  );
  expect(rules.outcomeInstruments.map(({ instrument }) => instrument)).toEqual([
    'NRS',
    'ODI',
    'PHQ9',
    'GAD7',
    'PSEQ',
  ]);
  const words = '{ instrumentWording(instrument: NRS) { items { text } } }';
  expect(await house.ask(words)).toEqual({ instrumentWording: null });
  const input = {
    ...{ instrument: 'NRS', language: 'en-GB', instrumentVersion: '0-10', licenceHolder: 'Example Clinic' },
    ...{ licenceReference: 'none needed', validFrom: '2026-01-01', instruction: 'Choose one.' },
    items: [{ text: 'How bad is it?' }],
  };
  const enter =
    'mutation ($input: EnterInstrumentWordingInput!) { enterInstrumentWording(input: $input) { ... on InstrumentWording { id isLicensedToday } ... on Refusal { code message } } }';
  expect(await house.ask(enter, { input })).toMatchObject({
    enterInstrumentWording: { isLicensedToday: true },
  });
  expect(await house.ask(words)).toEqual({ instrumentWording: { items: [{ text: 'How bad is it?' }] } });
  const policies = await house.ask<{ riskTaskPolicies: readonly object[] }>(
    '{ riskTaskPolicies { claimWithinMinutes closeWithinMinutes repeatMinutes effectiveFrom source } }',
  );
  expect(policies.riskTaskPolicies).toMatchObject([{ claimWithinMinutes: 15, effectiveFrom: '2000-01-01' }]);
});
