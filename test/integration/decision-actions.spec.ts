import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { CaseDecision } from '../../src/clinic/decisions/decision.type.js';
import type {
  DecisionAction,
  LetterRecipientInput,
  StartDecisionActionInput,
} from '../../src/clinic/decisions/decision-action.type.js';
import type { Booker } from '../../src/clinic/visits/booker.type.js';
import type { DecisionActionKind } from '../../src/platform/database/generated/enums.js';
import { isRefusal } from '../../src/platform/refusal/refusal.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import {
  answerWith,
  makeReferred,
  makeSignedDecision,
  openDecisions,
  type WholeDecisions,
} from '../support/decisions-whole.factory.js';
import { mustBe } from '../support/entitlements.factory.js';
import { FixedClock } from '../support/fixed-clock.js';
import { makeMember } from '../support/meetings.factory.js';
import { asBooker, aTarget } from '../support/treatment-inputs.factory.js';
import { BONE, makeProcedure } from '../support/vetting.factory.js';
import { makeVisitClinic, PHYSIO } from '../support/visits.factory.js';

// What is done because of a decision: who does it until when, what it makes in other rooms, and what became of that.

const NOW = '2026-03-23T09:00:00Z';
const AT_ONCE = 50;
const clock = new FixedClock(NOW);
let home: TestDatabase;
let room: WholeDecisions;

beforeAll(async () => {
  home = await createTestDatabase();
  room = await openDecisions(home.url, clock);
  await makeVisitClinic(room.database);
  await makeProcedure(room.database, BONE);
});
beforeEach(() => clock.set(NOW));
afterAll(async () => {
  await room.close();
  await home.drop();
});

const codeOf = (answer: unknown): string => (isRefusal(answer) ? answer.code : 'done');
const booker = (key: string | null = null): Booker => ({
  ...{ actor: room.chair, roles: ['CLINICIAN', 'RECEPTION'], idempotencyKey: key },
});
const PARTS: Readonly<Record<DecisionActionKind, Partial<StartDecisionActionInput>>> = {
  SCAN_REQUEST: { scan: { procedureCode: BONE, content: {}, asReferrer: false, asDraft: false } },
  TREATMENT_REQUEST: {
    treatment: {
      ...{ kind: 'MEDIAL_BRANCH_BLOCK', targets: [aTarget({ level: 'L4_L5', side: 'LEFT' })] },
      ...{ because: 'The team recommends it.', indication: 'Pain.', alternatives: 'Waiting.' },
    },
  },
  PHYSIOTHERAPY_SERIES: {
    visits: {
      ...{ visitTypeCode: PHYSIO, times: [], travelMinutes: 0, keepsStaff: false },
      ...{ wantsFreed: true, noticeHoursMin: 0 },
    },
  },
  LETTER: { letter: { audience: 'PATIENT' } },
  OTHER: {},
};
const add = async (
  decision: CaseDecision,
  kind: DecisionActionKind,
  dueOn: string,
  ownerId = room.chair.id,
) =>
  mustBe(
    await room.entries.addDecisionAction(booker(), {
      ...{ decisionId: decision.id, kind, what: 'Which joint is active?', ownerId, dueOn },
    }),
  );
const start = ({ id: actionId, version, kind }: DecisionAction, who = booker()) =>
  room.starts.startDecisionAction(who, { actionId, version, ...PARTS[kind] });
const load = async (action: DecisionAction): Promise<DecisionAction> => {
  const shown = (await room.actionRecords.ofDecisions([action.decisionId])).get(action.decisionId) ?? [];
  return shown.find(({ id }) => id === action.id) ?? action;
};
async function agreed(): Promise<CaseDecision> {
  const decision = await makeSignedDecision(room);
  await answerWith(room, room.chair, decision.id);
  return decision;
}
async function started(kind: DecisionActionKind): Promise<DecisionAction> {
  return mustBe(await start(await add(await agreed(), kind, '2026-04-20'))) as DecisionAction;
}
const personOf = ({ caseId }: CaseDecision) =>
  room.database.client.meetingCase.findUniqueOrThrow({
    where: { id: caseId },
    select: { patientId: true, referralId: true },
  });
const idOf = ({ becameOf }: DecisionAction): string => becameOf?.id ?? '';

describe('a letter to the referrer or the GP', () => {
  const entry = (parts: {
    readonly kind: 'GP' | 'CONSULTANT';
    readonly name: string;
    organisation?: string;
  }) =>
    room.database.client.referrer.create({
      data: { ...parts, registeredAt: new Date(NOW), registeredById: room.chair.id },
    });
  const draft = (decisionId: string, to: LetterRecipientInput) =>
    room.drafts.draftDecisionLetter(booker(), decisionId, to);

  it('goes to whoever the referral names, or to their practice, and to nobody else', async () => {
    const practice = { organisation: 'Harbour Spine' };
    const own = await entry({ kind: 'CONSULTANT', name: 'Benedict Shaw', ...practice });
    const colleague = await entry({
      kind: 'CONSULTANT',
      name: 'Cleo Marsh',
      organisation: ' harbour  SPINE ',
    });
    const stranger = await entry({ kind: 'CONSULTANT', name: 'Ines Moor', organisation: 'Elsewhere' });
    const referred = await makeReferred(room, { referrerId: own.id });
    const { id } = await makeSignedDecision(room, referred);
    const to = (recipientId: string) => draft(id, { audience: 'REFERRER', recipientId });
    await expect(to(stranger.id)).rejects.toThrow(/^recipientId: is neither/);
    const another = draft(id, { audience: 'REFERRER', recipientName: 'Dr Ines Moor' });
    await expect(another).rejects.toThrow(/^recipientName: the referral names/);
    const letter = mustBe(await draft(id, { audience: 'REFERRER' }));
    expect(letter).toMatchObject({ recipientId: own.id, recipientName: expect.stringContaining('Shaw') });
    mustBe(await room.letters.discardDecisionLetter(room.chair, letter.id, 0));
    expect(mustBe(await to(colleague.id))).toMatchObject({ recipientId: colleague.id });
  });

  it('goes to the name that stands in the referral when they are in no directory', async () => {
    const { id } = await makeSignedDecision(room);
    expect(mustBe(await draft(id, { audience: 'REFERRER' }))).toMatchObject({
      ...{ recipientId: null, recipientName: 'Dr Amrit Patel' },
    });
  });

  it('goes to no consultant as the GP', async () => {
    const { id } = await makeSignedDecision(room);
    const consultant = await entry({ kind: 'CONSULTANT', name: 'Benedict Shaw' });
    const gp = await entry({ kind: 'GP', name: 'Amelia Hart' });
    await expect(draft(id, { audience: 'GP', recipientId: consultant.id })).rejects.toThrow(/is not a GP/);
    expect(mustBe(await draft(id, { audience: 'GP', recipientId: gp.id }))).toMatchObject({
      recipientId: gp.id,
    });
  });
});

describe('an action by its id', () => {
  it('is found by whoever is told of it', async () => {
    const action = await add(await agreed(), 'OTHER', '2026-04-20');
    expect(await room.actionRecords.decisionAction(room.psychologist, action.id)).toEqual(action);
    const looked = { action: 'decision-actions.viewed', actorId: room.psychologist.id };
    expect(await room.database.client.auditEntry.count({ where: looked })).toBe(1);
    for (const id of [randomUUID(), 'nothing']) {
      await expect(room.actionRecords.decisionAction(room.chair, id)).rejects.toMatchObject({
        code: 'NOT_FOUND',
      });
    }
  });
});

describe('starting an action', () => {
  it('asks for a scan, and shows when that is withdrawn', async () => {
    const action = await started('SCAN_REQUEST');
    expect(action).toMatchObject({
      status: 'STARTED',
      becameOf: { kind: 'IMAGING_REQUEST', state: 'INCOMPLETE', visitStates: [], isSettled: false },
    });
    const request = await room.database.client.imagingRequest.findUniqueOrThrow({
      where: { id: idOf(action) },
    });
    expect(request).toMatchObject({ procedureCode: BONE, status: 'INCOMPLETE' });
    const { id: requestId } = request;
    mustBe(await room.scans.withdrawImagingRequest(room.chair, { requestId, reason: 'Not wanted.' }));
    expect((await load(action)).becameOf).toMatchObject({ state: 'WITHDRAWN', isSettled: true });
  });

  it('asks for a treatment of that joint on that side, and shows when it is declined', async () => {
    const action = await started('TREATMENT_REQUEST');
    expect(action.becameOf).toMatchObject({ kind: 'TREATMENT', state: 'REQUESTED', isSettled: false });
    const treatment = await room.database.client.treatment.findUniqueOrThrow({
      where: { id: idOf(action) },
      include: { targets: true },
    });
    expect(treatment).toMatchObject({
      ...{ origin: 'DECISION_ACTION', originId: action.id, patientId: action.patientId },
      targets: [{ structure: 'FACET', level: 'L4_L5', side: 'LEFT' }],
    });
    const { id: treatmentId, version } = treatment;
    mustBe(
      await room.treatments.declineTreatment(room.chair, { treatmentId, version, reason: 'Infection.' }),
    );
    expect((await load(action)).becameOf).toMatchObject({ state: 'DECLINED', isSettled: true });
  });

  it('puts the patient on the list for physiotherapy, and shows when that is closed', async () => {
    const action = await started('PHYSIOTHERAPY_SERIES');
    expect(action.becameOf).toMatchObject({ kind: 'VISIT_REQUEST', state: 'WAITING', isSettled: false });
    mustBe(await room.wishes.closeRequest(room.chair, { requestId: idOf(action), reason: 'Moved away.' }));
    expect((await load(action)).becameOf).toMatchObject({ state: 'CLOSED', isSettled: true });
  });

  it('drafts a letter, and shows when it is approved', async () => {
    const action = await started('LETTER');
    expect(action.becameOf).toMatchObject({ kind: 'DECISION_LETTER', state: 'DRAFT', isSettled: false });
    mustBe(await room.letters.approveDecisionLetter(room.chair, idOf(action), 0));
    expect((await load(action)).becameOf).toMatchObject({ state: 'APPROVED', isSettled: true });
  });

  it('is done by one of fifty, who make one thing', async () => {
    const action = await add(await agreed(), 'TREATMENT_REQUEST', '2026-04-20');
    const answers = await Promise.all(Array.from({ length: AT_ONCE }, () => start(action)));
    expect(answers.filter((answer) => !isRefusal(answer))).toHaveLength(1);
    expect(new Set(answers.filter(isRefusal).map(codeOf))).toEqual(new Set(['ActionStandsOtherwise']));
    expect(await room.database.client.treatment.count({ where: { originId: action.id } })).toBe(1);
  });

  it('waits until the patient has agreed', async () => {
    const decision = await makeSignedDecision(room);
    const action = await add(decision, 'TREATMENT_REQUEST', '2026-04-20');
    expect(await start(action)).toMatchObject({ code: 'PatientHasNotAgreed', choice: null });
    await answerWith(room, room.chair, decision.id, 'DECLINED');
    expect(await start(action)).toMatchObject({ code: 'PatientHasNotAgreed', choice: 'DECLINED' });
    await answerWith(room, room.chair, decision.id);
    expect(codeOf(await start(action))).toBe('done');
  });

  it('waits for what was added once the patient has chosen something else', async () => {
    const decision = await agreed();
    const before = await add(decision, 'TREATMENT_REQUEST', '2026-04-20');
    const said = { decisionId: decision.id, choice: 'OTHER_OPTION', chosen: 'Physiotherapy' } as const;
    clock.advance({ minutes: 1 });
    mustBe(
      await room.addenda.recordPatientDecision(booker(), {
        ...{ ...said, clinicianId: room.chair.id, decidedAt: clock.now(), notes: 'No needles.' },
      }),
    );
    expect(await start(before)).toMatchObject({ code: 'PatientHasNotAgreed', choice: 'OTHER_OPTION' });
    clock.advance({ minutes: 1 });
    expect(codeOf(await start(await add(decision, 'PHYSIOTHERAPY_SERIES', '2026-04-20')))).toBe('done');
  });

  it('is not done to the patient once the team has decided anew; what is no treatment is', async () => {
    const old = await agreed();
    const treatment = await add(old, 'TREATMENT_REQUEST', '2026-04-20');
    const call = await add(old, 'OTHER', '2026-04-20');
    const newer = await makeSignedDecision(room, await personOf(old));
    expect(await start(treatment)).toMatchObject({ code: 'DecisionSuperseded', byId: newer.id });
    expect(codeOf(await start(call))).toBe('done');
    expect(await room.database.client.treatment.count({ where: { originId: treatment.id } })).toBe(0);
  });

  it('leaves nothing when it is killed, or asked with the wrong part or without the permission', async () => {
    const action = await add(await agreed(), 'TREATMENT_REQUEST', '2026-04-20');
    const killed = room.database.transaction(async (tx) => {
      const { id: actionId, version } = action;
      mustBe(await room.starts.startIn(tx, booker(), { actionId, version, ...PARTS.TREATMENT_REQUEST }));
      throw new Error('killed');
    });
    await expect(killed).rejects.toThrow('killed');
    const { id: actionId, version } = action;
    await expect(
      room.starts.startDecisionAction(booker(), { actionId, version, ...PARTS.LETTER }),
    ).rejects.toThrow(/^letter: /);
    await expect(start(action, { ...booker(), roles: ['RECEPTION'] })).rejects.toThrow(/REQUEST_TREATMENT/);
    expect(await room.database.client.treatment.count({ where: { originId: action.id } })).toBe(0);
    expect(await load(action)).toEqual(action);
  });

  it('and adding one are done once for each key', async () => {
    const decision = await agreed();
    const who = booker(randomUUID());
    const wish = { decisionId: decision.id, kind: 'OTHER', what: 'Ring.', ownerId: room.chair.id } as const;
    const send = (dueOn: string) => room.entries.addDecisionAction(who, { ...wish, dueOn });
    const answers = await Promise.all([send('2026-04-20'), send('2026-04-20'), send('2026-04-20')]);
    expect(new Set(answers.map((answer) => mustBe(answer).id)).size).toBe(1);
    expect(codeOf(await send('2026-04-21'))).toBe('IdempotencyKeyReused');
    const action = mustBe(await send('2026-04-20')) as DecisionAction;
    expect(mustBe(await start(action, who))).toEqual(mustBe(await start(action, who)));
  });
});

describe('reminders', () => {
  /** When the owner is told, from the day that it is added until it is settled. */
  async function tellings(dueOn: string, from: string, count: number): Promise<readonly string[]> {
    clock.set(NOW);
    const decision = await agreed();
    clock.set(from);
    const action = await add(decision, 'OTHER', dueOn);
    const told: string[] = [];
    for (let nr = 0; nr < count; nr += 1) {
      const next = await room.reminders.remind(action.id);
      if (next === null) break;
      clock.set(next);
      const again = await room.reminders.remind(action.id);
      const posted = await room.database.client.outboxMessage.findFirstOrThrow({
        where: { subjectId: action.id, topic: { in: ['action.due', 'action.overdue'] }, version: nr + 1 },
      });
      told.push(`${posted.topic} ${next.toString()}`);
      if (again === null) break;
    }
    const { id: actionId, version } = await load(action);
    mustBe(await room.actions.completeDecisionAction(room.chair, { actionId, version, note: 'Done.' }));
    expect(await room.reminders.remind(action.id)).toBeNull();
    return told;
  }

  it('come two days before, the day after, and every two days, at eight, also when the clocks go forward', async () => {
    expect(await tellings('2026-03-30', '2026-03-25T09:00:00Z', 3)).toEqual([
      'action.due 2026-03-28T08:00:00Z',
      'action.overdue 2026-03-31T07:00:00Z',
      'action.overdue 2026-04-02T07:00:00Z',
    ]);
  });

  it('and back', async () => {
    expect(await tellings('2026-10-26', '2026-10-20T09:00:00Z', 3)).toEqual([
      'action.due 2026-10-24T07:00:00Z',
      'action.overdue 2026-10-27T08:00:00Z',
      'action.overdue 2026-10-29T08:00:00Z',
    ]);
  });

  it('come anew to a new owner and for a new day, and never to nobody', async () => {
    const action = await add(await agreed(), 'OTHER', '2026-03-27');
    clock.set('2026-04-01T09:00:00Z');
    expect((await room.reminders.remind(action.id))?.toString()).toBe('2026-04-03T07:00:00Z');
    const { id: actionId, version } = await load(action);
    const other = await makeMember(room.database, 'NURSING');
    const change = { actionId, version, ownerId: other.id, dueOn: '2026-03-27' };
    expect(mustBe(await room.actions.changeDecisionAction(room.chair, change))).toMatchObject({
      ...{ ownerId: other.id, remindersCount: 1, remindedAt: null, isOverdue: true },
    });
    expect(codeOf(await room.actions.changeDecisionAction(room.chair, change))).toBe('ActionChanged');
    expect((await room.reminders.remind(action.id))?.toString()).toBe('2026-04-03T07:00:00Z');
    const later = { actionId, version: version + 1, ownerId: other.id, dueOn: '2026-04-30' };
    mustBe(await room.actions.changeDecisionAction(room.chair, later));
    expect((await room.reminders.remind(action.id))?.toString()).toBe('2026-04-28T07:00:00Z');
    const past = { ...later, version: version + 2, dueOn: '2026-03-01' };
    await expect(room.actions.changeDecisionAction(room.chair, past)).rejects.toThrow(/dueOn/);
    await expect(
      room.actions.changeDecisionAction(room.chair, { ...past, dueOn: '2026-04-30', ownerId: randomUUID() }),
    ).rejects.toThrow(/staff account/);
  });

  it('come when a dated policy says, and an action keeps the one that it was given under', async () => {
    const decision = await agreed();
    const kept = await add(decision, 'OTHER', '2026-05-20');
    const row = {
      remindDaysBefore: 7,
      overdueEveryDays: 5,
      effectiveFrom: '2026-03-25',
      source: 'The manager.',
    };
    clock.set('2026-03-25T09:00:00Z');
    expect(
      codeOf(await room.policies.setDecisionPolicy(room.chair, { ...row, effectiveFrom: '2026-03-24' })),
    ).toBe('DecisionPolicyInThePast');
    expect(mustBe(await room.policies.setDecisionPolicy(room.chair, row))).toMatchObject({
      setById: room.chair.id,
    });
    expect(codeOf(await room.policies.setDecisionPolicy(room.chair, row))).toBe('DecisionPolicyAlreadySet');
    expect((await room.policies.decisionPolicies()).map(({ source }) => source)).toHaveLength(2);
    const added = await add(decision, 'OTHER', '2026-05-20');
    expect((await room.reminders.remind(kept.id))?.toString()).toBe('2026-05-18T07:00:00Z');
    expect((await room.reminders.remind(added.id))?.toString()).toBe('2026-05-13T07:00:00Z');
  });
});

describe('the list', () => {
  it('of what is overdue has every one once, in pages, until it is settled', async () => {
    const decision = await agreed();
    const mine = await makeMember(room.database, 'NURSING');
    const made = await Promise.all(
      ['2026-03-26', '2026-03-25', '2026-03-25', '2026-04-30'].map((day) =>
        add(decision, 'OTHER', day, mine.id),
      ),
    );
    clock.set('2026-03-27T00:30:00Z');
    const filter = { ownerId: mine.id, isOverdue: true };
    const pages: string[][] = [];
    for (let after: string | null | undefined; after !== null; ) {
      const page = await room.actionRecords.decisionActions(room.chair, filter, {
        size: 2,
        after: after ?? null,
      });
      pages.push(page.items.map(({ dueOn }) => dueOn));
      after = page.nextCursor;
    }
    expect(pages).toEqual([['2026-03-25', '2026-03-25'], ['2026-03-26']]);
    const [first] = made;
    if (first === undefined) throw new Error('none was made');
    const { id: actionId, version } = first;
    mustBe(await room.actions.cancelDecisionAction(room.chair, { actionId, version, note: 'Not wanted.' }));
    const left = await room.actionRecords.decisionActions(asBooker(room.chair).actor, filter, { size: 50 });
    expect(left.items.map(({ dueOn }) => dueOn)).toEqual(['2026-03-25', '2026-03-25']);
  });
});
