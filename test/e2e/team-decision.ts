import type { SignedInClient } from '../support/graphql.js';
import { done, doneSo, type Made } from './asking.js';
import { referrerCalled, type TeamClinic } from './team-clinic.js';
import type { Scanned } from './team-patient.js';

// What the team decides of a case, and what becomes of it: the patient's own word, letters, and what is started.

const DECISION = `CaseDecision { id version status quorumPresent quorumRequired patientWords { choice }
  current { number fingerprint kind } }`;
const LETTER = 'DecisionLetter { id version status audience text }';

export const TYPE = { verb: 'typeDecision', wanted: DECISION } as const;
export const CHECK = { verb: 'checkDecision', wanted: DECISION } as const;
export const SIGN_OFF = {
  verb: 'signOffDecision',
  wanted: `${DECISION} ... on QuorumMissing { missing }`,
} as const;

export interface DecisionSeen extends Made {
  readonly status: string;
  readonly current: { readonly number: number; readonly fingerprint: string; readonly kind: string };
}

/** What is checked and signed: the version that was read. */
export const read = ({ id, current }: DecisionSeen) => ({
  ...{ decisionId: id, version: current.number, fingerprint: current.fingerprint },
});

export const aRecommendation = (clinic: TeamClinic, caseId: string, what: string) => ({
  ...{ caseId, checkerId: clinic.the('surgeon').accountId, baseVersion: 0, kind: 'RECOMMENDATION' },
  recommendation: what,
  options: [
    { option: 'Medial branch block', inFavour: 'Uptake there.', against: 'A needle.' },
    { option: 'Exercise alone', inFavour: 'No needle.', against: 'Four months were tried.' },
  ],
  codes: [],
  evidence: [{ citation: 'NICE NG59', says: 'Denervation after a positive medial branch block.' }],
  dissent: [{ who: 'Ines Marchetti, physiotherapy', what: 'Graded exercise first.' }],
});

/** Typed by the chair and checked by the surgeon. */
export async function typeAndCheck(clinic: TeamClinic, input: object): Promise<DecisionSeen> {
  const typed = await done<DecisionSeen>(clinic.the('clinician'), TYPE, input);
  return done<DecisionSeen>(clinic.the('surgeon'), CHECK, read(typed));
}

export function signOff(clinic: TeamClinic, decision: DecisionSeen): Promise<DecisionSeen> {
  return done<DecisionSeen>(clinic.the('clinician'), SIGN_OFF, read(decision));
}

/** What the patient wants, with the clinician who spoke with them. */
export async function agree(clinic: TeamClinic, decisionId: string): Promise<void> {
  const clinician = clinic.the('clinician');
  await done(
    clinician,
    { verb: 'recordPatientDecision', wanted: DECISION },
    {
      ...{ decisionId, choice: 'ACCEPTED', clinicianId: clinician.accountId },
      ...{
        decidedAt: clinic.clock.now().toString(),
        notes: 'Understood what it shows and what it does not.',
      },
    },
  );
}

/** Letters to the patient, the GP and the referrer: drafted, the patient's put in their words, approved; whom they go to. */
export async function sendLetters(
  clinic: TeamClinic,
  decisionId: string,
  patientEmail: string,
): Promise<readonly string[]> {
  const clinician = clinic.the('clinician');
  const gp = await referrerCalled(clinician, 'Amelia Hart');
  const referrer = await referrerCalled(clinician, 'Benedict Shaw');
  const letters = [
    await draft(clinician, decisionId, '{ audience: PATIENT }'),
    await draft(clinician, decisionId, `{ audience: GP, recipientId: "${gp.id}" }`),
    await draft(clinician, decisionId, `{ audience: REFERRER, recipientId: "${referrer.id}" }`),
  ];
  for (const letter of letters) {
    const edited = await done(
      clinician,
      { verb: 'rewordDecisionLetter', wanted: LETTER },
      { letterId: letter.id, version: letter.version, text: `${letter.text}\n\nWith kind regards.` },
    );
    const call = `approveDecisionLetter(letterId: "${letter.id}", version: ${edited.version})`;
    await doneSo(clinic.the('surgeon'), call, LETTER);
  }
  return [patientEmail, gp.email, referrer.email];
}

async function draft(
  clinician: SignedInClient,
  decisionId: string,
  to: string,
): Promise<Made & { readonly text: string }> {
  return doneSo(clinician, `draftDecisionLetter(decisionId: "${decisionId}", to: ${to})`, LETTER);
}

/** What is done next, as an action of the decision that is started at once: the id of the treatment that it became. */
export async function startBlock(
  clinic: TeamClinic,
  decisionId: string,
  { findingId, ...target }: { structure: string; level: string; side: string; findingId: string },
): Promise<string> {
  const clinician = clinic.the('clinician');
  const action = await done(
    clinician,
    { verb: 'addDecisionAction', wanted: 'DecisionAction { id version }' },
    {
      ...{ decisionId, kind: 'TREATMENT_REQUEST', what: 'Medial branch block' },
      ...{ ownerId: clinician.accountId, dueOn: clinic.today(10) },
    },
  );
  const started = await done<Made & { becameOf: { id: string; kind: string; state: string } }>(
    clinician,
    {
      verb: 'startDecisionAction',
      wanted: 'DecisionAction { id version status becameOf { id kind state } }',
    },
    {
      ...{ actionId: action.id, version: action.version },
      treatment: {
        ...{ kind: 'MEDIAL_BRANCH_BLOCK', targets: [{ ...target, findingId }], conservativeWeeks: 16 },
        because: 'To find out whether that joint is the source.',
        ...{ indication: 'Chronic low back pain.', alternatives: 'Exercise; waiting; doing nothing.' },
      },
    },
  );
  return started.becameOf.id;
}

export interface Decided {
  readonly decisionId: string;
  readonly treatmentId: string;
  readonly told: readonly string[];
}

/** From the signed decision to the treatment that was asked for, with every letter on its way. */
export async function carryOut(
  clinic: TeamClinic,
  scanned: Scanned,
  decisionId: string,
  target: { structure: 'FACET'; level: string; side: string },
): Promise<Decided> {
  await agree(clinic, decisionId);
  const told = await sendLetters(clinic, decisionId, scanned.email);
  const findingId = scanned.findingIds[`${target.level} ${target.side}`] ?? '';
  return { decisionId, told, treatmentId: await startBlock(clinic, decisionId, { ...target, findingId }) };
}
