import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LINKS_AFTER } from '../../src/clinic/audit/audit-chain.queries.js';
import { embeddedDatabaseUrl, facetHouse } from '../support/facet.js';
import { startSmtp, type TestSmtp } from '../support/smtp.js';
import { until } from '../support/until.js';
import { done, doneSo, refusedAs, refusedSo } from './asking.js';
import { chainProblem } from './audit-chain.js';
import {
  aPause,
  bookBlock,
  consentTo,
  diaryOf,
  giveTreatment,
  PAUSE,
  planBlock,
  START,
  sayAt,
  treatmentOf,
} from './team-block.js';
import { type Member, TeamClinic } from './team-clinic.js';
import {
  aRecommendation,
  CHECK,
  carryOut,
  type Decided,
  type DecisionSeen,
  read,
  SIGN_OFF,
  signOff,
  TYPE,
  typeAndCheck,
} from './team-decision.js';
import {
  beginCase,
  beginMeeting,
  comeIn,
  endCase,
  LIST,
  leave,
  listCase,
  planMeeting,
  prepareCase,
  proposalFor,
  sayPain,
  versionOf,
} from './team-meeting.js';
import { writeTogether } from './team-notes.js';
import {
  BEST_CANDIDATE,
  NEXT_CANDIDATE,
  painSourceMap,
  type Scanned,
  scannedPerson,
  standings,
} from './team-patient.js';
import { first } from './visits.js';

// The whole story, three times: a report, the team, a block, and what it proved. One patient has relief, one has none, and one
// has some of it.

const TEST_TIMEOUT_MS = 600_000;
const MEMBERS: readonly Member[] = ['clinician', 'surgeon', 'radiologist', 'physiotherapist', 'psychologist'];
const PEOPLE = {
  relief: { familyName: 'Ferrant', givenName: 'Ada', dateOfBirth: '1969-02-11' },
  none: { familyName: 'Quillan', givenName: 'Beth', dateOfBirth: '1971-09-23' },
  some: { familyName: 'Rushmere', givenName: 'Cleo', dateOfBirth: '1958-12-01' },
} as const;
type Who = keyof typeof PEOPLE;
const ALL = Object.keys(PEOPLE) as Who[];

const house = facetHouse();
let smtp: TestSmtp;
let clinic: TeamClinic;
let meetingId: string;
let denervationId: string;
const scanned = new Map<Who, Scanned>();
const cases = new Map<Who, string>();
const decided = new Map<Who, Decided>();

beforeAll(async () => {
  smtp = await startSmtp();
  clinic = await TeamClinic.open(house, { SMTP_URL: smtp.url });
}, TEST_TIMEOUT_MS);
afterAll(() => smtp?.stop());

function of<Value>(found: ReadonlyMap<Who, Value>, who: Who): Value {
  const value = found.get(who);
  if (value === undefined) throw new Error(`the story of ${who} has not come so far`);
  return value;
}

/** Letters that came to an address, by their subjects. */
const lettersTo = (address: string) =>
  smtp.accepted.filter(({ to }) => JSON.stringify(to ?? '').includes(address));

describe('a report that is signed', { timeout: TEST_TIMEOUT_MS }, () => {
  it('makes its joints suspects, and proposes its patient for the team', async () => {
    for (const who of ALL) {
      const person = await scannedPerson(clinic, PEOPLE[who]);
      scanned.set(who, person);
      expect(await standings(clinic, person.patientId)).toEqual({
        'L4_L5 LEFT': 'SUSPECTED',
        'L5_S1 RIGHT': 'SUSPECTED',
      });
      expect((await painSourceMap(clinic, person.patientId)).next).toMatchObject(BEST_CANDIDATE);
      const proposal = await proposalFor(clinic, person.patientId, 'FINDING');
      const question = 'Is the left facet joint of L4/L5 the source of the pain?';
      cases.set(who, await prepareCase(clinic, person, proposal.id, question));
    }
  });
});

describe('a meeting', { timeout: TEST_TIMEOUT_MS }, () => {
  it('closes its list a day before, and takes a late case for a reason', async () => {
    const startsAt = clinic.clock.now().add({ hours: 30 });
    meetingId = await planMeeting(clinic, startsAt.toString());
    await listCase(clinic, meetingId, of(cases, 'relief'));
    await listCase(clinic, meetingId, of(cases, 'none'));
    await clinic.goTo(startsAt.subtract({ hours: 20 }));
    const caseId = of(cases, 'some');
    const late = { caseId, meetingId, version: await versionOf(clinic, caseId) };
    expect(await refusedAs(clinic.the('clinician'), LIST, late)).toMatchObject({ code: 'AgendaClosed' });
    await listCase(clinic, meetingId, caseId, {
      ...{ lateUrgency: 'URGENT', lateReason: 'She cannot work, and the report came today.' },
    });
    await clinic.goTo(startsAt);
    await beginMeeting(clinic, meetingId, MEMBERS);
  });

  it('discusses each case: notes of five disciplines, a decision that is checked and signed, letters, a block', async () => {
    for (const who of ALL) {
      const person = of(scanned, who);
      const caseId = of(cases, who);
      await beginCase(clinic, caseId);
      const noteId = await writeTogether(clinic, MEMBERS, { ...person, caseId });
      expect(await readBy('surgeon', noteId)).toEqual([
        'As clinician: **agreed**.',
        'As physiotherapist: **agreed**.',
        'As radiologist: **agreed**.',
        'As surgeon: **agreed**.',
        'withheld: PSYCHOLOGY',
      ]);
      const words = aRecommendation(clinic, caseId, 'Medial branch block of L4/L5 on the left.');
      const checked = await typeAndCheck(clinic, words);
      expect(await refusedAs(clinic.the('clinician'), SIGN_OFF, read(checked))).toMatchObject({
        code: 'DiscussionNotOver',
      });
      await endCase(clinic, caseId);
      expect(await signOff(clinic, checked)).toMatchObject({ status: 'SIGNED' });
      decided.set(who, await carryOut(clinic, person, checked.id, BEST_CANDIDATE));
    }
  });

  it('tells patient, GP and referrer of each decision, once', async () => {
    const patients = ALL.map((who) => of(scanned, who).email);
    await until(() => patients.every((email) => lettersTo(email).some(isOfTeam)));
    for (const email of patients) {
      const [letter, ...more] = lettersTo(email).filter(isOfTeam);
      expect(more).toEqual([]);
      expect(letter?.text).toContain('Medial branch block of L4/L5 on the left.');
    }
    const [, gp, referrer] = of(decided, 'relief').told;
    for (const address of [gp, referrer]) {
      await until(() => lettersTo(address ?? '').filter(isOfTeam).length >= ALL.length);
      expect(lettersTo(address ?? '').filter(isOfTeam)).toHaveLength(ALL.length);
    }
    for (const who of ALL) {
      expect(await decisionLettersOf(of(scanned, who).patientId)).toEqual([
        'DECISION_TOLD_GP SENT',
        'DECISION_TOLD_PATIENT SENT',
        'DECISION_TOLD_REFERRER SENT',
      ]);
    }
  });

  it('is closed once, also when many close it', async () => {
    const close = `closeMeeting(meetingId: "${meetingId}")`;
    const answers = await Promise.all(
      Array.from({ length: 10 }, () =>
        clinic
          .the('clinician')
          .ask<{ closeMeeting: { __typename: string; code?: string } }>(
            `mutation { ${close} { __typename ... on Refusal { code message } } }`,
          ),
      ),
    );
    const said = answers.map(({ closeMeeting }) => closeMeeting.__typename).toSorted();
    expect(said).toEqual(['Meeting', ...Array.from({ length: 9 }, () => 'MeetingStandsOtherwise')]);
    expect(await refusedSo(clinic.the('surgeon'), close)).toBe('MeetingStandsOtherwise');
  });
});

/** What somebody reads in a note in which everybody wrote. */
async function readBy(member: Member, noteId: string): Promise<readonly string[]> {
  const { clinicalNote } = await clinic.the(member).ask<{
    clinicalNote: {
      sections: { discipline: string; isWithheld: boolean; content: { text: string } | null }[];
    };
  }>('query ($id: ID!) { clinicalNote(id: $id) { sections { discipline isWithheld content { text } } } }', {
    id: noteId,
  });
  return clinicalNote.sections
    .map(({ discipline, isWithheld, content }) =>
      isWithheld && content === null ? `withheld: ${discipline}` : (content?.text ?? ''),
    )
    .toSorted();
}

/** What became of each letter about a decision, as reception sees it. */
async function decisionLettersOf(patientId: string): Promise<readonly string[]> {
  const { letters } = await clinic
    .the('reception')
    .ask<{ letters: { items: { kind: string; status: string }[] } }>(
      'query ($patientId: ID!) { letters(filter: { patientId: $patientId }, page: { size: 100 }) { items { kind status } } }',
      { patientId },
    );
  return letters.items
    .filter(({ kind }) => kind.startsWith('DECISION_TOLD'))
    .map(({ kind, status }) => `${kind} ${status}`)
    .toSorted();
}

const isOfTeam = ({ text }: { readonly text?: string | undefined }): boolean =>
  text?.includes('With kind regards.') ?? false;

/** On the day of the visit: a wrong side stops everything, and the right one goes on. */
async function giveBlock(who: Who, treatmentId = of(decided, who).treatmentId): Promise<string> {
  const findingId = of(scanned, who).findingIds['L4_L5 LEFT'];
  const asked = await treatmentOf(clinic, treatmentId);
  expect(asked).toMatchObject({ status: 'REQUESTED', targets: [BEST_CANDIDATE] });
  await sayPain(clinic, asked.patientId, 8);
  await clinic.goTo(
    await bookBlock(clinic, await planBlock(clinic, asked, { ...BEST_CANDIDATE, findingId })),
  );
  const clinician = clinic.the('clinician');
  const planned = await treatmentOf(clinic, treatmentId);
  expect(await refusedAs(clinician, PAUSE, aPause(clinic, planned))).toMatchObject({
    code: 'ProcedureConsentMissing',
  });
  await consentTo(clinic, planned);
  const wrong = aPause(clinic, planned, { side: 'RIGHT' });
  expect(await refusedAs(clinician, PAUSE, wrong)).toMatchObject({ code: 'WrongSide' });
  const { version } = planned;
  expect(await refusedAs(clinician, START, { treatmentId, version })).toMatchObject({
    code: 'PauseTooLongAgo',
  });
  expect(await treatmentOf(clinic, treatmentId)).toMatchObject({ status: 'PLANNED' });
  await sayPain(clinic, planned.patientId, 8);
  expect(await giveTreatment(clinic, planned)).toMatchObject({ status: 'DONE' });
  return treatmentId;
}

/** What the patient says after half an hour, four hours and a day. */
async function sayAfterwards(treatmentId: string, figures: readonly [number, number, number]) {
  const [half, four, day] = figures;
  await sayAt(clinic, treatmentId, 'M30', half);
  await sayAt(clinic, treatmentId, 'H4', four);
  await sayAt(clinic, treatmentId, 'H24', day);
  return diaryOf(clinic, treatmentId);
}

describe('relief: 8 before, 2 after', { timeout: TEST_TIMEOUT_MS }, () => {
  let treatmentId: string;

  it('confirms the joint and proposes a denervation', async () => {
    treatmentId = await giveBlock('relief');
    const { patientId } = of(scanned, 'relief');
    expect(await standings(clinic, patientId)).toMatchObject({ 'L4_L5 LEFT': 'SUSPECTED' });
    // An anaesthetic wears off: the best figure judges.
    const diary = await sayAfterwards(treatmentId, [2, 3, 7]);
    expect(diary.judgement).toMatchObject({ verdict: 'POSITIVE', percentRelief: 75 });
    expect(await standings(clinic, patientId)).toEqual({
      'L4_L5 LEFT': 'CONFIRMED',
      'L5_S1 RIGHT': 'SUSPECTED',
    });
    expect(diary.proposals).toMatchObject([{ kind: 'RADIOFREQUENCY_DENERVATION', status: 'OPEN' }]);
  });

  it('leads to the denervation, for which every term is met', async () => {
    const asked = await treatmentOf(clinic, await takeProposal(treatmentId));
    expect(asked).toMatchObject({ kind: 'RADIOFREQUENCY_DENERVATION', targets: [BEST_CANDIDATE] });
    const findingId = of(scanned, 'relief').findingIds['L4_L5 LEFT'];
    const planned = await planBlock(clinic, asked, { ...BEST_CANDIDATE, findingId });
    const { criteria, ...whole } = await eligibilityOf(asked.id);
    expect(criteria.map(({ verdict }) => verdict)).toEqual(criteria.map(() => 'PASSED'));
    expect(criteria.map(({ fact }) => fact).join(' ')).toContain('relieved 75 %');
    expect(whole).toEqual({ isMet: true, mayGoOn: true });
    await clinic.goTo(await bookBlock(clinic, planned));
    await sayPain(clinic, planned.patientId, 8);
    await consentTo(clinic, planned);
    const lesion = { temperatureC: 80, lesionSeconds: 90, lesionsCount: 2 };
    const given = await giveTreatment(clinic, await treatmentOf(clinic, asked.id), lesion);
    expect(given).toMatchObject({ kind: 'RADIOFREQUENCY_DENERVATION', status: 'DONE' });
    denervationId = given.id;
  });
});

describe('no relief: 8 before, 8 after', { timeout: TEST_TIMEOUT_MS }, () => {
  it('excludes the joint, and brings the patient back with the next candidate', async () => {
    const { patientId } = of(scanned, 'none');
    const diary = await sayAfterwards(await giveBlock('none'), [8, 8, 8]);
    expect(diary).toMatchObject({ judgement: { verdict: 'NEGATIVE', percentRelief: 0 }, proposals: [] });
    expect(await standings(clinic, patientId)).toEqual({
      'L4_L5 LEFT': 'EXCLUDED',
      'L5_S1 RIGHT': 'SUSPECTED',
    });
    expect((await painSourceMap(clinic, patientId)).next).toMatchObject(NEXT_CANDIDATE);
    const { because } = await proposalFor(clinic, patientId, 'FAILED_TREATMENT');
    expect(because).toBe(
      'Medial branch block (L4/L5 facet joint, left): negative response, 0 per cent relief. Next candidate: L5/S1 facet joint, right, moderate uptake.',
    );
  });
});

describe('unclear: 8 before, 5 after', { timeout: TEST_TIMEOUT_MS }, () => {
  let before: string;
  const nothingProved = { 'L4_L5 LEFT': 'SUSPECTED', 'L5_S1 RIGHT': 'SUSPECTED' };

  it('proves nothing, and the block is repeated, as the clinic’s policy says', async () => {
    before = await giveBlock('some');
    expect(await sayAfterwards(before, [5, 6, 8])).toMatchObject({
      judgement: { verdict: 'PARTIAL', percentRelief: 37.5, followUp: 'REPEAT_BLOCK' },
      proposals: [{ kind: 'MEDIAL_BRANCH_BLOCK', status: 'OPEN' }],
    });
    expect(await standings(clinic, of(scanned, 'some').patientId)).toEqual(nothingProved);
  });

  it('goes back to the team when it is unclear again', async () => {
    const { patientId } = of(scanned, 'some');
    const again = await giveBlock('some', await takeProposal(before));
    expect(await sayAfterwards(again, [6, 5, 8])).toMatchObject({
      judgement: { verdict: 'PARTIAL', percentRelief: 37.5, followUp: 'BACK_TO_TEAM' },
      proposals: [],
    });
    expect(await standings(clinic, patientId)).toEqual(nothingProved);
    const { because } = await proposalFor(clinic, patientId, 'FAILED_TREATMENT');
    expect(because).toContain('partial response, 37.5 per cent relief');
  });
});

/** A clinician takes up what a response proposes: the treatment that is asked for. */
async function takeProposal(treatmentId: string): Promise<string> {
  const { id: proposalId, version } = first((await diaryOf(clinic, treatmentId)).proposals, 'proposal');
  const { takenTreatmentId } = await done<{ takenTreatmentId: string }>(
    clinic.the('clinician'),
    { verb: 'takeProposal', wanted: 'TreatmentProposal { id status takenTreatmentId }' },
    { proposalId, version, indication: 'What the block said.', alternatives: 'Exercise; waiting.' },
  );
  return takenTreatmentId;
}

describe('the next meeting', { timeout: TEST_TIMEOUT_MS }, () => {
  let again: string;
  let caseId: string;

  it('signs nothing without quorum but that nothing was decided', async () => {
    const person = of(scanned, 'none');
    const proposal = await proposalFor(clinic, person.patientId, 'FAILED_TREATMENT');
    caseId = await prepareCase(clinic, person, proposal.id, 'What next, now that L4/L5 is excluded?');
    const startsAt = clinic.clock.now().add({ hours: 30 });
    again = await planMeeting(clinic, startsAt.toString());
    await listCase(clinic, again, caseId);
    await clinic.goTo(startsAt);
    await beginMeeting(clinic, again, MEMBERS);
    await beginCase(clinic, caseId);
    await leave(clinic, again, 'radiologist');
    const words = aRecommendation(clinic, caseId, 'Medial branch block of L5/S1 on the right.');
    const checked = await typeAndCheck(clinic, words);
    await endCase(clinic, caseId);
    expect(await refusedAs(clinic.the('clinician'), SIGN_OFF, read(checked))).toMatchObject({
      ...{ code: 'QuorumMissing', missing: ['RADIOLOGY'] },
    });
    const none = {
      ...{ ...words, kind: 'NO_DECISION', recommendation: null, options: [], baseVersion: 1 },
      reason: 'The radiologist had to go.',
    };
    const nothing = await done<DecisionSeen>(clinic.the('clinician'), TYPE, none);
    const seen = await done<DecisionSeen>(clinic.the('surgeon'), CHECK, read(nothing));
    expect(await signOff(clinic, seen)).toMatchObject({ status: 'SIGNED', current: { kind: 'NO_DECISION' } });
    await doneSo(clinic.the('clinician'), `closeMeeting(meetingId: "${again}")`, 'Meeting { id }');
  });

  it('decides on the next candidate, whose block is asked for', async () => {
    const person = of(scanned, 'none');
    const { caseId: next, meetingId: third } = await broughtAgain(person);
    await beginMeeting(clinic, third, ['clinician', 'surgeon']);
    await comeIn(clinic, third, 'radiologist');
    await comeIn(clinic, third, 'physiotherapist');
    await beginCase(clinic, next);
    const words = aRecommendation(clinic, next, 'Medial branch block of L5/S1 on the right.');
    const checked = await typeAndCheck(clinic, words);
    await endCase(clinic, next);
    const { id: decisionId } = await signOff(clinic, checked);
    const { treatmentId } = await carryOut(clinic, person, decisionId, NEXT_CANDIDATE);
    expect(await treatmentOf(clinic, treatmentId)).toMatchObject({
      ...{ status: 'REQUESTED', kind: 'MEDIAL_BRANCH_BLOCK', targets: [NEXT_CANDIDATE] },
    });
  });
});

/** Nothing was decided: somebody asks for the case again, and it comes to the meeting after. */
async function broughtAgain(
  person: Scanned,
): Promise<{ readonly caseId: string; readonly meetingId: string }> {
  const { id: proposalId } = await done<{ id: string }>(
    clinic.the('physiotherapist'),
    { verb: 'proposeForTeam', wanted: 'CaseProposal { id }' },
    {
      ...{ patientId: person.patientId, referralId: person.referralId, kind: 'REQUEST' },
      ...{ sourceId: randomUUID(), because: 'Nothing was decided without a radiologist.' },
    },
  );
  const caseId = await prepareCase(clinic, person, proposalId, 'Is L5/S1 on the right the source?');
  const startsAt = clinic.clock.now().add({ hours: 30 });
  const meetingId = await planMeeting(clinic, startsAt.toString());
  await listCase(clinic, meetingId, caseId);
  await clinic.goTo(startsAt);
  return { caseId, meetingId };
}

describe('half a year later', { timeout: TEST_TIMEOUT_MS }, () => {
  it('the denervation is judged by what the patient said after three months, and the joint stays the cause', async () => {
    await sayAt(clinic, denervationId, 'W1', 6);
    await sayAt(clinic, denervationId, 'MO1', 4);
    await sayAt(clinic, denervationId, 'MO3', 2);
    await sayAt(clinic, denervationId, 'MO6', 3);
    const { judgement, entries } = await diaryOf(clinic, denervationId);
    expect(judgement).toMatchObject({ verdict: 'POSITIVE', percentRelief: 75, followUp: 'NONE' });
    expect(entries.map(({ point, total }) => `${point} ${total}`)).toEqual(
      expect.arrayContaining(['BEFORE 8', 'M30 null', 'W1 6', 'MO1 4', 'MO3 2', 'MO6 3']),
    );
    const { patientId } = of(scanned, 'relief');
    expect(await standings(clinic, patientId)).toMatchObject({ 'L4_L5 LEFT': 'CONFIRMED' });
  });
});

describe('at the end', () => {
  it('the clinic learns nothing of three patients that could be found again', async () => {
    const { clinicLearning } = await clinic
      .the('clinician')
      .ask<{ clinicLearning: object }>(
        '{ clinicLearning(kind: MEDIAL_BRANCH_BLOCK) { whole { key } predictiveValue { truePositives } } }',
      );
    expect(clinicLearning).toEqual({ whole: null, predictiveValue: null });
  });

  it('the audit record is whole', async () => {
    expect(await chainProblem(embeddedDatabaseUrl(clinic.service.home), LINKS_AFTER)).toBeNull();
  });
});

interface Eligibility {
  readonly isMet: boolean;
  readonly mayGoOn: boolean;
  readonly criteria: readonly { readonly verdict: string; readonly fact: string }[];
}

async function eligibilityOf(treatmentId: string): Promise<Eligibility> {
  const { treatmentEligibility } = await clinic
    .the('clinician')
    .ask<{ treatmentEligibility: Eligibility }>(
      'query ($id: ID!) { treatmentEligibility(treatmentId: $id) { isMet mayGoOn criteria { verdict fact } } }',
      { id: treatmentId },
    );
  return treatmentEligibility;
}
