import type { SignedInClient } from '../support/graphql.js';

const PLAN = `
  mutation P($input: PlanMeetingInput!) {
    planMeeting(input: $input) { ... on Meeting { id } ... on Refusal { message } }
  }`;

const PROPOSE = `
  mutation P($input: ProposeCaseInput!) {
    proposeCase(input: $input) { ... on MeetingCase { id } ... on Refusal { message } }
  }`;

function mustHaveId(made: { readonly id?: string; readonly message?: string }): string {
  if (made.id === undefined) throw new Error(`nothing was made: ${made.message}`);
  return made.id;
}

/** A meeting far ahead and a case of somebody: ids under the names of the queries that read them. */
export async function bringBeforeTeam(
  clinician: SignedInClient,
  { patientId, referralId }: { readonly patientId: string; readonly referralId: string },
): Promise<{ readonly meeting: string; readonly meetingCase: string }> {
  const { planMeeting } = await clinician.ask<{ planMeeting: { id?: string; message?: string } }>(PLAN, {
    input: {
      ...{ name: 'Spine team', startsAt: '2100-01-12T13:00:00Z', durationMinutes: 90, mode: 'HYBRID' },
      ...{ place: 'Seminar room', chairId: clinician.accountId, quorum: ['PAIN_MEDICINE'] },
    },
  });
  const { proposeCase } = await clinician.ask<{ proposeCase: { id?: string; message?: string } }>(PROPOSE, {
    input: {
      ...{ patientId, referralId, question: 'Which joint is it?' },
      sources: [{ kind: 'REFERRAL', sourceId: referralId }],
    },
  });
  return { meeting: mustHaveId(planMeeting), meetingCase: mustHaveId(proposeCase) };
}

const SERIES = `
  mutation B($input: BeginMeetingSeriesInput!) { beginMeetingSeries(input: $input) { id } }`;

const FOR_TEAM = `
  mutation P($input: ProposeForTeamInput!) {
    proposeForTeam(input: $input) { ... on CaseProposal { id } ... on Refusal { message } }
  }`;

/** Meetings every Thursday, and somebody who ought to be brought before one: the ids. */
export async function beginSeries(
  clinician: SignedInClient,
  patientId: string,
): Promise<{ readonly seriesId: string; readonly caseProposalId: string }> {
  const { beginMeetingSeries } = await clinician.ask<{ beginMeetingSeries: { id: string } }>(SERIES, {
    input: {
      ...{ name: 'Thursdays', effectiveFrom: '2100-01-01', weekday: 4, everyWeeks: 1, startsAtTime: '13:00' },
      ...{ durationMinutes: 90, mode: 'VIRTUAL', place: 'https://meet.example.org/spine' },
      ...{ chairId: clinician.accountId, quorum: ['PAIN_MEDICINE', 'NURSING'] },
    },
  });
  const { proposeForTeam } = await clinician.ask<{ proposeForTeam: { id?: string; message?: string } }>(
    FOR_TEAM,
    { input: { patientId, kind: 'REQUEST', sourceId: patientId, because: 'The GP asks for it.' } },
  );
  return { seriesId: beginMeetingSeries.id, caseProposalId: mustHaveId(proposeForTeam) };
}
