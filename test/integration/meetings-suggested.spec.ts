import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { StaffActor } from '../../src/clinic/audit/audit.type.js';
import type { CaseProposal } from '../../src/clinic/meetings/case-proposal.type.js';
import { Database } from '../../src/platform/database/database.service.js';
import type { CaseProposalStatus } from '../../src/platform/database/generated/enums.js';
import { isRefusal } from '../../src/platform/refusal/refusal.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { FixedClock } from '../support/fixed-clock.js';
import { makeMember } from '../support/meetings.factory.js';
import {
  aContent,
  aFinding,
  makeDraft,
  makeReport,
  makeReporter,
  mustBe,
} from '../support/reports.factory.js';
import { entryOf, makeDiary, say } from '../support/responses.factory.js';
import { makeScan } from '../support/scans-to-report.factory.js';
import { suggestionsOn } from '../support/team-suggestions.factory.js';
import {
  asBooker,
  aTarget,
  makeOperator,
  makeSubject,
  publishProcedureWording,
  type Subject,
} from '../support/treatments.factory.js';

// What was found and what did not help comes to the team by itself, once for each source, and goes when it was put right.

const NOW = '2027-03-02T09:00:00Z';
const AT_ONCE = 50;
const clock = new FixedClock(NOW);
let home: TestDatabase;
let database: Database;
let rooms: ReturnType<typeof suggestionsOn>;
let ada: StaffActor;
let reporter: StaffActor;
let member: StaffActor;
let subject: Subject;

beforeAll(async () => {
  home = await createTestDatabase();
  database = new Database(home.url);
  rooms = suggestionsOn(database, clock);
  [ada, reporter, member] = await Promise.all([
    makeOperator(database),
    makeReporter(database),
    makeMember(database, 'PAIN_MEDICINE'),
  ]);
  await publishProcedureWording(rooms.responses.rooms);
});
beforeEach(async () => {
  clock.set(NOW);
  subject = await makeSubject(rooms.responses.rooms);
});
afterAll(async () => {
  await database.close();
  await home.drop();
});

/** The patient's proposals, the oldest first. */
async function proposals(): Promise<readonly CaseProposal[]> {
  const all = async (status: CaseProposalStatus) =>
    (await rooms.proposals.caseProposals(member, status, { size: 100 })).items;
  const found = await Promise.all((['OPEN', 'ACCEPTED', 'DISMISSED', 'WITHDRAWN'] as const).map(all));
  return found
    .flat()
    .filter(({ patientId }) => patientId === subject.patientId)
    .toSorted((a, b) => (a.id < b.id ? -1 : 1));
}
const statuses = async () => (await proposals()).map(({ status }) => status);

/** Hands on what was posted of this topic about the patient, as often as it is asked for and in the order asked for. */
async function handOn(topic: 'response.judged' | 'report.for-team', times = 1): Promise<void> {
  const messages = await database.client.outboxMessage.findMany({ where: { topic }, orderBy: { id: 'asc' } });
  for (const { subjectId } of messages) {
    for (let time = 0; time < times; time += 1) {
      await (topic === 'response.judged'
        ? rooms.suggestions.afterResponse(subjectId)
        : rooms.suggestions.afterReport(subjectId));
    }
  }
}

/** A block with 8 before it, and this figure at each of the points that judge. */
async function blocked(after: number): Promise<string> {
  const { treatmentId } = await makeDiary(rooms.responses, ada, subject, 8);
  for (const point of ['M30', 'H4', 'H24'] as const)
    await say(rooms.responses, ada, treatmentId, point, after);
  return treatmentId;
}

async function putRight(treatmentId: string, total: number): Promise<void> {
  const diary = await rooms.responses.records.mustHave(database.client, treatmentId);
  const scoreId = entryOf(diary, 'H4').scoreId ?? '';
  mustBe(
    await rooms.responses.rooms.scores.correctScore(asBooker(ada), {
      ...{ scoreId, answers: [{ item: 1, marked: [total] }], reason: 'Read wrongly.' },
    }),
  );
}

describe('a treatment that did not help', () => {
  it('comes back to the team once, with what it came to, however often it is told', async () => {
    const treatmentId = await blocked(7);
    await handOn('response.judged', 3);
    const [proposal, ...others] = await proposals();
    expect(others).toEqual([]);
    expect(proposal).toMatchObject({
      ...{ kind: 'FAILED_TREATMENT', sourceId: treatmentId, status: 'OPEN', proposedById: null },
      because: expect.stringMatching(
        /^Medial branch block \(.+\): negative response, 12\.5 per cent relief\. /,
      ),
    });
    const { judgement } = await rooms.responses.records.mustHave(database.client, treatmentId);
    expect(proposal?.groundId).toBe(judgement?.id);
    const [audit] = await database.client.auditEntry.findMany({
      where: { action: 'case-proposal.made', subjectId: proposal?.id ?? '' },
    });
    expect(audit).toMatchObject({ actorKind: 'SYSTEM', actorLabel: 'response.judged' });
    expect(JSON.stringify(audit)).not.toContain('negative');
  });

  it('names the next candidate where the map has one', async () => {
    const scan = await makeScan(database, clock, { patientId: subject.patientId });
    const findings = [
      aFinding({ level: 'L4_L5', side: 'LEFT', uptake: 'INTENSE' }),
      aFinding({ level: 'L5_S1', side: 'LEFT', uptake: 'MILD' }),
    ];
    await makeReport(rooms.reports, reporter, scan.id, aContent({ findings }));
    await blocked(8);
    await handOn('response.judged');
    expect((await proposals()).at(-1)?.because).toContain(
      'negative response, 0 per cent relief. Next candidate: L5/S1 facet joint, left, mild uptake.',
    );
  });

  it('of fifty that tell it at once one makes the proposal', async () => {
    const treatmentId = await blocked(7);
    const { judgement } = await rooms.responses.records.mustHave(database.client, treatmentId);
    await Promise.all(
      Array.from({ length: AT_ONCE }, () => rooms.suggestions.afterResponse(judgement?.id ?? '')),
    );
    expect(await statuses()).toEqual(['OPEN']);
  });

  it('stays away when it helped, and the open proposal goes when the figure is put right', async () => {
    const treatmentId = await blocked(7);
    await handOn('response.judged');
    await putRight(treatmentId, 2);
    await handOn('response.judged');
    expect(await proposals()).toMatchObject([
      {
        ...{ status: 'WITHDRAWN', settledById: null, dismissReason: null, caseId: null },
        withdrawReason: 'The response was judged again: positive response, 75 per cent relief.',
      },
    ]);
    const [withdrawn] = await proposals();
    const late = await rooms.proposals.acceptProposal(member, {
      proposalId: withdrawn?.id ?? '',
      question: 'What next?',
    });
    expect(isRefusal(late) ? late.code : 'done').toBe('CaseProposalAlreadySettled');
    await putRight(treatmentId, 8);
    await handOn('response.judged');
    expect(await statuses()).toEqual(['WITHDRAWN', 'OPEN']);
  });

  it('that a person has settled stays settled, and is proposed anew when it was judged otherwise since', async () => {
    const treatmentId = await blocked(7);
    await handOn('response.judged');
    const [open] = await proposals();
    mustBe(await rooms.proposals.dismissProposal(member, { proposalId: open?.id ?? '', reason: 'Known.' }));
    await handOn('response.judged');
    expect(await statuses()).toEqual(['DISMISSED']);
    await putRight(treatmentId, 2);
    await handOn('response.judged');
    expect(await statuses()).toEqual(['DISMISSED']);
    await putRight(treatmentId, 8);
    await handOn('response.judged', 2);
    expect(await statuses()).toEqual(['DISMISSED', 'OPEN']);
  });

  it('names the places that were treated, and none that was left out', async () => {
    const places = [aTarget({ level: 'L4_L5' }), aTarget({ level: 'L5_S1' })];
    const left = [
      { position: 1, wasTreated: true, needle: '22G, 90 mm' },
      { position: 2, wasTreated: false, leftOutBecause: 'It hurt too much.' },
    ];
    const wish = { request: { targets: places }, given: { targets: left } };
    const { treatmentId } = await makeDiary(rooms.responses, ada, subject, 8, wish);
    for (const point of ['M30', 'H4', 'H24'] as const) await say(rooms.responses, ada, treatmentId, point, 8);
    await handOn('response.judged');
    const [proposal] = await proposals();
    expect(proposal?.because).toContain('L4/L5');
    expect(proposal?.because).not.toContain('L5/S1');
  });
});

describe('a final report', () => {
  it('comes to the team with what was found, once for each report', async () => {
    const scan = await makeScan(database, clock, { patientId: subject.patientId });
    const { id } = await makeReport(
      rooms.reports,
      reporter,
      scan.id,
      aContent({ findings: [aFinding({ level: 'L4_L5', side: 'LEFT', uptake: 'INTENSE' })] }),
    );
    await handOn('report.for-team', 3);
    expect(await proposals()).toMatchObject([
      {
        ...{ kind: 'FINDING', sourceId: id, status: 'OPEN', proposedById: null },
        because: expect.stringContaining('L4/L5 facet joint, left: intense uptake'),
      },
    ]);
  });

  it('that shows nothing, and one that is not final, do not', async () => {
    const [normal, cold, early] = [
      await makeScan(database, clock, { patientId: subject.patientId }),
      await makeScan(database, clock, { patientId: subject.patientId }),
      await makeScan(database, clock, { patientId: subject.patientId }),
    ];
    await makeReport(rooms.reports, reporter, normal.id, aContent({ findings: [], isNormal: true }));
    const findings = [aFinding({ uptake: 'NONE' })];
    await makeReport(rooms.reports, reporter, cold.id, aContent({ findings }));
    const draftVersion = await makeDraft(rooms.reports, reporter, early.id);
    const preliminary = { scanBookingId: early.id, draftVersion, as: 'PRELIMINARY' as const };
    mustBe(await rooms.reports.signing.signReport(reporter, preliminary));
    await handOn('report.for-team');
    expect(await proposals()).toEqual([]);
  });

  it('that is corrected takes its proposal along', async () => {
    const scan = await makeScan(database, clock, { patientId: subject.patientId });
    const of = { scanBookingId: scan.id, text: 'Read on the wrong side.' };
    await makeReport(rooms.reports, reporter, scan.id, aContent());
    await handOn('report.for-team');
    const other = aContent({ findings: [aFinding({ side: 'RIGHT' })] });
    mustBe(
      await rooms.reports.addenda.addReportAddendum(reporter, { ...of, seenVersion: 1, correction: other }),
    );
    await handOn('report.for-team');
    expect(await proposals()).toMatchObject([
      { status: 'WITHDRAWN', withdrawReason: 'The report was corrected.' },
      { status: 'OPEN', because: expect.stringContaining('right') },
    ]);
    const nothing = aContent({ findings: [], isNormal: true, conclusion: 'Nothing to be seen.' });
    mustBe(
      await rooms.reports.addenda.addReportAddendum(reporter, { ...of, seenVersion: 2, correction: nothing }),
    );
    await handOn('report.for-team');
    expect(await statuses()).toEqual(['WITHDRAWN', 'WITHDRAWN']);
  });
});

describe('a corrected report', () => {
  it('is proposed anew when somebody has settled what it said before', async () => {
    const scan = await makeScan(database, clock, { patientId: subject.patientId });
    await makeReport(rooms.reports, reporter, scan.id, aContent());
    await handOn('report.for-team');
    const [open] = await proposals();
    mustBe(await rooms.proposals.dismissProposal(member, { proposalId: open?.id ?? '', reason: 'Known.' }));
    await handOn('report.for-team');
    expect(await statuses()).toEqual(['DISMISSED']);
    const correction = aContent({ findings: [aFinding({ side: 'RIGHT' })] });
    const addendum = { scanBookingId: scan.id, text: 'Read on the wrong side.', seenVersion: 1, correction };
    mustBe(await rooms.reports.addenda.addReportAddendum(reporter, addendum));
    await handOn('report.for-team', 2);
    expect(await proposals()).toMatchObject([
      { status: 'DISMISSED' },
      { status: 'OPEN', because: expect.stringContaining('right') },
    ]);
  });
});

describe('a source of somebody else', () => {
  it('is refused, and keeps nobody from their own proposal', async () => {
    const other = await makeSubject(rooms.responses.rooms);
    const scan = await makeScan(database, clock, { patientId: subject.patientId });
    const { id: reportId } = await makeReport(rooms.reports, reporter, scan.id, aContent());
    const treatmentId = await blocked(7);
    const because = 'Asked.';
    for (const source of [
      { kind: 'FINDING', sourceId: reportId },
      { kind: 'FAILED_TREATMENT', sourceId: treatmentId },
      { kind: 'FAILED_TREATMENT', sourceId: reportId },
    ] as const) {
      const wish = { patientId: other.patientId, because, ...source };
      await expect(rooms.proposals.proposeForTeam(member, wish)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    }
    await handOn('report.for-team');
    await handOn('response.judged');
    expect(await statuses()).toEqual(['OPEN', 'OPEN']);
    const asked = { kind: 'REQUEST', sourceId: reportId, because } as const;
    for (const patientId of [other.patientId, subject.patientId])
      mustBe(await rooms.proposals.proposeForTeam(member, { ...asked, patientId }));
    expect(await statuses()).toEqual(['OPEN', 'OPEN', 'OPEN']);
  });
});

describe('a referral as a source', () => {
  it('is one of the patient, or none', async () => {
    const other = await makeSubject(rooms.responses.rooms);
    const wish = { patientId: subject.patientId, kind: 'REFERRAL', because: 'Asked.' } as const;
    for (const sourceId of [other.referralId, subject.patientId]) {
      await expect(rooms.proposals.proposeForTeam(member, { ...wish, sourceId })).rejects.toMatchObject({
        code: 'NOT_FOUND',
      });
    }
    mustBe(await rooms.proposals.proposeForTeam(member, { ...wish, sourceId: subject.referralId }));
    expect(await statuses()).toEqual(['OPEN']);
  });
});

describe('the database', () => {
  it('lets nobody withdraw what a person proposed, nor change a ground', async () => {
    const wish = { ...subject, kind: 'REFERRAL' as const, sourceId: subject.referralId, because: 'Asked.' };
    const own = mustBe(await rooms.proposals.proposeForTeam(member, wish));
    await blocked(7);
    await handOn('response.judged');
    const system = (await proposals()).find(({ groundId }) => groundId !== null);
    const sql = (text: string) => database.client.$executeRawUnsafe(text);
    await expect(
      sql(
        `UPDATE case_proposals SET status = 'WITHDRAWN', settled_at = now(), withdraw_reason = 'x' WHERE id = '${own.id}'`,
      ),
    ).rejects.toThrow('case_proposals_grounded');
    await expect(
      sql(`UPDATE case_proposals SET ground_id = gen_random_uuid() WHERE id = '${system?.id}'`),
    ).rejects.toThrow('settled once');
    await expect(
      sql(`INSERT INTO case_proposals (id, patient_id, kind, source_id, because, proposed_at, proposed_by_id)
           SELECT gen_random_uuid(), patient_id, kind, source_id, because, now(), '${member.id}' FROM case_proposals
            WHERE id = '${system?.id}'`),
    ).rejects.toThrow('case_proposals_one_open');
  });
});
