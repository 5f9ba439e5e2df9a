import type { SignedInClient } from '../support/graphql.js';

const REQUEST = `
  mutation R($input: RequestTreatmentInput!) {
    requestTreatment(input: $input) { ... on Treatment { id } ... on Refusal { message } }
  }`;

/** A treatment that a clinician asks for: its id. */
export async function askForTreatment(
  clinician: SignedInClient,
  { patientId, referralId }: { readonly patientId: string; readonly referralId: string },
): Promise<string> {
  const target = { structure: 'FACET', level: 'L4_L5', side: 'LEFT', noFindingBecause: 'Tender there.' };
  const input = {
    ...{ patientId, referralId, kind: 'MEDIAL_BRANCH_BLOCK', targets: [target] },
    because: 'To find out whether that joint is the source.',
    indication: 'Chronic low back pain.',
    alternatives: 'Physiotherapy; doing nothing.',
  };
  const { requestTreatment } = await clinician.ask<{ requestTreatment: { id?: string; message?: string } }>(
    REQUEST,
    { input },
  );
  if (requestTreatment.id === undefined) throw new Error(`not asked for: ${requestTreatment.message}`);
  return requestTreatment.id;
}
