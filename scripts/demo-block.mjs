// npm run -s demo <block|relief>: the treatment that the team advised, on the right side, and what the patient says of it.
import { ask, attempt, done, HTTP, must, now, signInAs, stop } from './demo-api.mjs';

const KIND = 'MEDIAL_BRANCH_BLOCK';
const PLACE = { structure: 'FACET', level: 'L4_L5', side: 'LEFT' };
const TARGET = { ...PLACE, noFindingBecause: 'The demo clinic has no signed report yet.' };
const ASPECTS = ['ANTICOAGULANT', 'ALLERGY', 'INFECTION'];
const WORDING = 'demo-procedures-1';
const PAIN_BEFORE = 8;
const TREATMENT = 'id version status kind planVersion patientId requestedAt targets { position level side }';
const DIARY = `painDiary { judgement { verdict percentRelief followUp }
  entries { id version point status dueAt total timing } }`;

const DIARY_AFTER = 'PainDiary { judgement { verdict } entries { id total timing } }';

/** The newest block that is not over, or the newest that was given. */
async function newestBlock(token, statuses) {
  const { treatments } = await ask(
    `query ($statuses: [TreatmentStatus!]) { treatments(filter: { kind: ${KIND}, statuses: $statuses }) {
      items { ${TREATMENT} } } }`,
    { statuses },
    token,
  );
  const [newest] = treatments.items.toSorted((a, b) => b.requestedAt.localeCompare(a.requestedAt));
  return newest ?? stop('There is none. Bring a case before the team first: npm run -s demo team');
}

/** The demo clinic has no words for consent to procedures; a manager publishes some. */
async function publishWording() {
  const manager = await signInAs('manager');
  const proposal = await attempt(manager, 'proposeConsentWording', 'ConsentWordingProposal { id sha256 }', {
    ...{ purpose: 'PROCEDURE', version: WORDING, locale: 'en-GB', reason: 'For the demo.' },
    text: 'I agree to the procedure that is named on this form, on the side and at the levels that are named on it.',
  });
  if (proposal.code === 'WordingVersionTaken') return;
  const { id: proposalId, sha256 } = must(proposal);
  await done(manager, 'publishConsentWording', 'ConsentWording { id }', { proposalId, sha256 });
}

async function fileForm(token, patientId) {
  const form = new FormData();
  const fields = { subjectType: 'PATIENT', subjectId: patientId, kind: 'CONSENT_FORM' };
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append('file', new Blob(['Signed.\n'], { type: 'text/plain' }), 'consent.txt');
  const headers = { authorization: `Bearer ${token}` };
  const response = await fetch(`${HTTP}/documents`, { method: 'POST', headers, body: form });
  const answer = await response.json();
  return answer.document?.id ?? answer.id ?? stop(`The form was not taken: ${response.status}`);
}

/** A "yes" to this procedure at these places, asked again on the day. */
async function consent(token, { patientId, kind: procedureCode }) {
  await publishWording();
  const evidence = { signatureDocumentId: await fileForm(token, patientId) };
  const place = { side: TARGET.side, levels: [TARGET.level.replace('_', '/')] };
  const answer = { givenBy: 'PATIENT', method: 'IN_PERSON', takerCompetence: 'PERFORMS_IT', evidence };
  const { id: recordId } = await done(token, 'recordConsent', 'ConsentRecord { id }', {
    ...{ ...answer, ...place, patientId, procedureCode, purpose: 'PROCEDURE', decision: 'GIVEN' },
    ...{ wordingVersion: WORDING, locale: 'en-GB', capacity: 'HAS_CAPACITY' },
    capacityStatement: 'Understood it, kept it, weighed it and said it back.',
    told: {
      indication: 'Facet pain',
      risks: [{ risk: 'Infection', figure: '1 in 10,000' }],
      options: [
        { option: 'Exercise', isDoingNothing: false },
        { option: 'Wait and see', isDoingNothing: true },
      ],
      leaflets: [{ title: 'Medial branch block', version: '3' }],
    },
  });
  await done(token, 'confirmConsent', 'ConsentRecord { id }', { ...answer, ...place, recordId });
}

/** What is read out in the room; the mark on the skin may be on another side. */
function pause({ id: treatmentId, planVersion, targets }, clinicianId, marked = TARGET.side) {
  const places = targets.map(({ level, side }) => ({ level, side }));
  const mark = places.map((place) => ({ ...place, side: marked }));
  return {
    ...{ treatmentId, planVersion, isPatientConfirmed: true, heldAt: now() },
    ...{ presentIds: [clinicianId], presentNames: ['Nurse Grace Mbeki'] },
    readings: [
      { source: 'CONSENT', places },
      { source: 'MARK', places: mark },
      { source: 'IMAGE', places },
      { source: 'PLAN', places },
    ],
    answers: ASPECTS.map((aspect) => ({ aspect, isSafe: true })),
  };
}

async function plan(token, { id: treatmentId, version, patientId }) {
  await done(token, 'recordScore', 'OutcomeScore { id }', {
    ...{ patientId, instrument: 'NRS', mode: 'IN_PERSON', period: 'NOW', takenAt: now() },
    answers: [{ item: 1, marked: [PAIN_BEFORE] }],
  });
  return done(token, 'planTreatment', `Treatment { ${TREATMENT} }`, {
    ...{ treatmentId, version, targets: [TARGET], guidance: 'ULTRASOUND', approach: 'Prone, from behind.' },
    ...{ anticoagulantPlan: 'Takes none.', proceedBecause: 'For the demo: whatever the terms say.' },
    agents: [{ agentCode: 'LIDOCAINE', doseMg: 20, volumeMl: 1 }],
    aspects: ASPECTS.map((aspect) => ({ aspect, finding: 'NO_CONCERN' })),
  });
}

async function give(token, { id: treatmentId, version }) {
  const wanted = `Treatment { ${TREATMENT} }`;
  const started = await done(token, 'startTreatment', wanted, { treatmentId, version });
  return done(token, 'recordTreatmentGiven', wanted, {
    ...{ treatmentId, version: started.version, guidance: 'ULTRASOUND', finishedAt: now() },
    targets: started.targets.map(({ position }) => ({ position, wasTreated: true, needle: '22G, 90 mm' })),
    agents: [
      {
        agentCode: 'LIDOCAINE',
        concentrationMgMl: 20,
        volumeMl: 1,
        batchNumber: 'LX-4711',
        expiresOn: '2099-12-31',
      },
    ],
  });
}

/** The diary of a block; it is opened by a job, a moment after. */
async function diaryOf(token, id) {
  for (let tries = 0; tries < 50; tries += 1) {
    const { treatment } = await ask(`query ($id: ID!) { treatment(id: $id) { ${DIARY} } }`, { id }, token);
    if (treatment.painDiary !== null) return treatment.painDiary;
    await new Promise((settle) => setTimeout(settle, 200));
  }
  return stop('The diary was not opened. Is the worker running?');
}

async function showMap(token, patientId) {
  const { painSourceMap } = await ask(
    `query ($id: ID!) { painSourceMap(patientId: $id) {
      sources { structure level side status uptake treatments { kind verdict percentRelief } } next { structure level side } } }`,
    { id: patientId },
    token,
  );
  console.log(JSON.stringify(painSourceMap, null, 2));
}

/** What a figure is worth: of a block only figures that were taken on time judge. */
function worthOf({ judgement, entries }, entryId) {
  const { total, timing } = entries.find(({ id }) => id === entryId);
  const worth =
    timing === 'ON_TIME'
      ? 'on time: it judges the block'
      : `${timing.toLowerCase()}: it is kept and shown, and does not judge the block`;
  return `pain ${total}, ${worth}. The verdict: ${judgement?.verdict ?? 'none before the other figures are there'}.`;
}

export const BLOCK = {
  async block() {
    const token = await signInAs('clinician');
    const { currentStaff } = await ask('{ currentStaff { account { id } } }', {}, token);
    const planned = await plan(token, await newestBlock(token, ['REQUESTED', 'PLANNED']));
    await consent(token, planned);
    const wrong = pause(planned, currentStaff.account.id, 'RIGHT');
    const refused = await attempt(token, 'recordSafetyPause', `Treatment { ${TREATMENT} }`, wrong);
    console.log(`The mark on the wrong side: ${refused.code}: ${refused.message}`);
    const paused = await done(
      token,
      'recordSafetyPause',
      `Treatment { ${TREATMENT} }`,
      pause(planned, currentStaff.account.id),
    );
    const { id, status } = await give(token, paused);
    console.log(`The right one: ${status}. The patient is asked:`);
    for (const { point, status: state, dueAt, total } of (await diaryOf(token, id)).entries)
      console.log(`  ${point.padEnd(6)} ${dueAt}  ${state}${total === null ? '' : `, pain ${total}`}`);
    console.log('With each figure that they say: npm run -s demo relief 4');
  },
  async relief() {
    const token = await signInAs('clinician');
    const { id, patientId } = await newestBlock(token, ['DONE']);
    const { entries } = await diaryOf(token, id);
    const entry = entries.find(({ status, point }) => status === 'DUE' && point !== 'BEFORE');
    const total = Number(process.argv[3] ?? '4');
    const said = await attempt(token, 'recordDiaryEntry', DIARY_AFTER, {
      ...{ entryId: entry?.id ?? stop('Every figure is there.'), version: entry.version, total },
      ...{ mode: 'TELEPHONE', takenAt: now() },
    });
    console.log(`${entry.point}: ${said.message ?? worthOf(said, entry.id)}`);
    await showMap(token, patientId);
  },
};
