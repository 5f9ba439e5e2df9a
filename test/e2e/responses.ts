import { localDate, SystemClock } from '../../src/platform/time/index.js';
import type { SignedInClient } from '../support/graphql.js';
import { until } from '../support/until.js';
import { say } from './imaging.js';
import { rowsOf } from './tables.js';
import { askForTreatment } from './treatments.js';

// A treatment that was given, on the right side and with the patient's consent, and what the patient says afterwards.

const REFUSAL = '... on Refusal { code message }';
const WHOLE = `... on Treatment { id version status planVersion } ${REFUSAL}`;
const mutation = (name: string, input: string, fields: string): string =>
  `mutation M($input: ${input}!) { ${name}(input: $input) { ${fields} } }`;

const POLICY = mutation('setDiaryPolicy', 'SetDiaryPolicyInput', `... on DiaryPolicy { id } ${REFUSAL}`);
const SCORE = mutation('recordScore', 'RecordScoreInput', `... on OutcomeScore { id } ${REFUSAL}`);
const PLAN = mutation('planTreatment', 'PlanTreatmentInput', WHOLE);
const CONSENT = mutation('recordConsent', 'RecordConsentInput', `... on ConsentRecord { id } ${REFUSAL}`);
const CONFIRM = mutation('confirmConsent', 'ConfirmConsentInput', `... on ConsentRecord { id } ${REFUSAL}`);
const PAUSE = mutation('recordSafetyPause', 'RecordSafetyPauseInput', WHOLE);
const START = mutation('startTreatment', 'StartTreatmentInput', WHOLE);
const GIVEN = mutation('recordTreatmentGiven', 'RecordTreatmentGivenInput', WHOLE);
const SAID = mutation(
  'recordDiaryEntry',
  'RecordDiaryEntryInput',
  `... on PainDiary { id proposals { id } } ${REFUSAL}`,
);
const TREATMENT = `query T($id: ID!) { treatment(id: $id) { procedureCode version
  painDiary { entries { id point version } } } }`;

interface Made {
  readonly id?: string;
  readonly version?: number;
  readonly planVersion?: number;
  readonly code?: string;
  readonly message?: string;
}

interface Seen {
  readonly treatment: {
    readonly procedureCode: string;
    readonly version: number;
    readonly painDiary: {
      readonly entries: readonly { readonly id: string; readonly point: string; readonly version: number }[];
    } | null;
  };
}

/** Who treats, and who sets when the clinic asks. */
export interface Treaters {
  readonly clinician: SignedInClient;
  readonly manager: SignedInClient;
}

/** What there is of a treatment that helped. */
export interface Treated {
  readonly treatmentId: string;
  readonly version: number;
  /** A point at which the patient is still to be asked. */
  readonly entryId: string;
  readonly entryVersion: number;
  /** That the nerve be denervated, of which nobody has said yes or no. */
  readonly proposalId: string;
}

const now = (): string => new SystemClock().now().toString();
const PLACE = { structure: 'FACET', level: 'L4_L5', side: 'LEFT', noFindingBecause: 'Tender there.' };
const ASKED = ['ANTICOAGULANT', 'ALLERGY', 'INFECTION'];

function made(answer: Made): Made & { readonly id: string } {
  const { id, code, message } = answer;
  if (id === undefined) throw new Error(`nothing was made: ${code}: ${message}`);
  return { ...answer, id };
}

/** From today on patients are asked a week and a month after a block, and the week's figure judges: it may come early. */
async function askEarly(manager: SignedInClient): Promise<void> {
  const window = { earlyMinutes: 10_080, lateMinutes: 10_080 };
  made(
    await say<Made>(manager, POLICY, {
      ...{ kind: 'MEDIAL_BRANCH_BLOCK', purpose: 'DIAGNOSTIC', judgedPoints: ['W1'], judgedBy: 'BEST' },
      points: ['BEFORE', 'W1', 'MO1'].map((point) => ({ point, ...window })),
      ...{ positivePercentMin: 50, negativePercentBelow: 30, partialFollowUp: 'BACK_TO_TEAM' },
      ...{
        proposedKind: 'RADIOFREQUENCY_DENERVATION',
        effectiveFrom: localDate(new SystemClock().now(), 'Europe/London').toString(),
        source: 'A test.',
      },
    }),
  );
}

/** A consent to the left L4/L5, signed and confirmed. */
async function consent(
  clinician: SignedInClient,
  patientId: string,
  { procedureCode, signatureDocumentId }: { procedureCode: string; signatureDocumentId: string },
): Promise<void> {
  const place = { side: 'LEFT', levels: ['L4/L5'] };
  const how = { givenBy: 'PATIENT', method: 'IN_PERSON', takerCompetence: 'PERFORMS_IT' };
  const evidence = { signatureDocumentId };
  const given = made(
    await say<Made>(clinician, CONSENT, {
      ...{ patientId, purpose: 'PROCEDURE', procedureCode, ...place, decision: 'GIVEN', ...how, evidence },
      ...{ wordingVersion: '2026-01', locale: 'en-GB', capacity: 'HAS_CAPACITY' },
      capacityStatement: 'Understood it, kept it, weighed it and said it back.',
      told: {
        indication: 'Pain of a facet joint',
        risks: [{ risk: 'Infection', figure: '1 in 10,000' }],
        options: [
          { option: 'Physiotherapy', isDoingNothing: false },
          { option: 'Wait and see', isDoingNothing: true },
        ],
        leaflets: [{ title: 'Blocks', version: '3' }],
        priorities: 'To work again',
      },
    }),
  );
  made(await say<Made>(clinician, CONFIRM, { recordId: given.id, ...place, ...how, evidence }));
}

/** Asked for, planned, agreed to, paused for, started and given. */
async function treat(
  clinician: SignedInClient,
  person: { readonly patientId: string; readonly referralId: string },
  signatureDocumentId: string,
): Promise<string> {
  const treatmentId = await askForTreatment(clinician, person);
  const { treatment } = await clinician.ask<Seen>(TREATMENT, { id: treatmentId });
  const { version, procedureCode } = treatment;
  const planned = made(
    await say<Made>(clinician, PLAN, {
      ...{ treatmentId, version, targets: [PLACE], guidance: 'ULTRASOUND', approach: 'From behind.' },
      agents: [{ agentCode: 'LIDOCAINE', doseMg: 20, volumeMl: 1 }],
      aspects: ASKED.map((aspect) => ({ aspect, finding: 'NO_CONCERN' })),
      ...{ anticoagulantPlan: 'Takes none.', proceedBecause: 'Agreed with the patient.' },
    }),
  );
  await consent(clinician, person.patientId, { procedureCode, signatureDocumentId });
  const places = [{ level: PLACE.level, side: PLACE.side }];
  const paused = made(
    await say<Made>(clinician, PAUSE, {
      ...{ treatmentId, planVersion: planned.planVersion, heldAt: now(), isPatientConfirmed: true },
      ...{ presentIds: [clinician.accountId], presentNames: ['Nurse Ana Lee'] },
      readings: ['CONSENT', 'MARK', 'IMAGE', 'PLAN'].map((source) => ({ source, places })),
      answers: ASKED.map((aspect) => ({ aspect, isSafe: true })),
    }),
  );
  const started = made(await say<Made>(clinician, START, { treatmentId, version: paused.version }));
  const batch = { batchNumber: 'LX-4711', expiresOn: '2099-12-31' };
  made(
    await say<Made>(clinician, GIVEN, {
      ...{ treatmentId, version: started.version, guidance: 'ULTRASOUND', finishedAt: now() },
      targets: [{ position: 1, wasTreated: true, needle: '22G, 90 mm' }],
      agents: [{ agentCode: 'LIDOCAINE', concentrationMgMl: 20, volumeMl: 1, ...batch }],
    }),
  );
  return treatmentId;
}

/** A block after which the pain is gone: its diary is judged, and a denervation is proposed. */
export async function treatWithRelief(
  { clinician, manager }: Treaters,
  databaseUrl: string,
  wish: {
    readonly person: { readonly patientId: string; readonly referralId: string };
    readonly signatureDocumentId: string;
  },
): Promise<Treated> {
  await askEarly(manager);
  const { patientId } = wish.person;
  const before = { patientId, instrument: 'NRS', mode: 'IN_PERSON', takenAt: now() };
  made(await say<Made>(clinician, SCORE, { ...before, answers: [{ item: 1, marked: [8] }] }));
  const id = await treat(clinician, wish.person, wish.signatureDocumentId);
  await until(
    async () =>
      (await rowsOf(databaseUrl, 'SELECT FROM pain_diaries WHERE treatment_id = $1', [id])).length > 0,
  );
  const { treatment } = await clinician.ask<Seen>(TREATMENT, { id });
  const entryOf = (wanted: string) => {
    const entry = treatment.painDiary?.entries.find(({ point }) => point === wanted);
    if (entry === undefined) throw new Error(`the diary has no point ${wanted}`);
    return entry;
  };
  const { id: entryId, version } = entryOf('W1');
  const said = await say<Made & { proposals?: readonly { id: string }[] }>(clinician, SAID, {
    ...{ entryId, version, total: 2, takenAt: now(), mode: 'TELEPHONE' },
  });
  made(said);
  const due = entryOf('MO1');
  return {
    ...{ treatmentId: id, version: treatment.version, entryId: due.id, entryVersion: due.version },
    proposalId: said.proposals?.[0]?.id ?? '',
  };
}
