import { SystemClock } from '../../src/platform/time/index.js';
import type { SignedInClient } from '../support/graphql.js';
import { say } from './imaging.js';
import { practise } from './notes.js';

// A meeting that is held: one case of it was discussed, decided and signed, another one is being discussed.

const REFUSAL = '... on Refusal { code message }';
const mutation = (name: string, input: string, fields: string): string =>
  `mutation M($input: ${input}!) { ${name}(input: $input) { ${fields} } }`;

const PLAN = mutation('planMeeting', 'PlanMeetingInput', `... on Meeting { id } ${REFUSAL}`);
const PROPOSE = mutation('proposeCase', 'ProposeCaseInput', `... on MeetingCase { id version } ${REFUSAL}`);
const PROFORMA = mutation(
  'writeCaseProforma',
  'WriteCaseProformaInput',
  `... on MeetingCase { id version } ${REFUSAL}`,
);
const LIST = mutation('listCase', 'ListCaseInput', `... on MeetingCase { id version } ${REFUSAL}`);
const ATTEND = mutation(
  'recordAttendance',
  'RecordAttendanceInput',
  `... on Meeting { attendances { id } } ${REFUSAL}`,
);
const TYPE = mutation(
  'typeDecision',
  'TypeDecisionInput',
  `... on CaseDecision { id current { number fingerprint } } ${REFUSAL}`,
);
const CHECK = mutation('checkDecision', 'CheckDecisionInput', `... on CaseDecision { id } ${REFUSAL}`);
const SIGN = mutation('signOffDecision', 'SignOffDecisionInput', `... on CaseDecision { id } ${REFUSAL}`);
const AGREE = mutation(
  'recordPatientDecision',
  'RecordPatientDecisionInput',
  `... on CaseDecision { id } ${REFUSAL}`,
);
const ACT = mutation(
  'addDecisionAction',
  'AddDecisionActionInput',
  `... on DecisionAction { id } ${REFUSAL}`,
);
const BEGIN_MEETING = `mutation B($id: ID!) { beginMeeting(meetingId: $id) { ... on Meeting { id } ${REFUSAL} } }`;
const BEGIN_CASE = `mutation B($id: ID!) { beginCase(caseId: $id) { ... on MeetingCase { id } ${REFUSAL} } }`;
const END_CASE = `mutation E($id: ID!) { endCase(caseId: $id) { ... on MeetingCase { id } ${REFUSAL} } }`;
const DRAFT = `mutation D($id: ID!) { draftDecisionLetter(decisionId: $id, to: { audience: PATIENT }) {
  ... on DecisionLetter { id } ${REFUSAL} } }`;

interface Made {
  readonly id?: string;
  readonly version?: number;
  readonly code?: string;
  readonly message?: string;
}

interface Typed extends Made {
  readonly current?: { readonly number: number; readonly fingerprint: string };
}

interface Person {
  readonly patientId: string;
  readonly referralId: string;
}

/** Who meets: one of them types and signs, the other one checks. */
export interface Team {
  readonly admin: SignedInClient;
  readonly chair: SignedInClient;
  readonly checker: SignedInClient;
}

/** What there is of a meeting that is under way. */
export interface Sitting {
  readonly meetingId: string;
  readonly attendanceId: string;
  /** A case that is being discussed. */
  readonly caseId: string;
  /** Of the case that was discussed before it: signed, and the patient agrees. */
  readonly decisionId: string;
  readonly actionId: string;
  readonly letterId: string;
}

function made({ id, code, message }: Made): string {
  if (id === undefined) throw new Error(`nothing was made: ${code}: ${message}`);
  return id;
}

const doTo = async (client: SignedInClient, text: string, id: string): Promise<string> => {
  const [answer] = Object.values(await client.ask<Record<string, Made>>(text, { id }));
  return made(answer ?? {});
};

const ANSWERS = {
  preferences: 'Would rather not have an operation.',
  whatMatters: 'To lift a grandson.',
  function: 'Walks for ten minutes.',
  work: 'Off work since May.',
  medication: 'Naproxen; no anticoagulant.',
  previousTreatments: 'Physiotherapy for four months.',
  comorbidity: 'None known.',
  capacityAndNeeds: 'Has capacity. Large print.',
};

/** A case with its proforma, on the list of a meeting of which the list is closed. */
async function listed(chair: SignedInClient, meetingId: string, person: Person): Promise<string> {
  const { accountId } = chair;
  const proposed = await say<Made>(chair, PROPOSE, {
    ...{ ...person, question: 'Is the left L4/L5 facet joint the source?' },
    ...{ presenterId: accountId, knowsPatientId: accountId },
    sources: [{ kind: 'REFERRAL', sourceId: person.referralId }],
  });
  const caseId = made(proposed);
  const written = await say<Made>(chair, PROFORMA, { caseId, version: proposed.version, ...ANSWERS });
  const { version } = written;
  const late = { lateUrgency: 'URGENT', lateReason: 'The pain got worse this morning.' };
  return made(await say<Made>(chair, LIST, { caseId, version, meetingId, ...late }));
}

/** The words of a decision that recommends a block. */
export const aDecision = (caseId: string, checkerId: string) => ({
  ...{ caseId, checkerId, baseVersion: 0, kind: 'RECOMMENDATION' },
  recommendation: 'Medial branch block, left L4/L5.',
  options: [{ option: 'Block', inFavour: 'Uptake there.', against: 'A needle.' }],
  codes: [{ system: 'OPCS-4', code: 'A735', display: 'Injection around a nerve' }],
  evidence: [{ citation: 'NICE NG59', says: 'Denervation after a positive block.' }],
  dissent: [{ who: 'A physiotherapist', what: 'Exercise first.' }],
});

/** The first case is decided and signed, and its patient agrees. */
async function decide({ chair, checker }: Team, caseId: string): Promise<string> {
  await doTo(chair, BEGIN_CASE, caseId);
  const typed = await say<Typed>(chair, TYPE, aDecision(caseId, checker.accountId));
  const decisionId = made(typed);
  const seen = {
    decisionId,
    version: typed.current?.number,
    fingerprint: typed.current?.fingerprint,
  };
  made(await say<Made>(checker, CHECK, seen));
  await doTo(chair, END_CASE, caseId);
  made(await say<Made>(chair, SIGN, seen));
  const said = { choice: 'ACCEPTED', notes: 'Understands that it may not help.' };
  const decidedAt = new SystemClock().now().toString();
  made(await say<Made>(chair, AGREE, { decisionId, ...said, decidedAt, clinicianId: chair.accountId }));
  return decisionId;
}

/** A meeting that is held now, by two people of two disciplines. */
export async function holdMeeting(team: Team, people: readonly [Person, Person]): Promise<Sitting> {
  const { admin, chair, checker } = team;
  await practise(admin, checker.accountId, 'PHYSIOTHERAPY');
  const startsAt = new SystemClock().now().add({ minutes: 30 }).toString();
  const planned = await say<Made>(chair, PLAN, {
    ...{ name: 'Spine team today', startsAt, durationMinutes: 60, mode: 'HYBRID', place: 'Seminar room' },
    ...{ chairId: chair.accountId, quorum: ['NURSING', 'PHYSIOTHERAPY'] },
  });
  const meetingId = made(planned);
  const [first, second] = [
    await listed(chair, meetingId, people[0]),
    await listed(chair, meetingId, people[1]),
  ];
  await doTo(chair, BEGIN_MEETING, meetingId);
  const there = { meetingId, isVirtual: false };
  await say(chair, ATTEND, { ...there, staffId: chair.accountId, discipline: 'NURSING' });
  const { attendances = [] } = await say<{ attendances?: { id: string }[] }>(chair, ATTEND, {
    ...{ ...there, staffId: checker.accountId, discipline: 'PHYSIOTHERAPY' },
  });
  const decisionId = await decide(team, first);
  const act = { decisionId, kind: 'OTHER', what: 'Ring the patient.', ownerId: chair.accountId };
  const actionId = made(await say<Made>(chair, ACT, { ...act, dueOn: '2100-01-04' }));
  const letterId = await doTo(chair, DRAFT, decisionId);
  await doTo(chair, BEGIN_CASE, second);
  const attendanceId = attendances.at(-1)?.id ?? '';
  return { meetingId, attendanceId, caseId: second, decisionId, actionId, letterId };
}
