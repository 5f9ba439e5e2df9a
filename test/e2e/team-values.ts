import { SystemClock } from '../../src/platform/time/index.js';
import { aDecision, type Sitting } from './decisions.js';
import type { Values } from './operations.js';
import type { Treated } from './responses.js';

// What the operations of the team and its treatments ask, so that what is strange about a request is the one value that
// is meant to be strange.

/** What there is of the team's rooms, by what it is. */
export interface TeamMade {
  readonly person: { readonly patientId: string; readonly referralId: string };
  readonly clinicianId: string;
  readonly colleagueId: string;
  readonly scanBookingId: string;
  readonly outcomeScore: string;
  readonly riskTask: string;
  /** A treatment that is only asked for. */
  readonly treatmentId: string;
  /** Another one, to be put an end to. */
  readonly unwantedTreatmentId: string;
  readonly treated: Treated;
  readonly meetingId: string;
  readonly caseId: string;
  readonly seriesId: string;
  readonly caseProposalId: string;
  readonly sitting: Sitting;
  readonly disciplineId: string;
}

const input = (fields: Readonly<Record<string, unknown>>): Values =>
  Object.fromEntries(Object.entries(fields).map(([name, value]) => [`input.${name}`, value]));

const FAR = { effectiveFrom: '2199-01-01', source: 'A test.' };
const PLACE = {
  'input.targets.structure': 'FACET',
  'input.targets.level': 'L4_L5',
  'input.targets.side': 'LEFT',
  'input.targets.findingId': null,
};

function ofOutcomes({ person, outcomeScore, riskTask }: TeamMade, now: string) {
  const task = { riskTaskId: riskTask, ...input({ riskTaskId: riskTask }) };
  const score = input({ scoreId: outcomeScore, takenAt: now, period: null });
  const item = { 'input.answers.item': 9, 'input.answers.marked': [1] };
  return {
    instrumentWording: { language: 'cy-GB' },
    ...{ claimRiskTask: task, closeRiskTask: task, noteRiskTask: task, releaseRiskTask: task },
    recordScore: {
      ...input({ patientId: person.patientId, takenAt: now, language: 'cy-GB' }),
      ...item,
      'input.answers.item': 1,
    },
    correctScore: { ...score, ...item },
    voidScore: score,
    setRiskTaskPolicy: input({ ...FAR, claimWithinMinutes: 60, closeWithinMinutes: 120, repeatMinutes: 60 }),
    enterInstrumentWording: input({ language: 'cy-GB', validFrom: '2199-01-01', validUntil: '2199-12-31' }),
  };
}

function ofTreatments(
  { person, treatmentId, unwantedTreatmentId, treated, clinicianId }: TeamMade,
  now: string,
) {
  const asked = input({ treatmentId, version: 0 });
  const unwanted = input({ treatmentId: unwantedTreatmentId, version: 0 });
  const given = {
    ...input({ treatmentId: treated.treatmentId, version: treated.version, operatorId: clinicianId }),
    ...input({ guidance: 'ULTRASOUND', finishedAt: now, observedUntil: now, abandonedBecause: null }),
    ...input({ ctDlpMgyCm: null, doseAreaProductGyCm2: null, fluoroscopySeconds: null }),
    'input.agents.agentCode': 'LIDOCAINE',
    'input.agents.expiresOn': '2099-12-31',
    'input.targets.leftOutBecause': null,
    'input.targets.electrode': null,
    'input.targets.lesionSeconds': null,
    'input.targets.lesionsCount': null,
    'input.targets.temperatureC': null,
  };
  return {
    requestTreatment: {
      ...input({ ...person, kind: 'SACRO_ILIAC_INJECTION', payerCode: 'BUPA', otherName: null }),
      ...PLACE,
    },
    planTreatment: {
      ...{ ...asked, ...PLACE, 'input.guidance': 'ULTRASOUND', 'input.agents.agentCode': 'LIDOCAINE' },
      ...input({ justification: null, replanBecause: null }),
      'input.aspects': ['ANTICOAGULANT', 'ALLERGY', 'INFECTION'].map((aspect) => ({
        ...{ aspect, finding: 'NO_CONCERN' },
      })),
    },
    bookTreatment: asked,
    cancelTreatment: unwanted,
    declineTreatment: unwanted,
    startTreatment: asked,
    recordSafetyPause: {
      ...input({ treatmentId, planVersion: 1, heldAt: now, presentIds: [clinicianId] }),
      'input.answers.aspect': 'ALLERGY',
      'input.readings.places.level': 'L4_L5',
    },
    recordTreatmentGiven: given,
    correctTreatmentRecord: given,
    addComplication: input({
      treatmentId: treated.treatmentId,
      happenedAt: now,
      replacesId: null,
      replaceReason: null,
    }),
    setTreatmentPolicy: input({
      ...FAR,
      kind: 'SACRO_ILIAC_INJECTION',
      blockKind: 'MEDIAL_BRANCH_BLOCK',
      payerCode: 'BUPA',
    }),
    setTreatmentAgent: input({ ...FAR, code: 'TRIAMCINOLONE', kind: 'STEROID' }),
  };
}

function ofResponses({ person, treated }: TeamMade, now: string) {
  const entry = input({ entryId: treated.entryId, version: treated.entryVersion });
  const proposal = input({ proposalId: treated.proposalId, version: 0 });
  return {
    painSourceMap: { patientId: person.patientId },
    clinicLearning: { kind: 'MEDIAL_BRANCH_BLOCK' },
    clinicLearningCsv: { kind: 'MEDIAL_BRANCH_BLOCK' },
    recordDiaryEntry: { ...entry, 'input.takenAt': now },
    missDiaryEntry: entry,
    takeProposal: proposal,
    declineProposal: proposal,
    setDiaryPolicy: {
      ...input({ ...FAR, judgedPoints: ['W1'], proposedKind: null, negativePercentBelow: 1 }),
      'input.points': ['BEFORE', 'W1'].map((point) => ({ point, earlyMinutes: 1, lateMinutes: 1 })),
    },
    setLearningPolicy: input({ ...FAR, minimumCount: 5 }),
  };
}

function ofNotes({ person, colleagueId }: TeamMade, today: string) {
  return {
    keepNoteDraft: {
      ...input({ noteId: null, sectionId: null, discipline: 'NURSING', baseVersion: 0 }),
      'input.note.patientId': person.patientId,
      'input.note.referralId': person.referralId,
      'input.note.meetingCaseId': null,
      'input.note.happenedOn': today,
    },
    shareNote: input({ staffId: colleagueId, patientAgreedOn: today }),
    setNotePolicy: input({ ...FAR, lockAfterHours: 24 }),
  };
}

function ofMeetings({ person, sitting, clinicianId, ...made }: TeamMade, now: string) {
  const asked = input({ caseId: made.caseId, version: 0 });
  const people = input({ presenterId: clinicianId, knowsPatientId: clinicianId });
  const term = input({ ...FAR, chairId: clinicianId, durationMinutes: 60, startsAtTime: '13:00' });
  const proposal = input({ proposalId: made.caseProposalId });
  const series = input({ seriesId: made.seriesId });
  const absences = { seriesId: made.seriesId, from: '2026-01-01', until: '2026-12-31' };
  return {
    meetingAbsences: absences,
    memberAbsences: absences,
    acceptProposal: proposal,
    dismissProposal: proposal,
    proposeForTeam: input({ ...person, sourceId: person.referralId }),
    proposeCase: { ...input(person), ...people, 'input.sources.sourceId': person.referralId },
    prepareCase: { ...asked, ...people },
    writeCaseProforma: asked,
    showToTeam: {
      ...asked,
      ...input({ kind: 'SCAN_REPORT', shownId: made.scanBookingId, studyInstanceUid: null }),
    },
    listCase: { ...asked, ...input({ meetingId: made.meetingId, lateUrgency: null, lateReason: null }) },
    deferCase: asked,
    withdrawCase: asked,
    planMeeting: input({ startsAt: '2100-02-02T10:00:00Z', chairId: clinicianId, durationMinutes: 60 }),
    cancelMeeting: input({ meetingId: made.meetingId }),
    recordAttendance: input({ meetingId: sitting.meetingId, staffId: null, joinedAt: now }),
    recordLeaving: input({ attendanceId: sitting.attendanceId, leftAt: now }),
    beginMeetingSeries: term,
    changeMeetingSeries: { ...term, ...series },
    endMeetingSeries: { ...series, 'input.on': '2199-12-01' },
    planSeries: series,
  };
}

function ofDecisions({ sitting, clinicianId, colleagueId }: TeamMade, now: string) {
  const { caseId, decisionId, actionId, letterId } = sitting;
  const letter = { letterId, version: 0, ...input({ letterId, version: 0 }) };
  const action = input({ actionId, version: 0, ownerId: clinicianId, dueOn: '2199-12-01' });
  const { options, codes, evidence, dissent, ...words } = aDecision(caseId, colleagueId);
  return {
    typeDecision: { ...input(words), 'input.reason': null },
    checkDecision: input({ decisionId, version: 1, fingerprint: 'a'.repeat(64) }),
    signOffDecision: input({ decisionId, version: 1, fingerprint: 'a'.repeat(64) }),
    addDecisionAddendum: input({ decisionId }),
    recordPatientDecision: {
      ...input({ decisionId, choice: 'OTHER_OPTION', decidedAt: now, clinicianId }),
    },
    draftDecisionLetter: { decisionId, 'to.audience': 'GP', 'to.recipientId': null },
    rewordDecisionLetter: letter,
    approveDecisionLetter: letter,
    discardDecisionLetter: letter,
    addDecisionAction: input({ decisionId, ownerId: clinicianId, dueOn: '2199-12-01' }),
    changeDecisionAction: action,
    startDecisionAction: { ...action, ...input({ scan: null, treatment: null, visits: null, letter: null }) },
    setDecisionPolicy: input({ ...FAR, remindDaysBefore: 2, overdueEveryDays: 2 }),
    completeDecisionAction: action,
    cancelDecisionAction: action,
  };
}

/** By the name of the operation. */
export function teamValues(made: TeamMade): Readonly<Record<string, Values>> {
  const now = new SystemClock().now();
  const [at, today] = [now.toString(), now.toString().slice(0, 10)];
  return {
    ...ofOutcomes(made, at),
    ...ofTreatments(made, at),
    ...ofResponses(made, at),
    ...ofNotes(made, today),
    ...ofMeetings(made, at),
    ...ofDecisions(made, at),
    endStaffDiscipline: { 'input.id': made.disciplineId, 'input.on': '2199-12-01' },
    recordStaffDiscipline: input({
      ...{ staffId: made.colleagueId, effectiveFrom: '2199-01-01' },
      registrationNumber: '7654321',
    }),
    signNote: { 'input.fingerprint': 'a'.repeat(64) },
    removeSecondFactor: input({ staffId: made.colleagueId }),
  };
}
