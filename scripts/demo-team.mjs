// npm run -s demo team: a case before the team, what it decides, and what becomes of that.
import { ask, done, doneSo, now, signInAs, stop } from './demo-api.mjs';

const MEMBERS = { clinician: 'PAIN_MEDICINE', mdt: 'PHYSIOTHERAPY' };
const QUESTION = 'Is the left facet joint of L4/L5 the source of the pain?';
const TARGET = {
  ...{ structure: 'FACET', level: 'L4_L5', side: 'LEFT' },
  noFindingBecause: 'The demo clinic has no signed report yet.',
};
const OUTCOME = 'CaseDecision { id current { number fingerprint } }';

const dayIn = (days) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
const nameOf = ({ givenName, familyName }) => `${givenName} ${familyName}`;

/** The two members of the team, with their disciplines: whoever has none can neither write nor count. */
async function gather() {
  const [admin, ...tokens] = await Promise.all(['admin', ...Object.keys(MEMBERS)].map(signInAs));
  const team = [];
  for (const [at, discipline] of Object.values(MEMBERS).entries()) {
    const token = tokens[at];
    const { currentStaff, myDisciplines } = await ask(
      '{ currentStaff { account { id displayName } } myDisciplines { discipline } }',
      {},
      token,
    );
    if (!myDisciplines.some((one) => one.discipline === discipline)) {
      const input = { staffId: currentStaff.account.id, discipline, effectiveFrom: dayIn(0) };
      await done(admin, 'recordStaffDiscipline', 'StaffDiscipline { id }', input);
    }
    team.push({ ...currentStaff.account, token, discipline });
  }
  return team;
}

/** A case with all that a list asks for. */
async function bringCase([chair, physiotherapist]) {
  const { referrals } = await ask(
    '{ referrals(filter: { statuses: [ACCEPTED] }) { items { id patient { id givenName familyName } } } }',
    {},
    chair.token,
  );
  const [{ id: referralId, patient }] = referrals.items;
  const made = await done(chair.token, 'proposeCase', 'MeetingCase { id version }', {
    ...{ patientId: patient.id, referralId, question: QUESTION },
    ...{ presenterId: chair.id, knowsPatientId: physiotherapist.id },
    sources: [{ kind: 'REFERRAL', sourceId: referralId }],
  });
  const written = await done(
    physiotherapist.token,
    'writeCaseProforma',
    'MeetingCase { id version patientId }',
    {
      ...{ caseId: made.id, version: made.version },
      ...{ preferences: 'Would rather not have an operation.', whatMatters: 'To lift her grandson.' },
      ...{ function: 'Walks for ten minutes.', work: 'Off work since May.', comorbidity: 'None known.' },
      ...{ medication: 'Naproxen; no anticoagulant.', capacityAndNeeds: 'Has capacity.' },
      previousTreatments: 'Physiotherapy for four months.',
    },
  );
  return { ...written, patient };
}

/** A meeting that begins at once: its list has closed, so that the case says why it comes so late. */
async function meet(team, { id: caseId, version }) {
  const [chair, physiotherapist] = team;
  const quorum = team.map(({ discipline }) => discipline);
  const { id: meetingId } = await done(chair.token, 'planMeeting', 'Meeting { id }', {
    ...{ name: 'Spine team', startsAt: new Date(Date.now() + 60_000).toISOString(), durationMinutes: 30 },
    ...{ mode: 'HYBRID', place: 'Meeting room', chairId: chair.id, quorum },
  });
  const late = { lateUrgency: 'URGENT', lateReason: 'So that it can be shown in two minutes.' };
  await done(chair.token, 'listCase', 'MeetingCase { id }', { caseId, version, meetingId, ...late });
  await doneSo(chair.token, `beginMeeting(meetingId: "${meetingId}")`, 'Meeting { id }');
  for (const { id: staffId, discipline } of team)
    await done(chair.token, 'recordAttendance', 'Meeting { id }', { meetingId, staffId, discipline });
  await doneSo(chair.token, `beginCase(caseId: "${caseId}")`, 'MeetingCase { id }');
  const typed = await done(chair.token, 'typeDecision', OUTCOME, {
    ...{ caseId, checkerId: physiotherapist.id, baseVersion: 0, kind: 'RECOMMENDATION' },
    recommendation: 'A medial branch block of L4/L5 on the left.',
    options: [{ option: 'Exercise alone', inFavour: 'No needle.', against: 'Four months were tried.' }],
    evidence: [{ citation: 'NICE NG59', says: 'Denervation after a positive medial branch block.' }],
    dissent: [{ who: physiotherapist.displayName, what: 'Graded exercise first.' }],
    codes: [],
  });
  const read = {
    decisionId: typed.id,
    version: typed.current.number,
    fingerprint: typed.current.fingerprint,
  };
  await done(physiotherapist.token, 'checkDecision', OUTCOME, read);
  await doneSo(chair.token, `endCase(caseId: "${caseId}")`, 'MeetingCase { id }');
  await done(chair.token, 'signOffDecision', OUTCOME, read);
  await doneSo(chair.token, `closeMeeting(meetingId: "${meetingId}")`, 'Meeting { id }');
  return typed.id;
}

/** What the patient wants, the letter to them, and the block as what the action becomes. */
async function carryOut([chair], decisionId) {
  const { token, id: clinicianId } = chair;
  await done(token, 'recordPatientDecision', 'CaseDecision { id }', {
    ...{ decisionId, choice: 'ACCEPTED', clinicianId, decidedAt: now() },
    notes: 'Understood what it shows and what it does not.',
  });
  const draft = `draftDecisionLetter(decisionId: "${decisionId}", to: { audience: PATIENT })`;
  const letter = await doneSo(token, draft, 'DecisionLetter { id version text }');
  const approve = `approveDecisionLetter(letterId: "${letter.id}", version: ${letter.version})`;
  await doneSo(token, approve, 'DecisionLetter { id }');
  const action = await addAction(token, {
    ...{ decisionId, kind: 'TREATMENT_REQUEST', what: 'Medial branch block', ownerId: clinicianId },
    dueOn: dayIn(10),
  });
  const started = await done(
    token,
    'startDecisionAction',
    'DecisionAction { status becameOf { id kind state } }',
    {
      ...{ actionId: action.id, version: action.version },
      treatment: {
        ...{ kind: 'MEDIAL_BRANCH_BLOCK', targets: [TARGET], conservativeWeeks: 16 },
        because: 'To find out whether that joint is the source.',
        ...{ indication: 'Chronic low back pain.', alternatives: 'Exercise; waiting; doing nothing.' },
      },
    },
  );
  return { letter, started };
}

async function addAction(token, input) {
  const { addDecisionAction } = await ask(
    `mutation ($input: AddDecisionActionInput!) { addDecisionAction(input: $input) { ... on DecisionAction { id version } } }`,
    { input },
    token,
  );
  return addDecisionAction.id ? addDecisionAction : stop('The action was not added.');
}

export const TEAM = {
  async team() {
    const team = await gather();
    const proposed = await bringCase(team);
    const { letter, started } = await carryOut(team, await meet(team, proposed));
    const { kind, state } = started.becameOf;
    console.log(`The team has discussed ${nameOf(proposed.patient)}; it was typed, checked and signed.`);
    console.log(`\nTo the patient, once it is approved (.facet/mail):\n\n${letter.text}\n`);
    console.log(`The action is ${started.status}: ${kind}, ${state}. Next: npm run -s demo block`);
  },
};
