import type { StaffActor } from '../../src/clinic/audit/audit.type.js';
import type { Database } from '../../src/platform/database/database.service.js';
import { Temporal } from '../../src/platform/time/index.js';
import { aDecision, decisionsOn, makeDiscussed } from './decisions.factory.js';
import type { FixedClock } from './fixed-clock.js';
import { makeMember } from './meetings.factory.js';
import { makeDraft, makeLocked, notesOn } from './notes.factory.js';
import { aScore, outcomesOn, phq9 } from './outcomes.factory.js';
import { mustBe } from './reports.factory.js';
import { entryOf, makeDiary, responsesOn, say } from './responses.factory.js';
import { aGiven, asBooker, makeOperator, publishProcedureWording } from './treatments.factory.js';

/** The rooms of the team and of what it has done, built by hand on a test's database, with those who work in them. */
export async function teamRoomsOn(database: Database, clock: FixedClock) {
  const responses = responsesOn(database, clock);
  await publishProcedureWording(responses.rooms);
  return {
    ...{ database, clock, responses },
    outcomes: outcomesOn(database, clock),
    notes: notesOn(database, clock),
    decisions: decisionsOn(database, clock),
    operator: await makeOperator(database),
    chair: await makeMember(database, 'PAIN_MEDICINE'),
    psychologist: await makeMember(database, 'PSYCHOLOGY'),
  };
}

export type TeamRooms = Awaited<ReturnType<typeof teamRoomsOn>>;

export interface TeamSubject {
  readonly patientId: string;
  readonly referralId: string;
  /** Local day of the treatment, in winter. */
  readonly day: string;
  /** Stands in whatever is told of it in free words. */
  readonly word: string;
}

/** Asked, treated, asked again, written about, discussed, decided, and everything is settled. */
export async function treatAndDecide(rooms: TeamRooms, subject: TeamSubject): Promise<void> {
  rooms.clock.set(`${subject.day}T08:00:00Z`);
  await answerRiskily(rooms, subject);
  await treat(rooms, subject);
  await writeNote(rooms, subject);
  await decide(rooms, subject);
}

async function answerRiskily({ outcomes, operator, clock }: TeamRooms, { patientId, word }: TeamSubject) {
  const said = aScore(patientId, clock.now(), { instrument: 'PHQ9', answers: phq9(1) });
  const { id: scoreId, riskTaskId } = mustBe(await outcomes.verbs.recordScore(asBooker(operator), said));
  const correction = { scoreId, answers: phq9(1, 2), reason: word };
  mustBe(await outcomes.verbs.correctScore(asBooker(operator), correction));
  mustBe(await outcomes.risk.claimRiskTask(operator, riskTaskId ?? ''));
  const note = { riskTaskId: riskTaskId ?? '', note: word };
  mustBe(await outcomes.risk.noteRiskTask(operator, note));
  mustBe(await outcomes.risk.closeRiskTask(operator, note));
}

/** A block that helped; the denervation that it proposes is not wanted. */
async function treat({ responses, operator, clock }: TeamRooms, { word, ...subject }: TeamSubject) {
  const wish = {
    request: { because: word, indication: word, alternatives: word },
    plan: { approach: word, anticoagulantPlan: word, proceedBecause: word, justification: word },
    given: { comment: word, advice: word },
  };
  const { treatmentId } = await makeDiary(responses, operator, subject, 8, wish);
  const { given, complications, records } = responses.rooms;
  const done = await records.mustHave(responses.database.client, treatmentId);
  mustBe(
    await given.correctTreatmentRecord(operator, {
      ...aGiven(done, clock.now(), { comment: word }),
      correctedBecause: word,
    }),
  );
  const bruise = { type: 'BLEEDING', severity: 'MILD', happenedAt: clock.now() } as const;
  const told = { treatmentId, ...bruise, description: word, actionTaken: word };
  mustBe(await complications.addComplication(asBooker(operator), told));
  for (const point of ['M30', 'H4', 'H24'] as const) await say(responses, operator, treatmentId, point, 2);
  const judged = await responses.records.mustHave(responses.database.client, treatmentId);
  for (const { id: proposalId, version } of judged.proposals) {
    mustBe(await responses.proposals.declineProposal(operator, { proposalId, version, reason: word }));
  }
  const { id: entryId, version } = entryOf(judged, 'W1');
  mustBe(await responses.diaries.missDiaryEntry(operator, { entryId, version, reason: word }));
}

async function writeNote({ notes, chair }: TeamRooms, { patientId, word }: TeamSubject) {
  const draft = await makeDraft(notes, chair, { note: { patientId, kind: 'TELEPHONE' } }, word);
  const { id: sectionId } = await makeLocked(notes, chair, draft);
  const added = { sectionId, kind: 'ADDITION', discipline: 'PAIN_MEDICINE', addendaSeen: 0 } as const;
  mustBe(await notes.addenda.addNoteAddendum(chair, { ...added, text: word }));
}

async function decide(rooms: TeamRooms, { patientId, day, word }: TeamSubject) {
  const { decisions, chair, psychologist } = rooms;
  const startsAt = Temporal.Instant.from(`${day}T13:00:00Z`).add({ hours: 48 });
  const { caseId } = await makeDiscussed(decisions, chair, psychologist, { patientId, startsAt });
  const words = { recommendation: word, dissent: [{ who: word, what: word }] };
  const typed = mustBe(
    await decisions.decisions.typeDecision(chair, aDecision(caseId, psychologist.id, words)),
  );
  const { id: decisionId, current } = typed;
  const seen = { decisionId, version: current.number, fingerprint: current.fingerprint };
  mustBe(await decisions.decisions.checkDecision(psychologist, seen));
  mustBe(await decisions.meetings.cases.endCase(chair, caseId));
  mustBe(await decisions.signing.signOffDecision(chair, seen));
  await follow(rooms, chair, decisionId, word);
}

/** What is written and done after the signature. */
async function follow({ decisions, clock }: TeamRooms, chair: StaffActor, decisionId: string, word: string) {
  const booker = asBooker(chair);
  mustBe(await decisions.addenda.addDecisionAddendum(booker, { decisionId, text: word }));
  const said = { decisionId, choice: 'DECLINED', decidedAt: clock.now(), clinicianId: chair.id } as const;
  mustBe(await decisions.addenda.recordPatientDecision(booker, { ...said, notes: word }));
  const dueOn = clock.now().toString().slice(0, 10);
  const act = { decisionId, kind: 'OTHER', what: word, ownerId: chair.id, dueOn } as const;
  const { id: actionId, version } = mustBe(await decisions.entries.addDecisionAction(booker, act));
  mustBe(await decisions.actions.completeDecisionAction(chair, { actionId, version, note: word }));
  const to = { audience: 'PATIENT' } as const;
  const letter = mustBe(await decisions.drafts.draftDecisionLetter(booker, decisionId, to));
  const edited = { letterId: letter.id, version: letter.version, text: word };
  const changed = mustBe(await decisions.letters.rewordDecisionLetter(chair, edited));
  mustBe(await decisions.letters.approveDecisionLetter(chair, letter.id, changed.version));
}
