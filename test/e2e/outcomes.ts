import type { SignedInClient } from '../support/graphql.js';

const RECORD = `
  mutation R($input: RecordScoreInput!) {
    recordScore(input: $input) { ... on OutcomeScore { id riskTaskId } ... on Refusal { message } }
  }`;

/** PHQ-9 of somebody who answered 1 to the last item: ids under the names of the queries that read them. */
export async function answerRiskily(
  clinician: SignedInClient,
  patientId: string,
): Promise<{ readonly outcomeScore: string; readonly riskTask: string }> {
  const input = {
    ...{ patientId, instrument: 'PHQ9', mode: 'PAPER', takenAt: '2026-01-05T10:00:00Z' },
    answers: Array.from({ length: 9 }, (_, at) => ({ item: at + 1, marked: [1] })),
  };
  const { recordScore } = await clinician.ask<{
    recordScore: { id?: string; riskTaskId?: string; message?: string };
  }>(RECORD, { input });
  const { id, riskTaskId } = recordScore;
  if (id === undefined || riskTaskId === undefined) throw new Error(`no score: ${recordScore.message}`);
  return { outcomeScore: id, riskTask: riskTaskId };
}
